"""Where a run stands among the events of its branch."""

from bisect import bisect_left

import numpy as np

from model.arrays import Array, Indices
from model.training.boundaries import Position
from model.training.events import Editable, Event, SetLearningRate
from model.training.timeline import Timeline


class EventCursor:
    """Stands before the next event of the present branch; `ahead` is its iteration, −1 for none."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._next, self.ahead = 0, -1

    @property
    def _events(self) -> list[Event]:
        return self._timeline.branch.events

    def seek(self, position: Position) -> None:
        """Stand before the first event that has not been made: at or after `position`."""
        self._next = bisect_left(self._events, position, key=lambda event: event.position)
        self._see_next()

    def make(self, position: Position, run: Editable) -> None:
        """Make the changes that stand at `position`."""
        events = self._events
        while self._next < len(events):
            event = events[self._next]
            if event.position > position:
                break
            event.change.apply(run)
            self._next += 1
        self._see_next()

    def make_again(self, iteration: int, run: Editable) -> None:
        """Make what the parameters do not tell of the changes before an iteration."""
        for event in self._events:
            if event.position < (iteration, 0) and event.change.kept:
                event.change.apply(run)

    def rate_at(self, position: Position) -> float:
        """The learning rate in force there."""
        rates = (
            event.change.rate
            for event in reversed(self._events)
            if event.position <= position and isinstance(event.change, SetLearningRate)
        )
        return next(rates)

    def rates_at(self, iterations: Indices) -> Array:
        """The learning rates in force at the beginning of iterations, (n,)."""
        since, values = [], []
        for (iteration, operation), change in ((e.position, e.change) for e in self._events):
            if isinstance(change, SetLearningRate):
                # Amid an iteration it takes effect with the next one.
                since.append(iteration + (operation > 0))
                values.append(change.rate)
        rates = np.array(values)
        return rates[np.searchsorted(since, iterations, side="right") - 1]

    @property
    def last_made(self) -> Position:
        """Where the last change on the way here was made; the first rate is one too."""
        return self._events[self._next - 1].position

    def _see_next(self) -> None:
        events = self._events
        self.ahead = events[self._next].position[0] if self._next < len(events) else -1
