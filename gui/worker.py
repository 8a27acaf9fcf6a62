"""Training in a thread of its own: slices of work between the commands that arrive."""

import functools
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, SignalInstance, Slot

from model.errors import BackscopeError
from model.training.settings import RunSettings
from model.training.snapshots import State, View
from model.training.transitions import Command, states_for

SLICE: Final = 0.015
"""Seconds of training between two looks at the thread's events: a pause is never further away."""

SNAPSHOT_INTERVAL: Final = 1 / 13
"""Seconds between two pictures at full speed: smooth to look at, and a small share of the time.

Drawing holds Python's lock against the training.
"""


if TYPE_CHECKING:
    from model.analysis.conventions import Orientation
    from model.nn.network import Network
    from model.training.session import Session

DEBUGGING: Final = (
    "begin",
    "go_to",
    "go_to_epoch",
    "choose_branch",
    "set_element",
    "change_layer",
    "undo",
    "delete_branch",
    "add_breakpoint",
    "toggle_breakpoint",
    "enable_breakpoint",
    "remove_breakpoint",
)
"""Commands of the session that the debugger gives, by their names there."""

AT_REST: Final = frozenset(
    {"go_to", "go_to_epoch", "choose_branch", "set_element", "change_layer", "undo"}
)
"""Those for which a run is paused first."""


def reported(method: Callable[..., object]) -> Callable[..., None]:
    """A slot whose exception becomes one `failed` signal."""

    @functools.wraps(method)
    def slot(self: "Worker", *args: Any) -> None:
        try:
            method(self, *args)
        except BackscopeError as refused:
            self.failed.emit(refused)
        except Exception as error:
            self.failed.emit(error)
            self.halt()

    return slot


