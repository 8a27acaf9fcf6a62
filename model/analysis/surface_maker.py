"""Makes a loss surface: J at every point of a plane, and the way here projected on it."""

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.analysis.landscape import Landscape
from model.analysis.loss_surface import LossSurface, SurfaceRequest
from model.analysis.planes import Directions, directions
from model.arrays import Array, Shape, frozen
from model.errors import ArrayError, SettingsError, StateError

MARGIN: Final = 1.2
"""The plane goes so much farther than the path on it."""

FARTHEST: Final = 1e3
"""But not beyond so many times the least reach: who came from farther is off the picture."""

SIDES: Final = (3, 201)
"""Fewest and most points along a side, an odd number so that the state is one of them."""


@dataclass(frozen=True)
class Standpoint:
    """A state and the way to it.

    `parameters` (P,) are copied when work begins. `path_states` (n, P) are parameters on the way
    here, `path_epochs` (n,) their epochs; the present state need not be among them.
    """

    parameters: Array
    generation: int
    iteration: int
    epoch: int
    path_states: Array | None = None
    path_epochs: Array | None = None


def loss_surface(
    request: SurfaceRequest, landscape: Landscape, standpoint: Standpoint
) -> LossSurface:
    """The surface around a state, at once.

    The path ends with the present state; states that are not finite are left out. `ArrayError` for
    elements that are not there and for other shapes, `SettingsError` for a side or reach that
    cannot be, `StateError` where the parameters are not finite, too large, or span no such plane.
    """
    rows = surface_by_rows(request, landscape, standpoint)
    while True:
        try:
            next(rows)
        except StopIteration as end:
            surface: LossSurface = end.value
            return surface


def surface_by_rows(
    request: SurfaceRequest, landscape: Landscape, standpoint: Standpoint
) -> Generator[None, None, LossSurface]:
    """The same in pieces, for a thread that has other things to do: one row until each yield.

    The state may move on meanwhile. Errors are raised before the first row.
    """
    _check(request)
    here = np.array(standpoint.parameters, np.float64)
    if not np.isfinite(here).all():
        raise StateError("The weights are not finite", "go back to an epoch where they are")
    states, epochs = _path(here, standpoint)
    with np.errstate(all="ignore"):
        plane = _plane(request, landscape, here)
        path, off_plane = _projected(states - here, plane.vectors)
    near = np.isfinite(path).all(axis=1)
    path, off_plane, epochs = path[near], off_plane[near], epochs[near]
    x, y = (
        _axis(request, least, float(far))
        for least, far in zip(plane.reach, np.abs(path).max(axis=0), strict=True)
    )
    loss = np.empty((request.side, request.side))
    for row, up in zip(loss, y, strict=True):
        steps = np.column_stack([x, np.full_like(x, up)])
        row[...] = landscape.along(here, plane.vectors, steps)
        yield
    return LossSurface(
        request=request,
        generation=standpoint.generation,
        iteration=standpoint.iteration,
        x=frozen(x),
        y=frozen(y),
        loss=frozen(loss),
        path=frozen(path),
        path_epochs=frozen(epochs),
        off_plane=frozen(off_plane),
        x_title=plane.titles[0],
        y_title=plane.titles[1],
    )


def _check(request: SurfaceRequest) -> None:
    low, high = SIDES
    if not low <= request.side <= high or request.side % 2 == 0:
        raise SettingsError(
            f"A surface cannot have {request.side} points along a side",
            f"an odd number from {low} to {high}",
        )
    if request.reach is not None and not 0 < request.reach < math.inf:
        raise SettingsError(f"A reach of {request.reach:g} is no distance", "a number above 0")


def _plane(request: SurfaceRequest, landscape: Landscape, here: Array) -> Directions:
    """The directions, which can be infinite where squares of the weights overflow."""
    plane = directions(request, landscape, here)
    if not (np.isfinite(plane.vectors).all() and FARTHEST * max(plane.reach) < math.inf):
        raise StateError(
            "The weights are so large that no plane through them can be computed",
            "go back to an epoch where they are smaller",
        )
    return plane


def _projected(moves: Array, vectors: Array) -> tuple[Array, Array]:
    """Places (n, 2) on the plane next to `moves` (n, P), and their distance from it (n,)."""
    places = moves @ np.linalg.pinv(vectors)
    return places, np.linalg.norm(moves - places @ vectors, axis=1)


def _axis(request: SurfaceRequest, least: float, path: float) -> Array:
    """Equal steps over both sides, exactly 0 in the middle."""
    half = request.side // 2
    steps: Array = np.arange(-half, half + 1) / half
    return steps * (request.reach or min(max(least, MARGIN * path), FARTHEST * least))


def _path(here: Array, standpoint: Standpoint) -> tuple[Array, Array]:
    """States (n, P) and epochs (n,) that end with the present."""
    states, epochs = standpoint.path_states, standpoint.path_epochs
    if states is None or epochs is None:
        states, epochs = np.empty((0, here.size)), np.empty(0)
    needed: Shape = (len(epochs), here.size)
    if states.shape != needed:
        raise ArrayError(f"path_states have shape {states.shape}; {needed} is needed")
    finite = np.isfinite(states).all(axis=1)
    way = states[finite].astype(np.float64)
    times = np.asarray(epochs, np.float64)[finite]
    if not len(way) or (way[-1] != here).any():
        way, times = np.vstack([way, here]), np.append(times, float(standpoint.epoch))
    return way, times
