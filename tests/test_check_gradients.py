"""`check-gradients`: what it prints, what it writes, its exit status, and the supplied example."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import main
from tests.model.own_code import in_rows, own_arrays, saved

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "resources" / "examples"
MISTAKE = "dZ2 = dA2 * (1 - Z2**2)"
MENDED = "dZ2 = dA2 * (1 - A2**2)"

Captured = pytest.CaptureFixture[str]


def check(path: Path, *arguments: str) -> int:
    return main.main(["check-gradients", str(path), *arguments])


def refused(captured: Captured, arguments: Sequence[str]) -> str:
    """The one line with which a call is refused; a 1 would say that gradients differ."""
    assert main.main(["check-gradients", *arguments]) == 2
    output = captured.readouterr()
    assert output.err.startswith("backscope: ")
    assert output.err.count("\n") == 1
    assert "Traceback" not in output.err
    assert "tensor" not in output.out
    return output.err


def rows(text: str) -> dict[str, list[str]]:
    """The lines of the table by their tensors: shape, relative difference, verdict."""
    start = next(i for i, line in enumerate(text.splitlines()) if line.startswith("tensor"))
    lines = text.splitlines()[start + 1 :]
    table = [line.split("  ") for line in lines[: lines.index("")]]
    return {cells[0].strip(): [c.strip() for c in cells[1:] if c.strip()] for cells in table}


def run_script(folder: Path, source: str) -> Path:
    """The file that a copy of the example writes beside itself."""
    script = folder / "broken_backprop.py"
    script.write_text(source, encoding="utf-8")
    subprocess.run([sys.executable, str(script)], check=True, timeout=60)
    return folder / "broken_backprop.npz"


def test_supplied_example_is_found_at_its_line(capsys: Captured) -> None:
    assert check(EXAMPLES / "broken_backprop.npz") == 1
    output = capsys.readouterr().out
    assert "First wrong tensor: dZ2" in output
    assert "Z[2] is put in where A[2] belongs" in output
    assert "Also wrong" not in output
    assert rows(output)["dA2"][-1] == "✓ agrees"
    assert rows(output)["dZ2"][-1] == "✗ differs"
    assert rows(output)["dW1"][-1] == "· wrong, but right for your dZ1"
    assert output.endswith("The gradients differ.\n")


def test_a_zero_has_no_sign(tmp_path: Path, capsys: Captured) -> None:
    arrays = own_arrays("relu", mistakes={"dW2": lambda t: -0.0 * t["dW2"]})
    assert check(saved(tmp_path, arrays)) == 1
    output = capsys.readouterr().out
    assert "] is 0 in your file and should be " in output
    assert "-0 " not in output


def test_mended_example_agrees(capsys: Captured) -> None:
    assert check(EXAMPLES / "correct_backprop.npz") == 0
    output = capsys.readouterr().out
    assert {cells[-1] for cells in rows(output).values()} == {"✓ agrees"}
    assert "agree with central differences" in output
    assert output.endswith("The gradients agree.\n")


@pytest.mark.parametrize(
    ("name", "line"), [("broken_backprop.npz", MISTAKE), ("correct_backprop.npz", MENDED)]
)
def test_supplied_files_are_what_the_example_writes(tmp_path: Path, name: str, line: str) -> None:
    source = (EXAMPLES / "broken_backprop.py").read_text(encoding="utf-8")
    assert source.count(MISTAKE) == 1
    written = run_script(tmp_path, source.replace(MISTAKE, line))
    with np.load(written) as again, np.load(EXAMPLES / name) as supplied:
        assert set(again) == set(supplied)
        for key in set(supplied) - {"activations", "loss"}:
            np.testing.assert_allclose(again[key], supplied[key], rtol=1e-9, atol=1e-12)
    assert (EXAMPLES / name).stat().st_size < 50_000


def test_textbook_convention_agrees_and_is_named(tmp_path: Path, capsys: Captured) -> None:
    assert check(saved(tmp_path, in_rows(own_arrays(late=True)))) == 0
    output = capsys.readouterr().out
    assert "Another convention: 1/m stands in dW and db" in output
    assert rows(output)["dZ1"][-1] == "✓ agrees, m times larger by convention"
    assert output.endswith("The gradients agree.\n")


def test_wrong_J_beside_right_gradients_is_said_so(tmp_path: Path, capsys: Captured) -> None:
    arrays = own_arrays()
    assert check(saved(tmp_path, arrays | {"J": 2 * arrays["J"]})) == 1
    assert capsys.readouterr().out.endswith("Every dW and db in the file agrees, but not J.\n")


def test_what_was_inferred_assumed_and_ignored_is_said(tmp_path: Path, capsys: Captured) -> None:
    arrays = in_rows(own_arrays("relu")) | {"activations": None, "loss": None, "dw1": np.ones(2)}
    assert check(saved(tmp_path, arrays)) == 0
    output = capsys.readouterr().out
    assert "12 samples in rows, W stored as (inputs, units)" in output
    assert "3 → 4 → 4 → 1 (ReLU, ReLU, Sigmoid), Binary cross-entropy" in output
    assert "assumed: activation, output_activation, loss" in output
    assert "mean nothing here: dw1" in output


def test_functions_come_from_set_then_the_file_then_settings(
    tmp_path: Path, capsys: Captured
) -> None:
    arrays = own_arrays("tanh", "identity", "half_squared_error")
    named = {"activations": None, "loss": None}
    path = saved(tmp_path, arrays | named)
    words = ["activation=[tanh,tanh]", "output_activation=identity", "loss=half_squared_error"]
    assert check(path, *(part for word in words for part in ("--set", word))) == 0
    assert "assumed" not in capsys.readouterr().out
    settings = tmp_path / "mine.json"
    settings.write_text(
        '{"network": {"activation": "tanh", "output_activation": "identity"},'
        ' "training": {"loss": "half_squared_error"}}'
    )
    assert check(path, "--settings", str(settings)) == 0
    assert check(saved(tmp_path, arrays), "--set", "activation=relu") == 1
    assert "it is Tanh of Z[1]" in capsys.readouterr().out


def test_out_holds_the_report(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "a" / "b"
    assert check(EXAMPLES / "broken_backprop.npz", "--out", str(folder)) == 1
    assert os.listdir(folder) == ["gradients.md"]
    text = (folder / "gradients.md").read_text(encoding="utf-8")
    assert "| dZ2    | (40, 4) |" in text
    assert "First wrong tensor: dZ2" in text
    assert f"Written to {folder / 'gradients.md'}" in capsys.readouterr().out


def test_orientation_is_an_option(tmp_path: Path, capsys: Captured) -> None:
    arrays = own_arrays(sizes=(3, 3, 1), m=3)
    del arrays["Z1"]
    path = saved(tmp_path, arrays)
    assert "--orientation rows or --orientation columns" in refused(capsys, [str(path)])
    assert check(path, "--orientation", "columns") == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "FILE"),
        (["/nowhere/none.npz"], "there is no file"),
        ([str(ROOT / "pyproject.toml")], "no readable .npz"),
        (["{file}", "--orientation", "diagonal"], "diagonal"),
        (["{file}", "--set", "epochs=3"], "training.epochs means nothing to a comparison"),
        (["{file}", "--set", "activation=sine"], "sine"),
        (["{file}", "--set", "output_activation=tanh"], "sigmoid"),
        (["{file}", "--set", "activation=[tanh,tanh,tanh]"], "3 layers"),
        (["{file}", "--settings", "/nowhere/none.json"], "none.json"),
        (["{file}", "--out", "{file}"], "is a file, not a folder"),
    ],
)
def test_what_cannot_be_compared_is_2_with_one_line(
    tmp_path: Path, capsys: Captured, arguments: list[str], word: str
) -> None:
    path = saved(tmp_path, own_arrays())
    assert word in refused(capsys, [part.format(file=path) for part in arguments])


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"W2": None}, "has no W2"),
        ({"activations": np.array(["relu"])}, "1 activations for 3 layers"),
        ({"activations": np.array(["relu", "sine", "sigmoid"])}, "sine"),
        ({"loss": np.array("hinge")}, "hinge"),
        ({"Y": np.full((1, 12), 2.0)}, "between 0 and 1"),
        ({"X": np.full((3, 12), np.nan)}, "not finite"),
    ],
)
def test_file_that_cannot_be_compared_is_2(
    tmp_path: Path, capsys: Captured, changes: dict[str, object], word: str
) -> None:
    assert word in refused(capsys, [str(saved(tmp_path, own_arrays() | changes))])


def test_program_prints_no_traceback_and_no_warning_for_numbers_that_overflow(
    tmp_path: Path,
) -> None:
    with np.errstate(all="ignore"):
        arrays = own_arrays(inputs={"W3": np.full((1, 4), 1e200)})
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "check-gradients", str(saved(tmp_path, arrays))],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "not finite" in done.stdout


def test_help_says_what_the_exit_status_means(capsys: Captured) -> None:
    assert main.main(["check-gradients", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "0 agree, 1 differ, 2" in text
