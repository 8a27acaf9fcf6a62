"""Numbers as text: signs where sign matters, exact where asked, ∞ and NaN by name."""

import math
import re
from typing import Any, Final

MINUS: Final = "−"
NARROW_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"
_LONG_NUMBER: Final = re.compile(r"(?<![\w.,:])\d{4,}(?!\w)")
"""Not the port of tcp://127.0.0.1:8786."""


def grouped(number: float) -> str:
    """A count in groups of three digits: 11 840."""
    return f"{number:,.0f}".replace(",", NARROW_SPACE)


def with_groups(text: str) -> str:
    """A text whose long whole numbers stand in groups of three digits."""
    return _LONG_NUMBER.sub(lambda match: grouped(int(match[0])), text)


def exact(value: Any, *, sign: bool = True) -> str:
    """The shortest text that reads back as the very same number, e.g. "−0.0123" or "+∞".

    A NumPy scalar keeps its own precision: float32 0.1 is "+0.1".
    """
    return named(value) or ("0" if value == 0 else _with_sign(str(value), sign))


def rounded(value: Any, digits: int, *, sign: bool = False) -> str:
    """`digits` significant digits, scientific for very small and very large numbers."""
    return named(value) or _with_sign(f"{float(value) + 0.0:.{digits}g}", sign)


def named(value: Any) -> str:
    """The name of a non-finite number, empty for a finite one."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+∞" if value > 0 else f"{MINUS}∞"
    return ""


def subscript(number: int) -> str:
    """12 as ₁₂."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))


def _with_sign(text: str, sign: bool) -> str:
    plus = "+" if sign and not text.startswith("-") and float(text) != 0 else ""
    return plus + text.replace("-", MINUS)
