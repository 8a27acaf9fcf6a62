"""Cheap readings of a tensor that is looked at in every iteration: nothing is allocated.

Each function binds an array that stays where it is and returns what reads it. Where a sum of
squares cannot be trusted, in low precision beside the limit or near the ends of the range, the
number is computed again with care.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from model.arrays import Array

Reading = Callable[[], float]

FEW: Final = 32
"""Samples that are looked at before all of them are."""

PARTS: Final = 8
"""Of so many parts of a tensor's rows one is looked at before all are."""


def scalar(array: Array) -> Reading:
    """J: an array without axes."""
    return lambda: float(array)


def norm(array: Array, limit: float) -> Reading:
    """√Σ x², exact enough to be compared with `limit`."""
    square = _sum_of_squares(array)
    tiny, huge, margin = _trusted(array)
    below, above = (limit * (1 - margin)) ** 2, (limit * (1 + margin)) ** 2

    def read() -> float:
        total = square()
        if tiny < total <= below or above <= total < huge:
            return math.sqrt(total)
        return careful_norm(array)

    return read


def largest(array: Array) -> Reading:
    """max |x|; NaN where there is one."""
    flat, refresh = _flat(array)

    def read() -> float:
        refresh()
        return max(float(flat[flat.argmax()]), -float(flat[flat.argmin()]))

    return read


def zeros(array: Array, limit: float, above: bool) -> Reading:
    """Share of the elements that are exactly 0, where it is beyond `limit`.

    Anything on the near side of the limit stands for everything else there: some rows mostly tell.
    """
    zero, size = np.zeros((), array.dtype), array.size
    equal = np.empty(array.shape, bool)
    some = -(-len(array) // PARTS)
    part, part_equal = array[:some], equal[:some]
    unseen = 0 if not above else size - part.size

    def read() -> float:
        np.equal(part, zero, out=part_equal)
        share = (int(np.count_nonzero(part_equal)) + unseen) / size
        if share <= limit if above else share >= limit:
            return share
        np.equal(array, zero, out=equal)
        return int(np.count_nonzero(equal)) / size

    return read


def dead(array: Array, limit: float) -> Reading:
    """Share of the rows of (n, m) that are 0 throughout, where it is above `limit`.

    At most `limit` stands for everything else: few samples mostly tell that a unit is alive.
    """
    squares, count = np.empty(len(array), array.dtype), len(array)
    few = array[:, :FEW]

    def read() -> float:
        for part in (few, array):
            np.vecdot(part, part, out=squares)
            share = (count - int(np.count_nonzero(squares))) / count
            if share <= limit:
                return share
        # A square may be too small for its type.
        return (count - int(np.count_nonzero(array.any(axis=1)))) / count

    return read


def update_ratio(update: Array, parameter: Array, low: float, high: float) -> Reading:
    """‖Δ‖/‖θ‖, where it is outside `low` to `high`; θ is taken as it was before the update.

    `parameter` stands after it. As ‖θ‖ before lies between ‖θ‖ ∓ ‖Δ‖ after it, two products
    mostly tell that the ratio is inside; the number given then is only close to it.
    """
    step, after = update.reshape(-1), parameter.reshape(-1)
    tiny, huge, margin = _trusted(update)
    least, most = low * (1 + margin), high * (1 - margin)

    def read() -> float:
        changed, stands = float(step.dot(step)), float(after.dot(after))
        if tiny < changed < stands < huge:
            moved, length = math.sqrt(changed), math.sqrt(stands)
            if least * (length + moved) <= moved <= most * (length - moved):
                return moved / length
        return _quotient(careful_norm(step), careful_norm(after - step))

    return read


def careful_norm(array: Array) -> float:
    """√Σ x² in double precision, without overflow on the way."""
    values = array.astype(np.float64).ravel()
    peak = float(np.max(np.abs(values), initial=0.0))
    if peak == 0 or not math.isfinite(peak):
        return peak
    values /= peak
    return peak * math.sqrt(values.dot(values))


def _quotient(changed: float, before: float) -> float:
    if before == 0:
        return math.inf if changed > 0 else math.nan
    return changed / before


def _sum_of_squares(array: Array) -> Callable[[], float]:
    """By one dot product, or one for each row where the rows are apart in memory."""
    if array.flags.c_contiguous:
        flat = array.reshape(-1)
        return lambda: float(flat.dot(flat))
    squares, ones = np.empty(array.shape[0], array.dtype), np.ones(array.shape[0], array.dtype)

    def by_rows() -> float:
        np.vecdot(array, array, out=squares)
        return float(squares.dot(ones))

    return by_rows


def _flat(array: Array) -> tuple[Array, Callable[[], object]]:
    """A flat view, or a flat copy and what brings it up to date."""
    if array.flags.c_contiguous:
        return array.reshape(-1), lambda: None
    copy = np.empty(array.shape, array.dtype)
    return copy.reshape(-1), lambda: np.copyto(copy, array)


def _trusted(array: Array) -> tuple[float, float, float]:
    """Between which sums of squares, and how far from a limit, a plain sum can be trusted."""
    kind = np.finfo(array.dtype)
    return float(kind.tiny) * 1e6, float(kind.max) * 1e-3, float(kind.eps) * 1e4
