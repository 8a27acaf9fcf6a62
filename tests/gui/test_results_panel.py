import csv
import io
import statistics

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.panels.results_panel import RUNS, VALUES, ResultsPanel
from gui.theme import DARK, LIGHT
from model.lab.outcome import Fate
from tests.gui.sweep_results import RATES, TABLE, part_of, swept


@pytest.fixture
def panel(qtbot: QtBot) -> ResultsPanel:
    panel = ResultsPanel(LIGHT)
    qtbot.addWidget(panel)
    for widget in panel.head_widgets():
        qtbot.addWidget(widget)
    panel.resize(980, 300)
    panel.show()
    panel.show_results(swept(RATES))
    return panel


def column(panel: ResultsPanel, title: str) -> list[str]:
    """The texts of a column, from the top down."""
    model = panel.model
    number = [column.title for column in model.columns].index(title)
    return [model.index(row, number).data() for row in range(model.rowCount())]


def click_heading(panel: ResultsPanel, title: str) -> None:
    header = panel.table.horizontalHeader()
    number = [column.title for column in panel.model.columns].index(title)
    across = header.sectionViewportPosition(number) + 20
    place = QPoint(across, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def double_click(panel: ResultsPanel, row: int) -> None:
    place = panel.table.visualRect(panel.model.index(row, 1)).center()
    viewport = panel.table.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)


def test_an_empty_panel_says_what_to_do(panel: ResultsPanel) -> None:
    assert panel.table.isVisible()
    panel.show_results(None)
    assert not panel.table.isVisible()
    assert panel.model.rowCount() == 0


def test_values_have_their_medians_and_counts(panel: ResultsPanel) -> None:
    results = swept(RATES)
    assert column(panel, "Learning rate") == ["0.01", "0.1", "1", "1e+100"]
    assert column(panel, "Runs") == ["3"] * 4
    losses = [row.outcome.train.loss for row in results.rows[:3]]
    assert column(panel, "Loss")[0] == f"{statistics.median(losses):.4f}"
    assert column(panel, "Loss")[3] == "–"
    assert column(panel, "Diverged") == ["–", "–", "–", "3 of 3"]
    assert panel.subtitle == "medians over 3 seeds · double-click a line for its runs"


def test_headings_sort_both_ways_and_what_has_no_number_stays_last(panel: ResultsPanel) -> None:
    click_heading(panel, "Loss")
    rising = column(panel, "Loss")
    click_heading(panel, "Loss")
    falling = column(panel, "Loss")
    assert rising[:3] == sorted(rising[:3])
    assert falling[:3] == rising[2::-1]
    assert rising[3] == falling[3] == "–"


def test_names_are_sorted_as_the_plan_has_them(panel: ResultsPanel) -> None:
    panel.show_results(swept(*TABLE))
    assert column(panel, "Weights") == ["zeros"] * 3 + ["he"] * 3
    click_heading(panel, "Activation")
    assert column(panel, "Activation") == ["relu", "relu", "tanh", "tanh", "sigmoid", "sigmoid"]


def test_a_value_opens_into_its_runs_and_a_run_is_wished_for(panel: ResultsPanel) -> None:
    opened = QSignalSpy(panel.run_opened)
    double_click(panel, 1)
    assert not panel.by_value
    assert column(panel, "Learning rate") == ["0.1"] * 3
    assert column(panel, "Seed") == ["0", "1", "2"]
    assert panel.filter_field.text() == "α = 0.1"
    assert opened.count() == 0
    double_click(panel, 2)
    row = opened.at(0)[0]
    assert (row.variant.number, row.variant.settings.network.seed) == (5, 2)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert opened.count() == 2


def test_runs_are_filtered_by_state_and_text(panel: ResultsPanel, qtbot: QtBot) -> None:
    panel.show_kind(RUNS)
    assert panel.model.rowCount() == 12
    panel.show_state(Fate.DIVERGED.value)
    assert column(panel, "Learning rate") == ["1e+100"] * 3
    assert all(text.startswith("diverged at epoch") for text in column(panel, "State"))
    assert "3 shown" in panel.subtitle
    panel.show_state("any state")
    QTest.keyClicks(panel.filter_field, "seed 2")
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Return)
    assert column(panel, "Seed") == ["2"] * 4
    panel.filter_field.clear()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 12)


def test_a_value_is_not_taken_for_another_that_begins_alike(panel: ResultsPanel) -> None:
    panel.show_results(swept("learning_rate=0.1,0.15", seeds=2))
    double_click(panel, 0)
    assert column(panel, "Learning rate") == ["0.1", "0.1"]


def test_the_chosen_line_stays_chosen_while_runs_arrive(panel: ResultsPanel) -> None:
    whole = swept(RATES)
    panel.show_results(part_of(whole, 5))
    panel.show_kind(RUNS)
    place = panel.table.visualRect(panel.model.index(3, 1)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.table.chosen == 3
    click_heading(panel, "Seed")
    assert panel.table.chosen == 3
    panel.show_results(whole)
    assert panel.table.chosen == 3
    assert panel.model.rowCount() == 12


def test_the_table_is_copied_and_exported(panel: ResultsPanel) -> None:
    panel.show_kind(RUNS)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 13
    assert lines[0].startswith("Run\tLearning rate\tSeed")
    table = list(csv.DictReader(io.StringIO(panel.model.csv_text())))
    for line, row in zip(table, swept(RATES).rows, strict=True):
        assert repr(float(line["train_loss"])) == repr(row.outcome.train.loss)
        assert float(line["training.learning_rate"]) == dict(row.variant.varied).popitem()[1]
    asked = QSignalSpy(panel.export_requested)
    panel.head_widgets()[-1].click()
    assert asked.count() == 1


def test_another_sweep_begins_without_the_old_filter(panel: ResultsPanel) -> None:
    double_click(panel, 0)
    panel.show_results(swept(*TABLE))
    assert panel.by_value
    assert panel.filter_field.text() == ""
    assert panel.model.rowCount() == 6
    panel.apply_theme(DARK)
    assert panel.model.rowCount() == 6
    assert VALUES in panel.head_widgets()[0].text()


def test_runs_that_were_refused_say_why(panel: ResultsPanel) -> None:
    panel.show_results(swept("output_activation=sigmoid,tanh", seeds=2))
    assert column(panel, "Refused") == ["–", "2 of 2"]
    double_click(panel, 1)
    assert column(panel, "State") == ["refused", "refused"]
    tip = panel.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert len(tip.splitlines()) == 2


def test_only_a_panel_that_shows_results_has_a_picture(panel: ResultsPanel) -> None:
    assert panel.has_picture
    panel.show_results(None)
    assert not panel.has_picture
