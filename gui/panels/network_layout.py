"""Where the units and edges of a network stand in a picture: folding, columns, nearest part."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from model.arrays import Array

MOST_ROWS = 12
"""Rows of a column, the fold's among them; more than that is a texture, not a diagram."""

CURVE_POINTS = 17
"""Samples of an edge's curve: 10 px apart on the lab's network, below the reach of the mouse."""


@dataclass(frozen=True)
class Unit:
    """A unit by layer (0 is the input) and index from 0."""

    layer: int
    index: int


@dataclass(frozen=True)
class Edge:
    """The weight W[layer][row, column]; layers count from 1, rows and columns from 0."""

    layer: int
    row: int
    column: int


@dataclass(frozen=True)
class Fold:
    """The units of a layer that have no place of their own."""

    layer: int


@dataclass(frozen=True)
class Caption:
    """The words beneath a layer."""

    layer: int


Part = Unit | Edge | Fold | Caption


@dataclass(frozen=True)
class Frame:
    """The room for the units: pixels from the picture's corner, and the largest radius.

    `pitch` is the least distance of two rows.
    """

    left: float
    top: float
    right: float
    bottom: float
    radius: float
    pitch: float


@dataclass(frozen=True)
class Column:
    """One layer: `shown` unit indices at heights `y`, the mark for the others at `fold_y`."""

    layer: int
    units: int
    shown: tuple[int, ...]
    x: float
    y: tuple[float, ...]
    fold_y: float | None

    @property
    def hidden(self) -> range:
        """Indices of the folded units."""
        head = next((i for i, unit in enumerate(self.shown) if unit != i), len(self.shown))
        return range(head, head + self.units - len(self.shown))

    def height_of(self, unit: int) -> float | None:
        """Where a unit stands; a folded one stands at the fold."""
        return self.y[self.shown.index(unit)] if unit in self.shown else self.fold_y


@dataclass(frozen=True)
class Layout:
    """Columns from left to right, and every edge between two shown units.

    Edges are ordered by layer, then row, then column, as `W[ix_(shown, shown before)].ravel()`.
    """

    frame: Frame
    columns: tuple[Column, ...]
    radius: float

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All edges in order."""
        return tuple(
            Edge(after.layer, row, column)
            for before, after in self._pairs
            for row in after.shown
            for column in before.shown
        )

    @cached_property
    def ends(self) -> Array:
        """(edges, 4): x and y where each edge leaves, x and y where it arrives."""
        rows = [
            (before.x + self.radius, y0, after.x - self.radius, y1)
            for before, after in self._pairs
            for y1 in after.y
            for y0 in before.y
        ]
        return np.array(rows, dtype=float).reshape(-1, 4)

    @cached_property
    def curves(self) -> Array:
        """(edges, CURVE_POINTS, 2): points along each edge's cubic."""
        t = np.linspace(0, 1, CURVE_POINTS)
        x0, y0, x1, y1 = self.ends.T[:, :, None]
        bend = 1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3
        rise = 3 * t**2 * (1 - t) + t**3
        return np.stack([x0 + (x1 - x0) * bend, y0 + (y1 - y0) * rise], axis=-1)

    def unit_at(self, x: float, y: float, reach: float) -> Unit | None:
        """The unit whose disc, widened by `reach`, holds the point."""
        for column in self.columns:
            if abs(x - column.x) > self.radius + reach:
                continue
            for unit, height in zip(column.shown, column.y, strict=True):
                if np.hypot(x - column.x, y - height) <= self.radius + reach:
                    return Unit(column.layer, unit)
        return None

    def fold_at(self, x: float, y: float, reach: float) -> Fold | None:
        """The fold mark at the point."""
        for column in self.columns:
            near = column.fold_y is not None and abs(y - column.fold_y) <= reach
            if near and abs(x - column.x) <= 3 * reach:
                return Fold(column.layer)
        return None

    def edge_at(self, x: float, y: float, reach: float) -> Edge | None:
        """The edge that passes closest to the point, within `reach`."""
        if not self.edges:
            return None
        start, step = self.curves[:, :-1], np.diff(self.curves, axis=1)
        offset = np.array([x, y]) - start
        length = np.maximum((step**2).sum(-1), 1e-12)
        share = np.clip((offset * step).sum(-1) / length, 0, 1)
        distance = np.linalg.norm(offset - share[..., None] * step, axis=-1).min(axis=1)
        nearest = int(distance.argmin())
        return self.edges[nearest] if distance[nearest] <= reach else None

    @property
    def _pairs(self) -> list[tuple[Column, Column]]:
        return list(pairwise(self.columns))


def folded(units: int, rows: int) -> tuple[int, ...]:
    """The unit indices shown in `rows` rows: all, or both ends with one row left for the fold."""
    if units <= rows:
        return tuple(range(units))
    kept = max(rows, 3) - 1
    tail = kept // 2
    return (*range(kept - tail), *range(units - tail, units))


def laid_out(sizes: tuple[int, ...], frame: Frame) -> Layout:
    """Columns at equal distances, each with its rows spread over the frame's height."""
    rows = min(MOST_ROWS, max(3, int((frame.bottom - frame.top) / frame.pitch)))
    distance = (frame.right - frame.left) / max(1, len(sizes) - 1)
    columns = tuple(
        _column(layer, units, rows, frame.left + distance * layer, frame)
        for layer, units in enumerate(sizes)
    )
    tightest = max(len(column.shown) + (column.fold_y is not None) for column in columns)
    pitch = (frame.bottom - frame.top) / tightest
    radius = min(frame.radius, 0.42 * pitch, 0.28 * distance)
    return Layout(frame, columns, max(1.0, radius))


def _column(layer: int, units: int, rows: int, x: float, frame: Frame) -> Column:
    shown = folded(units, rows)
    gap = len(shown) < units
    count = len(shown) + gap
    heights = [
        frame.top + (slot + 0.5) / count * (frame.bottom - frame.top) for slot in range(count)
    ]
    fold_y = heights.pop(count - 1 - (len(shown) // 2)) if gap else None
    return Column(layer, units, shown, x, tuple(heights), fold_y)
