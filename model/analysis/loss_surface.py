"""The loss over a plane through the present weights, with the path that led there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from model.arrays import Array
from model.nn.operations import TensorName

SIDE: Final = 31
"""Points along each side of a surface."""


class Plane(StrEnum):
    """The two directions that span it."""

    TWO_WEIGHTS = "two weights"
    GRADIENT_CURVATURE = "gradient and top curvature"
    RANDOM = "random, filter-normalised"


@dataclass(frozen=True)
class SurfaceRequest:
    """A plane to be looked at.

    `first` and `second` are elements (tensor, row, column from 0) for `TWO_WEIGHTS`; `reach` is
    how far to go along each direction on both sides, None for one that covers the path;
    `seed` draws the random directions.
    """

    plane: Plane = Plane.GRADIENT_CURVATURE
    first: tuple[TensorName, int, int] = (TensorName("W", 1), 0, 0)
    second: tuple[TensorName, int, int] = (TensorName("W", 1), 0, 1)
    reach: float | None = None
    seed: int = 0
    side: int = SIDE


@dataclass(frozen=True)
class LossSurface:
    """J on a plane through the weights of one state; every array is read-only.

    `x` (columns,) and `y` (rows,) are steps along the two directions, 0 being the present state;
    `loss` (rows, columns), not finite where it overflows; `path` (n, 2) projects the states on the
    way here, the last of them (0, 0), `path_epochs` (n,) tells their epochs, `off_plane` (n,) how
    far each is from the plane. `x_title` and `y_title` name the directions with their unit. J is
    that of all training samples, in float64 whatever the network's type is.
    """

    request: SurfaceRequest
    generation: int
    iteration: int
    x: Array
    y: Array
    loss: Array
    path: Array
    path_epochs: Array
    off_plane: Array
    x_title: str
    y_title: str
