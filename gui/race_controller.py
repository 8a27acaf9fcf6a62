"""Between the Compare view and the race worker, as the controller is between the others."""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gui import files
from gui.actions import RUN_PAUSE
from gui.comparer import Comparer
from gui.comparison_store import comparison_path, read_comparison, write_comparison
from gui.main_window import MainWindow
from gui.messages import report
from gui.race_words import long_label
from gui.race_worker import RaceWorker
from gui.sweeper import Sweeper
from gui.widgets.numerals import grouped
from model.errors import FileError, SettingsError
from model.files.atomic import write_text
from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceSnapshot
from model.lab.summaries import RATE
from model.lab.variants import Axis
from model.training.settings import RunSettings


class RaceController(QObject):
    """Owns the Compare view and the race in `thread`; `settings` tells those of the window.

    `replay_requested` carries settings, the epoch that a run of them has reached, and what to say
    of it: the session is to stand there. `rate_requested` carries what is to be the learning rate
    of the window.
    """

    open_requested = Signal(object, object, object)
    run_requested = Signal()
    pause_requested = Signal()
    run_or_pause_requested = Signal()
    step_requested = Signal()
    back_requested = Signal()
    epoch_requested = Signal(int)
    reset_requested = Signal()
    speed_requested = Signal(float)
    view_requested = Signal(object)
    acknowledged = Signal()
    stop_requested = Signal()

    rate_requested = Signal(float)
    replay_requested = Signal(object, int, str)
    race_shown = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        thread: QThread,
        settings: Callable[[], RunSettings],
    ) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self.race: RaceSnapshot | None = None
        self.sweeper = Sweeper(window, settings)
        self.comparer = Comparer(window, self.sweeper.views.panels)
        self.comparer.vary.restore(read_comparison(comparison_path()))
        self.sweeper.attach(self.comparer.vary)
        self._asked: tuple[tuple[Axis, ...], int | None] | None = None
        self._base = self._taken = settings()
        self._worker = RaceWorker()
        self._worker.moveToThread(thread)
        thread.finished.connect(self._worker.deleteLater)
        self._connect()
        self.commands: dict[str, Callable[[], object]] = {
            RUN_PAUSE: self.run_or_pause_requested.emit,
            "run": self.run_requested.emit,
            "pause": self.pause_requested.emit,
            "step": self.step_requested.emit,
            "back": self.back_requested.emit,
            "step_epoch": self.step_requested.emit,
            "back_epoch": self.back_requested.emit,
            "reset": self.reset_requested.emit,
            "new_seed": self._draw_again,
        }

    def enter(self) -> None:
        """The view has come to the front: its race has the settings of now, or says that not."""
        if self._asked is None:
            self._take_settings()
            self.comparer.vary.ask()
        elif self._stale and (self.race is None or self.race.epoch == 0):
            self._renew()
        self.comparer.vary.base = self._settings()
        self.comparer.vary.set_stale(self._stale)
        self.sweeper.enter()
        # The panels themselves do not know yet whether they are visible.
        QTimer.singleShot(0, self, self.look)

    def leave(self) -> None:
        """Another view has come to the front: the race rests."""
        self.pause_requested.emit()

    @Slot()
    def look(self) -> None:
        """Ask for what the visible panels show."""
        self.view_requested.emit(self.comparer.view())

    def _connect(self) -> None:
        worker, comparer = self._worker, self.comparer
        for signal, slot in (
            (self.open_requested, worker.open),
            (self.run_requested, worker.run),
            (self.pause_requested, worker.pause),
            (self.run_or_pause_requested, worker.run_or_pause),
            (self.step_requested, worker.step),
            (self.back_requested, worker.back),
            (self.epoch_requested, worker.go_to),
            (self.reset_requested, worker.reset),
            (self.speed_requested, worker.set_speed),
            (self.view_requested, worker.look),
            (self.acknowledged, worker.acknowledge),
            (self.stop_requested, worker.stop),
            (worker.snapshot_made, self._on_worker_snapshot_made),
            (worker.failed, self._on_worker_failed),
            (self._window.closed, self._on_window_closed),
            (comparer.view_changed, self.look),
            (comparer.race_drawn, self._on_comparer_race_drawn),
            (comparer.taylor.rate_requested, self._on_taylor_rate_requested),
            (comparer.run_opened, self._on_comparer_run_opened),
            (self.sweeper.replay_requested, self.replay_requested),
            (comparer.vary.race_requested, self._on_vary_race_requested),
            (comparer.vary.run_requested, self.run_or_pause_requested),
            (comparer.loss.epoch_requested, self.epoch_requested),
            (comparer.vary.renew_requested, self._renew),
            (comparer.runs.export_requested, self._on_runs_export_requested),
        ):
            signal.connect(slot)

    @property
    def _stale(self) -> bool:
        """Whether the window has other settings than those that the race was made with."""
        return self._settings() != self._taken

    def _take_settings(self) -> None:
        self._base = self._taken = self.comparer.vary.base = self._settings()

    def _open(self) -> None:
        if self._asked is not None:
            self.open_requested.emit(self._base, *self._asked)
            self.comparer.vary.set_stale(self._stale)

    def _draw_again(self) -> None:
        """The next seed for all runs."""
        network = self._base.network
        network = network.model_copy(update={"seed": (network.seed + 1) % 2**32})
        self._base = self._base.model_copy(update={"network": network})
        self._open()

    @Slot()
    def _renew(self) -> None:
        """The same comparison with the settings of the window."""
        self._take_settings()
        self._open()

    @Slot(object, object)
    def _on_vary_race_requested(self, axes: tuple[Axis, ...], seeds: int | None) -> None:
        """A race that is set up anew has the settings of now, as a sweep has."""
        self._asked = axes, seeds
        self._renew()

    @Slot(float)
    def _on_taylor_rate_requested(self, rate: float) -> None:
        """One more run where the learning rate varies; else another setting of all runs."""
        if not self.comparer.vary.add_value(RATE, rate):
            self.rate_requested.emit(rate)
            self.comparer.vary.base = self._settings()
            self.comparer.vary.set_stale(self._stale)

    @Slot()
    def _on_window_closed(self) -> None:
        """Keep what varies for the next start."""
        try:
            write_comparison(comparison_path(), self.comparer.vary.entries)
        except FileError as error:
            # There is no window any more to say it in.
            sys.stderr.write(f"backscope: {error.message}\n")

    @Slot(int)
    def _on_comparer_run_opened(self, number: int) -> None:
        """A run that diverged does so in the epoch after the last it completed."""
        if self.race is None:
            return
        run = self.race.runs[number]
        if run.variant.settings is None:
            self._window.status.show_message(f"This run never began: {run.reason}", "error")
            return
        words = f"{long_label(self.race, run)} at epoch {grouped(run.epoch)}"
        further = run.fate is Fate.DIVERGED
        self._taken = run.variant.settings
        self.replay_requested.emit(run.variant.settings, run.epoch + further, words)

    @Slot()
    def _on_runs_export_requested(self) -> None:
        if self.race is not None:
            files.EXPORT_RUNS.ask(self._window, self._export)

    def _export(self, path: Path) -> None:
        with files.told(self._window):
            write_text(path, self.comparer.runs.runs.csv_text())
            self._window.status.show_message(f"Saved {path.name}")

    @Slot(object)
    def _on_worker_snapshot_made(self, race: RaceSnapshot) -> None:
        """Draw; the next one is asked for when that is done, or at once for one that is too old."""
        if self.race is not None and race.generation < self.race.generation:
            self.acknowledged.emit()
            return
        self.race = race
        self._window.show_race(race)
        self.comparer.show_race(race)

    @Slot()
    def _on_comparer_race_drawn(self) -> None:
        self.acknowledged.emit()
        self.race_shown.emit(self.race)

    @Slot(object)
    def _on_worker_failed(self, error: Exception) -> None:
        if isinstance(error, SettingsError):
            self.comparer.vary.show_error(error)
        else:
            report(error, self._window)