class Worker(QObject):
    """Owns the session in its thread; hears wishes by signals and answers with snapshots.

    At most one snapshot is under way: the next one waits for `acknowledge` and carries every epoch
    since the last.
    """

    snapshot_made = Signal(object)
    gradients_checked = Signal(object)
    own_compared = Signal(object)
    check_refused = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._view = View()
        self._speed = math.inf
        self._sent = (0, 0)
        self._waiting = self._changed = False
        self._last_made = -math.inf
        self._due = 0.0

    @Slot(object)
    @reported
    def open(self, settings: RunSettings) -> None:
        """Make the session; the timer is created here, so that it lives in this thread."""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        # Loaded here, in this thread and behind the first picture: a start does not wait for it.
        from model.training.session import Session

        self._session = Session(settings)
        self._follow()

    @Slot()
    @reported
    def run(self) -> None:
        """Train until something ends it."""
        if self._may(Command.RUN):
            self._the_session.begin()
        self._follow()

    @Slot()
    @reported
    def pause(self) -> None:
        """Stop between two iterations."""
        if self._may(Command.PAUSE):
            self._the_session.pause()
        self._follow()

    @Slot()
    @reported
    def run_or_pause(self) -> None:
        """Whichever is possible at this moment, whatever the last picture showed."""
        if self._running:
            self.pause()
        else:
            self.run()

    @Slot(str)
    @reported
    def step(self, kind: str) -> None:
        """Forward by an operation, layer, phase, iteration or epoch."""
        if self._may(Command.STEP):
            self._the_session.step(kind)
        self._follow()

    @Slot(str)
    @reported
    def back(self, kind: str) -> None:
        """Back by one of the same kinds; at the beginning there is nothing to do."""
        session = self._the_session
        if self._may(Command.BACK) and (session.iteration, session.operation) > (0, 0):
            session.back(kind)
        self._follow()

    @Slot(str, object)
    @reported
    def command(self, name: str, arguments: tuple[Any, ...]) -> None:
        """One of the session's `DEBUGGING` commands; its refusal is reported like any error."""
        if name not in DEBUGGING:
            raise ValueError(f"{name} is no command of the debugger")
        if self._running and name in AT_REST:
            self._the_session.pause()
        getattr(self._the_session, name)(*arguments)
        self._follow()

    @Slot()
    @reported
    def reset(self) -> None:
        """The same first weights again."""
        self._the_session.reset()
        self._follow()

    @Slot(object)
    @reported
    def edit(self, settings: RunSettings) -> None:
        """Other settings; refused ones leave the session as it is."""
        if self._session is None:
            self.open(settings)
        elif settings != self._session.settings:
            self._session.edit(settings)
            self._follow()

    @Slot(object)
    @reported
    def load(self, network: "Network") -> None:
        """Start from other weights."""
        self._the_session.load_parameters(network)
        self._follow()

    @Slot(float)
    @reported
    def set_speed(self, epochs_per_second: float) -> None:
        """Epochs a second, infinite for as many as there can be."""
        self._speed = epochs_per_second
        self._follow()

    @Slot(object)
    @reported
    def look(self, view: View) -> None:
        """Somebody wants to see something else of the same state."""
        self._view = view
        self._follow()

    @Slot()
    @reported
    def check_gradients(self) -> None:
        """Answer with a `RunCheck` of the run where it stands."""
        from model.training.gradient_check import checked_gradients

        self._answer(
            lambda: checked_gradients(self._the_session.current_run), self.gradients_checked
        )

    @Slot(object, object)
    @reported
    def compare_own(self, path: Path, orientation: "Orientation | None") -> None:
        """Answer with an `OwnComparison` of a file."""
        from model.files.own_comparison import compared

        settings = RunSettings() if self._session is None else self._session.settings
        self._answer(lambda: compared(path, orientation, settings), self.own_compared)

    @Slot()
    @reported
    def acknowledge(self) -> None:
        """The last snapshot has been drawn."""
        self._waiting = False
        if not self._running:
            self._show_change()

    @Slot()
    def close(self) -> None:
        """Stop and leave the thread's event loop."""
        self.stop()
        QThread.currentThread().quit()

    def stop(self) -> None:
        """No further slices until the next command."""
        if self._session is not None:
            self._timer.stop()

    def halt(self) -> None:
        """After something unforeseen: no slice is tried again by itself, and the state is shown."""
        self.stop()
        if self._running:
            self._the_session.pause()
            self._changed = True
            QTimer.singleShot(0, self, self._show_change)

    @Slot()
    @reported
    def _show_change(self) -> None:
        """Send what has changed, if nothing is under way."""
        if self._changed and not self._waiting:
            self._send()

    def _answer(self, made: Callable[[], object], answered: SignalInstance) -> None:
        """Whoever asked for a check hears of its end, whatever that is."""
        try:
            answered.emit(made())
        except BackscopeError as refused:
            self.check_refused.emit(refused)
        except Exception:
            self.check_refused.emit(BackscopeError("The check could not be made"))
            raise

    @property
    def _the_session(self) -> "Session":
        if self._session is None:
            raise RuntimeError("the session could not be made: change the settings first")
        return self._session

    def _may(self, command: Command) -> bool:
        """Whether a wish from the window still suits the state.

        Keys outrun pictures: what was possible when they were pressed may not be any longer.
        """
        return self._the_session.state in states_for(command)

    @property
    def _running(self) -> bool:
        return self._session is not None and self._session.state is State.RUNNING

    def _follow(self) -> None:
        """After a command: run the timer as the state and the speed ask, and show the state."""
        if self._session is None:
            return
        if self._running:
            self._due = time.perf_counter()
            self._timer.start(0)
        else:
            self._timer.stop()
        generation, sent = self._sent
        self._sent = generation, min(sent, self._session.epoch)
        self._changed = True
        self._show_change()

    @Slot()
    @reported
    def _on_timer_timeout(self) -> None:
        paced = not math.isinf(self._speed)
        if paced and self._waiting:
            # Each epoch is shown at a speed that one can watch, so the next waits for the picture.
            self._timer.start(1)
            return
        self._the_session.advance(SLICE, epochs=1 if paced else None)
        self._changed = True
        if not self._running:
            self._timer.stop()
        elif paced:
            self._timer.start(self._milliseconds_to_next())
        due = time.perf_counter() - self._last_made >= SNAPSHOT_INTERVAL
        if not self._waiting and (due or paced or not self._running):
            self._send()

    def _milliseconds_to_next(self) -> int:
        """Until the next epoch at a paced speed; a late one does not make the others late."""
        now = time.perf_counter()
        self._due = max(self._due + 1 / self._speed, now - 1 / self._speed)
        return max(0, round(1000 * (self._due - now)))

    def _send(self) -> None:
        session = self._the_session
        generation, sent = self._sent
        self._changed = False
        snapshot = session.snapshot(self._view, sent if generation == session.generation else 0)
        self._sent = snapshot.generation, snapshot.epoch
        self._waiting = True
        self._last_made = time.perf_counter()
        self.snapshot_made.emit(snapshot)
