"""A weight or a bias that is being changed by dragging it up or down on the diagram."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gui.panels.network_layout import Edge, Part, Unit
from gui.widgets.hover_card import CardText
from gui.widgets.number_edit import fits
from gui.widgets.numerals import exact
from model.analysis.expansion import Element
from model.arrays import Array
from model.nn.operations import TensorName
from model.training.snapshots import LayerView, Snapshot, State

REACH: Final = 100
"""Pixels before scaling for as much as the largest magnitude of the tensor."""

_FINE: Final = 0.1
_LEAST: Final = 1e-9
"""The least magnitude that the reach stands for; below it a tensor counts as zero."""


def parameter_at(part: Part | None, snapshot: Snapshot) -> Element | None:
    """The weight of an edge or the bias of a unit that can be dragged; None while it runs."""
    if snapshot.state is State.RUNNING:
        return None
    match part:
        case Edge(layer, row, column):
            return Element(TensorName("W", layer), row, column)
        case Unit(layer, unit) if layer > 0:
            return Element(TensorName("b", layer), unit, 0)
    return None


@dataclass(frozen=True)
class Drag:
    """From where the mouse was pressed; `value` is what a release would set."""

    part: Part
    element: Element
    snapshot: Snapshot
    y: float
    start: float
    value: float

    @classmethod
    def of(cls, part: Part | None, snapshot: Snapshot, y: float) -> "Drag | None":
        """Begin where the part has a number of its own."""
        element = parameter_at(part, snapshot)
        if part is None or element is None:
            return None
        value = float(_array(snapshot, element.tensor)[element.row, element.column])
        return cls(part, element, snapshot, y, value, value)

    @property
    def changed(self) -> bool:
        """Whether a release sets anything; a NaN that stays one does not."""
        return self.value != self.start and math.isfinite(self.value)

    def moved_to(self, y: float, scale: float, fine: bool) -> "Drag":
        """The mouse at another height: upwards is more, rounded to what one pixel is worth."""
        array = _array(self.snapshot, self.element.tensor)
        pixel = _limit(array) / REACH
        way = (self.y - y) / scale * pixel
        if way == 0:
            return replace(self, value=self.start)
        digits = -math.floor(math.log10(pixel)) + fine
        start = self.start if math.isfinite(self.start) else 0.0
        value = round(start + way * (_FINE if fine else 1.0), digits) + 0.0
        return replace(self, value=value) if fits(value, array.dtype) else self

    def holds(self, snapshot: Snapshot) -> bool:
        """Whether a later snapshot is of the same state, so that the drag can go on."""
        return snapshot.state is not State.RUNNING and _moment(snapshot) == _moment(self.snapshot)

    def preview(self, snapshot: Snapshot) -> Snapshot:
        """The state with the number that a release would set."""
        if not self.changed:
            return snapshot
        name, layer = self.element.tensor
        array = _array(snapshot, self.element.tensor).copy()
        array[self.element.row, self.element.column] = self.value
        layers: list[LayerView] = list(snapshot.layers)
        view = layers[layer - 1]
        layers[layer - 1] = replace(view, W=array) if name == "W" else replace(view, b=array)
        tensors = tuple(
            replace(known, array=array) if known.name == self.element.tensor else known
            for known in snapshot.tensors
        )
        return replace(snapshot, layers=tuple(layers), tensors=tensors)

    def card_text(self, title: str) -> CardText:
        """What the number would become, and what it is."""
        name = self.element.tensor.name
        rows = ((name, exact(self.value)), ("was", exact(self.start)))
        return CardText(title, rows, "Release to set it, Esc to leave it; Shift for small steps.")


def _array(snapshot: Snapshot, name: TensorName) -> Array:
    view = snapshot.layers[name.layer - 1]
    return view.W if name.name == "W" else view.b


def _limit(array: Array) -> float:
    """The largest finite magnitude, 1 where all elements are as good as zero."""
    largest = float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))
    return largest if largest > _LEAST else 1.0


def _moment(snapshot: Snapshot) -> tuple[int, int, int, int, str]:
    return (
        snapshot.generation,
        snapshot.branch,
        snapshot.iteration,
        snapshot.operation,
        snapshot.undo,
    )
