"""The files of a run: what is in them is what the run gave, digit for digit."""

import csv
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import RunSettings, Session, train
from model.errors import FileError, SettingsError
from model.files.history_csv import BLOCK, write_history
from model.files.metrics_json import write_metrics
from model.files.results import WRITERS, write_results
from model.files.settings_json import read_settings, write_settings
from model.files.weights import read_weights
from model.training.assignments import assigned
from model.training.history import COLUMNS, History
from model.training.train import Result, result_of


def result(*assignments: str) -> Result:
    return train(assigned(RunSettings(), assignments))


@pytest.fixture(scope="module")
def short() -> Result:
    return result("epochs=30", "n_samples=100")


def read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="") as stream:
        head, *lines = csv.reader(stream)
    return head, lines


def test_history_csv_holds_every_number_exactly(tmp_path: Path, short: Result) -> None:
    write_history(tmp_path / "history.csv", short.history)
    head, lines = read_csv(tmp_path / "history.csv")
    assert head == ["epoch", *COLUMNS]
    assert head[1:] == ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    assert [int(line[0]) for line in lines] == list(range(30))
    numbers = np.array([[float(cell) for cell in line[1:]] for line in lines])
    assert np.array_equal(numbers, short.history.rows)


def test_history_csv_goes_on_over_the_blocks_it_is_written_in(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).random((2 * BLOCK + 1, 4))
    write_history(tmp_path / "history.csv", History(rows))
    written = np.loadtxt(tmp_path / "history.csv", delimiter=",", skiprows=1)
    assert np.array_equal(written[:, 0], np.arange(len(rows)))
    assert np.array_equal(written[:, 1:], rows)


def test_history_csv_without_a_test_set_says_nan(tmp_path: Path) -> None:
    write_history(tmp_path / "h.csv", result("test_share=0", "epochs=2", "n_samples=20").history)
    _, lines = read_csv(tmp_path / "h.csv")
    assert [line[2] for line in lines] == ["nan", "nan"]


def test_history_csv_of_a_run_without_a_complete_epoch_has_a_head(tmp_path: Path) -> None:
    write_history(tmp_path / "h.csv", Session(RunSettings()).history)
    assert read_csv(tmp_path / "h.csv") == (["epoch", *COLUMNS], [])


def test_metrics_json_is_as_the_result_has_them(tmp_path: Path, short: Result) -> None:
    write_metrics(tmp_path / "metrics.json", short.metrics)
    assert json.loads((tmp_path / "metrics.json").read_text()) == short.metrics


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_metrics_json_has_null_for_what_json_cannot_say(tmp_path: Path, value: float) -> None:
    write_metrics(tmp_path / "m.json", {"test": {"auc": value, "loss": 0.5}})
    text = (tmp_path / "m.json").read_text()
    assert json.loads(text) == {"test": {"auc": None, "loss": 0.5}}


@pytest.mark.parametrize(
    "assignments",
    [(), ("name=circles", "factor=0.3"), ("layers=[3,4]", "activation=[tanh,relu]", "seed=7")],
)
def test_settings_come_back_as_they_were(tmp_path: Path, assignments: tuple[str, ...]) -> None:
    settings = assigned(RunSettings(), assignments)
    write_settings(tmp_path / "settings.json", settings)
    assert read_settings(tmp_path / "settings.json", RunSettings) == settings


def settings_file(folder: Path, content: Any) -> Path:
    path = folder / "mine.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_settings_that_a_file_does_not_name_keep_their_defaults(tmp_path: Path) -> None:
    path = settings_file(tmp_path, {"training": {"learning_rate": 0.5}})
    assert read_settings(path, RunSettings) == assigned(RunSettings(), ["learning_rate=0.5"])


def test_settings_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert read_settings(settings_file(tmp_path, b"\xef\xbb\xbf{}"), RunSettings) == RunSettings()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b'{"training": ', "not JSON.*line 1"),
        (b"\xff\xfe{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1, 2]", "does not hold settings"),
        (b'"training"', "does not hold settings"),
        (b" " * 1_000_001, "too large"),
    ],
)
def test_file_without_settings_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FileError, match=r"mine\.json.*" + words):
        read_settings(settings_file(tmp_path, content), RunSettings)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no file"):
        read_settings(tmp_path / "none.json", RunSettings)
    with pytest.raises(FileError, match="is no file"):
        read_settings(tmp_path, RunSettings)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"training": {"learning_rate": -1}}, "training.learning_rate"),
        ({"training": {"learning_rate": math.nan}}, "training.learning_rate"),
        ({"training": {"momentum": 0.9}}, "training.momentum"),
        ({"network": {"layers": []}}, "network.layers"),
        ({"speed": 1}, "speed"),
    ],
)
def test_bad_setting_in_a_file_is_named_with_the_file(
    tmp_path: Path, values: Any, field: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(settings_file(tmp_path, values), RunSettings)
    assert caught.value.message.startswith("mine.json: ")
    assert caught.value.field == field


def test_results_are_all_there_and_the_weights_predict_the_same(
    tmp_path: Path, short: Result
) -> None:
    assert write_results(tmp_path, short) == list(WRITERS)
    assert sorted(os.listdir(tmp_path)) == sorted(WRITERS)
    raw = short.data.raw(short.data.X_test)
    stored = read_weights(tmp_path / "weights.npz")
    assert np.array_equal(stored.predict_proba(raw), short.predict_proba(raw))


def test_two_runs_of_one_seed_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_results(tmp_path / name, result("epochs=20", "batch_size=64"))
    for name in WRITERS:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_results_of_a_session_stopped_by_hand(tmp_path: Path) -> None:
    session = Session(RunSettings())
    session.run(epochs=3)
    write_results(tmp_path, result_of(session))
    assert len(read_csv(tmp_path / "history.csv")[1]) == 3
