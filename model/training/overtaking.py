"""What changes amid an iteration mean for the tensors that were computed before and after them."""

from collections.abc import Sequence

import numpy as np

from model.analysis.expansion import Expansion
from model.analysis.terms import Lookup
from model.arrays import Array
from model.nn.operations import Operation, Phase, TensorName
from model.training.boundaries import Position
from model.training.events import Change, Event, FreezeLayer, SetElement, SetLayer


def parameters_seen(found: Lookup, events: Sequence[Event], position: Position) -> Lookup:
    """W and b as the operation at `position` saw them, `found` being the iteration's own."""
    start = position[0], 0
    made = [event.change for event in events if start < event.position <= position]

    def seen(name: TensorName) -> Array:
        array = found(name).copy()
        for change in made:
            if isinstance(change, SetElement) and change.tensor == name:
                array[change.row, change.column] = change.value
            elif isinstance(change, SetLayer) and change.layer == name.layer:
                np.copyto(array, change.W if name.name == "W" else change.b)
        return array

    return seen


def overtaking(events: Sequence[Event], made_of: Expansion, position: Position) -> str:
    """The last change of what an element was computed from, made since and up to `position`.

    `made_of` belongs to the iteration under way, or else to the last one.
    """
    operation, element = made_of.operation, made_of.element.tensor
    iteration = position[0] if position[1] else position[0] - 1
    computed = iteration, operation.index
    for event in reversed(events):
        if computed < event.position <= position and _concerns(event.change, operation):
            return f"{event.change.title}: changed after {element} was computed"
    return f"what {element} was computed from has changed since"


def _concerns(change: Change, operation: Operation) -> bool:
    """Whether the operation's numbers depend on what was changed."""
    if isinstance(change, SetElement):
        return change.tensor in operation.operands
    if isinstance(change, SetLayer):
        return any(n.layer == change.layer and n.name in ("W", "b") for n in operation.operands)
    step = operation.phase is Phase.UPDATE and operation.result.name.startswith("update_")
    return step and (not isinstance(change, FreezeLayer) or change.layer == operation.layer)
