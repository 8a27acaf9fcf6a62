"""The command line: what it prints, what it writes, and its exit status."""

import csv
import errno
import importlib.metadata
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import numpy as np
import pytest

import main
from model import RunSettings, Session, train
from model.files.weights import read_weights
from model.training.assignments import assigned
from model.training.history import History

ROOT = Path(__file__).parents[1]
FIGURES = {f"{name}.{kind}" for name in ("loss", "boundary", "roc") for kind in ("png", "svg")}
NUMBERS = {"settings.json", "history.csv", "metrics.json", "weights.npz", "summary.md"}
SHORT = ("--set", "epochs=30", "--set", "n_samples=100")

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures need Qt's application; subprocesses draw them, the tests in this process do not."""
    if find_spec("PySide6") is not None:
        monkeypatch.setattr("gui.figures.save_run_figures", lambda snapshot, folder: ())


def program(
    *arguments: str, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A run of the program of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def refused(captured: Captured, status: int, arguments: Sequence[str]) -> str:
    """The one line with which a call is refused."""
    assert main.main(["train", *arguments]) == status
    error = captured.readouterr().err
    assert error.startswith("backscope: ")
    assert error.count("\n") == 1
    assert "Traceback" not in error
    return error


def table(text: str) -> dict[int, list[str]]:
    """The lines of the lab's table by their epochs."""
    lines = [line.split() for line in text.splitlines()]
    return {int(line[0]): line[1:] for line in lines if line and line[0].isdecimal()}


def test_train_prints_the_labs_table_and_the_scores() -> None:
    done = program("train")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    result = train(RunSettings())
    rows = table(done.stdout)
    assert list(rows) == [*range(0, 1000, 100), 999]
    for epoch, row in rows.items():
        assert row[:2] == [
            f"{result.history.loss[epoch]:.4f}",
            f"{result.history.test_loss[epoch]:.4f}",
        ]
    test = result.metrics["test"]
    scores = next(line for line in done.stdout.splitlines() if line.strip().startswith("test "))
    assert scores.split() == [
        "test",
        f"{test['loss']:.4f}",
        f"{100 * test['accuracy']:.2f}",
        "%",
        f"{test['auc']:.3f}",
    ]


def test_columns_are_aligned(capsys: Captured) -> None:
    assert main.main(["train", *SHORT]) == 0
    lines = capsys.readouterr().out.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("epoch"))
    rows = lines[start : lines.index("", start)]
    assert len({len(row) for row in rows}) == 1


def test_out_holds_every_file_of_the_run(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    done = program("train", *SHORT, "--out", str(tmp_path / "a" / "b"))
    folder = tmp_path / "a" / "b"
    assert (done.returncode, done.stderr) == (0, "")
    assert set(os.listdir(folder)) == NUMBERS | FIGURES
    result = train(assigned(RunSettings(), ["epochs=30", "n_samples=100"]))
    with (folder / "history.csv").open(newline="") as stream:
        rows = [[float(cell) for cell in row[1:]] for row in list(csv.reader(stream))[1:]]
    assert np.array_equal(rows, result.history.rows)
    assert json.loads((folder / "metrics.json").read_text()) == result.metrics
    X = np.random.default_rng(0).normal(size=(10, 2))
    stored = read_weights(folder / "weights.npz")
    assert np.array_equal(stored.predict_proba(X), result.predict_proba(X))
    for name in FIGURES:
        start = (folder / name).read_bytes()[:8]
        assert start == b"\x89PNG\r\n\x1a\n" if name.endswith("png") else start.startswith(b"<")


def test_written_settings_repeat_the_run(tmp_path: Path, capsys: Captured) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert main.main(["train", *SHORT, "--set", "seed=3", "--out", one]) == 0
    again = ["train", "--settings", str(tmp_path / "one" / "settings.json"), "--out", two]
    assert main.main(again) == 0
    for name in NUMBERS:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_set_goes_over_the_settings_of_a_file(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"training": {"epochs": 4}, "network": {"seed": 9}}')
    assert main.main(["train", "--settings", str(file), "--set", "epochs=3"]) == 0
    output = capsys.readouterr().out
    assert list(table(output)) == [0, 1, 2]
    assert "seed 9" in output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--set", "learning_rate=-1"], "training.learning_rate"),
        (["--set", "learning_rate=NaN"], "above 0"),
        (["--set", "learning_rate=nan"], "training.learning_rate: nan is not allowed"),
        (["--set", "learning_rate=1e400"], "training.learning_rate: inf is not allowed"),
        (["--set", "lerning_rate=1"], "training.learning_rate"),
        (["--set", "layers=[]"], "network.layers"),
        (["--set", "epochs"], "NAME=VALUE"),
        (["--set", "output_activation=tanh"], "sigmoid"),
        (["--set", "n_samples=4", "--set", "test_share=0.9"], "test_share"),
        (["--set"], "--set"),
        (["--sett", "epochs=3"], "--sett"),
        (["--settings", "/nowhere/none.json"], "none.json"),
        (["--settings", str(ROOT)], "is no file"),
        (["--settings", str(ROOT / "pyproject.toml")], "not JSON"),
        (["--settings", ""], "it is empty"),
        (["--out", ""], "it is empty"),
        (["--out", " "], "it is empty"),
        (["--set", "layers=10"], "[10,5]"),
        (["--set", "output_activation=relu"], "loss=half_squared_error"),
        (["moons"], "moons"),
    ],
)
def test_wrong_call_name_or_value_is_refused_with_2(
    capsys: Captured, arguments: list[str], word: str
) -> None:
    assert word in refused(capsys, 2, arguments)


