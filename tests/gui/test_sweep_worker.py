import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from gui.store_worker import StoreWorker, default_store, plan_in
from gui.sweep_worker import LiveResults, SweepEnd, SweepJob, SweepWorker
from model.errors import BackscopeError, FileError
from model.lab.executors import Cancelled, Executor, Finished, SerialExecutor
from model.lab.results import Results, results_of
from model.lab.store import Store
from model.lab.sweep import run_sweep
from tests.gui.sweep_results import RATES, TABLE, plan_of, swept

PATIENCE = 20_000


class Singly(SerialExecutor):
    """One run at a time, each followed by what `between` does."""

    def __init__(self, between=lambda done: None) -> None:
        self._between = between

    def block(self, count: int) -> int:
        return 1

    def run(self, blocks, cancelled: Cancelled) -> Finished:
        for done, finished in enumerate(super().run(blocks, cancelled), 1):
            yield finished
            self._between(done)


class Failing(SerialExecutor):
    def __init__(self, error: Exception) -> None:
        self._error = error

    def run(self, blocks, cancelled: Cancelled) -> Finished:
        raise self._error
        yield


def serial(job: SweepJob) -> Executor:
    return SerialExecutor()


def stored(path: Path, job: SweepJob) -> Results:
    """What a job has left in its store."""
    with Store(path, create=False) as store:
        sweep = store.sweep(job.plan.spec, "", job.plan.count)
        return results_of(job.plan, store.rows(sweep))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "results.sqlite"


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[QThread]:
    thread = QThread()
    thread.start()
    yield thread
    thread.quit()
    assert thread.wait(PATIENCE)


def same(one: Results, other: Results) -> bool:
    """Whether runs, statistics and bands are the same numbers."""
    mine, theirs = (
        [(row.variant.number, repr(row.outcome.train.loss)) for row in results.rows]
        for results in (one, other)
    )
    assert mine == theirs
    assert [s.varied for s in one.summaries] == [s.varied for s in other.summaries]
    assert [b.varied for b in one.bands] == [b.varied for b in other.bands]
    for band, its in zip(one.bands, other.bands, strict=True):
        np.testing.assert_array_equal(band.median, its.median)
        np.testing.assert_array_equal(band.p75, its.p75)
    return True


def test_a_job_is_run_and_told_to_the_end(qtbot: QtBot, path: Path) -> None:
    job = SweepJob(plan_of(RATES, seeds=2), path)
    worker = SweepWorker(serial)
    results, ended = QSignalSpy(worker.results_made), QSignalSpy(worker.ended)
    progressed = QSignalSpy(worker.progressed)
    worker.run(job)
    end: SweepEnd = ended.at(0)[0]
    assert not end.cancelled
    assert (end.progress.done, end.progress.computed, end.progress.diverged) == (8, 8, 2)
    assert progressed.at(progressed.count() - 1)[0] == end.progress
    assert same(results.at(results.count() - 1)[0], stored(path, job))


def test_no_further_results_are_sent_before_the_last_are_drawn(qtbot: QtBot, path: Path) -> None:
    worker = SweepWorker(lambda job: Singly())
    results = QSignalSpy(worker.results_made)
    worker.run(SweepJob(plan_of(RATES), path))
    assert [len(results.at(n)[0].rows) for n in range(results.count())] == [1, 12]


def test_the_last_rows_are_told_while_the_executor_waits_for_others(
    qtbot: QtBot, path: Path, thread: QThread
) -> None:
    job = SweepJob(plan_of(RATES), path)
    told = threading.Event()

    class Waiting(SerialExecutor):
        """Four runs at a time; after eight a long one, during which it is asked for."""

        def block(self, count: int) -> int:
            return 4

        def run(self, blocks, cancelled: Cancelled) -> Finished:
            for done, finished in enumerate(super().run(blocks, cancelled), 1):
                yield finished
                while done == 2 and not told.wait(0.01) and not cancelled():
                    pass

    worker = SweepWorker(lambda job: Waiting())
    worker.moveToThread(thread)
    thread.finished.connect(worker.deleteLater)
    counts: list[int] = []

    def take(results: Results) -> None:
        counts.append(len(results.rows))
        job.drawn.set()

    worker.results_made.connect(take, Qt.ConnectionType.DirectConnection)
    progressed, ended = QSignalSpy(worker.progressed), QSignalSpy(worker.ended)
    thread_call(worker, job)
    qtbot.waitUntil(lambda: 8 in counts, timeout=PATIENCE)
    assert 8 in [progressed.at(n)[0].done for n in range(progressed.count())]
    told.set()
    qtbot.waitUntil(lambda: ended.count() == 1, timeout=PATIENCE)
    assert counts[-1] == 12


def test_results_stand_in_the_order_of_the_plan_whenever_runs_arrive(qtbot: QtBot) -> None:
    plan = plan_of(*TABLE)
    with Store() as store:
        run_sweep(plan, store, SerialExecutor())
        rows = list(store.rows(store.sweep(plan.spec, "", plan.count)))
    live = LiveResults(plan)
    live.add(rows[::-1])
    assert same(live.results, swept(*TABLE))
    assert all(row.outcome.curves.size == 0 for row in live.results.rows)


