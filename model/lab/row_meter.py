"""What is recorded of a stack of networks at every epoch."""

import numpy as np

from model.arrays import Array
from model.nn.backprop import Backprop
from model.training.history import COLUMNS
from model.training.metrics import HALF


class RowMeter:
    """`model.training.metrics.EpochMeter` for K networks: the same numbers, a row for each.

    `bound` covers the training samples in its first columns and the test samples in the others.
    """

    def __init__(self, bound: Backprop) -> None:
        batch = bound.batch
        self._output, self._J = batch.every_A[-1], batch.J
        self._m, self._columns = batch.m, self._output.shape[-1]
        self._test_losses = batch.every_loss[..., self._m :]
        self._half = np.array(HALF, self._output.dtype)
        self._positive = batch.every_Y >= HALF
        self._right = np.empty(self._output.shape, bool)
        self._train = list(self._right[:, 0, : self._m])
        self._test = list(self._right[:, 0, self._m :])
        self._rows = np.full((len(self._J), len(COLUMNS)), np.nan)

    def rows(self) -> Array:
        """Training and test loss, training and test accuracy, (K, 4); the buffer is used again.

        An accuracy is NaN where an output is.
        """
        rows, m, rest = self._rows, self._m, self._columns - self._m
        np.greater_equal(self._output, self._half, out=self._right)
        np.equal(self._right, self._positive, out=self._right)
        # One count for each network is faster than one with an axis, which makes integers of all.
        rows[:, 0] = self._J
        rows[:, 2] = [np.count_nonzero(right) / m for right in self._train]
        if rest:
            rows[:, 1] = np.add.reduce(self._test_losses, axis=(-2, -1)) / rest
            rows[:, 3] = [np.count_nonzero(right) / rest for right in self._test]
        if np.isnan(rows[:, :2]).any():
            self._leave_undefined()
        return rows

    def _leave_undefined(self) -> None:
        for row, output in zip(self._rows, self._output[:, 0], strict=True):
            if np.isnan(output[: self._m]).any():
                row[2] = np.nan
            if np.isnan(output[self._m :]).any():
                row[3] = np.nan
