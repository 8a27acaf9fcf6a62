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

    def alters(self, run: Editable) -> bool:
        """Whether anything here would be another after it."""

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

    def alters(self, run: Editable) -> bool:
        return bool(run.learning_rate != self.rate)

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

    def alters(self, run: Editable) -> bool:
        return bool(run.tensor(self.tensor)[self.row, self.column] != self.value)

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

    def alters(self, run: Editable) -> bool:
        W, b = run.network.W[self.layer - 1], run.network.b[self.layer - 1]
        return not (np.array_equal(W, self.W) and np.array_equal(b, self.b))

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

    def alters(self, run: Editable) -> bool:
        return (self.layer in run.frozen) != self.frozen

    def apply(self, run: Editable) -> None:
        (run.frozen.add if self.frozen else run.frozen.discard)(self.layer)


@dataclass(frozen=True)
class Event:
    """A change and where it takes effect: after `position`'s operations, before the next one.

    One that waited for this iteration to begin was made `amid` the one before it, behind so many
    operations; 0 for every other.
    """

    position: Position
    change: Change
    amid: int = 0

    @property
    def made_at(self) -> Position:
        """Where the user stood who made it."""
        return (self.position[0] - 1, self.amid) if self.amid else self.position
