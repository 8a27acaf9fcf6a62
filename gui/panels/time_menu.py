"""What can be done with the recorded branches, as a menu."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMenu, QWidget

from model.training.debug_views import BranchView


def branch_menu(
    parent: QWidget, branches: Iterable[BranchView], chosen: SignalInstance, deleted: SignalInstance
) -> QMenu:
    """Go to and delete for each branch; the signals carry its number."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for branch in branches:
        name = f"“{branch.name}”".replace("&", "&&")
        for words, signal in (("Go to", chosen), ("Delete", deleted)):
            action = menu.addAction(f"{words} branch {name}")
            action.triggered.connect(
                lambda _=False, signal=signal, number=branch.number: signal.emit(number)
            )
    if menu.isEmpty():
        menu.addAction("No other branches: change something in the past").setEnabled(False)
    return menu