def test_setting_that_a_file_names_twice_is_refused(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"training": {"epochs": 1, "epochs": 2}}')
    assert "a.json has 'epochs' twice" in refused(capsys, 2, ["--settings", str(file)])


@pytest.mark.parametrize("arguments", [["trian"], ["--"], ["--settings", "a.json", "train"]])
def test_call_without_a_known_command_is_refused_with_2(
    capsys: Captured, arguments: list[str]
) -> None:
    assert main.main(arguments) == 2
    assert capsys.readouterr().err.startswith("backscope: ")


def test_folder_that_cannot_be_written_is_refused_before_training(
    tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "file").touch()
    error = refused(capsys, 1, ["--out", str(tmp_path / "file")])
    assert "is a file, not a folder" in error
    assert table(capsys.readouterr().out) == {}
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc refuses even root")
def test_folder_that_refuses_even_root(capsys: Captured) -> None:
    assert "/proc/backscope" in refused(capsys, 1, ["--out", "/proc/backscope"])


def test_disk_that_fills_up_leaves_no_half_written_file(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = refused(capsys, 1, [*SHORT, "--out", str(tmp_path)])
    assert "no space left on device (make room, or choose another folder)" in error
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("rate", "reason"), [("1000", "2 times its first value"), ("1e100", "Z[2] became infinite")]
)
def test_diverged_run_is_1_with_its_reason_and_its_files(
    tmp_path: Path, capsys: Captured, rate: str, reason: str
) -> None:
    error = refused(capsys, 1, ["--set", f"learning_rate={rate}", "--out", str(tmp_path)])
    assert "Diverged at epoch" in error
    assert reason in error
    assert "try a learning rate of 0.1" in error
    assert set(os.listdir(tmp_path)) >= NUMBERS
    assert np.isfinite(read_weights(tmp_path / "weights.npz").network.parameters).all()


