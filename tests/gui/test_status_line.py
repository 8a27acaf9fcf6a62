"""The line at the bottom: what it says in each state, and what it leaves out first."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor

from gui.readings import explanation, grouped, percent, readings
from gui.theme import LIGHT
from gui.widgets.status_line import StatusLine
from model.training.session import Session
from model.training.snapshots import Failure, State

NAN = float("nan")


@pytest.fixture(scope="module")
def snapshot():
    first = Session().snapshot()
    test = replace(first.test, accuracy=0.89, auc=0.967)
    train = replace(first.train, loss=0.24608)
    return replace(first, state=State.RUNNING, epoch=412, iteration=412, train=train, test=test,
                   gradient_norm=0.03841, epochs_per_second=11840.0)  # fmt: skip


@pytest.fixture
def line(qtbot):
    line = StatusLine(LIGHT)
    qtbot.addWidget(line)
    line.resize(1280, LIGHT.px(26))
    return line


def failed(snapshot):
    failure = Failure(7, "Z[2] is not finite", "Z[2]", "try a smaller learning rate")
    return replace(snapshot, state=State.FAILED, failure=failure, epochs_per_second=0.0)


def test_readings_are_in_words_and_with_their_units(snapshot):
    assert [reading.plain for reading in readings(snapshot)] == [
        "epoch 412",
        "loss 0.2461",
        "test accuracy 89.0\u202f%",
        "AUC 0.967",
        "‖∇J‖ 0.0384",
        "11\u202f840 epochs/s",
    ]


def test_readings_name_what_is_not_a_number(snapshot):
    test = replace(snapshot.test, accuracy=NAN, auc=NAN)
    train = replace(snapshot.train, loss=float("inf"))
    broken = replace(snapshot, test=test, train=train, gradient_norm=NAN, epochs_per_second=NAN)
    assert [reading.value for reading in readings(broken)] == [
        "412",
        "∞",
        "not defined",
        "not defined",
        "NaN",
    ]


def test_readings_leave_out_what_was_not_asked_for(snapshot):
    paused = replace(snapshot, test=replace(snapshot.test, auc=None), epochs_per_second=0.0)
    words = [reading.before for reading in readings(paused)]
    assert words == ["epoch", "loss", "test accuracy", "‖∇J‖"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (11840.4, "11\u202f840"), (1e6, "1\u202f000\u202f000")],
)
def test_counts_stand_in_groups_of_three(number, text):
    assert grouped(number) == text


def test_percent_of_an_empty_set_is_not_defined():
    assert percent(0.8949) == "89.5\u202f%"
    assert percent(NAN) == "not defined"


def test_line_explains_the_state(line, snapshot):
    line.show_snapshot(failed(snapshot))
    assert explanation(failed(snapshot)) == (
        "at epoch 7: Z[2] is not finite; try a smaller learning rate"
    )
    assert "Failed at epoch 7" in line.plain_text()
    idle = replace(snapshot, state=State.IDLE)
    assert explanation(idle) == "press Space to train"
    done = replace(snapshot, state=State.FINISHED, finished_because="reached 1000 epochs")
    assert explanation(done) == "reached 1\u202f000 epochs"


def test_line_is_red_in_failure_only(line, snapshot):
    def red_pixels():
        image = line.grab().toImage()
        red = QColor(LIGHT.failure)
        return sum(
            image.pixelColor(x, y) == red
            for x in range(image.width())
            for y in range(image.height())
        )

    line.show_snapshot(snapshot)
    assert red_pixels() == 0
    line.show_snapshot(failed(snapshot))
    assert red_pixels() > 10


def test_line_drops_lesser_readings_first(line, snapshot):
    line.show_snapshot(snapshot)
    assert len(line.shown_readings()) == 6
    widths, kept = range(1280, 100, -40), []
    for width in widths:
        line.resize(width, 26)
        kept.append([reading.before for reading in line.shown_readings()])
    assert all(set(later) <= set(sooner) for sooner, later in pairwise(kept))
    assert next(words for words in kept if len(words) == 1) == ["loss"]


def test_line_fits_at_twice_the_scale(line, snapshot):
    line.apply_theme(LIGHT.scaled(2.0))
    line.show_snapshot(failed(snapshot))
    assert "loss" in [reading.before for reading in line.shown_readings()]
    assert line.minimumSizeHint().width() <= 0


def test_a_note_is_shown_for_a_while(line, snapshot, qtbot):
    line.show_snapshot(snapshot)
    line.show_message("Saved loss.png")
    assert line.message == "Saved loss.png"
    assert line.plain_text().startswith("Saved loss.png")
    assert [reading.before for reading in line.shown_readings()] == ["epoch"]
    line._timer.setInterval(1)
    qtbot.waitUntil(lambda: line.message == "")


def test_line_is_drawn_before_anything_is_known(line):
    assert line.plain_text() == ""
    assert not line.grab().isNull()


def test_mini_batches_are_counted(snapshot):
    training = snapshot.settings.training.model_copy(update={"batch_size": 300})
    settings = snapshot.settings.model_copy(update={"training": training})
    between = replace(snapshot, settings=settings, epoch=2, iteration=7)
    words = [reading.plain for reading in readings(between)]
    assert "iteration 7 (batch 2 of 3 next)" in words
    amid = replace(between, operation=3)
    assert "iteration 7 (batch 2 of 3)" in [reading.plain for reading in readings(amid)]
    assert not any("iteration" in reading.plain for reading in readings(snapshot))
