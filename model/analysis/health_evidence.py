"""What is measured of a run's state before anything is judged."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array
from model.nn.losses import Loss
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

    `difference` is how much the units differ: with W and b side by side ‖rows − their mean‖ over
    ‖rows‖, 0 where all are 0, NaN for a single unit. `A` are the outputs that are looked at, (n_l,
    some samples).
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

    `gradient_norms` (L,) are the last epoch's, empty before the first. `handed_back` is how large
    dZ of layer 1 is beside that of the last, element by element; unlike the norms of dW, in which
    samples cancel, it stays what it is where a stuck network has found the best constant output.
    `slopes` is what of it the activations account for, the rest being the weights'.
    `rise` is the highest loss of late over the first; `left` the present one over the first or that
    of the best constant output, whichever is less; `pace` the share of the loss that the present
    gradient promises to take away in the next thousand epochs, NaN where the loss has fallen
    already or the run has settled; `output_spread` the standard deviation of the outputs over the
    training samples; `frozen_share` that of the layers that stand still.
    """

    layers: tuple[LayerEvidence, ...]
    learning_rate: float
    epoch: int
    gradient_norms: Array
    handed_back: float
    slopes: float
    rise: float
    left: float
    pace: float
    output_spread: float
    frozen_share: float


def evidence(run: Run) -> Evidence:
    """Measure the state that `run.evaluate_epoch` has just left in the buffers of `overview`.

    W are those of the present epoch, A theirs over the training samples; dW and ΔW stand as the
    last iteration, or the one under way, has left them.
    """
    epoch, loss = run.epoch, float(run.overview.batch.J)
    norms = run.history.gradient_norms_at(np.arange(max(epoch - 1, 0), epoch))
    latest = norms[0] if len(norms) else np.empty(0)
    losses = np.append(run.history.loss[:epoch], loss)
    Y = run.overview.batch.every_Y[:, : run.batches.n_train]
    spread = float(np.std(run.overview.batch.every_A[-1][:, : run.batches.n_train]))
    handed_back, slopes = _way_back(run)
    return Evidence(
        layers=tuple(_layer(run, l) for l in run.network.architecture.layers),
        learning_rate=float(run.learning_rate),
        epoch=epoch,
        gradient_norms=latest,
        handed_back=handed_back,
        slopes=slopes,
        rise=_rise(losses),
        left=_over(loss, min(float(losses[0]), constant_loss(run.network.architecture.loss, Y))),
        pace=_pace(run, losses, latest, apart=spread > APART * float(np.std(Y))),
        output_spread=spread,
        frozen_share=len(run.frozen) / len(run.network.W),
    )


def _layer(run: Run, layer: int) -> LayerEvidence:
    activation = run.network.architecture.activations[layer - 1].name
    A = run.overview.batch.every_A[layer][:, : run.batches.n_train]
    some = A[:, :: -(-A.size // MOST)]
    W, b = run.network.W[layer - 1], run.network.b[layer - 1]
    if run.operation:
        W, b = run.found(TensorName("W", layer)), run.found(TensorName("b", layer))
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
        difference(np.hstack([W, b])),
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


def difference(units: Array) -> float:
    """How much the rows of (units, weights) differ: 0 where all are equal, at most 1."""
    if len(units) == 1:
        return math.nan
    size = length(units)
    return length(units - units.mean(axis=0)) / size if size else 0.0


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
    return _over(highest, float(losses[0]))


def _over(loss: float, first: float) -> float:
    return loss / first if first > 0 else math.nan


def constant_loss(loss: Loss, Y: Array) -> float:
    """J of the best output (n_L,) that is the same for every sample of Y (n_L, m): their mean.

    That it is the mean holds of either loss (Banerjee, Guo and Wang, 2005, On the optimality of
    conditional expectation as a Bregman predictor).
    """
    A = np.broadcast_to(Y.mean(axis=1, keepdims=True), Y.shape)
    Z = np.log(A) - np.log1p(-A)  # read by the loss that is computed from the sigmoid's Z
    losses = np.empty_like(Y)
    loss.value(Z, A, loss.prepare(Y), losses, np.empty_like(Y))
    return float(losses.sum(axis=0).mean())


def _way_back(run: Run) -> tuple[float, float]:
    """dZ[1] over dZ[L] and the product of dZ[l] over dA[l], as root mean squares.

    NaN where there is none, or where one is 0: dead units stop a gradient, and are told.
    """
    if run.made_in(TensorName("dZ", 1)) is None:
        return math.nan, math.nan
    layers = run.network.architecture.layers
    dZ = np.array([_size(run.tensor(TensorName("dZ", l))) for l in layers])
    dA = np.array([_size(run.tensor(TensorName("dA", l))) for l in layers[:-1]])
    if not (dZ.all() and dA.all()):
        return math.nan, math.nan
    return float(dZ[0] / dZ[-1]), float(np.prod(dZ[:-1] / dA))


def _size(gradient: Array) -> float:
    """Root mean square of (n_l, m), times m, by which each sample's was divided.

    Amid an iteration the layers may be those of batches of different m.
    """
    return length(gradient) * math.sqrt(gradient.shape[1] / len(gradient))


def _pace(run: Run, losses: Array, norms: Array, *, apart: bool) -> float:
    """What α‖∇J‖² an update takes away in the next epochs, as a share of the loss."""
    square, loss = float(norms.dot(norms)), float(losses[-1])
    settled = square < (SETTLED if apart else NOTHING) * loss
    if not len(norms) or settled or not loss > FALLEN * losses[0]:
        return math.nan
    return AHEAD * float(run.learning_rate) * square * run.batches.per_epoch / loss


FALLEN: Final = 0.9
"""Of the first loss: what is below it has learnt something, and may be slow."""

APART: Final = 0.03
"""Standard deviation of the outputs beside that of the targets, from which samples are told apart;
at the minimum of a least-squares fit it is the correlation of the two."""

SETTLED: Final = 1e-3
"""‖∇J‖² beside J below which a network that tells samples apart is at its minimum rather than slow.
"""

NOTHING: Final = 1e-10
"""The same for any network: from here on no learning rate is what is wrong."""
