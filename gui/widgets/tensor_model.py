"""A matrix as an item model that reads the array itself: no items, whatever its size."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.widgets.number_edit import read_number
from gui.widgets.numerals import exact
from gui.widgets.tensor_headings import Numbered, Single
from gui.widgets.tensor_numbers import Style
from model.arrays import Array

Index = QModelIndex | QPersistentModelIndex

Headings = Callable[[int], str]
"""The heading of a row or a column counted from 0."""

UNITS: Final = Numbered("unit ")
"""Rows that are the units of a layer."""

NOTHING: Final = QModelIndex()


class TensorModel(QAbstractTableModel):
    """A matrix, row by row; headings are functions of a row's and a column's number.

    `edited(row, column, value)`: another number is wished there; the array itself is left alone.
    `note` says in every tooltip whether and how an element can be changed.
    """

    edited = Signal(int, int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.array: Array = np.zeros((0, 0))
        self.title = ""
        self.rows: Headings = UNITS
        self.columns: Headings = Single()
        self.style = Style(4, False, 8)
        self.editable = False
        self.note = ""

    def rowCount(self, parent: Index = NOTHING) -> int:
        """Units of the layer, or features."""
        return 0 if parent.isValid() else int(self.array.shape[0])

    def columnCount(self, parent: Index = NOTHING) -> int:
        """Units of the layer before, samples, or 1."""
        return 0 if parent.isValid() else int(self.array.shape[1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of an element; its exact value as tooltip."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        value = self.array[row, column]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.style.text(value)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            place = ", ".join(filter(None, (self.rows(row), self.column_name(column))))
            text = f"{self.title}, {place}: {exact(value)}"
            told = self.note and role == Qt.ItemDataRole.ToolTipRole
            return f"{text}\n{self.note}" if told else text
        return str(value) if role == Qt.ItemDataRole.EditRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Elements can be selected, and entered where that is allowed."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self.editable else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Wish for another number; one that cannot be taken is refused."""
        if not self.editable or not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        try:
            number = read_number(str(value), self.array.dtype)
        except ValueError:
            return False
        row, column = index.row(), index.column()
        if self.array.dtype.type(number) != self.array[row, column]:
            self.edited.emit(row, column, number)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """ "unit 1" at the left, "from 1" above."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return self.rows(section)
        return self.column_name(section)

    def column_name(self, column: int) -> str:
        """The heading of a column."""
        return self.columns(column)
