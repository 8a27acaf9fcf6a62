"""The inspector's picture for a file: headings, tinted cells, and what the tensor is as a whole."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.theme import Theme
from gui.widgets.labels import Line, paint_lines, size
from gui.widgets.tensor_model import TensorModel

Ground = Callable[[float], QColor]
"""The colour of a cell with this value."""

_CELL_TEXT: Final = 11
_ROW: Final = 24
_WIDEST: Final = 1.5
"""How much wider than its number a cell may become where there is room."""


_SIZES: Final = (1.0, 0.9, 0.8, 0.7)
"""Shares of the figure's type size that are tried for a tensor to be shown whole."""


def fitting_figure(
    model: TensorModel, ground: Ground, area: QRectF, theme: Theme
) -> "InspectorFigure":
    """In the largest type that leaves nothing out, or else in the smallest."""
    for share in _SIZES:
        figure = InspectorFigure(model, ground, area, theme.scaled(theme.scale * share))
        if figure.whole:
            break
    return figure


class InspectorFigure:
    """As many rows and columns of a tensor as `area` has room for, the rest counted in words."""

    def __init__(self, model: TensorModel, ground: Ground, area: QRectF, theme: Theme) -> None:
        self._model, self._ground, self._theme = model, ground, theme
        self._cell_font, self._head_font = theme.mono(_CELL_TEXT), theme.font(_CELL_TEXT)
        rows, columns = model.array.shape
        heads = QFontMetricsF(self._head_font)
        self._side = heads.horizontalAdvance(model.rows(max(0, rows - 1))) + theme.px(12)
        digits = QFontMetricsF(self._cell_font).horizontalAdvance("0") * model.style.width
        last = heads.horizontalAdvance(model.column_name(max(0, columns - 1)))
        natural = max(digits, last) + theme.px(10)
        room = area.width() - self._side
        self.columns = _fitting(columns, room, natural, heads.horizontalAdvance("… 0000 more"))
        self._width = min(_WIDEST * natural, room / max(1, self.columns))
        if self.columns < columns:
            self._width = natural
        self._height = theme.px(_ROW)
        self.rows = _fitting(rows, area.height() - self._height, self._height, self._height)
        self._area = area

    @property
    def whole(self) -> bool:
        """Whether no row and no column is left out."""
        return (self.rows, self.columns) == self._model.array.shape

    def draw(self, painter: QPainter, facts: Sequence[Line]) -> None:
        """The table, and the lines of `facts` below it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(self.rows):
            self._write_head(painter, self._box(row, -1), self._model.rows(row), right=True)
            for column in range(self.columns):
                self._draw_cell(painter, row, column)
        for column in range(self.columns):
            self._write_head(painter, self._box(-1, column), self._model.column_name(column))
        bottom = self._write_rest(painter)
        corner = QPointF(self._area.left(), bottom + self._theme.px(8))
        paint_lines(painter, facts, corner, self._theme, self._head_font)
        painter.restore()

    def _box(self, row: int, column: int) -> QRectF:
        """A cell; row −1 holds the columns' headings, column −1 those of the rows."""
        top = self._area.top() + (row + 1) * self._height
        if column < 0:
            return QRectF(self._area.left(), top, self._side, self._height)
        left = self._area.left() + self._side + column * self._width
        return QRectF(left, top, self._width, self._height)

    def _draw_cell(self, painter: QPainter, row: int, column: int) -> None:
        theme, value = self._theme, self._model.array[row, column]
        ground = self._ground(float(value))
        box = self._box(row, column).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, theme.px(3), theme.px(3))
        painter.setFont(self._cell_font)
        painter.setPen(theme.readable_on(ground))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._model.style.text(value))

    def _write_head(
        self, painter: QPainter, box: QRectF, text: str, *, right: bool = False
    ) -> None:
        across = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignHCenter
        painter.setFont(self._head_font)
        painter.setPen(QColor(self._theme.secondary))
        box = box.adjusted(0, 0, -self._theme.px(6), 0) if right else box
        painter.drawText(box, int(across | Qt.AlignmentFlag.AlignVCenter), text)

    def _write_rest(self, painter: QPainter) -> float:
        """How many columns and rows were left out; returns where the table ends."""
        rows, columns = self._model.array.shape
        painter.setFont(self._head_font)
        painter.setPen(QColor(self._theme.secondary))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if self.columns < columns:
            box = self._box(-1, self.columns).adjusted(self._theme.px(6), 0, 1000, 0)
            painter.drawText(box, middle, f"… {columns - self.columns} more")
        box = self._box(self.rows, -1)
        if self.rows == rows:
            return box.top()
        box = box.adjusted(self._side, 0, self._area.width(), 0)
        painter.drawText(box, middle, f"… {rows - self.rows} more units")
        return box.bottom()


def facts_height(facts: Sequence[Line], theme: Theme) -> float:
    """What the lines below the table take."""
    return size(facts, theme.font(_CELL_TEXT))[1] + theme.px(16)


def _fitting(count: int, room: float, each: float, rest: float) -> int:
    """All, or as many as leave room for the words that count the others; at least one."""
    if count * each <= room:
        return count
    return max(1, min(count, math.floor((room - rest) / each)))
