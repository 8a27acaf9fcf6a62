"""Frozen records of a session's state: the only thing that crosses a thread."""

import math
from dataclasses import dataclass
from enum import StrEnum

from model.analysis.expansion import Element, Expansion
from model.analysis.layer_health import Advice, HealthView
from model.analysis.taylor import TaylorView
from model.arrays import Array, Indices
from model.data.dataset import Dataset
from model.nn.operations import Operation, TensorName
from model.training.debug_views import (
    BranchView,
    BreakpointView,
    Diagnosis,
    Hit,
    TensorView,
)
from model.training.history_part import HistoryPart
from model.training.settings import RunSettings


class State(StrEnum):
    """What a session is doing."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class View:
    """What somebody wants to see of a state beyond its numbers.

    `grid` is the number of points along each side of the decision grid, 0 for none; `probe` a
    sample (n_features,) as the network sees it. `tensors` are wanted in full; `element` is one
    element to be expanded into its terms. `health` asks for the layers' health, `taylor` for the
    loss along −∇J.
    """

    threshold: float = 0.5
    grid: int = 0
    roc: bool = False
    probe: tuple[float, ...] | None = None
    tensors: tuple[TensorName, ...] = ()
    element: Element | None = None
    health: bool = False
    taylor: bool = False


@dataclass(frozen=True)
class Failure:
    """Why a run diverged.

    `epoch` is the epoch reached, `tensor` the first tensor with a non-finite element ("Z[2]") or
    empty where the loss grew instead.
    """

    epoch: int
    reason: str
    tensor: str
    hint: str


@dataclass(frozen=True)
class LayerView:
    """One layer's parameters and, where they have been computed, what the last iteration left.

    Shapes: W, dW, update_W (n_l, n_{l-1}); b, db, update_b (n_l, 1).
    """

    activation: str
    W: Array
    b: Array
    dW: Array | None
    db: Array | None
    update_W: Array | None
    update_b: Array | None


@dataclass(frozen=True)
class Scores:
    """One share of the data under the present weights, in the order of the data set's columns.

    `probability` (n_samples,); `loss` without a test set and `auc` with one class only are NaN.
    `accuracy` counts probability >= threshold and is NaN where one of them is; `confusion` is
    (true negative, false positive, false negative, true positive). `auc`, `false_positive_rate`,
    `true_positive_rate` and `roc_threshold` are None where the ROC curve was not asked for; both
    rates are empty where it is not defined.
    """

    probability: Array
    loss: float
    accuracy: float
    confusion: tuple[int, int, int, int]
    auc: float | None = None
    false_positive_rate: Array | None = None
    true_positive_rate: Array | None = None
    roc_threshold: Array | None = None


@dataclass(frozen=True)
class DecisionGrid:
    """The output over a rectangle of the two (scaled) features.

    `x` (columns,), `y` (rows,), `probability` (rows, columns); `contour` holds the polylines (k,
    2) on which the probability is the threshold.
    """

    x: Array
    y: Array
    probability: Array
    contour: tuple[Array, ...]


@dataclass(frozen=True)
class Probe:
    """One sample's way through the network.

    `x` (n_features,) as the network sees it, `raw` (n_features,) before scaling, `label` 0 or 1,
    or None where it is no sample of the data; `activations[l]` (n_l,) with item 0 the input
    itself.
    """

    x: Array
    raw: Array
    label: int | None
    activations: tuple[Array, ...]

    @property
    def probability(self) -> float:
        """The output for this sample."""
        return float(self.activations[-1][0])


@dataclass(frozen=True)
class Snapshot:
    """The session at one moment; every array is read-only.

    `generation` changes with every run that starts from the beginning; `iteration` and `epoch`
    count the updates made; `layers` item 0 is layer 1; the gradients in `layers` are those of the
    step that led from iteration `iteration - 1` to `iteration`. `grid`, the ROC curves and `probe`
    are there where somebody asked for them. `epochs_per_second` is 0 where nothing runs.
    `finished_because` says which rule ended the run; `opened_weights` that it did not start from
    the seed's weights. `samples` (columns,) are the places in the training set, from 0, of the
    mini-batch that the iteration under way or else the last one uses; None for the full batch.
    `advice` is that of the last health view: while the run goes on there may be none with this
    snapshot.
    `future` are the recorded epochs behind the present one, `future_loss` is the training loss at
    the last of them, whose own row is not written before it is left; NaN where there is none, or
    its weights are kept no longer or were changed by hand.
    """

    generation: int
    state: State
    settings: RunSettings
    data: Dataset
    iteration: int
    epoch: int
    history: HistoryPart
    layers: tuple[LayerView, ...]
    threshold: float
    train: Scores
    test: Scores
    gradient_norm: float
    epochs_per_second: float = 0.0
    grid: DecisionGrid | None = None
    probe: Probe | None = None
    failure: Failure | None = None
    finished_because: str = ""
    opened_weights: bool = False
    operation: int = 0
    program: tuple[Operation, ...] = ()
    tensors: tuple[TensorView, ...] = ()
    expansion: Expansion | None = None
    branch: int = 0
    branches: tuple[BranchView, ...] = ()
    future: HistoryPart | None = None
    future_loss: float = math.nan
    breakpoints: tuple[BreakpointView, ...] = ()
    hit: Hit | None = None
    diagnosis: Diagnosis | None = None
    frozen_layers: tuple[int, ...] = ()
    undo: str = ""
    samples: Indices | None = None
    health: HealthView | None = None
    advice: tuple[Advice, ...] = ()
    taylor: TaylorView | None = None
