"""How one tensor of a layer is spread: its norm, a bar for each bin, and its range."""

from functools import cache
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.panels import health_words as words
from gui.style import strong_border
from gui.theme import Theme
from gui.widgets.labels import Line, paint_lines, size
from gui.widgets.numerals import grouped
from model.analysis.layer_health import Histogram
from model.arrays import Array

TEXT: Final = 11
_SMALL: Final = 10.0
_BARS: Final = 34


def tensor_height(theme: Theme) -> float:
    """What `draw_tensor` needs."""
    return height_of(TEXT, theme) + theme.px(2) + theme.px(_BARS) + height_of(_SMALL, theme)


def bars_height(theme: Theme) -> float:
    """The part of it that bars and range take, at its lower end."""
    return theme.px(_BARS) + height_of(_SMALL, theme)


def draw_tensor(
    painter: QPainter,
    area: QRectF,
    name: str,
    histogram: Histogram | None,
    norm: float,
    theme: Theme,
) -> None:
    """Caption, bars and range of one tensor."""
    caption = QRectF(area.left(), area.top(), area.width(), height_of(TEXT, theme))
    painter.setFont(theme.font(TEXT))
    painter.setPen(QColor(theme.text))
    text = _norm_text(name, histogram, norm, area.width(), theme)
    painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, text)
    if histogram is None:
        return
    bars = QRectF(area.left(), caption.bottom() + theme.px(2), area.width(), theme.px(_BARS))
    _draw_bars(painter, bars, histogram, theme)
    below = QRectF(area.left(), bars.bottom(), area.width(), height_of(_SMALL, theme))
    painter.setFont(theme.font(_SMALL))
    painter.setPen(QColor(theme.secondary))
    if len(histogram.counts):
        low, high = range_fitting(histogram, area.width(), theme)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, high)
    if histogram.outside:
        line: Line = (f"✕ {grouped(histogram.outside)} not finite", "failure")
        font = theme.font(_SMALL)
        corner = QPointF(bars.right() - size([line], font)[0], bars.top())
        paint_lines(painter, [line], corner, theme, font)


def range_fitting(histogram: Histogram, width: float, theme: Theme) -> tuple[str, str]:
    """Both ends with as many digits as have room beside each other, or else one number for both."""
    metrics = metrics_of(_SMALL, theme)
    for digits in (2, 1):
        low, high = words.range_texts(histogram, digits)
        if metrics.horizontalAdvance(low + high) + theme.px(6) <= width:
            return low, high
    return words.reach_text(histogram), ""


def _norm_text(
    name: str, histogram: Histogram | None, norm: float, width: float, theme: Theme
) -> str:
    if histogram is None:
        return f"{name} {words.NO_STEP}"
    metrics = metrics_of(TEXT, theme)
    texts = [words.norm_text(name, norm, digits) for digits in (3, 2, 1)]
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), texts[-1])


def _draw_bars(painter: QPainter, area: QRectF, histogram: Histogram, theme: Theme) -> None:
    """Bars below zero in one colour, those above in the other, a dotted line between them."""
    counts, edges = histogram.counts, histogram.edges
    painter.setPen(QPen(_border(theme), 1))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    most = float(np.max(counts, initial=0))
    if most <= 0:
        return
    outlines = _outlines(area, np.asarray(counts, float) / most)
    below = int(np.searchsorted(edges[:-1] / 2 + edges[1:] / 2, 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    for role, part in (("negative", outlines[:below]), ("positive", outlines[below:])):
        if len(part):
            painter.setBrush(QColor(getattr(theme, role)))
            painter.drawPolygon(pg.functions.arrayToQPolygonF(*part.reshape(-1, 2).T.copy()))
    if edges[0] < 0 < edges[-1]:
        across = area.left() + area.width() * (-edges[0] / 2) / (edges[-1] / 2 - edges[0] / 2)
        painter.setPen(QPen(QColor(theme.secondary), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(across, area.top()), QPointF(across, area.bottom()))


def _outlines(area: QRectF, shares: Array) -> Array:
    """The corners (bins, 4, 2) of the bars, one polygon behind the other: one stroke draws them.

    A bar is as high as the root of its share, so that small ones are seen.
    """
    step = area.width() / len(shares)
    heights = np.where(shares > 0, np.maximum(1.5, np.sqrt(shares) * area.height()), 0.0)
    left = area.left() + step * np.arange(len(shares))
    right = left + max(1.0, step - 1)
    low = np.full_like(left, area.bottom())
    across = np.stack([left, left, right, right], axis=1)
    up = np.stack([low, low - heights, low - heights, low], axis=1)
    return np.stack([across, up], axis=2)


@cache
def metrics_of(
    text: float, theme: Theme, weight: QFont.Weight = QFont.Weight.Normal
) -> QFontMetricsF:
    """Made once for each size: a row asks a dozen times."""
    return QFontMetricsF(theme.font(text, weight=weight))


def height_of(text: float, theme: Theme) -> float:
    """The height of a line of text."""
    return metrics_of(text, theme).height()


@cache
def _border(theme: Theme) -> QColor:
    return strong_border(theme)
