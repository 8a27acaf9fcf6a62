"""The conditions that can stop a run: one table of what each looks at, where and when it holds."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field, SerializeAsAny, field_validator

from model.arrays import Array
from model.errors import SettingsError
from model.nn.operations import Operation, TensorName
from model.settings import Settings, Variants
from model.training import measures
from model.training.conditions import (
    AccuracyReached,
    Condition,
    DeadUnits,
    EpochReached,
    IterationReached,
    LargestLimit,
    LossLimit,
    LossNotFinite,
    LossRising,
    NormLimit,
    UpdateRatio,
    ZerosLimit,
)
from model.training.history import History
from model.training.measures import Reading

Program = tuple[Operation, ...]
Lookup = Callable[[TensorName], Array]
Test = Callable[[float], bool]


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


@dataclass(frozen=True)
class ConditionKind:
    """How one kind of condition is watched; every function is handed the condition first.

    `places(condition, program)` are the operations right after which it can fire, the program's
    length standing for the start of the next iteration; `SettingsError` where the network has no
    such tensor. `reader(condition, lookup, operation)` binds what is read there, `test(condition)`
    says whether a number read meets the condition, `words` shows that number.
    """

    title: str
    settings: type[Condition]
    places: Callable[[Any, Program], tuple[int, ...]]
    reader: Callable[[Any, Lookup, Operation | None], Reader]
    test: Callable[[Any], Test]
    words: Callable[[float], str]

    @property
    def name(self) -> str:
        """The identifier in settings files."""
        return str(self.settings.model_fields["kind"].default)


def number_text(value: float) -> str:
    """Four digits, ∞ and NaN by name."""
    if math.isnan(value):
        return "NaN"
    text = "∞" if value == math.inf else "-∞" if value == -math.inf else f"{value:.4g}"
    return text.replace("-", "−")


def share_text(share: float) -> str:
    """ "62.5 %" for 0.625."""
    return f"{100 * share:.4g} %"


def _at_end(condition: Condition, program: Program) -> tuple[int, ...]:
    return (len(program),)


def _at_loss(condition: Condition, program: Program) -> tuple[int, ...]:
    return (_index(program, TensorName("J")),)


def _at_tensor(condition: Any, program: Program) -> tuple[int, ...]:
    return _of_layers(program, condition.tensor, condition.layer)


def _at_update(condition: UpdateRatio, program: Program) -> tuple[int, ...]:
    return _of_layers(program, "update_W", condition.layer)


def _at_hidden(condition: DeadUnits, program: Program) -> tuple[int, ...]:
    """The output is no hidden layer, but may be asked for."""
    places = _of_layers(program, "A", condition.layer)
    return places if condition.layer else places[:-1]


def _of_layers(program: Program, name: str, layer: int | None) -> tuple[int, ...]:
    """Where the tensor of one layer, or of each, is computed."""
    if layer is not None:
        return (_index(program, TensorName(name, layer)),)
    places = tuple(o.index for o in program if o.result.name == name)
    return places or (_index(program, TensorName(name, 1)),)


def _index(program: Program, name: TensorName) -> int:
    for operation in program:
        if operation.result == name:
            return operation.index
    names = dict.fromkeys(str(TensorName(o.result.name)) for o in program)
    last = max((o.layer for o in program), default=0)
    known = any(o.result.name == name.name for o in program)
    raise SettingsError(
        f"there is no {name} in this network",
        f"There are {', '.join(names)}, the layers 1 to {last}.",
        "layer" if known else "tensor",
    )


def _read_epoch(condition: EpochReached, lookup: Lookup, operation: Operation | None) -> Reader:
    return lambda moment: (moment.iteration + 1) / moment.per_epoch


def _read_iteration(
    condition: IterationReached, lookup: Lookup, operation: Operation | None
) -> Reader:
    return lambda moment: moment.iteration + 1


def _read_loss(condition: Condition, lookup: Lookup, operation: Operation | None) -> Reader:
    return _still(measures.scalar(lookup(TensorName("J"))))


def _read_rising(condition: LossRising, lookup: Lookup, operation: Operation | None) -> Reader:
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


def _read_accuracy(
    condition: AccuracyReached, lookup: Lookup, operation: Operation | None
) -> Reader:
    column = {"train": 2, "test": 3}[condition.share]

    def read(moment: Moment) -> float:
        if moment.epoch >= moment.history.epoch:
            return math.nan
        return float(moment.history.rows[moment.epoch, column])

    return read


def _read_norm(condition: NormLimit, lookup: Lookup, operation: Operation | None) -> Reader:
    return _still(measures.norm(_result(lookup, operation), condition.limit))


def _read_largest(condition: LargestLimit, lookup: Lookup, operation: Operation | None) -> Reader:
    return _still(measures.largest(_result(lookup, operation)))


def _read_zeros(condition: ZerosLimit, lookup: Lookup, operation: Operation | None) -> Reader:
    return _still(measures.zeros(_result(lookup, operation)))


def _read_dead(condition: DeadUnits, lookup: Lookup, operation: Operation | None) -> Reader:
    return _still(measures.dead(_result(lookup, operation), condition.limit))


def _read_ratio(condition: UpdateRatio, lookup: Lookup, operation: Operation | None) -> Reader:
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


def _beyond(condition: Any) -> Test:
    limit = condition.limit
    if condition.side == "above":
        return lambda value: value > limit
    return lambda value: value < limit


_ENTRIES: Final = (
    ConditionKind(
        "Epoch reached", EpochReached, _at_end, _read_epoch,
        lambda condition: lambda value: value == condition.epoch, number_text,
    ),
    ConditionKind(
        "Iteration reached", IterationReached, _at_end, _read_iteration,
        lambda condition: lambda value: value == condition.iteration, number_text,
    ),
    ConditionKind(
        "Loss not finite", LossNotFinite, _at_loss, _read_loss,
        lambda condition: lambda value: not math.isfinite(value), number_text,
    ),
    ConditionKind("Loss", LossLimit, _at_loss, _read_loss, _beyond, number_text),
    ConditionKind(
        "Loss rising", LossRising, _at_loss, _read_rising,
        lambda condition: lambda value: not math.isnan(value), number_text,
    ),
    ConditionKind(
        "Accuracy reached", AccuracyReached, _at_loss, _read_accuracy,
        lambda condition: lambda value: value >= condition.limit, share_text,
    ),
    ConditionKind("Norm of a tensor", NormLimit, _at_tensor, _read_norm, _beyond, number_text),
    ConditionKind(
        "Largest |x| of a tensor", LargestLimit, _at_tensor, _read_largest, _beyond, number_text
    ),
    ConditionKind(
        "Zeros in a tensor", ZerosLimit, _at_tensor, _read_zeros, _beyond, share_text
    ),
    ConditionKind(
        "Update against weight", UpdateRatio, _at_update, _read_ratio,
        lambda condition: lambda value: value < condition.low or value > condition.high,
        number_text,
    ),
    ConditionKind(
        "Dead units", DeadUnits, _at_hidden, _read_dead,
        lambda condition: lambda value: value > condition.limit, share_text,
    ),
)  # fmt: skip

CONDITIONS: Final = {entry.name: entry for entry in _ENTRIES}

VARIANTS: Final = Variants(
    "kind",
    {name: entry.settings for name, entry in CONDITIONS.items()},
    {name: entry.title for name, entry in CONDITIONS.items()},
)


class BreakpointSettings(Settings):
    """A conditional breakpoint as it is entered, read from a file and written."""

    condition: Annotated[SerializeAsAny[Condition], VARIANTS] = Field(
        default_factory=LossLimit, title="Stop when", validate_default=False
    )

    @field_validator("condition", mode="wrap")
    @classmethod
    def _condition_by_kind(cls, value: Any, handler: Any) -> Condition:
        """The settings class of the named kind checks the rest."""
        if isinstance(value, Condition):
            return value
        if not isinstance(value, dict):
            raise ValueError(f"{value!r} is not allowed; allowed is a group of settings")
        kind = value.get("kind", "loss")
        known = CONDITIONS.get(kind) if isinstance(kind, str) else None
        if known is None:
            raise ValueError(f"{kind!r} is unknown; allowed are {', '.join(CONDITIONS)}")
        return known.settings.model_validate(value)


def places(condition: Condition, program: Program) -> tuple[int, ...]:
    """After which operations a condition can fire.

    `SettingsError` where the network has no such tensor; it names what there is.
    """
    return CONDITIONS[condition.kind].places(condition, program)
