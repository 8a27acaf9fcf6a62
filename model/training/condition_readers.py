"""What conditions read of an iteration, each bound once to the buffers that it is read from."""

import math
from collections.abc import Callable
from typing import NamedTuple

from model.arrays import Array
from model.nn.operations import Operation, TensorName
from model.training import measures
from model.training.conditions import (
    AccuracyReached,
    Condition,
    DeadUnits,
    EpochReached,
    IterationReached,
    LargestLimit,
    LossRising,
    NormLimit,
    UpdateRatio,
    ZerosLimit,
)
from model.training.history import History
from model.training.measures import Reading

Lookup = Callable[[TensorName], Array]


class Moment(NamedTuple):
    """The complete iteration that led from `iteration` to `iteration + 1` updates.

    Row `epoch` of `history` belongs to the epoch that it is part of; `per_epoch` iterations make
    one.
    """

    iteration: int
    epoch: int
    per_epoch: int
    history: History


Reader = Callable[[Moment], float]


def read_epoch(condition: EpochReached, lookup: Lookup, operation: Operation | None) -> Reader:
    """Complete epochs after the iteration."""
    return lambda moment: (moment.iteration + 1) / moment.per_epoch


def read_iteration(
    condition: IterationReached, lookup: Lookup, operation: Operation | None
) -> Reader:
    """Complete iterations after it."""
    return lambda moment: moment.iteration + 1


def read_loss(condition: Condition, lookup: Lookup, operation: Operation | None) -> Reader:
    """J."""
    return _still(measures.scalar(lookup(TensorName("J"))))


def read_rising(condition: LossRising, lookup: Lookup, operation: Operation | None) -> Reader:
    """The loss of the epoch, NaN where it has not risen throughout."""
    epochs = condition.epochs

    def read(moment: Moment) -> float:
        epoch, history = moment.epoch, moment.history
        if not epochs <= epoch < history.epoch:
            return math.nan
        loss = later = history.loss_of(epoch)
        for back in range(1, epochs + 1):
            earlier = history.loss_of(epoch - back)
            if not earlier < later:
                return math.nan
            later = earlier
        return loss

    return read


def read_accuracy(
    condition: AccuracyReached, lookup: Lookup, operation: Operation | None
) -> Reader:
    """The share told right that belongs to the epoch; NaN where there is none."""
    column = {"train": 2, "test": 3}[condition.share]

    def read(moment: Moment) -> float:
        if moment.epoch >= moment.history.epoch:
            return math.nan
        return float(moment.history.rows[moment.epoch, column])

    return read


def read_norm(condition: NormLimit, lookup: Lookup, operation: Operation | None) -> Reader:
    """Of the tensor just computed."""
    return _still(measures.norm(_result(lookup, operation), condition.limit))


def read_largest(condition: LargestLimit, lookup: Lookup, operation: Operation | None) -> Reader:
    """Of the tensor just computed."""
    return _still(measures.largest(_result(lookup, operation)))


def read_zeros(condition: ZerosLimit, lookup: Lookup, operation: Operation | None) -> Reader:
    """Of the tensor just computed."""
    return _still(
        measures.zeros(_result(lookup, operation), condition.limit, condition.side == "above")
    )


def read_dead(condition: DeadUnits, lookup: Lookup, operation: Operation | None) -> Reader:
    """Of the activations just computed."""
    return _still(measures.dead(_result(lookup, operation), condition.limit))


def read_ratio(condition: UpdateRatio, lookup: Lookup, operation: Operation | None) -> Reader:
    """Of the update just computed, against W before it."""
    assert operation is not None
    parameter = lookup(TensorName("W", operation.layer))
    update = _result(lookup, operation)
    return _still(measures.update_ratio(update, parameter, condition.low, condition.high))


def _result(lookup: Lookup, operation: Operation | None) -> Array:
    assert operation is not None
    return lookup(operation.result)


def _still(reading: Reading) -> Reader:
    """A reading that needs to know nothing of the moment."""
    return lambda moment: reading()
