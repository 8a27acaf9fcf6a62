"""How the columns of a sum are written, so that what is shown multiplies out and adds up.

Each style is tried out: its texts are read back and computed with.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from gui.widgets.numerals import MINUS
from gui.widgets.tensor_numbers import Style, style_for
from model.analysis.expansion import Expansion, Term

SIGNIFICANT: Final = 6
"""Digits of a sum, and of the largest number of a column unless more are needed."""
FEWEST: Final = 4
"""Digits of the sum of a run in single precision, which has not computed as many."""
MOST: Final = 15
"""Digits that a double has before and behind the point."""


class Sum(NamedTuple):
    """Styles of the terms and of their sum, which has so many significant digits."""

    terms: Style
    sum: Style
    digits: int


def adding_up(expansion: Expansion) -> Sum:
    """Terms with as many digits as it takes for their rounded values to add up to the sum."""
    parts = [*(term.value for term in expansion.terms), expansion.rest]
    plain = _style([*parts, expansion.value])
    if all(map(math.isfinite, parts)):
        for digits in range(SIGNIFICANT, FEWEST - 1, -1):
            under = replace(plain, digits=_places(expansion.value, digits, plain))
            for terms in _finer(plain, under.digits):
                shown = math.fsum(_read(terms, part) for part in parts)
                if _same(under, shown, expansion.value):
                    return Sum(terms, under, digits)
    return Sum(plain, plain, SIGNIFICANT)


def multiplying_out(terms: Sequence[Term], product: Style) -> list[Style]:
    """A style for each column of factors, whose rounded values give the products as shown.

    The arguments of a function stand as they are.
    """
    columns = list(zip(*([factor.value for factor in term.factors] for term in terms), strict=True))
    plain = [_style(values) for values in columns]
    if len(columns) == 1 or terms[0].function:
        return plain
    for styles in zip(*(_finer(style, 0) for style in plain), strict=False):
        if all(_multiplies_out(term, styles, product) for term in terms):
            return list(styles)
    return plain


def _multiplies_out(term: Term, styles: Sequence[Style], product: Style) -> bool:
    pairs = zip(styles, term.factors, strict=True)
    shown = math.prod(_read(style, factor.value) for style, factor in pairs)
    return product.text(shown) == product.text(term.value)


def _style(values: Sequence[float]) -> Style:
    """One style a column; the factor is shared where the numbers are tiny or huge."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    first = style_for(largest, SIGNIFICANT, common_factor=True)
    return style_for(largest, max(1, SIGNIFICANT - _whole(largest, first)), common_factor=True)


def _whole(value: float, style: Style) -> int:
    """Digits before the point."""
    return len(str(int(abs(value) / 10.0**style.power)))


def _places(value: float, digits: int, style: Style) -> int:
    """Digits behind the point that give a sum so many significant ones."""
    if value == 0 or not math.isfinite(value):
        return style.digits
    size = math.floor(math.log10(abs(value))) - style.power
    return min(max(1, digits - 1 - size), MOST - 1)


def _finer(style: Style, least: int) -> Iterator[Style]:
    """The style with ever more digits, from `least` on."""
    return (replace(style, digits=digits) for digits in range(max(style.digits, least), MOST + 1))


def _read(style: Style, value: float) -> float:
    """What a reader takes the number for."""
    text = style.text(value)
    return float(text.replace(MINUS, "-")) * 10.0**style.power if math.isfinite(value) else value


def _same(style: Style, a: float, b: float) -> bool:
    """Whether both are the same at these digits."""
    scale = 10.0**style.power
    return round(a / scale, style.digits) == round(b / scale, style.digits)
