"""Which samples an iteration sees."""

from typing import Final

import numpy as np

from model.arrays import DType, Indices
from model.data.dataset import Dataset
from model.nn.tensors import BatchTensors

OF_SAMPLES: Final = ("X", "Y", "Z", "A", "dA", "dZ")
"""Tensors with a column for each sample of a batch."""


class Batches:
    """The training samples as columns, in batches; the last one of an epoch may be short.

    The order is a function of (seed, epoch) alone, so that any iteration can be gone back to
    without a generator's state. The full batch keeps the data's own order.
    """

    def __init__(self, data: Dataset, batch_size: int | None, seed: int, dtype: DType) -> None:
        self.X = np.ascontiguousarray(data.both.T, dtype)
        self.Y = np.concatenate([data.y_train, data.y_test])[None, :].astype(dtype)
        self.n_train, self.n_test = len(data.X_train), len(data.X_test)
        self.size = min(batch_size or self.n_train, self.n_train)
        self.per_epoch = -(-self.n_train // self.size)
        self._seed = seed
        self._order: tuple[int, Indices] | None = None

    @property
    def full(self) -> bool:
        """Whether one batch holds the whole training set."""
        return self.per_epoch == 1

    def size_of(self, iteration: int) -> int:
        """Number of samples of the batch that iteration `iteration` (from 0) uses."""
        start = iteration % self.per_epoch * self.size
        return min(self.size, self.n_train - start)

    def load(self, iteration: int, tensors: BatchTensors) -> None:
        """Fill the buffers with the batch of that iteration."""
        order = self._order_of(iteration)
        tensors.load(self.X[:, order], self.Y[:, order])

    def samples(self, iteration: int) -> Indices | None:
        """Which training sample each column of that iteration's batch is, from 0, (m,).

        None for the full batch, where they stand in the data's own order.
        """
        return None if self.full else self._order_of(iteration)

    def load_all(self, tensors: BatchTensors) -> None:
        """Fill the buffers with the training and the test samples."""
        tensors.load(self.X, self.Y)

    def _order_of(self, iteration: int) -> Indices:
        epoch, number = divmod(iteration, self.per_epoch)
        return self._epoch_order(epoch)[number * self.size : (number + 1) * self.size]

    def _epoch_order(self, epoch: int) -> Indices:
        if self._order is None or self._order[0] != epoch:
            generator = np.random.default_rng([self._seed, epoch])
            order = generator.permutation(self.n_train)
            order.flags.writeable = False
            self._order = epoch, order
        return self._order[1]
