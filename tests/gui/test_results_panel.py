import csv
import io
import statistics

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.panels.results_panel import RUNS, VALUES, ResultsPanel
from gui.sweep_words import auc_words
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
    assert column(panel, "Loss (train)")[0] == f"{statistics.median(losses):.4f}"
    assert column(panel, "Loss (train)")[3] == "–"
    assert column(panel, "Diverged") == ["–", "–", "–", "3 of 3"]
    assert panel.subtitle == "medians over 3 seeds · double-click a line for its runs"


def test_headings_sort_both_ways_and_what_has_no_number_stays_last(panel: ResultsPanel) -> None:
    click_heading(panel, "Loss (train)")
    rising = column(panel, "Loss (train)")
    click_heading(panel, "Loss (train)")
    falling = column(panel, "Loss (train)")
    assert rising[:3] == sorted(rising[:3])
    assert falling[:3] == rising[2::-1]
    assert rising[3] == falling[3] == "–"


def test_names_are_sorted_as_the_plan_has_them(panel: ResultsPanel) -> None:
    panel.show_results(swept(*TABLE))
    assert column(panel, "Weights") == ["Zeros"] * 3 + ["He normal"] * 3
    click_heading(panel, "Activation")
    assert column(panel, "Activation") == ["ReLU"] * 2 + ["Tanh"] * 2 + ["Sigmoid"] * 2


def test_a_value_opens_into_its_runs_and_a_run_is_wished_for(panel: ResultsPanel) -> None:
    opened = QSignalSpy(panel.run_opened)
    double_click(panel, 1)
    assert not panel.by_value
    assert column(panel, "Learning rate") == ["0.1"] * 3
    assert column(panel, "Seed") == ["0", "1", "2"]
    assert panel.filter_field.text() == "learning_rate=0.1"
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


def keep(panel: ResultsPanel, words: str) -> int:
    """How many lines a filter leaves that is typed."""
    panel.filter_field.clear()
    QTest.keyClicks(panel.filter_field, words)
    QTest.keyClick(panel.filter_field, Qt.Key.Key_Return)
    return panel.model.rowCount()


def test_the_filter_takes_whole_words_and_values_by_name(panel: ResultsPanel) -> None:
    panel.show_results(swept("initializer=he,xavier", "learning_rate=1,8,1e100"))
    panel.show_kind(RUNS)
    assert keep(panel, "he") == 9
    assert keep(panel, "HE Diverged") == 3
    assert keep(panel, "h") == 0
    assert "no line has “h”" in panel.subtitle
    assert keep(panel, "8") == 6
    assert keep(panel, "learning_rate=8 seed=2") == 2
    assert set(column(panel, "Seed")) == {"2"}
    assert keep(panel, "rate=8") == 0
    assert keep(panel, "learning_rate=1e+100 training.learning_rate=10e99") == 6
    assert keep(panel, "seed=1 state=finished initializer=xavier learning_rate=8.0") == 1
    assert keep(panel, "seed=1 seed=2") == 0
    assert "no line has all of this together" in panel.subtitle


def test_lists_are_filtered_as_they_are_entered_or_shown(panel: ResultsPanel) -> None:
    panel.show_results(swept("layers=[10,5],[10,10]", "batch_size=null,4", seeds=1, epochs=2))
    assert keep(panel, "layers=[10,5]") == 2
    assert keep(panel, "layers=10,5 batch_size=full") == 1
    double_click(panel, 0)
    assert panel.filter_field.text() == "layers=[10,5] batch_size=null"
    assert column(panel, "Batch") == ["full"]


def test_columns_are_as_wide_as_what_they_hold(panel: ResultsPanel) -> None:
    panel.resize(400, 300)
    for kind in (VALUES, RUNS):
        panel.show_kind(kind)
        metrics = panel.table.fontMetrics()
        for row in range(panel.model.rowCount()):
            for number in range(len(panel.model.columns)):
                text = panel.model.index(row, number).data()
                room = panel.table.columnWidth(number) - 12
                assert metrics.horizontalAdvance(text) <= room, text


def test_an_auc_is_not_rounded_to_one() -> None:
    assert [auc_words(auc) for auc in (1.0, 0.9997, 0.99996, 0.5)] == [
        "1.0000",
        "0.9997",
        "> 0.9999",
        "0.5000",
    ]


def test_a_file_of_values_has_every_percentile(panel: ResultsPanel) -> None:
    lines = list(csv.DictReader(io.StringIO(panel.model.csv_text())))
    assert len(lines) == 4
    for line, summary in zip(lines, swept(RATES).summaries, strict=True):
        for quantity in ("loss", "accuracy", "auc", "epochs"):
            spread = getattr(summary, quantity)
            for which in ("p5", "p25", "median", "p75", "p95"):
                assert line[f"{quantity}_{which}"] == repr(getattr(spread, which))
        assert (int(line["runs"]), int(line["diverged"])) == (summary.runs, summary.diverged)


def test_only_a_table_can_be_exported(panel: ResultsPanel) -> None:
    export = panel.head_widgets()[-1]
    assert export.isEnabled()
    panel.show_results(None)
    assert not export.isEnabled()
    assert "start a sweep" in export.toolTip()
    asked = QSignalSpy(panel.export_requested)
    QTest.mouseClick(export, Qt.MouseButton.LeftButton)
    assert asked.count() == 0


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
