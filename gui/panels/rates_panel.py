"""Which learning rate: the final loss of every run of a sweep against its learning rate."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panels.loss_panel import LINEAR, LOG, linear_range, log_range
from gui.panels.panel import LegendEntry, Mark
from gui.panels.rates_picture import RatesPicture
from gui.panels.sweep_panel import EMPTY, NO_RUN, SweepPanel
from gui.sweep_words import listed, seed_count, seeds_words, so_far_words
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.elided_label import SEPARATOR
from gui.widgets.numerals import rounded
from gui.widgets.plot import PlotWidget
from model.lab.results import Results
from model.lab.summaries import RATE, Rates

NO_RATES: Final = (
    "In this sweep the learning rate does not vary. Choose it at “Vary” or “and”, and start a"
    " sweep, to see from which rate on training diverges."
)
_AXIS: Final = "Learning rate α"
_LOSS: Final = "Final loss J (train)"
_MARGIN: Final = 0.5
"""Of the way to the next rate, beyond the first and the last one."""


class RatesPanel(SweepPanel):
    """Every run a dot, the median of each rate a square; the two regions carry their words."""

    name = "rates"
    title = "Learning rates"
    keys = (
        (("←", "→"), "The numbers of one rate"),
        (("Esc",), "Let go of the rate"),
        (("0",), "Show everything"),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._following = True
        self.plot = PlotWidget(theme, _AXIS, _LOSS)
        self.plot.axes.log_x = True
        self.plot.setAccessibleName("Learning rate against final loss")
        self.plot.setToolTip(
            "Every dot is a run, squares are medians. On the coloured ground no run diverged;"
            " on the hatched one all did. Point at a rate for its numbers."
        )
        self.plot.view.setMouseEnabled(x=True, y=True)
        self.picture = RatesPicture(self.plot)
        self._scale = ChoiceButton("Scale of the loss axis", (LINEAR, LOG), theme)
        self._scale.setToolTip("Scale of the loss axis: linear, or logarithmic for small losses")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setFocusProxy(self.plot)
        self._scale.chosen.connect(self._on_scale_chosen)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)
        self.plot.double_clicked.connect(self._on_plot_double_clicked)
        self.plot.zoomed.connect(self._on_plot_zoomed)
        self.show_results(None)

    def head_widgets(self) -> tuple[QWidget, ...]:
        return (self._scale,)

    def legend(self) -> tuple[LegendEntry, ...]:
        if self._bare:
            return ()
        run = LegendEntry(Mark.DISC, "secondary", "run")
        return run, LegendEntry(Mark.SQUARE, "text", "median")

    def show_results(self, results: Results | None) -> None:
        if self._results is None or results is None or results.plan != self._results.plan:
            self._following = True
        self._results = results
        rates = results.rates if results is not None else None
        empty = EMPTY if results is None else NO_RATES if rates is None else NO_RUN
        self.picture.show(rates, empty)
        self.plot.set_bare(self._bare)
        others = _others(results)
        self.plot.set_labels(f"{_AXIS}, over {listed(others)}" if others else _AXIS, _LOSS)
        self._fit_range()
        words = "" if results is None or self._bare else self._words(results, results.rates)
        self.set_subtitle(words)
        self.heading_changed.emit()

    @Slot()
    def show_all(self) -> None:
        """Bring everything into view and follow it again."""
        self._following = True
        self._fit_range()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._scale.apply_theme(theme)
        self.plot.apply_theme(theme)
        self.picture.refresh()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        self.plot.draw_figure(painter, area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        does = self._by_key().get(Qt.Key(event.key()))
        if does is None or self._bare:
            super().keyPressEvent(event)
        else:
            does()

    def _by_key(self) -> dict[Qt.Key, Callable[[], object]]:
        return {
            Qt.Key.Key_Left: lambda: self._move(-1),
            Qt.Key.Key_Right: lambda: self._move(1),
            Qt.Key.Key_Escape: lambda: self.picture.point_at(None),
            Qt.Key.Key_0: self.show_all,
        }

    @property
    def _bare(self) -> bool:
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
        parts = [
            _region("stable up to", rates.stable_to),
            _region("diverges from", rates.diverging_from),
            _runs_words(results),
            so_far_words(results),
        ]
        return SEPARATOR.join(part for part in parts if part)

    def _fit_range(self) -> None:
        picture, rates = self.picture, self.picture.rates
        if not self._following or rates is None or self._bare:
            return
        losses = rates.losses[np.isfinite(rates.losses)]
        low, high = float(losses.min(initial=math.inf)), float(losses.max(initial=-math.inf))
        log = self._scale.value == LOG
        if log:
            low, high, unit = log_range(float(losses[losses > 0].min(initial=math.inf)), high)
        else:
            low, high, unit = linear_range(low, high)
        # The words of the regions stand above the dots.
        high += (0.4 if rates.diverged.any() else 0.16) * (high - low)
        picture.set_axis(log=log, unit=unit)
        beside = _MARGIN * picture.step
        ends = float(picture.exponents[0]) - beside, float(picture.exponents[-1]) + beside
        self.plot.set_range(ends, (low, high))

    @Slot(str)
    def _on_scale_chosen(self, scale: str) -> None:
        self.show_all()
        self.picture.refresh()

    @Slot()
    def _on_plot_zoomed(self) -> None:
        self._following = False

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        self.picture.point_at(self.picture.nearest(pixel))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)

    @Slot(QPointF)
    def _on_plot_double_clicked(self, pixel: QPointF) -> None:
        self.show_all()


def _others(results: Results | None) -> list[str]:
    """The settings that vary beside the rate; the runs of one rate have all of their values."""
    return [path for path in results.plan.grouping if path != RATE] if results is not None else []


def _runs_words(results: Results) -> str:
    """How often each rate was run, or each combination where more than the rate varies."""
    if seed_count(results) == 1:
        return "one run each"
    return seeds_words(results) if _others(results) else f"{seeds_words(results)} a rate"


def _region(words: str, rate: float) -> str:
    return "" if math.isnan(rate) else f"{words} {rounded(rate, 6)}"
