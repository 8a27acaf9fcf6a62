"""Where a step of each kind ends: pure arithmetic on positions (iteration, operation)."""

import operator
from collections.abc import Callable, Sequence
from typing import Final

from model.errors import StateError
from model.nn.operations import Operation
from model.tables import entry

Position = tuple[int, int]

_GROUPS: Final[dict[str, Callable[[Operation], object]]] = {
    "operation": lambda operation: operation.index,
    "layer": lambda operation: (operation.phase, operation.layer),
    "phase": lambda operation: operation.phase,
    "iteration": lambda operation: None,
    "epoch": lambda operation: None,
}
"""What is the same for all operations between two boundaries of a kind."""

KINDS: Final = tuple(_GROUPS)
"""What can be stepped over, from the smallest to the largest."""


def count_of(value: object, name: str) -> int:
    """`value` as a whole number from 0; `StateError` where it is none."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise StateError(f"{name} must be a whole number, not {value!r}") from None
    if number < 0:
        raise StateError(f"{name} must not be negative, as {number} is")
    return number


def checked_position(
    iteration: object, operation: object, program: Sequence[Operation]
) -> Position:
    """A position to go to; `StateError` where there is none like it."""
    place = count_of(iteration, "iteration"), count_of(operation, "operation")
    if place[1] >= len(program):
        raise StateError(
            f"There is no operation {operation} of iteration {iteration}",
            f"iterations count from 0, operations from 0 to {len(program) - 1}",
        )
    return place


def step_target(
    kind: str, position: Position, program: Sequence[Operation], per_epoch: int
) -> Position:
    """The next boundary of `kind` after `position`.

    `per_epoch` is the number of iterations of an epoch.
    """
    iteration, operation = position
    if kind == "epoch":
        return (iteration // per_epoch + 1) * per_epoch, 0
    later = [start for start in _starts(kind, program) if start > operation]
    return (iteration, later[0]) if later else (iteration + 1, 0)


def back_target(
    kind: str, position: Position, program: Sequence[Operation], per_epoch: int
) -> Position:
    """The last boundary of `kind` before `position`; `StateError` at the beginning."""
    iteration, operation = position
    starts = _starts(kind, program)
    if position == (0, 0):
        raise StateError("This is the beginning: there is nothing to go back to", "step or run")
    if kind == "epoch":
        whole = iteration if operation else iteration - 1
        return whole // per_epoch * per_epoch, 0
    earlier = [start for start in starts if start < operation]
    return (iteration, earlier[-1]) if earlier else (iteration - 1, starts[-1])


def _starts(kind: str, program: Sequence[Operation]) -> list[int]:
    """Indices of the operations with which a group of `kind` begins; 0 is the first."""
    group = entry(_GROUPS, kind, "kind of step")
    return [
        operation.index
        for before, operation in zip((None, *program), program, strict=False)
        if before is None or group(before) != group(operation)
    ]
