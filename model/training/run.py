"""One run from its first weights: where it stands, one operation further, and back."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from model.arrays import Array, packed
from model.data.dataset import Dataset
from model.nn.backprop import exhaust
from model.nn.network import Network
from model.nn.operations import Operation, TensorName
from model.nn.optimizers import OPTIMIZERS
from model.training.batches import Batches
from model.training.boundaries import Position
from model.training.branches import Branch
from model.training.buffers import Buffers
from model.training.event_cursor import EventCursor
from model.training.events import Change, Event, SetLearningRate
from model.training.first_network import first_network
from model.training.history import COLUMNS, History
from model.training.metrics import EpochMeter, GradientMeter
from model.training.readable_tensors import first_nonfinite, made_in, overflowing, standing
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
        self._cursor = EventCursor(self.timeline)
        self._buffers = Buffers(
            self.network, self.batches, self.learning_rate, self.optimizer, self.frozen
        )
        self.gradients, self.overview = self._buffers.gradients, self._buffers.overview
        self._now = self._before = self._buffers.of(0)
        self._overview_meter = EpochMeter(self.overview)
        self._meter = EpochMeter(self._now) if self.batches.full else self._overview_meter
        self._gradient_meter = GradientMeter(self.gradients)
        self._row = np.empty(len(COLUMNS))
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
        while self._cursor.ahead == self.iteration:
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
            self._cursor.make(self.position, self)
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

    def change(self, change: Change, *, at_once: bool = True) -> Event:
        """Make a change here, or before the next iteration; gives what was written down.

        A recorded future stays: a branch begins then.
        """
        amid = 0 if at_once else self.operation
        event = Event((self.iteration + 1, 0) if amid else self.position, change, amid)
        self.timeline.record(event, self._rows_at(self.position))
        self._cursor.seek(self.position)
        self._cursor.make(self.position, self)
        return event

    def without(self, event: Event, branch: Branch, others: list[Event]) -> None:
        """Walk on `branch`, or one that begins on it, with only `others` up to where `event` was.

        Then go to where it was made.
        """
        self.timeline.choose(branch.number)
        self.timeline.without(event, others, self._rows_at(event.made_at))

    def rows_shared(self, branch: int) -> int:
        """Epochs of the history that are the same on another branch, as far as can be told."""
        return self._rows_at((self.timeline.same_until(branch), 0))

    @property
    def rate_ahead(self) -> float:
        """The learning rate of the next iteration to begin."""
        return self._cursor.rate_at((self.iteration + (self.operation > 0), 0))

    @property
    def rates(self) -> Array:
        """The learning rate of each epoch's first iteration, (recorded epochs,)."""
        return self._cursor.rates_at(np.arange(self.history.epoch) * self.batches.per_epoch)

    @property
    def epoch_parameters(self) -> Array:
        """The parameters that the iteration under way found, or else the present ones; a view."""
        return self._found if self.operation else self.network.parameters

    @property
    def epochs_unchanged(self) -> int:
        """Epochs of the history that come before the last change on the way here."""
        return self._rows_at(self._cursor.last_made)

    def tensor(self, name: TensorName) -> Array:
        """The buffer of a tensor as it stands.

        `StateError` where there is none or it was never computed.
        """
        return standing(self._now, self._before, name, self.position)

    def found(self, name: TensorName) -> Array:
        """A W or b as the iteration under way, or else the last one, found it."""
        return self._found_views[2 * (name.layer - 1) + (name.name == "b")]

    def made_in(self, name: TensorName) -> int | None:
        """The iteration, from 0, that computed a tensor as it stands; None where none has."""
        return made_in(name, self.program, self.position)

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
        return self.evaluate_at(self._found) if self.operation else self.evaluate()

    def evaluate_at(self, parameters: Array) -> Array:
        """As `evaluate`, for other weights: all of them in one vector."""
        present = self.network.parameters.copy()
        self.network.parameters[...] = parameters
        try:
            return self.evaluate()
        finally:
            self.network.parameters[...] = present

    @property
    def overflowing(self) -> TensorName | None:
        """The tensor that may overflow in a healthy run, if there is one."""
        return overflowing(self.network.architecture)

    def first_nonfinite(self) -> TensorName | None:
        """The first tensor of this iteration that is not finite, in the order of computation.

        dA of the output may overflow in a healthy run and is passed over.
        """
        return first_nonfinite(self._now, self.program[: self.operation or len(self.program)])

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
                self._row[...] = self.evaluate()
            self._before, self._now = self._now, self._buffers.of(self.iteration)
            self.batches.load(self.iteration, self._now.batch)
        self._operations = self._now.iteration()

    def _complete(self) -> None:
        if self.iteration % self.batches.per_epoch == 0:
            row = self._meter.row() if self.batches.full else self._row
            self.history.record(self.epoch, row, self._gradient_meter.squares())
        self._before = self._now
        self.operation = 0
        self.iteration += 1
        self.timeline.keep(self.iteration, self.network.parameters)
        if self._cursor.ahead == self.iteration:
            self._cursor.make(self.position, self)

    def _arrive(self, iteration: int) -> None:
        """Stand at the beginning of an iteration with its weights in place.

        What the parameters do not tell is made again from the events on the way.
        """
        self.iteration, self.operation = iteration, 0
        self._operations = iter(())
        if not self.batches.full:
            self._now = self._before = self._buffers.of(iteration)
            self.batches.load(iteration, self._now.batch)
        self.frozen.clear()
        self._cursor.make_again(iteration, self)
        self._cursor.seek(self.position)
        self._cursor.make(self.position, self)

    def _rows_at(self, position: Position) -> int:
        """Epochs of the history that a change at `position` leaves as they are."""
        iteration, operation = position
        return -(-(iteration + (operation > 0)) // self.batches.per_epoch)
