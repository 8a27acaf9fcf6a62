"""The numbers that a network's picture shows, picked out of a snapshot for one layout."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gui.panels.network_focus import Focus, array_of
from gui.panels.network_layout import Column, Layout
from model.arrays import Array, Flags
from model.nn.operations import TensorName
from model.training.snapshots import LayerView, Snapshot


@dataclass(frozen=True)
class ShownNumbers:
    """Shares of the largest shown value, and the masks of what has none.

    `weight` (edges,) in −1…1, `gradient` (edges,) in 0…1 or None before the first iteration;
    `biases[l]` (shown,) in −1…1 for layer l + 1, `activations[l]` (shown,) of the chosen sample. A
    non-finite number is 0 there and True in its mask.
    `gradient_broken` is all False where `gradient` is None.
    """

    weight: Array
    weight_broken: Flags
    gradient: Array | None
    gradient_broken: Flags
    biases: tuple[Array, ...]
    biases_broken: tuple[Flags, ...]
    activations: tuple[Array, ...] | None


def shown_numbers(snapshot: Snapshot, layout: Layout) -> ShownNumbers:
    """Pick the shown elements, scaled over the whole network by their largest finite magnitude."""
    weight, weight_broken = _scaled(_edges(layout, [view.W for view in snapshot.layers]))
    gradient, gradient_broken = None, np.zeros(len(weight), dtype=bool)
    gradients = [view.dW for view in snapshot.layers if view.dW is not None]
    if len(gradients) == len(snapshot.layers):
        gradient, gradient_broken = _scaled(_edges(layout, gradients))
        gradient = np.abs(gradient)
    bias, bias_broken = _scaled(_biases(layout.columns[1:], snapshot.layers))
    cuts = np.cumsum([len(column.shown) for column in layout.columns[1:]])[:-1]
    return ShownNumbers(
        weight,
        weight_broken,
        gradient,
        gradient_broken,
        tuple(np.split(bias, cuts)),
        tuple(np.split(bias_broken, cuts)),
        _activations(snapshot, layout),
    )


def focused_numbers(
    numbers: ShownNumbers, snapshot: Snapshot, layout: Layout, focus: Focus
) -> ShownNumbers:
    """The same with the edges of the current operation, scaled by their own largest magnitude."""
    line, line_broken = _focused(snapshot, layout, focus.line)
    band, band_broken = _focused(snapshot, layout, focus.band)
    return replace(
        numbers,
        weight=line,
        weight_broken=line_broken,
        gradient=np.abs(band),
        gradient_broken=band_broken,
    )


def edges_of_layer(layout: Layout, layer: int) -> Flags:
    """(edges,): which of them arrive at a layer."""
    return np.array([edge.layer == layer for edge in layout.edges], dtype=bool)


def _focused(snapshot: Snapshot, layout: Layout, name: TensorName | None) -> tuple[Array, Flags]:
    """One layer's edges in the layout's order, all others 0."""
    values = np.zeros(len(layout.edges))
    array = array_of(snapshot, name) if name is not None else None
    if name is None or array is None:
        return values, np.zeros(len(values), dtype=bool)
    before, after = layout.columns[name.layer - 1 : name.layer + 1]
    values[edges_of_layer(layout, name.layer)] = array[np.ix_(after.shown, before.shown)].ravel()
    return _scaled(values)


def count_non_finite(snapshot: Snapshot) -> int:
    """Elements of W, b, dW and db, shown or folded, that are ∞ or NaN."""
    arrays: list[Any] = [
        array
        for view in snapshot.layers
        for array in (view.W, view.b, view.dW, view.db)
        if array is not None
    ]
    return sum(array.size - int(np.count_nonzero(np.isfinite(array))) for array in arrays)


def _edges(layout: Layout, matrices: list[Array]) -> Array:
    """The elements of the shown edges in the layout's order, (edges,)."""
    parts = [
        matrix[np.ix_(after.shown, before.shown)].ravel()
        for matrix, before, after in zip(
            matrices, layout.columns[:-1], layout.columns[1:], strict=True
        )
    ]
    return np.concatenate(parts)


def _biases(columns: tuple[Column, ...], layers: tuple[LayerView, ...]) -> Array:
    return np.concatenate(
        [view.b[list(column.shown), 0] for view, column in zip(layers, columns, strict=True)]
    )


def _scaled(values: Array) -> tuple[Array, Flags]:
    """Finite values over their largest magnitude, and the mask of the others."""
    broken = ~np.isfinite(values)
    finite = np.where(broken, 0.0, values)
    limit = float(np.max(np.abs(finite), initial=0.0))
    return (finite / limit if limit > 0 else finite), broken


def _activations(snapshot: Snapshot, layout: Layout) -> tuple[Array, ...] | None:
    if snapshot.probe is None:
        return None
    return tuple(
        values[list(column.shown)]
        for values, column in zip(snapshot.probe.activations, layout.columns, strict=True)
    )
