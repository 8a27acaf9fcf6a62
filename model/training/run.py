"""One run from its first weights: where it stands, one operation further, and back."""

import math
from collections.abc import Iterator

import numpy as np

from model.arrays import Array
from model.data.dataset import Dataset
from model.errors import StateError
from model.nn.backprop import Backprop, exhaust
from model.nn.network import Network
from model.nn.operations import Operation, TensorName
from model.nn.optimizers import OPTIMIZERS
from model.nn.tensors import BatchTensors, GradientTensors
from model.training.batches import Batches
from model.training.history import History
from model.training.metrics import EpochMeter
from model.training.settings import RunSettings
from model.training.timeline import Timeline


class Run:
    """A network in training: its position, its buffers, its timeline and its history.

    The position is (`iteration`, `operation`): `iteration` updates are complete and `operation`
    operations of the next one are done.
    """

    def __init__(self, settings: RunSettings, data: Dataset, first: Network | None = None) -> None:
        """`first` holds other first weights than those that the settings draw.

        `ArrayError` if they do not fit.
        """
        self.settings, self.data = settings, data
        self.network = first_network(settings, data)
        if first is not None:
            self.network.assign(first.W, first.b)
        self.batches = Batches(
            data,
            settings.training.batch_size,
            settings.network.seed,
            self.network.architecture.dtype,
        )
        self.gradients = GradientTensors(self.network.architecture)
        self.learning_rate = np.zeros((), self.network.architecture.dtype)
        self.history = History()
        self.timeline = Timeline(self.network.parameters.size, self.network.parameters.dtype)
        self.iteration = self.operation = 0
        self._next_event: int | None = 0
        self._bound: dict[int, Backprop] = {}
        self.overview = self._backprop(self._all_samples(backward=False))
        self._now = self._before = self._bind(0)
        self._meter = EpochMeter(self._now if self.batches.full else self.overview)
        self._overview_meter = EpochMeter(self.overview)
        self._operations: Iterator[Operation] = iter(())
        self.timeline.keep(0, self.network.parameters)
        self.timeline.set_learning_rate(0, settings.training.learning_rate)
        self._arrive(0)

    @property
    def epoch(self) -> int:
        """Complete epochs."""
        return self.iteration // self.batches.per_epoch

    @property
    def program(self) -> tuple[Operation, ...]:
        """The operations of one iteration."""
        return self._now.program

    @property
    def loss(self) -> float:
        """J of the last batch."""
        return float(self._now.batch.J)

    def iterate(self) -> None:
        """Complete the present iteration."""
        if self.operation == 0:
            self._begin()
        exhaust(self._operations)
        self._complete()

    def operate(self) -> Operation:
        """Perform one operation."""
        if self.operation == 0:
            self._begin()
        operation = next(self._operations)
        self.operation += 1
        if self.operation == len(self.program):
            exhaust(self._operations)
            self._complete()
        return operation

    def go_to(self, iteration: int, operation: int = 0) -> None:
        """Stand where `iteration` updates and `operation` operations of the next are done.

        At least the iteration before is computed again, so that every tensor reads as it did then.
        """
        start, state = self.timeline.nearest(max(iteration - 1, 0))
        self.network.parameters[...] = state
        self._arrive(start)
        while self.iteration < iteration:
            self.iterate()
        for _ in range(operation):
            self.operate()

    def abandon_last(self) -> None:
        """Undo the last iteration and forget it."""
        last = self.iteration - 1
        self.timeline.forget_after(last)
        self.history.cut(-(-last // self.batches.per_epoch))
        self.go_to(last)

    @property
    def rate_ahead(self) -> float:
        """The learning rate of the next iteration to begin."""
        return self.timeline.learning_rate(self.iteration + (self.operation > 0))

    def set_learning_rate(self, rate: float) -> None:
        """Use `rate` from the next iteration on; a recorded future is forgotten."""
        iteration = self.iteration + (self.operation > 0)
        self.timeline.set_learning_rate(iteration, rate)
        self.history.cut(iteration // self.batches.per_epoch + 1)
        self._next_event = iteration

    def tensor(self, name: TensorName) -> Array:
        """The buffer of a tensor as it stands.

        `StateError` where there is none or it was never computed.
        """
        at = next((o.index for o in self.program if o.result == name), None)
        bound = self._before if at is not None and at >= self.operation else self._now
        try:
            array = bound.tensor(name)
        except KeyError:
            raise StateError(f"There is no tensor {name}", self._names()) from None
        never = self.iteration == 0 and at is not None and at >= self.operation
        if never and name.name not in ("W", "b"):
            raise StateError(f"{name} has not been computed yet", "make a step first")
        return array

    def evaluate(self) -> Array:
        """The history's row of the present weights, (4,).

        By a forward pass in the buffers of `overview`.
        """
        exhaust(self.overview.forward())
        exhaust(self.overview.loss())
        return self._overview_meter.row()

    def first_nonfinite(self) -> TensorName | None:
        """The first tensor of this iteration that is not finite, in the order of computation.

        Where dZ does not go through it, dA of the output may overflow in a healthy run and is
        passed over.
        """
        head = TensorName("dA", len(self.network.architecture.layers))
        ignored = head if self.network.architecture.fused else None
        for operation in self.program[: self.operation or len(self.program)]:
            name = operation.result
            if name != ignored and not np.isfinite(self._now.tensor(name)).all():
                return name
        return None

    @property
    def finite(self) -> bool:
        """Whether the last loss and the weights are finite, cheaply."""
        parameters = self.network.parameters
        return math.isfinite(self._now.batch.J) and (
            math.isfinite(parameters.dot(parameters)) or bool(np.isfinite(parameters).all())
        )

    def _begin(self) -> None:
        """Take the batch of the next iteration and the learning rate in force."""
        if self.iteration == self._next_event:
            self.learning_rate[...] = self.timeline.learning_rate(self.iteration)
            self._next_event = self.timeline.next_event(self.iteration)
        if not self.batches.full:
            if self.iteration % self.batches.per_epoch == 0:
                self.history.record(self.epoch, self.evaluate())
            self._before, self._now = self._now, self._bind(self.iteration)
            self.batches.load(self.iteration, self._now.batch)
        self._operations = self._now.iteration()

    def _complete(self) -> None:
        if self.batches.full:
            self.history.record(self.iteration, self._meter.row())
        self._before = self._now
        self.operation = 0
        self.iteration += 1
        self.timeline.keep(self.iteration, self.network.parameters)

    def _arrive(self, iteration: int) -> None:
        """Stand at the beginning of an iteration with its weights in place."""
        self.iteration, self.operation = iteration, 0
        self._next_event = iteration
        if not self.batches.full:
            self._now = self._before = self._bind(iteration)
            self.batches.load(iteration, self._now.batch)

    def _bind(self, iteration: int) -> Backprop:
        """The buffers for the batch of an iteration; a short last batch has its own.

        The test samples ride along in a full batch, so that one forward pass serves both.
        """
        size = self.batches.size_of(iteration)
        if size not in self._bound:
            architecture, full = self.network.architecture, self.batches.full
            tensors = self._all_samples() if full else BatchTensors(architecture, size)
            self._bound[size] = self._backprop(tensors)
        return self._bound[size]

    def _all_samples(self, backward: bool = True) -> BatchTensors:
        """Buffers with the training samples first, the test samples behind them."""
        batches = self.batches
        tensors = BatchTensors(self.network.architecture, batches.n_train, batches.n_test, backward)
        batches.load_all(tensors)
        return tensors

    def _backprop(self, tensors: BatchTensors) -> Backprop:
        optimizer = OPTIMIZERS[self.settings.training.optimizer]
        return Backprop(self.network, tensors, self.gradients, self.learning_rate, optimizer)

    def _names(self) -> str:
        names = sorted({operation.result.name for operation in self.program} | {"X", "Y"})
        return f"there are {', '.join(names)}, the layers 1 to {len(self.network.W)}"


def first_network(settings: RunSettings, data: Dataset) -> Network:
    """The network with the weights that the settings' seed draws."""
    chosen = settings.network
    network = Network.build(
        (data.X_train.shape[1], *chosen.layers, 1),
        chosen.activations,
        settings.training.loss,
        chosen.dtype,
    )
    generator = np.random.default_rng(chosen.seed)
    network.initialize(chosen.initializer, chosen.bias_initializer, generator)
    return network
