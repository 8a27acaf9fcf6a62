"""Where a non-finite number arose: the first tensor that holds one, what went in, and why."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from model.analysis.failure_causes import CAUSES, Edit, Evidence, Operands
from model.arrays import Array
from model.nn.operations import Operation, Phase, TensorName
from model.training.debug_views import Diagnosis

Lookup = Callable[[TensorName], Array]


def diagnose(
    program: tuple[Operation, ...],
    lookup: Lookup,
    lookup_before: Lookup,
    fused: bool,
    iteration: int,
    learning_rate: float | None = None,
    edit: Edit | None = None,
) -> Diagnosis | None:
    """The first operation of an iteration whose result is not finite; None where all are.

    `lookup` gives the tensors as the iteration left them, `lookup_before` its W and b as they were
    when it began. dA of a `fused` output is passed over: nothing is computed from it, and it may
    overflow in a healthy run. `iteration` counts from 0: it led to `iteration + 1` updates. `edit`
    is the largest change of weights that was made by hand.
    """
    for operation in program:
        if fused and operation.result == _head(program):
            continue
        result = _matrix(lookup(operation.result))
        broken = ~np.isfinite(result)
        if broken.any():
            row, column = map(int, np.argwhere(broken)[0])
            names = _names(operation, program)
            went_in = _operands(operation, names, lookup, lookup_before, row, column)
            found = Evidence(operation, result[row, column], went_in, learning_rate, edit)
            return _diagnosis(
                found, (row, column), _last_good(program, operation, lookup_before, iteration)
            )
    return None


_PARTS: Final[dict[str, Callable[[int, int], tuple[Any, ...]]]] = {
    "Z": lambda row, column: ((row, slice(None)), (slice(None), column), (row, [0])),
    "dA": lambda row, column: ((slice(None), row), (slice(None), column)),
    "dW": lambda row, column: ((row, slice(None)), (column, slice(None))),
    "db": lambda row, column: ((row, slice(None)),),
    "J": lambda row, column: ((), ()),
}
"""Which part of each operand an element is computed from; elsewhere it is the same element."""


def _names(operation: Operation, program: tuple[Operation, ...]) -> tuple[TensorName, ...]:
    """The operands; those of J as it is computed, which for cross-entropy is from Z."""
    computed = _head(program) if operation.result.name == "J" else operation.result
    return next(o.operands for o in program if o.result == computed)


def _operands(
    operation: Operation,
    names: tuple[TensorName, ...],
    lookup: Lookup,
    before: Lookup,
    row: int,
    column: int,
) -> Operands:
    """What went into one element; W and b as they were before the update."""
    elementwise = operation.result.name == "dA" and names[0].name != "W"
    parts = None if elementwise else _PARTS.get(operation.result.name)
    places = parts(row, column) if parts else ((row, column),) * len(names)
    arrays = (_matrix((before if n.name in ("W", "b") else lookup)(n)) for n in names)
    return tuple(
        (name, np.atleast_1d(array[place]))
        for name, array, place in zip(names, arrays, places, strict=True)
    )


def _diagnosis(evidence: Evidence, element: tuple[int, int], good: int) -> Diagnosis:
    cause = next(cause for cause in CAUSES if cause.applies(evidence))
    ends = tuple((name, float(a.min()), float(a.max())) for name, a in evidence.operands)
    value, sentence = float(evidence.value), cause.sentence(evidence)
    return Diagnosis(evidence.operation, element, value, ends, sentence, good)


def _last_good(
    program: tuple[Operation, ...], broken: Operation, before: Lookup, iteration: int
) -> int:
    """The last state whose own forward pass and loss are finite.

    That is the beginning of the iteration where only its gradient or update broke, and the one
    before where its weights, its outputs or its loss were beyond all numbers already.
    """
    names = [o.result for o in program if o.result.name in ("W", "b")]
    whole = all(np.isfinite(before(name)).all() for name in names)
    usable = whole and broken.phase in (Phase.BACKWARD, Phase.UPDATE)
    return iteration if usable else max(iteration - 1, 0)


def _head(program: tuple[Operation, ...]) -> TensorName:
    """dA of the output layer."""
    return TensorName("dA", max(operation.layer for operation in program))


def _matrix(array: Array) -> Array:
    """J has no axes."""
    return array.reshape(1, 1) if array.ndim == 0 else array
