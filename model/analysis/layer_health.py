"""How each layer is doing: the spread of its numbers, and what is wrong with them."""

from dataclasses import dataclass

from model.arrays import Array


@dataclass(frozen=True)
class Histogram:
    """Counts (bins,) between edges (bins + 1,), both read-only; `outside` are not finite."""

    counts: Array
    edges: Array
    outside: int = 0


@dataclass(frozen=True)
class LayerHealth:
    """One layer of one state.

    Histograms of W, A and dW; Euclidean norms; `update_ratio` is ‖ΔW‖/‖W‖ of the last step;
    `dead_share` the share of ReLU units that are 0 for every training sample, NaN for other
    activations; `saturated_share` the share of outputs within the flat part of a sigmoid or tanh,
    NaN for others. What the last iteration has not left (dW, ΔW before the first step) is None or
    NaN.
    """

    layer: int
    activation: str
    W: Histogram
    A: Histogram
    dW: Histogram | None
    norm_W: float
    norm_A: float
    norm_dW: float
    update_ratio: float
    dead_share: float
    saturated_share: float


@dataclass(frozen=True)
class Advice:
    """One thing that is wrong: a sentence with its number and limit, and what to try.

    `layer` is 0 where it concerns the whole network.
    """

    kind: str
    layer: int
    sentence: str
    remedy: str
    number: float
    limit: float

    @property
    def summary(self) -> str:
        """ "dead units in layer 2"."""
        return f"{self.kind} in layer {self.layer}" if self.layer else self.kind


@dataclass(frozen=True)
class HealthView:
    """The layers of one state with what is wrong; read-only.

    `epochs` (n,) and `gradient_norms` (n, L) tell ‖∇W[l], ∇b[l]‖ over time, at most a thousand
    points of it.
    """

    epoch: int
    layers: tuple[LayerHealth, ...]
    advice: tuple[Advice, ...]
    epochs: Array
    gradient_norms: Array
