"""`compare` on the command line: what it prints and writes, what it refuses, how it is ended."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import main
from model import RunSettings, Session
from model.lab.store import Store
from model.training.assignments import assigned

ROOT = Path(__file__).parents[1]
SETS = ("--set", "n_samples=60", "--set", "layers=[4]", "--set", "epochs=20")
VARY = ("--vary", "learning_rate=0.1,1", "--vary", "initializer=zeros,he", "--seeds", "2")
ONE = ("--jobs", "1")
NUMBERS = {"sweep.json", "runs.csv", "curves.csv", "runs.json", "runs.sqlite", "summary.md"}

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures need Qt's application; subprocesses draw them, the tests in this process do not."""
    if find_spec("PySide6") is not None:
        save = "gui.comparison_figures.save_comparison_figures"
        monkeypatch.setattr(save, lambda results, folder: ())


def refused(captured: Captured, status: int, arguments: Sequence[str]) -> str:
    """The one line with which a call is refused."""
    assert main.main(["compare", *arguments]) == status
    error = captured.readouterr().err
    assert error.startswith("backscope: ")
    assert error.count("\n") == 1
    return error


def lines_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "runs.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_grid_over_seeds_writes_its_files_and_prints_the_table(
    tmp_path: Path, capsys: Captured
) -> None:
    arguments = ["compare", *VARY, *SETS, "--jobs", "2", "--out", str(tmp_path / "a" / "b")]
    assert main.main(arguments) == 0
    output, error = capsys.readouterr()
    assert error == ""
    folder = tmp_path / "a" / "b"
    assert set(os.listdir(folder)) >= NUMBERS
    lines = lines_of(folder)
    assert [(line["learning_rate"], line["initializer"], line["seed"]) for line in lines] == [
        (rate, drawn, seed) for rate in ("0.1", "1") for drawn in ("zeros", "he") for seed in "01"
    ]
    for line in lines:
        sets = [f"{name}={line[name]}" for name in ("learning_rate", "initializer", "seed")]
        session = Session(assigned(RunSettings(), [*SETS[1::2], *sets]))
        session.run()
        scores = session.snapshot().test
        assert (line["state"], line["epochs"]) == ("finished", "20")
        assert float(line["test_loss"]) == pytest.approx(scores.loss, rel=1e-12)
        assert float(line["accuracy"]) == scores.accuracy
    table = [line.split() for line in output.splitlines()]
    medians = [float(line["loss"]) for line in lines]
    row = next(line for line in table if line[:4] == ["α", "=", "1,", "he"])
    assert row[4:6] == ["2", f"{np.median(medians[6:8]):.4f}"]
    assert "The lowest loss has" in output
    assert "\x1b" not in output


