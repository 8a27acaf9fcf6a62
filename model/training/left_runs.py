"""Runs that a change of data, network or loss has left behind; one can return to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from model.errors import StateError
from model.nn.network import Network
from model.settings_fields import changed_paths, value_at
from model.training.debug_views import BranchView
from model.training.edits import Edits
from model.training.run import Run
from model.training.settings import RunSettings

MOST: Final = 4
"""Runs that are kept; the oldest goes first."""

FIRST_NUMBER: Final = 1000
"""Branches of the present run have numbers below it."""


@dataclass(frozen=True)
class LeftRun:
    """A run as it was left, under the numbers from `base` on."""

    base: int
    name: str
    settings: RunSettings
    run: Run
    edits: Edits
    first: Network | None


class LeftRuns:
    """The runs of a session beside the present one, oldest first."""

    def __init__(self) -> None:
        self._runs: list[LeftRun] = []
        self._numbers = count(FIRST_NUMBER, FIRST_NUMBER)

    def leave(
        self, settings: RunSettings, run: Run, edits: Edits, first: Network | None, to: RunSettings
    ) -> None:
        """Keep a run for whose settings those of `to` come, if it has made a step."""
        if run.timeline.branch.furthest <= 0:
            return
        run.timeline.shrink(room_left(settings))
        name = _difference(to, settings)
        self._runs.append(LeftRun(next(self._numbers), name, settings, run, edits, first))
        del self._runs[:-MOST]

    def take(self, number: int) -> LeftRun:
        """The run of a branch, which is no longer left; `StateError` where there is none."""
        for left in self._runs:
            if left.base <= number < left.base + FIRST_NUMBER:
                self._runs.remove(left)
                return left
        raise StateError(f"There is no branch {number}", "its run is not kept any longer")

    def views(self) -> Iterator[BranchView]:
        """Every branch of these runs, each from its beginning."""
        for left in self._runs:
            for branch in left.run.timeline.branches.values():
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
    """What was otherwise in the run that was left, in a few words."""
    paths = [path for path in changed_paths(present, left) if _has(left, path)]
    words = [f"{path.rpartition('.')[2]} {_word(value_at(left, path))}" for path in paths[:2]]
    return ", ".join(words) or "other first weights"


def _has(settings: RunSettings, path: str) -> bool:
    group, name = path.split(".")
    return name in type(getattr(settings, group)).model_fields


def _word(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)
