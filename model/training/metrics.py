"""What is measured of a state: losses, accuracies, confusion, ROC."""

import math

import numpy as np

from model.arrays import Array, Flags, frozen
from model.nn.backprop import Backprop
from model.training.snapshots import Scores

HALF = 0.5


class EpochMeter:
    """The row of the history that belongs to a forward pass over training and test samples.

    `bound` covers the training samples in its first columns and the test samples in the others,
    so that its J is the training loss; nothing is allocated per epoch.
    """

    def __init__(self, bound: Backprop) -> None:
        batch = bound.batch
        m, columns = batch.m, batch.every_Y.shape[-1]
        self._m, self._rest = m, columns - m
        self._output, self._J = batch.every_A[-1], batch.J
        self._test_losses = batch.every_loss[..., m:]
        self._half = np.array(HALF, self._output.dtype)
        self._positive = batch.every_Y >= HALF
        self._right = np.empty(self._positive.shape, bool)
        self._right_train, self._right_test = self._right[..., :m], self._right[..., m:]
        self._row = np.full(4, np.nan)

    def row(self) -> Array:
        """Training and test loss, training and test accuracy, (4,); the buffer is used again."""
        row, right, rest = self._row, self._right, self._rest
        np.greater_equal(self._output, self._half, out=right)
        np.equal(right, self._positive, out=right)
        row[0] = self._J
        row[2] = np.count_nonzero(self._right_train) / self._m
        if rest:
            row[1] = np.add.reduce(self._test_losses, axis=None) / rest
            row[3] = np.count_nonzero(self._right_test) / rest
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
