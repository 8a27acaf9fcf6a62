"""Whether the elements that the inspector shows can be changed, and what it says about that."""

from typing import Final, NamedTuple

from gui.panels.inspector_reading import Moment, Part
from gui.panels.layer_menu import PAUSE_FIRST
from model.nn.operations import TensorName
from model.training.snapshots import Snapshot, State

HOW: Final = "Double-click, or press Enter or F2, to change it"
COMPUTED: Final = "{} is given or computed; what can be changed are W and b"
PAST: Final = "Choose “after” to change {}; this is what it was, or the difference"


class Permission(NamedTuple):
    """`note` says how to change an element, or why that cannot be done."""

    allowed: bool
    note: str


def permission(snapshot: Snapshot, name: TensorName, part: Part) -> Permission:
    """Weights and biases can be changed while nothing runs."""
    if not is_parameter(name):
        return Permission(False, COMPUTED.format(name))
    if snapshot.state is State.RUNNING:
        return Permission(False, PAUSE_FIRST)
    if part.moment is not Moment.AFTER:
        return Permission(False, PAST.format(name))
    return Permission(True, HOW)


def is_parameter(name: TensorName) -> bool:
    """Whether it is a W or a b."""
    return name.name in ("W", "b")
