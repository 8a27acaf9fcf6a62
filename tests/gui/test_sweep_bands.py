from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from gui.comparison_figures import save_comparison_figures
from gui.panels.bands_chosen import best_bands, diverged_epochs
from gui.panels.bands_labels import near_labels
from gui.panels.bands_panel import BandsPanel
from gui.panels.bands_picture import MOST
from gui.panels.sweep_colours import group_colours
from gui.panels.sweep_panel import EMPTY
from gui.theme import DARK, LIGHT
from gui.widgets.label_places import covered
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
    labels = panel.picture.places.labels()
    assert sorted(label.text for label in labels) == [
        "0.01",
        "0.1",
        "1",
        "1e+100 · 3 of 3 diverged",
    ]
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
    order = panel.picture.places.order()
    assert sorted(order) == [0, 1, 2, 3]
    QTest.keyClick(panel.plot, Qt.Key.Key_Down)
    assert panel.picture.highlighted == order[0]
    QTest.keyClick(panel.plot, Qt.Key.Key_Down)
    assert panel.picture.highlighted == order[1]
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.picture.highlighted is None
    label = panel.picture.places.labels()[-2]
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
    assert {label.text for label in panel.picture.places.labels()} <= {
        f"{weights} · {activation}"
        for weights in ("Zeros", "He normal")
        for activation in ("ReLU", "Tanh", "Sigmoid")
    }


LONG = (
    "layers=[10,10,10,10,10,10,10,5],[10,10,10,10,10,10,10,6]",
    "activation=relu,[tanh,tanh,tanh,tanh,tanh,tanh,tanh,tanh],"
    "[tanh,tanh,tanh,tanh,tanh,tanh,tanh,relu]",
)
"""Names that are wider than the plot."""


@pytest.mark.parametrize("size", [(380, 260), (1280, 800)])
def test_long_names_are_cut_differ_and_keep_off_the_curves(
    panel: BandsPanel, size: tuple[int, int]
) -> None:
    panel.show_results(swept(*LONG, seeds=1, epochs=3))
    panel.resize(*size)
    labels, rect = panel.picture.places.labels(), panel.plot.rect_of_plot
    assert len({label.text for label in labels}) == len(labels)
    ends = max(label.end.x() for label in labels)
    assert all(label.box.left() > ends for label in labels)
    assert all(rect.contains(label.box) for label in labels)
    whole = "\n".join(label.whole for label in labels)
    assert "10, 10, 10, 10, 10, 10, 10, 6 · Tanh, Tanh, Tanh, Tanh, Tanh, Tanh, Tanh, ReLU" in whole


def test_labels_stand_near_their_curves_and_stand_for_their_neighbours(panel: BandsPanel) -> None:
    weights = "initializer=zeros,normal,uniform,xavier,he"
    panel.show_results(swept(weights, "activation=relu,tanh,sigmoid", seeds=1))
    panel.resize(380, 200)
    labels = panel.picture.places.labels()
    line = QFontMetricsF(panel.picture.places.font(bold=True)).height()
    assert len(labels) < 15
    assert all(abs(label.at.y() - label.end.y()) <= 1.6 * line for label in labels)
    tops = sorted(label.box.top() for label in labels)
    assert all(b - a >= line - 0.5 for a, b in pairwise(tops))
    assert sorted(band for label in labels for band in label.bands) == list(range(15))
    crowd = max(labels, key=lambda label: len(label.bands))
    assert crowd.text.endswith(f", +{len(crowd.bands) - 1}")
    hidden = crowd.bands[-1]
    panel.picture.highlight(hidden)
    assert hidden in [label.band for label in panel.picture.places.labels()]


def test_neighbours_share_a_label_only_where_there_is_no_room() -> None:
    heights = (50.0, 50.5, 51.0, 80.0, 51.5, 52.0)
    ends = {band: QPointF(0, height) for band, height in enumerate(heights)}
    groups = near_labels(ends, 10.0, 0.0, 100.0, None)
    assert groups[-1] == ((3,), 80.0)
    assert sum(len(group) for group, _ in groups) == 6
    assert len(groups) == 5
    assert [group for group, _ in near_labels(dict(list(ends.items())[:3]), 10, 0, 100, None)] == [
        (0,),
        (1,),
        (2,),
    ]


def test_two_settings_are_told_by_colour_and_dash(panel: BandsPanel) -> None:
    panel.show_results(swept(*TABLE))
    picture = panel.picture
    looks = {(look.colour.name(), look.dash) for look in picture._looks}
    assert len(looks) == len(picture.bands) == 6
    assert len({colour for colour, _ in looks}) == 2


