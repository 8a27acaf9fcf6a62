"""A condition while it is watched: bound to its buffers, with the memory of what held before."""

from collections.abc import Callable
from dataclasses import dataclass

from model.training.condition_kinds import CONDITIONS, Program, Test
from model.training.condition_readers import Lookup, Moment, Reader
from model.training.conditions import Condition


@dataclass
class Edge:
    """Whether a condition held in the last iteration looked at, and in the one before it."""

    iteration: int = -2
    before: bool = False
    held: bool = False

    def rises(self, iteration: int, holds: bool) -> bool:
        """Take note of an iteration; looking at the same one again changes nothing."""
        if iteration != self.iteration:
            self.before = self.held and iteration == self.iteration + 1
            self.iteration = iteration
        self.held = holds
        return holds and not self.before


@dataclass
class Watch:
    """A condition bound to the buffers of one batch, at one place."""

    number: int
    place: int
    read: Reader
    holds: Test
    edge: Edge
    text: Callable[[float], str]
    of_failures: bool = False
    value: float = 0.0

    def stops_at(self, broken: int | None) -> int:
        """Its place, or where the iteration broke that it foretells."""
        return self.place if broken is None or not self.of_failures else min(self.place, broken)

    def becomes_true(self, moment: Moment) -> bool:
        """Look at a complete iteration, and keep what was read."""
        self.value = value = self.read(moment)
        return self.edge.rises(moment.iteration, self.holds(value))

    def words(self) -> str:
        """The value last read."""
        return self.text(self.value)


def watching(
    condition: Condition, number: int, place: int, program: Program, lookup: Lookup, edge: Edge
) -> Watch:
    """Bind a condition at one of its places; the program's length is the iteration's end."""
    kind = CONDITIONS[condition.kind]
    operation = program[place] if place < len(program) else None
    in_any_layer = getattr(condition, "layer", 0) is None and operation is not None
    where = f"{program[place].result} " if in_any_layer else ""
    read, holds = kind.reader(condition, lookup, operation), kind.test(condition)
    return Watch(
        number, place, read, holds, edge, lambda value: where + kind.words(value), kind.of_failures
    )
