"""A curve with one value an epoch, as few points as its picture needs."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array

ALL_DRAWN: Final = 10_000
"""Up to so many epochs every point is drawn, above that the peaks of blocks."""


@dataclass(frozen=True)
class Trace:
    """Recorded values of the epochs 0 … n − 1, and the present one of epoch n."""

    values: Array
    present: float

    @property
    def epoch(self) -> int:
        """The epoch of the present value."""
        return len(self.values)

    def at(self, epoch: int) -> float:
        """The very value of an epoch."""
        return self.present if epoch == self.epoch else float(self.values[epoch])

    def last_finite(self) -> int | None:
        """The last epoch with a finite value."""
        if np.isfinite(self.present):
            return self.epoch
        finite = np.flatnonzero(np.isfinite(self.values))
        return int(finite[-1]) if finite.size else None

    def finite(self) -> Array:
        """All finite values, the present one among them."""
        values = np.append(self.values, self.present)
        return values[np.isfinite(values)]

    def points(self, low: float, high: float, columns: int) -> tuple[Array, Array]:
        """Epochs and values between the epochs `low` and `high`, thinned for `columns` pixels."""
        first = max(0, int(np.floor(low)) - 1)
        last = min(self.epoch, int(np.ceil(high)) + 2)
        x, y = thinned(self.values, first, max(first, last), columns)
        if high >= self.epoch - 1:
            x, y = np.append(x, self.epoch), np.append(y, self.present)
        return x, y


def thinned(values: Array, first: int, last: int, columns: int) -> tuple[Array, Array]:
    """Indices and values from `first` to `last`; above `ALL_DRAWN` the largest and smallest of each block.

    Blocks start at multiples of a power of two, so that a growing curve does not flicker.
    """
    if last - first <= ALL_DRAWN:
        return np.arange(first, last, dtype=float), np.array(values[first:last], dtype=float)
    block = 2 ** int(np.ceil(np.log2((last - first) / max(1, columns))))
    start = first - first % block
    whole = (last - start) // block
    blocks = values[start : start + whole * block].reshape(whole, block)
    x = np.repeat(np.arange(whole) * float(block) + start, 2)
    y = np.empty(2 * whole)
    y[0::2], y[1::2] = np.fmax.reduce(blocks, axis=1), np.fmin.reduce(blocks, axis=1)
    rest = start + whole * block
    tail = np.arange(rest, last, dtype=float)
    return np.concatenate([x, tail]), np.concatenate([y, values[rest:last]])
