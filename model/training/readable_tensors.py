"""Which tensors stand to be read at a position, and of which iteration they are."""

import numpy as np

from model.arrays import Array
from model.errors import StateError
from model.nn.backprop import Backprop
from model.nn.network import Architecture
from model.nn.operations import Operation, TensorName
from model.training.boundaries import Position


def standing(now: Backprop, before: Backprop, name: TensorName, position: Position) -> Array:
    """The buffer of a tensor: of the iteration under way, or else of the one before it.

    `StateError` where there is none or it was never computed.
    """
    iteration, operation = position
    at = _place_of(name, now.program)
    ahead = at is not None and at >= operation
    try:
        array = (before if ahead else now).tensor(name)
    except KeyError:
        raise StateError(f"There is no tensor {name}", _names(now)) from None
    if ahead and iteration == 0 and name.name not in ("W", "b"):
        raise StateError(f"{name} has not been computed yet", "make a step first")
    return array


def made_in(name: TensorName, program: tuple[Operation, ...], position: Position) -> int | None:
    """The iteration, from 0, that computed a tensor as it stands; None where none has."""
    iteration, operation = position
    at = _place_of(name, program)
    if at is None:
        return None
    made = iteration if at < operation else iteration - 1
    return made if made >= 0 else None


def overflowing(architecture: Architecture) -> TensorName | None:
    """The tensor that may overflow in a healthy run, if there is one.

    dZ of the output does not go through dA then.
    """
    return TensorName("dA", len(architecture.layers)) if architecture.fused else None


def first_nonfinite(bound: Backprop, operations: tuple[Operation, ...]) -> TensorName | None:
    """The first result of `operations` that is not finite and may not be."""
    harmless = overflowing(bound.network.architecture)
    for operation in operations:
        name = operation.result
        if name != harmless and not np.isfinite(bound.tensor(name)).all():
            return name
    return None


def _place_of(name: TensorName, program: tuple[Operation, ...]) -> int | None:
    return next((o.index for o in program if o.result == name), None)


def _names(bound: Backprop) -> str:
    names = sorted({operation.result.name for operation in bound.program} | {"X", "Y"})
    return f"there are {', '.join(names)}, the layers 1 to {len(bound.network.W)}"
