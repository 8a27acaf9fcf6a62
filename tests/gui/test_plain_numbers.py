import pytest

from gui.widgets.numerals import NARROW_SPACE
from gui.widgets.plain_numbers import plain


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0125, 2, "0.013"),
        (99.0, 2, "99"),
        (100.0, 1, "100"),
        (2657.3, 2, f"2{NARROW_SPACE}660"),
        (-12345.0, 3, f"−12{NARROW_SPACE}300"),
        (3.1e7, 2, "3.1e+07"),
        (float("inf"), 2, "+∞"),
        (float("nan"), 2, "NaN"),
    ],
)
def test_a_power_of_ten_only_where_it_is_needed(value: float, digits: int, text: str) -> None:
    assert plain(value, digits) == text


def test_a_sign_is_written_where_it_is_asked_for() -> None:
    assert plain(500.0, 2, sign=True) == "+500"
    assert plain(-500.0, 2, sign=True) == "−500"
