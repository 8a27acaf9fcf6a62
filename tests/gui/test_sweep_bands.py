import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.bands_panel import BandsPanel
from gui.panels.sweep_colours import group_colours
from gui.panels.sweep_panel import EMPTY
from gui.theme import DARK, LIGHT
from tests.gui.run_snapshots import differs_from_surface, picture_of
from tests.gui.sweep_results import RATES, TABLE, part_of, swept


@pytest.fixture
def panel(qtbot: QtBot) -> BandsPanel:
    panel = BandsPanel(LIGHT)
    qtbot.addWidget(panel)
    for widget in panel.head_widgets():
        qtbot.addWidget(widget)
    panel.resize(560, 320)
    panel.show()
    return panel


def place_of(panel: BandsPanel, band: int, point: int) -> QPoint:
    found = panel.picture.bands[band]
    return panel.plot.pixel(found.epochs[point], found.median[point]).toPoint()


def test_an_empty_panel_says_what_to_do(panel: BandsPanel) -> None:
    panel.show_results(None)
    assert differs_from_surface(picture_of(panel))
    assert EMPTY.startswith("Start a sweep")


def test_every_value_has_a_line_where_its_median_is(panel: BandsPanel) -> None:
    results = swept(RATES)
    panel.show_results(results)
    image, theme = picture_of(panel), panel.theme
    assert panel.subtitle == "by learning rate · median and middle half of 3 seeds"
    colours = group_colours(results, theme)
    for number in range(3):
        place = panel.plot.mapTo(panel, place_of(panel, number, 8))
        around = [image.pixelColor(place.x(), place.y() + up).lightness() for up in range(-2, 3)]
        wanted = colours[panel.picture.bands[number].varied].lightness()
        assert min(abs(light - wanted) for light in around) < 40


def test_labels_stand_clear_and_name_what_diverged(panel: BandsPanel) -> None:
    panel.show_results(swept(RATES))
    labels = panel.picture.labels()
    assert sorted(label.text for label in labels) == ["0.01", "0.1", "1", "1e+100 · 3 diverged"]
    column = sorted(label.at.y() for label in labels if label.apart)
    assert min(np.diff(column)) >= 10
    assert all(label.at.x() < panel.plot.width() for label in labels)
    assert not next(label for label in labels if "diverged" in label.text).apart


def test_the_pointer_and_the_keys_read_medians_and_quartiles(panel: BandsPanel) -> None:
    results = swept(RATES)
    panel.show_results(results)
    QTest.mouseMove(panel.plot.viewport(), place_of(panel, 1, 4))
    band = results.bands[1]
    words = [text for text, _ in panel.picture.read_out()]
    assert words[:2] == ["0.1", "epoch 4"]
    assert words[2] == f"median {band.median[4]:.4f}"
    assert words[3] == f"middle half {band.p25[4]:.4f} – {band.p75[4]:.4f}"
    assert words[4] == "3 runs"
    panel.picture.point_at(None)
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.picture.cursor == (9, 0)
    assert "epoch 9" in panel.plot.accessibleDescription()
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.picture.cursor is None


def test_arrow_keys_and_clicks_highlight_a_band(panel: BandsPanel) -> None:
    panel.show_results(swept(RATES))
    panel.plot.setFocus()
    order = [label.band for label in panel.picture.labels()]
    QTest.keyClick(panel.plot, Qt.Key.Key_Down)
    assert panel.picture.highlighted == order[0]
    QTest.keyClick(panel.plot, Qt.Key.Key_Down)
    assert panel.picture.highlighted == order[1]
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.picture.highlighted is None
    label = panel.picture.labels()[-2]
    QTest.mouseClick(
        panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=label.at.toPoint() + QPoint(4, 0)
    )
    assert panel.picture.highlighted == label.band


def test_a_loss_that_explodes_does_not_press_the_others_flat(panel: BandsPanel) -> None:
    results = swept(RATES)
    panel.show_results(results)
    _, (low, high) = panel.plot.ranges()
    first = max(band.p75[0] for band in results.bands)
    assert low == 0
    assert first <= high < 3 * first
    panel.head_widgets()[0].choose("log")
    _, (low, high) = panel.plot.ranges()
    assert 10**low < min(np.nanmin(band.p25) for band in results.bands)
    assert 10**high < 3 * first


def test_runs_that_are_still_to_come_are_named(panel: BandsPanel) -> None:
    whole = swept(RATES)
    panel.show_results(part_of(whole, 4))
    assert panel.subtitle.endswith("4 of 12 runs")
    assert len(panel.picture.bands) == 2
    before = group_colours(part_of(whole, 4), LIGHT)
    after = group_colours(whole, LIGHT)
    assert before[whole.summaries[0].varied] == after[whole.summaries[0].varied]


def test_another_theme_and_other_results_are_taken_on(panel: BandsPanel) -> None:
    panel.show_results(swept(RATES))
    panel.apply_theme(DARK)
    assert picture_of(panel).pixelColor(3, 3).name() == DARK.surface.lower()
    panel.show_results(swept(*TABLE))
    assert {label.text for label in panel.picture.labels()} <= {
        f"{weights} · {activation}"
        for weights in ("zeros", "he")
        for activation in ("relu", "tanh", "sigmoid")
    }
