"""The same sweep on a Dask cluster: a real scheduler and two worker processes on loopback."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from model import RunSettings
from model.errors import BackscopeError, SettingsError
from model.lab import cluster
from model.lab.cluster import ClusterExecutor
from model.lab.executors import SerialExecutor
from model.lab.outcome import Fate
from model.lab.row import Row
from model.lab.store import Store
from model.lab.sweep import Progress, run_sweep
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import axis_of
from model.training.assignments import assigned

pytest.importorskip("distributed")

ROOT = Path(__file__).parents[3]
LOOPBACK = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
QUIET = {"DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "False"}


@contextmanager
def _started(part: str, *arguments: str, told: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of Dask's and what it says after `told`; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + part, *arguments],
        cwd=ROOT,
        env=os.environ | QUIET | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            line = next(line for line in process.stderr if told in line)
            yield process, line.partition(told)[2].strip()
        finally:
            process.kill()


@contextmanager
def _cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The address of a scheduler, and its process before those of its workers."""
    with ExitStack() as stack:
        scheduler = _started("dask_scheduler", *LOOPBACK, "--port", "0", told="Scheduler at:")
        process, address = stack.enter_context(scheduler)
        processes = [process]
        for _ in range(workers):
            worker = _started(
                *("dask_worker", address, *LOOPBACK, "--no-nanny", "--nthreads", "1"),
                told="Registered to:",
            )
            processes.append(stack.enter_context(worker)[0])
        yield address, processes


def _plan(**sets: int) -> SweepPlan:
    chosen = {"n_samples": 100, "epochs": 300} | sets
    settings = assigned(RunSettings(), [f"{name}={value}" for name, value in chosen.items()])
    return SweepPlan(settings, (axis_of("learning_rate=0.1,1,1e100"),), 4)


def _rows(store: Store, plan: SweepPlan) -> list[Row]:
    return list(store.rows(store.sweep(plan.spec, plan.title, plan.count)))


def _numbers(rows: list[Row]) -> list[tuple[object, ...]]:
    return [
        (row.variant, row.outcome.fate, row.outcome.reason, row.outcome.curves.tobytes())
        for row in rows
    ]


def test_cluster_gives_the_same_bits_though_a_worker_dies() -> None:
    plan = _plan()
    with Store() as store:
        run_sweep(plan, store, SerialExecutor())
        local = _numbers(_rows(store, plan))
    with _cluster(workers=2) as (address, processes), Store() as store:

        def report(progress: Progress, rows: tuple[Row, ...]) -> None:
            if progress.done == 3:
                processes[1].kill()

        progress = run_sweep(plan, store, ClusterExecutor(address), report)
        assert processes[1].wait(30) == -signal.SIGKILL
        assert (progress.computed, progress.done) == (12, 12)
        assert _numbers(_rows(store, plan)) == local
    assert Fate.DIVERGED in {row[1] for row in local}


def test_cancelled_sweep_on_a_cluster_keeps_what_was_finished() -> None:
    plan, arrived = _plan(epochs=1000), []
    with _cluster(workers=1) as (address, _), Store() as store:
        progress = run_sweep(
            *(plan, store, ClusterExecutor(address), lambda _, rows: arrived.extend(rows)),
            lambda: bool(arrived),
        )
        assert 0 < progress.done == len(_rows(store, plan)) < 12


def test_cluster_that_goes_away_is_told_and_what_was_finished_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = _plan(epochs=1000)
    with _cluster(workers=1) as (address, processes), Store() as store:

        def report(progress: Progress, rows: object) -> None:
            processes[0].kill()

        logger, logged = logging.getLogger("distributed.client"), []
        handler = logging.Handler()
        monkeypatch.setattr(handler, "emit", logged.append)
        logger.addHandler(handler)
        with pytest.raises(BackscopeError, match="gone away"):
            run_sweep(plan, store, ClusterExecutor(address), report)
        logger.removeHandler(handler)
        assert logged == []
        assert len(_rows(store, plan)) > 0


@pytest.mark.parametrize("silent", ["workers", "scheduler"])
def test_cluster_that_falls_silent_is_told_and_what_was_finished_stays(
    monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    plan = _plan(epochs=1000)
    words = {"workers": "has had no worker for 3", "scheduler": "has not answered for 3"}[silent]
    with _cluster(workers=2) as (address, processes), Store() as store:

        def report(progress: Progress, rows: object) -> None:
            monkeypatch.setattr(cluster, "PATIENCE", 3.0)
            for worker in processes[1:] if silent == "workers" else ():
                worker.kill()
            if silent == "scheduler":
                processes[0].send_signal(signal.SIGSTOP)

        with pytest.raises(BackscopeError, match=words):
            run_sweep(plan, store, ClusterExecutor(address), report)
        assert 0 < len(_rows(store, plan)) < 12


def test_cluster_without_workers_is_refused() -> None:
    with _cluster(workers=0) as (address, _), pytest.raises(BackscopeError, match="no workers"):
        _try(address)


@pytest.mark.parametrize("listening", [True, False])
def test_cluster_that_does_not_answer_is_refused_in_time(
    monkeypatch: pytest.MonkeyPatch, listening: bool
) -> None:
    """A port that accepts and stays silent, and one where nobody listens."""
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if listening:
            silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BackscopeError, match=f"no cluster answers at {re.escape(address)}"):
            _try(address)


@pytest.mark.parametrize(
    "address",
    ["", "here", "http://here:1", "tcp://here", "tcp://h:abc", "tcp://h:0", "tcp://h:65536"],
)
def test_what_is_no_address_is_refused_before_anything_is_asked(address: str) -> None:
    with pytest.raises(SettingsError, match="no address of a cluster"):
        ClusterExecutor(address)


@pytest.mark.parametrize("address", ["tcp://h:1", "tls://h.org:65535", "tcp://[::1]:8786"])
def test_what_may_be_an_address_is_taken(address: str) -> None:
    ClusterExecutor(address)


def test_tls_without_certificates_is_told_with_where_they_belong() -> None:
    with pytest.raises(BackscopeError, match="tls://127") as error:
        _try("tls://127.0.0.1:1")
    assert "certificates" in error.value.hint


def test_missing_package_is_told_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BackscopeError, match="distributed") as error:
        _try("tcp://127.0.0.1:1")
    assert "backscope[cluster]" in error.value.hint


def _try(address: str) -> None:
    with Store() as store:
        run_sweep(_plan(), store, ClusterExecutor(address))
