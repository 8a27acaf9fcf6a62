"""The settings of each condition that can stop a run, and how it reads."""

from typing import Any, ClassVar, Final

from pydantic import field_validator

from model.settings import Settings, one_of, setting

SIDES: Final = {"above": "above", "below": "below"}
SHARES: Final = {"test": "Test set", "train": "Training set"}
TENSORS: Final = {
    name: name.replace("update_", "Δ")
    for name in ("W", "b", "Z", "A", "dA", "dZ", "dW", "db", "update_W", "update_b")
}
MOST_EPOCHS: Final = 100_000_000
MOST_LAYERS: Final = 1000
ANY: Final = "any"


class Condition(Settings):
    """What all conditions have: the name of their kind and a text in the user's words."""

    kind: str = setting("", "Condition", "What must become true for the run to stop.")

    @property
    def text(self) -> str:
        """The condition as it stands in a list."""
        raise TypeError(f"{type(self).__name__} is no condition of its own")

    @field_validator("kind")
    @classmethod
    def _kind_of_this_condition(cls, kind: str) -> str:
        own = cls.model_fields["kind"].default
        if kind != own:
            raise ValueError(f"{kind!r} is not allowed; allowed is {own}")
        return kind


def _named(kind: str) -> Any:
    return setting(kind, "Condition", "What must become true for the run to stop.")


def _side() -> Any:
    return setting("above", "Is", "On which side of the limit the run stops.", choices=SIDES)


def _limit(default: float, help: str, **limits: Any) -> Any:
    return setting(default, "Limit", help, **limits)


def _layer(help: str) -> Any:
    return setting(None, "Layer", help, step=1, empty=ANY, ge=1, le=MOST_LAYERS)


class EpochReached(Condition):
    """So many epochs are complete."""

    kind: str = _named("epoch_reached")
    epoch: int = setting(
        100, "Epoch", "Stops when so many epochs are complete.", step=10, ge=1, le=MOST_EPOCHS
    )

    @property
    def text(self) -> str:
        return f"epoch {self.epoch} reached"


class IterationReached(Condition):
    """So many iterations are complete."""

    kind: str = _named("iteration_reached")
    iteration: int = setting(
        100, "Iteration", "Stops when so many updates are made.", step=10, ge=1, le=MOST_EPOCHS
    )

    @property
    def text(self) -> str:
        return f"iteration {self.iteration} reached"


class LossNotFinite(Condition):
    """J is infinite or not a number."""

    kind: str = _named("loss_not_finite")

    @property
    def text(self) -> str:
        return "loss not finite"


class LossLimit(Condition):
    """J of an iteration is above or below a limit."""

    kind: str = _named("loss")
    side: str = _side()
    limit: float = _limit(1.0, "Loss J of the iteration’s samples.")

    _known = one_of("side")

    @property
    def text(self) -> str:
        return f"loss {self.side} {_plain(self.limit)}"


class LossRising(Condition):
    """The training loss has risen from epoch to epoch."""

    kind: str = _named("loss_rising")
    epochs: int = setting(
        5, "Epochs", "Stops when the training loss has risen so many times running.",
        unit="epochs", step=1, ge=1, le=1000,
    )  # fmt: skip

    @property
    def text(self) -> str:
        return f"loss rising for {self.epochs} epoch{'s' if self.epochs > 1 else ''}"


class AccuracyReached(Condition):
    """The share told right has come up to a limit."""

    kind: str = _named("accuracy")
    share: str = setting("test", "Of", "Whose samples are counted.", choices=SHARES)
    limit: float = _limit(
        0.95, "Share of the samples on the right side of 0.5.", step=0.01, gt=0, le=1
    )

    _known = one_of("share")

    @property
    def text(self) -> str:
        word = {"test": "test", "train": "training"}[self.share]
        return f"{word} accuracy {_plain(self.limit)} reached"


class TensorCondition(Condition):
    """A number read from one tensor is above or below a limit."""

    quantity: ClassVar = "{}"
    tensor: str = setting("dW", "Tensor", "The tensor that is measured.", choices=TENSORS)
    layer: int | None = _layer("The layer whose tensor is measured; empty for any layer.")
    side: str = _side()
    limit: float = _limit(10.0, "The number that it is compared with.", ge=0)

    _known = one_of("tensor", "side")

    @property
    def text(self) -> str:
        what = self.quantity.format(_symbol(TENSORS[self.tensor], self.layer))
        return f"{what} {self.side} {_plain(self.limit)}{_of_any(self.layer)}"


class NormLimit(TensorCondition):
    """√Σ x² of a tensor."""

    kind: str = _named("norm")
    quantity: ClassVar = "‖{}‖"
    limit: float = _limit(10.0, "Root of the sum of all squares.", ge=0)


class LargestLimit(TensorCondition):
    """The largest magnitude in a tensor."""

    kind: str = _named("largest")
    quantity: ClassVar = "max |{}|"
    limit: float = _limit(10.0, "Magnitude of the largest element.", ge=0)


class ZerosLimit(TensorCondition):
    """The share of a tensor's elements that are exactly 0."""

    kind: str = _named("zeros")
    quantity: ClassVar = "share of zeros in {}"
    tensor: str = setting("A", "Tensor", "The tensor that is measured.", choices=TENSORS)
    limit: float = _limit(0.9, "Share of the elements that are exactly 0.", step=0.05, ge=0, le=1)


class UpdateRatio(Condition):
    """‖ΔW‖/‖W‖ of a step lies outside its limits."""

    kind: str = _named("update_ratio")
    layer: int | None = _layer("The layer whose W is looked at; empty for any layer.")
    low: float = setting(1e-6, "At least", "Smallest ‖ΔW‖/‖W‖ that goes on.", ge=0)
    high: float = setting(
        0.1, "At most", "Largest ‖ΔW‖/‖W‖ that goes on; about 0.001 is usual.", gt=0
    )

    @field_validator("high")
    @classmethod
    def _limits_in_order(cls, high: float, info: Any) -> float:
        low = info.data.get("low", 0.0)
        if high <= low:
            raise ValueError(f"{high:g} is not allowed; allowed is a number above {low:g}")
        return high

    @property
    def text(self) -> str:
        ratio = f"‖{_symbol('ΔW', self.layer)}‖/‖{_symbol('W', self.layer)}‖"
        return f"{ratio} outside {_plain(self.low)} to {_plain(self.high)}{_of_any(self.layer)}"


class DeadUnits(Condition):
    """Units whose output is 0 for every sample of the batch."""

    kind: str = _named("dead_units")
    layer: int | None = _layer("The layer that is looked at; empty for any hidden layer.")
    limit: float = _limit(
        0.5, "Share of units whose A is 0 for all samples of the batch.", step=0.05, ge=0, lt=1
    )

    @property
    def text(self) -> str:
        where = f"layer {self.layer}" if self.layer else "any hidden layer"
        return f"share of dead units in {where} above {_plain(self.limit)}"


def _symbol(name: str, layer: int | None) -> str:
    return f"{name}[{layer}]" if layer else name


def _of_any(layer: int | None) -> str:
    return "" if layer else ", any layer"


def _plain(number: float) -> str:
    """A number as it was entered."""
    return repr(number).removesuffix(".0").replace("-", "−")
