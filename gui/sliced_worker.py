"""Work in a thread, in slices between the commands that arrive, told of by snapshots."""

import functools
import math
import time
from collections.abc import Callable
from typing import Any, ClassVar, Final, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from model.errors import BackscopeError
from model.training.snapshots import State
from model.training.transitions import Command, states_for

SLICE: Final = 0.015
"""Seconds of training between two looks at the thread's events: a pause is never further away."""


class Course(Protocol):
    """What goes on by slices: a session, or a race."""

    @property
    def state(self) -> State: ...
    @property
    def epoch(self) -> int: ...
    @property
    def generation(self) -> int: ...
    def begin(self) -> None: ...
    def pause(self) -> None: ...
    def reset(self) -> None: ...
    def advance(self, seconds: float, epochs: int | None = None) -> None: ...
    def snapshot(self, view: Any, since: int = 0) -> Any: ...


def reported(method: Callable[..., object]) -> Callable[..., None]:
    """A slot whose exception becomes one `failed` signal."""

    @functools.wraps(method)
    def slot(self: "SlicedWorker", *args: Any) -> None:
        try:
            method(self, *args)
        except BackscopeError as refused:
            self.failed.emit(refused)
        except Exception as error:
            self.failed.emit(error)
            self.halt()

    return slot


class SlicedWorker(QObject):
    """Owns a course in its thread; hears wishes by signals and answers with snapshots.

    At most one snapshot is under way: the next one waits for `acknowledge` and carries every epoch
    since the last. `INTERVAL` is the time in seconds from one to the making of the next at full
    speed, at least; with `EVERY_EPOCH` an epoch at a paced speed waits for the picture of the one
    before.
    """

    snapshot_made = Signal(object)
    failed = Signal(object)

    INTERVAL: ClassVar[float]
    EVERY_EPOCH: ClassVar[bool]

    def __init__(self, view: object) -> None:
        super().__init__()
        self._course: Course | None = None
        self._view = view
        self._speed = math.inf
        self._hurried = False
        self._sent = (0, 0)
        self._waiting = self._changed = False
        self._last_made = -math.inf
        self._due = 0.0

    @Slot()
    @reported
    def run(self) -> None:
        """Train until something ends it."""
        if self._may(Command.RUN):
            self._the_course.begin()
        self._follow()

    @Slot()
    @reported
    def pause(self) -> None:
        """Stop between two iterations."""
        if self._running:
            self._the_course.pause()
        self._follow()

    @Slot()
    @reported
    def run_or_pause(self) -> None:
        """Whichever is possible at this moment, whatever the last picture showed."""
        if self._running:
            self.pause()
        else:
            self.run()

    @Slot()
    @reported
    def reset(self) -> None:
        """The same first weights again."""
        self._the_course.reset()
        self._follow()

    @Slot(float)
    @reported
    def set_speed(self, epochs_per_second: float) -> None:
        """Epochs a second, infinite for as many as there can be."""
        self._speed = epochs_per_second
        self._follow()

    @Slot(object)
    @reported
    def look(self, view: object) -> None:
        """Somebody wants to see something else of the same state."""
        self._view = view
        self._follow()

    @Slot()
    @reported
    def acknowledge(self) -> None:
        """The last snapshot has been drawn."""
        self._waiting = False
        if not self._running or self._due_again:
            self._show_change()

    @Slot()
    def stop(self) -> None:
        """No further slices until the next command."""
        if self._course is not None:
            self._timer.stop()

    def halt(self) -> None:
        """After something unforeseen: no slice is tried again by itself, and the state is shown."""
        self.stop()
        if self._running:
            self._the_course.pause()
            self._changed = True
            QTimer.singleShot(0, self, self._show_change)

    def _take_up(self, course: Course) -> None:
        """Work on this course from here on; the timer is made here, to live in this thread."""
        if self._course is None:
            self._timer = QTimer(self)
            self._timer.setTimerType(Qt.TimerType.PreciseTimer)
            self._timer.timeout.connect(self._on_timer_timeout)
        self._course, self._sent = course, (0, 0)
        self._follow()

    @Slot()
    @reported
    def _show_change(self) -> None:
        """Send what has changed, if nothing is under way."""
        if self._changed and not self._waiting:
            self._send()

    @property
    def _the_course(self) -> Course:
        if self._course is None:
            raise RuntimeError("nothing could be made to run: change the settings first")
        return self._course

    def _may(self, command: Command) -> bool:
        """Whether a wish from the window still suits the state.

        Keys outrun pictures: what was possible when they were pressed may not be any longer.
        """
        return self._the_course.state in states_for(command)

    @property
    def _running(self) -> bool:
        return self._course is not None and self._course.state is State.RUNNING

    @property
    def _paced(self) -> bool:
        """Whether each epoch is to be seen."""
        return not (self._hurried or math.isinf(self._speed))

    @property
    def _due_again(self) -> bool:
        """Whether it is time for another snapshot at full speed."""
        return time.perf_counter() - self._last_made >= self.INTERVAL

    def _follow(self) -> None:
        """After a command: run the timer as the state and the speed ask, and show the state."""
        if self._course is None:
            return
        if self._running:
            self._due = time.perf_counter()
            self._timer.start(0)
        else:
            self._rest()
        generation, sent = self._sent
        self._sent = generation, min(sent, self._course.epoch)
        self._changed = True
        self._show_change()

    def _rest(self) -> None:
        """Nothing runs any more, nor is there anything to hurry to."""
        self._timer.stop()
        self._hurried = False

    @Slot()
    @reported
    def _on_timer_timeout(self) -> None:
        paced = self._paced
        if paced and self._waiting and self.EVERY_EPOCH:
            self._timer.start(1)
            return
        self._the_course.advance(SLICE, epochs=1 if paced else None)
        self._changed = True
        if not self._running:
            self._rest()
        elif paced:
            self._timer.start(self._milliseconds_to_next())
        if not self._waiting and (self._due_again or paced or not self._running):
            self._send()

    def _milliseconds_to_next(self) -> int:
        """Until the next epoch at a paced speed; a late one does not make the others late."""
        now = time.perf_counter()
        self._due = max(self._due + 1 / self._speed, now - 1 / self._speed)
        return max(0, round(1000 * (self._due - now)))

    def _known(self) -> int:
        """Epochs that whoever draws has already, as they are now."""
        generation, sent = self._sent
        return sent if generation == self._the_course.generation else 0

    def _send(self) -> None:
        self._changed = False
        snapshot = self._the_course.snapshot(self._view, self._known())
        self._sent = snapshot.generation, snapshot.epoch
        self._waiting = True
        self._last_made = time.perf_counter()
        self.snapshot_made.emit(snapshot)