def test_figures_are_in_the_folder_and_in_the_summary(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    done = subprocess.run(
        [sys.executable, "main.py", "compare", *VARY, *SETS, *ONE, "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    figures = {f"{name}.{kind}" for name in ("bands", "rates", "heat") for kind in ("png", "svg")}
    assert set(os.listdir(tmp_path)) == NUMBERS | figures
    summary = (tmp_path / "summary.md").read_text()
    assert all(f"![{name}]({name}.png)" in summary for name in ("bands", "rates", "heat"))


def test_second_call_runs_only_what_is_missing(tmp_path: Path, capsys: Captured) -> None:
    out = ("--out", str(tmp_path))
    assert main.main(["compare", *VARY, *SETS, *ONE, *out]) == 0
    first = lines_of(tmp_path)
    assert main.main(["compare", *VARY, *SETS, *ONE, *out]) == 0
    assert "0 runs in" in (output := capsys.readouterr().out)
    assert "8 were there already" in output
    assert lines_of(tmp_path) == first
    assert main.main(["compare", *VARY[:4], "--seeds", "3", *SETS, *ONE, *out]) == 0
    assert "4 runs in" in (output := capsys.readouterr().out)
    assert "8 were there already" in output
    assert len(lines_of(tmp_path)) == 12


def test_written_sweep_repeats_the_comparison(tmp_path: Path, capsys: Captured) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert main.main(["compare", *VARY, *SETS, *ONE, "--out", str(one)]) == 0
    assert main.main(["compare", str(one / "sweep.json"), *ONE, "--out", str(two)]) == 0
    for name in ("sweep.json", "curves.csv"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_call_goes_over_the_sweep_file(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"vary": {"learning_rate": [0.1]}, "seeds": 5}))
    vary = ("--vary", "initializer=he,zeros", "--seeds", "1")
    assert main.main(["compare", str(file), *vary, *SETS, *ONE, "--out", str(tmp_path)]) == 0
    assert [line["initializer"] for line in lines_of(tmp_path)] == ["he", "zeros"]
    assert lines_of(tmp_path)[0]["epochs"] == "20"


def test_without_out_nothing_is_written(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.main(["compare", "--seeds", "2", *SETS, *ONE]) == 0
    assert "Written" not in capsys.readouterr().out
    assert os.listdir(tmp_path) == []


def test_diverged_and_refused_runs_among_others_are_no_failure(
    tmp_path: Path, capsys: Captured
) -> None:
    vary = ("--vary", "learning_rate=0.1,1e100,-1")
    assert main.main(["compare", *vary, *SETS, *ONE, "--out", str(tmp_path)]) == 0
    output = capsys.readouterr().out
    assert [line["state"] for line in lines_of(tmp_path)] == ["finished", "diverged", "refused"]
    assert "1 was refused, 1 diverged" in output
    assert "From 1e+100 on every run diverged." in output
    assert "above 0" in lines_of(tmp_path)[2]["reason"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "nothing varies"),
        (["--seeds", "0"], "seeds"),
        (["--seeds", "x"], "--seeds"),
        (["--jobs", "0", "--seeds", "2"], "--jobs"),
        (["--vary", "learning_rate"], "NAME=VALUE"),
        (["--vary", "learning_rate="], "learning_rate"),
        (["--vary", "rate=1"], "rate"),
        (["--vary", "seed=1,2", "--seeds", "2"], "seed"),
        (["--vary", "learning_rate=1", "--vary", "learning_rate=2"], "twice"),
        (["--vary", "learning_rate=1", "--set", "epochs=0"], "epochs"),
        (["/nowhere/none.json"], "none.json"),
        ([str(ROOT / "pyproject.toml")], "not JSON"),
        (["--settings", "a.json", "b.json"], "one of the two"),
        (["--seeds", "2", "--out", ""], "it is empty"),
        (["--vary", "learning_rate=1,2", "--set", "learning_rate=3"], "varies already"),
        (["--seeds", "2", "--set", "seed=3"], "varies already"),
    ],
)
def test_wrong_call_name_or_value_is_refused_with_2(
    capsys: Captured, arguments: list[str], word: str
) -> None:
    assert word in refused(capsys, 2, arguments)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--seeds", "2", "--cluster", "foo"], "'foo' is no address"),
        (["--seeds", "2", "--cluster", ""], "is no address"),
        (["--seeds", "2", "--cluster", "tcp://127.0.0.1:abc"], "is no address"),
        (["--vary", "learning_rate=nan,inf,-1,0"], "none of the runs is possible"),
        (["--vary", "layers=10,5", "--seeds", "3"], "layers=[10,5]"),
    ],
)
def test_call_that_can_give_nothing_is_refused_with_2_before_anything_is_done(
    tmp_path: Path, capsys: Captured, arguments: list[str], word: str
) -> None:
    call = [*arguments, "--set", "epochs=20", *ONE, "--out", str(tmp_path / "out")]
    assert main.main(["compare", *call]) == 2
    output, error = capsys.readouterr()
    assert word in error
    assert output == ""
    assert not (tmp_path / "out").exists()


def test_values_that_no_setting_can_have_are_refused_and_the_others_go_on(
    tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"vary": {"learning_rate": [null, true, "0.1", {}, [], NaN, 0.1]}}')
    assert main.main(["compare", str(file), *SETS, *ONE, "--out", str(tmp_path)]) == 0
    assert [line["state"] for line in lines_of(tmp_path)] == ["refused"] * 6 + ["finished"]
    assert main.main(["compare", str(tmp_path / "sweep.json"), *ONE, "--out", str(tmp_path)]) == 0
    assert "1 was there already, 6 were refused" in capsys.readouterr().out


