"""The two axes of a plot: where they leave room for the data, their ticks, texts and grid."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.theme import Theme
from gui.widgets.ticks import AXIS_TEXT, Ticks, linear_ticks, log_ticks

Range = tuple[float, float]
ToPixel = Callable[[float, float], QPointF]


class Axes:
    """Labelled axes; with `log`, y is an exponent of ten; the y texts are y times `unit`.

    With `log_x`, x is an exponent of ten. An empty label takes no room.

    `widest` bounds the width of the plot as a multiple of its height; behind `last_x` there are no
    ticks: what stands there is no data.
    """

    def __init__(self, x_label: str, y_label: str) -> None:
        self.labels = (x_label, y_label)
        self.log, self.unit, self.log_x = False, 1.0, False
        self.widest = self.last_x = float("inf")
        self.rect = QRectF(0, 0, 1, 1)
        self._margins = (0.0, 0.0)
        self._ticks: tuple[Ticks, Ticks] = ([], [])

    def lay_out(self, extent: QSizeF, x: Range, y: Range, theme: Theme) -> None:
        """Choose the ticks, and `rect`, the room between them, for a plot of this size."""
        metrics, px = _metrics(theme), theme.px
        lines = [metrics.height() if label else 0.0 for label in self.labels]
        above, below = px(8), metrics.height() + lines[0] + px(10)
        height = extent.height() - above - below
        most = max(2, int(height / px(38)))
        y_ticks = log_ticks(*y, most) if self.log else linear_ticks(*y, most, self.unit)
        left = _widest(y_ticks, metrics) + lines[1] + px(16)
        width = extent.width() - left - px(14)
        spare = max(0.0, width - self.widest * height) / 2
        self._margins = left + px(14), above + below
        x_ticks = log_ticks if self.log_x else linear_ticks
        fitting = _fitting(x, width, theme, x_ticks)
        self._ticks = [tick for tick in fitting if tick[0] <= self.last_x], y_ticks
        self.rect = QRectF(left + spare, above, max(1.0, width - 2 * spare), max(1.0, height))

    def widest_extent(self, height: float) -> float:
        """The width beyond which a picture of this height leaves room unused at its sides."""
        across, upright = self._margins
        return across + self.widest * max(1.0, height - upright)

    def beside_x_label(self, extent: QSizeF, theme: Theme) -> QRectF:
        """What is free at the right of the name of x."""
        metrics, gap = _metrics(theme), theme.px(10)
        half = metrics.horizontalAdvance(self.labels[0]) / 2
        top = self.rect.bottom() + theme.px(5) + metrics.height()
        left = self.rect.center().x() + half + gap
        right = min(extent.width(), self.rect.right() + theme.px(8))
        return QRectF(left, top, max(0.0, right - left), metrics.height())

    def paint_grid(self, painter: QPainter, to_pixel: ToPixel, pen: QPen) -> None:
        """A line at each tick."""
        rect = self.rect
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for x, _ in self._ticks[0]:
            across = to_pixel(x, 0).x()
            painter.drawLine(QPointF(across, rect.top()), QPointF(across, rect.bottom()))
        for y, _ in self._ticks[1]:
            up = to_pixel(0, y).y()
            painter.drawLine(QPointF(rect.left(), up), QPointF(rect.right(), up))

    def paint_texts(
        self, painter: QPainter, to_pixel: ToPixel, extent: QSizeF, theme: Theme
    ) -> None:
        """The ticks' texts and the names of both quantities."""
        painter.setFont(theme.font(AXIS_TEXT))
        painter.setPen(QColor(theme.secondary))
        self._paint_x(painter, to_pixel, extent, theme)
        self._paint_y(painter, to_pixel, extent, theme)

    def _paint_x(self, painter: QPainter, to_pixel: ToPixel, extent: QSizeF, theme: Theme) -> None:
        rect, metrics = self.rect, _metrics(theme)
        # The last text may stand half over the plot's edge, for which there is a margin of its own.
        edge = rect.right() + theme.px(14)
        baseline = rect.bottom() + theme.px(4) + metrics.ascent()
        for x, text in self._ticks[0]:
            width = metrics.horizontalAdvance(text)
            left = min(to_pixel(x, 0).x() - width / 2, edge - width)
            painter.drawText(QPointF(left, baseline), text)
        name, start = _placed(self.labels[0], rect.center().x(), extent.width(), metrics)
        below = baseline + metrics.height() + theme.px(1)
        painter.drawText(QPointF(start, below), name)

    def _paint_y(self, painter: QPainter, to_pixel: ToPixel, extent: QSizeF, theme: Theme) -> None:
        rect, metrics = self.rect, _metrics(theme)
        right = rect.left() - theme.px(6)
        middle = (metrics.ascent() - metrics.descent()) / 2
        for y, text in self._ticks[1]:
            width = metrics.horizontalAdvance(text)
            painter.drawText(QPointF(right - width, to_pixel(0, y).y() + middle), text)
        widest = _widest(self._ticks[1], metrics)
        painter.save()
        painter.translate(right - widest - theme.px(4) - metrics.descent(), extent.height())
        painter.rotate(-90)
        middle = extent.height() - rect.center().y()
        name, start = _placed(self.labels[1], middle, extent.height(), metrics)
        painter.drawText(QPointF(start, 0), name)
        painter.restore()


def _placed(name: str, middle: float, room: float, metrics: QFontMetricsF) -> tuple[str, float]:
    """As much of a name as there is room for, and where it starts to be whole in 0 … `room`."""
    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
    width = metrics.horizontalAdvance(text)
    return text, max(0.0, min(middle - width / 2, room - width))


def _metrics(theme: Theme) -> QFontMetricsF:
    return QFontMetricsF(theme.font(AXIS_TEXT))


def _widest(ticks: Ticks, metrics: QFontMetricsF) -> float:
    return max((metrics.horizontalAdvance(text) for _, text in ticks), default=0.0)


def _fitting(
    x: Range, width: float, theme: Theme, ticks_of: Callable[[float, float, int], Ticks]
) -> Ticks:
    """As many ticks as have room for their texts."""
    metrics, gap = _metrics(theme), theme.px(20)
    most = max(2, int(width / theme.px(48)))
    ticks = ticks_of(*x, most)
    while most > 2 and sum(metrics.horizontalAdvance(t) + gap for _, t in ticks) > width + gap:
        most -= 1
        ticks = ticks_of(*x, most)
    return ticks
