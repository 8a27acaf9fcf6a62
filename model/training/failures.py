"""Why a run diverged, in the user's words."""

from model.nn.operations import TensorName
from model.training.snapshots import Failure
from model.training.stop_rules import GROWTH, GROWTH_EPOCHS


def grown(epoch: int, learning_rate: float) -> Failure:
    """The loss is finite but has stayed too high."""
    reason = f"the loss stayed above {GROWTH:g} times its first value for {GROWTH_EPOCHS} epochs"
    return Failure(epoch, reason, "", _hint(learning_rate))


def nonfinite(epoch: int, tensor: TensorName, learning_rate: float) -> Failure:
    """`tensor` is the first with an element that is no finite number."""
    reason = f"{tensor} became infinite or not a number"
    return Failure(epoch, reason, str(tensor), _hint(learning_rate))


def rate_below(rate: float) -> float:
    """A learning rate worth trying after one that diverged: a tenth, but no more than 0.1."""
    return min(rate / 10, 0.1)


def _hint(rate: float) -> str:
    return (
        f"reset and try a learning rate of {rate_below(rate):g}; the last finite weights are kept"
    )
