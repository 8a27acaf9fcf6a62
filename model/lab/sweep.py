"""A sweep: every run of a plan that a store does not have yet, written down as it ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from model.lab.executors import Cancelled, Executor
from model.lab.outcome import Fate, refused
from model.lab.row import Row
from model.lab.stack import blocks
from model.lab.store import Store, key_of
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import Variant

LOOK_UP = 500
"""Variants that are looked for in the store at once."""


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: of `total` runs some were `computed`, some `reused`, some `refused`.

    Refused are combinations that are not allowed and runs that failed; `diverged` counts among
    the others. `seconds` is the time since the beginning, `left` about how many it will take yet,
    None as long as that cannot be told.
    """

    total: int
    computed: int = 0
    reused: int = 0
    refused: int = 0
    diverged: int = 0
    seconds: float = 0.0
    left: float | None = None

    @property
    def done(self) -> int:
        """Runs about which all is known."""
        return self.computed + self.reused + self.refused


Report = Callable[[Progress, tuple[Row, ...]], object]


def run_sweep(
    plan: SweepPlan,
    store: Store,
    executor: Executor,
    report: Report = lambda progress, rows: None,
    cancelled: Cancelled = lambda: False,
    name: str = "",
    clock: Callable[[], float] = time.perf_counter,
) -> Progress:
    """Run what the store lacks and return how far it came.

    Rows are in the store before `report` gets them, with the curves in their outcomes. Where
    `cancelled` says so, or something is raised, what is under way is given up and what was
    finished stays. A setting that is not allowed or fails is marked and the others go on. Raises
    `FileError` where the store cannot be written.
    """
    sweep = store.sweep(plan.spec, name or plan.title, plan.count)
    return _Sweep(plan, store, sweep, report, clock).run(executor, cancelled)


def missing_runs(plan: SweepPlan, path: Path | None, enough: int) -> int:
    """How many runs the store at `path` lacks; about, where that is more than `enough`.

    A grid much larger than the store is not gone through. Raises `FileError` where the file
    cannot be read.
    """
    if path is None or not path.exists():
        return plan.count
    with Store(path, create=False) as store:
        about = plan.count - store.count()
        if about > enough:
            return about
        keys = {key for variant in plan.variants() if (key := key_of(variant))}
        return sum(not store.has(key) for key in keys)


class _Sweep:
    """The sum of what has arrived."""

    def __init__(
        self,
        plan: SweepPlan,
        store: Store,
        sweep: int,
        report: Report,
        clock: Callable[[], float],
    ) -> None:
        self._plan, self._store, self._sweep, self._report = plan, store, sweep, report
        self._clock, self._started = clock, clock()
        self._progress = Progress(plan.count)
        self._twins: dict[bytes, list[Variant]] = {}
        self._first: Progress | None = None

    def run(self, executor: Executor, cancelled: Cancelled) -> Progress:
        wanted = blocks(self._missing(cancelled), executor.block(self._plan.count))
        with closing(executor.run(wanted, cancelled)) as finished:
            for block, outcomes in finished:
                rows = tuple(map(Row, block, outcomes))
                self._store.keep(self._sweep, rows)
                self._note(rows, reused=False)
                self._settle(rows)
        return self._progress

    def _missing(self, cancelled: Cancelled) -> Iterator[Variant]:
        """The variants that are to be run; what is known of the others is told on the way."""
        variants = self._plan.variants()
        while not cancelled() and (some := list(islice(variants, LOOK_UP))):
            known = {variant.number: row for variant in some if (row := self._known(variant))}
            rows = tuple(known.values())
            if rows:
                self._store.link(self._sweep, (row.variant for row in rows))
                self._note(rows, reused=True)
            for variant in some:
                if variant.number not in known and self._is_first(variant):
                    yield variant

    def _is_first(self, variant: Variant) -> bool:
        """Whether nobody has its settings; those that have the same wait for the first one."""
        key = key_of(variant)
        assert key is not None
        twins = self._twins.get(key)
        if twins is not None:
            twins.append(variant)
            return False
        row = self._known(variant)
        if row is not None:
            self._keep_twins((row,))
            return False
        self._twins[key] = []
        return True

    def _settle(self, rows: tuple[Row, ...]) -> None:
        """What has come out is true of those that wait for it."""
        for row in rows:
            twins = self._twins.pop(key_of(row.variant) or b"", [])
            if twins:
                self._keep_twins(tuple(Row(twin, row.outcome) for twin in twins))

    def _keep_twins(self, rows: tuple[Row, ...]) -> None:
        self._store.keep(self._sweep, rows)
        self._note(rows, reused=True)

    def _known(self, variant: Variant) -> Row | None:
        """A run that is in the store, or that cannot be; one that failed is tried again."""
        key = key_of(variant)
        if key is None:
            return Row(variant, refused(variant.reason))
        outcome = self._store.find(key)
        return None if outcome is None or outcome.fate is Fate.REFUSED else Row(variant, outcome)

    def _note(self, rows: tuple[Row, ...], reused: bool) -> None:
        now = self._progress
        fates = [row.outcome.fate for row in rows]
        failed = fates.count(Fate.REFUSED)
        arrived = len(rows) - failed
        self._progress = replace(
            now,
            computed=now.computed + (0 if reused else arrived),
            reused=now.reused + (arrived if reused else 0),
            refused=now.refused + failed,
            diverged=now.diverged + fates.count(Fate.DIVERGED),
            seconds=self._clock() - self._started,
        )
        self._progress = replace(self._progress, left=self._left())
        self._report(self._progress, rows)

    def _left(self) -> float | None:
        """By the speed since the first run arrived: before that, processes were started."""
        now = self._progress
        if self._first is None:
            self._first = now if now.computed else None
            return None
        computed, seconds = now.computed - self._first.computed, now.seconds - self._first.seconds
        return seconds / computed * (now.total - now.done) if computed else None
