"""How many digits a formula's numbers need to give the result at the digits that it is shown with.

What is written down is what is computed with here: each number is rounded first.
"""

from typing import Final, NamedTuple

import numpy as np

from gui.panels.formula_functions import Functions
from gui.widgets.numerals import rounded
from model.analysis.expansion import Expansion, Factor, Term

FEWEST: Final = 5
"""Significant digits of a number in a line, unless it needs more."""
SHOWN: Final = (6, 5, 4)
"""Of a result; fewer where a run in single precision has not computed as many."""
MOST: Final = 17
"""With so many a number is the very same."""


class Digits(NamedTuple):
    """Significant digits of the numbers that are put in, and of the result."""

    operands: int = FEWEST
    result: int = SHOWN[0]


def digits_of(expansion: Expansion, functions: Functions, m: int) -> Digits:
    """The fewest digits that will do; the terms of a sum stand in a table of their own."""
    if expansion.index:
        return Digits()
    results = [_computed(expansion, functions, m, digits) for digits in range(FEWEST, MOST + 1)]
    for shown in SHOWN:
        wanted = rounded(expansion.value, shown)
        for digits, result in enumerate(results, start=FEWEST):
            if rounded(result, shown) == wanted:
                return Digits(digits, shown)
    return Digits()


def _computed(expansion: Expansion, functions: Functions, m: int, digits: int) -> float:
    """The result that a reader gets who puts the rounded numbers in."""
    layer = expansion.operation.layer
    with np.errstate(all="ignore"):
        return float(sum(_value(term, functions, layer, m, digits) for term in expansion.terms))


def _value(term: Term, functions: Functions, layer: int, m: int, digits: int) -> float:
    numbers = [_cut(factor, digits) for factor in term.factors]
    if not term.function:
        return float(np.prod(numbers))
    given, out = np.full((1, 1), numbers[0]), np.empty((1, 1))
    if len(numbers) == 1:
        functions.activation(layer).forward(given, out)
    else:
        loss = functions.loss
        targets = loss.prepare(np.full((1, 1), numbers[1]))
        loss.gradient(given, given, targets, np.array(float(m)), out, np.empty((1, 1)))
    return float(out[0, 0])


def _cut(factor: Factor, digits: int) -> float:
    """1/m is written as a division by m."""
    return factor.value if factor.symbol == "1/m" else float(f"{factor.value:.{digits}g}")
