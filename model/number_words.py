"""A number in a sentence: few digits, a true minus, ∞ and NaN by name."""

import math


def number_words(value: float, digits: int) -> str:
    """ "−0.0123", "1.8e+308", "∞"; `digits` are the significant ones."""
    if math.isnan(value):
        return "NaN"
    text = f"{value:.{digits}g}".replace("inf", "∞")
    return text.replace("-", "−")


def share_words(share: float) -> str:
    """ "62.5 %" for 0.625."""
    return f"{number_words(100 * share, 4)} %"
