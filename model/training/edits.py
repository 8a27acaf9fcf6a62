"""What the user has changed in a run, and how it is taken back."""

from dataclasses import dataclass

from model.training.boundaries import Position
from model.training.branches import Branch
from model.training.events import Change, Event
from model.training.run import Run


@dataclass(frozen=True)
class Edit:
    """One event with the branch it was made on and the branch that began with it, if one did.

    `made_at` is where the user stood; a learning rate is in force only from the next iteration on.
    """

    event: Event
    made_at: Position
    on: Branch
    begun: Branch | None


class Edits:
    """The changes of one run, the last one on top."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._made: list[Edit] = []

    @property
    def last(self) -> str:
        """The title of the change that `undo` would take back; empty where there is none."""
        return self._made[-1].event.change.title if self._made else ""

    def make(self, change: Change, *, at_once: bool = True) -> None:
        """Make a change here, or before the next iteration."""
        on, made_at = self._run.timeline.branch, self._run.position
        begun = self._run.change(change, at_once=at_once)
        self._made.append(Edit(self._run.timeline.branch.events[-1], made_at, on, begun))

    def undo(self) -> None:
        """Stand where the last change was made, without it.

        A branch that began with it stays only where it, or one that begins on it, was walked on.
        """
        edit = self._made.pop()
        timeline, position = self._run.timeline, edit.event.position
        if edit.begun is None:
            timeline.choose(edit.on.number)
            self._run.without(edit.event)
            self._run.go_to(*edit.made_at)
            return
        timeline.choose(edit.on.number)
        self._run.go_to(*edit.made_at)
        if edit.begun.furthest <= position[0] and not timeline.has_children(edit.begun):
            timeline.delete(edit.begun.number)
