"""Frozen records of a race: what crosses the thread from the race to the Compare view."""

from dataclasses import dataclass

from model.analysis.taylor import TaylorView
from model.data.dataset import Dataset
from model.lab.outcome import Fate
from model.lab.variants import Axis, Variant
from model.training.history_part import HistoryPart
from model.training.settings import RunSettings
from model.training.snapshots import DecisionGrid, State


@dataclass(frozen=True)
class RaceView:
    """What somebody wants to see of a race beyond its numbers.

    `grid` is the number of points along each side of each run's decision grid, 0 for none; `auc`
    whether the AUC is wanted; `taylor` the number of the run whose Taylor view is wanted; `target`
    the training loss whose first epoch is looked for.
    """

    grid: int = 0
    auc: bool = True
    taylor: int | None = None
    target: float = 0.30


@dataclass(frozen=True)
class RaceRun:
    """One run of a race at its own epoch: the race's, or the one at which it ended.

    `loss` and `accuracy` are of the state shown; `auc` is that of the test set, or of the training
    set where there is none, NaN where not defined or not asked for; `reached` is the first epoch
    at which the training loss was at most the view's target, None where there was none yet;
    `history` holds the epochs from its `start` on; `reason` says why it ended or was refused;
    `seconds` is the wall time it took, its share of what the runs of its stack took together.
    """

    variant: Variant
    fate: Fate
    epoch: int
    reason: str
    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    auc: float
    reached: int | None
    seconds: float
    history: HistoryPart
    grid: DecisionGrid | None = None
    data: Dataset | None = None


@dataclass(frozen=True)
class RaceSnapshot:
    """A race at one moment; every array is read-only.

    `generation` changes with every race that starts from the beginning. `epoch` is the number of
    epochs in step; `epochs` how many the run that goes furthest asks for;
    `network_epochs_per_second` is 0 where nothing runs.
    """

    generation: int
    state: State
    base: RunSettings
    axes: tuple[Axis, ...]
    epoch: int
    epochs: int
    runs: tuple[RaceRun, ...]
    network_epochs_per_second: float = 0.0
    taylor: TaylorView | None = None
    taylor_run: int | None = None
