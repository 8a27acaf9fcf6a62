"""Where the ticks of an axis stand, and what is written beside them."""

import math
from typing import Final

import numpy as np

from gui.widgets.numerals import NARROW_SPACE

AXIS_TEXT: Final = 11
"""Type size of ticks, axis labels and direct labels."""

Ticks = list[tuple[float, str]]
"""Positions in the axis's own coordinates, each with its text."""

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN_DECADES: Final = range(-4, 5)


def linear_ticks(low: float, high: float, most: int, unit: float = 1.0) -> Ticks:
    """About `most` round numbers in [low, high]; the texts are times `unit`, a power of ten."""
    if not high > low:
        return []
    step = _round_up((high - low) / max(1, most))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if not math.isclose(round(step, decimals), step):
        decimals += 1
    return [(n * step, _scaled(n * step, decimals, unit)) for n in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> Ticks:
    """Powers of ten between the exponents `low` and `high`; within two decades 2 and 5 as well."""
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    if last - first >= 2:
        step = max(1, round(_round_up((last - first) / max(1, most))))
        start = math.ceil(first / step) * step
        return [(float(n), _power(n, 1)) for n in range(start, last + 1, step)]
    fine = [
        (n + math.log10(digit), _power(n, digit))
        for n in range(first - 1, last + 1)
        for digit in (1, 2, 5)
    ]
    fine = [tick for tick in fine if low <= tick[0] <= high]
    return fine if len(fine) > 2 else _values_between(low, high, most)


def nice_ceiling(value: float) -> float:
    """The next number from `value` up with at most two digits, in quarters of a step."""
    if not value > 0 or not math.isfinite(value):
        return 1.0
    step = 10.0 ** math.floor(math.log10(value)) / 4
    return math.ceil(value / step - 1e-9) * step


def number(value: float) -> str:
    """A loss or a rate with the digits that matter: 0.2461, 12.50, 3.1e+12, NaN, ∞."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    plain = f"{value:.4f}" if size == 0 or 0.001 <= size < 1000 else f"{value:.3e}"
    return plain.replace("-", "−")


def threshold_text(threshold: float) -> str:
    """At least two decimals: 0.50, 0.4217."""
    return f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:.4g}"


def _values_between(low: float, high: float, most: int) -> Ticks:
    """Round values where a logarithmic axis shows a small part of a decade."""
    values = linear_ticks(10.0**low, 10.0**high, most)
    return [(math.log10(value), text) for value, text in values if value > 0]


def _round_up(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(s * power for s in _STEPS if s * power >= step * (1 - 1e-9))


def _scaled(value: float, decimals: int, unit: float) -> str:
    text = f"{value:,.{decimals}f}".replace(",", NARROW_SPACE).replace("-", "−")
    if float(f"{value:.{decimals}f}") == 0:
        text = text.lstrip("−")
    exponent = round(math.log10(unit))
    if exponent == 0 or value == 0:
        return text
    return f"{text}·10{str(exponent).translate(_SUPERSCRIPTS)}"


def _power(exponent: int, digit: int) -> str:
    if exponent in _PLAIN_DECADES:
        return np.format_float_positional(digit * 10.0**exponent, precision=6, trim="-")
    power = f"10{str(exponent).translate(_SUPERSCRIPTS)}"
    return power if digit == 1 else f"{digit}·{power}"
