"""The planes through a state on which its loss is drawn: two directions and how far to go."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.analysis.curvature import Eigenvalue, TopEigenvalues
from model.analysis.landscape import Landscape
from model.analysis.loss_surface import Plane, SurfaceRequest
from model.arrays import Array, packed, unpacked
from model.errors import ArrayError, SettingsError, StateError
from model.nn.network import Architecture
from model.nn.operations import TensorName


@dataclass(frozen=True)
class Directions:
    """Two directions (2, P) with their titles; `reach` is the least to go along each."""

    vectors: Array
    titles: tuple[str, str]
    reach: tuple[float, float]


def directions(request: SurfaceRequest, landscape: Landscape, parameters: Array) -> Directions:
    """The plane that is asked for, through `parameters` (P,), which are finite.

    `ArrayError` for an element that is not there, `SettingsError` where both are the same,
    `StateError` where the state has no such plane.
    """
    return _PLANES[request.plane](request, landscape, parameters)


def place_of(architecture: Architecture, element: tuple[TensorName, int, int]) -> int:
    """Where an element of a W or b stands in the vector of parameters."""
    tensor, row, column = element
    layers = architecture.layers
    if tensor.name not in ("W", "b") or tensor.layer not in layers:
        there = f"there are W and b of the layers 1 to {len(layers)}"
        raise ArrayError(f"There is no weight or bias {tensor}", there)
    at = 2 * (tensor.layer - 1) + (tensor.name == "b")
    shapes = architecture.parameter_shapes
    rows, columns = shapes[at]
    if not (0 <= row < rows and 0 <= column < columns):
        raise ArrayError(
            f"{tensor} has no element {row + 1},{column + 1}",
            f"it has {rows} rows and {columns} columns",
        )
    return sum(math.prod(shape) for shape in shapes[:at]) + row * columns + column


def _two_weights(request: SurfaceRequest, landscape: Landscape, parameters: Array) -> Directions:
    """Far enough for either weight to become 0 and change its sign."""
    elements = request.first, request.second
    places = [place_of(landscape.architecture, element) for element in elements]
    if places[0] == places[1]:
        raise SettingsError("Both directions are the same weight", "choose two different ones")
    first, second = (f"change of {t} {row + 1},{column + 1}" for t, row, column in elements)
    reach = [max(1.0, 1.5 * abs(float(parameters[place]))) for place in places]
    return Directions(np.eye(len(parameters))[places], (first, second), (reach[0], reach[1]))


PARALLEL: Final = 1e-6
"""What is left of a direction of length 1 where it is none of its own."""


def _gradient_curvature(
    request: SurfaceRequest, landscape: Landscape, parameters: Array
) -> Directions:
    """−∇J and, at a right angle to it, the vector of the largest eigenvalue in magnitude.

    Where one of them is 0, not finite or parallel to the other, the next eigenvector or a random
    direction takes its place.
    """
    _, gradient = landscape.gradient(parameters)
    top = TopEigenvalues(landscape, request.seed).find(parameters, gradient)
    chance = np.random.default_rng(request.seed).normal(size=(2, len(parameters)))
    candidates = [
        (-gradient, "distance along −∇J"),
        (_oriented(top.largest.vector), f"distance along curvature λ = {_lambda(top.largest)}"),
        (_oriented(top.second), "distance along the next curvature"),
        *((vector, "distance along a random direction") for vector in chance),
    ]
    found: list[Array] = []
    titles: list[str] = []
    for vector, title in candidates:
        own = None if len(found) == 2 else _orthonormal(vector, found)
        if own is not None:
            found.append(own)
            titles.append(title)
    reach = max(1.0, float(np.linalg.norm(parameters)) / 4.0)
    return Directions(np.array(found), (titles[0], titles[1]), (reach, reach))


def _lambda(found: Eigenvalue) -> str:
    return "not known" if math.isnan(found.known) else f"{found.value:.3g}"


def _oriented(vector: Array) -> Array:
    """An eigenvector has no sign: its largest component is to be positive."""
    return vector if vector[np.argmax(np.abs(vector))] > 0 else -vector


def _orthonormal(vector: Array, others: list[Array]) -> Array | None:
    """`vector` with length 1 at right angles to the others; None where nothing is left of it."""
    length = float(np.linalg.norm(vector))
    if length == 0 or not math.isfinite(length):
        return None
    own = vector / length
    for other in others * 2:
        own = own - (other @ own) * other
    left = float(np.linalg.norm(own))
    return own / left if left > PARALLEL else None


def _random(request: SurfaceRequest, landscape: Landscape, parameters: Array) -> Directions:
    """Normal directions, the row of each unit scaled to the norm of its weights, biases 0.

    Li, Xu, Taylor, Studer and Goldstein (2018), Visualizing the loss landscape of neural nets: one
    step is the same change beside the weights in every unit, however they are scaled. The two are
    not at a right angle, but nearly so where there are many weights.
    """
    generator = np.random.default_rng(request.seed)
    shapes = landscape.architecture.parameter_shapes
    vectors = np.array([_filter_normalised(generator, shapes, parameters) for _ in range(2)])
    if not vectors.any(axis=1).all():
        raise StateError(
            "All weights are 0, and so is every direction scaled to their norm",
            "choose another plane, or another initializer",
        )
    first, second = (f"random direction {k}, in norms of the weights" for k in (1, 2))
    return Directions(vectors, (first, second), (1.0, 1.0))


def _filter_normalised(
    generator: np.random.Generator, shapes: list[tuple[int, ...]], parameters: Array
) -> Array:
    flat, drawn = packed(shapes, np.float64)
    weights = unpacked(parameters, shapes)
    for direction, W in list(zip(drawn, weights, strict=True))[::2]:
        normal = generator.normal(size=W.shape)
        lengths = np.linalg.norm(normal, axis=1, keepdims=True)
        direction[...] = normal * (np.linalg.norm(W, axis=1, keepdims=True) / lengths)
    return flat


_PLANES: Final[dict[Plane, Callable[[SurfaceRequest, Landscape, Array], Directions]]] = {
    Plane.TWO_WEIGHTS: _two_weights,
    Plane.GRADIENT_CURVATURE: _gradient_curvature,
    Plane.RANDOM: _random,
}