def test_of_too_many_values_the_best_are_shown(panel: BandsPanel, tmp_path: Path) -> None:
    rates = ",".join(["1e100", "1e90", *(f"{0.001 * n:.3f}" for n in range(1, 39))])
    results = swept(f"learning_rate={rates}", seeds=2)
    assert len(results.bands) == 40
    panel.show_results(results)
    shown = [band.varied for band in panel.picture.bands]
    losses = {
        summary.varied: summary.loss.median for summary in results.summaries if summary.ended == 2
    }
    assert sorted(shown) == sorted(sorted(losses, key=losses.__getitem__)[:MOST])
    assert shown == [band.varied for band in results.bands if band.varied in shown]
    words = "by learning rate · the best 32 of 40 · median and middle half of 2 seeds"
    assert panel.subtitle == words
    assert len(set(map(str, (look.colour.name() for look in panel.picture._looks)))) > MOST / 2
    save_comparison_figures(results, tmp_path, ["svg"])
    assert words in (tmp_path / "bands.svg").read_text(encoding="utf-8")
    assert best_bands(results, 40) == results.bands


def test_values_that_diverged_together_share_a_label_beside_their_signs(panel: BandsPanel) -> None:
    results = swept("learning_rate=0.1,1e90,1e95,1e100")
    panel.show_results(results)
    (label,) = [label for label in panel.picture.places.labels() if not label.apart]
    assert label.text == "1e+90, 1e+95, 1e+100 · 9 of 9 diverged"
    assert label.whole.splitlines() == [f"1e+{n} · 3 of 3 diverged" for n in (90, 95, 100)]
    assert panel.plot.rect_of_plot.contains(label.box)
    assert covered(label.box, panel.picture.places.pixels()) == 0
    image, sign = picture_of(panel), panel.picture.places.signs(1)[-1]
    box = panel.picture.places.sign(sign).toRect()
    reds = [
        image.pixelColor(x, y).red() - image.pixelColor(x, y).blue()
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    ]
    assert max(reds) > 100


def test_a_sign_stands_at_the_epoch_at_which_a_run_diverged(panel: BandsPanel) -> None:
    results = swept("learning_rate=20,0.1", seeds=8, epochs=60)
    epochs = diverged_epochs(results)
    (place,) = [at for at, band in enumerate(results.bands) if band.varied in epochs]
    summary = results.summaries[place]
    assert 0 < summary.diverged < summary.runs
    panel.show_results(results)
    wanted = [panel.plot.pixel(epoch, 0).x() for epoch in epochs[summary.varied]]
    signs = [at.x() for at in panel.picture.places.signs(place)]
    assert all(min(abs(x - at) for at in wanted) < 0.01 for x in signs)
    assert max(signs) < panel.plot.pixel(59, 0).x()
    texts = [label.text for label in panel.picture.places.labels()]
    median = results.bands[place].median[-1]
    assert f"20 above: J {median:.3g} · {summary.diverged} of 8 diverged" in texts


def test_the_pointer_reads_the_whole_names_of_a_label(panel: BandsPanel, qtbot: QtBot) -> None:
    panel.show_results(swept(*LONG, seeds=1, epochs=3))
    label = panel.picture.places.labels()[0]
    QTest.mouseMove(panel.plot.viewport(), label.box.center().toPoint())
    assert QToolTip.text() == label.whole
    corner = panel.plot.rect_of_plot.bottomRight().toPoint() - QPoint(5, 5)
    QTest.mouseMove(panel.plot.viewport(), corner)
    qtbot.waitUntil(lambda: QToolTip.text() == "")
    panel.show_results(None)
    assert panel.picture.places.label_at(label.box.center()) is None


def test_one_run_has_no_middle_half(panel: BandsPanel) -> None:
    panel.show_results(swept("learning_rate=0.1,1", seeds=1))
    assert panel.subtitle == "by learning rate · one run each"


def test_the_axis_ends_at_the_last_epoch_and_labels_stand_behind(panel: BandsPanel) -> None:
    panel.show_results(swept(*TABLE))
    axes = panel.plot.axes
    panel.resize(380, 320)
    panel.grab()
    (_, end), _ = panel.plot.ranges()
    assert end > 12
    assert max(x for x, _ in axes._ticks[0]) == 10
    last = panel.plot.pixel(9, 0).x()
    assert all(label.box.left() > last for label in panel.picture.places.labels() if label.apart)


def test_a_line_outside_the_frame_says_where_it_ends(panel: BandsPanel) -> None:
    results = swept("learning_rate=1,0.01", seeds=5)
    panel.show_results(results)
    panel.grab()
    found = {band.varied[0][1]: band.median[-1] for band in results.bands}
    high = (found[1] + found[0.01]) / 2
    assert found[1] < high
    panel.plot.set_range((0, 14), (0, high))
    texts = {label.text for label in panel.picture.places.labels()}
    assert texts == {"1", f"0.01 above: J {found[0.01]:.3g}"}
    panel.plot.set_range((0, 14), (0, 2 * found[0.01]))
    assert {label.text for label in panel.picture.places.labels()} == {"1", "0.01"}
    assert panel.plot.axes.labels == ("Epoch", "Loss J (train)")
