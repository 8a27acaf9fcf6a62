"""Runs that a change of data, network or loss has left behind; one can return to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from model.errors import StateError
from model.settings_fields import FieldDescription, changed_paths, describe, value_at
from model.training.debug_views import BranchView
from model.training.settings import RunSettings

if TYPE_CHECKING:
    from model.training.course import Course

MOST: Final = 4
"""Runs that are kept; the oldest goes first."""

FIRST_NUMBER: Final = 1000
"""Branches of the present run have numbers below it."""


@dataclass(frozen=True)
class LeftRun:
    """A run as it was left, under the numbers from `base` on."""

    base: int
    name: str
    course: "Course"


class LeftRuns:
    """The runs of a session beside the present one, oldest first."""

    def __init__(self) -> None:
        self._runs: list[LeftRun] = []
        self._numbers = count(FIRST_NUMBER, FIRST_NUMBER)

    def leave(self, course: "Course", to: RunSettings) -> None:
        """Keep a run for whose settings those of `to` come, if it has made a step."""
        timeline, settings = course.run.timeline, course.settings
        if timeline.branch.furthest <= 0:
            return
        timeline.shrink(room_left(settings))
        self._runs.append(LeftRun(next(self._numbers), _difference(to, settings), course))
        del self._runs[:-MOST]

    def take(self, number: int) -> LeftRun:
        """The run of a branch, which is no longer left; `StateError` where there is none."""
        for left in self._runs:
            if left.base <= number < left.base + FIRST_NUMBER:
                left.course.run.timeline.find(number - left.base)
                self._runs.remove(left)
                return left
        raise StateError(f"There is no branch {number}", "its run is not kept any longer")

    def views(self) -> Iterator[BranchView]:
        """Every branch of these runs, each from its beginning."""
        for left in self._runs:
            for branch in left.course.run.timeline.branches.values():
                name = left.name if branch.number == 0 else f"{left.name}, {branch.name}"
                rows = branch.history.part(0, branch.history.epoch)
                yield BranchView(left.base + branch.number, name, None, 0, rows)


def room(settings: RunSettings) -> int:
    """Bytes of kept states for the present run: three quarters of the setting's."""
    return settings.training.timeline_memory * 2**20 * 3 // 4


def room_left(settings: RunSettings) -> int:
    """Bytes of kept states for each run that was left: their part of the last quarter."""
    return settings.training.timeline_memory * 2**20 // (4 * MOST)


def _difference(present: RunSettings, left: RunSettings) -> str:
    """What was otherwise in the run that was left, in a few words: "batch full, layers 10-5"."""
    fields = {field.path: field for field in describe(left)}
    others = [fields[path] for path in changed_paths(present, left) if path in fields]
    words = [f"{field.title.lower()} {_word(field, left)}" for field in others[:2]]
    return ", ".join(words) or "other first weights"


def _word(field: FieldDescription, settings: RunSettings) -> str:
    value = value_at(settings, field.path)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return field.empty if value is None else field.choices.get(value, str(value))
