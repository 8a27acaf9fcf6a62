"""Makes the health view of a run where it stands."""

from typing import Final

import numpy as np

from model.analysis.health_advice import advice
from model.analysis.health_evidence import LayerEvidence, evidence
from model.analysis.histograms import Histograms
from model.analysis.layer_health import HealthView, LayerHealth
from model.arrays import Indices, frozen
from model.training.run import Run

POINTS: Final = 1000
"""Of the gradient norms over time; more than a panel has pixels."""

FULL_RANGE: Final = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
"""Where the outputs lie whatever the weights are."""


class HealthMaker:
    """Keeps the histograms' ranges from one view of a run to the next."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._histograms = Histograms()

    def view(self) -> HealthView:
        """The layers of the present epoch.

        `run.evaluate_epoch` comes first: its forward pass, which a snapshot makes anyway, is read.
        """
        run = self._run
        with np.errstate(all="ignore"):
            measured = evidence(run)
            epochs = thinned(run.epoch)
            return HealthView(
                run.epoch,
                tuple(self._layer(layer) for layer in measured.layers),
                advice(measured),
                frozen(epochs.astype(np.float64)),
                frozen(run.history.gradient_norms_at(epochs)),
            )

    def _layer(self, layer: LayerEvidence) -> LayerHealth:
        l, of = layer.layer, self._histograms.of
        return LayerHealth(
            layer=l,
            activation=layer.activation,
            W=of(("W", l), layer.W),
            A=of(("A", l), layer.A, FULL_RANGE.get(layer.activation)),
            dW=None if layer.dW is None else of(("dW", l), layer.dW),
            norm_W=layer.norm_W,
            norm_A=layer.norm_A,
            norm_dW=layer.norm_dW,
            update_ratio=layer.update_ratio,
            dead_share=layer.dead_share,
            saturated_share=layer.saturated_share,
        )


def thinned(count: int) -> Indices:
    """Some of the epochs 0 … count − 1, at most `POINTS`: every s-th, and the last.

    s is a power of two, so that what was shown mostly stays as the run goes on.
    """
    stride = 1
    while -(-count // stride) >= POINTS:
        stride *= 2
    epochs = np.arange(0, count, stride)
    return epochs if not count or epochs[-1] == count - 1 else np.append(epochs, count - 1)
