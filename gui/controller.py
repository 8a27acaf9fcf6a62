"""Between the window and the worker: wishes go one way, snapshots come the other."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gui import files
from gui.actions import RUN_PAUSE, SPEEDS, WALKS
from gui.epochs_dialog import ask_for_epochs
from gui.main_window import MainWindow
from gui.messages import report
from gui.panels.boundary_panel import BoundaryPanel
from gui.panels.inspector_panel import InspectorPanel
from gui.panels.loss_panel import LossPanel
from gui.panels.network_panel import NetworkPanel
from gui.panels.panel import Panel, Wants
from gui.panels.roc_panel import RocPanel
from gui.panels.setup_panel import SetupPanel
from gui.widgets.numerals import grouped
from gui.worker import Worker
from model.errors import BackscopeError, FileError, SettingsError
from model.training.settings import RunSettings
from model.training.snapshots import Snapshot, View

if TYPE_CHECKING:
    from gui.debug_controller import DebugController
    from gui.debugger import Debugger
    from gui.race_controller import RaceController

GRID: Final = 100
"""Points along each side of the decision boundary's picture."""


class Controller(QObject):
    """The only place that knows both the worker and the panels; the rest meets in signals.

    `snapshot_shown` follows each snapshot that the panels have taken over.
    """

    open_requested = Signal(object)
    run_requested = Signal()
    pause_requested = Signal()
    run_or_pause_requested = Signal()
    step_requested = Signal(str)
    back_requested = Signal(str)
    reset_requested = Signal()
    edit_requested = Signal(object)
    load_requested = Signal(object)
    replay_requested = Signal(object, int)
    debugging_requested = Signal(str, object)
    speed_requested = Signal(float)
    view_requested = Signal(object)
    acknowledged = Signal()
    close_requested = Signal()

    snapshot_shown = Signal(object)

    def __init__(self, window: MainWindow, settings: RunSettings) -> None:
        super().__init__(window)
        self.window = window
        self.snapshot: Snapshot | None = None
        self._view = View()
        self._figures_due: Path | None = None
        self.debugging: DebugController | None = None
        self.racing: RaceController | None = None
        self._promised = ""
        """What to say when the session has done it."""
        self._make_panels()
        self._start_thread()
        self._connect()
        self._commands = self._table_of_commands()
        self.setup.show_settings(settings)

    @property
    def settings(self) -> RunSettings:
        """The settings on the screen: those of the session, or what it has just been asked for."""
        return self.setup.settings

    @property
    def debugger(self) -> "Debugger | None":
        """The Debug view, once it has been opened."""
        return self.debugging.debugger if self.debugging is not None else None

    def start(self) -> None:
        """Make the session, once the window can be seen; data follow as soon as they are there."""
        self._look()
        self.speed_requested.emit(SPEEDS[self.window.commands.chosen("speed")])
        self.open_requested.emit(self.settings)

    def shut_down(self) -> None:
        """Stop the slice, quit the thread, wait for it, and keep layout and settings."""
        if not self._thread.isRunning():
            return
        if self.racing is not None:
            self.racing.stop_requested.emit()
            self.racing.sweeper.shut_down()
        self.close_requested.emit()
        self._thread.wait()
        for keep in (self.window.save_layout, lambda: files.save_last_settings(self.settings)):
            try:
                keep()
            except FileError as error:
                # There is no window any more to say it in.
                sys.stderr.write(f"backscope: {error.message}\n")

    def _make_panels(self) -> None:
        theme = self.window.theme
        self.setup = SetupPanel(theme)
        self.network, self.boundary = NetworkPanel(theme), BoundaryPanel(theme)
        self.loss, self.roc, self.inspector = (
            LossPanel(theme),
            RocPanel(theme),
            InspectorPanel(theme),
        )
        panels = (self.network, self.boundary, self.loss, self.roc, self.inspector)
        self.window.add_panels(self.setup, panels)

    def _start_thread(self) -> None:
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._worker = Worker()
        self._worker.moveToThread(self._thread)
        self._thread.finished.connect(self._worker.deleteLater)
        self._thread.start()

    def _connect(self) -> None:
        worker, window = self._worker, self.window
        wishes = (
            (self.open_requested, worker.open),
            (self.run_requested, worker.run),
            (self.pause_requested, worker.pause),
            (self.run_or_pause_requested, worker.run_or_pause),
            (self.step_requested, worker.step),
            (self.back_requested, worker.back),
            (self.reset_requested, worker.reset),
            (self.edit_requested, worker.edit),
            (self.load_requested, worker.load),
            (self.replay_requested, worker.replay),
            (self.debugging_requested, worker.command),
            (self.speed_requested, worker.set_speed),
            (self.view_requested, worker.look),
            (self.acknowledged, worker.acknowledge),
            (self.close_requested, worker.close),
            (worker.snapshot_made, self._on_worker_snapshot_made),
            (worker.failed, self._on_worker_failed),
            (window.command_requested, self._on_window_command_requested),
            (window.view_shown, self._on_window_view_shown),
            (window.panels_shown_changed, self._on_window_panels_shown_changed),
            (window.closed, self.shut_down),
            (self.setup.settings_requested, self._on_setup_settings_requested),
            (self.setup.reset_requested, worker.reset),
            (self.boundary.probe_requested, self._on_boundary_probe_requested),
            (self.roc.threshold_requested, self._on_roc_threshold_requested),
            (self.network.tensor_requested, self.inspector.show_tensor),
        )
        for signal, slot in wishes:
            signal.connect(slot)

    def _table_of_commands(self) -> dict[str, Callable[[], object]]:
        """What each command of the window's table does here."""
        speeds = {
            name: lambda speed=speed: self.speed_requested.emit(speed)
            for name, speed in SPEEDS.items()
        }
        return {
            RUN_PAUSE: self.run_or_pause_requested.emit,
            "run": self.run_requested.emit,
            "pause": self.pause_requested.emit,
            "step": lambda: self.step_requested.emit("iteration"),
            "back": lambda: self.back_requested.emit("iteration"),
            **{f"step_{kind}": partial(self.step_requested.emit, kind) for kind in WALKS},
            **{f"back_{kind}": partial(self.back_requested.emit, kind) for kind in WALKS},
            "undo": lambda: self.debugging_requested.emit("undo", ()),
            "breakpoint": lambda: self._debugs().toggle_breakpoint(),
            "run_epochs": lambda: ask_for_epochs(self.window, self._run_epochs),
            "run_until": self._ask_for_condition,
            "debug_view": self._show_debugger,
            "compare_view": self._show_comparison,
            "reset": self.reset_requested.emit,
            "new_seed": self._draw_again,
            "save_figures": lambda: files.SAVE_FIGURES.ask(self.window, self._confirm_figures),
            "save_weights": lambda: files.SAVE_WEIGHTS.ask(self.window, self._save_weights),
            "open_weights": lambda: files.OPEN_WEIGHTS.ask(self.window, self._open_weights),
            **speeds,
        }

    def _debugs(self) -> "DebugController":
        """The Debug view, made when it is first needed."""
        from gui.debug_controller import DebugController

        if self.debugging is None:
            self.debugging = DebugController(self.window, self._worker)
            self.debugging.view_changed.connect(self._on_debugging_view_changed)
            self.debugging.rate_requested.connect(self._on_debugging_rate_requested)
            if self.snapshot is not None:
                self._catch_up(self.debugging.debugger, self.snapshot)
        return self.debugging

    def _catch_up(self, debugger: "Debugger", snapshot: Snapshot) -> None:
        """Panels that were not there before have to be given the whole history."""
        known = self.loss.history
        history = known.part(0, known.epoch)
        debugger.show_snapshot(snapshot)
        for panel in debugger.panels:
            self._show_in(panel, replace(snapshot, history=history))

    def _races(self) -> "RaceController":
        """The Compare view with its race, made when it is first needed."""
        from gui.race_controller import RaceController

        if self.racing is None:
            self.racing = RaceController(self.window, self._thread, lambda: self.settings)
            self.racing.replay_requested.connect(self._on_racing_replay_requested)
            self.racing.rate_requested.connect(self._on_debugging_rate_requested)
            self.speed_requested.connect(self.racing.speed_requested)
            self.racing.speed_requested.emit(SPEEDS[self.window.commands.chosen("speed")])
        return self.racing

    def _show_comparison(self) -> None:
        self._races()
        self.window.show_view("compare")

    @Slot(object, int, str)
    def _on_racing_replay_requested(self, settings: RunSettings, epochs: int, words: str) -> None:
        """A run of the race becomes the session's, and the debugger shows it."""
        self.setup.show_settings(settings)
        self._promised = f"Opened {words}"
        self.replay_requested.emit(settings, epochs)
        self._show_debugger()

    def _run_epochs(self, epochs: int) -> None:
        self.debugging_requested.emit("begin", (epochs,))

    def _ask_for_condition(self) -> None:
        self._show_debugger()
        self._debugs().debugger.run_until()

    @Slot()
    def _on_debugging_view_changed(self) -> None:
        self._look()

    @Slot(float)
    def _on_debugging_rate_requested(self, rate: float) -> None:
        training = self.settings.training.model_copy(update={"learning_rate": rate})
        self.setup.ask_for(self.settings.model_copy(update={"training": training}))

    def _show_debugger(self) -> None:
        self._debugs()
        self.window.show_view("debug")
        self._look()

    def _draw_again(self) -> None:
        """The next seed: other first weights, which can be had again by its number."""
        settings = self.settings
        seed = (settings.network.seed + 1) % 2**32
        network = settings.network.model_copy(update={"seed": seed})
        self.setup.ask_for(settings.model_copy(update={"network": network}))

    def _look(self, view: View | None = None) -> None:
        """Ask for `view` with what the visible panels need."""
        wants = self.window.wants()
        grid = GRID if Wants.GRID in wants else 0
        self._view = replace(
            view or self._view,
            grid=grid,
            roc=Wants.ROC in wants,
            health=True,
            taylor=Wants.TAYLOR in wants,
        )
        if (debugger := self.debugger) is not None and self.window.view == "debug":
            self._view = debugger.view(self._view)
        self.view_requested.emit(self._view)

    @Slot(str)
    def _on_window_command_requested(self, command: str) -> None:
        """In the Compare view the run's commands are those of the race."""
        race = self._race_in_front
        own = race.commands if race is not None else {}
        (own.get(command) or self._commands[command])()

    @property
    def _race_in_front(self) -> "RaceController | None":
        return self.racing if self.window.view == "compare" else None

    @Slot(str)
    def _on_window_view_shown(self, view: str) -> None:
        """Only what is at the front goes on."""
        if self.racing is None:
            return
        if view == "compare":
            self.pause_requested.emit()
            self.racing.enter()
        else:
            self.racing.leave()

    @Slot()
    def _on_window_panels_shown_changed(self) -> None:
        # The signal comes before the panels themselves know whether they are visible.
        race = self._race_in_front
        QTimer.singleShot(0, self, self._look if race is None else race.look)

    @Slot(object)
    def _on_setup_settings_requested(self, settings: RunSettings) -> None:
        if self.snapshot is None or settings.data != self.snapshot.settings.data:
            self._look(replace(self._view, probe=None))
        self.edit_requested.emit(settings)

    @Slot(object)
    def _on_boundary_probe_requested(self, x: tuple[float, ...] | None) -> None:
        self._look(replace(self._view, probe=x))

    @Slot(float)
    def _on_roc_threshold_requested(self, threshold: float) -> None:
        self._look(replace(self._view, threshold=threshold))

    @Slot(object)
    def _on_worker_snapshot_made(self, snapshot: Snapshot) -> None:
        """Draw, and ask for the next one when the event loop has come round, whatever happens."""
        QTimer.singleShot(0, self, self.acknowledged.emit)
        if self.snapshot is None or snapshot.generation >= self.snapshot.generation:
            self._show(snapshot)

    @Slot(object)
    def _on_worker_failed(self, error: Exception) -> None:
        self._promised = ""
        if isinstance(error, SettingsError):
            self.setup.show_error(error)
        else:
            report(error, self.window)

    def _show(self, snapshot: Snapshot) -> None:
        begun = self.snapshot is None or snapshot.generation > self.snapshot.generation
        self.snapshot = snapshot
        if begun and self._promised:
            self._say(self._promised)
            self._promised = ""
        self.window.show_snapshot(snapshot)
        self.setup.show_snapshot(snapshot)
        if self.debugger is not None:
            self.debugger.show_snapshot(snapshot)
        for panel in self.window.panels:
            self._show_in(panel, snapshot)
        if self._figures_due is not None and snapshot.test.auc is not None and snapshot.grid:
            path, self._figures_due = self._figures_due, None
            self._save_figures(path)
            self._look()
        self.snapshot_shown.emit(snapshot)

    def _show_in(self, panel: Panel, snapshot: Snapshot) -> None:
        """A panel that cannot draw is reported and does not keep the others from drawing."""
        try:
            seen = self.debugger.seen_by(panel, snapshot) if self.debugger is not None else snapshot
            panel.show_snapshot(seen)
        except Exception as error:
            report(error, self.window)

    @property
    def _pictures(self) -> list[Panel]:
        return files.with_pictures(self.window.panels)

    def _confirm_figures(self, path: Path) -> None:
        """Ask before files are replaced; what the user typed is only the stem of their names."""
        files.confirm_replacing(
            self.window,
            [path for path in files.figure_paths(self._pictures, path) if path.exists()],
            lambda: self._ask_for_figures(path),
        )

    def _ask_for_figures(self, path: Path) -> None:
        """Have everything computed that a figure shows, that of hidden panels too, then save."""
        self._figures_due = path
        self.view_requested.emit(replace(self._view, grid=GRID, roc=True))

    def _save_figures(self, path: Path) -> None:
        with files.told(self.window):
            names = files.save_figures(self._pictures, path)
            self._say(f"Saved {', '.join(names)}")

    def _save_weights(self, path: Path) -> None:
        from model.files.weights import Weights, write_weights

        with files.told(self.window):
            if self.snapshot is None:
                raise BackscopeError("There are no weights yet", "wait until the data are there")
            write_weights(path, Weights.of_snapshot(self.snapshot))
            epoch = grouped(self.snapshot.epoch)
            self._say(f"Saved the weights of epoch {epoch} as {path.name}")

    def _open_weights(self, path: Path) -> None:
        from model.files.weights import read_weights

        with files.told(self.window):
            weights = read_weights(path)
            same = self.snapshot is not None and weights.fits(self.snapshot.data)
            other = "" if same else "; they were trained on data scaled otherwise"
            self._promised = f"Training starts from the weights in {path.name}{other}"
            self.load_requested.emit(weights.network)

    def _say(self, text: str) -> None:
        self.window.status.show_message(text)
