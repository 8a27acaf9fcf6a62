"""A tensor's table whose elements can be changed, as far as it is allowed at the moment."""

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QToolTip, QWidget

from gui.theme import Theme
from gui.widgets.entry_delegate import EntryDelegate
from gui.widgets.tensor_model import UNITS, Headings
from gui.widgets.tensor_table import ROW_HEIGHT, TensorTable
from model.arrays import Array

_OPENING: Final = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STARTS: Final = frozenset("0123456789+-−.")
"""What a number begins with."""


class EditableTable(TensorTable):
    """A double click, F2, Enter or the first character of a number opens a line in the cell.

    `element_edited(row, column, value)`: the user wants another number there; the table shows it
    when it is given an array that has it.
    """

    element_edited = Signal(int, int, float)

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, row_height: int = ROW_HEIGHT
    ) -> None:
        super().__init__(theme, parent, row_height=row_height)
        self.entries = EntryDelegate(theme, self.tensor, self)
        self.delegate = self.entries
        self.setItemDelegate(self.entries)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tensor.edited.connect(self.element_edited)

    def set_editing(self, allowed: bool, note: str = "") -> None:
        """Let elements be changed, or not; `note` says in the cells' tooltips how, or why not."""
        self.tensor.editable, self.tensor.note = allowed, note
        if not allowed:
            self.close_editor()

    def show_array(
        self,
        array: Array,
        largest: float,
        title: str,
        columns: Headings,
        rows: Headings = UNITS,
        *,
        probabilities: bool = False,
    ) -> None:
        """Show a matrix; what is being entered belongs to the tensor that was there."""
        if title != self.tensor.title:
            self.close_editor()
        super().show_array(array, largest, title, columns, rows, probabilities=probabilities)

    def close_editor(self) -> None:
        """Leave the number that is being entered as it was."""
        if (editor := self.entries.editor) is not None:
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)

    def open_editor(self, index: QModelIndex, text: str = "") -> None:
        """Let an element be entered, from its first character where there is one."""
        if not index.isValid():
            return
        if not self.tensor.editable:
            self._explain(index)
            return
        self.scrollTo(index)
        self.edit(index)
        if text and self.entries.editor is not None:
            self.entries.editor.clear()
            self.entries.editor.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that begin an entry; the others do what they do in every table."""
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        # The key that ends an entry arrives here too, behind the editor.
        offered = self.entries.editor is None and (self.tensor.editable or bool(self.tensor.note))
        if plain and offered and Qt.Key(event.key()) in _OPENING:
            self.open_editor(self.currentIndex())
        elif plain and offered and event.text() in _STARTS:
            self.open_editor(self.currentIndex(), event.text())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The element beneath the mouse."""
        super().mouseDoubleClickEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.open_editor(self.indexAt(event.position().toPoint()))

    def _explain(self, index: QModelIndex) -> None:
        """Why this element cannot be changed."""
        if self.tensor.note:
            place = self.visualRect(index).center()
            QToolTip.showText(self.viewport().mapToGlobal(place), self.tensor.note, self)
