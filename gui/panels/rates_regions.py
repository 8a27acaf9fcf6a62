"""The stable and the diverging region of learning rates: their grounds and their words."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.widgets.hatching import hatch
from gui.widgets.labels import paint_lines
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.lab.summaries import Rates

STABLE: Final = "stable: no run diverged"
DIVERGING: Final = "diverging: every run"


class RatesRegions:
    """The ground of the plot; the words of a sweep that is not `done` are of the runs so far."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self._rates: Rates | None = None
        self._done = True

    def show(self, rates: Rates | None, *, done: bool) -> None:
        """Take on what is known of the rates."""
        self._rates, self._done = rates, done

    def places(self) -> list[tuple[str, QRectF]]:
        """The words and the places of the stable and the diverging region, as far as known.

        From exactly the first to the last rate that was run there; without a width for one rate.
        """
        if self._rates is None or not len(self._rates.rates):
            return []
        first, last = float(self._rates.rates[0]), float(self._rates.rates[-1])
        known = (
            (STABLE, first, self._rates.stable_to),
            (DIVERGING, self._rates.diverging_from, last),
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

    def paint(self, painter: QPainter) -> None:
        """The grounds; a region of one rate is a line."""
        theme = self._plot.theme
        for words, area in self.places():
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

    def paint_words(self, painter: QPainter) -> float:
        """What the regions are, below the upper edge; how low that reaches."""
        theme = self._plot.theme
        font = theme.font(AXIS_TEXT)
        metrics, rect = QFontMetricsF(font), self._plot.rect_of_plot
        regions, before = self.places(), QRectF()
        for words, area in regions:
            room = area.width() - theme.px(10) if len(regions) > 1 else rect.width()
            whole = words if self._done else words.replace(":", " so far:")
            fits = metrics.horizontalAdvance(whole) <= room
            text = whole if fits else whole.partition(":")[0]
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
