"""What can be changed on the way: each change is an event at a position of a branch."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from model.arrays import Array
from model.nn.network import Network
from model.nn.operations import TensorName
from model.training.boundaries import Position


class Editable(Protocol):
    """What a change may touch."""

    network: Network
    learning_rate: Array
    frozen: set[int]

    def tensor(self, name: TensorName) -> Array:
        """The buffer of a tensor."""


class Change(Protocol):
    """Something that a user does to a run.

    What is `kept` does not stand in the parameters, so it is made again wherever the run is taken
    up behind it.
    """

    @property
    def kept(self) -> bool:
        """Whether the parameters alone do not tell of it."""

    @property
    def title(self) -> str:
        """The change in a few words, as a name for a branch and for Undo."""

    def apply(self, run: Editable) -> None:
        """Make the change."""


@dataclass(frozen=True)
class SetLearningRate:
    """α from here on."""

    rate: float
    kept = True

    @property
    def title(self) -> str:
        return f"α = {self.rate:g}"

    def apply(self, run: Editable) -> None:
        with np.errstate(over="ignore"):
            run.learning_rate[...] = self.rate


@dataclass(frozen=True)
class SetElement:
    """One weight or bias; `tensor` is a W or a b, row and column count from 0."""

    tensor: TensorName
    row: int
    column: int
    value: float
    kept = False

    @property
    def title(self) -> str:
        return f"{self.tensor} {self.row + 1},{self.column + 1} = {self.value:.4g}"

    def apply(self, run: Editable) -> None:
        run.tensor(self.tensor)[self.row, self.column] = self.value


@dataclass(frozen=True, eq=False)
class SetLayer:
    """All W and b of a layer, (n_l, n_{l-1}) and (n_l, 1); `words` say how they were chosen."""

    layer: int
    W: Array
    b: Array
    words: str
    kept = False

    @property
    def title(self) -> str:
        return f"layer {self.layer} {self.words}"

    def apply(self, run: Editable) -> None:
        np.copyto(run.network.W[self.layer - 1], self.W)
        np.copyto(run.network.b[self.layer - 1], self.b)


@dataclass(frozen=True)
class FreezeLayer:
    """Whether a layer's W and b take part in the updates."""

    layer: int
    frozen: bool
    kept = True

    @property
    def title(self) -> str:
        return f"layer {self.layer} {'frozen' if self.frozen else 'free'}"

    def apply(self, run: Editable) -> None:
        (run.frozen.add if self.frozen else run.frozen.discard)(self.layer)


@dataclass(frozen=True)
class Event:
    """A change and where it is made: after `position`'s operations, before the next one."""

    position: Position
    change: Change
