import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.comparison_figures import save_comparison_figures
from gui.panels.heat_panel import ONE_AXIS, QUANTITIES, HeatPanel
from gui.panels.heat_picture import HeatTablePainter, Layout
from gui.panels.sweep_panel import EMPTY
from gui.theme import LIGHT, contrast
from gui.widgets.colour_scale import ColourScale, shades
from model.lab.summaries import HeatTable
from tests.gui.run_snapshots import picture_of
from tests.gui.sweep_results import RATES, TABLE, part_of, swept


@pytest.fixture
def panel(qtbot: QtBot) -> HeatPanel:
    panel = HeatPanel(LIGHT)
    qtbot.addWidget(panel)
    for widget in panel.head_widgets():
        qtbot.addWidget(widget)
    panel.resize(520, 300)
    panel.show()
    return panel


def cells(panel: HeatPanel) -> Layout:
    assert panel.grid._painter is not None
    return panel.grid._painter.layout(QRectF(panel.grid.rect()))


def test_what_is_missing_is_said(panel: HeatPanel) -> None:
    assert panel.grid._message == EMPTY
    panel.show_results(swept(RATES))
    assert panel.grid._message == ONE_AXIS
    assert panel.table is None


def test_each_cell_has_its_median_and_its_colour(panel: HeatPanel) -> None:
    results = swept(*TABLE)
    panel.show_results(results)
    table = panel.table
    assert table is not None
    assert table.row_values == ("zeros", "he")
    assert table.column_values == ("relu", "tanh", "sigmoid")
    image, scale, layout = picture_of(panel), ColourScale(table.values), cells(panel)
    for (row, column), value in np.ndenumerate(table.values):
        losses = [
            run.outcome.train.loss
            for run in results.rows
            if dict(run.variant.varied)
            == {
                "network.initializer": table.row_values[row],
                "network.activation": table.column_values[column],
            }
        ]
        assert value == np.median(losses)
        corner = layout.cell(row, column).topLeft() + QPointF(5, 5)
        assert image.pixelColor(corner.toPoint()) == scale.colour(float(scale.heights(value)))
    assert panel.subtitle == "median final loss J (train), 3 seeds a cell"


@pytest.mark.parametrize("word", QUANTITIES)
def test_each_quantity_can_be_chosen(panel: HeatPanel, word: str) -> None:
    panel.show_results(swept(*TABLE))
    panel.choose_quantity(word)
    assert panel.table is not None
    assert panel.table.quantity == QUANTITIES[word]
    assert word.lower() in panel.subtitle.lower()


def test_cells_without_a_number_say_why(panel: HeatPanel) -> None:
    panel.show_results(swept("learning_rate=0.1,1e100", "activation=relu,tanh", seeds=2))
    painter = panel.grid._painter
    assert painter is not None
    assert painter.words(1, 0) == ("–", "all diverged")
    some = HeatTable(
        "loss",
        "training.learning_rate",
        "network.activation",
        (0.1,),
        ("relu",),
        np.array([[0.5]]),
        np.array([[0.25]]),
    )
    assert HeatTablePainter(some, LIGHT).words(0, 0) == ("0.5000", "25 % diverged")
    panel.show_results(part_of(swept(*TABLE), 10))
    painter = panel.grid._painter
    assert painter is not None
    assert painter.words(1, 2) == ("–", "no run yet")
    assert math.isnan(painter.table.values[1, 2])


def test_mouse_and_keys_read_a_cell(panel: HeatPanel) -> None:
    panel.show_results(swept(*TABLE))
    table = panel.table
    assert table is not None
    QTest.mouseMove(panel.grid, cells(panel).cell(1, 2).center().toPoint())
    assert panel.grid.cursor_cell == (1, 2)
    assert panel.grid.read_out() == f"He normal, Sigmoid: {table.values[1, 2]:.4f}"
    panel.grid.setFocus()
    QTest.keyClick(panel.grid, Qt.Key.Key_Left)
    QTest.keyClick(panel.grid, Qt.Key.Key_Up)
    QTest.keyClick(panel.grid, Qt.Key.Key_Up)
    assert panel.grid.cursor_cell == (0, 1)
    assert panel.grid.accessibleDescription().startswith("Zeros, Tanh: 0.")
    QTest.keyClick(panel.grid, Qt.Key.Key_Escape)
    assert panel.grid.read_out() == ""


