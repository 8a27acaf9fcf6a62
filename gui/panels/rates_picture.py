"""What is drawn of learning rates: every run, the medians, and where training is stable."""

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.sweep_words import runs_words, share_words
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.hatching import hatch
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out
from gui.widgets.numerals import rounded
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, number
from model.arrays import Array
from model.lab.summaries import Rates

STABLE: Final = "stable: no run diverged"
DIVERGING: Final = "diverging: every run"
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
        self.message = ""
        self.cursor: int | None = None
        self._log, self._unit = False, 1.0
        self._ground = plot.add_layer(self._paint_regions, -5)
        self._dots = plot.add_layer(self._paint_runs, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def show(self, rates: Rates | None, message: str = "") -> None:
        """Draw these from the next repaint on; `message` stands in an empty picture."""
        self.rates, self.message, self.cursor = rates, message, None
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
            lines.append((f"median {number(rates.median[at])}", "text"))
            lines.append((f"{number(losses.min())} – {number(losses.max())}", "text"))
            lines.append((f"{runs_words(ended)} ended", "secondary"))
        if rates.diverged[at]:
            lines.append((f"{share_words(rates.diverged[at])} diverged", "failure"))
        return lines

    def regions(self) -> list[tuple[str, QRectF]]:
        """The words and the places of the stable and the diverging region, as far as known.

        From exactly the first to the last rate that was run there; without a width for one rate.
        """
        if self.rates is None or not len(self.rates.rates):
            return []
        first, last = float(self.rates.rates[0]), float(self.rates.rates[-1])
        known = (
            (STABLE, first, self.rates.stable_to),
            (DIVERGING, self.rates.diverging_from, last),
        )
        return [
            (words, self._between(*ends))
            for words, *ends in known
            if not any(map(math.isnan, ends)) and self._in_view(*ends)
        ]

    def _between(self, low: float, high: float) -> QRectF:
        rect = self._plot.rect_of_plot
        left, right = (
            max(rect.left(), min(rect.right(), self._plot.pixel(math.log10(rate), 0).x()))
            for rate in (low, high)
        )
        return QRectF(QPointF(left, rect.top()), QPointF(right, rect.bottom()))

    def _in_view(self, low: float, high: float) -> bool:
        (first, last), _ = self._plot.ranges()
        return math.log10(high) >= first and math.log10(low) <= last

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

    def _paint_regions(self, painter: QPainter) -> None:
        theme = self._plot.theme
        for words, area in self.regions():
            if area.width() < 1:
                # One rate: a line, dashed where it diverges.
                stable = words == STABLE
                style = Qt.PenStyle.SolidLine if stable else Qt.PenStyle.DashLine
                ink = QColor(theme.accent if stable else theme.failure)
                painter.setPen(QPen(ink, theme.px(2), style))
                painter.drawLine(area.topLeft(), area.bottomLeft())
            elif words == STABLE:
                painter.fillRect(area, QColor(theme.accent_tint))
            else:
                hatch(painter, area, QColor(theme.failure), theme)

    def _paint_runs(self, painter: QPainter) -> None:
        rates, plot, theme = self.rates, self._plot, self._plot.theme
        if rates is None or not len(rates.rates):
            return
        plot.clip(painter)
        ink = QColor(theme.secondary)
        ink.setAlpha(170)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for exponent, losses in zip(self.exponents, rates.losses, strict=True):
            beside = np.linspace(-0.5, 0.5, len(losses)) if len(losses) > 1 else np.zeros(1)
            x, y = plot.pixels(np.full(len(losses), exponent), self._heights(losses))
            x = x + self._spread * beside
            for at in np.flatnonzero(np.isfinite(y)):
                dot = QPointF(float(x[at]), float(y[at]))
                if plot.rect_of_plot.contains(dot):
                    painter.drawEllipse(dot, _DOT * theme.scale, _DOT * theme.scale)
        heights = self._heights(rates.median)
        path = plot.path(self.exponents, heights)
        plot.stroke(painter, path, QPen(QColor(theme.text)), _LINE)
        self._paint_medians(painter, heights)

    def _paint_medians(self, painter: QPainter, heights: Array) -> None:
        theme = self._plot.theme
        x, y = self._plot.pixels(self.exponents, heights)
        painter.setPen(QPen(QColor(theme.surface), theme.scale))
        painter.setBrush(QColor(theme.text))
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
        taken = self._paint_words(painter)
        for box, words in self.shares(taken):
            self._paint_share(painter, box, words)
        if self.cursor is not None and not plot.vector:
            self._paint_cursor(painter, self.cursor)

    def _paint_words(self, painter: QPainter) -> float:
        """What the regions are, below the upper edge; how low that reaches."""
        theme, font = self._plot.theme, self._font
        metrics, rect = QFontMetricsF(font), self._plot.rect_of_plot
        regions, before = self.regions(), QRectF()
        for words, area in regions:
            room = area.width() - theme.px(10) if len(regions) > 1 else rect.width()
            fits = metrics.horizontalAdvance(words) <= room
            text = words if fits else words.partition(":")[0]
            wide = metrics.horizontalAdvance(text)
            left = area.left() + theme.px(6) if words == STABLE else area.right() - wide
            left = max(rect.left() + theme.px(5), min(left, rect.right() - theme.px(5) - wide))
            box = QRectF(left, rect.top() + theme.px(4), wide, metrics.height())
            if box.adjusted(-theme.px(6), 0, theme.px(6), 0).intersects(before):
                box.moveTop(before.bottom() + theme.px(2))
            # Hatching and lines would run through the letters.
            role = "failure" if words == DIVERGING else "accent"
            if words == DIVERGING or area.width() < wide:
                paint_lines(painter, [(text, role)], box.topLeft(), theme, font)
            else:
                painter.setFont(font)
                painter.setPen(QColor(theme.accent))
                painter.drawText(box.topLeft() + QPointF(0, metrics.ascent()), text)
            before = before.united(box) if before.isValid() else box
        return max(rect.top(), before.bottom())

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
