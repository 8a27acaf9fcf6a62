"""What is drawn of a loss surface: colours, contour lines with values, the path, a cursor."""

from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.panels import surface_words as words
from gui.panels.surface_path import SurfacePath
from gui.theme import Theme
from gui.widgets.colour_scale import ColourScale, packed
from gui.widgets.heat_map import HeatMap
from gui.widgets.label_places import place_of
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.analysis.decision_grid import contour
from model.analysis.loss_surface import LossSurface
from model.arrays import Array

Node = tuple[int, int]
"""Column and row of the grid."""

_LEVELS: Final = 8
_TEXT: Final = 10.0
_REACH: Final = 8
"""Pixels within which the pointer means a state of the path."""
_VEIL: Final = 90
"""Strength of the ground over a surface of another state."""


class SurfacePicture:
    """The layers of the surface panel; `note` is written over it where it is of another state."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.surface: LossSurface | None = None
        self.scale: ColourScale | None = None
        self.message = words.EMPTY
        self.note = ""
        self.cursor: Node | None = None
        self._lines: list[tuple[float, str, tuple[Array, ...]]] = []
        self._heat = HeatMap(plot, lambda theme: packed(QColor(theme.zero)))
        self._drawing = plot.add_layer(self._paint_drawing, 0, cached=True)
        self._top = plot.add_layer(self._paint_top, 10)

    def take(self, surface: LossSurface) -> None:
        """Draw this surface from the next repaint on."""
        self.surface, self.cursor = surface, None
        self.scale = ColourScale(surface.loss)
        self._lines = self._levels(surface, self.scale)
        self._heat.show_values((surface.x, surface.y, self.scale.shares(surface.loss)))
        self._plot.set_bare(False)
        self._plot.set_labels(surface.x_title, surface.y_title)
        self._plot.set_range(_ends(surface.x), _ends(surface.y))
        self.refresh()

    def refresh(self) -> None:
        """Draw everything again."""
        self._drawing.update()
        self._top.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self._heat.apply_theme(theme)

    def say(self, *, message: str = "", note: str = "") -> None:
        """What stands in the empty picture, and what over a surface of another state."""
        if (message, note) != (self.message, self.note):
            self.message, self.note = message, note
            self._top.update()

    def node_at(self, pixel: QPointF) -> Node | None:
        """The node of the grid nearest to a pixel."""
        if self.surface is None:
            return None
        x, y = self._plot.position(pixel)
        return _nearest(self.surface.x, x), _nearest(self.surface.y, y)

    def point_at(self, node: Node | None) -> None:
        """Show loss and position of a node, or of none."""
        if node != self.cursor and self.surface is not None:
            self.cursor = node
            texts = [text for text, _ in self.read_out()]
            self._plot.setAccessibleDescription("; ".join(texts))
            self._top.update()

    def read_out(self) -> list[Line]:
        """The exact numbers under the cursor, and the epoch of a state of the path beside it."""
        if self.surface is None or self.cursor is None:
            return []
        lines: list[Line] = list(words.place_lines(self.surface, *self.cursor))
        state = SurfacePath(self._plot, self.surface).near(self._at_cursor(), _REACH)
        if state is not None:
            epoch = grouped(self.surface.path_epochs[state])
            lines.append((f"the path at epoch {epoch}", "accent"))
        return lines

    def contour_boxes(self, taken: list[QRectF], path: Array) -> list[tuple[str, float, QRectF]]:
        """Text, height and place of the values on the contour lines that have room.

        `path` (n, 2) are pixels to keep clear of.
        """
        placed = []
        inside = self._plot.rect_of_plot.adjusted(3, 2, -3, -2)
        for height, text, lines in self._lines:
            if not lines:
                continue
            longest = max(lines, key=len)
            corners = self._corners(text, longest)
            box = place_of(self._size(text), corners, inside, taken, path)
            if box is not None:
                taken.append(box.adjusted(-4, -2, 4, 2))
                placed.append((text, height, box))
        return placed

    def _levels(
        self, surface: LossSurface, scale: ColourScale
    ) -> list[tuple[float, str, tuple[Array, ...]]]:
        """Height, text and lines of each round value."""
        heights = scale.heights(np.where(np.isfinite(surface.loss), surface.loss, np.nan))
        return [
            (level, text, contour(surface.x, surface.y, heights, level))
            for level, text in scale.ticks(_LEVELS)
        ]

    def _paint_drawing(self, painter: QPainter) -> None:
        surface, scale = self.surface, self.scale
        if surface is None or scale is None:
            return
        self._plot.clip(painter)
        self._paint_hatching(painter, surface)
        for height, _, lines in self._lines:
            ink = QColor(self._plot.theme.readable_on(scale.colour(height)))
            ink.setAlpha(150)
            painter.setPen(QPen(ink, self._plot.theme.scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for line in lines:
                painter.drawPath(self._plot.path(line[:, 0], line[:, 1]))
        path = SurfacePath(self._plot, surface)
        self._paint_values(painter, scale, path)
        path.paint(painter)
        path.paint_labels(painter)

    def _paint_hatching(self, painter: QPainter, surface: LossSurface) -> None:
        """Diagonals over the cells whose loss is not finite."""
        across, _ = self._plot.pixels(surface.x, np.zeros(len(surface.x)))
        _, up = self._plot.pixels(np.zeros(len(surface.y)), surface.y)
        wide, high = abs(across[1] - across[0]) / 2, abs(up[1] - up[0]) / 2
        lines = [
            QLineF(across[c] - wide, up[r] + high, across[c] + wide, up[r] - high)
            for r, c in np.argwhere(~np.isfinite(surface.loss))
        ]
        painter.setPen(QPen(QColor(self._plot.theme.secondary), self._plot.theme.scale))
        painter.drawLines(lines)

    def _paint_values(self, painter: QPainter, scale: ColourScale, path: SurfacePath) -> None:
        theme = self._plot.theme
        painter.setFont(theme.font(_TEXT))
        metrics = QFontMetricsF(theme.font(_TEXT))
        taken = [box for _, box in path.boxes()]
        for text, height, box in self.contour_boxes(taken, path.dense()):
            ground = scale.colour(height)
            painter.fillRect(box.adjusted(-1, 0, 1, 0), ground)
            painter.setPen(theme.readable_on(ground))
            painter.drawText(QPointF(box.left(), box.top() + metrics.ascent()), text)

    def _corners(self, text: str, line: Array) -> list[QPointF]:
        """On the line, from its middle to its ends."""
        size = self._size(text)
        across, up = self._plot.pixels(line[:, 0], line[:, 1])
        places = [int(share * (len(line) - 1)) for share in (0.5, 0.35, 0.65, 0.2, 0.8, 0.08, 0.92)]
        half = QPointF(size.width() / 2, size.height() / 2)
        return [QPointF(float(across[at]), float(up[at])) - half for at in places]

    def _size(self, text: str) -> QSizeF:
        metrics = QFontMetricsF(self._plot.theme.font(_TEXT))
        return QSizeF(metrics.horizontalAdvance(text), metrics.height())

    def _paint_top(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if self.surface is None:
            area = QRectF(0, 0, plot.extent.width(), plot.extent.height())
            paint_message(painter, self.message, area, theme)
            return
        font, rect = theme.font(AXIS_TEXT), plot.rect_of_plot
        if self.note:
            veil = QColor(theme.surface)
            veil.setAlpha(_VEIL)
            painter.fillRect(rect, veil)
            corner = rect.topLeft() + QPointF(theme.px(6), theme.px(4))
            metrics = QFontMetricsF(font)
            room = rect.width() - theme.px(12)
            note = metrics.elidedText(self.note, Qt.TextElideMode.ElideRight, room)
            paint_lines(painter, [(note, "text")], corner, theme, font)
        if self.cursor is not None and not plot.vector:
            self._paint_cursor(painter, self._at_cursor())

    def _at_cursor(self) -> QPointF:
        assert self.surface is not None
        assert self.cursor is not None
        column, row = self.cursor
        return self._plot.pixel(float(self.surface.x[column]), float(self.surface.y[row]))

    def _paint_cursor(self, painter: QPainter, at: QPointF) -> None:
        theme = self._plot.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.surface, 3.0), (theme.text, 1.2)):
            painter.setPen(QPen(QColor(colour), width * theme.scale))
            painter.drawEllipse(at, 5 * theme.scale, 5 * theme.scale)
        font = theme.font(AXIS_TEXT)
        paint_read_out(painter, self.read_out(), at, self._plot.rect_of_plot, theme, font)


def _ends(axis: Array) -> tuple[float, float]:
    return float(axis[0]), float(axis[-1])


def _nearest(axis: Array, value: float) -> int:
    return int(np.argmin(np.abs(axis - value)))