def test_a_large_table_in_a_small_panel_is_drawn(panel: HeatPanel) -> None:
    rates = ",".join(str(round(0.1 + 0.01 * n, 2)) for n in range(12))
    panel.show_results(swept(f"learning_rate={rates}", "batch_size=null,16", seeds=1, epochs=2))
    panel.resize(160, 90)
    image = picture_of(panel)
    assert not image.isNull()


def test_a_small_cell_keeps_what_says_most(panel: HeatPanel) -> None:
    panel.show_results(swept(*TABLE))
    painter = panel.grid._painter
    assert painter is not None

    def lines(width: int, height: int, text: str, note: str) -> list[str]:
        box = QRectF(0, 0, width, height)
        return [line for line, _ in painter.lines(box, text, note)]

    assert lines(120, 60, "0.5000", "25 % diverged") == ["0.5000", "25 % diverged"]
    assert lines(120, 20, "0.5000", "25 % diverged") == ["0.5000"]
    assert lines(120, 20, "–", "all diverged") == ["all diverged"]
    assert lines(20, 20, "0.5000", "") == []


def test_many_columns_keep_their_names_and_their_numbers(panel: HeatPanel, tmp_path: Path) -> None:
    rates = [f"{0.01 * n:.2f}" for n in range(10, 31) if n % 10]
    results = swept("initializer=he,xavier", f"learning_rate={','.join(rates)}", seeds=1, epochs=2)
    save_comparison_figures(results, tmp_path, ["svg"])
    text = (tmp_path / "heat.svg").read_text(encoding="utf-8")
    assert all(f">{rate}</text>" in text for rate in rates)
    table = results.heat()
    assert table is not None
    assert all(f">{value:.4f}</text>" in text for value in table.values.ravel())
    panel.show_results(results)
    assert cells(panel).upright
    assert panel.subtitle == "final loss J (train), one run a cell"


def test_columns_narrower_than_a_line_have_every_other_name(
    panel: HeatPanel, tmp_path: Path
) -> None:
    rates = [f"{n / 1000:.3f}" for n in range(101, 170)]
    results = swept(f"learning_rate={','.join(rates)}", "initializer=he,xavier", seeds=1, epochs=1)
    save_comparison_figures(results, tmp_path, ["svg"])
    text = (tmp_path / "heat.svg").read_text(encoding="utf-8")
    named = [rate for rate in rates if f">{float(rate):g}</text>" in text]
    assert len(named) > 10
    places = [rates.index(rate) for rate in named]
    assert len({b - a for a, b in pairwise(places)}) == 1


def test_long_names_of_rows_and_columns_differ(panel: HeatPanel, tmp_path: Path) -> None:
    lists = ",".join(f"[{'10,' * 7}{last}]" for last in (5, 6))
    names = ",".join(f"[{'tanh,' * 7}{last}]" for last in ("relu", "sigmoid"))
    results = swept(f"layers={lists}", f"activation={names}", seeds=1, epochs=1)
    save_comparison_figures(results, tmp_path, ["svg"])
    text = (tmp_path / "heat.svg").read_text(encoding="utf-8")
    wanted = ("7 × 10, 5", "7 × 10, 6", "7 × Tanh, ReLU", "7 × Tanh, Sigmoid")
    assert all(f">{name}</text>" in text for name in wanted)


def test_numbers_can_be_read_on_every_colour() -> None:
    for shade in shades():
        ground = QColor(*map(int, shade))
        assert contrast(LIGHT.readable_on(ground), ground) >= 4.5


def test_settings_beyond_the_two_are_named(panel: HeatPanel) -> None:
    panel.show_results(
        swept("learning_rate=0.1,1", "activation=relu,tanh", "initializer=he,xavier", seeds=2)
    )
    assert panel.subtitle == "median final loss J (train), 2 seeds a cell · over weights"
