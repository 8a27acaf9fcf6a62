"""An iteration whose last operation has just been stepped over is still to be read as that."""

from dataclasses import replace

from model.training.snapshots import Snapshot, State

Place = tuple[int, int, int, int]
_AT_REST = (State.PAUSED, State.FINISHED)


class LastOperation:
    """Follows a session and knows whether one step over an operation led to its present place.

    Behind the last operation of an iteration a session stands at the beginning of the next, where
    nothing is current. Whoever steps by operations, forward over the last one or back to it, looks
    at the last one all the same.
    """

    def __init__(self) -> None:
        self._place: Place | None = None
        self._meant = False

    def follow(self, snapshot: Snapshot) -> None:
        """Take note of a state."""
        place = _place(snapshot)
        if place != self._place:
            self._meant = self._place in _neighbours(snapshot)
            self._place = place

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot, or the same one as "all operations of the iteration before are done"."""
        if not self._meant or snapshot.state not in _AT_REST:
            return snapshot
        return replace(snapshot, iteration=snapshot.iteration - 1, operation=len(snapshot.program))


def _place(snapshot: Snapshot) -> Place:
    return snapshot.generation, snapshot.branch, snapshot.iteration, snapshot.operation


def _neighbours(snapshot: Snapshot) -> tuple[Place, ...]:
    """The places one operation before and behind, where this one lies between two iterations."""
    if snapshot.operation or not snapshot.iteration:
        return ()
    run = snapshot.generation, snapshot.branch
    before = (*run, snapshot.iteration - 1, len(snapshot.program) - 1)
    return before, (*run, snapshot.iteration, 1)
