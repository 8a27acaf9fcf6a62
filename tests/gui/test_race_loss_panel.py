"""The curves of a race: labels that do not touch, clipped failures, choice, scale, reading."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from gui.panels.race_loss_panel import RaceLossPanel
from gui.run_colours import run_colours
from gui.theme import DARK, LIGHT
from model.lab.outcome import Fate
from model.training.history_part import HistoryPart
from model.training.snapshots import State
from tests.gui.race_snapshots import race_of, with_run, with_run_refused
from tests.gui.run_snapshots import darkest, picture_of, shows


@pytest.fixture
def race():
    return race_of()


@pytest.fixture
def panel(qtbot, race):
    panel = RaceLossPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(600, 260)
    panel.show()
    panel.show_race(race)
    return panel


def label_of(panel, number):
    return next(label for label in panel.picture.end_labels() if label.number == number)


def press(panel, at, gesture=QTest.mouseClick):
    gesture(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())


def test_every_run_has_a_label_at_its_end_and_none_touches_another(panel):
    labels = panel.picture.end_labels()
    assert {label.text for label in labels} == {"0.001", "0.01", "0.1", "1", "1e+100"}
    line = QFontMetricsF(LIGHT.font(11)).height()
    apart = [label.at.y() for label in labels if label.apart]
    assert all(below - above >= line - 0.01 for above, below in pairwise(apart))
    rect = panel.plot.rect_of_plot
    assert all(rect.top() <= label.at.y() <= rect.bottom() for label in labels)
    text = max(QFontMetricsF(LIGHT.font(11)).horizontalAdvance(x.text) for x in labels)
    assert max(label.at.x() for label in labels) + text <= panel.plot.width()


def test_equal_losses_are_labelled_in_the_order_of_their_ends(panel, race):
    same = race
    for number in range(4):
        same = with_run(same, number, train_loss=0.3 + 1e-6 * number, history=race.runs[0].history)
    panel.show_race(same)
    labels = [label for label in panel.picture.end_labels() if label.apart]
    assert [label.number for label in labels] == [3, 2, 1, 0]
    heights = [label.at.y() for label in labels]
    assert heights == sorted(heights)


def test_curves_are_drawn_in_their_colours_at_their_losses(panel, race):
    picture = picture_of(panel.plot)
    colours = run_colours(race, LIGHT)
    for number in (0, 2):
        loss = race.runs[number].history.rows[20, 0]
        assert shows(picture, colours[number].name(), panel.plot.pixel(20, loss)), number


def test_a_diverged_curve_ends_inside_the_picture_where_it_diverged(panel, race):
    label = label_of(panel, 4)
    rect = panel.plot.rect_of_plot
    assert not label.apart
    assert rect.adjusted(-1, -1, 1, 1).contains(label.end)
    assert label.end.x() < panel.plot.pixel(race.runs[4].epoch + 1, 0).x()
    _, high = panel.plot.ranges()[1]
    assert high <= 2.2 * max(run.history.rows[0, 0] for run in race.runs)


def test_history_parts_are_joined_to_whole_curves(panel, race):
    first = race.runs[0]
    rows = first.history.rows
    further = with_run(
        race, 0, epoch=42, history=HistoryPart(40, np.full((2, 4), 0.4)), train_loss=0.39
    )
    panel.show_race(replace(further, epoch=42))
    trace = panel.curves.traces[0]
    np.testing.assert_array_equal(trace.values, [*rows[:, 0], 0.4, 0.4])
    assert trace.present == 0.39


def test_going_back_shortens_the_curves(panel, race):
    back = race
    for number in range(4):
        back = with_run(back, number, epoch=10, history=HistoryPart(10, np.empty((0, 4))))
    panel.show_race(replace(back, epoch=10))
    assert [panel.curves.traces[number].epoch for number in range(4)] == [10] * 4


def test_test_losses_and_a_logarithmic_axis_can_be_chosen(panel, race):
    QTest.keyClick(panel.head_widgets()[0], Qt.Key.Key_Down)
    assert panel.curves.traces[1].present == race.runs[1].test_loss
    QTest.keyClick(panel.head_widgets()[1], Qt.Key.Key_Down)
    assert panel.logarithmic
    lowest = min(run.test_loss for run in race.runs[:4])
    assert 10 ** panel.plot.ranges()[1][0] <= lowest


def test_a_click_on_a_curve_chooses_its_run_and_a_click_beside_all_lets_go(panel, race, qtbot):
    at = panel.plot.pixel(20, race.runs[0].history.rows[20, 0])
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        press(panel, at)
    assert chosen.args == [0]
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        press(panel, label_of(panel, 2).at + QPointF(4, 0))
    assert chosen.args == [2]
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        press(panel, panel.plot.rect_of_plot.center() - QPointF(0, 80))
    assert chosen.args == [None]


def test_a_double_click_opens_the_run_of_a_curve(panel, race, qtbot):
    at = panel.plot.pixel(20, race.runs[0].history.rows[20, 0])
    with qtbot.waitSignal(panel.run_opened) as opened:
        press(panel, at, QTest.mouseDClick)
    assert opened.args == [0]


def test_pointing_at_a_curve_reads_its_value(panel, race):
    loss = race.runs[1].history.rows[30, 0]
    at = panel.plot.pixel(30, loss)
    QTest.mouseMove(panel.plot.viewport(), at.toPoint())
    panel.plot.hovered.emit(at)
    assert panel.plot.accessibleDescription() == f"0.01; epoch 30; train {loss:.4f}"
    panel.plot.unhovered.emit()
    assert panel.picture.cursor is None


def test_keys_read_values_and_choose_curves(panel, race, qtbot):
    panel.highlight(2)
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.picture.cursor == (40, 2)
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.picture.cursor == (39, 2)
    order = [label.number for label in panel.picture.end_labels()]
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        QTest.keyClick(panel.plot, Qt.Key.Key_Down)
    assert chosen.args == [order[order.index(2) + 1]]
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.picture.cursor is None
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert chosen.args == [None]


def test_the_highlighted_curve_keeps_its_colour_and_the_others_fade(panel, race):
    panel.highlight(2)
    picture = picture_of(panel.plot)
    colours = run_colours(race, LIGHT)
    mine = panel.plot.pixel(20, race.runs[2].history.rows[20, 0])
    other = panel.plot.pixel(25, race.runs[3].history.rows[25, 0])
    assert shows(picture, colours[2].name(), mine)
    assert not shows(picture, colours[3].name(), other)


def test_another_race_starts_with_empty_curves(panel, race):
    fresh = race_of("network.activation", ("relu", "tanh"), 3)
    panel.show_race(replace(fresh, generation=2))
    assert [trace.epoch for trace in panel.curves.traces.values()] == [3, 3]
    assert panel.subtitle == "by activation"


def test_refused_runs_have_no_curve(panel, race):
    panel.show_race(with_run_refused(replace(race, generation=5), 2, "no"))
    assert 2 not in panel.curves.traces
    assert {label.number for label in panel.picture.end_labels()} == {0, 1, 3, 4}


def test_a_running_race_keeps_its_labels_inside_while_the_axis_follows(panel, race, qtbot):
    running = replace(race, state=State.RUNNING, epoch=40, epochs=41)
    panel.show_race(running)
    qtbot.waitUntil(lambda: panel.plot.ranges()[0][1] > 40, timeout=5000)
    panel.apply_theme(DARK.scaled(1.5))
    labels = panel.picture.end_labels()
    width = QFontMetricsF(DARK.scaled(1.5).font(11)).horizontalAdvance
    assert all(x.at.x() + width(x.text) <= panel.plot.width() for x in labels)


def test_nothing_at_all_says_what_to_do(qtbot):
    panel = RaceLossPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(500, 200)
    picture = picture_of(panel.plot)
    assert darkest(picture) < 200


def test_labels_of_runs_that_ended_at_different_epochs_do_not_run_together(panel, race):
    ended = race
    for number, epoch in enumerate((40, 38, 36, 34, 32)):
        part = HistoryPart(0, race.runs[1].history.rows[:epoch])
        ended = with_run(
            ended, number, history=part, epoch=epoch, fate=Fate.CONVERGED, train_loss=0.5
        )
    panel.show_race(replace(ended, generation=9))
    panel.highlight(4)
    boxes = [panel.picture._box(label) for label in panel.picture.end_labels()]
    assert len(boxes) >= 3
    for number, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[number + 1 :])
    assert any(label.number == 4 for label in panel.picture.end_labels())
