"""What is drawn of the loss along −∇J: three curves, the marks on them, direct labels, a cursor."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.panels import taylor_words as words
from gui.panels.taylor_labels import TaylorLabels
from gui.panels.taylor_line import CURVES, UPRIGHTS, Curve, TaylorLine
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out
from gui.widgets.numerals import exact, rounded
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.analysis.taylor import TaylorView

ALPHA, LOSS = "Step size α", "Loss J"
_HOW: Final[Line] = ("double click or Enter: train with this α", "secondary")


class TaylorPicture:
    """The layers of the line part of the Taylor panel; `line` is None where nothing is drawn."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self._view: TaylorView | None = None
        self.line: TaylorLine | None = None
        self.message = words.EMPTY
        self.log = False
        self.cursor: float | None = None
        self._layers = (
            plot.add_layer(self._paint_curves, 0, cached=True),
            plot.add_layer(self._paint_marks, 5, cached=True),
        )
        self._top = plot.add_layer(self._paint_cursor, 10)

    @property
    def labels(self) -> TaylorLabels | None:
        """The direct labels of the present line."""
        return None if self.line is None else TaylorLabels(self._plot, self.line)

    @property
    def count(self) -> int:
        """How many step sizes can be pointed at."""
        return 0 if self.line is None else len(self.line.samples())

    @property
    def number(self) -> int | None:
        """The number of the one under the cursor."""
        return self.line.number_of(self.cursor) if self.line and self.cursor is not None else None

    @property
    def start(self) -> int:
        """The number of the one that is nearest to the present rate."""
        return 0 if self.line is None else self.line.number_of(self.line.view.alpha)

    def point_to(self, number: int) -> None:
        """Show the values of one of them."""
        if self.line is not None and 0 <= number < self.count:
            self.point_at(float(self.line.samples()[number]))

    def take(self, view: TaylorView | None) -> None:
        """Draw this view from the next repaint on, or the message."""
        self._view = view
        self.message = words.EMPTY if view is None else words.sentence(view)
        self._plot.set_bare(view is None or not math.isfinite(view.loss))
        self.fit()

    def set_log(self, log: bool) -> None:
        """Count decades of α, or not."""
        self.log = log
        self.fit()

    def fit(self) -> None:
        """Bring what matters into view and draw it again."""
        view = self._view
        drawn = view is not None and math.isfinite(view.loss)
        self.line = TaylorLine(self._plot, view, self.log) if view and drawn else None
        if self.cursor is not None:
            self.cursor = None if self.line is None else self.line.nearest(self.cursor)
        for layer in (*self._layers, self._top):
            layer.update()

    def point_at(self, alpha: float | None) -> None:
        """Show the values of the sampled step size nearest on the axis, or none."""
        nearest = self.line.nearest(alpha) if self.line and alpha is not None else None
        if nearest != self.cursor:
            self.cursor = nearest
            lines = [text for text, _ in self.read_out()]
            self._plot.setAccessibleDescription("; ".join(lines))
            self._top.update()

    def read_out(self) -> list[Line]:
        """The exact values under the cursor."""
        if self.cursor is None or self.line is None:
            return []
        lines: list[Line] = [(f"α {rounded(self.cursor, 5)}", "secondary")]
        for curve, loss in zip(CURVES, self.line.losses(self.cursor), strict=True):
            lines.append((f"{curve.name} {exact(loss, sign=False)}", curve.role))
        return lines

    def _paint_curves(self, painter: QPainter) -> None:
        if self.line is None:
            return
        plot = self._plot
        plot.clip(painter)
        for curve, (x, y) in reversed(list(zip(CURVES, self.line.points(), strict=True))):
            plot.stroke(painter, plot.path(x, y), pen_of(curve, plot), curve.width)

    def _paint_marks(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if self.line is None:
            area = QRectF(0, 0, plot.extent.width(), plot.extent.height())
            paint_message(painter, self.message, area, theme)
            return
        self._paint_uprights(painter, self.line)
        painter.setPen(QPen(QColor(theme.surface), theme.scale))
        painter.setBrush(QColor(theme.positive))
        painter.drawEllipse(self.line.present(), 4.5 * theme.scale, 4.5 * theme.scale)
        font = theme.font(AXIS_TEXT)
        for text, role, box in TaylorLabels(plot, self.line).boxes():
            paint_lines(painter, [(text, role)], box.topLeft(), theme, font)

    def _paint_uprights(self, painter: QPainter, line: TaylorLine) -> None:
        rect, theme = self._plot.rect_of_plot, self._plot.theme
        for upright in UPRIGHTS:
            across = line.across(upright.value(line.view))
            if not rect.left() <= across <= rect.right():
                continue
            colour = QColor(getattr(theme, upright.role))
            pen = QPen(colour, theme.px(1))
            if upright.dashes:
                pen.setDashPattern(list(upright.dashes))
            painter.setPen(pen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.drawLine(QPointF(across, rect.top()), QPointF(across, rect.bottom()))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if upright.low:
                paint_wedge(painter, QPointF(across, rect.bottom()), 5 * theme.scale, colour)

    def _paint_cursor(self, painter: QPainter) -> None:
        plot, theme, line = self._plot, self._plot.theme, self.line
        if line is None or self.cursor is None or plot.vector:
            return
        rect, across = plot.rect_of_plot, line.across(self.cursor)
        if not math.isfinite(across):
            return
        painter.setPen(QPen(QColor(theme.secondary), theme.px(1)))
        painter.drawLine(QPointF(across, rect.top()), QPointF(across, rect.bottom()))
        for curve, loss in zip(CURVES, line.losses(self.cursor), strict=True):
            at = QPointF(across, line.up(loss))
            if math.isfinite(at.y()) and rect.contains(at):
                painter.setBrush(QColor(theme.surface))
                painter.setPen(QPen(QColor(getattr(theme, curve.role)), 1.5 * theme.scale))
                painter.drawEllipse(at, 3.5 * theme.scale, 3.5 * theme.scale)
        lines = [*self.read_out(), _HOW] if self.cursor > 0 else self.read_out()
        top = QPointF(across, rect.top())
        paint_read_out(painter, lines, top, rect, theme, theme.font(AXIS_TEXT))


def pen_of(curve: Curve, plot: PlotWidget) -> QPen:
    """Colour and dashes of a curve, for `PlotWidget.stroke`, which counts them in its own width."""
    pen = QPen(QColor(getattr(plot.theme, curve.role)))
    if curve.dashes:
        pen.setDashPattern([dash / (curve.width if plot.vector else 1) for dash in curve.dashes])
    return pen


def paint_wedge(painter: QPainter, at: QPointF, side: float, colour: QColor) -> None:
    """A mark that stands on an axis, with its foot at a pixel."""
    corners = [QPointF(-side, 0), QPointF(side, 0), QPointF(0, -1.6 * side)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