def test_a_cancelled_job_keeps_what_is_finished_and_a_second_one_runs_the_rest(
    qtbot: QtBot, path: Path, thread: QThread
) -> None:
    first, second = (SweepJob(plan_of(RATES), path) for _ in range(2))
    arrived = threading.Event()

    def between(done: int) -> None:
        if done == 5:
            arrived.set()
            first.cancelled.wait(20)

    worker = SweepWorker(lambda job: Singly(between if job is first else lambda done: None))
    worker.moveToThread(thread)
    thread.finished.connect(worker.deleteLater)
    ended = QSignalSpy(worker.ended)
    thread_call(worker, first)
    assert arrived.wait(20)
    first.cancelled.set()
    qtbot.waitUntil(lambda: ended.count() == 1, timeout=PATIENCE)
    assert ended.at(0)[0].cancelled
    assert ended.at(0)[0].progress.done == 5
    assert len(stored(path, first).rows) == 5
    thread_call(worker, second)
    qtbot.waitUntil(lambda: ended.count() == 2, timeout=PATIENCE)
    progress = ended.at(1)[0].progress
    assert (progress.reused, progress.computed) == (5, 7)
    assert same(stored(path, second), swept(RATES))


class Caller(QObject):
    wished = Signal(object)


def thread_call(worker: SweepWorker, job: SweepJob) -> None:
    """Let the worker run a job in its own thread."""
    caller = Caller()
    caller.wished.connect(worker.run, Qt.ConnectionType.QueuedConnection)
    caller.wished.emit(job)


def test_two_processes_give_the_same_numbers(qtbot: QtBot, path: Path) -> None:
    job = SweepJob(plan_of("learning_rate=0.01,0.1", seeds=2), path, jobs=2)
    worker = SweepWorker()
    ended, failed = QSignalSpy(worker.ended), QSignalSpy(worker.failed)
    worker.run(job)
    assert failed.count() == 0
    assert ended.at(0)[0].progress.computed == 4
    assert same(stored(path, job), swept("learning_rate=0.01,0.1", seeds=2))


@pytest.mark.parametrize("error", [BackscopeError("no cluster answers"), ValueError("unforeseen")])
def test_whatever_goes_wrong_is_told_once(qtbot: QtBot, path: Path, error: Exception) -> None:
    worker = SweepWorker(lambda job: Failing(error))
    ended, failed = QSignalSpy(worker.ended), QSignalSpy(worker.failed)
    worker.run(SweepJob(plan_of(RATES), path))
    assert (ended.count(), failed.count()) == (0, 1)
    assert failed.at(0)[0] is error


def test_a_store_that_cannot_be_is_told_in_words(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "results.sqlite"
    path.write_text("this is a letter to my grandmother, not a database at all" * 20)
    worker = SweepWorker(serial)
    failed = QSignalSpy(worker.failed)
    worker.run(SweepJob(plan_of(RATES), path))
    assert isinstance(failed.at(0)[0], FileError)
    (tmp_path / "file").touch()
    worker.run(SweepJob(plan_of(RATES), tmp_path / "file" / "results.sqlite"))
    assert isinstance(failed.at(1)[0], FileError)


def test_the_default_store_is_in_the_users_data_folder(user_folder: Path) -> None:
    assert default_store() == user_folder / "xdg_data_home" / "backscope" / "results.sqlite"


def test_stored_sweeps_are_listed_opened_exported_and_deleted(
    qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    job = SweepJob(plan_of(RATES), path, name="rates")
    SweepWorker(serial).run(job)
    worker = StoreWorker()
    listed, opened = QSignalSpy(worker.listed), QSignalSpy(worker.opened)
    exported, failed = QSignalSpy(worker.exported), QSignalSpy(worker.failed)
    worker.look(path, True)
    (sweep,) = listed.at(0)[0].sweeps
    assert (sweep.name, sweep.done, sweep.runs) == ("rates", 12, 12)
    assert plan_in(sweep) == job.plan
    worker.open(path, sweep.id)
    assert same(opened.at(0)[0].results, swept(RATES))
    worker.export(path, sweep.id, tmp_path / "out")
    for name in exported.at(0)[0].names:
        assert (tmp_path / "out" / name).stat().st_size > 0
    assert {"runs.csv", "curves.csv", "runs.json"} <= set(exported.at(0)[0].names)
    worker.delete(path, sweep.id)
    assert listed.at(1)[0].sweeps == ()
    worker.open(path, sweep.id)
    assert isinstance(failed.at(0)[0], FileError)


def test_a_store_that_nobody_has_asked_for_is_not_made(qtbot: QtBot, path: Path) -> None:
    worker = StoreWorker()
    listed, failed = QSignalSpy(worker.listed), QSignalSpy(worker.failed)
    worker.look(path, False)
    assert listed.at(0)[0].sweeps == ()
    worker.look(path, True)
    assert isinstance(failed.at(0)[0], FileError)
    assert not path.parent.exists()


def test_an_estimate_counts_the_runs(qtbot: QtBot) -> None:
    worker = StoreWorker()
    estimated = QSignalSpy(worker.estimated)
    worker.estimate(plan_of(RATES, seeds=10_000), 2)
    found = estimated.at(0)[0]
    assert (found.estimate.runs, found.jobs) == (40_000, 2)
    assert found.estimate.seconds > 0
