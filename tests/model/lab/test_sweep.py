"""Sweeps: the numbers of single runs, nothing run twice, and what happens when they are ended."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from model import RunSettings, Session
from model.errors import FileError, SettingsError
from model.lab import executors
from model.lab.estimate import estimate
from model.lab.executors import Block, ProcessExecutor, SerialExecutor, executor_for, outcomes_of
from model.lab.outcome import Fate, Outcome
from model.lab.results import Results, results_of
from model.lab.row import Row
from model.lab.stack import train_block
from model.lab.store import Store
from model.lab.sweep import Progress, missing_runs, run_sweep
from model.lab.sweep_plan import SweepPlan, planned
from model.lab.variants import Axis, Variant, axis_of
from model.training.assignments import assigned

ROOT = Path(__file__).parents[3]
SMALL = ("n_samples=60", "layers=[4]", "epochs=30")


def plan(*vary: str, seeds: int | None = None, sets: Sequence[str] = SMALL) -> SweepPlan:
    return SweepPlan(assigned(RunSettings(), sets), tuple(map(axis_of, vary)), seeds)


def rows_of(store: Store, wanted: SweepPlan) -> list[Row]:
    return list(store.rows(store.sweep(wanted.spec, wanted.title, wanted.count)))


def contents(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """Everything but the time that it took."""
    outcomes = [row.outcome for row in rows]
    numbers = [(repr(o.train), repr(o.test), o.curves.tobytes()) for o in outcomes]
    plain = [
        (row.variant, o.fate, o.reason, o.epochs) for row, o in zip(rows, outcomes, strict=True)
    ]
    return list(zip(plain, numbers, strict=True))


@pytest.mark.parametrize("executor", [SerialExecutor(), ProcessExecutor(2)])
def test_sweep_gives_the_numbers_of_single_runs(executor: SerialExecutor) -> None:
    wanted = plan("learning_rate=0.1,1", "layers=[4],[3,2]", seeds=2)
    with Store() as store:
        progress = run_sweep(wanted, store, executor)
        rows = rows_of(store, wanted)
    assert (progress.computed, progress.done, progress.total) == (8, 8, 8)
    assert [row.variant for row in rows] == list(wanted.variants())
    for row in rows:
        session = Session(row.variant.settings)
        session.run()
        np.testing.assert_allclose(row.outcome.curves, session.history.rows, rtol=1e-12)
        assert row.outcome.fate is Fate.FINISHED


def test_processes_give_the_same_bits_as_one() -> None:
    wanted, found = plan("learning_rate=0.1,1,1e100", seeds=6), []
    for executor in (SerialExecutor(), ProcessExecutor(2)):
        with Store() as store:
            run_sweep(wanted, store, executor)
            found.append(contents(rows_of(store, wanted)))
    assert found[0] == found[1]


def test_rows_are_in_the_store_when_they_are_reported() -> None:
    wanted, seen = plan("learning_rate=0.1,1", seeds=10), []

    with Store() as store:

        def report(progress: Progress, rows: tuple[Row, ...]) -> None:
            seen.append((progress.done, len(rows), len(rows_of(store, wanted))))

        run_sweep(wanted, store, SerialExecutor(), report)
    assert [done for done, _, _ in seen] == [stored for _, _, stored in seen]
    assert sum(count for _, count, _ in seen) == 20
    assert len(seen) > 1


def test_same_settings_are_never_computed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[RunSettings | None] = []

    def counted(block: Block) -> list[Outcome]:
        trained.extend(variant.settings for variant in block)
        return train_block(block)

    monkeypatch.setattr(executors, "train_block", counted)
    with Store() as store:
        run_sweep(plan("learning_rate=0.1,1", seeds=2), store, SerialExecutor())
        more = plan("learning_rate=0.1,1,2", seeds=3)
        progress = run_sweep(more, store, SerialExecutor())
        assert (progress.reused, progress.computed) == (4, 5)
        again = run_sweep(more, store, SerialExecutor())
        assert (again.reused, again.computed, again.done) == (9, 0, 9)
        assert [row.variant for row in rows_of(store, more)] == list(more.variants())
    assert len(trained) == len({repr(settings) for settings in trained}) == 9


class InBlocksOf(SerialExecutor):
    """One by one, a run has come out before another with the same settings is looked for."""

    def __init__(self, size: int) -> None:
        self._size = size

    def block(self, count: int) -> int:
        return self._size


@pytest.mark.parametrize("size", [1, 8])
def test_settings_that_mean_the_same_are_computed_once(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[Variant] = []

    def counted(block: Block) -> list[Outcome]:
        trained.extend(block)
        return train_block(block)

    monkeypatch.setattr(executors, "train_block", counted)
    wanted = plan("activation=relu,[relu],tanh", seeds=2)
    with Store() as store:
        progress = run_sweep(wanted, store, InBlocksOf(size))
        assert (progress.computed, progress.reused, progress.done) == (4, 2, 6)
        assert len(trained) == 4
        rows = rows_of(store, wanted)
        assert [row.variant.varied for row in rows] == [v.varied for v in wanted.variants()]
        assert contents(rows[:2])[0][1] == contents(rows[2:4])[0][1]
        other = plan("activation=relu,tanh", seeds=2, sets=(*SMALL, "timeline_memory=32"))
        assert run_sweep(other, store, InBlocksOf(size)).reused == 4


def test_run_that_fails_fails_for_those_with_the_same_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(block: Block) -> list[Outcome]:
        raise MemoryError("Unable to allocate 7 TiB")

    monkeypatch.setattr(executors, "train_block", broken)
    with Store() as store:
        progress = run_sweep(plan("activation=relu,[relu]"), store, SerialExecutor())
        assert (progress.refused, progress.done) == (2, 2)


def test_setting_that_is_refused_is_marked_and_the_others_go_on() -> None:
    wanted = plan("learning_rate=0.1,-1,1", "output_activation=sigmoid,tanh")
    with Store() as store:
        progress = run_sweep(wanted, store, SerialExecutor())
        rows = rows_of(store, wanted)
    assert (progress.computed, progress.refused) == (2, 4)
    refused = [row for row in rows if row.outcome.fate is Fate.REFUSED]
    assert [row.variant.number for row in refused] == [1, 2, 3, 5]
    assert "above 0" in refused[1].outcome.reason
    assert "sigmoid" in refused[0].outcome.reason
    assert all(row.variant.settings is None for row in refused)


def test_unexpected_error_marks_its_run_only_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(block: Block) -> list[Outcome]:
        if any(variant.number == 2 for variant in block):
            raise MemoryError("Unable to allocate 7 TiB")
        return train_block(block)

    wanted = plan("learning_rate=0.1,1", seeds=2)
    with Store() as store:
        with monkeypatch.context() as patch:
            patch.setattr(executors, "train_block", broken)
            assert run_sweep(wanted, store, SerialExecutor()).refused == 1
        rows = rows_of(store, wanted)
        assert [row.outcome.fate is Fate.REFUSED for row in rows] == [False, False, True, False]
        assert rows[2].outcome.reason == "MemoryError: Unable to allocate 7 TiB"
        again = run_sweep(wanted, store, SerialExecutor())
        assert (again.computed, again.reused) == (1, 3)
        assert rows_of(store, wanted)[2].outcome.fate is Fate.FINISHED


def die(block: Block) -> list[Outcome]:
    """Run in a worker: number 2 takes the whole process with it."""
    if any(variant.number == 2 for variant in block):
        os.kill(os.getpid(), signal.SIGKILL)
    return outcomes_of(block)


@pytest.mark.skipif(os.name == "nt", reason="a signal of POSIX")
def test_worker_that_dies_costs_only_the_run_it_dies_of(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = plan("learning_rate=0.1,1", seeds=2)
    monkeypatch.setattr(executors, "outcomes_of", die)
    with Store() as store:
        progress = run_sweep(wanted, store, ProcessExecutor(2))
        fates = [row.outcome.fate for row in rows_of(store, wanted)]
    assert (progress.computed, progress.refused) == (3, 1)
    assert [number for number, fate in enumerate(fates) if fate is Fate.REFUSED] == [2]


@pytest.mark.parametrize("executor", [SerialExecutor(), ProcessExecutor(2)])
def test_cancelled_sweep_keeps_what_was_finished_and_is_taken_up(
    executor: SerialExecutor,
) -> None:
    wanted, arrived = plan("learning_rate=0.1,1", seeds=16), []
    with Store() as store:
        progress = run_sweep(
            wanted, store, executor, lambda _, rows: arrived.extend(rows), lambda: bool(arrived)
        )
        assert 0 < progress.done == len(arrived) == len(rows_of(store, wanted)) < 32
        rest = run_sweep(wanted, store, executor)
    assert (rest.reused, rest.done) == (progress.done, 32)


def test_cancel_does_not_wait_for_a_long_run() -> None:
    """The process is killed in the middle of it: this test ends."""
    wanted = plan("learning_rate=0.1,0.2", sets=("epochs=100000000",))
    looks = iter(range(10))
    with Store() as store:
        progress = run_sweep(
            wanted, store, ProcessExecutor(2), cancelled=lambda: next(looks, None) is None
        )
        assert progress.done == 0
        assert rows_of(store, wanted) == []


def test_error_in_the_report_ends_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def report(progress: Progress, rows: object) -> None:
        raise FileError("the disk is full")

    wanted = plan("learning_rate=0.1,1", seeds=8)
    with Store() as store:
        with pytest.raises(FileError, match="full"):
            run_sweep(wanted, store, ProcessExecutor(2), report)
        assert 0 < len(rows_of(store, wanted)) < 16
    assert _children() == []


def test_million_runs_are_counted_without_being_made() -> None:
    values = tuple(range(1, 1001))
    axes = Axis("training.patience", values), Axis("data.seed", values)
    found = estimate(SweepPlan(RunSettings(), axes), jobs=2)
    assert found.runs == 1_000_000
    assert found.seconds > 1000


def test_long_grid_is_read_as_it_is_run() -> None:
    """Cancelled after the first runs, a million of them cost nothing."""
    values = tuple(range(1, 1001))
    axes = Axis("data.seed", values), Axis("network.seed", values)
    wanted, arrived = SweepPlan(assigned(RunSettings(), SMALL), axes), []
    with Store() as store:
        run_sweep(
            *(wanted, store, SerialExecutor(), lambda _, rows: arrived.extend(rows)),
            lambda: bool(arrived),
        )
    assert 0 < len(arrived) < 100


def test_empty_grid_is_refused() -> None:
    with pytest.raises(SettingsError, match="nothing varies"):
        plan()
    with pytest.raises(SettingsError, match="value is missing"):
        SweepPlan(RunSettings(), (Axis("training.learning_rate", ()),))


def test_only_missing_runs_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    assert missing_runs(plan(seeds=9), path, 100) == 9
    with Store(path) as store:
        run_sweep(plan(seeds=4), store, SerialExecutor())
    assert missing_runs(plan(seeds=9), None, 100) == 9
    assert missing_runs(plan(seeds=9), path, 100) == 5
    assert missing_runs(plan("learning_rate=0.01,-1", seeds=9), path, 100) == 5
    assert missing_runs(plan("learning_rate=1,2", seeds=10**8), path, 100) == 2 * 10**8 - 4
    assert estimate(plan("learning_rate=0.1,-1", seeds=3), runs=2).runs == 2


@pytest.mark.parametrize(
    ("vary", "words", "hint"),
    [
        (["learning_rate=nan,inf,-1,0"], "nan is not allowed; allowed is a number above 0", ""),
        (["layers=10,5"], "10 is not allowed", "layers=[10,5]"),
        (["data.factor=0.5"], "moons has no such setting", ""),
    ],
)
def test_plan_of_which_nothing_is_possible_says_why(vary: list[str], words: str, hint: str) -> None:
    wanted = plan(*vary, seeds=10**6)
    with pytest.raises(SettingsError, match=f"none of the runs is possible.*{words}") as error:
        wanted.check_possible()
    assert hint in error.value.hint
    plan("learning_rate=-1,1").check_possible()


@pytest.mark.parametrize(
    ("assignment", "seeds"), [("training.learning_rate=3", None), ("seed=3", 2)]
)
def test_single_value_for_what_varies_is_refused(assignment: str, seeds: int | None) -> None:
    axes = (axis_of("learning_rate=0.1,1"),)
    with pytest.raises(SettingsError, match="varies already"):
        planned(RunSettings(), [assignment], axes, seeds)
    assert planned(RunSettings(), ["epochs=7"], axes, seeds).settings.training.epochs == 7


def test_estimate_of_what_cannot_be_run_is_nothing() -> None:
    assert estimate(plan("learning_rate=-1,-2")).seconds == 0


def test_time_left_is_by_the_runs_since_the_first_arrived() -> None:
    told: list[Progress] = []
    clock = iter(range(0, 1000, 10))
    with Store() as store:
        run_sweep(
            *(plan("learning_rate=0.1,1", seeds=12), store, SerialExecutor()),
            lambda progress, _: told.append(progress),
            clock=lambda: next(clock),
        )
    assert [progress.done for progress in told] == [8, 16, 24]
    assert [progress.seconds for progress in told] == [10, 20, 30]
    assert [progress.left for progress in told] == [None, 10, 0]


def test_results_hold_rows_without_curves_and_their_bands() -> None:
    wanted = plan("learning_rate=0.1,1", "initializer=zeros,he", seeds=3)
    with Store() as store:
        run_sweep(wanted, store, SerialExecutor())
        found: Results = results_of(wanted, rows_of(store, wanted))
    assert [row.variant for row in found.rows] == list(wanted.variants())
    assert all(len(row.outcome.curves) == 0 for row in found.rows)
    assert [summary.runs for summary in found.summaries] == [3] * 4
    assert [len(band.epochs) for band in found.bands] == [30] * 4
    assert found.rates is not None
    heat = found.heat("accuracy")
    assert heat is not None
    assert heat.values.shape == (2, 2)
    assert results_of(plan(seeds=1), ()).rates is None


def test_executor_is_chosen_by_jobs_and_cluster() -> None:
    kinds = [type(executor_for(1)), type(executor_for(2)), type(executor_for(2, "tcp://h:1"))]
    assert [kind.__name__ for kind in kinds] == [
        "SerialExecutor",
        "ProcessExecutor",
        "ClusterExecutor",
    ]


def _children() -> list[int]:
    """The processes that this one has started and that are still there, loky's tracker aside."""
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "popen_loky" in line]


