"""Breakpoints: operations and conditions that stop a run, and which of them has been met first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import numpy as np

from model.errors import SettingsError, StateError
from model.nn.operations import TensorName
from model.training.condition_kinds import Program, places
from model.training.condition_readers import Lookup, Moment
from model.training.conditions import Condition
from model.training.debug_views import BreakpointView, Hit
from model.training.history import History
from model.training.watches import Edge, Watch, watching

ELSEWHERE: Final = " (not in this network)"


@dataclass(frozen=True)
class Stop:
    """Where a breakpoint stops the run: right after `operation` of `iteration`.

    The program's length as `operation` is the start of the next iteration. `position` is what to
    go to: updates made, operations done of the next.
    """

    hit: Hit
    iteration: int
    operation: int
    position: tuple[int, int]


@dataclass
class _Entry:
    """A breakpoint: a tensor whose operation is a line, or a condition with its memory by place."""

    what: TensorName | Condition
    enabled: bool = True
    hits: int = 0
    edges: dict[int, Edge] = field(default_factory=dict)


class Breakpoints:
    """The list of one session; it outlives the run, and with it the network.

    A condition is looked at once an iteration, when all its tensors stand in their buffers. It
    fires where it holds and did not hold in the iteration before, as far as that was looked at.
    """

    def __init__(self, program: Program = ()) -> None:
        self._program = program
        self._numbers = count(1)
        self._entries: dict[int, _Entry] = {}
        self._bound: dict[Lookup, list[Watch]] = {}
        self._lines: tuple[tuple[int, int], ...] = ()
        self.active = False
        """Whether anything can stop the run at all."""

    def use(self, program: Program) -> None:
        """Another run's operations; what does not fit its network sleeps."""
        self._program = program
        for entry in self._entries.values():
            entry.edges.clear()
        self._changed()

    def add(self, condition: Condition) -> int:
        """Stop where `condition` becomes true; returns its number.

        `SettingsError` where the network has no such tensor or layer.
        """
        places(condition, self._program)
        return self._insert(_Entry(condition))

    def toggle_operation(self, index: int) -> int | None:
        """Stop after this operation from here on, or no longer; its number, None where it went."""
        if not 0 <= index < len(self._program):
            raise StateError(
                f"There is no operation {index}",
                f"operations count from 0 to {len(self._program) - 1}",
            )
        result = self._program[index].result
        for number, entry in self._entries.items():
            if entry.what == result:
                self.remove(number)
                return None
        return self._insert(_Entry(result))

    def remove(self, number: int) -> None:
        """Forget a breakpoint."""
        self._entry(number)
        del self._entries[number]
        self._changed()

    def set_enabled(self, number: int, enabled: bool) -> None:
        """Let a breakpoint stop the run, or not."""
        entry = self._entry(number)
        entry.enabled = enabled
        entry.edges.clear()
        self._changed()

    def condition(self, number: int) -> Condition | None:
        """The condition of a breakpoint, None where it is an operation."""
        what = self._entry(number).what
        return what if isinstance(what, Condition) else None

    def views(self) -> tuple[BreakpointView, ...]:
        """The list as it is shown."""
        return tuple(self._view(number, entry) for number, entry in self._entries.items())

    def check(
        self,
        lookup: Lookup,
        iteration: int,
        per_epoch: int,
        history: History,
        done: int = 0,
        until: int | None = None,
        broken: int | None = None,
    ) -> Stop | None:
        """The first stop in the iteration that is just complete, None where it goes on.

        `lookup` gives the tensors of the iteration that led from `iteration` to `iteration + 1`
        updates, the same callable as long as they stand in the same buffers; row k of `history`
        belongs to epoch k. What lies before operation `done`, where the run went on from the
        middle, is over; what lies behind the first `until` operations is still to come. `broken`
        is the operation that made the first number that is not finite, where one has.
        """
        first = next((line for line in self._lines if line[0] >= done), None)
        risen = self._risen(lookup, iteration, per_epoch, history)
        ahead = [(at, w) for w in risen if (at := w.stops_at(broken)) >= done]
        place = min([*(at for at, _ in ahead), *([first[0]] if first else [])], default=None)
        if place is None or (until is not None and place >= until):
            return None
        return self._stop(place, first, [w for at, w in ahead if at == place], iteration)

    def arm(self, lookup: Lookup, iteration: int, per_epoch: int, history: History) -> None:
        """Take note of what holds in this iteration, so that it does not fire in the next."""
        self._risen(lookup, iteration, per_epoch, history)

    def _risen(
        self, lookup: Lookup, iteration: int, per_epoch: int, history: History
    ) -> list[Watch]:
        """The watches whose conditions have become true."""
        watches = self._bound.get(lookup)
        if watches is None:
            watches = self._bound[lookup] = list(self._watches(lookup))
        moment = Moment(iteration, iteration // per_epoch, per_epoch, history)
        with np.errstate(all="ignore"):  # a square may overflow where nothing else does
            return [watch for watch in watches if watch.becomes_true(moment)]

    def _stop(
        self, place: int, line: tuple[int, int] | None, watches: list[Watch], iteration: int
    ) -> Stop:
        """Counts every breakpoint met there; the one first entered is named."""
        values = {watch.number: watch.words() for watch in reversed(watches)}
        if line is not None and line[0] == place:
            values[line[1]] = ""
        for number in values:
            self._entries[number].hits += 1
        number = min(values)
        hit = Hit(number, self._view(number, self._entries[number]).text, values[number])
        done = place + 1
        position = (iteration, done) if done < len(self._program) else (iteration + 1, 0)
        return Stop(hit, iteration, place, position)

    def _insert(self, entry: _Entry) -> int:
        number = next(self._numbers)
        self._entries[number] = entry
        self._changed()
        return number

    def _entry(self, number: int) -> _Entry:
        try:
            return self._entries[number]
        except KeyError:
            raise StateError(f"There is no breakpoint {number}") from None

    def _changed(self) -> None:
        self._bound.clear()
        lines = (
            (places[0], number)
            for number, entry in self._entries.items()
            if isinstance(entry.what, TensorName) and (places := self._usable(entry))
        )
        self._lines = tuple(sorted(lines))
        self.active = any(map(self._usable, self._entries.values()))

    def _usable(self, entry: _Entry) -> tuple[int, ...]:
        """The places of an enabled breakpoint in this network."""
        return self._places(entry) if entry.enabled else ()

    def _places(self, entry: _Entry) -> tuple[int, ...]:
        if isinstance(entry.what, TensorName):
            return tuple(o.index for o in self._program if o.result == entry.what)
        try:
            return places(entry.what, self._program)
        except SettingsError:
            return ()

    def _watches(self, lookup: Lookup) -> Iterator[Watch]:
        for number, entry in self._entries.items():
            if not isinstance(entry.what, Condition):
                continue
            for place in self._usable(entry):
                edge = entry.edges.setdefault(place, Edge())
                yield watching(entry.what, number, place, self._program, lookup, edge)

    def _view(self, number: int, entry: _Entry) -> BreakpointView:
        found = self._places(entry)
        is_line = isinstance(entry.what, TensorName)
        if isinstance(entry.what, Condition):
            text = entry.what.text
        else:
            text = self._program[found[0]].formula if found else str(entry.what)
        text += "" if found else ELSEWHERE
        line = found[0] if is_line and found else None
        return BreakpointView(number, text, entry.enabled, entry.hits, line, asleep=not found)
