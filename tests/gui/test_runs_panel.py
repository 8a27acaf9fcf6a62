"""The table of runs: what it says, how it is sorted, chosen from, copied and exported."""

import csv
import io
import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.panels.runs_panel import RunsPanel
from gui.theme import DARK, LIGHT
from model.lab.outcome import Fate
from model.training.snapshots import State
from tests.gui.race_snapshots import race_of, with_run, with_run_refused

RUN, RATE, TRAIN, TEST, ACCURACY, AUC, REACHED, STATE, TIME = range(9)


@pytest.fixture
def race():
    return race_of()


@pytest.fixture
def panel(qtbot, race):
    panel = RunsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(1000, 220)
    panel.show()
    panel.show_race(race)
    return panel


def column(panel, number):
    return [panel.runs.item(row, number).text() for row in range(panel.runs.rowCount())]


def press_heading(panel, number):
    header = panel.table.horizontalHeader()
    x = header.sectionViewportPosition(number) + 12
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))


def press_row(panel, row, gesture=QTest.mouseClick):
    at = panel.table.visualRect(panel.runs.index(row, 1)).center()
    gesture(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_headings_name_what_varies_and_the_target(panel):
    headings = [panel.runs.horizontalHeaderItem(n).text() for n in range(9)]
    assert headings == [
        "Run", "Learning rate", "Loss (train)", "Loss (test)", "Accuracy", "AUC",
        "Epochs to 0.30", "State", "Time",
    ]  # fmt: skip


def test_cells_show_the_numbers_of_each_run(panel, race):
    run = race.runs[2]
    assert column(panel, RATE) == ["0.001", "0.01", "0.1", "1", "1e+100"]
    assert column(panel, TRAIN)[2] == f"{run.train_loss:.4f}"
    assert column(panel, ACCURACY)[2] == f"{100 * run.test_accuracy:.1f}\u202f%"
    assert column(panel, REACHED)[3] == str(race.runs[3].reached)
    assert column(panel, REACHED)[0] == "–"
    assert column(panel, STATE)[:4] == ["paused"] * 4
    assert column(panel, STATE)[4] == f"diverged at epoch {race.runs[4].epoch}"


def test_a_heading_sorts_numbers_as_numbers_and_failed_runs_last_both_ways(panel):
    press_heading(panel, RATE)
    assert column(panel, RATE) == ["0.001", "0.01", "0.1", "1", "1e+100"]
    press_heading(panel, RATE)
    assert column(panel, RATE) == ["1", "0.1", "0.01", "0.001", "1e+100"]
    press_heading(panel, TRAIN)
    losses = [float(text) for text in column(panel, TRAIN)[:4]]
    assert losses == sorted(losses)
    assert column(panel, RATE)[4] == "1e+100"


def test_runs_without_a_value_stand_last_in_their_own_order_both_ways(panel):
    for _ in range(2):
        press_heading(panel, REACHED)
        assert panel.runs.order == [3, 0, 1, 2, 4]


def test_the_order_follows_the_values_when_a_snapshot_comes_and_the_choice_stays(panel, race):
    press_heading(panel, TRAIN)
    panel.table.choose(1)
    panel.show_race(with_run(race, 1, train_loss=0.0001))
    assert panel.runs.order[0] == 1
    assert panel.table.chosen == 1


def test_a_row_chooses_its_run(panel, qtbot):
    press_heading(panel, RATE)
    press_heading(panel, RATE)
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        press_row(panel, 0)
    assert chosen.args == [3]
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert chosen.args == [2]
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        QTest.keyClick(panel.table, Qt.Key.Key_Escape)
    assert chosen.args == [None]


def test_highlighting_selects_a_row_and_tells_nobody(panel, qtbot):
    with qtbot.assertNotEmitted(panel.run_chosen):
        panel.highlight(3)
        assert panel.table.chosen == 3
        panel.highlight(None)
    assert panel.table.chosen is None


def test_double_click_and_enter_open_the_run(panel, qtbot):
    press_row(panel, 1)
    with qtbot.waitSignal(panel.run_opened) as opened:
        press_row(panel, 1, QTest.mouseDClick)
    assert opened.args == [1]
    with qtbot.waitSignal(panel.run_opened) as opened:
        QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert opened.args == [1]


def test_copy_puts_the_row_with_its_headings_on_the_clipboard(panel):
    press_row(panel, 2)
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, row = QApplication.clipboard().text().split("\n")
    assert head.split("\t")[RATE] == "Learning rate"
    assert row.split("\t")[RATE] == "0.1"
    QTest.keyClick(panel.table, Qt.Key.Key_Escape)
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert len(QApplication.clipboard().text().split("\n")) == 6


def test_csv_gives_every_number_back_exactly(panel, race):
    rows = list(csv.DictReader(io.StringIO(panel.runs.csv_text())))
    assert [float(row["training.learning_rate"]) for row in rows] == [0.001, 0.01, 0.1, 1, 1e100]
    assert [float(row["train_loss"]) for row in rows][:4] == [r.train_loss for r in race.runs][:4]
    assert rows[0]["epochs_to_0.3"] == ""
    assert rows[4]["state"] == "diverged"


def test_csv_quotes_a_list_of_layers(qtbot):
    panel = RunsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.show_race(race_of("network.layers", ((5,), (10, 5)), 2))
    rows = list(csv.DictReader(io.StringIO(panel.runs.csv_text())))
    assert [row["network.layers"] for row in rows] == ["[5]", "[10,5]"]
    assert column(panel, RATE) == ["5", "10, 5"]


def test_another_target_is_asked_for_and_nonsense_refused(panel, qtbot, race):
    field = panel.target_field
    field.setFocus()
    field.selectAll()
    with qtbot.waitSignal(panel.target_changed) as changed:
        QTest.keyClicks(field, "0.25")
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert changed.args == [0.25]
    panel.show_race(race)
    assert panel.runs.horizontalHeaderItem(REACHED).text() == "Epochs to 0.25"
    for nonsense in ("-1", "many", ""):
        field.setFocus()
        field.selectAll()
        with qtbot.assertNotEmitted(panel.target_changed):
            QTest.keyClicks(field, nonsense or " ")
            QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.failed
    assert panel.target == 0.25


def test_refused_runs_say_so_and_stand_last(panel, race):
    refused = with_run_refused(race, 0, "layers: 3 is not allowed")
    panel.show_race(refused)
    assert column(panel, STATE)[0] == "refused"
    assert "3 is not allowed" in panel.runs.item(0, STATE).toolTip()
    press_heading(panel, RATE)
    assert panel.runs.order == [1, 2, 3, 0, 4]
    assert column(panel, TRAIN)[3] == "–"


def test_seeds_have_a_column_where_there_are_several(qtbot, race):
    panel = RunsPanel(LIGHT)
    qtbot.addWidget(panel)
    variant = race.runs[1].variant
    network = variant.settings.network.model_copy(update={"seed": 3})
    other = replace(variant, settings=variant.settings.model_copy(update={"network": network}))
    panel.show_race(with_run(race, 1, variant=other))
    assert panel.runs.horizontalHeaderItem(2).text() == "Seed"
    assert column(panel, 2)[:2] == ["14", "3"]


def test_a_running_race_is_written_a_little_later(panel, qtbot, race):
    running = replace(with_run(race, 0, train_loss=0.125), state=State.RUNNING)
    panel.show_race(running)
    qtbot.waitUntil(lambda: column(panel, TRAIN)[0] == "0.1250", timeout=5000)
    assert column(panel, STATE)[0] == "running"


def test_a_converged_run_names_its_epoch_and_a_missing_auc_is_a_dash(panel, race):
    panel.show_race(with_run(race, 1, fate=Fate.CONVERGED, auc=math.nan))
    assert column(panel, STATE)[1] == "converged at epoch 40"
    assert column(panel, AUC)[1] == "–"


def test_columns_share_the_width_and_none_cuts_its_heading(panel):
    widths = [panel.table.columnWidth(number) for number in range(9)]
    assert sum(widths) <= panel.table.viewport().width()
    theme = DARK.scaled(2.0)
    panel.apply_theme(theme)
    metrics = QFontMetrics(panel.table.horizontalHeader().font())
    for number, column in enumerate(panel.runs.columns):
        assert panel.table.columnWidth(number) > metrics.horizontalAdvance(column.title)
    assert panel.table.rowHeight(0) == theme.px(26)


@pytest.mark.parametrize("text", ["abc", "-1"])
def test_a_target_that_is_none_says_why_and_escape_takes_it_back(panel, text, qtbot):
    field = panel.target_field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    with qtbot.assertNotEmitted(panel.target_changed):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert f"“{text}” is not allowed" in field.toolTip()
    assert QToolTip.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert "not allowed" not in field.toolTip()
    assert field.text() == "0.30"


def test_long_values_are_not_cut(qtbot):
    panel = RunsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(1000, 220)
    panel.show()
    path = "training.loss"
    panel.show_race(race_of(path, ("binary_cross_entropy", "half_squared_error"), epochs=2))
    text = panel.runs.item(0, 1).text()
    assert text == "Binary cross-entropy"
    assert panel.table.columnWidth(1) >= QFontMetrics(panel.table.font()).horizontalAdvance(text)
    widths = [panel.table.columnWidth(number) for number in range(9)]
    assert sum(widths) <= panel.table.viewport().width()
