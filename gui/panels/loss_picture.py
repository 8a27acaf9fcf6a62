"""What is drawn of the loss: curves, their labels, the failure, the values under the cursor."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from gui.panels.panel import WAITING
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out, size
from gui.widgets.numerals import exact, grouped, named
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, number
from gui.widgets.trace import Trace
from model.arrays import Array
from model.training.snapshots import Failure

TRAIN, TEST = "train", "test"
_ROLES = {TRAIN: "text", TEST: "accent"}
_DASH = [4.0, 3.0]


class LossPicture:
    """The layers of the loss panel."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.traces: dict[str, Trace] = {}
        self.cursor: int | None = None
        self._failure: Failure | None = None
        self._log, self._unit = False, 1.0
        self._drawn: dict[str, tuple[Array, Array]] = {}
        self._curves = plot.add_layer(self._paint_curves, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)

    @property
    def last_epoch(self) -> int:
        """The present epoch."""
        return self.traces[TRAIN].epoch if self.traces else 0

    def take(self, traces: dict[str, Trace], failure: Failure | None) -> None:
        """What to draw from the next repaint on: "train", and "test" where there is a test set."""
        self.traces, self._failure = traces, failure
        self._drawn = {}
        if self.cursor is not None:
            self.cursor = min(self.cursor, self.last_epoch)

    def set_axis(self, *, log: bool, unit: float) -> None:
        """The scale of the loss axis."""
        self._log, self._unit = log, unit
        self._plot.set_y_axis(log=log, unit=unit)

    def point_at(self, epoch: int | None) -> None:
        """Show the values of one epoch, or of none."""
        if epoch != self.cursor and self.traces:
            self.cursor = epoch
            self._plot.setAccessibleDescription("; ".join(text for text, _ in self._read_out()))
            self._texts.update()

    def refresh(self) -> None:
        """Draw the curves again."""
        self._curves.update()
        self._texts.update()

    def _height(self, values: Array) -> Array:
        """Losses in the coordinates of the axis; what has no logarithm leaves a gap."""
        if not self._log:
            return np.asarray(values) / self._unit
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.asarray(values) > 0, np.log10(values), np.nan)

    def _paint_curves(self, painter: QPainter) -> None:
        plot = self._plot
        plot.clip(painter)
        (low, high), _ = plot.ranges()
        for name, trace in self.traces.items():
            x, values = trace.points(low, high, int(plot.rect_of_plot.width()))
            y = self._height(values)
            self._drawn[name] = plot.pixels(x, y)
            pen = QPen(QColor(getattr(plot.theme, _ROLES[name])))
            if name == TEST:
                pen.setDashPattern(_DASH if not plot.vector else [d / 1.5 for d in _DASH])
            plot.stroke(painter, plot.path(x, y), pen, 1.5)

    def _paint_texts(self, painter: QPainter) -> None:
        if not self.traces:
            paint_message(painter, WAITING, self._plot.rect_of_plot, self._plot.theme)
            return
        below = self._paint_notes(painter)
        self._paint_end_labels(painter, below)
        if self.cursor is not None and not self._plot.vector:
            self._paint_cursor(painter)

    def _paint_notes(self, painter: QPainter) -> float:
        """The failure's line and what could not be drawn; returns where they end."""
        rect, theme = self._plot.rect_of_plot, self._plot.theme
        lines = self._notes()
        across = rect.left()
        if self._failure is not None:
            across = self._plot.pixel(self._failure.epoch, 0).x()
            if rect.left() <= across <= rect.right():
                self._paint_upright(painter, across, theme.failure)
        if not lines:
            return rect.top()
        font, gap = theme.font(AXIS_TEXT), theme.px(6)
        width, _ = size(lines, font)
        left = across + gap if across + gap + width < rect.right() else across - gap - width
        corner = QPointF(max(rect.left() + gap, left), rect.top() + theme.px(2))
        return paint_lines(painter, lines, corner, theme, font).bottom()

    def _paint_upright(self, painter: QPainter, across: float, colour: str) -> None:
        """A line over the whole height, sharp as the grid is."""
        rect = self._plot.rect_of_plot
        painter.setPen(QPen(QColor(colour), self._plot.theme.px(1)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawLine(QPointF(across, rect.top()), QPointF(across, rect.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _notes(self) -> list[Line]:
        lines: list[Line] = []
        if self._failure is not None:
            lines.append((f"diverged at epoch {grouped(self._failure.epoch)}", "failure"))
        for name, trace in self.traces.items():
            if trace.last_finite() is None:
                lines.append((f"{name} {named(trace.present)} from epoch 0", "failure"))
            elif self._log and (count := trace.not_positive()):
                epochs = "epoch" if count == 1 else "epochs"
                text = f"{name} loss ≤ 0 in {grouped(count)} {epochs}, not on a log scale"
                lines.append((text, "secondary"))
        return lines

    def _end_labels(self) -> list[tuple[Line, QPointF]]:
        """Each curve's label and the pixel at which its line ends, the upper one first."""
        labels = []
        for name, trace in self.traces.items():
            end = trace.last_finite()
            if end is None:
                continue
            if end == trace.epoch:
                text = f"{name} {number(trace.present)}"
            else:
                text = f"{name} {named(trace.at(end + 1))} from epoch {grouped(end + 1)}"
            text += " (dashed)" if name == TEST else ""
            height = float(self._height(np.array([trace.at(end)]))[0])
            at = self._plot.pixel(end, height if np.isfinite(height) else 0.0)
            labels.append(((text, _ROLES[name]), at))
        return sorted(labels, key=lambda label: round(label[1].y()))

    def _paint_end_labels(self, painter: QPainter, top: float) -> None:
        labels = self._end_labels()
        if not labels:
            return
        theme, rect = self._plot.theme, self._plot.rect_of_plot
        font = theme.font(AXIS_TEXT)
        for (_, role), at in labels:
            if rect.adjusted(-1, -1, 1, 1).contains(at):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(getattr(theme, role)))
                painter.drawEllipse(at, theme.scale * 2.5, theme.scale * 2.5)
        labels = self._fitting(labels, rect.width() - theme.px(8), font)
        width, height = size([line for line, _ in labels], font)
        room = QRectF(rect.left(), top, rect.width(), rect.bottom() - top)
        end, gap = max(at.x() for _, at in labels), theme.px(8)
        if end + gap + width <= rect.right():
            corners = _beside(end + gap, [at.y() for _, at in labels], height / len(labels), room)
        else:
            left = max(rect.left() + gap, rect.right() - width - gap)
            corners = self._clear_of_curves(left, height, len(labels), room)
        for (line, _), corner in zip(labels, corners, strict=True):
            paint_lines(painter, [line], corner, theme, font)

    def _fitting(
        self, labels: list[tuple[Line, QPointF]], room: float, font: QFont
    ) -> list[tuple[Line, QPointF]]:
        """Without the dashes' word, or then with the number alone, where it would be cut off."""
        for words in (slice(None), slice(2), slice(1, 2)):
            short = [((" ".join(text.split(" ")[words]), role), at) for (text, role), at in labels]
            if size([line for line, _ in short], font)[0] <= room:
                return short
        return short

    def _clear_of_curves(
        self, left: float, height: float, count: int, room: QRectF
    ) -> list[QPointF]:
        """Above all curves at the right end, or else below them, or else at the top."""
        gap = self._plot.theme.px(8)
        near = [up[(across >= left - gap) & np.isfinite(up)] for across, up in self._drawn.values()]
        heights = np.concatenate(near) if near else np.empty(0)
        top = float(heights.min(initial=room.bottom())) - gap - height
        if top < room.top():
            top = float(heights.max(initial=room.top())) + gap
        if top + height > room.bottom():
            top = room.top() + gap / 2
        return [QPointF(left, top + number * height / count) for number in range(count)]

    def _read_out(self) -> list[Line]:
        if self.cursor is None:
            return []
        lines: list[Line] = [(f"epoch {grouped(self.cursor)}", "secondary")]
        for name, trace in self.traces.items():
            lines.append((f"{name} {exact(trace.at(self.cursor), sign=False)}", _ROLES[name]))
        return lines

    def _paint_cursor(self, painter: QPainter) -> None:
        assert self.cursor is not None
        plot, theme = self._plot, self._plot.theme
        rect = plot.rect_of_plot
        across = plot.pixel(self.cursor, 0).x()
        if not rect.left() - 1 <= across <= rect.right() + 1:
            return
        self._paint_upright(painter, across, theme.secondary)
        for name, trace in self.traces.items():
            at = plot.pixel(self.cursor, float(self._height(np.array([trace.at(self.cursor)]))[0]))
            if np.isfinite(at.y()) and rect.contains(at):
                painter.setBrush(QColor(theme.surface))
                painter.setPen(QPen(QColor(getattr(theme, _ROLES[name])), 1.5 * theme.scale))
                painter.drawEllipse(at, 3.5 * theme.scale, 3.5 * theme.scale)
        top = QPointF(across, rect.top())
        paint_read_out(painter, self._read_out(), top, rect, theme, theme.font(AXIS_TEXT))


def _beside(left: float, ends: list[float], line: float, room: QRectF) -> list[QPointF]:
    """Upper left corners of labels beside their curves' ends, moved apart where they touch."""
    first, last = room.top(), room.bottom() - line
    tops = [max(first, min(last, end - line / 2)) for end in ends]
    if len(tops) == 2 and tops[1] - tops[0] < line:
        middle = max(first + line / 2, min(last - line / 2, (tops[0] + tops[1]) / 2))
        tops = [middle - line / 2, middle + line / 2]
    return [QPointF(left, top) for top in tops]
