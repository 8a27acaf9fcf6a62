"""The way here on a loss surface: a line with dots, arrow heads, epochs, and the present state."""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.widgets.label_places import place_of
from gui.widgets.labels import paint_lines
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.analysis.loss_surface import LossSurface
from model.arrays import Array

_LIGHT, _DARK = "#FFFFFF", "#1A2230"
"""A light line with a dark border is seen on every colour of the map."""
_APART: Final = 11
"""Pixels between dots."""
_ARROWS: Final = (0.3, 0.6, 0.85)
"""Where arrow heads stand, as parts of the drawn length."""
_ROOM: Final = 60
"""Pixels that the path must extend for each epoch written between its ends."""
_MOST: Final = 4
"""Epochs between the ends at most."""


class SurfacePath:
    """Draws the path of one surface on its plot."""

    def __init__(self, plot: PlotWidget, surface: LossSurface) -> None:
        self._plot, self._surface = plot, surface
        across, up = plot.pixels(surface.path[:, 0], surface.path[:, 1])
        self.pixels: Array = np.column_stack([across, up])

    def paint(self, painter: QPainter) -> None:
        """The line between the axes, its marks, and the present state."""
        theme = self._plot.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = QPolygonF([QPointF(x, y) for x, y in self._shown().tolist()])
        for colour, width in ((_DARK, 3.2), (_LIGHT, 1.6)):
            pen = QPen(QColor(colour), width * theme.scale)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(line)
        painter.setPen(QPen(QColor(_DARK), 0.8 * theme.scale))
        painter.setBrush(QColor(_LIGHT))
        for state in self._dots():
            painter.drawEllipse(_point(self.pixels[state]), 2.4 * theme.scale, 2.4 * theme.scale)
        for at, way in self._arrows():
            self._paint_arrow(painter, at, way)
        self._paint_ends(painter)

    def boxes(self) -> list[tuple[str, QRectF]]:
        """The epochs that are written and where; those in between only where there is room."""
        placed: list[tuple[str, QRectF]] = []
        taken = [
            QRectF(_point(end) - QPointF(8, 8), QSizeF(16, 16)) for end in self.pixels[[0, -1]]
        ]
        inside = self._plot.rect_of_plot.adjusted(3, 2, -3, -2)
        for text, at in self._labels():
            if not inside.contains(at):
                continue
            box = place_of(self._size(text), self._around(text, at), inside, taken, self.dense())
            if box is not None:
                taken.append(box.adjusted(-6, -3, 6, 3))
                placed.append((text, box))
        return placed

    def paint_labels(self, painter: QPainter) -> None:
        """The epochs along the path."""
        theme = self._plot.theme
        for text, box in self.boxes():
            font = theme.font(AXIS_TEXT)
            paint_lines(painter, [(text, "text")], box.topLeft(), theme, font)

    def near(self, pixel: QPointF, reach: float) -> int | None:
        """The number of the state of the path within `reach` pixels."""
        if not len(self.pixels):
            return None
        far = np.hypot(self.pixels[:, 0] - pixel.x(), self.pixels[:, 1] - pixel.y())
        nearest = int(np.argmin(far))
        return nearest if far[nearest] <= reach else None

    def _labels(self) -> list[tuple[str, QPointF]]:
        """The present, the start, then the epochs between in the order of the path."""
        count = len(self.pixels)
        if not count:
            return []
        epochs = self._surface.path_epochs
        made = [(f"here, epoch {grouped(epochs[-1])}", -1)]
        if count > 1:
            made.append((f"epoch {grouped(epochs[0])}", 0))
            width, height = np.ptp(self._shown(), axis=0)
            between = int(np.hypot(width, height) / (_ROOM * self._plot.theme.scale))
            shares = np.linspace(0, 1, min(_MOST, between) + 2)[1:-1]
            places = dict.fromkeys(self._at(share) for share in shares)
            made += [(grouped(epochs[at]), at) for at in places if 0 < at < count - 1]
        return [(text, _point(self.pixels[at])) for text, at in made]

    def _shown(self) -> Array:
        """The line in pixels that Qt can draw, however far off it goes."""
        return np.clip(self.pixels, -1e5, 1e5)

    def _lengths(self) -> Array:
        """How far along the line each state is, (n,)."""
        steps = np.diff(self._shown(), axis=0)
        return np.append(0.0, np.cumsum(np.hypot(steps[:, 0], steps[:, 1])))

    def _at(self, share: float) -> int:
        """The state nearest to a part of the line's length."""
        lengths = self._lengths()
        return int(np.argmin(np.abs(lengths - share * lengths[-1])))

    def _dots(self) -> list[int]:
        """States so far apart that their dots are seen one by one."""
        apart = _APART * self._plot.theme.scale
        blocks = np.floor(self._lengths() / apart).astype(int)
        return [int(at) for at in np.unique(blocks, return_index=True)[1]]

    def _arrows(self) -> list[tuple[QPointF, float]]:
        """Places of arrow heads and the angle of the line there, where it is long enough."""
        lengths, line = self._lengths(), self._shown()
        if len(line) < 2 or lengths[-1] < 30 * self._plot.theme.scale:
            return []
        found = []
        for share in _ARROWS:
            after = int(np.searchsorted(lengths, share * lengths[-1]))
            after = max(1, min(len(line) - 1, after))
            way = line[after] - line[after - 1]
            found.append((_point((line[after] + line[after - 1]) / 2), math.atan2(way[1], way[0])))
        return found

    def _paint_arrow(self, painter: QPainter, at: QPointF, angle: float) -> None:
        side = 5.5 * self._plot.theme.scale
        painter.save()
        painter.translate(at)
        painter.rotate(math.degrees(angle))
        corners = [QPointF(side, 0), QPointF(-side, 0.75 * side), QPointF(-side, -0.75 * side)]
        painter.drawPolygon(QPolygonF(corners))
        painter.restore()

    def _paint_ends(self, painter: QPainter) -> None:
        """A square where the path starts and a ringed disc, as on no other place, for here."""
        theme, side = self._plot.theme, 4.0 * self._plot.theme.scale
        if len(self.pixels) > 1:
            corner = QPointF(side, side)
            start = _point(self.pixels[0])
            painter.drawRect(QRectF(start - corner, start + corner))
        here = self._plot.pixel(0.0, 0.0)
        for colour, radius in ((_DARK, 7.0), (_LIGHT, 6.0), (theme.negative, 4.0)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(here, radius * theme.scale, radius * theme.scale)

    def dense(self) -> Array:
        """Points on the line every few pixels, between its first and last state."""
        lengths, line = self._lengths(), self._shown()
        at = np.linspace(0.0, lengths[-1], 200)
        return np.column_stack([np.interp(at, lengths, line[:, axis]) for axis in (0, 1)])

    def _size(self, text: str) -> QSizeF:
        metrics = QFontMetricsF(self._plot.theme.font(AXIS_TEXT))
        return QSizeF(metrics.horizontalAdvance(text), metrics.height())

    def _around(self, text: str, at: QPointF) -> list[QPointF]:
        size, gap = self._size(text), self._plot.theme.px(11)
        across = (gap, -gap - size.width(), -size.width() / 2)
        up = (-size.height() / 2, -gap - size.height(), gap)
        return [at + QPointF(x, y) for y in up for x in across if (x, y) != (across[2], up[0])]


def _point(pixel: Array) -> QPointF:
    return QPointF(float(pixel[0]), float(pixel[1]))
