"""summary.md and the lab's table: sentences and numbers of the run that was made."""

import math
import re

import pytest

from model import RunSettings, train
from model.files.epoch_table import TITLES, table_epochs, table_row
from model.files.lab_sheet import differences
from model.files.number_text import auc_text, loss_text, percent_text
from model.files.observations import observations
from model.files.summary import summary
from model.settings_fields import describe
from model.settings_text import settings_text
from model.training.assignments import assigned
from model.training.train import Result


def result(*assignments: str) -> Result:
    return train(assigned(RunSettings(), assignments))


@pytest.fixture(scope="module")
def lab() -> Result:
    return result()


def rows_under(text: str, title: str) -> list[list[str]]:
    """The cells of the table in a section, head and rule left out."""
    section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_table_of_the_lab_is_every_hundred_and_the_last() -> None:
    assert table_epochs(1000) == [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 999]


@pytest.mark.parametrize("epochs", [1, 2, 7, 10, 11, 99, 101, 300, 999, 1001, 12_345, 10**8])
def test_table_of_any_run_has_about_ten_lines_with_both_ends(epochs: int) -> None:
    shown = table_epochs(epochs)
    assert shown[0] == 0
    assert shown[-1] == epochs - 1
    assert shown == sorted(set(shown))
    assert min(epochs, 4) <= len(shown) <= 11


def test_table_of_nothing_is_empty() -> None:
    assert table_epochs(0) == []


def test_table_row_has_a_cell_a_title(lab: Result) -> None:
    row = table_row(lab.history, 100)
    assert len(row) == len(TITLES)
    assert row[:2] == ("100", f"{lab.history.loss[100]:.4f}")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.34412, "0.3441"),
        (0.0, "0.0000"),
        (1.5e-7, "1.500e-07"),
        (123456.0, "1.235e+05"),
        (math.nan, "–"),
        (math.inf, "∞"),
    ],
)
def test_loss_text_is_short_and_never_zero_by_rounding(value: float, text: str) -> None:
    assert loss_text(value) == text


def test_shares_and_auc_as_the_lab_writes_them() -> None:
    assert (percent_text(0.86), percent_text(math.nan)) == ("86.00 %", "–")
    assert (auc_text(0.9174), auc_text(math.nan)) == ("0.917", "–")


def test_summary_of_the_lab_has_the_losses_of_the_run(lab: Result) -> None:
    rows = rows_under(summary(lab), "Loss")
    assert [row[0] for row in rows] == [str(epoch) for epoch in table_epochs(1000)]
    assert rows[5][1:3] == [f"{lab.history.loss[500]:.4f}", f"{lab.history.test_loss[500]:.4f}"]


def test_summary_of_the_lab_stands_beside_the_sheet(lab: Result) -> None:
    rows = rows_under(summary(lab), "Beside the lab's sheet")
    assert [row[2] for row in rows] == ["0.8247", "0.5036", "0.3927", "0.3441", "86.00 %", "0.917"]
    assert rows[0][1] == f"{lab.history.loss[0]:.4f}"
    assert rows[3][1:] == [
        f"{lab.history.loss[999]:.4f}",
        "0.3441",
        "0.260 to 0.360",
        "inside",
    ]
    assert [row[4] for row in rows[3:]] == ["inside"] * 3


def test_another_seed_is_still_the_lab_and_may_lie_outside() -> None:
    text = summary(result("seed=3"))
    assert "0.8247" in text
    assert "no yardstick" not in text


@pytest.mark.parametrize("assignment", ["learning_rate=0.1", "epochs=200", "data.seed=1"])
def test_other_settings_are_not_measured_by_the_sheet(assignment: str) -> None:
    run = result(assignment)
    text = summary(run)
    assert len(differences(run.settings)) == 1
    assert f"`{differences(run.settings)[0]}`" in text
    assert "0.8247" not in text


def test_observations_say_how_the_loss_fell_and_what_was_told_right(lab: Result) -> None:
    text = "\n".join(observations(lab))
    for epoch in (0, 100, 500, 999):
        assert f"{lab.history.loss[epoch]:.4f} at epoch {epoch}" in text
    right = round(lab.metrics["test"]["accuracy"] * 200)
    assert f"{right} of 200 test points right" in text
    assert f"AUC on the test set is {lab.metrics['test']['auc']:.3f}" in text


def test_observations_of_a_network_that_learns_nothing() -> None:
    text = "\n".join(observations(result("initializer=zeros", "epochs=200", "test_share=0.5")))
    assert "levelled off" in text
    assert "still falling" not in text


def test_observations_of_an_overfitted_network_say_so() -> None:
    run = result("n_samples=60", "noise=0.6", "layers=[50,50]", "learning_rate=0.5", "epochs=3000")
    assert run.history.test_loss[-1] > 1.5 * run.history.test_loss.min()
    assert "overfitting" in "\n".join(observations(run))
    assert "no sign of" not in "\n".join(observations(run))


def test_one_class_in_the_test_set_has_no_auc() -> None:
    run = result("n_samples=4", "test_share=0.25", "epochs=5")
    assert "not defined" in "\n".join(observations(run))
    assert rows_under(summary(run), "Result")[1][3] == "–"


@pytest.mark.parametrize("rate", ["1000", "1e100", "1e300", "1.7e308"])
def test_diverged_run_gets_no_conclusions_but_its_reason(rate: str) -> None:
    run = result(f"learning_rate={rate}")
    assert run.failure is not None
    text = summary(run)
    assert f"Diverged at epoch {run.failure.epoch}: {run.failure.reason}" in text
    assert "try a learning rate of 0.1" in text
    assert not re.search("falls|overfitting|more epochs|told right", text)


def test_summary_names_every_setting_and_the_scaling(lab: Result) -> None:
    text = summary(lab)
    names = [row[2].strip("`") for row in rows_under(text, "Settings")]
    assert names == [field.path for field in describe(lab.settings)]
    scaling = rows_under(text, "Scaling of the inputs")
    assert [float(row[1]) for row in scaling] == lab.data.mean.tolist()
    assert [float(row[2]) for row in scaling] == lab.data.scale.tolist()
    for figure in ("loss.png", "boundary.png", "roc.png"):
        assert f"]({figure})" in text


def test_unscaled_inputs_are_named() -> None:
    text = summary(result("scaling=none", "epochs=1"))
    assert "sees the features as they are" in text


def test_settings_text_has_every_setting_in_eighty_columns() -> None:
    text = "\n".join(settings_text(RunSettings))
    assert all(len(line) < 80 for line in text.splitlines())
    for field in describe(RunSettings):
        line = next(line for line in text.splitlines() if f" {field.path} " in line)
        assert field.title in line
