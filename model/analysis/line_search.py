"""The loss along one direction: where it is least, from where on it is higher than here."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array

POINTS: Final = 33
"""Points of the curve, besides those of particular interest."""

BEYOND: Final = 1.15
"""The curve goes so much farther than the last thing to be seen."""

NEAR: Final = 6.0
"""What lies within so many times the smaller of two steps is shown with it."""

SLACK: Final = 1e-12
"""Rounding of J: a loss that is higher by less is not higher."""

DROP: Final = 0.9
"""Share of the whole decrease after which a loss that only flattens out has told everything."""

EXACT: Final = 1e-3
"""The best and the rising step are found to this share of themselves."""

ROUGH: Final = 0.1
"""The same for where the curve is to end."""

GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0


@dataclass(frozen=True)
class LineSearch:
    """A loss φ(α) for α ≥ 0 on a line that begins downhill.

    `alphas` (n,) ascend from 0, `losses` (n,) belong to them. `best` is the α of the least loss
    before `rising`, infinite where the loss still falls as far as was looked; `rising` is the least
    α beyond it from which on φ(α) > φ(0), infinite where there is none. `best` is 0 where no step
    lowers the loss.
    """

    alphas: Array
    losses: Array
    best: float
    rising: float


Losses = Callable[[Array], Array]
"""φ at every α of (n,)."""


def search(losses: Losses, here: float, first: float, farthest: float, shown: float) -> LineSearch:
    """Look along a line with φ(0) = `here`.

    By doubling from `first` until the loss is higher than here or α is beyond `farthest`; then a
    curve over all of that, and in it the golden section for the least loss and halving for the
    crossing. A dent or hump between two points of the curve is not seen. `shown` is an α that the
    curve is to cover too, unless it lies far beyond everything else.
    """
    line = _Line(losses, here)
    line.explore(first, farthest)
    alphas = np.linspace(0.0, _end(line, shown), POINTS)
    line.note(alphas[1:])
    rising, best = line.rising(EXACT), line.best()
    particular = [a for a in (shown, best, rising) if a < alphas[-1]]
    curve = np.union1d(alphas, particular)
    return LineSearch(curve, np.array([line.at(a) for a in curve]), best, rising)


def _end(line: "_Line", shown: float) -> float:
    """Where the curve ends: the crossing or the valley, and `shown` where that is not far."""
    alphas, losses = line.noted()
    least = float(losses.min())
    told = int(np.argmax(losses <= line.here - DROP * (line.here - least)))
    seen = NEAR * max(float(alphas[told]), float(alphas[1]))
    seen = min(seen, line.rising(ROUGH))
    return BEYOND * (shown if seen < shown <= NEAR * seen else seen)


class _Line:
    """φ with everything that is known of it."""

    def __init__(self, losses: Losses, here: float) -> None:
        self._losses, self.here = losses, here
        self._level = here + SLACK * abs(here)
        self._known = {0.0: here}

    def at(self, alpha: float) -> float:
        """φ(α), computed once."""
        if alpha not in self._known:
            self.note(np.array([alpha]))
        return self._known[alpha]

    def note(self, alphas: Array) -> None:
        """Compute φ at all of them."""
        self._known.update(zip(alphas.tolist(), self._losses(alphas).tolist(), strict=True))

    def noted(self) -> tuple[Array, Array]:
        """What is known in ascending order; a loss that is no number counts as infinite."""
        alphas = np.array(sorted(self._known))
        losses = np.array([self._known[a] for a in alphas.tolist()])
        return alphas, np.where(np.isnan(losses), np.inf, losses)

    def higher(self, alpha: float) -> bool:
        """Whether the loss is higher than here; what is no number is."""
        return not self.at(alpha) <= self._level

    def explore(self, first: float, farthest: float) -> None:
        """Try steps, each half or twice the last, until the loss crosses that of here."""
        alpha = min(first, farthest)
        factor = 0.5 if self.higher(alpha) else 2.0
        while 0 < alpha <= farthest and self.higher(alpha) == (factor < 1):
            alpha *= factor

    def rising(self, exact: float) -> float:
        """The least known crossing, by halving; infinite where there is none."""
        alphas, losses = self.noted()
        above = np.flatnonzero(losses > self._level)
        if not len(above):
            return math.inf
        low, high = float(alphas[above[0] - 1]), float(alphas[above[0]])
        while high - low > exact * high:
            middle = (low + high) / 2.0
            low, high = (low, middle) if self.higher(middle) else (middle, high)
        return high

    def best(self) -> float:
        """The least loss before the crossing, by the golden section."""
        alphas, losses = self.noted()
        crossed = losses > self._level
        before = int(np.argmax(crossed)) if crossed.any() else len(losses)
        at = int(np.argmin(losses[:before]))
        if at == len(alphas) - 1:
            return math.inf
        return self._golden(float(alphas[at - 1]), float(alphas[at + 1])) if at else 0.0

    def _golden(self, low: float, high: float) -> float:
        """The golden section (Numerical Recipes, 10.2): of two inner points one serves again."""
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        while high - low > EXACT * high:
            if not self.at(left) > self.at(right):
                high, right = right, left
                left = high - GOLDEN * (high - low)
            else:
                low, left = left, right
                right = low + GOLDEN * (high - low)
        return left if not self.at(left) > self.at(right) else right
