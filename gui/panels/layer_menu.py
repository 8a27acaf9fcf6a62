"""What can be done with a whole layer while nothing runs, as a menu."""

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from model.training.snapshots import Snapshot, State

PAUSE_FIRST: Final = "Pause (Space) to change weights and biases"


class _Entry(NamedTuple):
    """A wish by name; `offered` says whether it makes sense for a frozen layer or not."""

    wish: str
    words: str
    tip: str
    offered: Callable[[bool], bool]


_ENTRIES: Final = (
    _Entry("zero", "Set layer {} to zero", "All its weights and biases become 0", lambda _: True),
    _Entry(
        "redraw",
        "Draw layer {} again",
        "Other first weights and biases, drawn as the settings say",
        lambda _: True,
    ),
    _Entry(
        "freeze",
        "Freeze layer {}",
        "Leave the layer out of the updates from here on",
        lambda frozen: not frozen,
    ),
    _Entry(
        "free", "Let layer {} learn", "Update the layer again from here on", lambda frozen: frozen
    ),
)


def layer_menu(parent: QWidget, layer: int, snapshot: Snapshot, wished: SignalInstance) -> QMenu:
    """A menu that emits `wished(wish, layer)`: "zero", "redraw", "freeze" or "free"."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    running, frozen = snapshot.state is State.RUNNING, layer in snapshot.frozen_layers
    for entry in _ENTRIES:
        if entry.offered(frozen):
            action = menu.addAction(entry.words.format(layer))
            action.setToolTip(PAUSE_FIRST if running else entry.tip)
            action.setEnabled(not running)
            action.triggered.connect(lambda _=False, wish=entry.wish: wished.emit(wish, layer))
    return menu
