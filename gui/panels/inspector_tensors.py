"""The tensors that can be inspected, one entry each: help, headings, where they are read."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from gui.widgets.tensor_headings import Inputs, Listed, Numbered, Single
from gui.widgets.tensor_model import UNITS, Headings
from model.arrays import Array
from model.nn.operations import TensorName
from model.training.snapshots import LayerView, Snapshot

Reader = Callable[[LayerView], Array | None]


class Shape(Enum):
    """What rows and columns are."""

    WEIGHTS = "units × units before"
    BIASES = "units × 1"
    UNITS = "units × samples"
    FEATURES = "features × samples"
    SCALAR = "1 × 1"


@dataclass(frozen=True)
class Kind:
    """One named tensor, by its ASCII name.

    `read` picks it out of a layer's view where every snapshot carries it; `of_step` where it
    belongs to one iteration; `layered` where each layer has its own.
    """

    name: str
    shape: Shape
    help: str
    read: Reader | None = None
    of_step: bool = True
    layered: bool = True

    @property
    def symbol(self) -> str:
        """ΔW for update_W, the name itself for most."""
        return str(TensorName(self.name))

    @property
    def has_samples(self) -> bool:
        """Whether each column is a sample."""
        return self.shape in (Shape.UNITS, Shape.FEATURES)

    @property
    def rows(self) -> Headings:
        """The headings of the rows."""
        if self.shape is Shape.FEATURES:
            return Inputs()
        return Single(self.symbol) if self.shape is Shape.SCALAR else UNITS

    def columns(self, layer: int, numbers: tuple[int, ...] = ()) -> Headings:
        """The headings of the columns; samples bear `numbers`, or are counted without them."""
        if self.has_samples:
            return Listed("sample ", numbers) if numbers else Numbered("sample ")
        if self.shape is Shape.WEIGHTS:
            return Inputs("from ") if layer == 1 else Numbered("from ")
        return Single(self.symbol if self.shape is Shape.BIASES else "")


_ENTRIES: Final = (
    Kind("X", Shape.FEATURES, "Inputs X: row = feature, column = sample", None, False, False),
    Kind("Y", Shape.UNITS, "Classes Y of the samples", None, False, False),
    Kind(
        "W",
        Shape.WEIGHTS,
        "Weights W: row = unit of the layer, column = where from",
        lambda view: view.W,
        of_step=False,
    ),
    Kind("b", Shape.BIASES, "Biases b", lambda view: view.b, of_step=False),
    Kind("Z", Shape.UNITS, "Weighted inputs Z = W A + b: row = unit, column = sample"),
    Kind("A", Shape.UNITS, "Activations A = g(Z): row = unit, column = sample"),
    Kind("J", Shape.SCALAR, "Loss J over the batch", layered=False),
    Kind("dA", Shape.UNITS, "Gradients dA = ∂J/∂A: row = unit, column = sample"),
    Kind("dZ", Shape.UNITS, "Gradients dZ = ∂J/∂Z: row = unit, column = sample"),
    Kind("dW", Shape.WEIGHTS, "Gradients dW = ∂J/∂W of the last step", lambda view: view.dW),
    Kind("db", Shape.BIASES, "Gradients db = ∂J/∂b of the last step", lambda view: view.db),
    Kind(
        "update_W",
        Shape.WEIGHTS,
        "Update ΔW that the last step added to W",
        lambda view: view.update_W,
    ),
    Kind(
        "update_b",
        Shape.BIASES,
        "Update Δb that the last step added to b",
        lambda view: view.update_b,
    ),
)
KINDS: Final = {entry.name: entry for entry in _ENTRIES}
FOLLOWED: Final = tuple(kind for kind in _ENTRIES if kind.read is not None)
"""What every snapshot carries, whatever was asked for."""


def kind_of(name: str) -> Kind:
    """The entry of a tensor; an optimiser's own is shaped like the parameter behind its "_"."""
    if name in KINDS:
        return KINDS[name]
    shape = Shape.BIASES if name.endswith("_b") else Shape.WEIGHTS
    return Kind(name, shape, f"The optimiser's own {name}")


def kinds_in(snapshot: Snapshot) -> tuple[Kind, ...]:
    """Every kind that an iteration reads or computes, the optimiser's own last."""
    named = {tensor for line in snapshot.program for tensor in (line.result, *line.operands)}
    own = {tensor.name for tensor in named} - KINDS.keys()
    return (*_ENTRIES, *map(kind_of, sorted(own)))


def name_of(text: str) -> str:
    """The ASCII name of a symbol: update_W for ΔW."""
    return text.replace("Δ", "update_")


def is_probability(snapshot: Snapshot, name: TensorName) -> bool:
    """Whether its elements are probabilities: the output of a sigmoid."""
    last = len(snapshot.layers)
    return name == ("A", last) and snapshot.layers[-1].activation == "sigmoid"
