"""The lines of the list of operations: what each says and how far the iteration is with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby
from typing import Final

from gui.widgets.numerals import grouped
from gui.widgets.ticks import number
from model.nn.operations import Operation, Phase, TensorName
from model.training.snapshots import LayerView, Snapshot


class Kind(Enum):
    """What a line is."""

    PHASE = auto()
    OPERATION = auto()
    FOLD = auto()


class Standing(Enum):
    """How far the iteration is with an operation; the words are for tooltips."""

    DONE = "done"
    CURRENT = "just done"
    TO_COME = "to come"


class Stop(Enum):
    """Whether the run stops at a line."""

    NONE = ""
    ENABLED = "breakpoint"
    DISABLED = "breakpoint, disabled"


@dataclass(frozen=True)
class Row:
    """One line: `text` at the left, `value` at the right.

    `operation` is the index within the iteration, −1 for a line that is none. `first` and `last`
    say where a layer's lines begin and end, `faulty` that something not finite arose here.
    """

    kind: Kind
    text: str
    value: str = ""
    operation: int = -1
    standing: Standing = Standing.TO_COME
    stop: Stop = Stop.NONE
    hit: bool = False
    faulty: bool = False
    first: bool = True
    last: bool = True


_UPDATED: Final = "of each layer"


def rows_of(snapshot: Snapshot, opened: bool) -> list[Row]:
    """The lines of the iteration; those of the update are one unless `opened` or under way."""
    rows: list[Row] = []
    lines = _Lines(snapshot)
    for phase, operations in groupby(snapshot.program, lambda operation: operation.phase):
        rows.append(Row(Kind.PHASE, phase.upper()))
        made = list(lines.of(operations))
        if phase is Phase.UPDATE:
            rows += _update_rows(made, snapshot.program, opened)
        else:
            rows += made
    return rows


def failed_ahead(snapshot: Snapshot) -> bool:
    """Whether the next iteration was made, broke and was taken back: it is the one listed then."""
    return snapshot.diagnosis is not None and snapshot.operation == 0


def listed_iteration(snapshot: Snapshot) -> int:
    """The iteration whose operations are listed: the one under way or broken, or else the last."""
    last = snapshot.operation == 0 and not failed_ahead(snapshot)
    return max(snapshot.iteration - last, 0)


def place_of(snapshot: Snapshot) -> int | None:
    """The operation to look at: the one done last, or between two iterations where it stopped."""
    if snapshot.operation:
        return snapshot.operation - 1
    if snapshot.diagnosis is not None:
        return snapshot.diagnosis.operation.index
    return next((b.operation for b in snapshot.breakpoints if _hit(snapshot) == b.number), None)


def standing_of(index: int, snapshot: Snapshot) -> Standing:
    """How far the iteration is with the operation of that index."""
    if snapshot.operation == 0:
        made = snapshot.iteration and not failed_ahead(snapshot)
        return Standing.DONE if made else Standing.TO_COME
    if index == snapshot.operation - 1:
        return Standing.CURRENT
    return Standing.DONE if index < snapshot.operation else Standing.TO_COME


def _hit(snapshot: Snapshot) -> int | None:
    """The number of the breakpoint that stopped the run."""
    return snapshot.hit.breakpoint if snapshot.hit else None


class _Lines:
    """Makes the lines of operations, with what is looked up once for all of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._samples = _samples(snapshot)
        self._arrays = {view.name: view.array for view in snapshot.tensors}
        self._stops = {
            b.operation: Stop.ENABLED if b.enabled else Stop.DISABLED
            for b in snapshot.breakpoints
            if b.operation is not None
        }
        hit = _hit(snapshot)
        self._hits = {b.operation for b in snapshot.breakpoints if b.number == hit}
        self._faulty = snapshot.diagnosis.operation.index if snapshot.diagnosis else None

    def of(self, operations: Iterator[Operation]) -> Iterator[Row]:
        """The lines of one phase, layer by layer."""
        for _, group in groupby(operations, lambda operation: operation.layer):
            rows = [self._row(operation) for operation in group]
            rows[0] = replace(rows[0], first=True)
            rows[-1] = replace(rows[-1], last=True)
            yield from rows

    def _row(self, operation: Operation) -> Row:
        index = operation.index
        return Row(
            Kind.OPERATION,
            operation.formula,
            self._value(operation),
            index,
            standing_of(index, self._snapshot),
            self._stops.get(index, Stop.NONE),
            index in self._hits,
            index == self._faulty,
            first=False,
            last=False,
        )

    def _value(self, operation: Operation) -> str:
        """The shape of the result, or J itself where it has been computed."""
        name = operation.result
        array = self._arrays.get(name)
        if name.name == "J":
            unknown = array is None or not self._done(operation)
            return "1×1" if unknown else number(float(self._arrays[name].flat[0]))
        if array is not None and not (name.name in _COLUMNS and not self._done(operation)):
            return _size(array.shape)
        shape = _shape(name, self._snapshot.layers, self._samples)
        return _size(shape) if shape else ""

    def _done(self, operation: Operation) -> bool:
        return standing_of(operation.index, self._snapshot) is not Standing.TO_COME


def _update_rows(rows: list[Row], program: tuple[Operation, ...], opened: bool) -> list[Row]:
    """All lines where they are wanted or needed, below the line that folds them."""
    needed = any(row.standing is Standing.CURRENT or row.hit or row.faulty for row in rows)
    if needed:
        return rows
    names = dict.fromkeys(_symbol(program[row.operation].result) for row in rows)
    done = rows[-1].standing
    stops = {row.stop for row in rows}
    stop = next((s for s in (Stop.ENABLED, Stop.DISABLED) if s in stops), Stop.NONE)
    fold = Row(
        Kind.FOLD,
        f"{' '.join(names)} {_UPDATED} {'▾' if opened else '▸'}",
        str(len(rows)),
        standing=done,
        stop=Stop.NONE if opened else stop,
    )
    return [fold, *rows] if opened else [fold]


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(grouped, shape))


def _symbol(name: TensorName) -> str:
    return str(TensorName(name.name))


def _samples(snapshot: Snapshot) -> int:
    """The number of samples in the batch of the iteration that is listed."""
    size, whole = snapshot.settings.training.batch_size, len(snapshot.data.X_train)
    if size is None or size >= whole:
        return whole
    start = listed_iteration(snapshot) % -(-whole // size) * size
    return min(size, whole - start)


_COLUMNS: Final = ("Z", "A", "dA", "dZ")
"""Tensors with a column for each sample."""
_ENDS: Final[dict[str, Callable[[LayerView], tuple[int, ...]]]] = {
    "W": lambda layer: layer.W.shape,
    "b": lambda layer: layer.b.shape,
}
"""Everything that belongs to a parameter is of its shape and ends with its letter."""


def _shape(name: TensorName, layers: tuple[LayerView, ...], samples: int) -> tuple[int, ...]:
    if not 1 <= name.layer <= len(layers):
        return ()
    layer = layers[name.layer - 1]
    if name.name in _COLUMNS:
        return len(layer.b), samples
    shape = _ENDS.get(name.name[-1])
    return shape(layer) if shape else ()
