"""What is drawn of single steps: the decrease that each promised and the one that it gave."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.panels import taylor_words as words
from gui.panels.loss_panel import log_range
from gui.panels.taylor_line import CURVES
from gui.panels.taylor_picture import paint_wedge, pen_of
from gui.widgets.label_places import place_of
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out
from gui.widgets.numerals import exact, grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.analysis.taylor import TaylorView
from model.arrays import Array

EPOCH, DECREASE = "Step from epoch", "Decrease of J"
ACTUAL, PROMISED = CURVES[0], CURVES[2]
_MARKS: Final = 200
"""Steps that went up are marked one by one up to this many."""


class StepsPicture:
    """The layers of the second part of the Taylor panel; decreases are drawn by their logarithm."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.message = words.NO_STEPS_YET
        self.cursor: int | None = None
        self._steps: Array = np.empty(0)
        self._promised: Array = np.empty(0)
        self._actual: Array = np.empty(0)
        self._curves = plot.add_layer(self._paint_curves, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)
        plot.set_y_axis(log=True)

    @property
    def count(self) -> int:
        """How many steps are known."""
        return len(self._steps)

    @property
    def number(self) -> int | None:
        """The number of the step under the cursor."""
        return self.cursor

    @property
    def start(self) -> int:
        """The number of the last one."""
        return self.count - 1

    def point_to(self, number: int) -> None:
        """Show the values of one step."""
        self.point_at(number)

    def take(self, view: TaylorView | None, message: str) -> None:
        """Draw the steps of this view, or the message where there are none."""
        self.message = message
        empty = np.empty(0)
        known = (empty,) * 3 if view is None else _steps_of(view)
        self._steps, self._promised, self._actual = known
        if self.cursor is not None:
            self.cursor = min(self.cursor, self.count - 1) if self.count else None
        self._plot.set_bare(not self.count)
        self._fit()
        self.refresh()

    def refresh(self) -> None:
        """Draw everything again."""
        self._curves.update()
        self._texts.update()

    def risen(self) -> Array:
        """Epochs of the steps that raised J, to a number or beyond all of them."""
        return self._steps[~(self._actual >= 0)]

    def index_at(self, pixel: QPointF) -> int:
        """The step nearest to a pixel."""
        return int(np.argmin(np.abs(self._steps - self._plot.position(pixel)[0])))

    def point_at(self, index: int | None) -> None:
        """Show the values of one step, or of none."""
        if not self.count or index == self.cursor:
            return
        self.cursor = None if index is None else max(0, min(self.count - 1, index))
        self._plot.setAccessibleDescription("; ".join(text for text, _ in self.read_out()))
        self._texts.update()

    def read_out(self) -> list[Line]:
        """The exact values of the step under the cursor."""
        if self.cursor is None:
            return []
        step = int(self._steps[self.cursor])
        lines: list[Line] = [(f"step {grouped(step)} → {grouped(step + 1)}", "secondary")]
        for curve, values in ((ACTUAL, self._actual), (PROMISED, self._promised)):
            lines.append((f"{curve.name} {exact(values[self.cursor], sign=False)}", curve.role))
        return lines

    def _fit(self) -> None:
        if not self.count:
            return
        both = np.concatenate([self._promised, self._actual])
        positive = both[np.isfinite(both) & (both > 0)]
        lowest, highest = (positive.min(), positive.max()) if positive.size else (1.0, 0.0)
        low, high, _ = log_range(float(lowest), float(highest))
        first, last = float(self._steps[0]), float(self._steps[-1])
        self._plot.set_range((first, last if last > first else first + 1), (low, high))

    def _points(self, values: Array) -> tuple[Array, Array]:
        with np.errstate(divide="ignore", invalid="ignore"):
            heights = np.where(values > 0, np.log10(values), np.nan)
        return _thinned(self._steps, heights, int(self._plot.rect_of_plot.width()))

    def _paint_curves(self, painter: QPainter) -> None:
        plot = self._plot
        plot.clip(painter)
        for curve, values in ((ACTUAL, self._actual), (PROMISED, self._promised)):
            path = plot.path(*self._points(values))
            plot.stroke(painter, path, pen_of(curve, plot), curve.width)

    def _paint_texts(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if not self.count:
            area = QRectF(0, 0, plot.extent.width(), plot.extent.height())
            paint_message(painter, self.message, area, theme)
            return
        self._paint_risen(painter)
        for text, role, box in self.boxes():
            paint_lines(painter, [(text, role)], box.topLeft(), theme, theme.font(AXIS_TEXT))
        if self.cursor is not None and not plot.vector:
            self._paint_cursor(painter)

    def _paint_risen(self, painter: QPainter) -> None:
        """Wedges on the epoch axis under the steps that went up."""
        plot, side = self._plot, 3 * self._plot.theme.scale
        for step in self.risen()[-_MARKS:]:
            at = QPointF(plot.pixel(float(step), 0).x(), plot.rect_of_plot.bottom())
            paint_wedge(painter, at, side, QColor(plot.theme.failure))

    def note(self) -> Line:
        """What has no logarithm: steps that raised J, or else those that left it as it was."""
        count = f"of {grouped(self.count)} steps here"
        if risen := len(self.risen()):
            return f"▲ J rose in {grouped(risen)} {count}", "failure"
        still = int(np.sum(self._actual == 0))
        return (f"J stayed as it was in {grouped(still)} {count}" if still else ""), "secondary"

    def labels(self) -> list[tuple[str, str, list[QPointF]]]:
        """Text, role and wished places, the note first."""
        rect, made = self._plot.rect_of_plot, []
        text, role = self.note()
        if text:
            height = self._size(text).height()
            bottom = rect.bottom() - height - self._plot.theme.px(7)
            places = [QPointF(rect.left() + 4, y) for y in (bottom, rect.top() + 2)]
            made.append((text, role, places))
        for curve, values in ((ACTUAL, self._actual), (PROMISED, self._promised)):
            made.append((curve.name, curve.role, self._along(curve.name, values)))
        return made

    def boxes(self) -> list[tuple[str, str, QRectF]]:
        """Text, role and place of the labels that have room."""
        both = (self._points(values) for values in (self._actual, self._promised))
        points = np.concatenate([np.column_stack(self._plot.pixels(x, y)) for x, y in both])
        taken: list[QRectF] = []
        placed = []
        inside = self._plot.rect_of_plot.adjusted(2, 1, -2, -1)
        for text, role, corners in self.labels():
            box = place_of(self._size(text), corners, inside, taken, points)
            if box is not None:
                taken.append(box.adjusted(-4, 0, 4, 0))
                placed.append((text, role, box))
        return placed

    def _along(self, text: str, values: Array) -> list[QPointF]:
        """Above and below the curve, from its end back."""
        x, y = self._points(values)
        across, up = self._plot.pixels(x[np.isfinite(y)], y[np.isfinite(y)])
        if not len(across):
            return []
        size, gap = self._size(text), self._plot.theme.px(5)
        corners = []
        for share in (1.0, 0.85, 0.7, 0.5, 0.3, 0.1):
            at = int(share * (len(across) - 1))
            left = float(across[at]) - size.width() / 2
            corners.append(QPointF(left, float(up[at]) - size.height() - gap))
            corners.append(QPointF(left, float(up[at]) + gap))
        return corners

    def _size(self, text: str) -> QSizeF:
        metrics = QFontMetricsF(self._plot.theme.font(AXIS_TEXT))
        return QSizeF(metrics.horizontalAdvance(text), metrics.height())

    def _paint_cursor(self, painter: QPainter) -> None:
        assert self.cursor is not None
        plot, theme = self._plot, self._plot.theme
        rect = plot.rect_of_plot
        across = plot.pixel(float(self._steps[self.cursor]), 0).x()
        painter.setPen(QPen(QColor(theme.secondary), theme.px(1)))
        painter.drawLine(QPointF(across, rect.top()), QPointF(across, rect.bottom()))
        top = QPointF(across, rect.top())
        paint_read_out(painter, self.read_out(), top, rect, theme, theme.font(AXIS_TEXT))


def _steps_of(view: TaylorView) -> tuple[Array, Array, Array]:
    return tuple(np.asarray(a, float) for a in (view.steps, view.promised_steps, view.actual_steps))  # type: ignore[return-value]


def _thinned(x: Array, y: Array, columns: int) -> tuple[Array, Array]:
    """Not many more points than pixels: the extremes of blocks; a block without any is a gap."""
    block = len(x) // max(1, columns)
    if block < 4:
        return x, y
    whole = len(x) // block * block
    blocks = y[:whole].reshape(-1, block)
    extremes = np.column_stack([np.fmin.reduce(blocks, axis=1), np.fmax.reduce(blocks, axis=1)])
    across = np.repeat(x[:whole:block], 2)
    return np.append(across, x[whole:]), np.append(extremes.ravel(), y[whole:])
