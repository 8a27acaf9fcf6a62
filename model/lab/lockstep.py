"""Networks of one shape that are trained by one generator, in arrays stacked over each other."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from model.arrays import Array, unpacked
from model.data.dataset import Dataset
from model.lab.row_meter import RowMeter
from model.lab.stacking import parameters_of
from model.nn.backprop import Backprop, exhaust
from model.nn.network import Network
from model.nn.operations import TensorName
from model.nn.optimizers import OPTIMIZERS
from model.training.batches import Batches
from model.training.buffers import Buffers
from model.training.readable_tensors import overflowing
from model.training.settings import RunSettings


class LockStep:
    """K networks that see the same batches; each has a learning rate of its own.

    `network` is the stack, whose parameters are trained in place. A product of stacked arrays is
    one BLAS call for each network, the one that a single network makes, and everything else goes
    element by element: measured on the lab's network, tanh and leaky ReLU, in both precisions and
    with mini-batches, every loss is that of a single run bit for bit.
    """

    def __init__(self, network: Network, settings: Sequence[RunSettings], data: Dataset) -> None:
        first, dtype = settings[0], network.architecture.dtype
        self.network = network
        rates = [one.training.learning_rate for one in settings]
        with np.errstate(over="ignore"):
            learning_rate = np.array(rates).astype(dtype)[:, None, None]
        self.batches = Batches(data, first.training.batch_size, first.network.seed, dtype)
        optimizer = OPTIMIZERS[first.training.optimizer]
        self._buffers = Buffers(network, self.batches, learning_rate, optimizer, set())
        self._overview_meter = RowMeter(self._buffers.overview)
        self._meter = RowMeter(self._buffers.of(0)) if self.batches.full else self._overview_meter
        self._found = np.empty_like(network.parameters)
        self._found_views = unpacked(self._found, network.architecture.parameter_shapes)
        self._flags = False

    def note(self, kind: str, flag: int) -> None:
        """For `numpy.errstate`: an overflow or an invalid operation has happened."""
        self._flags = True

    def epoch(self, number: int) -> tuple[Array, dict[int, TensorName]]:
        """Train for epoch `number`, from 0: its rows of the history, and who failed in it.

        The rows are (K, 4), as `RowMeter` gives them. A network that failed, by its place in the
        stack, has the parameters again that the iteration found in which the tensor became infinite
        or not a number. The caller sees to `numpy.errstate`.
        """
        batches, failed, found = self.batches, dict[int, TensorName](), dict[int, list[Array]]()
        rows = None if batches.full else self.evaluate()
        start = number * batches.per_epoch
        for iteration in range(start, start + batches.per_epoch):
            bound = self._buffers.of(iteration)
            if rows is not None:
                batches.load(iteration, bound.batch)
            self._found[...] = self.network.parameters
            exhaust(bound.iteration())
            if self._flags or not self._finite(bound):
                self._flags = False
                for place, tensor in _nonfinite(bound):
                    failed.setdefault(place, tensor)
                    found.setdefault(place, [view[place].copy() for view in self._found_views])
        rows = self._meter.rows() if rows is None else rows
        for place, parameters in found.items():
            for array, value in zip(parameters_of(self.network), parameters, strict=True):
                array[place] = value
        return rows, failed

    def evaluate(self) -> Array:
        """The rows (K, 4) of the present parameters, by a forward pass over all samples."""
        exhaust(self._buffers.overview.forward())
        exhaust(self._buffers.overview.loss())
        return self._overview_meter.rows()

    @property
    def outputs(self) -> Array:
        """What `evaluate` found, (K, n_train + n_test)."""
        return self._buffers.overview.batch.every_A[-1][:, 0]

    def _finite(self, bound: Backprop) -> bool:
        """Whether the last losses and the weights are finite, cheaply; now and then falsely not."""
        parameters = self.network.parameters
        return math.isfinite(np.add.reduce(bound.batch.J)) and math.isfinite(
            parameters.dot(parameters)
        )


def _nonfinite(bound: Backprop) -> Iterator[tuple[int, TensorName]]:
    """Every network with a tensor of this iteration that is not finite, and the first of them.

    As `model.training.readable_tensors.first_nonfinite` does for a single network.
    """
    known: set[int] = set()
    harmless = overflowing(bound.network.architecture)
    for operation in bound.program:
        if operation.result == harmless:
            continue
        finite = np.isfinite(bound.tensor(operation.result))
        whole = finite.reshape(len(finite), -1).all(axis=1)
        for place in np.flatnonzero(~whole).tolist():
            if place not in known:
                known.add(place)
                yield place, operation.result
