"""What the keyboard and a click do with the parts of a network: move on, open a tensor."""

from gui.panels.network_layout import Column, Edge, Fold, Layout, Part, Unit


def beside(part: Part | None, layout: Layout, layers: int, rows: int) -> Part:
    """The unit `layers` columns to the right and `rows` shown units below; ends stop the way.

    Sideways the unit at the nearest height is taken.
    """
    unit = _unit_of(part)
    if unit is None or unit.layer >= len(layout.columns):
        return Unit(0, 0)
    column = layout.columns[unit.layer]
    at = column.shown.index(unit.index) if unit.index in column.shown else 0
    if rows:
        place = min(max(at + rows, 0), len(column.shown) - 1)
        return Unit(unit.layer, column.shown[place])
    layer = min(max(unit.layer + layers, 0), len(layout.columns) - 1)
    if layer == unit.layer:
        return Unit(unit.layer, column.shown[at])
    return Unit(layer, _nearest(layout.columns[layer], column.y[at]))


def along_weights(part: Part | None, layout: Layout, step: int) -> Part | None:
    """The next weight that arrives at the chosen unit; the inputs have none."""
    unit = _unit_of(part)
    if unit is None or unit.layer == 0:
        return part
    sources = layout.columns[unit.layer - 1].shown
    if not isinstance(part, Edge):
        return Edge(unit.layer, unit.index, sources[0 if step > 0 else -1])
    at = sources.index(part.column) + step
    return Edge(unit.layer, unit.index, sources[at % len(sources)])


def tensor_of(part: Part, layout: Layout) -> tuple[str, int, int, int] | None:
    """Name, layer, row and column of the tensor behind a part; −1 where all of them are meant."""
    match part:
        case Edge(layer, row, column):
            return "W", layer, row, column
        case Unit(layer=0, index=feature):
            return "W", 1, -1, feature
        case Unit(layer, unit):
            return "b", layer, unit, 0
        case Fold(layer=0):
            return "W", 1, -1, layout.columns[0].hidden[0]
        case Fold(layer):
            return "W", layer, layout.columns[layer].hidden[0], -1
    return None


def _unit_of(part: Part | None) -> Unit | None:
    if isinstance(part, Edge):
        return Unit(part.layer, part.row)
    return part if isinstance(part, Unit) else None


def _nearest(column: Column, height: float) -> int:
    pairs = zip(column.shown, column.y, strict=True)
    return min(pairs, key=lambda pair: abs(pair[1] - height))[0]
