"""What is drawn of time: past and future of the loss, the other branches, and the present."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.panels.time_curves import BranchCurve, Points, TimeCurves
from gui.theme import blend
from gui.widgets.label_places import place_of
from gui.widgets.labels import paint_lines, paint_message, paint_read_out
from gui.widgets.numerals import exact, grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.arrays import Array
from model.training.snapshots import Failure

EMPTY: Final = "Run or step: the loss of every epoch becomes a line to drag along."
REACH: Final = 6
"""Pixels from a branch's curve within which it is meant."""
HANDLE: Final = 5.0
"""Radius of the handle."""
_DASH: Final = [4.0, 3.0]


class TimePicture:
    """The layers of the time line.

    `epoch` is where the handle stands, `cursor` an epoch that is pointed at, `chosen` the number of
    the branch that stands out.
    """

    def __init__(self, plot: PlotWidget, curves: TimeCurves) -> None:
        self._plot, self._curves = plot, curves
        self.epoch = 0
        self.cursor: int | None = None
        self.chosen: int | None = None
        self.held = False
        self.failure: Failure | None = None
        self._log, self._unit = False, 1.0
        self._labels: dict[int, QRectF] = {}
        self._lines = plot.add_layer(self._paint_curves, 0, cached=True)
        self._texts = plot.add_layer(self._paint_present, 10)

    def set_axis(self, *, log: bool, unit: float) -> None:
        """The scale of the loss axis."""
        self._log, self._unit = log, unit
        self._plot.set_y_axis(log=log, unit=unit)

    def point_at(self, epoch: int | None) -> None:
        """Show the loss of one epoch, or of none."""
        if epoch != self.cursor:
            self.cursor = epoch
            self._texts.update()

    def choose(self, branch: int | None) -> None:
        """Let a branch stand out."""
        if branch != self.chosen:
            self.chosen = branch
            self.refresh()

    def refresh(self) -> None:
        """Draw everything again."""
        self._lines.update()
        self._texts.update()

    def read_out(self, epoch: int) -> str:
        """An epoch and its loss in full."""
        return f"epoch {grouped(epoch)} · {self._loss_text(epoch)}"

    def _loss_text(self, epoch: int) -> str:
        """The loss of the last state is recorded only when that is left."""
        loss = self._curves.loss_at(epoch)
        if np.isnan(loss) and epoch == self._curves.recorded and self.failure is None:
            return "loss known once you go there"
        return f"loss {exact(loss, sign=False)}"

    def handle(self) -> QPointF:
        """Where the handle is, in pixels; on the axis where the loss has no place."""
        at = self._pixel_of(self.epoch, self._curves.loss_at(self.epoch))
        rect = self._plot.rect_of_plot
        up = at.y() if np.isfinite(at.y()) else rect.bottom()
        return QPointF(at.x(), max(rect.top(), min(rect.bottom(), up)))

    def branch_at(self, pixel: QPointF) -> int | None:
        """The branch whose name or curve is there; the present one's own curve goes first."""
        for number, box in self._labels.items():
            if box.contains(pixel):
                return number
        reach = self._plot.theme.px(REACH)
        epoch = round(self._plot.position(pixel)[0])
        near = {n: self._distance(c, epoch, pixel) for n, c in self._curves.branches.items()}
        near = {number: apart for number, apart in near.items() if apart <= reach}
        if not near:
            return None
        nearest = min(near, key=lambda number: near[number])
        own = self._pixel_of(epoch, self._curves.loss_at(epoch))
        return nearest if not abs(own.y() - pixel.y()) <= near[nearest] else None

    def _distance(self, curve: BranchCurve, epoch: int, pixel: QPointF) -> float:
        if not curve.start <= epoch <= curve.last_epoch:
            return float("inf")
        apart = abs(self._pixel_of(epoch, curve.trace.at(epoch - curve.start)).y() - pixel.y())
        return apart if np.isfinite(apart) else float("inf")

    def _height(self, values: Array) -> Array:
        """Losses in the coordinates of the axis; what has no logarithm leaves a gap."""
        if not self._log:
            return np.asarray(values) / self._unit
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.asarray(values) > 0, np.log10(values), np.nan)

    def _pixel_of(self, epoch: int, loss: float) -> QPointF:
        return self._plot.pixel(epoch, float(self._height(np.array([loss]))[0]))

    def _paint_curves(self, painter: QPainter) -> None:
        curves, plot, theme = self._curves, self._plot, self._plot.theme
        if curves.empty:
            return
        plot.clip(painter)
        (low, high), _ = plot.ranges()
        columns = int(plot.rect_of_plot.width())
        for number, curve in curves.branches.items():
            chosen = number == self.chosen
            colour = QColor(theme.text) if chosen else blend(theme.surface, theme.secondary, 0.6)
            self._stroke(painter, curve.points(low, high, columns), colour, 1.0, dashed=True)
        past, future = curves.points(low, high, columns, self.epoch)
        self._stroke(painter, future, QColor(theme.secondary), 1.0, dashed=True)
        self._stroke(painter, past, QColor(theme.text), 1.5, dashed=False)

    def _stroke(
        self, painter: QPainter, points: Points, colour: QColor, width: float, *, dashed: bool
    ) -> None:
        pen = QPen(colour)
        if dashed:
            pen.setDashPattern(_DASH)
        x, y = points
        self._plot.stroke(painter, self._plot.path(x, self._height(y)), pen, width)

    def _paint_present(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if self._curves.empty:
            paint_message(painter, EMPTY, plot.rect_of_plot, theme)
            return
        self._paint_upright(painter, self.handle().x(), theme.accent, theme.px(2))
        if self.failure is not None:
            self._paint_failure(painter, self.failure)
        self._paint_names(painter)
        self._paint_handle(painter)
        epoch = self.epoch if self.held else self.cursor
        if epoch is not None and not plot.vector:
            self._paint_cursor(painter, epoch)

    def _paint_upright(self, painter: QPainter, across: float, colour: str, width: float) -> None:
        """A line over the whole height, sharp as the grid is."""
        rect = self._plot.rect_of_plot
        painter.setPen(QPen(QColor(colour), width))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLine(QPointF(across, rect.top()), QPointF(across, rect.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_failure(self, painter: QPainter, failure: Failure) -> None:
        theme, rect = self._plot.theme, self._plot.rect_of_plot
        across = self._plot.pixel(failure.epoch, 0).x()
        self._paint_upright(painter, across, theme.failure, theme.px(1))
        font, text = theme.font(AXIS_TEXT), f"diverged at epoch {grouped(failure.epoch)}"
        width, gap = QFontMetricsF(font).horizontalAdvance(text), theme.px(8)
        left = across + gap if across + gap + width <= rect.right() else across - gap - width
        paint_lines(painter, [(text, "failure")], QPointF(left, rect.top()), theme, font)

    def _paint_handle(self, painter: QPainter) -> None:
        theme, at = self._plot.theme, self.handle()
        radius = (HANDLE + (1.5 if self.held else 0.0)) * theme.scale
        painter.setPen(QPen(QColor(theme.surface), 1.5 * theme.scale))
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(at, radius, radius)

    def _paint_cursor(self, painter: QPainter, epoch: int) -> None:
        """The values under the pointer, or at the handle while it is held."""
        plot, theme = self._plot, self._plot.theme
        at = self._pixel_of(epoch, self._curves.loss_at(epoch))
        if not self.held:
            self._paint_upright(painter, at.x(), theme.secondary, theme.px(1))
        lines = [(text, "text") for text in self.read_out(epoch).split(" · ")]
        top = QPointF(at.x(), plot.rect_of_plot.top())
        paint_read_out(painter, lines, top, plot.rect_of_plot, theme, theme.font(AXIS_TEXT))

    def _paint_names(self, painter: QPainter) -> None:
        """Each branch's name near its end, as many as have room; the chosen one in any case."""
        theme, font = self._plot.theme, self._plot.theme.font(AXIS_TEXT)
        self._labels = {}
        if not self._curves.branches:
            return
        drawn = self._drawn_points()
        for number in sorted(self._curves.branches, key=lambda number: number != self.chosen):
            curve = self._curves.branches[number]
            box = self._place_of(curve, QFontMetricsF(font), drawn)
            if box is None:
                continue
            role = "text" if number == self.chosen else "secondary"
            paint_lines(painter, [(_name(curve), role)], box.topLeft(), theme, font)
            self._labels[number] = box

    def _place_of(self, curve: BranchCurve, metrics: QFontMetricsF, drawn: Array) -> QRectF | None:
        """Behind the end of the curve, else above, below or before it: where least is covered."""
        rect, gap = self._plot.rect_of_plot, self._plot.theme.px(8)
        end = curve.trace.last_finite()
        if end is None:
            return None
        at = self._pixel_of(curve.start + end, curve.trace.at(end))
        size = QSizeF(metrics.horizontalAdvance(_name(curve)), metrics.height())
        left, above = at.x() - size.width() - gap, at.y() - size.height() - gap / 2
        heights = [at.y() - size.height() / 2, above, at.y() + gap / 2]
        heights += np.linspace(rect.top(), rect.bottom() - size.height(), 6).tolist()
        corners = [QPointF(at.x() + gap, heights[0])]
        corners += [QPointF(x, y) for y in heights[1:] for x in (at.x() + gap, left)]
        return place_of(size, corners, rect, list(self._labels.values()), drawn)

    def _drawn_points(self) -> Array:
        """(n, 2): pixels of every curve, and of the handle with its upright line."""
        (low, high), _ = self._plot.ranges()
        columns = int(self._plot.rect_of_plot.width())
        curves = [c.points(low, high, columns) for c in self._curves.branches.values()]
        curves += self._curves.points(low, high, columns, self.epoch)
        pixels = [self._pixels(*points) for points in curves]
        rect, across = self._plot.rect_of_plot, self.handle().x()
        upright = np.linspace(rect.top(), rect.bottom(), max(2, int(rect.height() / 4)))
        pixels.append(np.column_stack([np.full(len(upright), across), upright]))
        return np.vstack(pixels)

    def _pixels(self, x: Array, y: Array) -> Array:
        """(n, 2): points of a curve in pixels, close enough to each other for a label to meet."""
        heights = self._height(y)
        keep = np.isfinite(heights)
        x, heights = x[keep], heights[keep]
        if len(x) > 1:
            steps = np.linspace(x[0], x[-1], max(len(x), int(self._plot.rect_of_plot.width() / 4)))
            heights, x = np.interp(steps, x, heights), steps
        zero, one = self._plot.pixel(0, 0), self._plot.pixel(1, 1)
        across = zero.x() + x * (one.x() - zero.x())
        return np.column_stack([across, zero.y() + heights * (one.y() - zero.y())])


def _name(curve: BranchCurve) -> str:
    return f"branch “{curve.view.name}”"