RUNNER = """
import sys
from pathlib import Path
from model.files.sweep_json import read_sweep
from model.lab.executors import ProcessExecutor
from model.lab.store import Store
from model.lab.sweep import run_sweep

with Store(Path(sys.argv[2])) as store:
    def told(progress, rows):
        print("told", *(row.variant.number for row in rows), "end", flush=True)
    run_sweep(read_sweep(Path(sys.argv[1])), store, ProcessExecutor(2), told)
"""


def _killed_again_and_again(folder: Path, kills: int) -> None:
    """Kill the runner at random times after its first finished run until the sweep is done."""
    draw = random.Random(kills)
    wanted = plan("learning_rate=0.1,1", seeds=20 * kills, sets=("epochs=20", "n_samples=60"))
    file, path = folder / "sweep.json", folder / "runs.sqlite"
    file.write_text(json.dumps(wanted.values))
    finished: set[int] = set()
    for _ in range(kills):
        finished |= _run_and_kill(file, path, draw.uniform(0, 0.3))
        with Store(path, create=False) as store:
            stored = [row.variant.number for row in store.rows(1)]
        assert len(stored) == len(set(stored))
        assert finished <= set(stored)
        finished = set(stored)
    with Store(path) as store:
        progress = run_sweep(wanted, store, ProcessExecutor(2))
        assert progress.reused >= len(finished) > 0
        rows = rows_of(store, wanted)
    with Store() as other:
        run_sweep(wanted, other, SerialExecutor())
        assert contents(rows) == contents(rows_of(other, wanted))


