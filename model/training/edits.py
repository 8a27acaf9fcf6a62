"""What the user has changed in a run, and how it is taken back."""

from dataclasses import dataclass

from model.training.boundaries import Position
from model.training.branches import Branch
from model.training.events import Change, Event
from model.training.interventions import layer_change
from model.training.run import Run
from model.training.settings import NetworkSettings


@dataclass(frozen=True)
class Edit:
    """One event with the branch it was made on and the branch that began with it, if one did.

    `before` are the events on the way there.
    """

    event: Event
    on: Branch
    begun: Branch | None
    before: list[Event]


class Edits:
    """The changes of one run, the last one on top."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._made: list[Edit] = []
        self._redrawn = 0

    @property
    def last(self) -> str:
        """The title of the change that `undo` would take back; empty where there is none."""
        return self._made[-1].event.change.title if self._made else ""

    def make(self, change: Change, *, at_once: bool = True) -> None:
        """Make a change here, or before the next iteration."""
        run, on = self._run, self._run.timeline.branch
        before = on.changes_until(run.position)
        event = run.change(change, at_once=at_once)
        begun = run.timeline.branch
        self._made.append(Edit(event, on, None if begun is on else begun, before))

    def layer_change(self, wish: str, layer: int, settings: NetworkSettings) -> Change:
        """One of `interventions.LAYER_WISHES` for a layer, counted from 1.

        Each layer that is drawn again has a seed of its own.
        """
        self._redrawn += wish == "redraw"
        seed = settings.seed + self._redrawn
        return layer_change(wish, self._run.network, settings, layer, seed)

    def undo(self) -> Position:
        """Take the last change back, and walk where there are only those that came before it.

        Gives where the user stood who made it, to go there. What was walked with the change stays
        as a branch.
        """
        edit, left = self._made.pop(), self._run.timeline.branch
        self._run.without(edit.event, edit.on, edit.before)
        for branch in (left, edit.begun):
            self._tidy(branch)
        return edit.event.made_at

    def _tidy(self, branch: Branch | None) -> None:
        """Forget a branch that nobody stands on, has walked on or can undo a change of."""
        timeline = self._run.timeline
        if branch is None or branch is timeline.branch or branch.number not in timeline.branches:
            return
        walked = branch.furthest > branch.fork[0] or timeline.has_children(branch)
        undoable = any(branch is b for edit in self._made for b in (edit.on, edit.begun))
        if not walked and not undoable:
            timeline.delete(branch.number)

    def forget_lost(self) -> None:
        """A change of a branch that was deleted can be undone no longer."""
        kept = self._run.timeline.branches
        self._made = [
            edit for edit in self._made if all(b.number in kept for b in (edit.on, edit.begun) if b)
        ]
