"""The stored results in a thread of their own: listed, opened, exported, deleted, estimated."""

import functools
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

from model.errors import FileError
from model.files.atomic import writable_folder
from model.files.comparison_files import write_comparison
from model.files.sweep_json import plan_of
from model.lab.estimate import Estimate, estimate
from model.lab.executors import cores
from model.lab.results import Results, results_of
from model.lab.store import Store, StoredSweep
from model.lab.sweep_plan import SweepPlan


@dataclass(frozen=True)
class StoreContents:
    """The sweeps of a store, the youngest first; none where there is no file yet."""

    path: Path
    sweeps: tuple[StoredSweep, ...]


@dataclass(frozen=True)
class OpenedSweep:
    """A sweep as it is in the store."""

    sweep: StoredSweep
    results: Results


@dataclass(frozen=True)
class Exported:
    """The files of a sweep that have been written to a folder; its figures are not among them."""

    folder: Path
    names: tuple[str, ...]
    results: Results


@dataclass(frozen=True)
class Estimated:
    """How long a plan would take with so many processes."""

    plan: SweepPlan
    jobs: int
    estimate: Estimate


def default_store() -> Path:
    """Where results are kept that nobody has chosen a file for."""
    kind = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(kind)) / "backscope" / "results.sqlite"


def plan_in(sweep: StoredSweep) -> SweepPlan:
    """What a stored sweep is to run; raises `SettingsError` where this version knows it not."""
    return plan_of(json.loads(sweep.spec))


def _told(method: Callable[..., object]) -> Callable[..., None]:
    """A slot whose exception becomes one `failed` signal."""

    @functools.wraps(method)
    def slot(self: "StoreWorker", *args: Any) -> None:
        try:
            method(self, *args)
        except Exception as error:
            self.failed.emit(error)

    return slot


class StoreWorker(QObject):
    """Opens the file anew for each wish, so that it never holds one that is not looked at.

    `closing` may be set from any thread: what is being read is given up.
    """

    listed = Signal(object)
    opened = Signal(object)
    exported = Signal(object)
    estimated = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.closing = threading.Event()

    @Slot(object, bool)
    @_told
    def look(self, path: Path, wanted: bool) -> None:
        """List the sweeps of a store; one that is `wanted` has to be there."""
        if not wanted and not path.exists():
            self.listed.emit(StoreContents(path, ()))
            return
        with Store(path, create=False) as store:
            self.listed.emit(StoreContents(path, store.sweeps()))

    @Slot(object, int)
    @_told
    def open(self, path: Path, sweep: int) -> None:
        """Read the results of a sweep."""
        with Store(path, create=False) as store:
            self.opened.emit(OpenedSweep(_found(store, sweep), self._results(store, sweep)))

    @Slot(object, int)
    @_told
    def delete(self, path: Path, sweep: int) -> None:
        """Forget a sweep and the runs that no other one has."""
        with Store(path, create=False) as store:
            store.delete(sweep)
            self.listed.emit(StoreContents(path, store.sweeps()))

    @Slot(object, int)
    @_told
    def tidy(self, path: Path, sweep: int) -> None:
        """After a sweep that failed: forget it where no run of it is there, else read those."""
        with Store(path, create=False) as store:
            stored = _found(store, sweep)
            if not stored.done:
                store.delete(sweep)
            self.listed.emit(StoreContents(path, store.sweeps()))
            if stored.done:
                self.opened.emit(OpenedSweep(stored, self._results(store, sweep)))

    @Slot(object, int, object)
    @_told
    def export(self, path: Path, sweep: int, folder: Path) -> None:
        """Write the files of a sweep into a folder, which is made where it is missing."""
        folder = writable_folder(folder)
        with Store(path, create=False) as store:
            results = self._results(store, sweep)
            names = write_comparison(folder, results, store, sweep)
        written = tuple(name for name in names if (folder / name).exists())
        self.exported.emit(Exported(folder, written, results))

    @Slot(object, object)
    @_told
    def estimate(self, plan: SweepPlan, jobs: int | None) -> None:
        """Train a little to tell how long a plan would take."""
        number = jobs or cores()
        self.estimated.emit(Estimated(plan, number, estimate(plan, number)))

    def _results(self, store: Store, sweep: int) -> Results:
        rows = takewhile(lambda _: not self.closing.is_set(), store.rows(sweep))
        return results_of(plan_in(_found(store, sweep)), rows)


def _found(store: Store, sweep: int) -> StoredSweep:
    """Another program may have deleted it."""
    found = next((stored for stored in store.sweeps() if stored.id == sweep), None)
    if found is None:
        raise FileError("this sweep is no longer in the file", "choose another one")
    return found
