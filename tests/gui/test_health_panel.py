from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.figures import save_figure
from gui.panels import health_words as words
from gui.panels.health_bars import range_fitting
from gui.panels.health_panel import HealthPanel
from gui.panels.health_picture import colour_of
from gui.panels.health_rows import columns_of
from gui.theme import DARK, LIGHT
from gui.widgets.ticks import AXIS_TEXT
from model.analysis.layer_health import HealthView, Histogram
from model.training.snapshots import Snapshot
from tests.gui.lab_views import DEAD, health, histogram, layer
from tests.gui.run_snapshots import differs_from_surface, lab_snapshot, picture_of, shows


@pytest.fixture
def panel(qtbot: QtBot) -> HealthPanel:
    panel = HealthPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(380, 420)
    panel.show()
    return panel


def with_health(view: HealthView | None) -> Snapshot:
    return replace(lab_snapshot(5), health=view)


def show(panel: HealthPanel, view: HealthView) -> None:
    """Show a view and let the layout settle."""
    panel.show_snapshot(with_health(view))
    QApplication.sendPostedEvents()
    panel.grab()


def test_where_nothing_is_wrong_it_says_what_was_looked_at(panel: HealthPanel) -> None:
    view = health()
    view = replace(view, layers=(*view.layers[:2], layer(3, dead_share=0.0, norm_dW=0.002)))
    panel.show_snapshot(with_health(view))
    assert [card.sentence for card in panel.cards] == [
        "Nothing unusual at epoch 100: dead units at most 20 % of a layer,"
        " ‖ΔW‖ / ‖W‖ 5e−05, ‖dW‖ 0.002 … 0.05."
    ]
    assert not panel.cards[0].warns
    assert panel.subtitle == "epoch 100 · nothing unusual"


def test_each_advice_has_a_card_with_what_to_try(panel: HealthPanel) -> None:
    other = replace(DEAD, layer=0, sentence="J doubled.", remedy="Halve α.")
    panel.show_snapshot(with_health(health(advice=(DEAD, other))))
    assert [(card.sentence, card.remedy) for card in panel.cards] == [
        (DEAD.sentence, DEAD.remedy),
        ("J doubled.", "Halve α."),
    ]
    assert all(card.warns for card in panel.cards)
    assert panel.cards[0].accessibleName() == f"{DEAD.sentence} {DEAD.remedy}"
    assert panel.subtitle == "epoch 100 · 2 warnings"
    named = [row.accessibleName() for row in panel.rows]
    assert named == ["Layer 1 · ReLU", "Layer 2 · ReLU, see the advice", "Layer 3 · ReLU"]
    panel.show_snapshot(with_health(health()))
    assert len(panel.cards) == 1


