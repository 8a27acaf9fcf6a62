"""What the head of the network panel says: subtitle, legend and the choices of its switch."""

from typing import Final

from gui.panels.network_edges import Shows
from gui.panels.network_focus import BIAS, Focus
from gui.panels.network_numbers import count_non_finite
from gui.panels.panel import LegendEntry, Mark
from gui.widgets.choice_chips import Choice
from gui.widgets.numerals import grouped, rounded
from model.training.snapshots import Probe, Snapshot

CHOICES: Final = (
    Choice(Shows.BOTH.value, "both", "Show weights and gradients"),
    Choice(Shows.WEIGHTS.value, "W", "Show the weights only"),
    Choice(Shows.GRADIENTS.value, "|dW|", "Show the gradients only"),
)
_WEIGHT_LEGEND: Final = (
    LegendEntry(Mark.BAR, "negative", "−"),
    LegendEntry(Mark.BAR, "positive", "+ weight"),
)
_GRADIENT_LEGEND: Final = (LegendEntry(Mark.BAR, "gradient", "|dW|"),)
_BIAS_LEGEND: Final = (BIAS,)
LEGENDS: Final = {
    Shows.BOTH: _WEIGHT_LEGEND + _GRADIENT_LEGEND + _BIAS_LEGEND,
    Shows.WEIGHTS: _WEIGHT_LEGEND + _BIAS_LEGEND,
    Shows.GRADIENTS: _GRADIENT_LEGEND + _BIAS_LEGEND,
}
SAMPLE_AND_LEGEND: Final = 760
"""Pixels before scaling; in a narrower head the legend would cut off the sample's values."""

_MOST_FEATURES: Final = 3


def subtitle(snapshot: Snapshot, focus: Focus | None = None) -> str:
    """The epoch or the current operation, what is not finite, and the sample on its way through."""
    epoch = f"epoch {grouped(snapshot.epoch)}"
    parts = [f"{focus.result} just computed" if focus else epoch]
    broken = count_non_finite(snapshot)
    if broken:
        parts.append(f"{grouped(broken)} not finite (∞, NaN)")
    if snapshot.probe is not None:
        parts.append(_sample(snapshot.probe))
    return " · ".join(parts)


def _sample(probe: Probe) -> str:
    shown = [rounded(value, 3) for value in probe.x[:_MOST_FEATURES]]
    if len(probe.x) > _MOST_FEATURES:
        shown.append(f"… {len(probe.x)} values")
    return f"sample x = ({', '.join(shown)}), p = {rounded(probe.probability, 3)}"
