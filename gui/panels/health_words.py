"""What the health panel says: the numbers of a layer, and what was looked at where all is well."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from gui.widgets.numerals import grouped, named, rounded
from gui.widgets.plain_numbers import plain
from model.analysis.layer_health import HealthView, Histogram, LayerHealth
from model.nn.activations import ACTIVATIONS

EMPTY: Final = "Press Run or Step: then how each layer is doing is shown here."
NO_GRADIENTS: Final = "Press Run or Step: the gradient norm of each layer is drawn over the epochs."
NO_STEP: Final = "none yet"
HEIGHTS: Final = "Heights grow with the square root of the count, so that small ones are seen."


def title_of(layer: LayerHealth) -> str:
    """ "Layer 1 · ReLU"."""
    known = ACTIVATIONS.get(layer.activation)
    return f"Layer {layer.layer} · {known.title if known else layer.activation}"


def share_of(layer: LayerHealth) -> tuple[str, float] | None:
    """What a part of the units or outputs is, and how large that part; None where neither can be.

    A linear or leaky layer has no dead and no saturated units.
    """
    for word, share in (("dead", layer.dead_share), ("saturated", layer.saturated_share)):
        if not math.isnan(share):
            return word, share
    return None


def percent(share: float) -> str:
    """A share in per cent, never rounded to 0 or 100 where it is not quite that."""
    whole = 100 * share
    if 0 < whole < 0.1:
        return "< 0.1 %"
    if 99 <= whole < 100:
        return f"{min(whole, 99.9):.1f} %"
    return f"{whole:.2g} %" if whole < 10 else f"{whole:.0f} %"


def update_text(layer: LayerHealth) -> str:
    """ "‖ΔW‖ / ‖W‖ 2.1e−04"; nothing before the first step."""
    ratio = layer.update_ratio
    return "" if math.isnan(ratio) else f"‖ΔW‖ / ‖W‖ {rounded(ratio, 2)}"


def histograms_of(layer: LayerHealth) -> tuple[tuple[str, Histogram | None, float], ...]:
    """Name, histogram and norm of the three tensors."""
    return (
        ("W", layer.W, layer.norm_W),
        ("A", layer.A, layer.norm_A),
        ("dW", layer.dW, layer.norm_dW),
    )


def norm_text(name: str, norm: float, digits: int = 3) -> str:
    """ "‖W‖ 3.21"."""
    return f"‖{name}‖ {plain(norm, digits)}"


def range_texts(histogram: Histogram, digits: int = 2) -> tuple[str, str]:
    """Where a histogram begins and ends; the second is empty where both are the same."""
    low, high = (plain(end, digits, sign=True) for end in histogram.edges[[0, -1]])
    return low, "" if low == high else high


def reach_text(histogram: Histogram) -> str:
    """Both ends in one number, where there is no room for two."""
    return f"±{plain(np.abs(histogram.edges[[0, -1]]).max(), 2)}"


def bin_text(name: str, histogram: Histogram, place: float) -> str:
    """What the bin at a part 0 … 1 of the width holds."""
    count = len(histogram.counts)
    number = max(0, min(count - 1, int(place * count)))
    low, high = (rounded(end, 3, sign=True) for end in histogram.edges[number : number + 2])
    return f"{name}: {low} to {high}: {grouped(histogram.counts[number])} elements\n{HEIGHTS}"


def description_of(layer: LayerHealth) -> str:
    """A row as one line for a screen reader."""
    parts = []
    for name, histogram, norm in histograms_of(layer):
        if histogram is not None:
            parts.append(norm_text(name, norm))
        if histogram is not None and histogram.outside:
            parts.append(f"{grouped(histogram.outside)} of {name} not finite")
    if update_text(layer):
        parts.append(update_text(layer))
    if (share := share_of(layer)) is not None:
        parts.append(f"{share[0]} {percent(share[1])}")
    return ", ".join(parts)


def nothing_unusual(view: HealthView) -> str:
    """What was looked at, with its numbers."""
    layers, parts = view.layers, []
    for word, shares in (
        ("dead units", [layer.dead_share for layer in layers]),
        ("saturated outputs", [layer.saturated_share for layer in layers]),
    ):
        if known := _known(shares):
            parts.append(f"{word} at most {percent(max(known))} of a layer")
    for word, values in (
        ("‖ΔW‖ / ‖W‖", [layer.update_ratio for layer in layers]),
        ("‖dW‖", [layer.norm_dW for layer in layers]),
    ):
        if known := _known(values):
            parts.append(f"{word} {_span(known)}")
    return f"Nothing unusual at epoch {grouped(view.epoch)}: {', '.join(parts)}."


def norm_lines(epoch: int, norms: Iterable[float]) -> list[str]:
    """The gradient norm of every layer at one epoch."""
    lines = [f"epoch {grouped(epoch)}"]
    lines += [f"layer {l} {rounded(norm, 5)}" for l, norm in enumerate(norms, start=1)]
    return lines


def end_text(layer: int, norm: float) -> str:
    """A curve's label; its last value too where that cannot be drawn."""
    drawn = np.isfinite(norm) and norm > 0
    return f"layer {layer}" if drawn else f"layer {layer}: {named(norm) or 0}"


def _known(values: list[float]) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def _span(values: list[float]) -> str:
    ends = dict.fromkeys(plain(value, 2) for value in (min(values), max(values)))
    return " … ".join(ends)
