"""What is drawn of learning rates: every run, the medians, and where training is stable."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.panels.rates_lines import (
    LineLabel,
    MedianLine,
    line_labels,
    line_look,
    median_lines,
    paint_label,
)
from gui.panels.rates_regions import RatesRegions
from gui.panels.sweep_colours import Look, pen_of
from gui.race_words import BETWEEN
from gui.sweep_words import runs_words, share_words, so_far_words
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.labels import Line, paint_message, paint_read_out
from gui.widgets.numerals import rounded
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, number
from model.arrays import Array
from model.lab.results import Results
from model.lab.summaries import Rates

_SPREAD: Final = 0.35
"""Share of the way to the next rate over which the runs of one rate stand side by side."""
_WIDEST: Final = 24
"""Pixels of that at most: the ground ends at the rate itself."""
_DOT: Final = 2.6
_LINE: Final = 1.75
_ROWS: Final = 3
"""Below each other, for the shares of rates near each other."""
_REACH: Final = 40
"""Pixels within which the pointer means a rate."""


class RatesPicture:
    """The layers of the panel; `cursor` is the number of the rate that is read."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.rates: Rates | None = None
        self.lines: tuple[MedianLine, ...] = ()
        self._results: Results | None = None
        self.message = ""
        self.cursor: int | None = None
        self._log, self._unit = False, 1.0
        self.regions = RatesRegions(plot)
        self._ground = plot.add_layer(self.regions.paint, -5)
        self._dots = plot.add_layer(self._paint_runs, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def show(self, results: Results | None, rates: Rates | None, message: str = "") -> None:
        """Draw these from the next repaint on; `message` stands in an empty picture."""
        self.rates, self.message, self.cursor = rates, message, None
        shown = results is not None and rates is not None
        self.lines = median_lines(results) if results is not None and shown else ()
        self._results = results
        self.regions.show(rates, done=results is None or not so_far_words(results))
        self.refresh()

    def refresh(self) -> None:
        """Draw everything again."""
        for layer in (self._ground, self._dots, self._texts):
            layer.update()

    def set_axis(self, *, log: bool, unit: float) -> None:
        """The scale of the loss axis."""
        self._log, self._unit = log, unit
        self._plot.set_y_axis(log=log, unit=unit)

    def point_at(self, rate: int | None) -> None:
        """Read a rate, or none."""
        if rate != self.cursor:
            self.cursor = rate
            words = "; ".join(text for text, _ in self.read_out())
            self._plot.setAccessibleDescription(words)
            self._texts.update()

    def nearest(self, pixel: QPointF) -> int | None:
        """The rate that a pixel is near to."""
        if self.rates is None or not len(self.rates.rates):
            return None
        across, _ = self._plot.pixels(self.exponents, np.zeros(len(self.exponents)))
        near = int(np.abs(across - pixel.x()).argmin())
        reach = _REACH * self._plot.theme.scale
        return near if abs(across[near] - pixel.x()) <= reach else None

    @property
    def exponents(self) -> Array:
        """Where the rates stand on the axis."""
        assert self.rates is not None
        return np.log10(self.rates.rates)

    @property
    def step(self) -> float:
        """Between two neighbouring rates at least, in decades."""
        exponents = self.exponents
        return float(np.diff(exponents).min()) if len(exponents) > 1 else 1.0

    def read_out(self) -> list[Line]:
        """A rate, its median, and how many of its runs diverged."""
        if self.rates is None or self.cursor is None:
            return []
        rates, at = self.rates, self.cursor
        ended = int(np.isfinite(rates.losses[at]).sum())
        lines: list[Line] = [(f"α = {rounded(rates.rates[at], 6)}", "text")]
        if ended:
            losses = rates.losses[at][np.isfinite(rates.losses[at])]
            lines.extend(self._median_words(rates.rates[at]))
            lines.append((f"{number(losses.min())} – {number(losses.max())}", "text"))
            lines.append((f"{runs_words(ended)} ended", "secondary"))
        if rates.diverged[at]:
            lines.append((f"{share_words(rates.diverged[at])} diverged", "failure"))
        return lines

    def _median_words(self, rate: float) -> Iterator[Line]:
        for line in self.lines:
            median = line.median_at(rate)
            if math.isfinite(median):
                yield BETWEEN.join(filter(None, (line.name, f"median {number(median)}"))), "text"

    @property
    def _spread(self) -> float:
        """Pixels over which the runs of one rate stand side by side."""
        (first, last), _ = self._plot.ranges()
        decade = self._plot.rect_of_plot.width() / (last - first)
        return min(_SPREAD * self.step * decade, self._plot.theme.px(_WIDEST))

    def _heights(self, values: Array) -> Array:
        if not self._log:
            return np.asarray(values) / self._unit
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.asarray(values) > 0, np.log10(values), np.nan)

    def _paint_runs(self, painter: QPainter) -> None:
        rates, plot, theme = self.rates, self._plot, self._plot.theme
        if rates is None or not len(rates.rates):
            return
        plot.clip(painter)
        ink = QColor(theme.secondary)
        ink.setAlpha(170)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for dot in self.dots():
            painter.drawEllipse(QPointF(*dot), _DOT * theme.scale, _DOT * theme.scale)
        for line in self.lines:
            look, heights = self._look(line), self._heights(line.medians)
            path = plot.path(line.exponents, heights)
            plot.stroke(painter, path, pen_of(look, _LINE, plot), _LINE)
            self._paint_medians(painter, line.exponents, heights, look.colour)

    def dots(self) -> Array:
        """(n, 2) pixels of the runs in the plot; those of one rate stand side by side."""
        rates, plot, found = self.rates, self._plot, [np.empty((0, 2))]
        for exponent, losses in zip(self.exponents, rates.losses if rates else (), strict=True):
            beside = np.linspace(-0.5, 0.5, len(losses)) if len(losses) > 1 else np.zeros(1)
            x, y = plot.pixels(np.full(len(losses), exponent), self._heights(losses))
            found.append(np.stack([x + self._spread * beside, y], axis=1)[np.isfinite(y)])
        dots, rect = np.concatenate(found), plot.rect_of_plot
        inside = (dots >= (rect.left(), rect.top())) & (dots <= (rect.right(), rect.bottom()))
        return dots[inside.all(axis=1)]

    def _look(self, line: MedianLine) -> Look:
        assert self._results is not None
        return line_look(line, self._results, self._plot.theme)

    def _paint_medians(
        self, painter: QPainter, exponents: Array, heights: Array, ink: QColor
    ) -> None:
        theme = self._plot.theme
        x, y = self._plot.pixels(exponents, heights)
        painter.setPen(QPen(QColor(theme.surface), theme.scale))
        painter.setBrush(ink)
        half = 4 * theme.scale
        for at in np.flatnonzero(np.isfinite(y)):
            box = QRectF(x[at] - half, y[at] - half, 2 * half, 2 * half)
            if self._plot.rect_of_plot.intersects(box):
                painter.drawRect(box)

    def _paint_texts(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if self.rates is None or not len(self.rates.rates):
            area = QRectF(QPointF(0, 0), plot.extent)
            paint_message(painter, self.message, area, theme)
            return
        taken = self.regions.paint_words(painter)
        for box, words in self.shares(taken):
            self._paint_share(painter, box, words)
        for label in self.labels(taken):
            paint_label(painter, label, self._look(label.line), theme)
        if self.cursor is not None and not plot.vector:
            self._paint_cursor(painter, self.cursor)

    def shares(self, top: float) -> list[tuple[QRectF, str]]:
        """Where the shares of diverged runs stand below `top`, clear of each other.

        Where there is no room for a share beside or below the others, its sign stands alone, or
        nothing: the read-out has it.
        """
        assert self.rates is not None
        theme, metrics = self._plot.theme, QFontMetricsF(self._font)
        rect, side, apart = self._plot.rect_of_plot, self._side, theme.px(6)
        x, _ = self._plot.pixels(self.exponents, np.zeros(len(self.exponents)))
        found: list[tuple[QRectF, str]] = []
        for across, share in zip(x, self.rates.diverged, strict=True):
            if not share or not rect.left() <= across <= rect.right():
                continue
            words = share_words(share)
            wide = side + theme.px(3) + metrics.horizontalAdvance(words)
            tries = [(row, words, wide) for row in range(_ROWS)]
            for row, text, width in (*tries, *((row, "", side) for row in range(_ROWS))):
                left = max(rect.left(), min(rect.right() - width, across - width / 2))
                high = metrics.height()
                box = QRectF(left, top + theme.px(5) + row * (high + 1), width, high)
                around = box.adjusted(-apart, 0, apart, 0)
                if not any(around.intersects(other) for other, _ in found):
                    found.append((box, text))
                    break
        return found

    def labels(self, top: float) -> list[LineLabel]:
        """The names of the lines, below `top` and clear of the shares."""
        if not any(line.name for line in self.lines):
            return []
        rect = self._plot.rect_of_plot
        words = QRectF(rect.topLeft(), QPointF(rect.right(), top))
        shares = [box for box, _ in self.shares(top)]
        heights = [(line, self._heights(line.medians)) for line in self.lines]
        return line_labels(heights, self._plot, [words, *shares], self.dots())

    @property
    def _side(self) -> float:
        return self._plot.theme.px(10)

    def _paint_share(self, painter: QPainter, box: QRectF, words: str) -> None:
        theme, side = self._plot.theme, self._side
        ground = QColor(theme.surface)
        ground.setAlpha(215)
        painter.fillRect(box, ground)
        sign = QRectF(box.left(), box.center().y() - side / 2, side, side)
        paint_glyph(painter, Glyph.WARNING, sign, QColor(theme.failure))
        painter.setFont(self._font)
        painter.setPen(QColor(theme.text))
        painter.drawText(box.adjusted(side + theme.px(3), 0, 2, 0), 0, words)

    def _paint_cursor(self, painter: QPainter, at: int) -> None:
        plot, theme = self._plot, self._plot.theme
        assert self.rates is not None
        height = float(self._heights(self.rates.median[at : at + 1])[0])
        place, rect = plot.pixel(float(self.exponents[at]), height), plot.rect_of_plot
        painter.setPen(QPen(QColor(theme.secondary), theme.scale, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(place.x(), rect.top()), QPointF(place.x(), rect.bottom()))
        if not math.isfinite(place.y()):
            place = QPointF(place.x(), rect.center().y())
        paint_read_out(painter, self.read_out(), place, rect, theme, self._font)

    @property
    def _font(self) -> QFont:
        return self._plot.theme.font(AXIS_TEXT)
