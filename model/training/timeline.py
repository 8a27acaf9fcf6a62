"""Time as a place one can go to: states kept within a memory budget, and events between them."""

from bisect import bisect_right

import numpy as np

from model.arrays import Array, DType

BUDGET = 64 * 2**20
"""Bytes of kept states."""


class Timeline:
    """States of one run by iteration, and the learning rate in force at each.

    The newest quarter of the room holds every iteration; older states are thinned out evenly, to
    the multiples of a stride that doubles whenever the room is full. A state between two kept ones
    is reached by replay.
    """

    def __init__(self, size: int, dtype: DType, budget: int = BUDGET) -> None:
        self._capacity: int = max(2, budget // (size * dtype.itemsize + 8))
        self._states = np.empty((self._capacity, size), dtype)
        self._iterations = np.empty(self._capacity, np.int64)
        self._count = 0
        self._stride = 1
        self._events: list[tuple[int, float]] = []
        self.furthest = -1

    def __len__(self) -> int:
        """Number of kept states."""
        return self._count

    @property
    def bytes(self) -> int:
        """Memory taken by the kept states."""
        return int(self._count * (self._states[0].nbytes + self._iterations.itemsize))

    def keep(self, iteration: int, state: Array) -> None:
        """Remember the state after `iteration` updates, unless it was walked before."""
        if iteration <= self.furthest:
            return
        if self._count == self._capacity:
            self._thin()
        self._states[self._count] = state
        self._iterations[self._count] = iteration
        self._count += 1
        self.furthest = iteration

    def nearest(self, iteration: int) -> tuple[int, Array]:
        """The last kept iteration that is not after `iteration`, and its state."""
        at = int(np.searchsorted(self._iterations[: self._count], iteration, side="right")) - 1
        return int(self._iterations[at]), self._states[at]

    def set_learning_rate(self, iteration: int, rate: float) -> None:
        """From `iteration` on `rate` is in force; what was recorded after it is forgotten."""
        self.forget_after(iteration)
        self._events = [event for event in self._events if event[0] < iteration]
        self._events.append((iteration, rate))

    def learning_rate(self, iteration: int) -> float:
        """The rate in force at the update that follows `iteration`."""
        at = bisect_right(self._events, iteration, key=lambda event: event[0]) - 1
        return self._events[at][1]

    def last_event(self, iteration: int) -> int:
        """The iteration of the last change up to `iteration`."""
        at = bisect_right(self._events, iteration, key=lambda event: event[0]) - 1
        return self._events[at][0]

    def next_event(self, iteration: int) -> int | None:
        """The first iteration after `iteration` at which something was changed."""
        at = bisect_right(self._events, iteration, key=lambda event: event[0])
        return self._events[at][0] if at < len(self._events) else None

    def forget_after(self, iteration: int) -> None:
        """Drop the states and events of a future that will not be walked again."""
        kept = self._iterations[: self._count]
        self._count = int(np.searchsorted(kept, iteration, side="right"))
        self._events = [event for event in self._events if event[0] <= iteration]
        self.furthest = min(self.furthest, iteration)

    def _thin(self) -> None:
        """Make room: of what is older than the newest quarter, keep the multiples of the stride."""
        old = self._count - self._capacity // 4
        iterations = self._iterations[:old]
        keep = iterations % self._stride == 0
        while np.count_nonzero(keep) > self._capacity // 2:
            self._stride *= 2
            keep = iterations % self._stride == 0
        kept = np.flatnonzero(np.concatenate([keep, np.ones(self._count - old, bool)]))
        self._states[: len(kept)] = self._states[kept]
        self._iterations[: len(kept)] = self._iterations[kept]
        self._count = len(kept)
