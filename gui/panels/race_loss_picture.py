"""What is drawn of a race's losses: curves over each other, a label at the end of each of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.panels.race_curves import RaceCurves
from gui.race_words import FAILED, FATE_GLYPHS
from gui.run_colours import faded, run_colours
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.label_places import spread
from gui.widgets.labels import Line, paint_message, paint_read_out
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, number
from gui.widgets.trace import Trace
from model.arrays import Array
from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceRun

WIDTH, THICK = 1.25, 2.5
"""Of a curve, and of the highlighted one, in pixels before scaling."""
_LEADER: Final = 14
"""From a curve's end to its label."""
_SHIFTS: Final = (0.0, *(way * lines for lines in range(1, 9) for way in (1.0, -1.0)))
"""Lines that a label stands below the end of its curve, the nearest place first."""
_REACH: Final = 12
"""Pixels within which the pointer means a curve."""


@dataclass(frozen=True)
class EndLabel:
    """A run's label, the pixel at which its curve ends, and where its text begins, in the middle.

    `apart` says that the text stands behind all curves, and not beside the end of its own.
    """

    number: int
    text: str
    end: QPointF
    at: QPointF
    apart: bool


class RaceLossPicture:
    """The layers of the panel; `cursor` is (epoch, number of the run pointed at)."""

    def __init__(self, plot: PlotWidget, curves: RaceCurves) -> None:
        self._plot = plot
        self._curves = curves
        self.highlighted: int | None = None
        self.cursor: tuple[int, int] | None = None
        self._log, self._unit = False, 1.0
        self._colours: tuple[QColor, ...] = ()
        self._lines = plot.add_layer(self._paint_lines, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def set_axis(self, *, log: bool, unit: float) -> None:
        """The scale of the loss axis."""
        self._log, self._unit = log, unit
        self._plot.set_y_axis(log=log, unit=unit)

    def recolour(self) -> None:
        """Another race, or another theme."""
        race = self._curves.race
        self._colours = run_colours(race, self._plot.theme) if race is not None else ()
        self.refresh()

    def refresh(self) -> None:
        """Draw everything again."""
        self._lines.update()
        self._texts.update()

    def point_at(self, cursor: tuple[int, int] | None) -> None:
        """Read the value of a run at an epoch, or of none."""
        if cursor != self.cursor:
            self.cursor = cursor
            self._plot.setAccessibleDescription("; ".join(text for text, _ in self._read_out()))
            self._texts.update()

    def nearest(self, pixel: QPointF) -> tuple[int, int] | None:
        """The epoch under a pixel and the run whose curve is nearest to it, if one is near."""
        epoch = round(self._plot.position(pixel)[0])
        found: list[tuple[float, int, int]] = []
        for at, trace in self._curves.traces.items():
            here = max(0, min(trace.epoch, epoch))
            away = self._place(trace, here) - pixel
            if np.isfinite(away.y()) and abs(away.x()) <= _REACH * self._plot.theme.scale:
                found.append((abs(away.y()), at, here))
        distance, at, here = min(found, default=(np.inf, 0, 0))
        return (here, at) if distance <= 2 * _REACH * self._plot.theme.scale else None

    def run_at(self, pixel: QPointF) -> int | None:
        """The run whose label or curve is under a pixel."""
        half = self._line_height() / 2
        for label in self.end_labels():
            past = pixel.x() - label.at.x()
            if past > 0 and abs(pixel.y() - label.at.y()) <= half and (label.apart or past < 40):
                return label.number
        near = self.nearest(pixel)
        return near[1] if near is not None else None

    def label_room(self) -> float:
        """The width that the labels need at the right of the curves."""
        metrics = QFontMetricsF(self._font(bold=True))
        widest = max(map(metrics.horizontalAdvance, self._curves.labels), default=0.0)
        return widest + self._plot.theme.px(_LEADER + 6)

    def end_labels(self) -> list[EndLabel]:
        """The labels that there is room for; they stand clear of each other.

        First those of the curves that go on, the highest before the others, then those of the
        curves that have ended before.
        """
        found = {at: self._end(trace) for at, trace in self._curves.traces.items()}
        ends = {at: end for at, end in found.items() if end is not None}
        front = max((end.x() for end in ends.values()), default=0.0) - 3
        goes_on = [at for at, end in ends.items() if end.x() >= front]
        ended = [at for at in ends if at not in goes_on]
        behind = self._spread(goes_on, ends)
        return [*behind, *self._beside(ended, ends, [self._box(label) for label in behind])]

    def _spread(self, numbers: list[int], ends: dict[int, QPointF]) -> list[EndLabel]:
        """The labels of curves that go on below each other, from the top to the bottom."""
        rect, line = self._plot.rect_of_plot, self._line_height()
        order = sorted(numbers, key=lambda at: ends[at].y())
        order = self._thinned(order, max(1, int(rect.height() // line)))
        low, high = rect.top() + line / 2, rect.bottom() - line / 2
        heights = spread([ends[at].y() for at in order], line, low, high)
        column = self._labels_left()
        return [
            EndLabel(at, self._curves.labels[at], ends[at], QPointF(column, height), True)
            for at, height in zip(order, heights, strict=True)
        ]

    def _beside(
        self, numbers: list[int], ends: dict[int, QPointF], taken: list[QRectF]
    ) -> list[EndLabel]:
        """Labels beside the ends of their curves, as many as stand clear of all others."""
        rect, line = self._plot.rect_of_plot, self._line_height()
        gap = self._plot.theme.px(_LEADER)
        found = []
        for at in sorted(numbers, key=lambda at: (at != self.highlighted, ends[at].x())):
            for lines in _SHIFTS:
                height = ends[at].y() + lines * line
                corner = QPointF(ends[at].x() + gap, height)
                label = EndLabel(at, self._curves.labels[at], ends[at], corner, False)
                box = self._box(label)
                inside = rect.top() <= box.top() and box.bottom() <= rect.bottom()
                if inside and not any(box.intersects(other) for other in taken):
                    found.append(label)
                    taken.append(box)
                    break
        return sorted(found, key=lambda label: label.at.y())

    def _box(self, label: EndLabel) -> QRectF:
        """The room of a label with its sign."""
        race, line = self._curves.race, self._line_height()
        assert race is not None
        sign = line if self._glyph(race.runs[label.number]) is not None else 0.0
        text = QFontMetricsF(self._font(bold=True)).horizontalAdvance(label.text)
        return QRectF(label.at.x(), label.at.y() - line / 2, sign + text, line)

    @staticmethod
    def _glyph(run: RaceRun) -> Glyph | None:
        """The sign of an end before the last epoch."""
        return FATE_GLYPHS.get(run.fate) if run.fate is not Fate.FINISHED else None

    def _thinned(self, order: list[int], most: int) -> list[int]:
        """As many as there is room for, the highlighted one among them."""
        if len(order) <= most:
            return order
        kept = {order[round(place)] for place in np.linspace(0, len(order) - 1, most)}
        if self.highlighted in order:
            kept.discard(min(kept - {self.highlighted}))
            kept.add(self.highlighted)
        return [at for at in order if at in kept]

    def _end(self, trace: Trace) -> QPointF | None:
        """Where a curve ends, moved to the frame where that is outside; None without a number."""
        last = trace.last_finite()
        if last is None:
            return None
        rect, at = self._plot.rect_of_plot, self._place(trace, last)
        height = at.y() if np.isfinite(at.y()) else rect.bottom()
        inside = max(rect.top(), min(rect.bottom(), height))
        return QPointF(max(rect.left(), min(rect.right(), at.x())), inside)

    def _place(self, trace: Trace, epoch: int) -> QPointF:
        return self._plot.pixel(epoch, float(self._height(np.array([trace.at(epoch)]))[0]))

    def _height(self, values: Array) -> Array:
        """Losses in the coordinates of the axis; what has no logarithm leaves a gap."""
        if not self._log:
            return np.asarray(values) / self._unit
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.asarray(values) > 0, np.log10(values), np.nan)

    def _paint_lines(self, painter: QPainter) -> None:
        plot = self._plot
        plot.clip(painter)
        traces = self._curves.traces
        # The highlighted one lies above the others.
        for at in sorted(traces, key=lambda at: at == self.highlighted):
            self._paint_line(painter, traces[at], self._ink(at), at == self.highlighted)

    def _paint_line(self, painter: QPainter, trace: Trace, ink: QColor, thick: bool) -> None:
        plot = self._plot
        (low, high), _ = plot.ranges()
        columns = max(1, int(plot.rect_of_plot.width()))
        x, y = trace.points(low, high, columns, 2 * columns)
        plot.stroke(painter, plot.path(x, self._height(y)), QPen(ink), THICK if thick else WIDTH)

    def _ink(self, at: int) -> QColor:
        colour = self._colours[at]
        if self.highlighted is None or at == self.highlighted:
            return colour
        return faded(colour, self._plot.theme)

    def _paint_texts(self, painter: QPainter) -> None:
        race = self._curves.race
        if race is None or not race.runs:
            text = "Choose what varies at the left: the losses of all runs are drawn here."
            paint_message(painter, text, self._plot.rect_of_plot, self._plot.theme)
            return
        for label in self.end_labels():
            self._paint_label(painter, label, race.runs[label.number])
        if self.cursor is not None and not self._plot.vector:
            self._paint_cursor(painter)

    def _paint_label(self, painter: QPainter, label: EndLabel, run: RaceRun) -> None:
        """A line from the curve's end to its label, and a sign where the run has ended."""
        theme, ink = self._plot.theme, self._ink(label.number)
        chosen = label.number == self.highlighted
        quiet = self.highlighted is not None and not chosen
        font = self._font(bold=chosen)
        metrics = QFontMetricsF(font)
        left, half = label.at.x(), metrics.height() / 2
        glyph = self._glyph(run)
        sign = half * 2 if glyph is not None else 0.0
        if not label.apart:
            ground = QColor(theme.surface)
            ground.setAlpha(200)
            width = sign + metrics.horizontalAdvance(label.text)
            painter.fillRect(QRectF(left, label.at.y() - half, width, 2 * half), ground)
        painter.setPen(QPen(ink, 1.0 * theme.scale))
        gap = theme.px(3)
        painter.drawLine(label.end + QPointF(gap, 0), label.at - QPointF(gap, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(label.end, 2.5 * theme.scale, 2.5 * theme.scale)
        if glyph is not None:
            box = QRectF(left, label.at.y() - 0.8 * half, 1.6 * half, 1.6 * half)
            colour = QColor(theme.failure) if run.fate in FAILED else QColor(theme.secondary)
            paint_glyph(painter, glyph, box, colour)
        painter.setFont(font)
        painter.setPen(QColor(theme.secondary if quiet else theme.text))
        baseline = label.at.y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left + sign, baseline), label.text)

    def _labels_left(self) -> float:
        """All labels begin below each other, right of the longest curve or at the right end."""
        theme, rect = self._plot.theme, self._plot.rect_of_plot
        last = self._plot.pixel(self._curves.last_epoch, 0).x() + theme.px(_LEADER)
        return min(last, rect.right() - self.label_room() + theme.px(_LEADER))

    def _read_out(self) -> list[Line]:
        race = self._curves.race
        if self.cursor is None or race is None or self.cursor[1] not in self._curves.traces:
            return []
        epoch, at = self.cursor
        trace = self._curves.traces[at]
        epoch = min(epoch, trace.epoch)
        return [
            (self._curves.labels[at], "text"),
            (f"epoch {grouped(epoch)}", "secondary"),
            (f"{self._curves.share} {number(trace.at(epoch))}", "text"),
        ]

    def _paint_cursor(self, painter: QPainter) -> None:
        lines = self._read_out()
        if not lines or self.cursor is None:
            return
        plot, theme = self._plot, self._plot.theme
        epoch, at = self.cursor
        trace = self._curves.traces[at]
        place = self._place(trace, min(epoch, trace.epoch))
        rect = plot.rect_of_plot
        if np.isfinite(place.y()) and rect.adjusted(-1, -1, 1, 1).contains(place):
            painter.setBrush(QColor(theme.surface))
            painter.setPen(QPen(self._colours[at], 1.5 * theme.scale))
            painter.drawEllipse(place, 3.5 * theme.scale, 3.5 * theme.scale)
        else:
            place = QPointF(place.x(), rect.top())
        paint_read_out(painter, lines, place, rect, theme, self._font(bold=False))

    def _font(self, *, bold: bool) -> QFont:
        weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
        return self._plot.theme.font(AXIS_TEXT, weight=weight)

    def _line_height(self) -> float:
        return QFontMetricsF(self._font(bold=False)).height()
