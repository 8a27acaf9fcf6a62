"""The tensors that the inspector can show, one entry each, and the words about them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gui.panels.network_card import step_text
from gui.widgets.numerals import grouped, named, rounded, subscript
from gui.widgets.tensor_model import Headings
from gui.widgets.tensor_numbers import Facts, norm_of
from model.arrays import Array
from model.training.snapshots import LayerView, Snapshot


@dataclass(frozen=True)
class Tensor:
    """One named tensor of a layer; `of_step` where the last iteration left it.

    `single` heads the column of a tensor that has one; None where columns are the units before.
    """

    name: str
    help: str
    read: Callable[[LayerView], Array | None]
    of_step: bool = False
    single: Headings | None = None


_ENTRIES: Final = (
    Tensor("W", "Weights W: row = unit of the layer, column = where from", lambda v: v.W),
    Tensor("b", "Biases b", lambda v: v.b, single=lambda _: "b"),
    Tensor("dW", "Gradients dW = ∂J/∂W of the last step", lambda v: v.dW, of_step=True),
    Tensor(
        "db",
        "Gradients db = ∂J/∂b of the last step",
        lambda v: v.db,
        of_step=True,
        single=lambda _: "db",
    ),
    Tensor("ΔW", "Update ΔW that the last step added to W", lambda v: v.update_W, of_step=True),
    Tensor(
        "Δb",
        "Update Δb that the last step added to b",
        lambda v: v.update_b,
        of_step=True,
        single=lambda _: "Δb",
    ),
)
TENSORS: Final = {entry.name: entry for entry in _ENTRIES}

_PACES: Final = (
    (1e-6, "hardly moves"),
    (1e-4, "slow"),
    (3e-2, "healthy"),
    (float("inf"), "very large"),
)
"""Upper ends of ‖ΔW‖ / ‖W‖; about 1e-3 is the usual rule of thumb."""


def columns_of(tensor: Tensor, layer: int) -> Headings:
    """The headings of the columns; one function for one kind of columns."""
    if tensor.single:
        return tensor.single
    return _from_input if layer == 1 else _from_unit


def subtitle(tensor: Tensor, layer: int, array: Array | None, snapshot: Snapshot) -> str:
    """Which tensor it is, its shape, and of which epoch or step."""
    parts = [f"{tensor.name}[{layer}]"]
    if array is not None:
        parts.append(shape_text(array))
        parts.append(step_text(snapshot) if tensor.of_step else f"epoch {grouped(snapshot.epoch)}")
    return " · ".join(parts)


def shape_text(array: Array) -> str:
    """5 × 10."""
    return f"{array.shape[0]} × {array.shape[1]}"


def extremes(array: Array, facts: Facts) -> list[str]:
    """Shape and range, as items of one line."""
    return [
        shape_text(array),
        f"min {_number(facts.low)}",
        f"max {_number(facts.high)}",
        f"mean {_number(facts.mean)}",
    ]


def norms(tensor: Tensor, facts: Facts, view: LayerView) -> list[str]:
    """The norm, and for a gradient or an update the length of the step beside the weights."""
    items = [f"‖{tensor.name}‖ {rounded(facts.norm, 3)}"]
    if tensor.name in ("dW", "ΔW") and view.update_W is not None:
        items.append(_pace(tensor.name, view.update_W, view.W))
    return items


def broken(facts: Facts) -> str:
    """How many elements are not finite and of which kind; empty where all are."""
    kinds = [(facts.nans, "NaN"), (facts.infinities, "∞")]
    named_kinds = ", ".join(f"{count} {word}" for count, word in kinds if count)
    return f"{facts.non_finite} not finite: {named_kinds}" if named_kinds else ""


def _pace(name: str, update: Array, weights: Array) -> str:
    """‖ΔW‖ / ‖W‖ with a word; for plain descent ΔW is −α dW."""
    label = "‖α dW‖ / ‖W‖" if name == "dW" else "‖ΔW‖ / ‖W‖"
    length = norm_of(weights)
    if length == 0:
        return f"{label} not defined, W = 0"
    ratio = norm_of(update) / length
    if named(ratio):
        return f"{label} {named(ratio)}"
    word = "stands still" if ratio == 0 else next(word for end, word in _PACES if ratio < end)
    return f"{label} {rounded(ratio, 2)} {word}"


def _from_unit(column: int) -> str:
    return f"from {column + 1}"


def _from_input(column: int) -> str:
    return f"from x{subscript(column + 1)}"


def _number(value: float) -> str:
    return rounded(value, 3, sign=True)
