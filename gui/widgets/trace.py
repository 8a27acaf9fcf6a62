"""A curve with one value an epoch: every value kept, as few points as its picture needs."""

from typing import Final

import numpy as np

from model.arrays import Array

ALL_DRAWN: Final = 10_000
"""Up to so many epochs every point is drawn, above that the peaks of blocks."""


class Peaks:
    """The largest and smallest value of each block of a growing curve."""

    def __init__(self) -> None:
        self._block = 0
        self._high = self._low = np.empty(0)

    def forget(self) -> None:
        """The curve is another one."""
        self._block = 0

    def of(self, values: Array, block: int) -> tuple[Array, Array]:
        """Largest and smallest values of the whole blocks; known ones are not looked at again."""
        if block != self._block:
            self._block, self._high, self._low = block, np.empty(0), np.empty(0)
        known, whole = len(self._high), len(values) // block
        if whole > known:
            blocks = values[known * block : whole * block].reshape(-1, block)
            self._high = np.append(self._high, np.fmax.reduce(blocks, axis=1))
            self._low = np.append(self._low, np.fmin.reduce(blocks, axis=1))
        return self._high[:whole], self._low[:whole]


class Trace:
    """Recorded values of the epochs 0 … n − 1, and the present one of epoch n.

    What is asked at every repaint is kept while the curve grows.
    """

    def __init__(self) -> None:
        self.values: Array = np.empty(0)
        self.present = float("nan")
        self._peaks = Peaks()
        self._forget()

    @property
    def epoch(self) -> int:
        """The epoch of the present value."""
        return len(self.values)

    def follow(self, values: Array, present: float, unchanged: int) -> None:
        """Take on the recorded values (n,), of which the first `unchanged` are as they were."""
        if min(unchanged, len(values)) < self.epoch:
            self._forget()
        seen = self.epoch
        self.values, self.present = values, present
        self._bound(values[seen:])

    def at(self, epoch: int) -> float:
        """The very value of an epoch."""
        return self.present if epoch == self.epoch else float(self.values[epoch])

    def bounds(self) -> tuple[float, float, float]:
        """Smallest, largest and smallest positive finite value; ∞, −∞ and ∞ where there is none."""
        present = self.present
        if not np.isfinite(present):
            return self._low, self._high, self._low_positive
        positive = min(self._low_positive, present) if present > 0 else self._low_positive
        return min(self._low, present), max(self._high, present), positive

    def not_positive(self) -> int:
        """How many finite values are 0 or below and so have no logarithm."""
        return self._not_positive + (np.isfinite(self.present) and self.present <= 0)

    def last_finite(self) -> int | None:
        """The last epoch with a finite value."""
        if np.isfinite(self.present):
            return self.epoch
        finite = np.flatnonzero(np.isfinite(self.values))
        return int(finite[-1]) if finite.size else None

    def points(
        self, low: float, high: float, columns: int, all_drawn: int = ALL_DRAWN
    ) -> tuple[Array, Array]:
        """Epochs and values between the epochs `low` and `high`, thinned for `columns` pixels.

        Up to `all_drawn` points nothing is left out.
        """
        first = min(self.epoch, max(0, int(np.floor(low)) - 1))
        last = max(first, min(self.epoch, int(np.ceil(high)) + 2))
        x, y = self._thinned(first, last, columns, all_drawn)
        if high >= self.epoch - 1:
            x, y = np.append(x, self.epoch), np.append(y, self.present)
        return x, y

    def _thinned(self, first: int, last: int, columns: int, all_drawn: int) -> tuple[Array, Array]:
        """Above `all_drawn` points the extremes of blocks.

        A block is a power of two, so that a growing curve does not flicker.
        """
        if last - first <= all_drawn:
            return np.arange(first, last, dtype=float), np.array(self.values[first:last], float)
        block = 2 ** int(np.ceil(np.log2((last - first) / max(1, columns))))
        high, low = self._peaks.of(self.values, block)
        blocks = slice(first // block, last // block)
        x = np.repeat(np.arange(blocks.start, blocks.stop) * float(block), 2)
        y = np.column_stack([high[blocks], low[blocks]]).ravel()
        rest = blocks.stop * block
        x = np.append(x, np.arange(rest, last, dtype=float))
        return x, np.append(y, self.values[rest:last])

    def _forget(self) -> None:
        self.values = self.values[:0]
        self._low, self._high, self._low_positive = np.inf, -np.inf, np.inf
        self._not_positive = 0
        self._peaks.forget()

    def _bound(self, values: Array) -> None:
        finite = values[np.isfinite(values)]
        positive = finite[finite > 0]
        self._not_positive += len(finite) - len(positive)
        if finite.size:
            self._low = min(self._low, float(finite.min()))
            self._high = max(self._high, float(finite.max()))
        if positive.size:
            self._low_positive = min(self._low_positive, float(positive.min()))
