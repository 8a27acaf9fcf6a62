from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.loss_panel import LOG, LossPanel, end_of
from gui.theme import DARK, LIGHT
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.labels import size
from gui.widgets.ticks import AXIS_TEXT
from gui.widgets.trace import ALL_DRAWN, Trace
from model.training.history_part import HistoryPart
from model.training.snapshots import Failure, State
from tests.gui.run_snapshots import (
    differs_from_surface,
    lab_snapshot,
    picture_of,
    shows,
    with_history,
)


@pytest.fixture
def panel(qtbot: QtBot) -> LossPanel:
    panel = LossPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(400, 300)
    panel.show()
    return panel


def labels_of(panel: LossPanel) -> list[str]:
    return [text for (text, _), _ in panel.picture._end_labels()]


def notes_of(panel: LossPanel) -> list[str]:
    return [text for text, _ in panel.picture._notes()]


def label_boxes(panel: LossPanel, monkeypatch: pytest.MonkeyPatch) -> list[QRectF]:
    """Where the end labels are drawn."""
    boxes = []

    def watch(painter, lines, corner, theme, font):  # type: ignore[no-untyped-def]
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(lines[0][0])
        boxes.append(QRectF(corner.x(), corner.y(), width, metrics.height()))
        return boxes[-1]

    monkeypatch.setattr("gui.panels.loss_picture.paint_lines", watch)
    panel.grab()
    return boxes


def test_both_curves_end_at_the_present_losses(panel: LossPanel) -> None:
    snapshot = lab_snapshot(30)
    panel.show_snapshot(snapshot)
    train, test = panel.picture.traces["train"], panel.picture.traces["test"]
    assert train.epoch == test.epoch == 30
    assert [train.at(k) for k in range(30)] == snapshot.history.rows[:, 0].tolist()
    assert (train.at(30), test.at(30)) == (snapshot.train.loss, snapshot.test.loss)
    assert {text.split()[0] for text in labels_of(panel)} == {"train", "test"}
    assert panel.subtitle == "epoch 30 · binary cross-entropy"


def test_the_curve_is_drawn_where_its_values_are(panel: LossPanel) -> None:
    losses = np.full(501, 0.4)
    panel.show_snapshot(with_history(lab_snapshot(), losses, losses / 2))
    image = picture_of(panel)
    assert shows(image, LIGHT.text, panel.plot.pixel(250, 0.4))
    assert not shows(image, LIGHT.text, panel.plot.pixel(250, 0.3))
    assert not shows(image, LIGHT.text, panel.plot.pixel(750, 0.4))


def test_parts_of_the_history_are_joined(panel: LossPanel) -> None:
    whole = lab_snapshot(30)
    rows = whole.history.rows
    panel.show_snapshot(replace(whole, epoch=10, history=HistoryPart(0, rows[:10])))
    panel.show_snapshot(replace(whole, epoch=30, history=HistoryPart(10, rows[10:])))
    assert panel.picture.traces["train"].values.tolist() == rows[:, 0].tolist()


def test_a_step_back_shortens_the_curve(panel: LossPanel) -> None:
    whole = lab_snapshot(30)
    panel.show_snapshot(whole)
    panel.show_snapshot(replace(whole, epoch=5, history=HistoryPart(5, whole.history.rows[:0])))
    trace = panel.picture.traces["train"]
    assert trace.epoch == 5
    assert trace.bounds()[0] == min(*whole.history.rows[:5, 0], whole.train.loss)


def test_the_epochs_of_the_settings_are_the_axis(panel: LossPanel) -> None:
    panel.show_snapshot(lab_snapshot(30))
    assert panel.plot.ranges()[0] == (0.0, 1000.0)
    losses = np.linspace(1, 0.5, 1501)
    panel.show_snapshot(with_history(lab_snapshot(), losses, losses))
    assert panel.plot.ranges()[0] == (0.0, 1500.0)


def test_pointing_reads_out_the_very_values(panel: LossPanel, qtbot: QtBot) -> None:
    snapshot = lab_snapshot(30)
    panel.show_snapshot(snapshot)
    QTest.mouseMove(panel.plot.viewport(), panel.plot.pixel(12, 0.1).toPoint())
    qtbot.waitUntil(lambda: panel.picture.cursor is not None)
    epoch = panel.picture.cursor
    assert epoch is not None
    assert panel.plot.accessibleDescription() == (
        f"epoch {epoch}; train {snapshot.history.rows[epoch, 0]!s};"
        f" test {snapshot.history.rows[epoch, 1]!s}"
    )


