"""What the card beside the mouse says about a part of the network."""

from typing import Any

from gui.panels.network_captions import activation_title
from gui.panels.network_layout import Caption, Edge, Fold, Layout, Part, Unit
from gui.widgets.hover_card import CardText
from gui.widgets.numerals import exact, grouped, subscript
from model.arrays import Array
from model.training.snapshots import LayerView, Snapshot

NO_STEP = "No step made yet: there are no gradients."
FROZEN = "Frozen: the updates leave it as it is."


def card_text(part: Part, snapshot: Snapshot, layout: Layout) -> CardText:
    """Exact numbers of a part under a snapshot with the same architecture."""
    match part:
        case Edge():
            return _edge(part, snapshot)
        case Unit(layer=0):
            return _input(part, snapshot)
        case Unit():
            return _unit(part, snapshot)
        case Fold():
            return _fold(part, layout)
        case Caption():
            return _caption(part, snapshot, layout)


def step_text(snapshot: Snapshot) -> str:
    """Which iteration the gradients belong to: "step 411 → 412"."""
    return f"step {grouped(snapshot.iteration - 1)} → {grouped(snapshot.iteration)}"


def _edge(edge: Edge, snapshot: Snapshot) -> CardText:
    view = snapshot.layers[edge.layer - 1]
    source = _source(edge.layer - 1, edge.column)
    at = (edge.row, edge.column)
    rows = [("W", exact(view.W[at])), *_step_rows(view, ("dW", "ΔW"), at)]
    title = f"W[{edge.layer}]  unit {edge.row + 1} ← {source}"
    return CardText(title, tuple(rows), _remark(snapshot, view))


def _unit(unit: Unit, snapshot: Snapshot) -> CardText:
    view = snapshot.layers[unit.layer - 1]
    at = (unit.index, 0)
    rows = [("b", exact(view.b[at])), *_step_rows(view, ("db", "Δb"), at)]
    if snapshot.probe is not None:
        activation = snapshot.probe.activations[unit.layer][unit.index]
        rows.append(("A of the sample", exact(activation)))
    last = unit.layer == len(snapshot.layers)
    place = "Output" if last else f"Layer {unit.layer}"
    title = f"{place}, unit {unit.index + 1} · {activation_title(view.activation)}"
    return CardText(title, tuple(rows), _remark(snapshot, view))


def _input(unit: Unit, snapshot: Snapshot) -> CardText:
    names = snapshot.data.feature_names
    name = names[unit.index] if unit.index < len(names) else ""
    title = f"Input x{subscript(unit.index + 1)}"
    if snapshot.probe is None:
        return CardText(title, remark=name)
    rows = (
        ("x of the sample", exact(snapshot.probe.x[unit.index])),
        ("before scaling", exact(snapshot.probe.raw[unit.index])),
    )
    return CardText(title, rows, name)


def _fold(fold: Fold, layout: Layout) -> CardText:
    hidden = layout.columns[fold.layer].hidden
    place = "inputs" if fold.layer == 0 else f"units of layer {fold.layer}"
    title = f"{len(hidden)} {place}, folded"
    span = f"{hidden[0] + 1} to {hidden[-1] + 1}"
    return CardText(
        title,
        (("units" if fold.layer else "inputs", span),),
        "Click: their weights in the inspector.",
    )


def _caption(caption: Caption, snapshot: Snapshot, layout: Layout) -> CardText:
    column = layout.columns[caption.layer]
    if caption.layer == 0:
        return CardText("Input", (("features", grouped(column.units)),))
    view = snapshot.layers[caption.layer - 1]
    last = caption.layer == len(snapshot.layers)
    rows = (
        ("units", grouped(column.units)),
        ("activation", activation_title(view.activation)),
        ("weights", grouped(view.W.size)),
    )
    remark = FROZEN if caption.layer in snapshot.frozen_layers else ""
    return CardText("Output" if last else f"Layer {caption.layer}", rows, remark)


def _step_rows(
    view: LayerView, names: tuple[str, str], at: tuple[int, int]
) -> list[tuple[str, str]]:
    """The gradient and the update of one element, as far as they exist."""
    arrays: tuple[Array | None, Array | None] = (
        (view.dW, view.update_W) if names[0] == "dW" else (view.db, view.update_b)
    )
    values: list[tuple[str, Any]] = [
        (name, array[at]) for name, array in zip(names, arrays, strict=True) if array is not None
    ]
    return [(name, exact(value)) for name, value in values]


def _remark(snapshot: Snapshot, view: LayerView) -> str:
    if snapshot.operation:
        return f"amid the step {snapshot.iteration} → {snapshot.iteration + 1}"
    return NO_STEP if view.dW is None else f"of the {step_text(snapshot)}"


def _source(layer: int, unit: int) -> str:
    return f"x{subscript(unit + 1)}" if layer == 0 else str(unit + 1)