def test_a_row_says_its_numbers(panel: HealthPanel) -> None:
    sigmoid = layer(
        2, activation="sigmoid", dead_share=np.nan, saturated_share=0.0325, W=histogram(outside=3)
    )
    panel.show_snapshot(with_health(health(2, layers=(layer(1), sigmoid))))
    assert [row.accessibleDescription() for row in panel.rows] == [
        "‖W‖ 3, ‖A‖ 40, ‖dW‖ 0.05, ‖ΔW‖ / ‖W‖ 5e−05, dead 20 %",
        "‖W‖ 3, 3 of W not finite, ‖A‖ 40, ‖dW‖ 0.05, ‖ΔW‖ / ‖W‖ 5e−05, saturated 3.2 %",
    ]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1e-5, "< 0.1 %"),
        (0.014, "1.4 %"),
        (0.2, "20 %"),
        (0.9999, "99.9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, text: str) -> None:
    assert words.percent(share) == text


def test_before_the_first_step_there_is_no_gradient(panel: HealthPanel) -> None:
    first = layer(1, dW=None, norm_dW=np.nan, update_ratio=np.nan, dead_share=np.nan)
    view = health(1, layers=(first,), epochs=np.empty(0), gradient_norms=np.empty((0, 1)), epoch=0)
    panel.show_snapshot(with_health(view))
    panel.grab()
    assert panel.rows[0].accessibleDescription() == "‖W‖ 3, ‖A‖ 40"
    assert panel.picture.count == 0
    for key in (Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(panel.plot, key)
    assert panel.picture.cursor is None


def test_bars_are_drawn_by_sign_and_root_of_the_count(panel: HealthPanel, qtbot: QtBot) -> None:
    show(panel, health(1))
    row = panel.rows[0]
    image = row.grab().toImage()
    first = columns_of(QRectF(row.rect()), LIGHT)[0]
    bottom = row.height() - round(QFontMetricsF(LIGHT.font(10)).height()) - 6
    for number, (role, part) in enumerate(
        (("negative", 1 / 4), ("negative", 2 / 4), ("positive", 3 / 4), ("positive", 4 / 4))
    ):
        x = first.left() + (number + 0.5) * first.width() / 4
        colour = getattr(LIGHT, role)
        assert shows(image, colour, QPointF(x, bottom - 34 * part + 6), 1)
        if part < 1:
            assert not shows(image, colour, QPointF(x, bottom - 34 * part - 6), 1)


def test_a_tooltip_reads_a_bin_or_the_row(panel: HealthPanel, qtbot: QtBot) -> None:
    show(panel, health(1))
    row = panel.rows[0]
    third = columns_of(QRectF(row.rect()), LIGHT)[2]
    place = QPointF(third.left() + 0.9 * third.width(), row.height() - 25)
    assert row.text_at(place).startswith("dW: +0.0125 to +0.02: 16 elements")
    assert row.text_at(QPointF(5, 5)).startswith("Layer 1 · ReLU\n‖W‖ 3")


@pytest.mark.parametrize("width", [300, 380, 700, 1100])
@pytest.mark.parametrize("count", [1, 3, 9])
def test_rows_are_whole_and_below_each_other(
    panel: HealthPanel, qtbot: QtBot, width: int, count: int
) -> None:
    panel.resize(width, 300)
    show(panel, health(count, (DEAD,) if count > 1 else ()))
    assert len(panel.rows) == count
    content = panel._content
    parts = [*panel.cards, *panel.rows]
    assert all(part.height() >= part.height_for(part.width(), LIGHT) - 1 for part in parts)
    assert all(a.geometry().bottom() < b.geometry().top() for a, b in pairwise(parts))
    assert all(content.rect().contains(part.geometry()) for part in (*parts, panel.plot))
    assert content.width() <= width
    beside = panel.plot.geometry().left() > panel.rows[0].geometry().right()
    assert beside == (width >= 720)


def test_many_layers_are_scrolled_to_by_key(panel: HealthPanel, qtbot: QtBot) -> None:
    show(panel, health(9))
    bar = panel.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 300)
    QTest.keyClick(panel.plot, Qt.Key.Key_PageDown)
    assert bar.value() > 100
    QTest.keyClick(panel.plot, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_ranges_have_room_at_any_width() -> None:
    metrics = QFontMetricsF(LIGHT.font(10))
    made = Histogram(np.ones(4), np.linspace(-5.14e-6, 6.52e-6, 5))
    assert range_fitting(made, 400, LIGHT) == ("−5.1e−06", "+6.5e−06")
    for width in (60, 90, 120):
        low, high = range_fitting(made, width, LIGHT)
        assert metrics.horizontalAdvance(low + high) <= width
    assert range_fitting(made, 60, LIGHT) == ("±6.5e−06", "")


def test_gradient_norms_are_drawn_by_decades(panel: HealthPanel, qtbot: QtBot) -> None:
    panel.resize(1000, 500)
    show(panel, health(3))
    image = picture_of(panel)
    for number in range(3):
        place = panel.plot.pixel(50, -(1.5 + number)).toPoint()
        found = QPointF(panel.plot.mapTo(panel, place))
        assert shows(image, colour_of(number, 3, LIGHT).name(), found, 3)


@pytest.mark.parametrize("count", [1, 3, 9])
@pytest.mark.parametrize("apart", [1.0, 1e-6])
def test_each_curve_has_its_label(
    panel: HealthPanel, qtbot: QtBot, count: int, apart: float
) -> None:
    norms = 10.0 ** -(apart * np.arange(count)[None, :] + np.ones((101, 1)))
    show(panel, health(count, gradient_norms=norms))
    metrics = QFontMetricsF(LIGHT.font(AXIS_TEXT))
    labels = panel.picture.labels()
    assert {text for _, text, _ in labels} == {f"layer {l}" for l in range(1, count + 1)}
    boxes = [
        QRectF(corner.x(), corner.y(), metrics.horizontalAdvance(text), metrics.height())
        for _, text, corner in labels
    ]
    assert all(b.top() - a.top() >= metrics.height() - 0.01 for a, b in pairwise(boxes))
    assert all(box.right() <= panel.plot.extent.width() for box in boxes)
    assert all(panel.plot.rect_of_plot.adjusted(0, -1, 0, 1).contains(box) for box in boxes)


def test_a_gradient_of_zero_is_named(panel: HealthPanel, qtbot: QtBot) -> None:
    view = health(3)
    norms = view.gradient_norms.copy()
    norms[:, 0], norms[-1, 1] = 0.0, np.nan
    show(panel, replace(view, gradient_norms=norms))
    texts = {layer: text for layer, text, _ in panel.picture.labels()}
    assert texts == {0: "layer 1: 0", 1: "layer 2: NaN", 2: "layer 3"}


def test_the_keyboard_and_the_pointer_read_an_epoch(panel: HealthPanel, qtbot: QtBot) -> None:
    show(panel, health(2))
    for key, epoch in (
        (Qt.Key.Key_Left, 100),
        (Qt.Key.Key_Left, 99),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Escape, None),
    ):
        QTest.keyClick(panel.plot, key)
        assert panel.picture.cursor == epoch
    panel.picture.point_at(panel.picture.index_at(panel.plot.pixel(50.2, 0)))
    assert panel.plot.accessibleDescription() == "epoch 50; layer 1 0.031623; layer 2 0.0031623"


def test_a_snapshot_without_health_keeps_what_was_drawn(panel: HealthPanel) -> None:
    assert panel.message.text() == words.EMPTY
    assert differs_from_surface(picture_of(panel))
    snapshot = with_health(health())
    panel.show_snapshot(snapshot)
    panel.show_snapshot(replace(snapshot, health=None))
    assert len(panel.rows) == 3
    panel.show_snapshot(replace(snapshot, health=None, generation=snapshot.generation + 1))
    assert not panel.rows
    assert not panel.message.isHidden()


def test_another_network_has_other_rows(panel: HealthPanel, qtbot: QtBot) -> None:
    show(panel, health(9))
    show(panel, health(2))
    assert len(panel.rows) == 2
    assert panel.rows[1].accessibleName() == "Layer 2 · ReLU"


def test_theme_and_scale_are_followed(panel: HealthPanel, qtbot: QtBot) -> None:
    show(panel, health(1))
    before = panel.rows[0].height()
    panel.apply_theme(DARK.scaled(1.5))
    assert panel.rows[0].height() > 1.3 * before
    image = panel.plot.grab().toImage()
    assert image.pixelColor(2, 2) == QColor(DARK.surface)


@pytest.mark.parametrize("count", [3, 9])
def test_the_figure_has_every_layer(
    panel: HealthPanel, qtbot: QtBot, tmp_path: Path, count: int
) -> None:
    show(panel, health(count, (DEAD,)))
    save_figure(panel, tmp_path / "health.svg")
    text = (tmp_path / "health.svg").read_text(encoding="utf-8")
    for number in range(1, count + 1):
        assert f"Layer {number} · ReLU" in text
        assert f"layer {number}" in text
    assert DEAD.remedy in text
