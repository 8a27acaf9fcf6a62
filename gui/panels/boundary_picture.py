"""What is drawn of the decision boundary: heat map, contour, samples, the selected point."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.panels.boundary_samples import BoundarySamples, Place, paint_shares
from gui.theme import Theme
from gui.widgets.heat_map import HeatMap
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out, size
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.arrays import Array
from model.data.dataset import Dataset
from model.training.snapshots import DecisionGrid


class BoundaryPicture:
    """The layers of the boundary panel; each is redrawn only when what it shows has changed."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.cursor: Place | None = None
        self.pointed: Place | None = None
        self.selected: Place | None = None
        self.selected_words: list[Line] = []
        self.read_out: list[Line] = []
        self.notes: list[Line] = []
        self.message = ""
        self._contour: tuple[Array, ...] = ()
        self.shares = False
        self.heat = HeatMap(plot)
        self._line = plot.add_layer(self._paint_contour, 0)
        self.samples = BoundarySamples(plot)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def show_grid(self, grid: DecisionGrid | None) -> None:
        """Draw the heat map and its contour."""
        self.heat.show_grid(grid)
        self._contour = grid.contour if grid is not None else ()
        self._line.update()

    def refresh_texts(self) -> None:
        """Draw cursor, selection, notes and message again."""
        self._texts.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.heat.apply_theme(theme)

    def _paint_contour(self, painter: QPainter) -> None:
        plot = self._plot
        plot.clip(painter)
        pen = QPen(QColor(plot.theme.text), 1.5 * plot.theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for line in self._contour:
            painter.drawPath(plot.path(line[:, 0], line[:, 1]))

    def _paint_texts(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if self.message:
            paint_message(painter, self.message, plot.rect_of_plot, theme)
            return
        font, gap = theme.font(AXIS_TEXT), theme.px(6)
        if self.notes:
            corner = plot.rect_of_plot.topLeft() + QPointF(gap, gap)
            paint_lines(painter, self.notes, corner, theme, font)
        if self.shares:
            paint_shares(painter, plot.axes.beside_x_label(plot.extent, theme), theme)
        if self.selected is not None:
            self._paint_selected(painter, plot.pixel(*self.selected))
        if self.pointed is not None and not plot.vector:
            at = plot.pixel(*self.pointed)
            _paint_cross(painter, at, theme)
            paint_read_out(painter, self.read_out, at, plot.rect_of_plot, theme, font)

    def _paint_selected(self, painter: QPainter, at: QPointF) -> None:
        """Two rings and four ticks, which no other mark has, and the point's numbers."""
        theme = self._plot.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.surface, 5.0), (theme.accent, 2.5)):
            painter.setPen(QPen(QColor(colour), width * theme.scale))
            painter.drawEllipse(at, 9 * theme.scale, 9 * theme.scale)
            for turn in range(4):
                way = QPointF(math.cos(turn * math.pi / 2), math.sin(turn * math.pi / 2))
                painter.drawLine(at + way * 9 * theme.scale, at + way * 14 * theme.scale)
        inside = self._plot.rect_of_plot
        if self.selected_words and self.pointed != self.selected and inside.contains(at):
            self._paint_selected_words(painter, at, inside)

    def _paint_selected_words(self, painter: QPainter, at: QPointF, inside: QRectF) -> None:
        """On the side of the point on which they hide fewest samples, for they stay there."""
        theme = self._plot.theme
        font = theme.font(AXIS_TEXT)
        width, height = (length + 2 * theme.px(6) for length in size(self.selected_words, font))
        gap = theme.px(18)
        above = max(inside.left(), min(at.x() - width / 2, inside.right() - width))
        places = [
            QRectF(left, top, width, height)
            for left in (at.x() + gap, at.x() - gap - width, above)
            for top in (at.y() - gap - height, at.y() + gap)
        ]
        whole = [place for place in places if inside.contains(place)]
        best = min(whole, key=self.samples.count_in, default=inside)
        paint_read_out(painter, self.selected_words, at, best, theme, font)


def _paint_cross(painter: QPainter, at: QPointF, theme: Theme) -> None:
    arm, gap = 8 * theme.scale, 3 * theme.scale
    for colour, width in ((theme.surface, 3.0), (theme.text, 1.0)):
        painter.setPen(QPen(QColor(colour), width * theme.scale))
        for way in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
            painter.drawLine(at + way * gap, at + way * arm)


def view_of(data: Dataset, grid: DecisionGrid | None) -> QRectF:
    """The grid's rectangle, or the data's with a margin of 1; y grows upwards."""
    if grid is not None and len(grid.x) > 1 and len(grid.y) > 1:
        corners = np.array([[grid.x[0], grid.y[0]], [grid.x[-1], grid.y[-1]]])
    else:
        both = data.both[np.isfinite(data.both).all(axis=1)]
        both = both if len(both) else np.zeros((1, 2))
        corners = np.array([both.min(axis=0) - 1, both.max(axis=0) + 1])
    (left, low), (right, high) = corners
    return QRectF(left, low, right - left, high - low)
