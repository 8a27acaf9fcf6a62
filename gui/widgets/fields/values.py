"""Values as text in a field and back, and what one press of an arrow key makes of them."""

import re
from decimal import Decimal
from typing import Any, Final

from model.limits import Kind, Limits
from model.settings_fields import FieldDescription

_SPACES: Final = re.compile(r"\s")
_LEAST_STEP: Final = Decimal("1e-6")
"""The first value above 0 where steps are factors."""


def parsed(field: FieldDescription, text: str) -> Any:
    """What `text` means as far as it can be told; the settings judge the rest, as text."""
    text = text.strip()
    if not text:
        return None if field.optional else ""
    if field.zero and text.lower() == field.zero:
        return 0
    if field.kind is Kind.LIST:
        return [_number(part) for part in text.split(",")]
    return text if field.kind is Kind.TEXT else _number(text)


def plain(value: Any, step: float | None = None) -> str:
    """`value` as it is typed, with at least the decimals of its step."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ", ".join(plain(item) for item in value)
    if not isinstance(value, float):
        return str(value)
    text = repr(value).removesuffix(".0")
    missing = _places(step) - len(text.partition(".")[2])
    if "e" in text or missing <= 0:
        return text
    return text + ("" if "." in text else ".") + "0" * missing


def stepped(field: FieldDescription, value: Any, presses: int) -> Any:
    """`value` after so many presses of ↑ (negative: ↓), kept inside the limits."""
    bounds = field.bounds
    if value is None:
        return int(bounds.minimum or 0) if presses > 0 else None
    if field.optional and presses < 0 and value == bounds.minimum:
        return None
    exact = Decimal(repr(value))
    if field.step is not None:
        moved = _bounded(exact + Decimal(repr(field.step)) * presses, exact, bounds)
    else:
        moved = exact
        for _ in range(abs(presses)):
            moved = _bounded(_on_ladder(moved, presses > 0, bounds), moved, bounds)
    return int(moved) if field.kind is Kind.WHOLE else float(moved)


def _number(text: str) -> Any:
    """An int or a float, or the text where it is neither."""
    bare = _SPACES.sub("", text).replace("−", "-")
    for kind in (int, float):
        try:
            number = kind(bare)
        except ValueError:
            continue
        return int(number) if number == number // 1 and abs(number) < 1e15 else number
    return text


def _places(step: float | None) -> int:
    """Decimals of a step."""
    return 0 if step is None else max(0, -int(Decimal(repr(step)).normalize().as_tuple().exponent))


def _on_ladder(value: Decimal, up: bool, bounds: Limits) -> Decimal:
    """The next of …, 0.1, 0.2, 0.5, 1, 2, 5, …; 0 lies below the least where it is allowed."""
    if value <= 0:
        return _LEAST_STEP if up else value
    with_zero = bounds.minimum == 0 and not bounds.minimum_excluded
    if not up and with_zero and value <= _LEAST_STEP:
        return Decimal(0)
    exponent = value.adjusted()
    ladder = [Decimal(m).scaleb(exponent + e) for e in (-1, 0, 1) for m in (1, 2, 5)]
    return min(x for x in ladder if x > value) if up else max(x for x in ladder if x < value)


def _bounded(value: Decimal, before: Decimal, bounds: Limits) -> Decimal:
    """`value` inside the limits; where a limit itself is excluded, what was there before."""
    low, high = bounds.minimum, bounds.maximum
    if low is not None and value <= Decimal(repr(low)):
        return before if bounds.minimum_excluded else Decimal(repr(low))
    if high is not None and value >= Decimal(repr(high)):
        return before if bounds.maximum_excluded else Decimal(repr(high))
    return value