@pytest.mark.skipif(os.name == "nt", reason="a signal of POSIX")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_training_ends_with_one_line(number: signal.Signals, status: int) -> None:
    # A shell's background jobs ignore the signal, and so would the program that is tested.
    code = (
        "import signal, sys, main; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "sys.exit(main.main(['train', '--set', 'epochs=100000000']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        next(line for line in process.stdout if line.split()[:1] == ["0"])
        process.send_signal(number)
        error = process.stderr.read()
        assert process.wait(30) == status
    assert error.startswith("backscope: interrupted at epoch ")
    assert error.count("\n") == 1


def test_nothing_that_takes_long_is_imported_before_ctrl_c_is_answered() -> None:
    code = "import sys, main; print({'model', 'numpy', 'pydantic'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize("stream", ["1", "2"])
def test_closed_stream_is_no_error(stream: str) -> None:
    call = shlex.join([sys.executable, str(ROOT / "main.py"), "train", *SHORT])
    done = subprocess.run(
        f"{call} {stream}>&-", shell=True, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout == "") == (stream == "1")


@pytest.mark.skipif(os.name == "nt", reason="a signal of POSIX")
@pytest.mark.parametrize("arguments", [("train", *SHORT), ("--help",)])
def test_reader_that_has_left_ends_the_program_silently(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *arguments],
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_history_is_fetched_only_when_a_line_is_due(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every look copies it: a run of a million epochs cannot afford ten a second."""
    looks: list[int] = []
    history = Session.history

    def looked(session: Session) -> History:
        looks.append(session.epoch)
        assert history.fget is not None
        return cast(History, history.fget(session))

    monkeypatch.setattr(Session, "history", property(looked))
    monkeypatch.setattr(main, "SLICE", 0.0)
    assert main.main(["train", *SHORT]) == 0
    lines = table(capsys.readouterr().out)
    assert len(looks) <= len(lines) + 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_1_with_one_line() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "main.py", "train", *SHORT],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "backscope: the output cannot be written: No space left on device\n"


def test_output_that_knows_only_ascii_gets_question_marks() -> None:
    done = program("train", *SHORT, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 ? 10 ? 5 ? 1" in done.stdout


def test_terminal_gets_a_progress_bar_and_the_same_table() -> None:
    pty = pytest.importorskip("pty")
    reading, writing = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "main.py", "train", *SHORT],
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
    assert b"30/30" in output
    assert b"\x1b[" in output
    assert b"Reached 30 epochs" in output


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere there is always a display"
)
@pytest.mark.parametrize(
    ("display", "words"),
    [("", "There is no display for the window"), (":7777", "The display :7777 does not answer")],
)
def test_without_a_display_the_lab_runs_instead_of_the_window(display: str, words: str) -> None:
    done = program(DISPLAY=display, WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 0
    assert done.stderr == f"{words}; the lab runs without it.\n"
    assert "Reached 1000 epochs" in done.stdout


def test_no_command_opens_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr("gui.app.run", len)
    monkeypatch.setattr(main, "_command", lambda arguments: pytest.fail("no command was given"))
    assert main.main([]) == 0


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="only older Pythons abort")
@pytest.mark.parametrize(
    ("version", "status"), [("6.12.0", 1), ("6.13.0a1", 1), ("7.0", 1), ("6.10.3", 0)]
)
def test_pyside_that_aborts_is_refused_before_it_is_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, version: str, status: int
) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr("gui.app.run", lambda arguments: 0)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: version)
    assert main.main([]) == status
    assert (f"PySide6 {version} crashes" in capsys.readouterr().err) == bool(status)


def test_the_window_needs_no_typer_and_no_rich() -> None:
    code = "import sys, main; print({'typer', 'rich', 'gui', 'PySide6'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["train", "--help"]])
def test_help_lists_every_setting(capsys: Captured, arguments: list[str]) -> None:
    assert main.main(arguments) == 0
    text = capsys.readouterr().out
    for name in ("training.learning_rate", "network.layers", "data.factor", "data.split_seed"):
        assert name in text
    assert "1 to 20 whole numbers, each 1 to 1000" in " ".join(text.split())
    line = next(line for line in text.splitlines() if "training.learning_rate" in line)
    assert line.split() == ["training.learning_rate", "Learning", "rate", "0.01;", "above", "0"]


def test_version_is_that_of_the_project(capsys: Captured) -> None:
    assert main.main(["--version"]) == 0
    name, version = capsys.readouterr().out.split()
    assert name == "backscope"
    assert f'version = "{version}"' in (ROOT / "pyproject.toml").read_text()


def test_unexpected_error_is_one_line_that_says_where(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr("model.training.train.result_of", broken)
    monkeypatch.setattr(main, "_run", broken)
    error = refused(capsys, 1, SHORT)
    assert "ZeroDivisionError in test_command_line.py" in error


def test_program_runs_from_any_folder(tmp_path: Path) -> None:
    done = program("train", *SHORT, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
