"""Two peers measured in turn, round after round, so that a busy machine slows both alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[int], object]
"""Does so many iterations."""

Clock = Callable[[], float]
"""Seconds."""

ROUNDS = 61
SECONDS = 0.04
"""Many short rounds: what else runs on the machine then falls on both, and the median passes it."""


@dataclass(frozen=True)
class Comparison:
    """Speeds in iterations per second, one pair a round."""

    ours: tuple[float, ...]
    peer: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """Ours beside the peer's of the same round, sorted."""
        return sorted(a / b for a, b in zip(self.ours, self.peer, strict=True))

    @property
    def ratio(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The first and the third quartile of the ratios."""
        first, _, third = statistics.quantiles(self.ratios, n=4)
        return first, third


def compare(
    ours: Work,
    peer: Work,
    clock: Clock = time.process_time,
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
) -> Comparison:
    """Both for about `seconds` each, `rounds` times; the one that begins changes every round.

    The processor's time is what counts where one thread works; it is the wall clock's on a machine
    that does nothing else. Several threads need `time.perf_counter`.
    """
    works = ours, peer
    counts = [_count(work, clock, seconds) for work in works]
    speeds: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for i in (0, 1) if number % 2 == 0 else (1, 0):
            speeds[i].append(counts[i] / _seconds(works[i], clock, counts[i]))
    return Comparison(tuple(speeds[0]), tuple(speeds[1]))


def _count(work: Work, clock: Clock, seconds: float) -> int:
    """Iterations that fill `seconds`, found while warming up."""
    count = 1
    while (taken := _seconds(work, clock, count)) < seconds / 4:
        count *= 2
    return max(1, round(count * seconds / taken))


def _seconds(work: Work, clock: Clock, count: int) -> float:
    started = clock()
    work(count)
    return clock() - started
