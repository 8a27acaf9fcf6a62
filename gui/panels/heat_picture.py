"""A heat table: a cell for each pair of values, with its number and its colour."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from gui.race_words import setting_titles, value_text
from gui.sweep_words import auc_words, brief_value, share_words
from gui.theme import Theme
from gui.widgets.colour_scale import ColourScale, shades
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.hatching import hatch
from gui.widgets.short_names import shortened
from gui.widgets.ticks import AXIS_TEXT, number
from model.files.number_text import UNDEFINED, percent_text
from model.lab.summaries import HeatTable

Cell = tuple[int, int]
"""Row and column."""

WRITE: Final = {
    "loss": number,
    "accuracy": percent_text,
    "auc": auc_words,
    "epochs": lambda epochs: f"{epochs:,.0f}",
}
"""How a median of each quantity is written."""
_GAP: Final = 2
_BAR: Final = 9
_LABELS: Final = 0.3
"""Share of the width that the names of the rows take at most."""


@dataclass(frozen=True)
class Layout:
    """Where everything stands: `cells` is the table without its headings.

    With `upright` the names of the columns run from the bottom to the top, `above` pixels high.
    """

    cells: QRectF
    rows: int
    columns: int
    upright: bool
    above: float

    def cell(self, row: int, column: int) -> QRectF:
        """The place of a cell."""
        wide, high = self.cells.width() / self.columns, self.cells.height() / self.rows
        left, top = self.cells.left() + column * wide, self.cells.top() + row * high
        return QRectF(left, top, wide, high)

    def at(self, place: QPointF) -> Cell | None:
        """The cell under a pixel."""
        if not self.cells.contains(place):
            return None
        across = (place.x() - self.cells.left()) / self.cells.width()
        down = (place.y() - self.cells.top()) / self.cells.height()
        last = self.rows - 1, self.columns - 1
        return min(last[0], int(down * self.rows)), min(last[1], int(across * self.columns))


class HeatTablePainter:
    """Draws a table into any area, on the screen or into a file."""

    def __init__(self, table: HeatTable, theme: Theme) -> None:
        self.table, self.theme = table, theme
        self.scale = ColourScale(table.values)
        titles = setting_titles()
        self.row_title, self.column_title = titles[table.row_path], titles[table.column_path]
        self.row_names = [value_text(table.row_path, value) for value in table.row_values]
        self.column_names = [value_text(table.column_path, v) for v in table.column_values]
        self._brief_rows = [brief_value(table.row_path, v) for v in table.row_values]
        self._brief_columns = [brief_value(table.column_path, v) for v in table.column_values]
        self._plain, self._small = theme.font(12.5), theme.font(AXIS_TEXT)

    def layout(self, area: QRectF) -> Layout:
        """Room for the headings at the left and above, and for the colours below."""
        theme, high = self.theme, QFontMetricsF(self._small).height()
        plain = QFontMetricsF(self._plain)
        widest = max(map(plain.horizontalAdvance, self._brief_rows), default=0.0)
        left = high + theme.px(14) + min(widest, _LABELS * area.width())
        across = max(map(plain.horizontalAdvance, self._brief_columns), default=0.0)
        column = (area.width() - left - theme.px(10)) / max(1, len(self.column_names))
        upright = across > column - theme.px(4)
        above = min(across + theme.px(4), _LABELS * area.height()) if upright else plain.height()
        top = high + above + theme.px(10)
        cells = area.adjusted(left, top, -theme.px(10), -high - theme.px(_BAR + 12))
        return Layout(cells, len(self.row_names), len(self.column_names), upright, above)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw the whole table."""
        layout = self.layout(area)
        self._paint_headings(painter, area, layout)
        for row in range(layout.rows):
            for column in range(layout.columns):
                self._paint_cell(painter, layout.cell(row, column), row, column)
        self._paint_colours(painter, area, layout)

    def words(self, row: int, column: int) -> tuple[str, str]:
        """What stands in a cell: its number, and how many of its runs diverged."""
        value, diverged = self.table.values[row, column], self.table.diverged[row, column]
        if diverged == 1:
            return UNDEFINED, "all diverged"
        text = UNDEFINED if math.isnan(value) else WRITE[self.table.quantity](value)
        if math.isnan(diverged):
            return text, "no run yet"
        note = "no run ended" if math.isnan(value) else ""
        return text, f"{share_words(diverged)} diverged" if diverged else note

    def _paint_cell(self, painter: QPainter, place: QRectF, row: int, column: int) -> None:
        theme, gap = self.theme, self.theme.px(_GAP) / 2
        box = place.adjusted(gap, gap, -gap, -gap)
        value = self.table.values[row, column]
        known = math.isfinite(value)
        ground = QColor(theme.zero)
        if known:
            ground = self.scale.colour(float(self.scale.heights(np.array([value]))[0]))
        painter.fillRect(box, ground)
        diverged = self.table.diverged[row, column]
        if diverged == 1:
            hatch(painter, box, QColor(theme.failure), theme)
        text, note = self.words(row, column)
        shown = self.lines(box, text, note)
        ink = theme.readable_on(ground)
        if shown:
            self._write(painter, box, shown, ink)
        elif turned := self.lines(QRectF(0, 0, box.height(), box.width()), text, note):
            shown = turned
            painter.save()
            painter.translate(box.bottomLeft())
            painter.rotate(-90)
            self._write(painter, QRectF(0, 0, box.height(), box.width()), turned, ink)
            painter.restore()
        if diverged > 0 and note not in [line for line, _ in shown]:
            side = min(theme.px(10), box.height())
            sign = QRectF(box.right() - side - 3, box.top() + 2, side, side)
            paint_glyph(painter, Glyph.WARNING, sign, ink)

    def lines(self, box: QRectF, text: str, note: str) -> list[tuple[str, QFont]]:
        """What has room in a cell: number and note, else the one that says more, else nothing.

        The read-out has both.
        """
        number = text, self.theme.font(13, weight=QFont.Weight.DemiBold)
        remark = note, self._small
        alone = number if text != UNDEFINED or not note else remark
        for lines in ([number, remark], [alone]):
            given = [line for line in lines if line[0]]
            metrics = [QFontMetricsF(font) for _, font in given]
            wide = max(m.horizontalAdvance(t) for m, (t, _) in zip(metrics, given, strict=True))
            if wide <= box.width() - 4 and sum(m.height() for m in metrics) <= box.height():
                return given
        return []

    def _write(
        self, painter: QPainter, box: QRectF, lines: list[tuple[str, QFont]], ink: QColor
    ) -> None:
        """Below each other, in the middle of a cell."""
        top = box.center().y() - sum(QFontMetricsF(font).height() for _, font in lines) / 2
        painter.setPen(ink)
        for text, font in lines:
            high = QFontMetricsF(font).height()
            painter.setFont(font)
            line = QRectF(box.left(), top, box.width(), high)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), text)
            top += high

    def _paint_headings(self, painter: QPainter, area: QRectF, layout: Layout) -> None:
        theme, cells = self.theme, layout.cells
        small, plain = QFontMetricsF(self._small), QFontMetricsF(self._plain)
        painter.setFont(self._small)
        painter.setPen(QColor(theme.secondary))
        above = QRectF(cells.left(), area.top() + theme.px(2), cells.width(), small.height())
        painter.drawText(above, int(Qt.AlignmentFlag.AlignCenter), self.column_title)
        painter.save()
        painter.translate(area.left() + theme.px(4) + small.ascent(), cells.center().y())
        painter.rotate(-90)
        wide = small.horizontalAdvance(self.row_title)
        painter.drawText(QPointF(-wide / 2, 0), self.row_title)
        painter.restore()
        painter.setFont(self._plain)
        painter.setPen(QColor(theme.text))
        self._paint_column_names(painter, layout)
        left = area.left() + small.height() + theme.px(8)
        wide = cells.left() - left - theme.px(6)
        names = shortened(self._brief_rows, plain.horizontalAdvance, wide)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row in range(0, layout.rows, _every(plain.height(), layout.cell(0, 0).height())):
            middle = layout.cell(row, 0).center().y()
            box = QRectF(left, middle - plain.height() / 2, wide, plain.height())
            painter.drawText(box, int(flags), names[row])

    def _paint_column_names(self, painter: QPainter, layout: Layout) -> None:
        """Every name, or every so many where the columns are narrower than a line is high."""
        theme, plain, cells = self.theme, QFontMetricsF(self._plain), layout.cells
        high, wide = plain.height(), layout.cell(0, 0).width()
        room = layout.above if layout.upright else wide - 4
        names = shortened(self._brief_columns, plain.horizontalAdvance, room)
        bottom = cells.top() - theme.px(3)
        for column in range(0, layout.columns, _every(high, wide) if layout.upright else 1):
            place = layout.cell(0, column)
            if not layout.upright:
                box = QRectF(place.left() + 2, bottom - high, place.width() - 4, high)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), names[column])
                continue
            painter.save()
            painter.translate(place.center().x(), bottom)
            painter.rotate(-90)
            box = QRectF(0, -high / 2, layout.above, high)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(flags), names[column])
            painter.restore()

    def paint_cursor(self, painter: QPainter, box: QRectF) -> None:
        """The frame round the cell that is read."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.theme.surface, 4.0), (self.theme.text, 2.0)):
            painter.setPen(QPen(QColor(colour), width * self.theme.scale))
            painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _paint_colours(self, painter: QPainter, area: QRectF, layout: Layout) -> None:
        """What the colours stand for, between the least and the largest number."""
        if not np.isfinite(self.table.values).any():
            return
        theme, metrics = self.theme, QFontMetricsF(self._small)
        finite = self.table.values[np.isfinite(self.table.values)]
        write = WRITE[self.table.quantity]
        least, most = write(float(finite.min())), write(float(finite.max()))
        left, top = layout.cells.left(), layout.cells.bottom() + theme.px(7)
        line = QRectF(left, top, layout.cells.width(), metrics.height())
        painter.setFont(self._small)
        painter.setPen(QColor(theme.secondary))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), least)
        start = left + metrics.horizontalAdvance(least) + theme.px(6)
        wide = min(theme.px(150), line.width() / 3)
        bar = QRectF(start, line.center().y() - theme.px(_BAR) / 2, wide, theme.px(_BAR))
        painter.fillRect(bar, _gradient(bar))
        words = most + (" by decades" if self.scale.log else "")
        beside = QRectF(bar.right() + theme.px(6), top, line.right() - bar.right(), line.height())
        painter.drawText(beside, int(Qt.AlignmentFlag.AlignVCenter), words)


def _every(needed: float, given: float) -> int:
    """Of names that need so much room where each has so much, every how many can be read."""
    return max(1, math.ceil(needed / max(given, 1e-9) - 1e-6))


def _gradient(bar: QRectF) -> QLinearGradient:
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    table = shades()
    for place in range(0, len(table), 17):
        gradient.setColorAt(place / (len(table) - 1), QColor(*map(int, table[place])))
    return gradient
