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


def duration_text(seconds: float) -> str:
    """ "0.4 s", "48 s", "2 min 5 s", "3 h 20 min", "12 days"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400:,} days"
