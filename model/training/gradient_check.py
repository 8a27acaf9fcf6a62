"""The gradient check of a run where it stands: its present weights on its present batch."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from model.analysis.own_gradients import CHEAP
from model.arrays import Array, frozen
from model.errors import StateError
from model.nn.gradcheck import GradientCheck, check_gradients
from model.nn.operations import TensorName
from model.training.run import Run
from model.training.settings import RunSettings
from model.training.snapshots import Snapshot


@dataclass(frozen=True)
class RunCheck:
    """What the check found and what it was made of.

    `samples` of the batch's `batch` took part, the first ones; `settings` and `parameters`
    (n_parameters,), W and b of every layer, are those of that moment.
    """

    check: GradientCheck
    iteration: int
    samples: int
    batch: int
    settings: RunSettings
    parameters: Array

    def is_of(self, snapshot: Snapshot) -> bool:
        """Whether the check would be the same there."""
        return (
            snapshot.iteration == self.iteration
            and _premises(snapshot.settings) == _premises(self.settings)
            and np.array_equal(_flat((v.W, v.b) for v in snapshot.layers), self.parameters, True)
        )


def checked_gradients(run: Run) -> RunCheck:
    """Compare every dW and db with central differences, of at most a few seconds' work.

    Weights that are not finite give differences that are no numbers. Raises `StateError` for a
    network of too many parameters, of which no sample could be checked.
    """
    network = run.network
    X, Y = (run.tensor(TensorName(name)).T for name in "XY")
    size = network.parameters.size
    samples = min(len(X), int(CHEAP // size**2))
    if not samples:
        raise StateError(
            f"{size} weights and biases are too many for a numeric check",
            f"it takes networks of up to {int(CHEAP**0.5)}",
        )
    with np.errstate(all="ignore"):
        check = check_gradients(network, X[:samples], Y[:samples])
    parameters = frozen(_flat(zip(network.W, network.b, strict=True)))
    return RunCheck(check, run.iteration, samples, len(X), run.settings, parameters)


def _premises(settings: RunSettings) -> tuple[object, ...]:
    """What gradients depend on beside the weights."""
    training = settings.training
    return settings.data, settings.network, training.loss, training.batch_size


def _flat(layers: Iterable[tuple[Array, Array]]) -> Array:
    return np.concatenate([array.ravel() for pair in layers for array in pair])
