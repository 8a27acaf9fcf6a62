"""The files of a sweep: every number exactly, every sentence from the numbers."""

import csv
import errno
import json
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from model import RunSettings
from model.errors import FileError, SettingsError
from model.files.comparison_files import kept_runs, write_comparison
from model.files.comparison_summary import opening
from model.files.comparison_words import conclusions, ended_words, progress_words, table_lines
from model.files.number_text import duration_text
from model.files.plain_table import plain_table
from model.files.runs_csv import column_names
from model.files.sweep_json import plan_of, read_sweep, write_sweep
from model.lab.executors import SerialExecutor
from model.lab.outcome import Fate, Outcome, ShareScores, refused
from model.lab.results import Results, results_of
from model.lab.row import Row
from model.lab.store import Store
from model.lab.sweep import Progress, run_sweep
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import axis_of
from model.training.assignments import assigned

SETS = ("n_samples=60", "layers=[4]", "epochs=20")
BLIND = ShareScores(0.5, 0.5, 0.5)


def plan(*vary: str, seeds: int | None = None) -> SweepPlan:
    return SweepPlan(assigned(RunSettings(), SETS), tuple(map(axis_of, vary)), seeds)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a sweep writes, beside its store."""
    folder = tmp_path_factory.mktemp("sweep")
    wanted = plan("learning_rate=0.1,1e100,-1", "layers=[4],[3,2]", "epochs=20,7", seeds=2)
    with Store(folder / "runs.sqlite") as store:
        run_sweep(wanted, store, SerialExecutor())
        results = results_of(wanted, store.rows(1))
        names = write_comparison(folder, results, store, 1)
    assert sorted(names) == sorted(path.name for path in folder.iterdir())
    return folder


def stored(folder: Path) -> list[Row]:
    with Store(folder / "runs.sqlite", create=False) as store:
        return list(store.rows(1))


def test_runs_csv_holds_every_number_exactly(folder: Path) -> None:
    with (folder / "runs.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    rows = stored(folder)
    assert len(lines) == len(rows) == 24
    for line, row in zip(lines, rows, strict=True):
        train, test = row.outcome.train, row.outcome.test
        wanted = (*(train.loss, test.accuracy, test.auc), *vars(train).values())
        names = ("loss", "accuracy", "auc", "train_loss", "train_accuracy", "train_auc")
        assert [line[name] for name in names] == list(map(repr, wanted))
        assert line["state"] == row.outcome.fate
        assert int(line["epochs"]) == row.outcome.epochs
        assert int(line["run"]) == row.variant.number
        assert int(line["seed"]) == row.variant.number % 2
        assert (line["learning_rate"], json.loads(line["layers"])) == (
            json.dumps(row.variant.varied[0][1]),
            list(row.variant.varied[1][1]),
        )
        assert int(line["training.epochs"]) == row.variant.varied[2][1]
    assert {line["state"] for line in lines} == {"finished", "diverged", "refused"}


def test_columns_have_short_names_where_they_mean_nothing_else() -> None:
    wanted = plan("learning_rate=1", "training.epochs=1", "network.seed=1,2", "data.seed=1")
    assert column_names(wanted) == ("learning_rate", "training.epochs", "data.seed")


def test_curves_csv_holds_every_epoch_of_every_run(folder: Path) -> None:
    written = np.loadtxt(folder / "curves.csv", delimiter=",", skiprows=1)
    rows = stored(folder)
    curves = [row.outcome.curves for row in rows]
    assert np.array_equal(written[:, 2:], np.concatenate(curves), equal_nan=True)
    wanted = [(row.variant.number, k) for row in rows for k in range(row.outcome.epochs)]
    assert np.array_equal(written[:, :2], wanted)


def test_runs_json_holds_the_sweep_and_its_runs(folder: Path) -> None:
    values = json.loads((folder / "runs.json").read_text())
    rows = stored(folder)
    assert plan_of(values["sweep"]) == read_sweep(folder / "sweep.json")
    assert [run["state"] for run in values["runs"]] == [row.outcome.fate for row in rows]
    first = values["runs"][0]
    assert first["varied"] == {
        "training.learning_rate": 0.1,
        "network.layers": [4],
        "training.epochs": 20,
    }
    assert first["train"] == vars(rows[0].outcome.train)
    assert values["runs"][-1]["test"] == {"loss": None, "accuracy": None, "auc": None}


def test_summary_has_the_table_and_the_conclusion(folder: Path) -> None:
    text = (folder / "summary.md").read_text()
    fates = [row.outcome.fate for row in stored(folder)]
    counts = [f"{fates.count(fate)} {fate}" for fate in ("finished", "diverged", "refused")]
    assert f"24 runs ({', '.join(counts)})" in text
    assert "Runs diverged with α = 1e+100" in text
    assert "8 runs were refused, as with α = -1" in text
    assert "Up to a learning rate of 0.1 no run diverged." in text


def test_sweep_file_comes_back(tmp_path: Path) -> None:
    wanted = plan("layers=[4],[3,2]", "batch_size=null,10", "activation=relu,[tanh]", seeds=3)
    write_sweep(tmp_path / "s.json", wanted)
    assert read_sweep(tmp_path / "s.json") == wanted


def test_sweep_file_needs_none_of_its_parts_and_the_call_goes_over_it(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text('{"vary": {"seed": [1, 2]}}')
    assert read_sweep(file) == SweepPlan(RunSettings(), (axis_of("seed=1,2"),))
    file.write_text('{"settings": {"training": {"epochs": 5}}, "seeds": 9}')
    found = read_sweep(file, ["epochs=6"], [axis_of("learning_rate=1,2")], 3)
    assert found.settings.training.epochs == 6
    assert (found.axes, found.seeds) == ((axis_of("learning_rate=1,2"),), 3)


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ("[]", FileError, "does not hold a sweep"),
        ("{", FileError, "is not JSON"),
        ("{}", SettingsError, "nothing varies"),
        ('{"vari": {}}', SettingsError, "'vari'"),
        ('{"vary": []}', SettingsError, "vary is no object"),
        ('{"vary": {"alpha": [1]}}', SettingsError, "alpha"),
        ('{"vary": {"learning_rate": 1}}', SettingsError, "no list"),
        ('{"vary": {"learning_rate": []}}', SettingsError, "value is missing"),
        ('{"settings": {"training": {"epochs": 0}}, "seeds": 2}', SettingsError, "epochs"),
        ('{"seeds": "2"}', SettingsError, "seeds"),
        ('{"seeds": 0}', SettingsError, "seeds"),
        ('{"seeds": 2, "seeds": 3}', FileError, "'seeds' twice"),
        ('{"vary": {"epochs": [1], "seed": [1], "epochs": [2]}}', FileError, "'epochs' twice"),
        ('{"seeds": true}', SettingsError, "seeds"),
        ('{"seeds": 2, "vary": {"seed": [1]}}', SettingsError, "seed"),
    ],
)
def test_sweep_file_that_is_wrong_is_refused(
    tmp_path: Path, content: str, error: type[Exception], words: str
) -> None:
    (tmp_path / "mine.json").write_text(content)
    with pytest.raises(error, match=words) as caught:
        read_sweep(tmp_path / "mine.json")
    assert "mine.json" in str(caught.value)


def results(vary: str, *groups: Sequence[float | None]) -> Results:
    """One group of losses for each value; infinity is a run that diverged, None one refused."""
    wanted = plan(vary, seeds=len(groups[0]))
    losses = [loss for group in groups for loss in group]
    rows = [Row(v, outcome(loss)) for v, loss in zip(wanted.variants(), losses, strict=True)]
    return results_of(wanted, rows)


def outcome(loss: float | None) -> Outcome:
    if loss is None:
        return refused("MemoryError: too large")
    fate = Fate.DIVERGED if math.isinf(loss) else Fate.FINISHED
    scores = ShareScores(loss, 1 - loss, 1.0)
    return Outcome(fate, "", 0, scores, scores, np.empty((0, 4)), 1.0)


def said(found: Results) -> str:
    return " ".join(conclusions(found))


def test_conclusion_names_the_best_and_says_that_it_is_clear() -> None:
    text = said(results("initializer=he,zeros", [0.1, 0.2, 0.3], [0.5, 0.6, 0.7]))
    assert text == "The lowest loss has he: 0.2000 in the median of 3 runs. No run diverged."


def test_conclusion_says_where_the_difference_is_within_the_spread() -> None:
    text = said(results("initializer=he,zeros", [0.1, 0.2, 0.3], [0.15, 0.25, 0.35]))
    assert "not clearly apart from zeros (0.2500)" in text


def test_conclusion_prefers_what_never_fails() -> None:
    text = said(results("initializer=he,zeros", [0.1, math.inf], [0.5, 0.5]))
    assert text.startswith("The lowest loss without a failure has zeros: 0.5000")
    assert "Runs diverged with he (1 of 2)." in text


def test_conclusion_names_another_value_of_higher_accuracy() -> None:
    found = results("initializer=he,zeros", [0.1], [0.5])
    rows = list(found.rows)
    scores = ShareScores(0.5, 0.99, 1.0)
    better = Outcome(Fate.FINISHED, "", 0, scores, scores, np.empty((0, 4)), 1.0)
    text = said(results_of(found.plan, [rows[0], Row(rows[1].variant, better)]))
    assert "The highest accuracy has zeros: 99.00 %, beside 90.00 % for he." in text


def test_conclusion_where_every_value_fails_tells_the_lowest_loss_from_the_fewest_failures() -> (
    None
):
    inf = math.inf
    text = said(results("initializer=he,zeros", [1.7, 1.7, inf], [0.2, inf, inf]))
    assert text.startswith("The lowest loss has zeros: 0.2000 in one run.")
    assert "The smallest share of failures has he: 33.33 %." in text
    text = said(results("initializer=he,zeros", [0.1, inf], [0.2, inf]))
    assert "failures" not in text


def test_conclusion_names_a_tie_as_one() -> None:
    text = said(results("batch_size=null,800,10", [0.25], [0.25], [0.5]))
    assert text.startswith(
        "The lowest loss is the same with batch full; batch 800: 0.2500 in one run."
        " How sure that is, one run each does not tell: several seeds would."
    )
    text = said(results("batch_size=null,800", [0.25, 0.35], [0.25, 0.35]))
    assert "apart" not in text


def test_conclusion_of_one_seed_says_how_little_that_is() -> None:
    assert "one run each does not tell" in said(results("initializer=he,zeros", [0.1], [0.5]))
    many = said(results("initializer=he,zeros", [0.1, 0.1], [0.5, 0.5]))
    assert "one run each" not in many


def test_conclusion_says_how_many_it_does_not_name() -> None:
    values = ",".join(str(number) for number in range(1, 14))
    text = said(results(f"patience={values}", *([math.inf, 0.5] for _ in range(13))))
    assert "patience 10 (1 of 2) and 3 more." in text
    rows = [
        Row(row.variant, Outcome(Fate.FINISHED, "", 0, BLIND, BLIND, np.empty((0, 4)), 1.0))
        for row in results(f"patience={values}", *([0.5] for _ in range(13))).rows
    ]
    text = said(results_of(plan(f"patience={values}", seeds=1), rows))
    assert "patience 10 (1 of 1) and 3 more." in text
    why = [Row(row.variant, refused(f"reason {k}")) for k, row in enumerate(rows)]
    text = said(results_of(plan(f"patience={values}", seeds=1), why))
    assert "3 more were refused for other reasons; runs.csv has them." in text
    assert "No run diverged" not in text


def test_opening_counts_one_run_as_one() -> None:
    found = results("noise=0.1", [0.5])
    assert opening(found) == "noise, 1 seed: 1 run (1 finished)."


def test_figures_of_an_earlier_sweep_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in ("heat.png", "rates.svg", "mine.png"):
        (tmp_path / name).touch()
    found = results("initializer=he,zeros", [0.1], [0.5])
    with Store() as store:
        sweep = store.sweep("spec", "name", 2)
        names = write_comparison(tmp_path, found, store, sweep)
    assert {path.name for path in tmp_path.iterdir()} == {*names, "mine.png"} - {"runs.sqlite"}


def test_figure_that_cannot_be_removed_is_told(tmp_path: Path) -> None:
    (tmp_path / "heat.png").mkdir()
    found = results("initializer=he,zeros", [0.1], [0.5])
    with Store() as store, pytest.raises(FileError, match=r"heat\.png is of other runs"):
        write_comparison(tmp_path, found, store, store.sweep("spec", "name", 2))


def test_full_disk_says_that_no_run_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="no space left on device") as error, kept_runs(tmp_path):
        write_sweep(tmp_path / "sweep.json", plan(seeds=1))
    assert error.value.hint.startswith("make room, or choose another folder; all runs are kept in ")


def test_conclusion_of_nothing_but_failures() -> None:
    text = said(results("learning_rate=1,2", [math.inf], [None]))
    assert "lowest" not in text
    assert "1 run was refused, as with α = 2: MemoryError: too large." in text


def test_conclusion_over_seeds_alone() -> None:
    text = said(results_of(plan(seeds=1), [Row(next(plan(seeds=1).variants()), outcome(0.5))]))
    assert text == "All runs: loss 0.5000 in one run. No run diverged."
    text = said(results("learning_rate=0.1", [0.5]))
    assert text.startswith("α = 0.1: loss 0.5000 in one run.")


def test_long_table_holds_the_best() -> None:
    values = ",".join(str(number) for number in range(1, 101))
    found = results(f"patience={values}", *([1 - number / 200] for number in range(100)))
    lines, note = table_lines(found)
    assert len(lines) == 50
    assert lines[0][2] == "0.5050"
    assert "best 50 of 100" in note


def test_plain_table_sets_numbers_to_the_right() -> None:
    lines = [("he", "1"), ("zeros", "10")]
    assert list(plain_table(("", "n"), lines, numbers=True)) == [
        "        n",
        "he      1",
        "zeros  10",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min 0 s"),
        (125, "2 min 5 s"),
        (12000, "3 h 20 min"),
        (1e6, "11 days"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_progress_in_words() -> None:
    progress = Progress(2000, 1200, 5, 1, 2, seconds=30, left=19.9)
    assert progress_words(progress) == "1,206 of 2,000 runs; about 20 s left"
    words = "1,200 runs in 30 s, 5 were there already, 1 was refused, 2 diverged"
    assert ended_words(progress) == words


def test_conclusion_tells_a_constant_output_from_a_good_one() -> None:
    """A rate far too large leaves finite, dead networks: no run diverged, and none has learned."""
    base = assigned(RunSettings(), ("n_samples=200", "epochs=30"))
    wanted = SweepPlan(base, (axis_of("learning_rate=0.5,30"),), 2)
    with Store() as store:
        run_sweep(wanted, store, SerialExecutor())
        text = said(results_of(wanted, store.rows(1)))
    assert "Runs diverged with α = 30 (1 of 2)." in text
    words = "these give every sample the same output (AUC 0.5) and tell nothing apart: "
    assert text.partition(words)[2].startswith("α = 30 (1 of 1). ")
