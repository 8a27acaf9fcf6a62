"""Tinted cells in which a number can be entered."""

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem, QWidget

from gui.widgets.number_edit import NumberEdit
from gui.widgets.tensor_model import Index
from gui.widgets.tinted_delegate import TintedDelegate

CHARACTERS: Final = 23
"""A number with all its digits, −1.2345678901234567e-05, is wider than its cell."""

_CLOSING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class EntryDelegate(TintedDelegate):
    """A refused entry stays open with its reason, and is dropped where the user goes elsewhere."""

    editor: NumberEdit | None = None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line above the cell."""
        name = str(self.model.data(index, Qt.ItemDataRole.AccessibleTextRole))
        self.editor = NumberEdit(self.model.array.dtype, name, self.theme, parent)
        return self.editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """Closed, whether its number was taken or not."""
        self.editor = None
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """The exact number, all of it selected; what the user has typed stays."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(self.model.data(index, Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand on what can be taken."""
        if isinstance(editor, NumberEdit) and editor.isModified() and not editor.problem:
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Over the cell, wide enough for the number, and in sight."""
        cell: QRect = option.rect  # type: ignore[attr-defined]
        viewport = editor.parentWidget()
        room = cell.width() if viewport is None else viewport.width()
        number = CHARACTERS * editor.fontMetrics().horizontalAdvance("0") + self.theme.px(14)
        width = min(max(cell.width(), number), room)
        left = min(max(0, cell.center().x() - width // 2), room - width)
        editor.setGeometry(left, cell.top(), width, cell.height())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keys that would end the entry explain why it cannot be taken."""
        closing = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if (
            closing
            and isinstance(editor, NumberEdit)
            and editor.problem
            and Qt.Key(event.key()) in _CLOSING  # type: ignore[attr-defined]
        ):
            editor.complain()
            return True
        return super().eventFilter(editor, event)
