"""What a debugger shows of a session, as frozen records; the arrays are read-only."""

from dataclasses import dataclass

from model.arrays import Array, Indices
from model.nn.operations import Operation, TensorName
from model.training.history_part import HistoryPart


@dataclass(frozen=True)
class TensorView:
    """A tensor as it stands, (rows, columns); J is (1, 1).

    `iteration` says which one computed it: the step from `iteration` to `iteration + 1` updates;
    None for X, Y and for a W or b that no step has changed. `before` is what a W or b was before
    the last update, None where there was none. `samples` (columns,) are the places of the columns
    in the training set, from 0, where they are the samples of a mini-batch.
    """

    name: TensorName
    array: Array
    iteration: int | None
    before: Array | None = None
    samples: Indices | None = None


@dataclass(frozen=True)
class BranchView:
    """One recorded future: number, name, the branch and epoch at which it left, and its losses.

    `history` holds the rows from the epoch of the fork on, as far as they were recorded.
    """

    number: int
    name: str
    parent: int | None
    fork_epoch: int
    history: HistoryPart


@dataclass(frozen=True)
class BreakpointView:
    """One breakpoint of the list.

    `text` says it in the user's words, `operation` is its line in the program or None where it is a
    condition, `hits` counts how often it stopped the run; `asleep` says that this network has no
    such tensor.
    """

    number: int
    text: str
    enabled: bool
    hits: int
    operation: int | None
    asleep: bool = False


@dataclass(frozen=True)
class Hit:
    """The run has stopped at a breakpoint: which one, and the value that met its condition."""

    breakpoint: int
    text: str
    value: str


@dataclass(frozen=True)
class Diagnosis:
    """Where the first non-finite number arose.

    `operation` made the tensor whose `element` (row, column) is the first that is not finite;
    `operands` are the smallest and largest values that went in, `cause` is a plain sentence, `good`
    the iteration to go back to; `sample` is the place in the training set, from 0, of the sample in
    whose column the element is, where that is a mini-batch's.
    """

    operation: Operation
    element: tuple[int, int]
    value: float
    operands: tuple[tuple[TensorName, float, float], ...]
    cause: str
    good: int
    sample: int | None = None
