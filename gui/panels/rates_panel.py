"""Which learning rate: the final loss of every run of a sweep against its learning rate."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.panels.curve_panel import CurvePanel, CurvePicture
from gui.panels.panel import LegendEntry, Mark
from gui.panels.rates_lines import other_axes, told_apart
from gui.panels.rates_picture import RatesPicture
from gui.panels.sweep_panel import EMPTY, NO_RUN
from gui.sweep_words import listed, seed_count, seeds_words, so_far_words
from gui.theme import Theme
from gui.widgets.elided_label import SEPARATOR
from gui.widgets.numerals import rounded
from model.lab.results import Results
from model.lab.summaries import Rates

NO_RATES: Final = (
    "In this sweep the learning rate does not vary. Choose it at “Vary” or “and”, and start a"
    " sweep, to see from which rate on training diverges."
)
_AXIS: Final = "Learning rate α"
_LOSS: Final = "Final loss J (train)"
_MARGIN: Final = 0.5
"""Of the way to the next rate, beyond the first and the last one."""


class RatesPanel(CurvePanel):
    """Every run a dot, the median of each rate a square; the two regions carry their words."""

    name = "rates"
    title = "Learning rates"
    keys = (
        (("←", "→"), "The numbers of one rate"),
        (("Esc",), "Let go of the rate"),
        (("0",), "Show everything"),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _AXIS, _LOSS, parent)
        self.plot.axes.log_x = True
        self.plot.setAccessibleName("Learning rate against final loss")
        self.plot.setToolTip(
            "Every dot is a run, squares are medians; the dots of one rate stand side by side only"
            " to be told apart. On the coloured ground no run diverged;"
            " on the hatched one all did. Point at a rate for its numbers."
        )
        self.picture = RatesPicture(self.plot)
        self.show_results(None)

    def legend(self) -> tuple[LegendEntry, ...]:
        if self.bare:
            return ()
        run = LegendEntry(Mark.DISC, "secondary", "run")
        return run, LegendEntry(Mark.SQUARE, "text", "median")

    def show_results(self, results: Results | None) -> None:
        self.take(results)
        rates = results.rates if results is not None else None
        empty = EMPTY if results is None else NO_RATES if rates is None else NO_RUN
        self.picture.show(results, rates, empty)
        self.plot.set_bare(self.bare)
        axes = other_axes(results) if results is not None else []
        pooled = [axis.path for axis in axes] if not told_apart(axes) else []
        self.plot.set_labels(f"{_AXIS}, over {listed(pooled)}" if pooled else _AXIS, _LOSS)
        self.fit_range()
        words = "" if results is None or self.bare else self._words(results, results.rates)
        self.set_subtitle(words)
        self.heading_changed.emit()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.picture.refresh()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        self.plot.draw_figure(painter, area)

    def keys_of_plot(self) -> dict[Qt.Key, Callable[[], object]]:
        return {
            Qt.Key.Key_Left: lambda: self._move(-1),
            Qt.Key.Key_Right: lambda: self._move(1),
            Qt.Key.Key_Escape: lambda: self.picture.point_at(None),
        }

    @property
    def curves(self) -> CurvePicture:
        return self.picture

    @property
    def bare(self) -> bool:
        """Whether there is no rate to be shown."""
        return self.picture.rates is None or not len(self.picture.rates.rates)

    def _move(self, step: int) -> None:
        assert self.picture.rates is not None
        last, at = len(self.picture.rates.rates) - 1, self.picture.cursor
        first = 0 if step > 0 else last
        self.picture.point_at(first if at is None else max(0, min(last, at + step)))

    def _words(self, results: Results, rates: Rates | None) -> str:
        """Where it is stable, and how many runs there are."""
        assert rates is not None
        regions = [
            _region("stable up to", rates.stable_to),
            _region("diverges from", rates.diverging_from),
        ]
        parts = [
            *regions,
            _so_far(results) if any(regions) else so_far_words(results),
            _medians_words(results),
            _runs_words(results),
        ]
        return SEPARATOR.join(part for part in parts if part)

    def fit_range(self) -> None:
        picture, rates = self.picture, self.picture.rates
        if not self._following or rates is None or self.bare:
            return
        losses = rates.losses[np.isfinite(rates.losses)]
        low, high = float(losses.min(initial=math.inf)), float(losses.max(initial=-math.inf))
        low, high = self.scaled(low, high, float(losses[losses > 0].min(initial=math.inf)))
        # The words of the regions stand above the dots.
        high += (0.4 if rates.diverged.any() else 0.16) * (high - low)
        beside = _MARGIN * picture.step
        ends = float(picture.exponents[0]) - beside, float(picture.exponents[-1]) + beside
        self.plot.set_range(ends, (low, high))


def _so_far(results: Results) -> str:
    """Of which runs a region is true, until it is of all."""
    there = so_far_words(results)
    return f"in all runs so far ({there.removesuffix(' runs')})" if there else ""


def _medians_words(results: Results) -> str:
    """What a line of medians stands for where there are several."""
    axes = other_axes(results)
    return f"medians by {listed([axis.path for axis in axes])}" if told_apart(axes) else ""


def _runs_words(results: Results) -> str:
    """How often each rate was run, or each combination where more than the rate varies."""
    if seed_count(results) == 1:
        return "one run each"
    return seeds_words(results) if other_axes(results) else f"{seeds_words(results)} a rate"


def _region(words: str, rate: float) -> str:
    return "" if math.isnan(rate) else f"{words} {rounded(rate, 6)}"
