"""The conditions that can stop a run: one table of what each looks at, where and when it holds."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field, SerializeAsAny, field_validator

from model.errors import SettingsError
from model.nn.operations import Operation, TensorName
from model.number_words import number_words, share_words
from model.settings import Settings, Variants
from model.training import condition_readers as readers
from model.training.condition_readers import Lookup, Reader
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

Program = tuple[Operation, ...]
Test = Callable[[float], bool]


@dataclass(frozen=True)
class ConditionKind:
    """How one kind of condition is watched; every function is handed the condition first.

    `places(condition, program)` are the operations right after which it can fire, the program's
    length standing for the start of the next iteration; `SettingsError` where the network has no
    such tensor. `reader(condition, lookup, operation)` binds what is read there, `test(condition)`
    says whether a number read meets the condition, `words` shows that number. One `of_failures`
    is met as soon as the iteration has made a number that is not finite.
    """

    title: str
    settings: type[Condition]
    places: Callable[[Any, Program], tuple[int, ...]]
    reader: Callable[[Any, Lookup, Operation | None], Reader]
    test: Callable[[Any], Test]
    words: Callable[[float], str]
    of_failures: bool = False

    @property
    def name(self) -> str:
        """The identifier in settings files."""
        return str(self.settings.model_fields["kind"].default)


def _number(value: float) -> str:
    return number_words(value, 4)


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
    there = f"the layers 1 to {last}" if known else ", ".join(names)
    field = "layer" if known else "tensor"
    raise SettingsError(f"there is no {name} in this network", f"There are {there}.", field)


def _beyond(condition: Any) -> Test:
    limit = condition.limit
    if condition.side == "above":
        return lambda value: value > limit
    return lambda value: value < limit


_ENTRIES: Final = (
    ConditionKind(
        "Epoch reached", EpochReached, _at_end, readers.read_epoch,
        lambda condition: lambda value: value == condition.epoch, _number,
    ),
    ConditionKind(
        "Iteration reached", IterationReached, _at_end, readers.read_iteration,
        lambda condition: lambda value: value == condition.iteration, _number,
    ),
    ConditionKind(
        "Loss not finite", LossNotFinite, _at_loss, readers.read_loss,
        lambda condition: lambda value: not math.isfinite(value),
        lambda value: f"J = {_number(value)}", of_failures=True,
    ),
    ConditionKind("Loss", LossLimit, _at_loss, readers.read_loss, _beyond, _number),
    ConditionKind(
        "Loss rising", LossRising, _at_loss, readers.read_rising,
        lambda condition: lambda value: not math.isnan(value), _number,
    ),
    ConditionKind(
        "Accuracy reached", AccuracyReached, _at_loss, readers.read_accuracy,
        lambda condition: lambda value: value >= condition.limit, share_words,
    ),
    ConditionKind("Norm of a tensor", NormLimit, _at_tensor, readers.read_norm, _beyond, _number),
    ConditionKind(
        "Largest |x| of a tensor", LargestLimit, _at_tensor, readers.read_largest, _beyond, _number
    ),
    ConditionKind(
        "Zeros in a tensor", ZerosLimit, _at_tensor, readers.read_zeros, _beyond, share_words
    ),
    ConditionKind(
        "Update against weight", UpdateRatio, _at_update, readers.read_ratio,
        lambda condition: lambda value: value < condition.low or value > condition.high,
        _number,
    ),
    ConditionKind(
        "Dead units", DeadUnits, _at_hidden, readers.read_dead,
        lambda condition: lambda value: value > condition.limit, share_words,
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
