"""What can be done at a place of the time line, as a menu: with an epoch, or with a branch."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from gui.widgets.numerals import grouped
from model.training.debug_views import BranchView

NO_BRANCHES = "No other branches: change something in the past"


def branch_menu(
    parent: QWidget, branch: BranchView, chosen: SignalInstance, deleted: SignalInstance
) -> QMenu:
    """Go to and delete a branch; the signals carry its number."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _fill(menu, branch, chosen, deleted)
    return menu


def epoch_menu(
    parent: QWidget,
    epoch: int,
    branches: Sequence[BranchView],
    chosen: SignalInstance,
    deleted: SignalInstance,
) -> QMenu:
    """Go to an epoch, the first action; the other branches behind it in a menu of their own."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(f"Go to epoch {grouped(epoch)}")
    menu.addSeparator()
    if not branches:
        menu.addAction(NO_BRANCHES).setEnabled(False)
        return menu
    others = menu.addMenu("Other branches")
    for branch in branches:
        _fill(others, branch, chosen, deleted)
    return menu


def _fill(menu: QMenu, branch: BranchView, chosen: SignalInstance, deleted: SignalInstance) -> None:
    name = f"“{branch.name}”".replace("&", "&&")
    for words, signal in (("Go to", chosen), ("Delete", deleted)):
        action = menu.addAction(f"{words} branch {name}")
        action.triggered.connect(lambda _=False, signal=signal: signal.emit(branch.number))
