"""Recorded futures: a branch begins at the first difference, and the old future stays."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from model.training.boundaries import Position
from model.training.events import Event
from model.training.history import History


@dataclass
class Branch:
    """One path through time.

    Up to `fork` it is its parent's path. `events` are all those on the way from the beginning, in
    their order; `history` likewise. `furthest` is the last iteration that was recorded.
    """

    number: int
    name: str
    parent: "Branch | None" = None
    fork: Position = (0, 0)
    events: list[Event] = field(default_factory=list)
    history: History = field(default_factory=History)
    furthest: int = -1

    def changes_until(self, position: Position) -> list[Event]:
        """The events that were made up to a position, in their order."""
        return [event for event in self.events if event.made_at <= position]

    def lineage(self) -> Iterator[tuple["Branch", int | None]]:
        """The branch and its forebears, each with the last iteration that is its own, if any."""
        branch: Branch | None = self
        last: int | None = None
        while branch is not None:
            yield branch, last
            last = branch.fork[0] if last is None else min(last, branch.fork[0])
            branch = branch.parent

    def child(self, number: int, name: str, position: Position, rows: int) -> "Branch":
        """A branch that leaves this one at `position` with the first `rows` epochs of history."""
        return Branch(
            number,
            name,
            parent=self,
            fork=position,
            events=self.changes_until(position),
            history=self.history.copy(rows),
            furthest=position[0],
        )
