"""Time as a place one can go to: kept states of all branches within one memory budget."""

from bisect import insort
from itertools import count
from typing import Final

import numpy as np

from model.arrays import Array, DType, Flags, Indices
from model.errors import StateError
from model.training.boundaries import Position
from model.training.branches import Branch
from model.training.events import Event

BUDGET: Final = 64 * 2**20
"""Bytes of kept states."""

PIECE: Final = 1024
"""States that are moved at a time."""


class Timeline:
    """States of one run by branch and iteration, and the events between them.

    A state is kept as it stands on arrival, before the events there. The newest quarter of the room
    holds every iteration; older states are thinned out evenly, to the multiples of a stride that
    doubles whenever the room is full. A state between two kept ones is reached by replay.
    """

    def __init__(self, size: int, dtype: DType, budget: int = BUDGET) -> None:
        self._capacity: int = max(2, budget // (size * dtype.itemsize + 16))
        self._states = np.empty((self._capacity, size), dtype)
        self._iterations = np.empty(self._capacity, np.int64)
        self._owners = np.empty(self._capacity, np.int64)
        self._count = 0
        self._stride = 1
        self.branch = Branch(0, "first path")
        self.branches = {0: self.branch}
        self._numbers = count(1)

    def __len__(self) -> int:
        """Number of kept states."""
        return self._count

    @property
    def bytes(self) -> int:
        """Memory taken by the kept states."""
        return int(self._count * (self._states[0].nbytes + 16))

    def keep(self, iteration: int, state: Array) -> None:
        """Remember the state after `iteration` updates, unless it was walked before."""
        if iteration <= self.branch.furthest:
            return
        if self._count == self._capacity:
            self._thin()
        at = self._count
        self._states[at] = state
        self._iterations[at] = iteration
        self._owners[at] = self.branch.number
        self._count += 1
        self.branch.furthest = iteration

    def nearest(self, iteration: int) -> tuple[int, Array]:
        """The last kept iteration of this path that is not after `iteration`, and its state."""
        for branch, last in self.branch.lineage():
            reach = iteration if last is None else min(iteration, last)
            at = self._last_of(branch, reach)
            if at >= 0:
                return int(self._iterations[at]), self._states[at]
        raise StateError("The beginning of this run is not kept", "reset, and run again")

    def path(self, until: int, most: int) -> tuple[Indices, Array]:
        """States kept on this path up to an iteration, at most `most`, evenly: (n,) and (n, size).

        The first is among them; copies, by ascending iteration.
        """
        count = self._count
        wanted = np.zeros(count, bool)
        for branch, last in self.branch.lineage():
            reach = until if last is None else min(until, last)
            own = self._owners[:count] == branch.number
            wanted |= own & (self._iterations[:count] <= reach)
        places = np.flatnonzero(wanted)
        places = places[np.argsort(self._iterations[places])]
        if len(places) > most:
            places = places[np.linspace(0, len(places) - 1, most).round().astype(np.intp)]
        return self._iterations[places].astype(np.intp), self._states[places]

    def record(self, event: Event, rows: int) -> None:
        """Write down an event of the present path; nothing is forgotten for it.

        Where something was recorded beyond it, a branch with the first `rows` epochs of the
        history begins.
        """
        if self._goes_beyond(event):
            self.begin_branch(event.change.title, event.made_at, rows)
        insort(self.branch.events, event, key=lambda event: event.position)

    def without(self, event: Event, others: list[Event], rows: int) -> None:
        """Walk on where up to `event` only `others` were made.

        On the present branch if it is so there, or goes no further; else on one that begins there
        with the first `rows` epochs of the history.
        """
        if self.branch.changes_until(event.made_at) == others:
            return
        if self._goes_beyond(event):
            self.begin_branch(f"without {event.change.title}", event.made_at, rows)
        self.branch.events = list(others)

    def _goes_beyond(self, event: Event) -> bool:
        """Whether the present branch has recorded anything that comes after an event."""
        branch = self.branch
        return branch.furthest > event.position[0] or any(
            other.made_at > event.made_at for other in branch.events
        )

    def same_until(self, number: int) -> int:
        """The last iteration that the present branch has in common with another, 0 for none."""
        if number not in self.branches:
            return 0
        ends = {branch.number: last for branch, last in self.find(number).lineage()}
        common, last = next(own for own in self.branch.lineage() if own[0].number in ends)
        both = (last, ends[common.number])
        return min((end for end in both if end is not None), default=common.furthest)

    def begin_branch(self, name: str, position: Position, rows: int) -> Branch:
        """A branch that leaves the present one at `position`, and to walk on it."""
        number = next(self._numbers)
        self.branch = self.branch.child(number, name, position, rows)
        self.branches[number] = self.branch
        return self.branch

    def choose(self, number: int) -> None:
        """Walk on another branch; `StateError` where there is none of that number."""
        self.branch = self.find(number)

    def find(self, number: int) -> Branch:
        """The branch of that number; `StateError` where there is none."""
        if number not in self.branches:
            raise StateError(f"There is no branch {number}", f"there are {sorted(self.branches)}")
        return self.branches[number]

    def shrink(self, budget: int) -> None:
        """Keep to a smaller budget from here on, and give back the memory beyond it."""
        size, itemsize = self._states.shape[1], self._states.itemsize
        self._capacity = max(2, budget // (size * itemsize + 16))
        while self._count > self._capacity:
            self._stride *= 2
            iterations = self._iterations[: self._count]
            self._pack(np.flatnonzero(iterations % self._stride == 0))
        room, count = self._capacity, self._count
        old = self._states, self._iterations, self._owners
        self._states = np.empty((room, size), old[0].dtype)
        self._iterations, self._owners = np.empty(room, np.int64), np.empty(room, np.int64)
        for array, former in zip((self._states, self._iterations, self._owners), old, strict=True):
            array[:count] = former[:count]

    def has_children(self, branch: Branch) -> bool:
        """Whether other branches begin on this one."""
        return any(other.parent is branch for other in self.branches.values())

    def delete(self, number: int) -> None:
        """Forget a branch; `StateError` for the present one and for one that others begin on."""
        branch = self.find(number)
        if branch is self.branch or self.has_children(branch):
            raise StateError(
                f"Branch {number} cannot be deleted",
                "choose another branch first, and delete those that begin on it",
            )
        self._drop(self._owners[: self._count] == number)
        del self.branches[number]

    def forget_after(self, iteration: int) -> None:
        """Drop what the present branch has recorded after an iteration.

        A change that waits for the next one to begin was made in it, and stays.
        """
        branch = self.branch
        own = self._owners[: self._count] == branch.number
        self._drop(own & (self._iterations[: self._count] > iteration))
        branch.events = [e for e in branch.events if e.made_at < (iteration + 1, 0)]
        branch.furthest = min(branch.furthest, iteration)

    def _last_of(self, branch: Branch, iteration: int) -> int:
        """The place of a branch's own last state that is not after `iteration`; −1 for none."""
        count = self._count
        mine = self._owners[:count] == branch.number
        mine &= self._iterations[:count] <= iteration
        places = np.flatnonzero(mine)
        if not len(places):
            return -1
        return int(places[np.argmax(self._iterations[places])])

    def _drop(self, gone: Flags) -> None:
        self._pack(np.flatnonzero(~gone))

    def _thin(self) -> None:
        """Make room: of what is older than the newest quarter, keep the multiples of the stride."""
        old = self._count - self._capacity // 4
        iterations = self._iterations[:old]
        keep = iterations % self._stride == 0
        while np.count_nonzero(keep) > self._capacity // 2:
            self._stride *= 2
            keep = iterations % self._stride == 0
        self._pack(np.flatnonzero(np.concatenate([keep, np.ones(self._count - old, bool)])))

    def _pack(self, places: Indices) -> None:
        """Keep the states at these places, in their order.

        They only move to the front, so a piece at a time needs no second copy of them all.
        """
        for start in range(0, len(places), PIECE):
            piece = places[start : start + PIECE]
            for array in (self._states, self._iterations, self._owners):
                array[start : start + len(piece)] = array[piece]
        self._count = len(places)
