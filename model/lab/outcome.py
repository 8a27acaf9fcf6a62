"""What became of one run of a comparison."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from model.arrays import Array, frozen
from model.training.history import COLUMNS

NO_CURVES: Final = frozen(np.empty((0, len(COLUMNS))))


class Fate(StrEnum):
    """How a run stands or ended; the two ways to diverge are told apart by the reason."""

    RUNNING = "running"
    CONVERGED = "converged"
    FINISHED = "finished"
    DIVERGED = "diverged"
    REFUSED = "refused"


@dataclass(frozen=True)
class ShareScores:
    """Loss, accuracy (a fraction) and AUC of one share of the data; NaN where not defined."""

    loss: float
    accuracy: float
    auc: float


@dataclass(frozen=True)
class Outcome:
    """A run that has ended.

    `epochs` counts the complete epochs; `reason` says why it ended ("converged at epoch 412: …",
    the failure's sentence, why the settings were refused); `curves` (epochs, 4) float64 has the
    columns of `model.training.history.COLUMNS`, row k belonging to the state after k epochs;
    `seconds` is its share of the wall time of its process.
    """

    fate: Fate
    reason: str
    epochs: int
    train: ShareScores
    test: ShareScores
    curves: Array
    seconds: float


def refused(reason: str) -> Outcome:
    """The outcome of a run that could not be made."""
    nothing = ShareScores(math.nan, math.nan, math.nan)
    return Outcome(Fate.REFUSED, reason, 0, nothing, nothing, NO_CURVES, 0.0)
