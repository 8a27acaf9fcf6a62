"""What is measured of a state: losses, accuracies, confusion, ROC."""

import math

import numpy as np

from model.arrays import Array, Flags, frozen
from model.nn.backprop import Backprop
from model.training.snapshots import Scores

HALF = 0.5


class EpochMeter:
    """The row of the history that belongs to a forward pass over training and test samples.

    `bound` covers the training samples in its first columns and the test samples in the others;
    nothing is allocated per epoch.
    """

    def __init__(self, bound: Backprop) -> None:
        batch = bound.batch
        self._m, self._columns = batch.m, batch.every_Y.shape[-1]
        self._output, self._losses = batch.every_A[-1], batch.every_loss
        self._positive = batch.every_Y >= HALF
        self._right = np.empty(self._positive.shape, bool)
        self._row = np.full(4, np.nan)

    def row(self) -> Array:
        """Training and test loss, training and test accuracy, (4,); the buffer is used again."""
        m, rest, row, right = self._m, self._columns - self._m, self._row, self._right
        np.greater_equal(self._output, HALF, out=right)
        np.equal(right, self._positive, out=right)
        row[0] = np.add.reduce(self._losses[..., :m], axis=(-2, -1)) / m
        row[2] = np.count_nonzero(right[..., :m]) / m
        if rest:
            row[1] = np.add.reduce(self._losses[..., m:], axis=(-2, -1)) / rest
            row[3] = np.count_nonzero(right[..., m:]) / rest
        return row


def scores(probability: Array, y: Array, loss: float, threshold: float, roc: bool) -> Scores:
    """Everything about one share of the data, (n_samples,) each.

    See `Scores` for what is not defined.
    """
    positive, predicted = y >= HALF, probability >= threshold
    tp = int(np.count_nonzero(predicted & positive))
    fp = int(np.count_nonzero(predicted & ~positive))
    fn = int(np.count_nonzero(positive)) - tp
    tn = len(y) - tp - fp - fn
    accuracy = (tp + tn) / len(y) if len(y) else math.nan
    curve = roc_curve(probability, positive) if roc else (None, None, None, None)
    return Scores(frozen(probability), loss, accuracy, (tn, fp, fn, tp), *curve)


def roc_curve(probability: Array, positive: Flags) -> tuple[float, Array, Array, Array]:
    """AUC, false and true positive rates and the thresholds; NaN and empty where it is not
    defined.

    It is defined where both classes are there and every probability is a number.
    """
    from sklearn import metrics

    share = np.count_nonzero(positive)
    if not 0 < share < len(positive) or not np.isfinite(probability).all():
        nothing = frozen(np.empty(0))
        return math.nan, nothing, nothing, nothing
    false, true, thresholds = metrics.roc_curve(positive, probability)
    return float(metrics.auc(false, true)), frozen(false), frozen(true), frozen(thresholds)
