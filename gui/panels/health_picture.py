"""The gradient norm of each layer over the epochs, by its logarithm, with a label at each end."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.panels import health_words as words
from gui.panels.loss_panel import log_range
from gui.theme import Theme, blend
from gui.widgets.label_places import spread
from gui.widgets.labels import Line, paint_message, paint_read_out
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.analysis.layer_health import HealthView
from model.arrays import Array

EPOCH, NORM = "Epoch", "Gradient norm ‖∇W, ∇b‖"
_PALEST: Final = 0.5
"""How far from the surface the first layer's colour is."""
_DASHES: Final[tuple[list[float], ...]] = ([], [6.0, 3.0], [2.0, 2.0])
"""Neighbours in turn, so that colour alone never tells two layers apart."""


class GradientPicture:
    """The layers of the plot on the health panel."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self._epochs: Array = np.empty(0)
        self._norms: Array = np.empty((0, 0))
        self.cursor: int | None = None
        self._curves = plot.add_layer(self._paint_curves, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)
        plot.set_y_axis(log=True)

    @property
    def count(self) -> int:
        """How many epochs are known."""
        return len(self._epochs)

    def take(self, view: HealthView | None) -> None:
        """Draw the gradient norms of this view, or none."""
        self._epochs = np.empty(0) if view is None else np.asarray(view.epochs, float)
        self._norms = np.empty((0, 0)) if view is None else np.asarray(view.gradient_norms)
        if self.cursor is not None:
            self.cursor = min(self.cursor, self.count - 1) if self.count else None
        self._plot.set_bare(not self.count)
        self.fit()

    def fit(self, width: float | None = None) -> None:
        """Bring every value into view, with room for the labels behind the last epoch.

        `width` is that of the plot's frame where it is to be drawn in another size.
        """
        if self.count:
            positive = self._norms[np.isfinite(self._norms) & (self._norms > 0)]
            lowest, highest = (positive.min(), positive.max()) if positive.size else (1.0, 0.0)
            low, high, _ = log_range(float(lowest), float(highest))
            first, last = float(self._epochs[0]), float(self._epochs[-1])
            length = max(1.0, last - first)
            room = self._label_width()
            wide = self._plot.rect_of_plot.width() if width is None else width
            end = first + length * wide / max(1.0, wide - room)
            self._plot.set_range((first, end), (low, high))
        self._curves.update()
        self._texts.update()

    def index_at(self, pixel: QPointF) -> int:
        """The known epoch nearest to a pixel."""
        return int(np.argmin(np.abs(self._epochs - self._plot.position(pixel)[0])))

    def point_at(self, index: int | None) -> None:
        """Show the norms of one of the known epochs, or of none."""
        if not self.count or index == self.cursor:
            return
        self.cursor = None if index is None else max(0, min(self.count - 1, index))
        self._plot.setAccessibleDescription("; ".join(text for text, _ in self.read_out()))
        self._texts.update()

    def read_out(self) -> list[Line]:
        """The numbers under the cursor."""
        if self.cursor is None:
            return []
        texts = words.norm_lines(int(self._epochs[self.cursor]), self._norms[self.cursor].tolist())
        return [(text, "text" if number else "secondary") for number, text in enumerate(texts)]

    def labels(self) -> list[tuple[int, str, QPointF]]:
        """Layer, text and upper left corner of the label behind each curve, from above down."""
        if not self.count:
            return []
        plot, rect = self._plot, self._plot.rect_of_plot
        line = QFontMetricsF(plot.theme.font(AXIS_TEXT)).height()
        ends = sorted((self._height_of_end(l), l) for l in range(self._norms.shape[1]))
        wanted = [up - line / 2 for up, _ in ends]
        tops = spread(wanted, line, rect.top(), rect.bottom() - line)
        left = plot.pixel(float(self._epochs[-1]), 0).x() + plot.theme.px(8)
        return [
            (l, words.end_text(l + 1, float(self._norms[-1, l])), QPointF(left, top))
            for (_, l), top in zip(ends, tops, strict=True)
        ]

    def _height_of_end(self, layer: int) -> float:
        """The pixel at which a curve ends; that of the axis where its last norm is 0 or none."""
        norm, rect = float(self._norms[-1, layer]), self._plot.rect_of_plot
        if not np.isfinite(norm):
            return rect.top()
        return self._plot.pixel(0, float(np.log10(norm))).y() if norm > 0 else rect.bottom()

    def _label_width(self) -> float:
        metrics = QFontMetricsF(self._plot.theme.font(AXIS_TEXT))
        texts = [
            words.end_text(l, norm) for l, norm in enumerate(self._norms[-1].tolist(), start=1)
        ]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
        return widest + self._plot.theme.px(12)

    def _paint_curves(self, painter: QPainter) -> None:
        plot = self._plot
        plot.clip(painter)
        with np.errstate(divide="ignore", invalid="ignore"):
            heights = np.where(self._norms > 0, np.log10(self._norms), np.nan)
        for layer in range(heights.shape[1]):
            pen = QPen(colour_of(layer, heights.shape[1], plot.theme))
            if dashes := _DASHES[layer % len(_DASHES)]:
                pen.setDashPattern([dash / (1.5 if plot.vector else 1) for dash in dashes])
            plot.stroke(painter, plot.path(self._epochs, heights[:, layer]), pen, 1.5)

    def _paint_texts(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if not self.count:
            area = QRectF(0, 0, plot.extent.width(), plot.extent.height())
            paint_message(painter, words.NO_GRADIENTS, area, theme)
            return
        font = theme.font(AXIS_TEXT)
        ascent = QFontMetricsF(font).ascent()
        painter.setFont(font)
        for layer, text, corner in self.labels():
            end = QPointF(corner.x() - theme.px(8), self._height_of_end(layer))
            colour = colour_of(layer, self._norms.shape[1], theme)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(end, 2.5 * theme.scale, 2.5 * theme.scale)
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(corner.x(), corner.y() + ascent), text)
        if self.cursor is not None and not plot.vector:
            self._paint_cursor(painter)

    def _paint_cursor(self, painter: QPainter) -> None:
        assert self.cursor is not None
        plot, theme = self._plot, self._plot.theme
        rect = plot.rect_of_plot
        across = plot.pixel(float(self._epochs[self.cursor]), 0).x()
        painter.setPen(QPen(QColor(theme.secondary), theme.px(1)))
        painter.drawLine(QPointF(across, rect.top()), QPointF(across, rect.bottom()))
        top = QPointF(across, rect.top())
        paint_read_out(painter, self.read_out(), top, rect, theme, theme.font(AXIS_TEXT))


def colour_of(layer: int, count: int, theme: Theme) -> QColor:
    """From pale for the first layer to strong for the last; `layer` counts from 0."""
    share = 1.0 if count < 2 else _PALEST + (1 - _PALEST) * layer / (count - 1)
    return blend(theme.surface, theme.positive, share)