def test_foreign_file_in_the_folder_is_refused_and_untouched(
    tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "runs.sqlite").write_text("mine")
    call = ["--seeds", "2", *SETS, *ONE, "--out", str(tmp_path)]
    assert "runs.sqlite is no SQLite file" in refused(capsys, 1, call)
    assert (tmp_path / "runs.sqlite").read_text() == "mine"
    assert os.listdir(tmp_path) == ["runs.sqlite"]


def test_million_runs_are_asked_about_first(capsys: Captured, tmp_path: Path) -> None:
    seeds = ["--seeds", "1000000", *SETS, "--out", str(tmp_path / "out")]
    error = refused(capsys, 2, seeds)
    assert error.startswith("backscope: 1,000,000 runs take about ")
    assert "--yes" in error
    assert not (tmp_path / "out").exists()


def test_only_what_is_missing_is_asked_about(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = [*SETS, *ONE, "--out", str(tmp_path)]
    assert main.main(["compare", "--seeds", "4", *call]) == 0
    monkeypatch.setattr(main, "MANY_RUNS", 2)
    assert main.main(["compare", "--seeds", "6", *call]) == 0
    assert "2 runs in" in capsys.readouterr().out
    error = refused(capsys, 2, ["--seeds", "9", *call])
    assert error.startswith("backscope: about 3 runs take about ")


@pytest.mark.parametrize(("answer", "status"), [("n\n", 1), ("\n", 1), ("yes\n", 0)])
def test_terminal_is_asked(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    monkeypatch.setattr(main, "MANY_RUNS", 1)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda words: asked.append(words) or answer)
    assert main.main(["compare", "--seeds", "2", *SETS, *ONE]) == status
    assert asked[0].startswith("2 runs take about ")
    assert ("nothing was run" in capsys.readouterr().err) == bool(status)


def test_cluster_that_is_not_there_is_1_with_one_line(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("model.lab.cluster.PATIENCE", 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        error = refused(capsys, 1, ["--seeds", "2", *SETS, "--cluster", address])
    assert f"no cluster answers at {address}" in error


@pytest.mark.skipif(os.name == "nt", reason="a signal of POSIX")
@pytest.mark.parametrize(
    ("jobs", "number", "status"),
    [("1", signal.SIGINT, 130), ("2", signal.SIGINT, 130), ("2", signal.SIGTERM, 143)],
)
def test_interrupted_sweep_keeps_what_was_finished(
    tmp_path: Path, jobs: str, number: signal.Signals, status: int
) -> None:
    # A shell's background jobs ignore the signal, and so would the program that is tested.
    code = (
        "import signal, sys, main; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "sys.exit(main.main(sys.argv[1:]))"
    )
    call = ["compare", "--seeds", "1000", *SETS, "--jobs", jobs, "--out", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-c", code, *call],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        next(line for line in process.stdout if " of 1,000 runs" in line)
        # As a terminal does: every process of the group gets it.
        os.killpg(process.pid, number)
        error = process.stderr.read()
        assert process.wait(30) == status
    with Store(tmp_path / "runs.sqlite", create=False) as store:
        kept = len(list(store.rows(1, curves=False)))
    words = f"backscope: interrupted: {kept} of 1000 runs are finished; they are kept in "
    assert error == f"{words}{tmp_path / 'runs.sqlite'}\n"
    assert 100 <= kept < 1000


def test_terminal_gets_a_progress_bar_and_the_same_table() -> None:
    pty = pytest.importorskip("pty")
    reading, writing = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "main.py", "compare", *VARY, *SETS, *ONE],
        cwd=ROOT,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "120"},
        stdout=writing,
        stderr=writing,
    )
    os.close(writing)
    output = bytearray()
    # Linux says that the other end is closed with an error, macOS with nothing.
    try:
        while chunk := os.read(reading, 65536):
            output += chunk
    except OSError:
        pass
    finally:
        os.close(reading)
    assert process.wait(30) == 0
    assert b"8/8" in output
    assert b"The lowest loss has" in output
    assert b"of 8 runs" not in output