def test_the_keyboard_moves_the_cursor(panel: LossPanel) -> None:
    panel.show_snapshot(lab_snapshot(30))
    panel.plot.setFocus()
    for key, epoch in (
        (Qt.Key.Key_Left, 30),
        (Qt.Key.Key_Left, 29),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_End, 30),
        (Qt.Key.Key_Right, 30),
        (Qt.Key.Key_Escape, None),
    ):
        QTest.keyClick(panel.plot, key)
        assert panel.picture.cursor == epoch


def scale_button(panel: LossPanel) -> ChoiceButton:
    return next(w for w in panel.head_widgets() if isinstance(w, ChoiceButton))


def choose_scale(panel: LossPanel, scale: str) -> None:
    """As from the keyboard."""
    button = scale_button(panel)
    while button.value != scale:
        QTest.keyClick(button, Qt.Key.Key_Down)


def test_the_scale_switches_from_the_keyboard(panel: LossPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(lab_snapshot(30))
    button = scale_button(panel)
    qtbot.addWidget(button)
    linear = panel.plot.ranges()[1]
    QTest.keyClick(button, Qt.Key.Key_Down)
    assert panel.logarithmic
    assert button.accessibleName().endswith(": log")
    assert panel.plot.ranges()[1] != linear
    QTest.keyClick(button, Qt.Key.Key_Down)
    assert panel.plot.ranges()[1] == linear


def test_losses_without_a_logarithm_are_counted(panel: LossPanel) -> None:
    losses = np.array([1.0, 0.1, 0.0, 0.0, 0.01])
    panel.show_snapshot(with_history(lab_snapshot(), losses, np.ones(5)))
    choose_scale(panel, LOG)
    panel.grab()
    assert notes_of(panel) == ["train loss ≤ 0 in 2 epochs, not on a log scale"]
    low, high = panel.plot.ranges()[1]
    assert low < -2
    assert high > 0


@pytest.mark.parametrize("scale", ["linear", LOG])
def test_a_diverged_run_is_shown_up_to_the_last_finite_value(panel: LossPanel, scale: str) -> None:
    train = np.array([0.7, 3.0, 1e100, 1e300, np.nan, np.nan])
    test = np.array([0.7, 2.0, 1e99, np.inf, np.inf, np.inf])
    failed = replace(
        with_history(lab_snapshot(), train, test),
        state=State.FAILED,
        failure=Failure(5, "not a number", "Z[2]", ""),
    )
    choose_scale(panel, scale)
    panel.show_snapshot(failed)
    image = picture_of(panel)
    assert sorted(labels_of(panel)) == ["test +∞ from epoch 3 (dashed)", "train NaN from epoch 4"]
    assert notes_of(panel) == ["diverged at epoch 5"]
    middle = panel.plot.rect_of_plot.center().y()
    failure = QPointF(panel.plot.pixel(5, 0).x(), middle)
    assert shows(image, LIGHT.failure, failure)
    assert np.isfinite(panel.plot.ranges()).all()


def test_nothing_but_nan_is_named(panel: LossPanel) -> None:
    nothing = np.full(4, np.nan)
    panel.show_snapshot(with_history(lab_snapshot(), nothing, nothing))
    panel.grab()
    assert notes_of(panel) == ["train NaN from epoch 0", "test NaN from epoch 0"]


@pytest.mark.parametrize("size", [(300, 250), (400, 300), (900, 600)])
@pytest.mark.parametrize("epochs", [0, 1, 400, 990, 1000, 1400])
@pytest.mark.parametrize("gap", [0.0, 1e-4, 0.3])
def test_end_labels_stay_inside_and_apart(
    panel: LossPanel,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    epochs: int,
    gap: float,
) -> None:
    losses = 0.6 * np.exp(-np.arange(epochs + 1) / 200)
    panel.resize(*size)
    panel.show_snapshot(with_history(lab_snapshot(), losses, losses + gap))
    boxes = label_boxes(panel, monkeypatch)
    assert len(boxes) == 2
    assert all(panel.plot.rect_of_plot.contains(box) for box in boxes)
    assert not boxes[0].adjusted(0, 0.5, 0, -0.5).intersects(boxes[1])


def test_a_running_curve_does_not_move_the_range_with_every_frame(
    panel: LossPanel, qtbot: QtBot
) -> None:
    snapshot = replace(lab_snapshot(), state=State.RUNNING)
    panel.show_snapshot(with_history(snapshot, np.ones(3), np.ones(3)))
    before = panel.plot.ranges()
    panel.show_snapshot(with_history(snapshot, np.full(4, 7.0), np.ones(4)))
    assert panel.plot.ranges() == before
    qtbot.waitUntil(lambda: panel.plot.ranges()[1][1] >= 7)


def test_zooming_holds_the_range_until_the_whole_is_asked_for(
    panel: LossPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(lab_snapshot(30))
    whole = panel.plot.ranges()
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Plus)
    zoomed = panel.plot.ranges()
    assert zoomed != whole
    panel.show_snapshot(replace(lab_snapshot(30), history=HistoryPart(30, np.empty((0, 4)))))
    assert panel.plot.ranges() == zoomed
    QTest.mouseDClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    assert panel.plot.ranges() == whole


def test_a_million_epochs_keep_every_peak(panel: LossPanel) -> None:
    losses = np.full(1_000_001, 0.5)
    losses[123_457] = 3.0
    losses[765_433] = 0.01
    panel.show_snapshot(with_history(lab_snapshot(), losses, losses))
    panel.grab()
    x, y = panel.picture.traces["train"].points(0, 1_000_000, 350)
    assert len(x) <= ALL_DRAWN
    assert (y.max(), y.min()) == (3.0, 0.01)
    assert panel.picture.traces["train"].at(765_433) == 0.01


def test_thinned_blocks_grow_with_the_curve_and_change_with_its_past() -> None:
    values = np.random.default_rng(0).random(60_000)
    trace = Trace()
    for end in (30_000, 45_000, 60_000):
        trace.follow(values[:end], 0.5, end)
        fresh = Trace()
        fresh.follow(values[:end], 0.5, 0)
        for mine, other in zip(trace.points(0, end, 300), fresh.points(0, end, 300), strict=True):
            assert np.array_equal(mine, other)
    changed = values.copy()
    changed[10_000:] += 5
    trace.follow(changed, 0.5, 10_000)
    assert trace.points(0, 60_000, 300)[1].max() == changed.max()
    assert trace.bounds()[1] == changed.max()


def test_without_a_test_set_there_is_one_curve(panel: LossPanel) -> None:
    panel.show_snapshot(lab_snapshot(5, test_share=0.0))
    panel.grab()
    assert [text.split()[0] for text in labels_of(panel)] == ["train"]
    assert notes_of(panel) == []


def test_empty_and_at_the_start(panel: LossPanel) -> None:
    assert differs_from_surface(picture_of(panel))
    panel.show_snapshot(lab_snapshot(0))
    panel.grab()
    assert len(labels_of(panel)) == 2


def test_theme_and_scale_are_followed(panel: LossPanel) -> None:
    panel.show_snapshot(lab_snapshot(30))
    left = panel.plot.rect_of_plot.left()
    panel.apply_theme(DARK.scaled(1.5))
    image = picture_of(panel)
    assert image.pixelColor(2, 2) == QColor(DARK.surface)
    assert panel.plot.rect_of_plot.left() > left
    assert DARK.font(AXIS_TEXT).pixelSize() == 11


def test_ticks_have_room_and_order(panel: LossPanel) -> None:
    for top in (1e-9, 0.03, 0.7, 12.0, 4e5, 1e300):
        losses = np.array([top, top / 2])
        panel.show_snapshot(with_history(lab_snapshot(), losses, losses))
        x_ticks, y_ticks = panel.plot.axes._ticks
        assert len(y_ticks) >= 2
        for ticks in (x_ticks, y_ticks):
            assert all(a[0] < b[0] for a, b in pairwise(ticks))
            assert len({text for _, text in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("last", "epochs", "end"),
    [
        (0, 1000, 1000),
        (10, 20_000, 20_000),
        (0, 100_000_000, 2000),
        (128_000, 100_000_000, 200_000),
        (6_000_000, 100_000_000, 100_000_000),
        (1500, 1000, 1500),
    ],
)
def test_the_epoch_axis_grows_with_a_very_long_run(last: int, epochs: int, end: float) -> None:
    assert end_of(last, epochs) == end


@pytest.mark.parametrize("width", [120, 170, 320])
def test_the_last_losses_are_never_cut_off(panel: LossPanel, width: int) -> None:
    panel.resize(width, 150)
    panel.show_snapshot(lab_snapshot())
    panel.grab()
    font, room = LIGHT.font(AXIS_TEXT), panel.plot.rect_of_plot.width()
    labels = panel.picture._fitting(panel.picture._end_labels(), room, font)
    assert size([line for line, _ in labels], font)[0] <= room
    assert all(any(c.isdigit() for c in text) for (text, _), _ in labels)
