"""Training in a thread of its own: slices of work between the commands that arrive."""

import functools
import math
import time
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from model.errors import BackscopeError
from model.nn.network import Network
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import State, View

SLICE: Final = 0.015
"""Seconds of training between two looks at the thread's events: a pause is never further away."""

DRAWING_SHARE: Final = 0.12
FASTEST, SLOWEST = 1 / 30, 1 / 11
"""Drawing holds Python's lock against the training, so it may take this share of the time at full
speed; the seconds between two pictures follow from how long the last one took, within limits."""


def reported(method: Callable[..., object]) -> Callable[..., None]:
    """A slot whose exception becomes one `failed` signal."""

    @functools.wraps(method)
    def slot(self: "Worker", *args: Any) -> None:
        try:
            method(self, *args)
        except BackscopeError as refused:
            self.failed.emit(refused)
        except Exception as error:
            self.halt()
            self.failed.emit(error)

    return slot


class Worker(QObject):
    """Owns the session in its thread; hears wishes by signals and answers with snapshots.

    At most one snapshot is under way: the next one waits for `acknowledge` and carries every epoch
    since the last.
    """

    snapshot_made = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._view = View()
        self._speed = math.inf
        self._sent = (0, 0)
        self._waiting = self._changed = False
        self._last_made = -math.inf
        self._pause_between = FASTEST

    @Slot(object)
    @reported
    def open(self, settings: RunSettings) -> None:
        """Make the session; the timer is created here, so that it lives in this thread."""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._session = Session(settings)
        self._follow()

    @Slot()
    @reported
    def run(self) -> None:
        """Train until something ends it."""
        self._the_session.begin()
        self._follow()

    @Slot()
    @reported
    def pause(self) -> None:
        """Stop between two iterations."""
        self._the_session.pause()
        self._follow()

    @Slot(str)
    @reported
    def step(self, kind: str) -> None:
        """Forward by one of `model.training.boundaries.KINDS`."""
        self._the_session.step(kind)
        self._follow()

    @Slot(str)
    @reported
    def back(self, kind: str) -> None:
        """Back by one of the same kinds."""
        self._the_session.back(kind)
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
    def load(self, network: Network) -> None:
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
    def acknowledge(self) -> None:
        """The last snapshot has been drawn."""
        if self._waiting:
            took = time.perf_counter() - self._last_made
            self._pause_between = min(max(took / DRAWING_SHARE, FASTEST), SLOWEST)
        self._waiting = False
        if self._changed and not self._running:
            self._send()

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
        """After something unforeseen: no slice is tried again by itself."""
        self.stop()
        if self._running:
            self._the_session.pause()
            self._changed = True

    @property
    def _the_session(self) -> Session:
        if self._session is None:
            raise RuntimeError("the session could not be made: change the settings first")
        return self._session

    @property
    def _running(self) -> bool:
        return self._session is not None and self._session.state is State.RUNNING

    def _follow(self) -> None:
        """After a command: run the timer as the state and the speed ask, and show the state."""
        if self._session is None:
            return
        if self._running:
            self._timer.start(0 if math.isinf(self._speed) else round(1000 / self._speed))
        else:
            self._timer.stop()
        generation, sent = self._sent
        self._sent = generation, min(sent, self._session.epoch)
        self._changed = True
        if not self._waiting:
            self._send()

    @Slot()
    @reported
    def _on_timer_timeout(self) -> None:
        paced = not math.isinf(self._speed)
        self._the_session.advance(SLICE, epochs=1 if paced else None)
        self._changed = True
        if not self._running:
            self._timer.stop()
        due = time.perf_counter() - self._last_made >= self._pause_between
        if not self._waiting and (due or paced or not self._running):
            self._send()

    def _send(self) -> None:
        session = self._the_session
        generation, sent = self._sent
        snapshot = session.snapshot(self._view, sent if generation == session.generation else 0)
        self._sent = snapshot.generation, snapshot.epoch
        self._changed, self._waiting = False, True
        self._last_made = time.perf_counter()
        self.snapshot_made.emit(snapshot)
