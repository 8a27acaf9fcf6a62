"""How many epochs to run: a question that nobody waits for."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QWidget


def ask_for_epochs(parent: QWidget, chosen: Callable[[int], object]) -> None:
    """Ask, and call `chosen` with the answer if there is one."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Run several epochs")
    dialog.setLabelText("Epochs to run before the next pause:")
    dialog.setInputMode(QInputDialog.InputMode.IntInput)
    dialog.setIntRange(1, 100_000_000)
    dialog.setIntValue(100)
    dialog.intValueSelected.connect(chosen)
    dialog.open()
