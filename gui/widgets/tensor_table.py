"""A tensor as a table: tinted cells that are read from the array as they are painted."""

from typing import Final

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QTableView,
    QWidget,
)

from gui.theme import Theme
from gui.widgets.tensor_model import UNITS, Headings, TensorModel
from gui.widgets.tensor_numbers import style_for
from gui.widgets.tinted_delegate import TintedDelegate
from model.arrays import Array

ROW_HEIGHT: Final = 24


class TensorTable(QTableView):
    """Follows an array live: what is visible is repainted, selection and place stay.

    With `common_factor` a power of ten may stand in the corner instead of an exponent in every
    cell. `element_selected(row, column)`: the current cell is another one.
    """

    element_selected = Signal(int, int)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        digits: int = 4,
        row_height: int = ROW_HEIGHT,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.digits = digits
        self._row_height = row_height
        self.common_factor = False
        self._largest = 0.0
        self.tensor = TensorModel(self)
        self.delegate = TintedDelegate(theme, self.tensor, self)
        self.setModel(self.tensor)
        self.setItemDelegate(self.delegate)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerWidget(QWidget(self))
        self._factor = QLabel(self)
        self._factor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._factor.setAccessibleName("Factor common to all elements")
        self._factor.hide()
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setToolTip("Point at an element for its exact value; Ctrl+C copies the selection.")
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
        self.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.apply_theme(theme)

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
        """Show a matrix whose largest finite magnitude is known.

        `columns` and `rows` give the headings of a column and a row counted from 0; the colours of
        `probabilities` part at ½.
        """
        model = self.tensor
        reset = array.shape != model.array.shape
        headings = (columns, rows) != (model.columns, model.rows)
        if reset:
            model.beginResetModel()
        model.array, model.title, model.columns, model.rows = array, title, columns, rows
        self._largest = largest
        middle = 0.5 if probabilities else 0.0
        self.delegate.middle, self.delegate.limit = middle, middle or largest
        self._set_style()
        if reset:
            model.endResetModel()
        else:
            self._announce_visible()
        if headings and array.size:
            model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, array.shape[1] - 1)
            model.headerDataChanged.emit(Qt.Orientation.Vertical, 0, array.shape[0] - 1)
        self._fit_columns(may_shrink=reset)

    def set_digits(self, digits: int) -> None:
        """Digits behind the point."""
        self.digits = digits
        self._restyle()

    def set_common_factor(self, common: bool) -> None:
        """Whether very small and very large elements share a factor."""
        self.common_factor = common
        self._restyle()

    @property
    def selected(self) -> tuple[int, int] | None:
        """Row and column of the current cell."""
        index = self.currentIndex()
        return (index.row(), index.column()) if index.isValid() else None

    def mark(self, place: tuple[int, int] | None) -> None:
        """Frame one element without selecting it, or none."""
        if place != self.delegate.marked:
            self.delegate.marked = place
            self.viewport().update()

    def select_element(self, row: int, column: int) -> None:
        """Select one element, or with −1 a whole row or column, and scroll there."""
        rows, columns = self.tensor.rowCount(), self.tensor.columnCount()
        if not (-1 <= row < rows and -1 <= column < columns) or row == column == -1:
            return
        index = self.tensor.index(max(row, 0), max(column, 0))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        if column == -1:
            flags |= QItemSelectionModel.SelectionFlag.Rows
        if row == -1:
            flags |= QItemSelectionModel.SelectionFlag.Columns
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def copy(self) -> None:
        """Put the selection, or else the whole tensor, on the clipboard: tabs, exact numbers."""
        if self.tensor.array.size:
            QApplication.clipboard().setText(self.copied_text())

    def copied_text(self) -> str:
        """Rows of `repr` values between tabs; what is not selected within them is empty."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(part) for part in range(selection.count())]
        if not ranges:
            return _lines(self.tensor.array)
        top, bottom = min(r.top() for r in ranges), max(r.bottom() for r in ranges)
        left, right = min(r.left() for r in ranges), max(r.right() for r in ranges)
        if len(ranges) == 1:
            return _lines(self.tensor.array[top : bottom + 1, left : right + 1])
        chosen = np.zeros(self.tensor.array.shape, dtype=bool)
        for part in ranges:
            chosen[part.top() : part.bottom() + 1, part.left() : part.right() + 1] = True
        area = (slice(top, bottom + 1), slice(left, right + 1))
        return _lines(self.tensor.array[area], chosen[area])

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.delegate.apply_theme(theme)
        self.setFont(theme.mono(11))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setFont(theme.font(11))
            header.setMinimumSectionSize(theme.px(16))
        self.verticalHeader().setDefaultSectionSize(theme.px(self._row_height))
        self._factor.setFont(theme.font(11))
        self._factor.setStyleSheet(f"color: {theme.text}")
        self._fit_columns(may_shrink=True)
        self._place_factor()
        self.viewport().update()

    def wanted_height(self, width: int) -> int:
        """The height at which every row is seen where the table is that wide."""
        rows = self.verticalHeader().length()
        across = self.verticalHeader().sizeHint().width() + self.horizontalHeader().length()
        bar = self.horizontalScrollBar().sizeHint().height() if across > width else 0
        return self.horizontalHeader().sizeHint().height() + rows + bar + self.theme.px(2)

    def updateGeometries(self) -> None:
        """The corner follows the headings."""
        super().updateGeometries()
        self._place_factor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_factor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies exact values; the other keys move as in any table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            event.accept()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            self.element_selected.emit(current.row(), current.column())

    def _restyle(self) -> None:
        self._set_style()
        self._fit_columns(may_shrink=True)
        self._announce_visible()

    def _set_style(self) -> None:
        self.tensor.style = style_for(self._largest, self.digits, common_factor=self.common_factor)
        factor = self.tensor.style.factor
        if factor != self._factor.text():
            self._factor.setText(factor)
            self._factor.setToolTip(f"Every number in the table times {factor[1:]}")
            self._factor.setVisible(bool(factor))

    def _place_factor(self) -> None:
        width, height = self.verticalHeader().width(), self.horizontalHeader().height()
        self._factor.setGeometry(0, 0, width, height)
        self._factor.raise_()

    def _announce_visible(self) -> None:
        """Say that the elements in sight have changed, and no others."""
        area = self.viewport().rect()
        top, left = self.rowAt(area.top()), self.columnAt(area.left())
        if top < 0 or left < 0:
            return
        bottom, right = self.rowAt(area.bottom()), self.columnAt(area.right())
        bottom = self.tensor.rowCount() - 1 if bottom < 0 else bottom
        right = self.tensor.columnCount() - 1 if right < 0 else right
        model = self.tensor
        model.dataChanged.emit(model.index(top, left), model.index(bottom, right))

    def _fit_columns(self, *, may_shrink: bool) -> None:
        """One width for all columns; while numbers change it only grows, so that nothing jumps."""
        metrics = QFontMetricsF(self.delegate.font)
        cells = metrics.horizontalAdvance("0") * self.tensor.style.width
        last = self.tensor.column_name(max(0, self.tensor.columnCount() - 1))
        heading = QFontMetricsF(self.horizontalHeader().font()).horizontalAdvance(last)
        width = round(max(cells, heading)) + self.theme.px(7)
        header = self.horizontalHeader()
        if may_shrink or width > header.defaultSectionSize():
            header.setDefaultSectionSize(width)


def _lines(array: Array, chosen: Array | None = None) -> str:
    rows = array.tolist()
    if chosen is None:
        return "\n".join("\t".join(map(repr, row)) for row in rows)
    return "\n".join(
        "\t".join(repr(value) if shown else "" for value, shown in zip(row, mask, strict=True))
        for row, mask in zip(rows, chosen.tolist(), strict=True)
    )
