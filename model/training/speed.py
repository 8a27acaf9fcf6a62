"""How fast a run goes."""

from typing import Final

WINDOW: Final = 0.5
"""Seconds that a speed is averaged over: steady enough to read, quick enough to follow."""


class SpeedMeter:
    """Epochs a second, averaged over the last full window of a run."""

    def __init__(self) -> None:
        self.speed = 0.0
        self._since: tuple[float, int] | None = None

    def note(self, seconds: float, epoch: int) -> None:
        """The clock and the epoch reached, in order; the first note starts the first window."""
        if self._since is None:
            self._since = seconds, epoch
        start, first = self._since
        elapsed, full = seconds - start, seconds - start >= WINDOW
        if elapsed > 0 and (full or self.speed == 0.0):
            self.speed = max(epoch - first, 0) / elapsed
        if full:
            self._since = seconds, epoch
