"""How the elements of a tensor are spread: a small histogram that is painted, not plotted."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import Theme
from gui.widgets.numerals import grouped, rounded
from gui.widgets.tensor_numbers import Facts
from model.arrays import Array, Indices

BINS: Final = 24
PALEST: Final = 0.35
"""Share of a cell's colour that even the bins next to zero have."""

_TEXT: Final = 10.0
_HOW: Final = "Heights grow with the square root of the count, so that small ones are seen."


@dataclass(frozen=True)
class Bins:
    """`counts` (BINS,) of the finite elements between `low` and `high`, and how many are not.

    A tensor whose elements are all alike has one bin.
    """

    low: float
    high: float
    counts: Indices
    non_finite: int

    def span(self, bin_number: int) -> tuple[float, float]:
        """Where a bin begins and ends."""
        share = np.array([bin_number, bin_number + 1]) / len(self.counts)
        ends = self.low * (1 - share) + self.high * share
        return float(ends[0]), float(ends[1])


def bins_of(array: Array, facts: Facts) -> Bins:
    """Count the elements of an array whose facts are known, in one pass."""
    values = array if not facts.non_finite else array[np.isfinite(array)]
    if not values.size:
        return Bins(0.0, 0.0, np.zeros(0, dtype=np.intp), facts.non_finite)
    # Halved first, for the whole span of a double may overflow.
    half = facts.high / 2 - facts.low / 2
    if half == 0 or not np.isfinite(BINS / half):
        return Bins(facts.low, facts.high, np.array([values.size]), facts.non_finite)
    places = ((values / 2 - facts.low / 2) * (BINS / half)).astype(np.int32).ravel()
    np.minimum(places, BINS - 1, out=places)
    return Bins(facts.low, facts.high, np.bincount(places, minlength=BINS), facts.non_finite)


class Histogram(QWidget):
    """The bins in the colours of the table's cells; what is not finite is counted beside them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bins: Bins | None = None
        self._middle = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram of the elements")
        self.apply_theme(theme)

    def show_bins(self, bins: Bins | None, middle: float = 0.0) -> None:
        """Draw these bins, or nothing; the colours part at `middle`."""
        self._bins, self._middle = bins, middle
        self.setAccessibleDescription(self._words())
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self._font = theme.font(_TEXT)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(132), self.theme.px(46))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def text_at(self, x: float) -> str:
        """What a tooltip says about the bin at a place."""
        bins, area = self._bins, self._bars()
        if bins is None or not len(bins.counts):
            return self._words()
        share = (x - area.left()) / max(1.0, area.width())
        number = min(max(int(share * len(bins.counts)), 0), len(bins.counts) - 1)
        low, high = (rounded(end, 3, sign=True) for end in bins.span(number))
        return f"{low} to {high}: {grouped(int(bins.counts[number]))} elements\n{_HOW}"

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.text_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        bins = self._bins
        if bins is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font)
        if len(bins.counts):
            self._paint_bars(painter, bins)
            self._paint_ends(painter, bins)
        if bins.non_finite:
            self._paint_broken(painter, bins.non_finite)

    def _bars(self) -> QRectF:
        words = QFontMetricsF(self._font).height()
        right = self._broken_width() if self._bins is not None and self._bins.non_finite else 0.0
        return QRectF(0, 0, self.width() - right, self.height() - words)

    def _broken_width(self) -> float:
        return QFontMetricsF(self._font).horizontalAdvance(self._broken_text()) + self.theme.px(8)

    def _broken_text(self) -> str:
        return f"✕ {grouped(self._bins.non_finite)}" if self._bins is not None else ""

    def _paint_bars(self, painter: QPainter, bins: Bins) -> None:
        area = self._bars()
        limit = max(abs(bins.low), abs(bins.high))
        heights = np.sqrt(bins.counts / max(1, int(bins.counts.max())))
        step = area.width() / len(bins.counts)
        for number, height in enumerate(heights.tolist()):
            low, high = bins.span(number)
            tall = max(1.5, height * (area.height() - 2)) if height else 0.0
            left = area.left() + number * step
            bar = QRectF(left, area.bottom() - tall, max(1.0, step - 1), tall)
            painter.fillRect(bar, self._colour(low, high, limit))
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if bins.low < self._middle < bins.high:
            share = (self._middle / 2 - bins.low / 2) / (bins.high / 2 - bins.low / 2)
            x = area.left() + area.width() * share
            painter.setPen(QPen(QColor(self.theme.secondary), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _colour(self, low: float, high: float, limit: float) -> QColor:
        """That of a cell in the middle of the bin, never as pale as the surface."""
        if low <= self._middle <= high:
            return QColor(self.theme.secondary)
        share = (low / 2 + high / 2 - self._middle) / (self._middle or limit)
        return self.theme.diverging(share + math.copysign(PALEST, share), 1 + PALEST)

    def _paint_ends(self, painter: QPainter, bins: Bins) -> None:
        area = self._bars()
        low, high = rounded(bins.low, 2, sign=True), rounded(bins.high, 2, sign=True)
        needed = QFontMetricsF(self._font).horizontalAdvance(f"{low}  {high}")
        # Long numbers may reach below the count of what is not finite.
        width = area.width() if needed <= area.width() else self.width()
        words = QRectF(area.left(), area.bottom(), width, self.height() - area.bottom())
        painter.setPen(QColor(self.theme.secondary))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight, "" if low == high else high)

    def _paint_broken(self, painter: QPainter, count: int) -> None:
        painter.setPen(QColor(self.theme.failure))
        area = QRectF(self._bars().right(), 0, self._broken_width(), self.height())
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, self._broken_text())

    def _words(self) -> str:
        bins = self._bins
        if bins is None:
            return ""
        spread = (
            f"{grouped(int(bins.counts.sum()))} elements between {rounded(bins.low, 3, sign=True)}"
        )
        spread += f" and {rounded(bins.high, 3, sign=True)}"
        return f"{spread}, {grouped(bins.non_finite)} not finite" if bins.non_finite else spread
