"""Histograms whose edges stay where they are from one picture to the next."""

import math
from collections.abc import Hashable
from typing import Final

import numpy as np

from model.analysis.layer_health import Histogram
from model.arrays import Array, frozen

BINS: Final = 40

SHRINK: Final = 20.0
"""A range is taken back only where it is so many times as wide as the numbers in it."""

_EVEN: Final = np.linspace(-1.0, 1.0, BINS + 1)


class Histograms:
    """One histogram for each key; its range grows at once with the numbers and shrinks late.

    A range ends at 1, 2 or 5 times a power of ten and is symmetric about 0, unless `fixed` says
    otherwise.
    """

    def __init__(self) -> None:
        self._reach: dict[Hashable, float] = {}

    def of(
        self, key: Hashable, array: Array, fixed: tuple[float, float] | None = None
    ) -> Histogram:
        """The histogram of all numbers of `array`, in any shape, over `fixed` or a round range."""
        values = array.ravel().astype(np.float64)
        finite = values[np.isfinite(values)]
        reach = self._reach_of(key, finite) if fixed is None else 0.0
        edges = reach * _EVEN if fixed is None else np.linspace(*fixed, BINS + 1)
        return Histogram(frozen(_counts(finite, edges)), frozen(edges), values.size - finite.size)

    def _reach_of(self, key: Hashable, finite: Array) -> float:
        largest = float(np.max(np.abs(finite), initial=0.0))
        reach = self._reach.get(key, 0.0)
        if largest > reach or (largest > 0 and reach > SHRINK * largest):
            reach = self._reach[key] = round_above(largest)
        return reach or 1.0


def round_above(value: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below a positive `value`."""
    power = math.floor(math.log10(value))
    candidates = (float(f"{digit}e{power + up}") for up in (0, 1) for digit in (1, 2, 5))
    reach = next(reach for reach in candidates if reach >= value)
    return min(reach, float(np.finfo(np.float64).max))


def _counts(values: Array, edges: Array) -> Array:
    """How many values lie in each bin; its lower edge belongs to it, the last edge to the last."""
    # Each end by itself, as high − low overflows where the numbers nearly do.
    step = max(edges[-1] / BINS - edges[0] / BINS, np.finfo(np.float64).tiny)
    places = np.floor(values / step) - np.rint(edges[0] / step)
    counts = np.bincount(np.clip(places, 0, BINS - 1).astype(np.intp), minlength=BINS)
    return counts.astype(np.float64)
