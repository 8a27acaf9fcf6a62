"""One run from its first weights: where it stands, one operation further, and back."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator

import numpy as np

from model.arrays import Array, packed
from model.data.dataset import Dataset
from model.errors import StateError
from model.nn.backprop import Backprop, exhaust
from model.nn.network import Network
from model.nn.operations import Operation, TensorName
from model.nn.optimizers import OPTIMIZERS
from model.nn.tensors import BatchTensors, GradientTensors
from model.training.batches import Batches
from model.training.boundaries import Position
from model.training.branches import Branch
from model.training.events import Change, Event, SetLearningRate
from model.training.history import History
from model.training.metrics import EpochMeter
from model.training.settings import RunSettings
from model.training.timeline import Timeline


class Run:
    """A network in training: its position, its buffers, its timeline and its history.

    The position is (`iteration`, `operation`): `iteration` updates are complete and `operation`
    operations of the next one are done.
    """

    def __init__(
        self,
        settings: RunSettings,
        data: Dataset,
        first: Network | None = None,
        room: int | None = None,
    ) -> None:
        """`first` holds other first weights than those that the settings draw; `ArrayError` if
        they do not fit. `room` is the timeline's in bytes, the settings' where it is None.
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
        self.optimizer = OPTIMIZERS[settings.training.optimizer]
        self.frozen: set[int] = set()
        shapes = self.network.architecture.parameter_shapes
        self._found, self._found_views = packed(shapes, self.network.parameters.dtype)
        self.timeline = Timeline(
            self.network.parameters.size,
            self.network.parameters.dtype,
            room or settings.training.timeline_memory * 2**20,
        )
        self.iteration = self.operation = 0
        self._next_event, self._event_ahead = 0, -1
        self._bound: dict[int, Backprop] = {}
        self.overview = self._backprop(self._all_samples(backward=False))
        self._now = self._before = self._bind(0)
        self._meter = EpochMeter(self._now if self.batches.full else self.overview)
        self._overview_meter = EpochMeter(self.overview)
        self._operations: Iterator[Operation] = iter(())
        self.timeline.keep(0, self.network.parameters)
        rate = SetLearningRate(settings.training.learning_rate)
        self.timeline.record(Event((0, 0), rate), 0)
        self._arrive(0)

    @property
    def position(self) -> Position:
        """Where the run stands."""
        return self.iteration, self.operation

    @property
    def history(self) -> History:
        """The recorded epochs of the present branch."""
        return self.timeline.branch.history

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
        while self._event_ahead == self.iteration:
            if self.operate().index == len(self.program) - 1:
                return
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
        else:
            self._make_changes()
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
        self.history.cut(self._rows_at((last, 0)))
        self.go_to(last)

    def change(self, change: Change, *, at_once: bool = True) -> Branch | None:
        """Make a change here, or before the next iteration, and write it down.

        A recorded future stays: a branch begins then, which is given back.
        """
        position = self.position if at_once or not self.operation else (self.iteration + 1, 0)
        begun = self.timeline.record(Event(position, change), self._rows_at(position))
        self._look_ahead()
        self._make_changes()
        return begun

    def without(self, event: Event) -> None:
        """Stand where `event` was made, without it, on a branch of its own if need be."""
        branch, position = self.timeline.branch, event.position
        if branch.furthest > position[0]:
            name = f"without {event.change.title}"
            branch = self.timeline.begin_branch(name, position, self._rows_at(position))
        branch.events = [other for other in branch.events if other is not event]
        self.go_to(*position)

    @property
    def rate_ahead(self) -> float:
        """The learning rate of the next iteration to begin."""
        ahead = (self.iteration + (self.operation > 0), 0)
        rates = (
            event.change.rate
            for event in reversed(self.timeline.branch.events)
            if event.position <= ahead and isinstance(event.change, SetLearningRate)
        )
        return next(rates)

    @property
    def last_change(self) -> int:
        """The iteration of the last change on the way here."""
        made = [e.position[0] for e in self.timeline.branch.events if e.position <= self.position]
        return max(made, default=0)

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

    def found(self, name: TensorName) -> Array:
        """A W or b as the iteration under way, or else the last one, found it."""
        return self._found_views[2 * (name.layer - 1) + (name.name == "b")]

    def made_in(self, name: TensorName) -> int | None:
        """The iteration, from 0, that computed a tensor as it stands; None where none has."""
        at = next((o.index for o in self.program if o.result == name), None)
        if at is None:
            return None
        made = self.iteration if at < self.operation else self.iteration - 1
        return made if made >= 0 else None

    @property
    def lookup(self) -> Callable[[TensorName], Array]:
        """The buffers of the iteration under way, or else of the last one."""
        return self._now.tensor

    def evaluate(self) -> Array:
        """The history's row of the present weights, (4,).

        By a forward pass in the buffers of `overview`.
        """
        exhaust(self.overview.forward())
        exhaust(self.overview.loss())
        return self._overview_meter.row()

    def evaluate_epoch(self) -> Array:
        """As `evaluate`, for the weights that the iteration under way found."""
        if not self.operation:
            return self.evaluate()
        present = self.network.parameters.copy()
        self.network.parameters[...] = self._found
        try:
            return self.evaluate()
        finally:
            self.network.parameters[...] = present

    @property
    def overflowing(self) -> TensorName | None:
        """The tensor that may overflow in a healthy run, if there is one."""
        architecture = self.network.architecture
        return TensorName("dA", len(architecture.layers)) if architecture.fused else None

    def first_nonfinite(self) -> TensorName | None:
        """The first tensor of this iteration that is not finite, in the order of computation.

        Where dZ does not go through it, dA of the output may overflow in a healthy run and is
        passed over.
        """
        for operation in self.program[: self.operation or len(self.program)]:
            name = operation.result
            if name != self.overflowing and not np.isfinite(self._now.tensor(name)).all():
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
        """Take the batch of the next iteration, and note the parameters it finds."""
        self._found[...] = self.network.parameters
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
        if self._event_ahead == self.iteration:
            self._make_changes()

    def _arrive(self, iteration: int) -> None:
        """Stand at the beginning of an iteration with its weights in place.

        What the parameters do not tell is made again from the events on the way.
        """
        self.iteration, self.operation = iteration, 0
        self._operations = iter(())
        if not self.batches.full:
            self._now = self._before = self._bind(iteration)
            self.batches.load(iteration, self._now.batch)
        self.frozen.clear()
        for event in self.timeline.branch.events:
            if event.position < (iteration, 0) and event.change.kept:
                event.change.apply(self)
        self._look_ahead()
        self._make_changes()

    def _look_ahead(self) -> None:
        """Find the first event that has not been made here: the first at or after this position."""
        events = self.timeline.branch.events
        self._next_event = bisect_left(events, self.position, key=lambda event: event.position)
        self._see_next()

    def _see_next(self) -> None:
        events = self.timeline.branch.events
        ahead = events[self._next_event] if self._next_event < len(events) else None
        self._event_ahead = -1 if ahead is None else ahead.position[0]

    def _make_changes(self) -> None:
        """Make the changes that stand at this position."""
        events = self.timeline.branch.events
        while self._next_event < len(events):
            event = events[self._next_event]
            if event.position > self.position:
                break
            event.change.apply(self)
            self._next_event += 1
        self._see_next()

    def _rows_at(self, position: Position) -> int:
        """Epochs of the history that a change at `position` leaves as they are."""
        iteration, operation = position
        return -(-(iteration + (operation > 0)) // self.batches.per_epoch)

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
        bound = Backprop(self.network, tensors, self.gradients, self.learning_rate, self.optimizer)
        bound.frozen = self.frozen
        return bound

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
