"""What is measured of a run's state before anything is judged."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array
from model.nn.operations import TensorName
from model.training.measures import careful_norm
from model.training.run import Run

FLAT: Final = 0.01
"""A sigmoid or tanh is flat where its slope is below this share of its largest."""

MOST: Final = 2**16
"""Outputs of a layer that are looked at one by one; of more, every so many-th sample's."""

RECENT: Final = 50
"""Epochs over which the loss is looked back at."""

AHEAD: Final = 1000
"""Epochs over which the present pace is looked ahead."""


@dataclass(frozen=True)
class LayerEvidence:
    """One layer: `LayerHealth` says what the numbers are.

    `difference` is how much the rows of W differ, ‖W − their mean‖/‖W‖, 0 for W = 0, NaN for a
    single unit. `A` are the outputs that are looked at, (n_l, some samples).
    """

    layer: int
    activation: str
    units: int
    hidden: bool
    A: Array
    W: Array
    dW: Array | None
    difference: float
    norm_W: float
    norm_A: float
    norm_dW: float
    update_ratio: float
    dead_share: float
    saturated_share: float


@dataclass(frozen=True)
class Evidence:
    """A state of a run: its layers, and where the loss has been and is going.

    `gradient_norms` (L,) are the last epoch's, empty before the first. `rise` is the highest loss
    of late over the first; `pace` the share of the loss that the present gradient promises to take
    away in the next thousand epochs, NaN where the loss has fallen already; `output_spread` the
    standard deviation of the outputs over the training samples.
    """

    layers: tuple[LayerEvidence, ...]
    learning_rate: float
    gradient_norms: Array
    rise: float
    pace: float
    output_spread: float


def evidence(run: Run) -> Evidence:
    """Measure the state that `run.evaluate_epoch` has just left in the buffers of `overview`.

    W are those of the present epoch, A theirs over the training samples; dW and ΔW stand as the
    last iteration, or the one under way, has left them.
    """
    epoch, loss = run.epoch, float(run.overview.batch.J)
    norms = run.history.gradient_norms_at(np.arange(max(epoch - 1, 0), epoch))
    latest = norms[0] if len(norms) else np.empty(0)
    losses = np.append(run.history.loss[:epoch], loss)
    return Evidence(
        tuple(_layer(run, l) for l in run.network.architecture.layers),
        float(run.learning_rate),
        latest,
        _rise(losses),
        _pace(run, losses, latest),
        float(np.std(run.overview.batch.every_A[-1][:, : run.batches.n_train])),
    )


def _layer(run: Run, layer: int) -> LayerEvidence:
    activation = run.network.architecture.activations[layer - 1].name
    A = run.overview.batch.every_A[layer][:, : run.batches.n_train]
    some = A[:, :: -(-A.size // MOST)]
    W = run.network.W[layer - 1] if not run.operation else run.found(TensorName("W", layer))
    made = run.made_in(TensorName("dW", layer)) is not None
    dW = run.gradients.dW[layer - 1] if made else None
    return LayerEvidence(
        layer,
        activation,
        len(W),
        layer < len(run.network.W),
        some,
        W,
        dW,
        difference(W),
        length(W),
        length(A),
        math.nan if dW is None else length(dW),
        _update_ratio(run, layer),
        dead_share(A) if activation == "relu" else math.nan,
        saturated_share(some, activation),
    )


def length(array: Array) -> float:
    """√Σ x² of (rows, columns): row by row, which wakes no BLAS threads, where that is exact."""
    total, kind = float(np.vecdot(array, array).sum()), np.finfo(array.dtype)
    if float(kind.tiny) * 1e6 < total < float(kind.max):
        return math.sqrt(total)
    return careful_norm(array)


def difference(W: Array) -> float:
    """How much the rows of W (n_l, n_{l-1}) differ: 0 where all are equal, at most 1."""
    if len(W) == 1:
        return math.nan
    size = length(W)
    return length(W - W.mean(axis=0)) / size if size else 0.0


def dead_share(A: Array) -> float:
    """Share of the rows of A (n_l, m) that are 0 throughout."""
    return float(np.mean(~A.any(axis=1)))


def saturated_share(A: Array, activation: str) -> float:
    """Share of the outputs A at which the activation is `FLAT`; NaN where it never is."""
    slope = _SLOPES.get(activation)
    return math.nan if slope is None else float(np.mean(slope(A) < FLAT))


_SLOPES: Final = {
    "sigmoid": lambda A: 4.0 * A * (1.0 - A),
    "tanh": lambda A: 1.0 - A * A,
}
"""g′ over its largest value, from a = g(z), of the activations that are flat at both ends."""


def _update_ratio(run: Run, layer: int) -> float:
    """‖ΔW‖/‖W‖ with W as the step found it; NaN for no step, or for W = 0."""
    name = TensorName("update_W", layer)
    made = run.made_in(name)
    if made is None:
        return math.nan
    update, found = run.gradients.update_W[layer - 1], run.found(TensorName("W", layer))
    under_way = run.operation and made < run.iteration
    before = length(found - update if under_way else found)
    return length(update) / before if before else math.nan


def _rise(losses: Array) -> float:
    """The highest loss of late over the first; ∞ where one is not a number."""
    highest = float(np.max(losses[-RECENT:]))
    if math.isnan(highest):
        return math.inf
    return highest / float(losses[0]) if losses[0] > 0 else math.nan


def _pace(run: Run, losses: Array, norms: Array) -> float:
    """What α‖∇J‖² an update takes away in the next epochs, as a share of the loss."""
    if not len(norms) or not losses[-1] > FALLEN * losses[0]:
        return math.nan
    step = float(run.learning_rate) * float(norms.dot(norms)) * run.batches.per_epoch
    return AHEAD * step / float(losses[-1])


FALLEN: Final = 0.9
"""Of the first loss: what is below it has learnt something, and may be slow."""
