"""What is measured of a state: losses, accuracies, confusion."""

import math

import numpy as np

from model.analysis.roc import roc_curve
from model.arrays import Array, Flags, frozen
from model.nn.backprop import Backprop
from model.nn.tensors import GradientTensors
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
        self._rest = columns - m
        self._output, self._J = batch.every_A[-1], batch.J
        self._test_losses = batch.every_loss[..., m:]
        self._half = np.array(HALF, self._output.dtype)
        self._positive = batch.every_Y >= HALF
        self._right = np.empty(self._positive.shape, bool)
        self._train = self._output[..., :m], self._right[..., :m]
        self._test = self._output[..., m:], self._right[..., m:]
        self._row = np.full(4, np.nan)

    def row(self) -> Array:
        """Training and test loss, training and test accuracy, (4,); the buffer is used again.

        An accuracy is NaN where an output is.
        """
        row, right, rest = self._row, self._right, self._rest
        np.greater_equal(self._output, self._half, out=right)
        np.equal(right, self._positive, out=right)
        row[0] = self._J
        row[2] = _share(row[0], *self._train)
        if rest:
            row[1] = np.add.reduce(self._test_losses, axis=None) / rest
            row[3] = _share(row[1], *self._test)
        return row


class GradientMeter:
    """‖(∇W[l], ∇b[l])‖² of every layer; nothing is allocated per epoch."""

    def __init__(self, gradients: GradientTensors) -> None:
        pairs = zip(gradients.dW, gradients.db, strict=True)
        ends = np.cumsum([dW.size + db.size for dW, db in pairs])
        self._gradient, self._starts = gradients.gradient, np.concatenate([[0], ends[:-1]])
        # In double precision, as the square of a float32 overflows from 1e19 on.
        self._squared, self._sums = np.empty(ends[-1]), np.empty(len(ends))

    def squares(self) -> Array:
        """As the gradients stand, (L,); the buffer is used again."""
        gradient, sums = self._gradient, self._sums
        np.multiply(gradient, gradient, out=self._squared, dtype=np.float64)
        np.add.reduceat(self._squared, self._starts, 0, None, sums)
        return sums


def _share(loss: float, outputs: Array, right: Flags) -> float:
    """The share of what is told right; outputs are looked at where the loss gives a reason."""
    if math.isnan(loss) and np.isnan(outputs).any():
        return math.nan
    return np.count_nonzero(right) / right.size


def scores(probability: Array, y: Array, loss: float, threshold: float, roc: bool) -> Scores:
    """Everything about one share of the data, (n_samples,); `Scores` says what is not defined."""
    positive, predicted = y >= HALF, probability >= threshold
    tp = int(np.count_nonzero(predicted & positive))
    fp = int(np.count_nonzero(predicted & ~positive))
    fn = int(np.count_nonzero(positive)) - tp
    tn = len(y) - tp - fp - fn
    defined = len(y) > 0 and not np.isnan(probability).any()
    accuracy = (tp + tn) / len(y) if defined else math.nan
    curve = roc_curve(probability, positive) if roc else (None, None, None, None)
    return Scores(frozen(probability), loss, accuracy, (tn, fp, fn, tp), *curve)
