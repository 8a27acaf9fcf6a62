"""What a snapshot knows of one tensor, and the part of it that somebody wants to see."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from gui.panels.inspector_tensors import kind_of
from model.arrays import Array
from model.nn.operations import TensorName
from model.training.debug_views import TensorView
from model.training.snapshots import Snapshot

ALL = 0
"""Stands for every sample; single ones count from 1."""


class Moment(Enum):
    """Which side of the last update a W or b is seen from."""

    AFTER = "after"
    BEFORE = "before"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Part:
    """A moment, and one sample counted from 1 or `ALL`."""

    moment: Moment = Moment.AFTER
    sample: int = ALL


def find(snapshot: Snapshot, name: TensorName) -> TensorView | None:
    """The tensor as the snapshot has it.

    Between two iterations the parameters, gradients and updates that every snapshot carries stand
    in for tensors that nobody has asked for yet.
    """
    for view in snapshot.tensors:
        if view.name == name:
            return view
    return followed(snapshot, name) if snapshot.operation == 0 else None


def followed(snapshot: Snapshot, name: TensorName) -> TensorView | None:
    """The tensor out of the layers' own views."""
    kind = kind_of(name.name)
    if kind.read is None or not 1 <= name.layer <= len(snapshot.layers):
        return None
    array = kind.read(snapshot.layers[name.layer - 1])
    if array is None:
        return None
    stepped = snapshot.iteration - 1 if snapshot.iteration else None
    return TensorView(name, array, stepped)


_WHOLE = Part()


def sample_numbers(view: TensorView, part: Part = _WHOLE) -> tuple[int, ...]:
    """Which sample of the training set each column of a part is, from 1.

    Empty where the columns are no samples, or are simply counted: in the whole of a full batch.
    """
    if not kind_of(view.name.name).has_samples:
        return ()
    if view.samples is None:
        return (part.sample,) if part.sample else ()
    chosen = view.samples[part.sample - 1 : part.sample] if part.sample else view.samples
    return tuple((chosen + 1).tolist())


def is_computed(snapshot: Snapshot, name: TensorName) -> bool:
    """Whether the tensor stands anywhere yet, in the snapshot or not."""
    if not kind_of(name.name).of_step or snapshot.iteration > 0:
        return True
    done = snapshot.program[: snapshot.operation]
    return any(operation.result == name for operation in done)


class Cut:
    """Cuts parts out of tensors; the same array is cut once, so that facts about it can be kept."""

    def __init__(self) -> None:
        self._of: tuple[Array, Array | None, Part] | None = None
        self._cut: Array = np.zeros((0, 0))

    def of(self, view: TensorView, part: Part) -> Array:
        """The part as a matrix; samples are cut without a copy."""
        array, before = view.array, view.before
        known = self._of
        if known is None or known[0] is not array or known[1] is not before or known[2] != part:
            self._of = (array, before, part)
            self._cut = _cut(np.atleast_2d(array), before, part)
        return self._cut


def _cut(array: Array, before: Array | None, part: Part) -> Array:
    if before is not None and part.moment is Moment.BEFORE:
        array = before
    elif before is not None and part.moment is Moment.DIFFERENCE:
        with np.errstate(invalid="ignore", over="ignore"):
            array = array - before
    if 1 <= part.sample <= array.shape[1]:
        array = array[:, part.sample - 1 : part.sample]
    return array
