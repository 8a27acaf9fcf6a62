"""Direct labels of the loss along −∇J: of the present step, the uprights and the curves."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from gui.panels import taylor_words as words
from gui.panels.taylor_line import CURVES, SMOOTH, UPRIGHTS, TaylorLine
from gui.widgets.label_places import place_of
from gui.widgets.numerals import named
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, number
from model.arrays import Array


class TaylorLabels:
    """Wishes and places of the labels of one line on its plot."""

    def __init__(self, plot: PlotWidget, line: TaylorLine) -> None:
        self._plot, self._line = plot, line

    def boxes(self) -> list[tuple[str, str, QRectF]]:
        """Text, role and place of the labels that have room."""
        taken, gap = [self._mark_box()], self._plot.theme.px(4)
        curves = [np.column_stack(self._plot.pixels(x, y)) for x, y in self._dense()]
        points = np.concatenate([*curves, self._upright_points()])
        placed = []
        for text, role, corners in self._labels():
            inside = self._plot.rect_of_plot.adjusted(2, 1, -2, -1)
            box = place_of(self._size(text), corners, inside, taken, points)
            if box is not None:
                taken.append(box.adjusted(-gap, 0, gap, 0))
                placed.append((text, role, box))
        return placed

    def present_words(self) -> str:
        """The label of the present rate, with the loss where its point does not lie on the plot."""
        view, rect = self._line.view, self._plot.rect_of_plot
        text, up = f"now α = {words.rate(view.alpha)}", self._line.up(view.next_loss)
        right = self._line.across(view.alpha) > rect.right()
        if right or not rect.top() <= up <= rect.bottom():
            text += f": J {named(view.next_loss) or number(view.next_loss)} {'→' if right else '↑'}"
        return text

    def _labels(self) -> list[tuple[str, str, list[QPointF]]]:
        """Text, role and wished places of each direct label, the most important first."""
        at = self._line.present()
        made = [(self.present_words(), "positive", self._around(self.present_words(), at))]
        rect = self._plot.rect_of_plot
        for upright in UPRIGHTS:
            value = upright.value(self._line.view)
            if not math.isfinite(value) or value <= 0:
                continue
            text, across = f"{upright.words} {words.rate(value)}", self._line.across(value)
            text += " →" if across > rect.right() else " ←" if across < rect.left() else ""
            made.append((text, upright.role, self._beside(text, across, upright.low)))
        for curve, (x, y) in zip(CURVES, self._line.points(), strict=True):
            made.append((curve.name, curve.role, self._along(curve.name, x, y)))
        return made

    def _dense(self) -> list[tuple[Array, Array]]:
        """The curves with points so near that a label cannot lie between two of them."""
        (low, high), _ = self._plot.ranges()
        x = np.linspace(low, high, 2 * SMOOTH)
        return [
            (x, np.interp(x, across[np.isfinite(up)], up[np.isfinite(up)], np.nan, np.nan))
            for across, up in self._line.points()
            if np.isfinite(up).any()
        ]

    def _upright_points(self) -> Array:
        rect = self._plot.rect_of_plot
        places = [self._line.across(upright.value(self._line.view)) for upright in UPRIGHTS]
        up = np.linspace(rect.top(), rect.bottom(), 80)
        columns = [np.column_stack([np.full_like(up, p), up]) for p in places if math.isfinite(p)]
        return np.concatenate([np.empty((0, 2)), *columns])

    def _mark_box(self) -> QRectF:
        half = QPointF(6, 6) * self._plot.theme.scale
        return QRectF(self._line.present() - half, self._line.present() + half)

    def _size(self, text: str) -> QSizeF:
        metrics = QFontMetricsF(self._plot.theme.font(AXIS_TEXT))
        return QSizeF(metrics.horizontalAdvance(text), metrics.height())

    def _around(self, text: str, at: QPointF) -> list[QPointF]:
        size, gap = self._size(text), self._plot.theme.px(9)
        across = (gap, -gap - size.width(), -size.width() / 2)
        up = (-gap - size.height(), gap, -size.height() / 2)
        return [at + QPointF(x, y * far) for far in (1, 2, 3.5) for y in up for x in across]

    def _beside(self, text: str, across: float, low: bool) -> list[QPointF]:
        """Right or left of an upright line, from its upper end down or its lower end up."""
        rect, size = self._plot.rect_of_plot, self._size(text)
        gap = self._plot.theme.px(7 if low else 5)
        across = max(rect.left(), min(rect.right(), across))
        step = size.height() * (-1 if low else 1)
        top = rect.bottom() - size.height() if low else rect.top()
        sides = (across + gap, across - gap - size.width())
        return [QPointF(x, top + row * step) for row in range(6) for x in sides]

    def _along(self, text: str, x: Array, y: Array) -> list[QPointF]:
        """On both sides of a curve, from its far end back."""
        rect, size, gap = self._plot.rect_of_plot, self._size(text), self._plot.theme.px(6)
        across, up = self._plot.pixels(x, y)
        seen = (across >= rect.left()) & (across <= rect.right())
        seen &= (up >= rect.top()) & (up <= rect.bottom())
        places = np.flatnonzero(seen)
        if not len(places):
            return []
        corners = []
        for share in (0.95, 0.85, 0.75, 0.6, 0.45, 0.3, 0.15):
            at = places[int(share * (len(places) - 1))]
            here = QPointF(float(across[at]), float(up[at]))
            for dx in (-gap - size.width(), gap):
                corners += [
                    here + QPointF(dx, -size.height() - gap / 2),
                    here + QPointF(dx, gap / 2),
                ]
        return corners
