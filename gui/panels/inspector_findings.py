"""What is known of the tensor in sight: found once an array, told in lines beneath the table."""

from dataclasses import dataclass

from gui.panels import inspector_words as words
from gui.panels.inspector_tensors import Kind, Shape
from gui.widgets.histogram import Bins, bins_of
from gui.widgets.labels import Line
from gui.widgets.tensor_numbers import Facts, facts_of
from model.arrays import Array
from model.nn.operations import TensorName
from model.training.snapshots import Snapshot

Rows = tuple[list[str], list[str], list[str]]


@dataclass(frozen=True)
class Findings:
    """An array with its facts; the bins of a histogram only while debugging."""

    name: TensorName
    kind: Kind
    array: Array
    facts: Facts
    bins: Bins | None
    pace: list[str]

    @classmethod
    def of(
        cls, name: TensorName, kind: Kind, array: Array, snapshot: Snapshot, *, debugging: bool
    ) -> "Findings":
        """Look at every element."""
        facts = facts_of(array)
        layered = 1 <= name.layer <= len(snapshot.layers)
        between = layered and snapshot.operation == 0
        pace = words.pace(kind, snapshot.layers[name.layer - 1]) if between else []
        return cls(name, kind, array, facts, bins_of(array, facts) if debugging else None, pace)

    def rows(self, time: str, numbers: tuple[int, ...]) -> Rows:
        """The range, the norms, and what is not finite; an item may be empty.

        While debugging `time` and the spread are told too; of one number there is nothing to tell.
        """
        items, broken = words.extremes(self.array, self.facts), [words.broken(self.facts)]
        if self.bins is None:
            return items, [words.norm(self.kind.symbol, self.facts), *self.pace], broken
        if self.kind.shape is Shape.SCALAR:
            return [time], [], broken
        items[0] = time
        broken.append(words.first_broken(self.facts, self.name, numbers))
        return items, words.spread(self.kind.symbol, self.facts) + self.pace, broken


def as_lines(rows: Rows) -> list[Line]:
    """Rows of facts as plain text with their colours, for a figure."""
    roles = zip(rows, ("secondary", "secondary", "failure"), strict=True)
    lines = [("   ".join(filter(None, row)), role) for row, role in roles]
    return [line for line in lines if line[0]]
