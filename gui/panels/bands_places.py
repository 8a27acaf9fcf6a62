"""Where everything of loss bands stands in pixels: lines, signs of divergence and labels."""

from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from gui.panels.bands_chosen import diverged_epochs
from gui.panels.bands_labels import (
    SHARE,
    BandLabel,
    Names,
    column_texts,
    inside_labels,
    near_labels,
)
from gui.sweep_words import brief_words, short_words
from gui.widgets.numerals import rounded
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.arrays import Array
from model.lab.loss_bands import LossBand
from model.lab.results import Results

FEW: Final = 8
"""Bands that need neither a thinner ground nor a label for several of them."""
_LEADER: Final = 14
_SIGN: Final = 9


class BandsPlaces:
    """Places on a plot as it is at the moment; `failed` says of which bands no run has ended."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.bands: tuple[LossBand, ...] = ()
        self.failed: tuple[bool, ...] = ()
        self._names = Names((), (), ())
        self._diverged: tuple[list[int], ...] = ()
        self._log, self._unit = False, 1.0
        self._chosen: int | None = None
        self._placed: tuple[object, list[BandLabel]] | None = None

    def show(self, bands: tuple[LossBand, ...], results: Results | None) -> None:
        """Take on bands, and what is known of the runs of each; none without results."""
        self.bands = bands
        found = {summary.varied: summary for summary in results.summaries} if results else {}
        known = [found[band.varied] for band in self.bands]
        self.failed = tuple(not summary.ended for summary in known)
        self._names = Names(
            [brief_words(band.varied) for band in self.bands],
            [short_words(band.varied) for band in self.bands],
            [(summary.diverged, summary.runs - summary.refused) for summary in known],
        )
        epochs = diverged_epochs(results) if results else {}
        self._diverged = tuple(epochs.get(band.varied, []) for band in self.bands)

    def set_axis(self, *, log: bool, unit: float) -> None:
        """The scale of the loss axis."""
        self._log, self._unit = log, unit

    def move(self, chosen: int | None) -> None:
        """The labels are to be placed again; a `chosen` band has one of its own."""
        self._chosen, self._placed = chosen, None

    def label_room(self, width: float) -> float:
        """Of a plot so wide, the part that the labels need at the right of the lines."""
        width_of = QFontMetricsF(self.font(bold=True)).horizontalAdvance
        room = SHARE * width
        alone = [(band,) for band, failed in enumerate(self.failed) if not failed]
        texts = column_texts(alone, self._named, width_of, room)
        more = 0.0 if len(alone) <= FEW else width_of(f", +{len(alone)}")
        widest = max(map(width_of, texts), default=0.0)
        return min(room, widest + more) + self._plot.theme.px(_LEADER + 6)

    def order(self) -> list[int]:
        """The bands from the highest end to the lowest."""
        ends = self.ends()
        return sorted(ends, key=lambda band: (ends[band].y(), ends[band].x()))

    def labels(self) -> list[BandLabel]:
        """The labels that there is room for: those of the longest bands, then of the others."""
        plot = self._plot
        key = plot.ranges(), plot.rect_of_plot, plot.theme.scale, self._log, self._unit
        if self._placed is None or self._placed[0] != key:
            self._placed = key, self._labels()
        return self._placed[1]

    def _labels(self) -> list[BandLabel]:
        ends = self.ends()
        alive = {band: end for band, end in ends.items() if not self.failed[band]}
        front = max((end.x() for end in alive.values()), default=0.0) - 3
        longest = {band: end for band, end in alive.items() if end.x() >= front}
        behind = self._column(longest)
        rest = {band: end for band, end in ends.items() if band not in longest}
        metrics, rect = QFontMetricsF(self.font(bold=False)), self._plot.rect_of_plot
        signs = [self.sign(at) for band in range(len(self.bands)) for at in self.signs(band)]
        right = min((label.box.left() for label in behind), default=rect.right())
        inside = rect.adjusted(0, 0, right - rect.right() - 2, 0)
        width_of, line = metrics.horizontalAdvance, metrics.height()
        return [
            *behind,
            *inside_labels(rest, self._named, width_of, line, inside, signs, self.pixels()),
        ]

    def _column(self, ends: dict[int, QPointF]) -> list[BandLabel]:
        """Below each other at the right of all lines."""
        if not ends:
            return []
        rect, metrics = self._plot.rect_of_plot, QFontMetricsF(self.font(bold=True))
        line, width_of = metrics.height(), metrics.horizontalAdvance
        low, high = rect.top() + line / 2, rect.bottom() - line / 2
        left = max(end.x() for end in ends.values()) + self._plot.theme.px(_LEADER)
        left = min(
            left, rect.right() - self.label_room(rect.width()) + self._plot.theme.px(_LEADER)
        )
        groups, names = near_labels(ends, line, low, high, self._chosen), self._named
        texts = column_texts([group for group, _ in groups], names, width_of, rect.right() - left)
        return [
            BandLabel(
                group,
                text,
                names.in_full(group),
                ends[group[0]],
                QRectF(left, height - line / 2, width_of(text), line),
                apart=True,
            )
            for (group, height), text in zip(groups, texts, strict=True)
        ]

    @property
    def _named(self) -> Names:
        """The names, with the loss of those that end outside the frame."""
        return replace(self._names, beyond=[self._beyond(band) for band in range(len(self.bands))])

    def _beyond(self, place: int) -> str:
        """ " above: J 1.04", empty for a line that ends in the frame or has no number."""
        medians = self.bands[place].median
        heights = self.heights(medians)
        finite = np.flatnonzero(np.isfinite(heights))
        if self.failed[place] or not finite.size:
            return ""
        _, (low, high) = self._plot.ranges()
        height = heights[finite[-1]]
        side = "above" if height > high else "below" if height < low else ""
        return f" {side}: J {rounded(medians[finite[-1]], 3)}" if side else ""

    def label_at(self, pixel: QPointF) -> BandLabel | None:
        """The label under a pixel."""
        return next((label for label in self.labels() if label.box.contains(pixel)), None)

    def ends(self) -> dict[int, QPointF]:
        """Where the lines end; without those that have no number and whose runs never failed."""
        found = {}
        for place, band in enumerate(self.bands):
            signs = self.signs(place)
            finite = np.flatnonzero(np.isfinite(self.heights(band.median)))
            if self.failed[place] and signs:
                found[place] = signs[-1]
            elif finite.size:
                found[place] = self._framed(self.at(band, int(finite[-1])))
        return found

    def signs(self, place: int) -> list[QPointF]:
        """Where runs of a band diverged: on its line at that epoch, at most once each pixel.

        A line that has ended before has its sign at its end.
        """
        band = self.bands[place]
        finite = np.flatnonzero(np.isfinite(self.heights(band.median)))
        found: list[QPointF] = []
        for epoch in self._diverged[place]:
            before = finite[band.epochs[finite] <= epoch]
            point = int(before[-1]) if before.size else 0
            at = self.at(band, point)
            at.setY(at.y() if np.isfinite(at.y()) else self._plot.rect_of_plot.top())
            if self.failed[place] or epoch > band.epochs[-1]:
                # Nothing stands behind the last point that has runs.
                across = at.x()
            else:
                across = self._plot.pixel(float(epoch), 0.0).x()
            at = self._framed(QPointF(across, at.y()))
            if not found or abs(at.x() - found[-1].x()) >= self._plot.theme.px(_SIGN + 2):
                found.append(at)
        return found

    def sign(self, at: QPointF) -> QRectF:
        """The box of a sign, inside the frame."""
        side = self._plot.theme.px(_SIGN)
        area = self._plot.rect_of_plot.adjusted(0, 0, -side, -side)
        box = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
        box.moveTop(max(area.top(), min(area.bottom(), box.top())))
        return box

    def _framed(self, at: QPointF) -> QPointF:
        """A place moved to the frame where it is outside."""
        rect = self._plot.rect_of_plot
        return QPointF(
            max(rect.left(), min(rect.right(), at.x())), max(rect.top(), min(rect.bottom(), at.y()))
        )

    def pixels(self) -> Array:
        """(n, 2) of the lines, near enough to each other that no label slips between them."""
        rect = self._plot.rect_of_plot
        across = np.arange(rect.left(), rect.right(), 4.0)
        found = [np.empty((0, 2))]
        for band in self.bands:
            x, y = self._plot.pixels(band.epochs.astype(float), self.heights(band.median))
            there = np.isfinite(y)
            if there.any():
                up = np.interp(across, x[there], y[there], left=np.nan, right=np.nan)
                found.append(np.stack([across, up], axis=1))
        return np.concatenate(found)

    def at(self, band: LossBand, point: int) -> QPointF:
        height = self.heights(band.median[point : point + 1])[0]
        return self._plot.pixel(float(band.epochs[point]), float(height))

    def heights(self, values: Array) -> Array:
        """Losses in the coordinates of the axis; what has no logarithm leaves a gap."""
        if not self._log:
            return np.asarray(values) / self._unit
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.asarray(values) > 0, np.log10(values), np.nan)

    def font(self, *, bold: bool) -> QFont:
        """Of the labels; the one that is highlighted is bold."""
        weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
        return self._plot.theme.font(AXIS_TEXT, weight=weight)
