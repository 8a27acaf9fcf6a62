"""A matrix as an item model that reads the array itself: no items, whatever its size."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

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
    """A matrix, row by row; headings are functions of a row's and a column's number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.array: Array = np.zeros((0, 0))
        self.title = ""
        self.rows: Headings = UNITS
        self.columns: Headings = Single()
        self.style = Style(4, False, 8)

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
            return f"{self.title}, {place}: {exact(value)}"
        return None

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
