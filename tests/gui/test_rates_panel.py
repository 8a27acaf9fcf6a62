import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.comparison_figures import save_comparison_figures
from gui.panels.rates_lines import line_look
from gui.panels.rates_panel import NO_RATES, RatesPanel
from gui.panels.rates_regions import DIVERGING, STABLE
from gui.panels.sweep_panel import EMPTY, NO_RUN
from gui.sweep_words import share_words
from gui.theme import LIGHT
from model.lab.outcome import Fate
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
    regions = dict(panel.picture.regions.places())
    x, _ = panel.plot.pixels(panel.picture.exponents, np.zeros(4))
    stable, diverging = regions[STABLE], regions[DIVERGING]
    assert (stable.left(), stable.right()) == pytest.approx((x[0], x[1]))
    assert (diverging.left(), diverging.right()) == pytest.approx((x[2], x[3]))
    image = picture_of(panel)
    lowest = round(panel.plot.rect_of_plot.bottom()) - 4
    left = round((x[0] + stable.right()) / 2)
    outside = (round(x[0]) - 7, round(x[1]) + 7, round(x[2]) - 7, round(x[3]) + 7)
    assert {image.pixelColor(across, lowest).name() for across in outside} == {
        LIGHT.surface.lower()
    }
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
    seven = "layers=[1],[2],[3],[4],[5],[6],[7]"
    panel.show_results(swept("learning_rate=0.1,1", seven, seeds=2, epochs=2))
    assert panel.subtitle == "stable up to 1 · 2 seeds"
    assert panel.plot.axes.labels[0] == "Learning rate α, over hidden layers"
    assert [line.name for line in panel.picture.lines] == [""]
    panel.show_results(few_rates())
    assert panel.plot.axes.labels[0] == "Learning rate α"


def test_every_other_setting_is_named_in_the_saved_picture(
    panel: RatesPanel, tmp_path: Path
) -> None:
    three = swept("learning_rate=0.1,1", "activation=relu,tanh", "initializer=he,xavier", seeds=2)
    panel.show_results(three)
    save_comparison_figures(three, tmp_path, ["svg"])
    text = (tmp_path / "rates.svg").read_text(encoding="utf-8")
    assert panel.subtitle in text
    assert "medians by activation and weights" in text
    assert all(f">{line.name}</text>" in text for line in panel.picture.lines)
    assert len(panel.picture.lines) == 4


def test_a_second_setting_has_a_line_of_medians_for_each_value(panel: RatesPanel) -> None:
    results = swept("learning_rate=0.1,1,1e5", "initializer=normal,he,xavier", seeds=3, epochs=25)
    panel.resize(760, 420)
    panel.show_results(results)
    assert panel.subtitle.startswith(
        "stable up to 1 · diverges from 100000 · medians by weights · 3 seeds"
    )
    lines = panel.picture.lines
    assert [line.name for line in lines] == ["Small normal", "He normal", "Xavier normal"]
    for line in lines:
        for rate, median in zip(line.rates, line.medians, strict=True):
            wanted = {("training.learning_rate", rate), *line.varied}
            losses = [
                row.outcome.train.loss
                for row in results.rows
                if set(row.variant.varied) == wanted and row.outcome.fate is not Fate.DIVERGED
            ]
            assert median == np.median(losses) if losses else np.isnan(median)
    image = picture_of(panel)
    looks = [line_look(line, results, LIGHT) for line in lines]
    assert len({(look.colour.name(), look.dash) for look in looks}) == 3
    for line, look in zip(lines, looks, strict=True):
        places = [panel.plot.pixel(math.log10(rate), line.median_at(rate)) for rate in (0.1, 1)]
        seen = {image.pixelColor(at.toPoint()).name() for at in places}
        assert look.colour.name() in seen
    labels = panel.picture.labels(panel.plot.rect_of_plot.top() + 30)
    assert [label.line.name for label in labels] == [line.name for line in lines]
    for label, other in combinations(labels, 2):
        assert not label.box.intersects(other.box)
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    words = panel.plot.accessibleDescription()
    assert all(f"{line.name} · median {line.medians[0]:.4f}" in words for line in lines)


def test_what_is_true_of_the_runs_so_far_says_so(panel: RatesPanel) -> None:
    whole = swept("initializer=zeros,he", "learning_rate=0.1,1e5", seeds=3)
    panel.show_results(part_of(whole, 6))
    words = "in all runs so far (6 of 12)"
    assert words in panel.subtitle
    panel.show_results(whole)
    assert "so far" not in panel.subtitle


@pytest.mark.parametrize(("rate", "words"), [("0.1", STABLE), ("1e100", DIVERGING)])
def test_a_single_rate_has_an_axis_and_a_line(panel: RatesPanel, rate: str, words: str) -> None:
    panel.show_results(swept(f"learning_rate={rate}"))
    (low, high), _ = panel.plot.ranges()
    (exponent,) = panel.picture.exponents
    assert low < exponent < high
    ((found, area),) = panel.picture.regions.places()
    assert (found, area.width()) == (words, 0)
    image = picture_of(panel)
    rect, across = panel.plot.rect_of_plot, panel.plot.pixel(exponent, 0).x()
    ink = LIGHT.accent if words == STABLE else LIGHT.failure
    column = range(round(rect.center().y()), round(rect.bottom()) - 8)
    beside = range(round(across) - 1, round(across) + 2)
    assert any(image.pixelColor(x, y).name() == ink.lower() for x in beside for y in column)
    surface = LIGHT.surface.lower()
    assert image.pixelColor(round(across) + 8, column[-1]).name() == surface


def test_a_region_out_of_view_is_not_drawn_at_the_edge(panel: RatesPanel) -> None:
    panel.show_results(few_rates())
    panel.plot.set_range((3.0, 7.0), panel.plot.ranges()[1])
    assert [words for words, _ in panel.picture.regions.places()] == [DIVERGING]


def test_shares_stand_clear_of_each_other(panel: RatesPanel) -> None:
    rates = ",".join(f"{n}e100" for n in range(1, 9))
    panel.show_results(swept(f"learning_rate=1e-3,1,{rates}", seeds=1))
    panel.resize(380, 260)
    shares = panel.picture.shares(20.0)
    for (box, _), (other, _) in combinations(shares, 2):
        assert not box.adjusted(-3, 0, 3, 0).intersects(other)
    assert [words for _, words in shares][:3] == ["100 %"] * 3
    assert all(panel.plot.rect_of_plot.contains(box.center()) for box, _ in shares)


def test_shares_are_never_rounded_to_none() -> None:
    assert [share_words(share) for share in (0.0, 0.001, 0.3, 1.0)] == [
        "0 %",
        "< 1 %",
        "30 %",
        "100 %",
    ]
