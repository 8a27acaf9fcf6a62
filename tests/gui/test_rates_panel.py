import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.rates_panel import NO_RATES, RatesPanel
from gui.panels.rates_picture import DIVERGING, STABLE
from gui.panels.sweep_panel import EMPTY, NO_RUN
from gui.sweep_words import share_words
from gui.theme import LIGHT
from model.lab.results import Results
from tests.gui.run_snapshots import picture_of
from tests.gui.sweep_results import TABLE, part_of, swept


@pytest.fixture
def panel(qtbot: QtBot) -> RatesPanel:
    panel = RatesPanel(LIGHT)
    qtbot.addWidget(panel)
    for widget in panel.head_widgets():
        qtbot.addWidget(widget)
    panel.resize(520, 300)
    panel.show()
    return panel


def few_rates() -> Results:
    return swept("learning_rate=0.1,1,1e5,1e6", epochs=25)


def test_what_is_missing_is_said(panel: RatesPanel) -> None:
    assert panel.picture.message == EMPTY
    panel.show_results(swept(*TABLE))
    assert panel.picture.message == NO_RATES
    panel.show_results(part_of(few_rates(), 0))
    assert panel.picture.message == NO_RUN
    assert panel.subtitle == ""
    assert panel.legend() == ()


def test_regions_are_told_by_words_and_by_ground(panel: RatesPanel) -> None:
    results = few_rates()
    panel.show_results(results)
    assert results.rates is not None
    assert (results.rates.stable_to, results.rates.diverging_from) == (1.0, 1e5)
    regions = dict(panel.picture.regions())
    x, _ = panel.plot.pixels(panel.picture.exponents, np.zeros(4))
    stable, diverging = regions[STABLE], regions[DIVERGING]
    assert stable.left() < x[0] < x[1] < stable.right() < diverging.left() < x[2]
    assert x[3] < diverging.right()
    image = picture_of(panel)
    lowest = round(panel.plot.rect_of_plot.bottom()) - 4
    left = round((x[0] + stable.right()) / 2)
    assert image.pixelColor(left, lowest).name() == LIGHT.accent_tint.lower()
    right = range(round(diverging.left()) + 2, round(diverging.right()) - 2)
    strokes = [
        image.pixelColor(across, lowest).red() > image.pixelColor(across, lowest).blue() + 9
        for across in right
    ]
    assert 0 < sum(strokes) < len(strokes) / 2
    assert panel.subtitle == "stable up to 1 · diverges from 100000 · 3 seeds a rate"


def test_every_run_is_a_dot_and_every_rate_has_its_median(panel: RatesPanel) -> None:
    results = few_rates()
    panel.show_results(results)
    rates = results.rates
    assert rates is not None
    image = picture_of(panel)
    for at in range(2):
        median = panel.plot.pixel(panel.picture.exponents[at], rates.median[at]).toPoint()
        assert image.pixelColor(median).name() == LIGHT.text.lower()
        assert rates.losses[at].size == 3
    (low, high), (bottom, top) = panel.plot.ranges()
    assert low < -1
    assert high > 6
    assert bottom <= rates.losses[:2].min() < rates.losses[:2].max() < top


def test_pointer_and_keys_read_a_rate(panel: RatesPanel) -> None:
    panel.show_results(few_rates())
    place = panel.plot.pixel(5, panel.plot.ranges()[1][1] / 2).toPoint()
    QTest.mouseMove(panel.plot.viewport(), place)
    assert [text for text, _ in panel.picture.read_out()] == ["α = 100000", "100 % diverged"]
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    words = panel.plot.accessibleDescription()
    assert words.startswith("α = 1; median 0.")
    assert words.endswith("3 runs ended")
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.picture.cursor is None


def test_other_settings_are_named_that_are_thrown_together(panel: RatesPanel) -> None:
    panel.show_results(swept("learning_rate=0.1,1", "activation=relu,tanh", seeds=2))
    assert panel.subtitle == "stable up to 1 · 2 seeds · all values of activation together"


def test_a_single_rate_has_an_axis_too(panel: RatesPanel) -> None:
    panel.show_results(swept("learning_rate=0.1"))
    (low, high), _ = panel.plot.ranges()
    assert low < -1 < high


def test_shares_are_never_rounded_to_none() -> None:
    assert [share_words(share) for share in (0.0, 0.001, 0.3, 1.0)] == [
        "0 %",
        "< 1 %",
        "30 %",
        "100 %",
    ]
