"""A sweep in a thread of its own: what arrives is told in frozen records, thinned for the eye."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from model.files.atomic import writable_folder
from model.lab.executors import Executor, ProcessExecutor, cores
from model.lab.loss_bands import LossBands
from model.lab.outcome import NO_CURVES
from model.lab.results import Results
from model.lab.row import Row
from model.lab.store import Store
from model.lab.summaries import summaries
from model.lab.sweep import Progress, run_sweep
from model.lab.sweep_plan import SweepPlan

PROGRESS: Final = 0.1
"""Seconds between two records of progress, at least."""
RESULTS: Final = 0.4
"""The same for what the panels show, which is dearer."""
LATEST: Final = 0.8
"""Seconds that a row waits for its results at most, as long as they are made in as many."""
_SHARE: Final = 10
"""Times as long as they took to make until the next results, within `LATEST`."""


@dataclass(frozen=True)
class SweepJob:
    """What is to be run, where it is kept, and by whom.

    `jobs` processes, None for all cores, or the cluster at an address. Both events may be set from
    any thread: `cancelled` ends the sweep soon, `drawn` says that the last results are on the
    screen.
    """

    plan: SweepPlan
    store: Path
    jobs: int | None = None
    cluster: str | None = None
    name: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event, compare=False)
    drawn: threading.Event = field(default_factory=threading.Event, compare=False)


@dataclass(frozen=True)
class SweepEnd:
    """A sweep that is over: its number in the store, and how far it came."""

    sweep: int
    progress: Progress
    cancelled: bool


def executor_of(job: SweepJob) -> Executor:
    """Always other processes, a single one too: they leave the window its time and end at once."""
    if job.cluster is not None:
        from model.lab.cluster import ClusterExecutor

        return ClusterExecutor(job.cluster)
    return ProcessExecutor(min(job.jobs or cores(), job.plan.count))


class SweepWorker(QObject):
    """Runs one job after the other; each ends with `ended` or `failed`.

    `began` carries the number of the sweep in its store, `progressed` a Progress, `results_made`
    the Results so far: all at the end, and meanwhile none before the last are drawn.
    """

    began = Signal(int)
    progressed = Signal(object)
    results_made = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, executor_of: Callable[[SweepJob], Executor] = executor_of) -> None:
        super().__init__()
        self._executor_of = executor_of

    @Slot(object)
    def run(self, job: SweepJob) -> None:
        """Run what the job's store lacks."""
        try:
            self.ended.emit(self._run(job))
        except Exception as error:
            self.failed.emit(error)

    def _run(self, job: SweepJob) -> SweepEnd:
        writable_folder(job.store.parent)
        with Store(job.store) as store:
            plan = job.plan
            sweep = store.sweep(plan.spec, job.name or plan.title, plan.count)
            self.began.emit(sweep)
            teller = _Teller(self, job)
            last = run_sweep(
                plan, store, self._executor_of(job), teller.take, teller.cancelled, job.name
            )
        self.progressed.emit(last)
        self.results_made.emit(teller.live.results)
        return SweepEnd(sweep, last, cancelled=last.done < last.total)


class LiveResults:
    """The results of a sweep as far as its rows have arrived, in whatever order."""

    def __init__(self, plan: SweepPlan) -> None:
        self._plan = plan
        self._bands = LossBands(plan.grouping, plan.epochs)
        self._rows: dict[int, Row] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Rows with their curves, of which only points are kept."""
        for row in rows:
            self._bands.add(row)
            bare = replace(row, outcome=replace(row.outcome, curves=NO_CURVES))
            self._rows[row.variant.number] = bare

    @property
    def results(self) -> Results:
        """In the order of the plan."""
        rows = tuple(self._rows[number] for number in sorted(self._rows))
        found = summaries(rows, self._plan.grouping)
        order = {summary.varied: place for place, summary in enumerate(found)}
        bands = sorted(self._bands.bands, key=lambda band: order[band.varied])
        return Results(self._plan, rows, found, tuple(bands))


class _Teller:
    """Passes on what is new, not more often than somebody can see it, and not much later."""

    def __init__(self, worker: SweepWorker, job: SweepJob) -> None:
        self._worker, self._job = worker, job
        self.live = LiveResults(job.plan)
        self._progress: Progress | None = None
        """What has not been told; None where all has."""
        self._stale = False
        self._next_progress = self._next_results = 0.0
        job.drawn.set()

    def take(self, progress: Progress, rows: tuple[Row, ...]) -> None:
        self.live.add(rows)
        self._progress, self._stale = progress, True
        self._tell()

    def cancelled(self) -> bool:
        """Executors ask while they wait for runs: what is due is told meanwhile."""
        self._tell()
        return self._job.cancelled.is_set()

    def _tell(self) -> None:
        now = time.perf_counter()
        if self._progress is not None and now >= self._next_progress:
            self._next_progress = now + PROGRESS
            self._worker.progressed.emit(self._progress)
            self._progress = None
        if self._stale and now >= self._next_results and self._job.drawn.is_set():
            self._job.drawn.clear()
            self._worker.results_made.emit(self.live.results)
            self._stale = False
            end = time.perf_counter()
            taken = end - now
            pause = max(RESULTS, _SHARE * taken)
            self._next_results = end + max(min(pause, LATEST - taken), taken)
