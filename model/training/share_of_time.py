"""A limit for what is made again and again beside the training: its share of the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class ShareOfTime:
    """Says when something may be made again so that it takes at most `share` of the time."""

    def __init__(self, share: float, clock: Callable[[], float]) -> None:
        self._rest, self._clock = 1 / share - 1, clock
        self._not_before = -float("inf")

    @property
    def due(self) -> bool:
        """Whether enough time has passed since the last time."""
        return self._clock() >= self._not_before

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Around the making, which is measured."""
        started = self._clock()
        yield
        ended = self._clock()
        self._not_before = ended + (ended - started) * self._rest
