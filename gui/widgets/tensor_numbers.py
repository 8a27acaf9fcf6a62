"""The elements of a tensor as text, and what a tensor is like as a whole."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from gui.widgets.numerals import MINUS, named
from model.arrays import Array

LARGEST_FIXED = 1e5
"""From here on a column of digits before the point says less than an exponent."""

SHORTEST_WIDTH = 8
"""Characters of the shortest scientific number, −4.2e−06."""


@dataclass(frozen=True)
class Facts:
    """Over the finite elements; NaN where there are none. `largest` is the largest magnitude."""

    low: float
    high: float
    mean: float
    norm: float
    largest: float
    nans: int
    infinities: int

    @property
    def non_finite(self) -> int:
        """Elements that are ∞ or NaN."""
        return self.nans + self.infinities


def facts_of(array: Array) -> Facts:
    """One pass over a tensor; the norm is that of all finite elements, ‖·‖₂ or Frobenius."""
    finite = np.isfinite(array)
    nans = infinities = 0
    values = array.astype(np.float64, copy=False)
    if not finite.all():
        values = values[finite]
        nans = int(np.count_nonzero(np.isnan(array)))
        infinities = array.size - values.size - nans
    if not values.size:
        return Facts(math.nan, math.nan, math.nan, math.nan, 0.0, nans, infinities)
    low, high = float(values.min()), float(values.max())
    with np.errstate(over="ignore"):
        mean = float(values.mean())
    return Facts(low, high, mean, norm_of(values), max(-low, high, 0.0), nans, infinities)


def norm_of(values: Array) -> float:
    """‖values‖ in double precision, without overflow on the way."""
    values = values.astype(np.float64, copy=False)
    largest = float(np.max(np.abs(values), initial=0.0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm((values / largest).ravel()))


@dataclass(frozen=True)
class Style:
    """How every element of one tensor is written: `digits` behind the point, or an exponent.

    One style a tensor, so that its columns can be compared; an element too small for it is written
    with an exponent all the same, for it is not zero.
    """

    digits: int
    scientific: bool
    width: int

    def text(self, value: Any) -> str:
        """An element with its sign; a true zero is a bare 0."""
        if word := named(value):
            return word
        if value == 0:
            return "0"
        if self.scientific:
            text = f"{value:+.{max(1, self.digits - 2)}e}"
        elif abs(value) < 0.5 * 10.0**-self.digits:
            text = f"{value:+.1e}"
        else:
            text = f"{value:+.{self.digits}f}"
        return text.replace("-", MINUS)


def style_for(largest: float, digits: int) -> Style:
    """The style for a tensor whose largest magnitude is known."""
    scientific = largest >= LARGEST_FIXED or 0 < largest < 10.0 ** (1 - digits)
    if scientific:
        return Style(digits, True, max(1, digits - 2) + 8)
    whole = len(str(int(largest)))
    return Style(digits, False, max(SHORTEST_WIDTH, whole + digits + 2))
