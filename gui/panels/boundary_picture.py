"""What is drawn of the decision boundary: heat map, contour, samples, rings, the selected point."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.theme import Theme
from gui.widgets.heat_map import HeatMap
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.arrays import Array
from model.data.dataset import Dataset
from model.training.snapshots import DecisionGrid

Place = tuple[float, ...]

_TEST_SIZE, _TRAIN_SIZE, _RING = 7.0, 3.5, 6.5
_TRAIN_STRENGTH = 150
_CAPS = (
    (0.0, Qt.PenCapStyle.RoundCap, "negative", 1.0),
    (1.0, Qt.PenCapStyle.SquareCap, "positive", 0.88),
)
"""Class, shape, colour, and the share of the size that makes circle and square weigh the same."""


class BoundaryPicture:
    """The layers of the boundary panel; each is redrawn only when what it shows has changed."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.data: Dataset | None = None
        self.cursor: Place | None = None
        self.selected: Place | None = None
        self.read_out: list[Line] = []
        self.notes: list[Line] = []
        self.message = ""
        self._contour: tuple[Array, ...] = ()
        self._wrong: Array = np.empty(0, bool)
        self.heat = HeatMap(plot)
        self._line = plot.add_layer(self._paint_contour, 0)
        self._points = plot.add_layer(self._paint_points, 2, cached=True)
        self._rings = plot.add_layer(self._paint_rings, 4)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def show_data(self, data: Dataset | None) -> None:
        """Draw these samples."""
        self.data, self._wrong = data, np.empty(0, bool)
        self._points.update()

    def show_wrong(self, wrong: Array) -> None:
        """Ring these test samples, (n_test,) of bool."""
        if not np.array_equal(wrong, self._wrong):
            self._wrong = wrong
            self._rings.update()

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

    def _paint_points(self, painter: QPainter) -> None:
        if self.data is None:
            return
        self._plot.clip(painter)
        theme, data = self._plot.theme, self.data
        for label, cap, role, share in _CAPS:
            colour = QColor(getattr(theme, role))
            colour.setAlpha(_TRAIN_STRENGTH)
            size = _TRAIN_SIZE * share * theme.scale
            self._dots(painter, data.X_train[data.y_train == label], colour, size, cap)
        for label, cap, role, share in _CAPS:
            shape = self._pixels(data.X_test[data.y_test == label])
            size = _TEST_SIZE * share * theme.scale
            _draw_dots(painter, shape, QColor(theme.surface), size + 2 * theme.scale, cap)
            _draw_dots(painter, shape, QColor(getattr(theme, role)), size, cap)

    def _dots(
        self, painter: QPainter, X: Array, colour: QColor, size: float, cap: Qt.PenCapStyle
    ) -> None:
        _draw_dots(painter, self._pixels(X), colour, size, cap)

    def _pixels(self, X: Array) -> QPolygonF:
        """The samples in view as pixels; non-finite ones have no place."""
        across, up = self._plot.pixels(X[:, 0], X[:, 1])
        rect = self._plot.rect_of_plot
        inside = (across >= rect.left()) & (across <= rect.right())
        inside &= (up >= rect.top()) & (up <= rect.bottom())
        pairs = zip(across[inside].tolist(), up[inside].tolist(), strict=True)
        return QPolygonF([QPointF(x, y) for x, y in pairs])

    def _paint_rings(self, painter: QPainter) -> None:
        if self.data is None or len(self._wrong) != len(self.data.X_test):
            return
        self._plot.clip(painter)
        theme = self._plot.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.text), 1.4 * theme.scale))
        radius = _RING * theme.scale
        for point in self._pixels(self.data.X_test[self._wrong]).toList():
            painter.drawEllipse(point, radius, radius)

    def _paint_texts(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if self.message:
            paint_message(painter, self.message, plot.rect_of_plot, theme)
            return
        font, gap = theme.font(AXIS_TEXT), theme.px(6)
        if self.notes:
            corner = plot.rect_of_plot.topLeft() + QPointF(gap, gap)
            paint_lines(painter, self.notes, corner, theme, font)
        if self.selected is not None:
            self._paint_selected(painter, plot.pixel(*self.selected))
        if self.cursor is not None and not plot.vector:
            at = plot.pixel(*self.cursor)
            _paint_cross(painter, at, theme)
            paint_read_out(painter, self.read_out, at, plot.rect_of_plot, theme, font)

    def _paint_selected(self, painter: QPainter, at: QPointF) -> None:
        """Two rings and four ticks: no other mark looks so."""
        theme = self._plot.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.surface, 5.0), (theme.accent, 2.5)):
            painter.setPen(QPen(QColor(colour), width * theme.scale))
            painter.drawEllipse(at, 9 * theme.scale, 9 * theme.scale)
            for turn in range(4):
                way = QPointF(math.cos(turn * math.pi / 2), math.sin(turn * math.pi / 2))
                painter.drawLine(at + way * 9 * theme.scale, at + way * 14 * theme.scale)


def _draw_dots(
    painter: QPainter, points: QPolygonF, colour: QColor, size: float, cap: Qt.PenCapStyle
) -> None:
    pen = QPen(colour, size)
    pen.setCapStyle(cap)
    painter.setPen(pen)
    painter.drawPoints(points)


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
