"""Where in the network the current operation works: its operands and its result."""

from dataclasses import dataclass
from typing import Final

from gui.panels.network_layout import Edge, Part, Unit
from gui.panels.panel import LegendEntry, Mark
from model.analysis.expansion import Element
from model.arrays import Array
from model.nn.operations import Operation, Phase, TensorName
from model.training.snapshots import Snapshot

_ON_UNITS: Final = ("Z", "A", "dA", "dZ", "b", "db", "update_b")
_WITH_SAMPLES: Final = ("Z", "A", "dA", "dZ")
_LINES: Final = ("update_W", "W")
"""What a line may show; dW is the band behind it."""


BIAS: Final = LegendEntry(Mark.BOX, "secondary", "bias")
"""The square in a unit."""


@dataclass(frozen=True)
class Focus:
    """One operation of a network with `layers` layers."""

    operation: Operation
    layers: int

    @property
    def result(self) -> TensorName:
        """The tensor that has just been computed."""
        return self.operation.result

    @property
    def operands(self) -> tuple[TensorName, ...]:
        """The tensors it was computed from."""
        return self.operation.operands

    @property
    def edge_layer(self) -> int:
        """The layer whose edges stand out, 0 for none."""
        tensors = (self.result, *self.operands)
        return next((t.layer for t in tensors if t.layer and not is_on_units(t)), 0)

    @property
    def line(self) -> TensorName | None:
        """The tensor that the lines of these edges show: the result itself where it is one."""
        return self._on_edges(_LINES)

    @property
    def band(self) -> TensorName | None:
        """The tensor that the bands of these edges show."""
        return self._on_edges(("dW",))

    @property
    def result_column(self) -> int | None:
        """The layer whose units hold the result, None where it is elsewhere."""
        return self._column(self.result)

    @property
    def operand_columns(self) -> frozenset[int]:
        """The layers whose units hold an operand; 0 is the input."""
        columns = (self._column(operand) for operand in self.operands)
        return frozenset(column for column in columns if column is not None)

    @property
    def columns(self) -> frozenset[int]:
        """The layers whose units stand out."""
        own = self.result_column
        return self.operand_columns | (frozenset() if own is None else {own})

    @property
    def gap(self) -> int:
        """Where the numbers flow: left of the layer with this number, L + 1 behind the output."""
        operation = self.operation
        if operation.phase is Phase.LOSS:
            return self.layers + 1
        handed_down = operation.phase is Phase.BACKWARD and self.result.name in ("dA", "dZ")
        return operation.layer + 1 if handed_down else operation.layer

    @property
    def direction(self) -> int:
        """1 for forward, −1 for backward, 0 where nothing flows between layers."""
        directions = {Phase.FORWARD: 1, Phase.LOSS: 1, Phase.BACKWARD: -1}
        return directions.get(self.operation.phase, 0)

    def element_at(self, part: Part, sample: int = 0) -> Element | None:
        """The element of the result behind a part of the picture, None where it has none there."""
        match part:
            case Edge(layer, row, column):
                return self._element_of_edge(layer, row, column, sample)
            case Unit(layer, unit) if layer == self.result_column:
                return Element(self.result, unit, sample if self._has_samples else 0)
        return None

    def _element_of_edge(self, layer: int, row: int, column: int, sample: int) -> Element | None:
        """An edge's own element, or that of the unit which it feeds or is fed by."""
        if layer not in (self.edge_layer, self.result.layer):
            return None
        if not is_on_units(self.result) and self.result.layer:
            return Element(self.result, row, column) if layer == self.result.layer else None
        unit = row if self.result_column == layer else column
        return self.element_at(Unit(self.result_column or 0, unit), sample)

    @property
    def _has_samples(self) -> bool:
        return self.result.name in _WITH_SAMPLES

    def _column(self, tensor: TensorName) -> int | None:
        if tensor.name == "X":
            return 0
        if tensor.name == "Y":
            return self.layers
        return tensor.layer if is_on_units(tensor) else None

    def _on_edges(self, names: tuple[str, ...]) -> TensorName | None:
        involved = (self.result, *self.operands)
        return next((tensor for tensor in involved if tensor.name in names), None)


def focus_of(snapshot: Snapshot) -> Focus | None:
    """The operation that has just been carried out, None between two iterations."""
    if not 1 <= snapshot.operation <= len(snapshot.program):
        return None
    return Focus(snapshot.program[snapshot.operation - 1], len(snapshot.layers))


def part_of(element: Element, layers: int) -> Part | None:
    """Where an element is in the picture of a network with `layers` layers; J is nowhere."""
    name, row, column = element
    if name.name == "J":
        return None
    if name.name in ("X", "Y"):
        return Unit(0 if name.name == "X" else layers, row)
    return Unit(name.layer, row) if is_on_units(name) else Edge(name.layer, row, column)


def is_on_units(tensor: TensorName) -> bool:
    """Whether a tensor has numbers for units, not for edges; X, Y and J have no layer."""
    return tensor.name in _ON_UNITS or tensor.name.endswith("_b")


def array_of(snapshot: Snapshot, name: TensorName) -> Array | None:
    """A tensor on edges, as somebody has asked for it or as every snapshot carries it."""
    for view in snapshot.tensors:
        if view.name == name:
            return view.array
    layer = snapshot.layers[name.layer - 1]
    array: Array | None = getattr(layer, name.name, None)
    return array


def legend(focus: Focus) -> tuple[LegendEntry, ...]:
    """The result by its own mark, the operands, and what else is drawn of the operation."""
    operands = LegendEntry(Mark.RING, "accent", "operands")
    result = str(focus.result)
    if focus.result.name == "dW":
        return LegendEntry(Mark.BAR, "gradient", result), operands
    if is_on_units(focus.result) or not focus.result.layer:
        return LegendEntry(Mark.DISC, "accent", result), operands, BIAS
    minus = LegendEntry(Mark.BAR, "negative", "−")
    plus = LegendEntry(Mark.BAR, "positive", f"+ {result}")
    band = (LegendEntry(Mark.BAR, "gradient", str(focus.band)),) if focus.band else ()
    return (minus, plus, *band)
