"""Why a run diverged, in the user's words."""

from typing import Final

from model.nn.operations import TensorName
from model.training.snapshots import Failure
from model.training.stop_rules import GROWTH, GROWTH_EPOCHS

INNOCENT: Final = 1e-6
"""A learning rate up to here moves nothing far: something else has made the numbers large."""


def grown(epoch: int, learning_rate: float) -> Failure:
    """The loss is finite but has stayed too high."""
    reason = f"the loss stayed above {GROWTH:g} times its first value for {GROWTH_EPOCHS} epochs"
    return Failure(epoch, reason, "", _hint(learning_rate))


def nonfinite(epoch: int, tensor: TensorName, learning_rate: float, edited: str = "") -> Failure:
    """`tensor` is the first with an element that is no finite number.

    `edited` names the change made by hand with which it began, if one did.
    """
    reason = f"{tensor} became infinite or not a number"
    what = f"undo {edited}" if edited else _hint(learning_rate)
    hint = f"{what}; the last finite weights are kept"
    return Failure(epoch, reason, str(tensor), hint)


def rate_below(rate: float) -> float:
    """A learning rate worth trying after one that diverged: a tenth, but no more than 0.1."""
    return min(rate / 10, 0.1)


def _hint(rate: float) -> str:
    if rate <= INNOCENT:
        return "look at the inputs and the weights: the learning rate is small already"
    return f"reset and try a learning rate of {rate_below(rate):g}"
