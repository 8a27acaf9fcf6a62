"""Numbers as a reader wants them in tables and sentences; "–" stands for what is not defined."""

import math

UNDEFINED = "–"


def loss_text(value: float) -> str:
    """ "0.3441", "1.25e+06"; a loss may also be infinite."""
    if math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    plain = value == 0 or 1e-3 <= abs(value) < 1e5
    return f"{value:.4f}" if plain else f"{value:.3e}"


def percent_text(share: float) -> str:
    """ "86.00 %" for 0.86."""
    return UNDEFINED if math.isnan(share) else f"{100 * share:.2f} %"


def auc_text(value: float) -> str:
    """ "0.917"."""
    return UNDEFINED if math.isnan(value) else f"{value:.3f}"
