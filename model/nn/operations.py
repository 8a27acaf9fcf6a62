"""What one iteration does, operation by operation: ready-made descriptions, one set a network."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from model.nn.network import Architecture
    from model.nn.optimizers import Optimizer


class Phase(StrEnum):
    """The four parts of an iteration."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


class TensorName(NamedTuple):
    """A tensor by its ASCII name and layer; layer 0 for X, Y and J, which belong to none."""

    name: str
    layer: int = 0

    def __str__(self) -> str:
        symbol = self.name.replace("update_", "Δ")
        return f"{symbol}[{self.layer}]" if self.layer else symbol


@dataclass(frozen=True)
class Operation:
    """One elementary step: `result` is computed from `operands` as `formula` says.

    `index` counts from 0 within the iteration; `layer` is 0 for the loss.
    """

    index: int
    phase: Phase
    layer: int
    result: TensorName
    operands: tuple[TensorName, ...]
    formula: str


def program(architecture: "Architecture", optimizer: "Optimizer") -> tuple[Operation, ...]:
    """The operations of one iteration in their order."""
    lines = [
        *_forward(architecture),
        *_loss(architecture),
        *_backward(architecture),
        *_update(architecture, optimizer),
    ]
    return tuple(
        Operation(index, phase, layer, result, operands, f"{result} = {formula}")
        for index, (phase, layer, result, operands, formula) in enumerate(lines)
    )


_Line = tuple[Phase, int, TensorName, tuple[TensorName, ...], str]


def _input(layer: int) -> TensorName:
    """A[layer], which for layer 0 is X."""
    return TensorName("A", layer) if layer else TensorName("X")


def _forward(architecture: "Architecture") -> Iterator[_Line]:
    for l in architecture.layers:
        W, b, Z, A = (TensorName(name, l) for name in ("W", "b", "Z", "A"))
        before, g = _input(l - 1), architecture.activations[l - 1].short
        yield Phase.FORWARD, l, Z, (W, before, b), f"{W} {before} + {b}"
        yield Phase.FORWARD, l, A, (Z,), f"{g}({Z})"


def _loss(architecture: "Architecture") -> Iterator[_Line]:
    A, Y = TensorName("A", len(architecture.layers)), TensorName("Y")
    formula = f"mean {architecture.loss.short}({A}, {Y})"
    yield Phase.LOSS, 0, TensorName("J"), (A, Y), formula


def _backward(architecture: "Architecture") -> Iterator[_Line]:
    last = len(architecture.layers)
    for l in reversed(architecture.layers):
        Z, A, dA, dZ = (TensorName(name, l) for name in ("Z", "A", "dA", "dZ"))
        before, g = _input(l - 1), architecture.activations[l - 1].short
        above = (TensorName("W", l + 1), TensorName("dZ", l + 1))
        if l == last:
            source = TensorName(architecture.loss.source, l)
            yield Phase.BACKWARD, l, dA, (source, TensorName("Y")), f"∂J/∂{A}"
        else:
            yield Phase.BACKWARD, l, dA, above, f"{above[0]}ᵀ {above[1]}"
        if l == last and architecture.fused:
            yield Phase.BACKWARD, l, dZ, (A, TensorName("Y")), f"({A} − Y)/m"
        else:
            yield Phase.BACKWARD, l, dZ, (dA, Z), f"{dA} ⊙ {g}′({Z})"
        yield Phase.BACKWARD, l, TensorName("dW", l), (dZ, before), f"{dZ} {before}ᵀ"
        yield Phase.BACKWARD, l, TensorName("db", l), (dZ,), f"Σ {dZ}"


def _update(architecture: "Architecture", optimizer: "Optimizer") -> Iterator[_Line]:
    for l in architecture.layers:
        for name in ("W", "b"):
            gradient, update = TensorName(f"d{name}", l), TensorName(f"update_{name}", l)
            formula = optimizer.formula.format(TensorName(name, l))
            yield Phase.UPDATE, l, update, (gradient,), formula
        for name in ("W", "b"):
            parameter, update = TensorName(name, l), TensorName(f"update_{name}", l)
            yield Phase.UPDATE, l, parameter, (parameter, update), f"{parameter} + {update}"
