"""Rounded numbers as a text has them: a power of ten only where digits would mislead or run on."""

from typing import Final

from gui.widgets.numerals import MINUS, grouped, rounded

_PLAIN: Final = (100.0, 1e6)
"""Between these a whole number is as short and better read than a power of ten."""


def plain(value: float, digits: int, *, sign: bool = False) -> str:
    """`digits` significant digits, and every whole digit up to a million: 12 500, 0.0125, 3e+07."""
    if not _PLAIN[0] <= abs(value) < _PLAIN[1]:
        return rounded(value, digits, sign=sign)
    text = grouped(abs(float(f"{value:.{max(digits, 3)}g}")))
    return f"{MINUS if value < 0 else '+' if sign else ''}{text}"
