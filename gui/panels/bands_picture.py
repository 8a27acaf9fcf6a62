"""What is drawn of loss bands: median lines in their quartiles, each with a label at its end."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gui.panels.sweep_colours import group_colours
from gui.panels.sweep_panel import EMPTY, NO_RUN
from gui.run_colours import faded
from gui.sweep_words import short_words
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.label_places import spread
from gui.widgets.labels import Line, paint_message, paint_read_out
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, number
from model.arrays import Array
from model.lab.loss_bands import LossBand
from model.lab.results import Results

MOST: Final = 32
"""Bands that one picture shows; more of them are a fog."""
_WIDTH, _THICK = 1.5, 2.75
_VEIL: Final = 60
"""Strength of a band's ground."""
_LEADER: Final = 14
_GROWN: Final = 1.2
"""Times its first value up to which a band that rises stays in view."""
_SHORT: Final = 40
"""Pixels of a label beside its line that can be clicked."""
_REACH: Final = 24
"""Pixels within which the pointer means a line."""


@dataclass(frozen=True)
class BandLabel:
    """A band's words, where its line ends and where the words begin, in the middle.

    `apart` says that they stand behind all lines, and not beside the end of their own.
    """

    band: int
    text: str
    end: QPointF
    at: QPointF
    apart: bool


