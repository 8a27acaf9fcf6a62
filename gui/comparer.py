"""The Compare view: its panels, what they wish of the race, and what they want to see of it."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.main_window import MainWindow
from gui.messages import report
from gui.panels.panel import Panel
from gui.panels.race_boundaries_panel import RaceBoundariesPanel
from gui.panels.race_loss_panel import RaceLossPanel
from gui.panels.race_panel import RacePanel
from gui.panels.race_taylor_panel import RaceTaylorPanel
from gui.panels.runs_panel import RunsPanel
from gui.panels.vary_panel import VaryPanel
from gui.widgets.arrangements import COMPARE
from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceSnapshot, RaceView

GRID: Final = 40
"""Points along each side of each run's decision grid."""
_TURN: Final = 0.006
"""Seconds of drawing between two looks at what the user does."""


class Comparer(QObject):
    """Made when the Compare view is first opened, so that a start does not wait for it.

    `view_changed` says that `view` asks for something else; `run_opened` carries the number of the
    run that is wanted in the debugger; `race_drawn` follows each `show_race`, when all panels
    have drawn it.
    """

    view_changed = Signal()
    run_opened = Signal(int)
    race_drawn = Signal()

    def __init__(self, window: MainWindow, others: Iterable[Panel] = ()) -> None:
        """`others` are panels of the view that show no race."""
        super().__init__(window)
        theme = window.theme
        self._window = window
        self._race: RaceSnapshot | None = None
        self.highlighted: int | None = None
        self._pieces: Iterator[Callable[[], object]] = iter(())
        self.vary = VaryPanel(theme)
        self.boundaries, self.loss = RaceBoundariesPanel(theme), RaceLossPanel(theme)
        self.taylor, self.runs = RaceTaylorPanel(theme), RunsPanel(theme)
        window.add_view("compare", COMPARE, (*self.panels, *others))
        for panel in self.panels:
            panel.run_chosen.connect(self._on_panel_run_chosen)
            panel.run_opened.connect(self._on_panel_run_opened)
        self.runs.target_changed.connect(self._on_runs_target_changed)

    @property
    def panels(self) -> tuple[RacePanel, ...]:
        """The panels of the view, what varies first."""
        return self.vary, self.boundaries, self.loss, self.taylor, self.runs

    def view(self) -> RaceView:
        """What the visible panels want to see."""
        return RaceView(
            grid=GRID if self.boundaries.isVisible() else 0,
            auc=self.runs.isVisible(),
            taylor=self._explained if self.taylor.isVisible() else None,
            target=self.runs.target,
        )

    @property
    def _explained(self) -> int | None:
        """The run whose rate is explained: the one that stands out, or else the first."""
        if self.highlighted is not None or self._race is None:
            return self.highlighted
        possible = (run.variant.number for run in self._race.runs if run.fate is not Fate.REFUSED)
        return next(possible, None)

    def show_race(self, race: RaceSnapshot) -> None:
        """Draw a state, piece by piece; what cannot be drawn is reported and the rest goes on."""
        before, self._race = self._race, race
        if before is not None and (before.axes, len(before.runs)) != (race.axes, len(race.runs)):
            self._highlight(None)
        if before is None or before.generation != race.generation:
            self.view_changed.emit()  # which run is explained is known only now
        self._pieces = chain.from_iterable(panel.pieces(race) for panel in self.panels)
        self._draw_on()

    @Slot()
    def _draw_on(self) -> None:
        """As many pieces as a turn of the event loop has time for; what is left has the next."""
        started = time.perf_counter()
        while time.perf_counter() - started < _TURN:
            try:
                piece = next(self._pieces, None)
                if piece is None:
                    self.race_drawn.emit()
                    return
                piece()
            except Exception as error:
                report(error, self._window)
        QTimer.singleShot(0, self, self._draw_on)

    def _highlight(self, number: int | None) -> None:
        """Let a run stand out in every panel."""
        if number != self.highlighted:
            self.highlighted = number
            for panel in self.panels:
                panel.highlight(number)
            self.view_changed.emit()

    @Slot(object)
    def _on_panel_run_chosen(self, number: int | None) -> None:
        self._highlight(number)

    @Slot(int)
    def _on_panel_run_opened(self, number: int) -> None:
        """The run that was opened is the one to come back to."""
        self._highlight(number)
        self.run_opened.emit(number)

    @Slot(float)
    def _on_runs_target_changed(self, target: float) -> None:
        self.view_changed.emit()