def _run_and_kill(file: Path, path: Path, seconds: float) -> set[int]:
    """The numbers that the runner told before it was killed; its processes go with it."""
    arguments = [sys.executable, "-c", RUNNER, str(file), str(path)]
    with subprocess.Popen(
        arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as runner:
        assert runner.stdout is not None
        assert runner.stderr is not None
        first = runner.stdout.readline()
        time.sleep(seconds)
        runner.kill()
        # The workers hold the other ends of both pipes: reading ends when the last is gone.
        rest = runner.stdout.read()
        runner.stderr.read()
    assert first.startswith("told")
    return _told(first + rest)


def _told(text: str) -> set[int]:
    """The numbers in whole lines; a worker may complain in between that nobody reads its result."""
    lines = re.findall(r"told ([\d ]+) end", text)
    return {int(number) for line in lines for number in line.split()}


@pytest.mark.skipif(os.name == "nt", reason="a signal of POSIX")
def test_killed_sweep_loses_and_doubles_nothing(tmp_path: Path) -> None:
    _killed_again_and_again(tmp_path, 5)


@pytest.mark.soak
@pytest.mark.skipif(os.name == "nt", reason="a signal of POSIX")
def test_sweep_killed_fifty_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    _killed_again_and_again(tmp_path, 50)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_disk_that_fills_up_ends_the_sweep_with_what_was_finished(tmp_path: Path) -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000));"
        f"import sys; from model.errors import FileError\ntry:\n    exec({RUNNER!r})\n"
        "except FileError as error:\n    print('told:', error.message, error.hint)"
    )
    wanted = plan("learning_rate=0.1,1", seeds=60)
    file, path = tmp_path / "sweep.json", tmp_path / "runs.sqlite"
    file.write_text(json.dumps(wanted.values))
    done = subprocess.run(
        [sys.executable, "-c", code, str(file), str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "told: runs.sqlite cannot" in done.stdout
    finished = _told(done.stdout)
    with Store(path) as store:
        assert {row.variant.number for row in store.rows(1)} == finished
        assert 0 < len(finished) < 120
        assert run_sweep(wanted, store, ProcessExecutor(2)).reused == len(finished)
