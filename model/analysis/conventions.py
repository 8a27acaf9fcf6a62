"""How code outside Backscope lays out its arrays, and what such code has computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from model.arrays import Array, Shape
from model.nn.operations import TensorName

WEIGHT_LIKE = ("W", "dW")
BIAS_LIKE = ("b", "db")


class Orientation(StrEnum):
    """Where the samples of X stand."""

    ROWS = "rows"
    COLUMNS = "columns"


class Layout(StrEnum):
    """The axes of a weight matrix."""

    UNITS_FIRST = "(units, inputs)"
    INPUTS_FIRST = "(inputs, units)"


@dataclass(frozen=True)
class Convention:
    """One layout for a whole file; Backscope's own is columns and units first."""

    samples: Orientation
    weights: Layout

    def turned(self, name: str, array: Array) -> Array:
        """From the file's layout to Backscope's or back: a transposition is its own inverse."""
        if name in WEIGHT_LIKE:
            return array.T if self.weights is Layout.INPUTS_FIRST else array
        return array.T if self.samples is Orientation.ROWS else array

    def sizes(self, weights: Sequence[Shape]) -> tuple[int, ...] | None:
        """n_0 … n_L from the shapes of W1 … WL; None where they do not follow each other."""
        first = self.weights is Layout.INPUTS_FIRST
        pairs = [shape if first else shape[::-1] for shape in weights]
        if any(before[1] != after[0] for before, after in pairwise(pairs)):
            return None
        return pairs[0][0], *(n_out for _, n_out in pairs)

    def samples_of(self, shape: Shape) -> tuple[int, int]:
        """(n, m) of an array with that shape: how many numbers a sample has, how many samples."""
        return (shape[1], shape[0]) if self.samples is Orientation.ROWS else (shape[0], shape[1])


@dataclass(frozen=True)
class Given:
    """One tensor of somebody's own code.

    `stored` is the array of the file, `tensor` the same in Backscope's layout. `fits` says whether
    its shape is the one that the code itself needs there; `needed` is that shape.
    """

    key: str
    stored: Array
    tensor: Array
    needed: Shape
    fits: bool


@dataclass(frozen=True)
class OwnArrays:
    """What a file holds: inputs X (n_0, m), Y (n_L, m), W and b in Backscope's layout, and results.

    `activations` and `loss` are None where the file does not name them. `ignored` are names that
    mean nothing here, `itemsize` is the number of bytes of the coarsest result.
    """

    name: str
    X: Array
    Y: Array
    W: tuple[Array, ...]
    b: tuple[Array, ...]
    convention: Convention
    results: Mapping[TensorName, Given]
    activations: tuple[str, ...] | None
    loss: str | None
    ignored: tuple[str, ...]
    itemsize: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """n_0 … n_L."""
        return self.X.shape[0], *(W.shape[0] for W in self.W)


def keeps_its_shape(parameter: Shape, gradient: Shape) -> bool:
    """Whether parameter − α gradient has the parameter's shape, number by number."""
    try:
        together = np.broadcast_shapes(parameter, gradient)
    except ValueError:
        return False
    return together == parameter and np.prod(gradient) == np.prod(parameter)
