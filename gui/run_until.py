"""A breakpoint for one run only: taken away as soon as that run has stopped, wherever that is."""

from collections.abc import Collection

from model.training.snapshots import Snapshot, State

Place = tuple[int, int, int]


class RunUntil:
    """Knows the breakpoint that was added for a run, and when the run is over."""

    def __init__(self) -> None:
        self._known: frozenset[int] | None = None
        self._start: Place | None = None
        self._running = False

    def begin(self, snapshot: Snapshot | None) -> None:
        """A breakpoint is about to be added and a run to begin, seen from this state."""
        self._known = frozenset(b.number for b in snapshot.breakpoints) if snapshot else frozenset()
        self._start = _place(snapshot) if snapshot else None
        self._running = False

    def over(self, snapshot: Snapshot) -> int | None:
        """The number of the breakpoint once its run has stopped, one time only; else None."""
        if self._known is None:
            return None
        number = _added(snapshot, self._known)
        if number is None:
            return None
        self._running |= snapshot.state is State.RUNNING or _place(snapshot) != self._start
        if snapshot.state is State.RUNNING or not self._running:
            return None
        self._known = None
        return number


def _added(snapshot: Snapshot, known: Collection[int]) -> int | None:
    return next((b.number for b in snapshot.breakpoints if b.number not in known), None)


def _place(snapshot: Snapshot) -> Place:
    return snapshot.generation, snapshot.iteration, snapshot.operation
