"""What part of the line along −∇J is shown, and where its points lie on the axes."""

import math
from typing import Final

import numpy as np

from model.analysis.taylor import TaylorView
from model.arrays import Array

_BEYOND: Final = 1.15
"""How far the axis goes on behind the last mark."""
_OUTLYING: Final = 4.0
"""A present α further out than this would leave nothing to be seen of the rest."""
_LEAST_DECADE: Final = 1.0
_PLAIN: Final = (1e-3, 1e5)
"""Largest losses whose ticks are written without a power of ten."""

Range = tuple[float, float]


def alphas_of(view: TaylorView) -> tuple[Array, Array]:
    """The sampled α with the actual loss, the present step among them where it lies between."""
    alphas, actual, alpha = view.alphas, view.actual, view.alpha
    if alpha in alphas or not 0 < alpha < alphas[-1]:
        return alphas, actual
    place = int(np.searchsorted(alphas, alpha))
    return np.insert(alphas, place, alpha), np.insert(actual, place, view.next_loss)


def linear_reach(view: TaylorView) -> Range:
    """From 0 to a little behind the α from which J rises, and what else stands near it."""
    last = float(view.alphas[-1])
    marks = [m for m in (1.5 * view.best, view.rising) if math.isfinite(m) and m > 0]
    end = max(marks, default=last) if math.isfinite(view.rising) else last
    near = [m for m in (view.alpha, view.bound) if m <= _OUTLYING * end]
    return 0.0, _BEYOND * max(end, *near) if near else _BEYOND * end


def log_reach(view: TaylorView) -> Range:
    """Exponents of ten that take in every mark."""
    marks = (view.alpha, view.best, view.rising, view.bound, float(view.alphas[-1]))
    exponents = [math.log10(m) for m in marks if math.isfinite(m) and m > 0]
    low, high = min(exponents), max(exponents)
    room = max(_LEAST_DECADE, 0.1 * (high - low))
    return low - room, high + room / 4


def loss_reach(view: TaylorView, alpha: Range) -> Range:
    """Losses round J: the whole valley and as much above J, and the present step where it is near.

    `alpha` are the step sizes that are shown.
    """
    alphas, actual = alphas_of(view)
    with np.errstate(invalid="ignore"):
        shown = actual[(alphas <= alpha[1]) & np.isfinite(actual)]
    low = float(shown.min(initial=view.loss))
    valley = view.loss - low
    if not valley > 0:
        valley = float(shown.max(initial=view.loss)) - view.loss or abs(view.loss) / 100 or 1.0
    top = view.loss + 1.2 * valley
    if math.isfinite(view.next_loss) and view.alpha <= alpha[1]:
        top = max(top, min(view.next_loss + 0.2 * valley, view.loss + 6 * valley))
    return low - 0.4 * valley, top


def unit_of(loss: Range) -> float:
    """The power of ten in which very small and very large losses are counted."""
    largest = max(abs(loss[0]), abs(loss[1]))
    plain = largest == 0 or _PLAIN[0] <= largest <= _PLAIN[1]
    return 1.0 if plain else 10.0 ** math.floor(math.log10(largest))
