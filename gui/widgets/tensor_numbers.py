"""The elements of a tensor as text, and what a tensor is like as a whole."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from gui.widgets.numerals import MINUS, named
from model.arrays import Array

LARGEST_FIXED = 1e5
"""From here on a column of digits before the point says less than an exponent."""

SMALLEST_PLAIN = 0.1
"""Below it a common factor spares the zeros behind the point."""

SMALLEST_EXPONENT = -306
"""The smallest power of 1000 whose reciprocal and itself are normal numbers."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

SHORTEST_WIDTH = 8
"""Characters of the shortest scientific number, −4.2e−06."""


@dataclass(frozen=True)
class Facts:
    """Over the finite elements; NaN where there are none. `largest` is the largest magnitude.

    `zeros` counts the elements that are exactly 0; `first` is row and column of the first one that
    is not finite.
    """

    low: float
    high: float
    mean: float
    std: float
    norm: float
    largest: float
    size: int
    zeros: int = 0
    nans: int = 0
    infinities: int = 0
    first: tuple[int, int] | None = None

    @property
    def non_finite(self) -> int:
        """Elements that are ∞ or NaN."""
        return self.nans + self.infinities

    @property
    def zero_share(self) -> float:
        """The share of zeros among all elements."""
        return self.zeros / self.size if self.size else math.nan


def facts_of(array: Array) -> Facts:
    """One pass over a tensor; the norm is that of all finite elements, ‖·‖₂ or Frobenius."""
    finite = np.isfinite(array)
    nans, infinities, first = 0, 0, None
    values = array.astype(np.float64, copy=False)
    if not finite.all():
        values = values[finite]
        nans = int(np.count_nonzero(np.isnan(array)))
        infinities = array.size - values.size - nans
        row, column = np.unravel_index(int(np.argmin(finite)), array.shape)
        first = (int(row), int(column))
    if not values.size:
        nothing = (math.nan,) * 5
        return Facts(*nothing, 0.0, array.size, 0, nans, infinities, first)
    low, high = float(values.min()), float(values.max())
    with np.errstate(over="ignore"):
        mean = float(values.mean())
    largest = max(-low, high, 0.0)
    std, norm = _spread(values, largest)
    zeros = values.size - int(np.count_nonzero(values))
    return Facts(low, high, mean, std, norm, largest, array.size, zeros, nans, infinities, first)


def norm_of(values: Array) -> float:
    """‖values‖ in double precision, without overflow on the way."""
    values = values.astype(np.float64, copy=False)
    largest = float(np.max(np.abs(values), initial=0.0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    return _spread(values, largest)[1]


def _spread(values: Array, largest: float) -> tuple[float, float]:
    """Standard deviation and norm, computed of shares of the largest magnitude."""
    if largest == 0:
        return 0.0, 0.0
    shares = values / largest
    return largest * float(shares.std()), largest * float(np.linalg.norm(shares.ravel()))


@dataclass(frozen=True)
class Style:
    """How every element of one tensor is written: `digits` behind the point, or an exponent.

    One style a tensor, so that its columns can be compared; an element too small for it is written
    with an exponent all the same, for it is not zero. With a common factor the texts are those of
    the elements divided by 10^`power`; one too small has a sign before its zeros then, for a second
    exponent beside the factor would be read as the whole.
    """

    digits: int
    scientific: bool
    width: int
    power: int = 0

    @property
    def factor(self) -> str:
        """×10⁻³, or empty where the elements stand for themselves."""
        return f"×10{str(self.power).translate(_SUPERSCRIPTS)}" if self.power else ""

    def text(self, value: Any) -> str:
        """An element with its sign; a true zero is a bare 0."""
        if word := named(value):
            return word
        if value == 0:
            return "0"
        value = float(value) / 10.0**self.power if self.power else value
        if self.scientific:
            text = f"{value:+.{max(1, self.digits - 2)}e}"
        elif not self.power and abs(value) < 0.5 * 10.0**-self.digits:
            text = f"{value:+.1e}"
        else:
            text = f"{value:+.{self.digits}f}"
        return text.replace("-", MINUS)


def style_for(largest: float, digits: int, *, common_factor: bool = False) -> Style:
    """The style for a tensor whose largest magnitude is known.

    With `common_factor` very small and very large tensors share a power of 1000 instead of an
    exponent in every cell.
    """
    power = _common_power(largest) if common_factor else 0
    if power:
        return Style(digits, False, max(SHORTEST_WIDTH, digits + 5), power)
    scientific = largest >= LARGEST_FIXED or 0 < largest < 10.0 ** (1 - digits)
    if scientific:
        return Style(digits, True, max(1, digits - 2) + 8)
    whole = len(str(int(largest)))
    return Style(digits, False, max(SHORTEST_WIDTH, whole + digits + 2))


def _common_power(largest: float) -> int:
    """The power of ten, a multiple of 3, that leaves one to three digits before the point."""
    if largest == 0 or SMALLEST_PLAIN <= largest < LARGEST_FIXED:
        return 0
    power = 3 * math.floor(math.log10(largest) / 3)
    return max(power, SMALLEST_EXPONENT)