class BandsPicture:
    """The layers of the panel; `cursor` is (point, band) of the median that is read."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.bands: tuple[LossBand, ...] = ()
        self.highlighted: int | None = None
        self.cursor: tuple[int, int] | None = None
        self._results: Results | None = None
        self._log, self._unit = False, 1.0
        self._colours: tuple[QColor, ...] = ()
        self._lines = plot.add_layer(self._paint_bands, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def show(self, results: Results | None) -> None:
        """Draw these results from the next repaint on."""
        self._results = results
        self.bands = results.bands[:MOST] if results is not None else ()
        if self.highlighted is not None and self.highlighted >= len(self.bands):
            self.highlighted = None
        self.cursor = None
        self.recolour()

    def set_axis(self, *, log: bool, unit: float) -> None:
        """The scale of the loss axis."""
        self._log, self._unit = log, unit
        self._plot.set_y_axis(log=log, unit=unit)

    def recolour(self) -> None:
        """Other results, or another theme."""
        if self._results is not None:
            colours = group_colours(self._results, self._plot.theme)
            self._colours = tuple(colours[band.varied] for band in self.bands)
        self.refresh()

    def refresh(self) -> None:
        """Draw everything again."""
        self._lines.update()
        self._texts.update()

    def highlight(self, band: int | None) -> None:
        """Let a band stand out."""
        if band != self.highlighted:
            self.highlighted = band
            self.refresh()

    def point_at(self, cursor: tuple[int, int] | None) -> None:
        """Read a median at one of its points, or none."""
        if cursor != self.cursor:
            self.cursor = cursor
            words = "; ".join(text for text, _ in self.read_out())
            self._plot.setAccessibleDescription(words)
            self._texts.update()

    def nearest(self, pixel: QPointF) -> tuple[int, int] | None:
        """The point and the band whose median is nearest above or below a pixel."""
        epoch, _ = self._plot.position(pixel)
        found = []
        for place, band in enumerate(self.bands):
            point = int(np.abs(band.epochs - epoch).argmin())
            away = self._at(band, point) - pixel
            if np.isfinite(away.y()) and abs(away.x()) < _REACH:
                found.append((abs(away.y()), point, place))
        distance, point, place = min(found, default=(np.inf, 0, 0))
        return (point, place) if distance <= _REACH * self._plot.theme.scale else None

    def bounds(self) -> tuple[float, float, float]:
        """Lowest, highest and lowest positive quartile; what rises away need not stay in view."""
        low, high, positive = np.inf, -np.inf, np.inf
        for band in self.bands:
            values = np.concatenate([band.p25, band.p75])
            values = values[np.isfinite(values)]
            if not values.size:
                continue
            first = band.p75[0]
            ceiling = _GROWN * first if np.isfinite(first) and first > 0 else np.inf
            low, high = min(low, values.min()), max(high, min(values.max(), ceiling))
            positive = min(positive, values[values > 0].min(initial=np.inf))
        return float(low), float(high), float(positive)

    def label_room(self) -> float:
        """The width that the labels need at the right of the lines."""
        metrics = QFontMetricsF(self._font(bold=True))
        widest = max(map(metrics.horizontalAdvance, map(self._words, self.bands)), default=0.0)
        return widest + self._plot.theme.px(_LEADER + 6)

    def labels(self) -> list[BandLabel]:
        """The labels that there is room for: those of the longest bands, then of the others."""
        ends = {place: end for place, band in enumerate(self.bands) if (end := self._end(band))}
        front = max((end.x() for end in ends.values()), default=0.0) - 3
        longest = [place for place, end in ends.items() if end.x() >= front]
        shorter = [place for place in ends if place not in longest]
        return [*self._spread(longest, ends, apart=True), *self._spread(shorter, ends, apart=False)]

    def _spread(
        self, places: list[int], ends: dict[int, QPointF], *, apart: bool
    ) -> list[BandLabel]:
        """The labels of some bands, clear of each other, from the top down."""
        rect, line = self._plot.rect_of_plot, QFontMetricsF(self._font(bold=False)).height()
        order = sorted(places, key=lambda place: ends[place].y())
        most = max(1, int(rect.height() // line))
        if len(order) > most:
            order = [order[round(at)] for at in np.linspace(0, len(order) - 1, most)]
        low, high = rect.top() + line / 2, rect.bottom() - line / 2
        heights = spread([ends[place].y() for place in order], line, low, high)
        column = rect.right() - self.label_room() + self._plot.theme.px(_LEADER)
        gap = self._plot.theme.px(10)
        return [
            BandLabel(
                place,
                self._words(self.bands[place]),
                ends[place],
                QPointF(column if apart else ends[place].x() + gap, height),
                apart,
            )
            for place, height in zip(order, heights, strict=True)
        ]

    def label_at(self, pixel: QPointF) -> int | None:
        """The band whose label is under a pixel."""
        half = QFontMetricsF(self._font(bold=False)).height() / 2
        for label in self.labels():
            past = pixel.x() - label.at.x()
            near = past >= 0 and abs(pixel.y() - label.at.y()) <= half
            if near and (label.apart or past < _SHORT * self._plot.theme.scale):
                return label.band
        return None

    def read_out(self) -> list[Line]:
        """Median and quartiles under the cursor."""
        if self.cursor is None:
            return []
        point, place = self.cursor
        band = self.bands[place]
        runs = int(band.runs[point])
        return [
            (short_words(band.varied), "text"),
            (f"epoch {grouped(int(band.epochs[point]))}", "secondary"),
            (f"median {number(band.median[point])}", "text"),
            (f"middle half {number(band.p25[point])} – {number(band.p75[point])}", "text"),
            (f"{runs} run{'s' * (runs != 1)}", "secondary"),
        ]

    def _words(self, band: LossBand) -> str:
        diverged = f" · {band.diverged} diverged" if band.diverged else ""
        return f"{short_words(band.varied)}{diverged}"

    def _end(self, band: LossBand) -> QPointF | None:
        """Where a median ends, moved to the frame where that is outside; None without a number."""
        finite = np.flatnonzero(np.isfinite(self._heights(band.median)))
        if not finite.size:
            return None
        rect, at = self._plot.rect_of_plot, self._at(band, int(finite[-1]))
        return QPointF(
            max(rect.left(), min(rect.right(), at.x())), max(rect.top(), min(rect.bottom(), at.y()))
        )

    def _at(self, band: LossBand, point: int) -> QPointF:
        height = self._heights(band.median[point : point + 1])[0]
        return self._plot.pixel(float(band.epochs[point]), float(height))

    def _heights(self, values: Array) -> Array:
        """Losses in the coordinates of the axis; what has no logarithm leaves a gap."""
        if not self._log:
            return np.asarray(values) / self._unit
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.asarray(values) > 0, np.log10(values), np.nan)

    def _paint_bands(self, painter: QPainter) -> None:
        plot = self._plot
        plot.clip(painter)
        # The highlighted one lies above the others.
        order = sorted(range(len(self.bands)), key=lambda place: place == self.highlighted)
        for place in order:
            ground = QColor(self._ink(place))
            ground.setAlpha(_VEIL)
            painter.fillPath(self._area(self.bands[place]), ground)
        for place in order:
            band, thick = self.bands[place], place == self.highlighted
            path = plot.path(band.epochs.astype(float), self._heights(band.median))
            plot.stroke(painter, path, QPen(self._ink(place)), _THICK if thick else _WIDTH)

    def _area(self, band: LossBand) -> QPainterPath:
        """Between the quartiles, cut at the frame, one piece for each stretch without a gap."""
        rect = self._plot.rect_of_plot
        x, low = self._plot.pixels(band.epochs.astype(float), self._heights(band.p25))
        _, high = self._plot.pixels(band.epochs.astype(float), self._heights(band.p75))
        there = np.isfinite(low) & np.isfinite(high)
        there &= (x >= rect.left() - 1) & (x <= rect.right() + 1)
        low, high = (np.clip(edge, rect.top(), rect.bottom()) for edge in (low, high))
        path = QPainterPath()
        places = np.flatnonzero(there)
        for piece in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
            around = np.concatenate([piece, piece[::-1]])
            up = np.concatenate([low[piece], high[piece][::-1]])
            points = [QPointF(*point) for point in zip(x[around], up, strict=True)]
            path.addPolygon(QPolygonF(points))
        return path

    def _ink(self, place: int) -> QColor:
        colour = self._colours[place]
        if self.highlighted is None or place == self.highlighted:
            return colour
        return faded(colour, self._plot.theme)

    def _paint_texts(self, painter: QPainter) -> None:
        plot = self._plot
        if not self.bands:
            text = EMPTY if self._results is None else NO_RUN
            paint_message(painter, text, plot.rect_of_plot, plot.theme)
            return
        for label in self.labels():
            self._paint_label(painter, label)
        if self.cursor is not None and not plot.vector:
            self._paint_cursor(painter, *self.cursor)

    def _paint_label(self, painter: QPainter, label: BandLabel) -> None:
        """A line from the end of the median to its words, and a sign where runs have diverged."""
        theme, ink = self._plot.theme, self._ink(label.band)
        chosen = label.band == self.highlighted
        font = self._font(bold=chosen)
        metrics = QFontMetricsF(font)
        if label.apart:
            painter.setPen(QPen(ink, theme.scale))
            painter.drawLine(label.end, QPointF(label.at.x() - theme.px(3), label.at.y()))
        else:
            width, height = metrics.horizontalAdvance(label.text), metrics.height()
            ground = QColor(theme.surface)
            ground.setAlpha(200)
            painter.fillRect(QRectF(label.at.x(), label.at.y() - height / 2, width, height), ground)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(label.end, 2.5 * theme.scale, 2.5 * theme.scale)
        if self.bands[label.band].diverged:
            side = theme.px(9)
            sign = label.end - QPointF(side / 2, side / 2)
            area = self._plot.rect_of_plot.adjusted(side, 0, -side, -side)
            sign.setY(max(area.top(), min(area.bottom(), sign.y())))
            box = QRectF(sign.x(), sign.y(), side, side)
            paint_glyph(painter, Glyph.WARNING, box, QColor(theme.failure))
        quiet = self.highlighted is not None and not chosen
        painter.setFont(font)
        painter.setPen(QColor(theme.secondary if quiet else theme.text))
        baseline = label.at.y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(label.at.x(), baseline), label.text)

    def _paint_cursor(self, painter: QPainter, point: int, place: int) -> None:
        plot, theme = self._plot, self._plot.theme
        at = self._at(self.bands[place], point)
        rect = plot.rect_of_plot
        if np.isfinite(at.y()) and rect.adjusted(-1, -1, 1, 1).contains(at):
            painter.setBrush(QColor(theme.surface))
            painter.setPen(QPen(self._colours[place], 1.5 * theme.scale))
            painter.drawEllipse(at, 3.5 * theme.scale, 3.5 * theme.scale)
        else:
            at = QPointF(at.x(), rect.top())
        paint_read_out(painter, self.read_out(), at, rect, theme, self._font(bold=False))

    def _font(self, *, bold: bool) -> QFont:
        weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
        return self._plot.theme.font(AXIS_TEXT, weight=weight)
