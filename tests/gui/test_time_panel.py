import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.figures import save_figure
from gui.panels.loss_panel import LOG
from gui.panels.time_panel import HOW, TimePanel, axis_end
from gui.theme import DARK, LIGHT
from model.training.history_part import HistoryPart
from model.training.session import Session
from model.training.snapshots import Failure, State
from tests.gui.run_snapshots import (
    differs_from_surface,
    lab_snapshot,
    picture_of,
    shows,
    with_history,
)
from tests.gui.time_snapshots import LOSSES, branch, branched, past, rows_of, whole


@pytest.fixture
def panel(qtbot: QtBot) -> TimePanel:
    panel = TimePanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(1000, 160)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def wishes_of(panel: TimePanel) -> list[int]:
    wished: list[int] = []
    panel.epoch_requested.connect(wished.append)
    return wished


def at(panel: TimePanel, epoch: int, loss: float = 0.05) -> QPoint:
    return panel.plot.pixel(epoch, loss).toPoint()


def press(panel: TimePanel, epoch: int, loss: float = 0.05) -> None:
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(panel.plot.viewport(), left, pos=at(panel, epoch, loss))


def move(panel: TimePanel, epoch: int) -> None:
    QTest.mouseMove(panel.plot.viewport(), at(panel, epoch))


def release(panel: TimePanel, epoch: int) -> None:
    left = Qt.MouseButton.LeftButton
    QTest.mouseRelease(panel.plot.viewport(), left, pos=at(panel, epoch))


def test_the_curve_ends_at_the_handle(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    image = picture_of(panel)
    assert shows(image, LIGHT.text, panel.plot.pixel(200, LOSSES[200]))
    assert shows(image, LIGHT.accent, panel.plot.pixel(400, LOSSES[400]))
    assert shows(image, LIGHT.accent, panel.plot.pixel(400, 0.05))
    assert not shows(image, LIGHT.text, panel.plot.pixel(450, LOSSES[400]))
    assert panel.subtitle == HOW
    assert panel.plot.ranges()[0] == (0.0, 500.0)


@pytest.mark.parametrize(
    ("last", "epochs", "end"),
    [
        (0, 1000, 20),
        (11, 1000, 20),
        (412, 1000, 500),
        (501, 700, 700),
        (3, 5, 5),
        (1100, 1000, 1250),
    ],
)
def test_the_axis_ends_at_a_round_number_above_what_is_recorded(
    last: int, epochs: int, end: float
) -> None:
    assert axis_end(last, epochs) == end


def test_the_recorded_future_is_drawn_and_told(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    panel.show_snapshot(past(40))
    assert panel.subtitle == "the past: epoch 40 of 400 recorded"
    assert panel.curves.recorded == 400
    assert [panel.curves.loss_at(k) for k in (0, 40, 399, 400)] == [
        LOSSES[k] for k in (0, 40, 399, 400)
    ]
    image = picture_of(panel)
    assert shows(image, LIGHT.accent, panel.plot.pixel(40, 0.05))
    dashes = [
        shows(image, LIGHT.secondary, panel.plot.pixel(k, LOSSES[k]), 1) for k in range(100, 200)
    ]
    assert any(dashes)
    assert not all(dashes)
    assert "recorded" in [entry.text for entry in panel.legend()]


def test_walking_again_keeps_the_future_until_it_is_caught_up(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    panel.show_snapshot(past(390))
    step = HistoryPart(390, rows_of(LOSSES[390:391]))
    panel.show_snapshot(replace(past(391), history=step))
    assert panel.subtitle == "the past: epoch 391 of 400 recorded"
    rest = HistoryPart(391, rows_of(LOSSES[391:400]))
    panel.show_snapshot(replace(whole(), history=rest))
    assert panel.subtitle == HOW
    assert panel.curves.trace.values.tolist() == LOSSES[:400].tolist()


def test_an_edit_in_the_past_leaves_no_future(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    panel.show_snapshot(past(40))
    old = branch(0, "first path", 0, LOSSES)
    panel.show_snapshot(replace(past(40), future=None, branch=1, branches=(old,)))
    assert panel.curves.recorded == 40
    assert list(panel.curves.branches) == [0]
    assert panel.curves.branches[0].last_epoch == 400


def test_a_press_goes_there_at_once_and_dragging_follows(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    wished = wishes_of(panel)
    press(panel, 100)
    assert wished == [100]
    assert panel.picture.epoch == 100
    panel.show_snapshot(past(100))
    move(panel, 150)
    assert wished == [100, panel.picture.epoch]
    assert panel.picture.epoch == pytest.approx(150, abs=1)
    release(panel, 150)


def test_one_wish_at_a_time_and_the_last_one_wins(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    wished = wishes_of(panel)
    press(panel, 300)
    for epoch in range(290, 90, -10):
        move(panel, epoch)
    assert wished == [300]
    assert panel.picture.epoch == pytest.approx(100, abs=1)
    last = panel.picture.epoch
    panel.show_snapshot(past(300))
    assert wished == [300, last]
    assert panel.picture.epoch == last
    release(panel, 100)
    panel.show_snapshot(past(last))
    assert wished == [300, last]


def test_a_snapshot_on_its_way_does_not_move_the_handle(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    press(panel, 300)
    panel.show_snapshot(replace(whole(), history=HistoryPart(400, rows_of(LOSSES[:0]))))
    assert panel.picture.epoch == 300
    release(panel, 300)
    panel.show_snapshot(past(300))
    assert panel.picture.epoch == 300


def test_a_refused_wish_is_given_up(panel: TimePanel, qtbot: QtBot) -> None:
    panel.show_snapshot(whole())
    wished = wishes_of(panel)
    QTest.keyClick(panel.plot, Qt.Key.Key_Home)
    assert panel.picture.epoch == 0
    qtbot.waitUntil(lambda: panel.picture.epoch == 400)
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert wished == [0, 399]


def test_dragging_stays_within_what_is_recorded(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    panel.show_snapshot(past(40))
    wished = wishes_of(panel)
    press(panel, 490)
    assert wished == [400]


@pytest.mark.parametrize(
    ("key", "modifier", "epoch"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 199),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 201),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 180),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 180),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 220),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 400),
    ],
)
def test_the_keys_go_through_time(
    panel: TimePanel, key: Qt.Key, modifier: Qt.KeyboardModifier, epoch: int
) -> None:
    panel.show_snapshot(whole())
    panel.show_snapshot(past(200))
    wished = wishes_of(panel)
    QTest.keyClick(panel.plot, key, modifier)
    assert wished == [epoch]
    assert panel.plot.accessibleDescription().startswith(f"epoch {epoch} · loss ")


def test_held_arrows_end_where_they_were_let_go(panel: TimePanel) -> None:
    panel.show_snapshot(whole())
    wished = wishes_of(panel)
    for _ in range(30):
        QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    panel.show_snapshot(past(399))
    panel.show_snapshot(past(370))
    assert wished == [399, 370]


def test_branches_are_faint_dashed_and_named(panel: TimePanel) -> None:
    panel.show_snapshot(branched())
    image = picture_of(panel)
    curve = panel.curves.branches[1]
    dashes = [
        differs(image.pixelColor(panel.plot.pixel(k, curve.trace.at(k - 200)).toPoint()))
        for k in range(420, 590)
    ]
    assert any(dashes)
    assert not all(dashes)
    boxes = panel.picture._labels
    assert set(boxes) == {1, 2}
    rect = panel.plot.rect_of_plot
    assert all(rect.contains(box) for box in boxes.values())
    assert not boxes[1].intersects(boxes[2])


def differs(colour: QColor) -> bool:
    """Whether it is darker than surface and grid."""
    return colour.lightness() < QColor(LIGHT.grid).lightness() - 20


def test_a_click_on_a_name_or_a_curve_chooses_the_branch(panel: TimePanel, qtbot: QtBot) -> None:
    panel.show_snapshot(branched())
    panel.grab()
    wished = wishes_of(panel)
    name = panel.picture._labels[2].center().toPoint()
    line = panel.plot.pixel(500, panel.curves.branches[1].trace.at(300)).toPoint()
    for place, number in ((name, 2), (line, 1)):
        with qtbot.waitSignal(panel.branch_chosen) as chosen:
            QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert chosen.args == [number]
    assert wished == []


def test_where_branches_run_together_the_present_one_is_meant(
    panel: TimePanel, qtbot: QtBot
) -> None:
    old = branch(0, "first path", 0, LOSSES)
    panel.show_snapshot(replace(whole(), branch=1, branches=(old,)))
    wished = wishes_of(panel)
    with qtbot.assertNotEmitted(panel.branch_chosen):
        press(panel, 100, LOSSES[100])
        release(panel, 100)
    assert wished == [100]


def test_the_keys_choose_and_delete_a_branch(panel: TimePanel, qtbot: QtBot) -> None:
    panel.show_snapshot(branched())
    with qtbot.assertNotEmitted(panel.branch_deleted):
        QTest.keyClick(panel.plot, Qt.Key.Key_Delete)
    QTest.keyClick(panel.plot, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.branch_chosen) as chosen:
        QTest.keyClick(panel.plot, Qt.Key.Key_Return)
    QTest.keyClick(panel.plot, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.branch_deleted) as deleted:
        QTest.keyClick(panel.plot, Qt.Key.Key_Delete)
    assert (chosen.args, deleted.args) == ([1], [2])
    panel.show_snapshot(replace(branched(), branches=branched().branches[:1]))
    assert panel.picture.chosen is None
    assert list(panel.curves.branches) == [1]


def test_the_menu_has_both_for_the_branch_that_is_meant(panel: TimePanel, qtbot: QtBot) -> None:
    panel.show_snapshot(branched())
    menu = panel.menu_at(2, 100)
    assert [a.text() for a in menu.actions()] == [
        "Go to branch “W[1] = 0”",
        "Delete branch “W[1] = 0”",
    ]
    with qtbot.waitSignal(panel.branch_deleted) as deleted:
        menu.actions()[1].trigger()
    assert deleted.args == [2]


def test_elsewhere_the_menu_goes_to_the_epoch_and_keeps_the_branches_apart(
    panel: TimePanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(branched())
    menu = panel.menu_at(None, 100)
    first, _, others = menu.actions()
    assert (first.text(), others.text()) == ("Go to epoch 100", "Other branches")
    assert len(others.menu().actions()) == 4
    with qtbot.waitSignal(panel.epoch_requested) as wished:
        first.trigger()
    assert wished.args == [100]
    panel.show_snapshot(whole())
    assert [a.isEnabled() for a in panel.menu_at(None, 100).actions()][-1] is False


def test_the_handle_follows_to_a_branch_after_scrubbing(panel: TimePanel) -> None:
    panel.show_snapshot(branched())
    press(panel, 269)
    release(panel, 269)
    there = replace(past(269), branch=3, branches=branched().branches)
    panel.show_snapshot(there)
    assert panel.picture.epoch == 269
    panel.grab()
    name = panel.picture._labels[2].center().toPoint()
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=name)
    chosen = replace(past(285), branch=2, branches=branched().branches)
    panel.show_snapshot(chosen)
    assert panel.picture.epoch == 285


def test_names_of_branches_stay_off_the_curves(panel: TimePanel) -> None:
    short = branch(1, "W[1] 1,1 = 9", 100, LOSSES[100:140] + 0.004)
    panel.show_snapshot(replace(whole(), branch=3, branches=(short,)))
    panel.grab()
    box = panel.picture._labels[1]
    curve = [panel.plot.pixel(k, LOSSES[k]) for k in range(401)]
    assert not any(box.contains(point) for point in curve)


def test_a_loss_that_is_not_known_yet_is_no_nan(panel: TimePanel) -> None:
    panel.show_snapshot(replace(past(40), future_loss=math.nan))
    assert panel.picture.read_out(400) == "epoch 400 · loss known once you go there"


def test_the_present_branch_is_named_and_not_drawn_twice(panel: TimePanel) -> None:
    here = branch(3, "layer 2 frozen", 300, LOSSES[300:])
    snapshot = replace(branched(), branches=(*branched().branches, here))
    panel.show_snapshot(snapshot)
    assert set(panel.curves.branches) == {1, 2}
    assert panel.subtitle == f"{HOW} · on branch “layer 2 frozen”"


def test_pointing_reads_out_an_epoch(panel: TimePanel, qtbot: QtBot) -> None:
    panel.show_snapshot(whole())
    move(panel, 250)
    qtbot.waitUntil(lambda: panel.picture.cursor is not None)
    epoch = panel.picture.cursor
    assert epoch == pytest.approx(250, abs=1)
    assert panel.picture.read_out(epoch) == f"epoch {epoch} · loss {LOSSES[epoch]!s}"


def test_scrubbing_a_hundred_thousand_epochs_keeps_every_peak(panel: TimePanel) -> None:
    count = 100_000
    losses = 0.3 + 0.4 * np.exp(-np.arange(count + 1) / 9000)
    losses[77_777] = 3.0
    start = replace(with_history(lab_snapshot(), losses, losses), future_loss=float(losses[-1]))
    panel.show_snapshot(start)
    panel.grab()
    for epoch in range(90_000, 10_000, -8_000):
        part = HistoryPart(epoch, rows_of(losses[:0]))
        future = HistoryPart(epoch, rows_of(losses[epoch:count]))
        panel.show_snapshot(replace(start, epoch=epoch, history=part, future=future))
    panel.grab()
    past_part, future_part = panel.curves.points(0, count, 900, 18_000)
    assert future_part[1].max() == 3.0
    assert past_part[0][-1] == future_part[0][0] == 18_000


def test_a_diverged_run_says_where(panel: TimePanel) -> None:
    losses = np.array([0.7, 3.0, 1e100, np.inf, np.nan])
    failed = replace(
        with_history(lab_snapshot(), losses, losses),
        state=State.FAILED,
        failure=Failure(3, "not a number", "Z[2]", ""),
    )
    panel.show_snapshot(failed)
    image = picture_of(panel)
    middle = panel.plot.rect_of_plot.center().y()
    assert shows(image, LIGHT.failure, QPointF(panel.plot.pixel(3, 0).x(), middle))
    assert np.isfinite(panel.plot.ranges()).all()
    assert panel.plot.accessibleDescription() == "epoch 4 · loss NaN"
    panel.set_scale(LOG)
    panel.show_snapshot(replace(failed, history=HistoryPart(4, rows_of(losses[:0]))))
    assert np.isfinite(panel.plot.ranges()).all()


def test_nothing_but_nan_has_a_handle(panel: TimePanel) -> None:
    nothing = np.full(4, np.nan)
    panel.show_snapshot(with_history(lab_snapshot(), nothing, nothing))
    panel.grab()
    assert panel.plot.rect_of_plot.bottom() == panel.picture.handle().y()


def test_another_run_forgets_wishes_and_branches(panel: TimePanel) -> None:
    panel.show_snapshot(branched())
    press(panel, 100)
    release(panel, 100)
    panel.show_snapshot(replace(lab_snapshot(30), generation=99))
    assert panel.picture.epoch == 30
    assert panel.curves.branches == {}
    assert panel.curves.recorded == 30


def test_a_running_curve_moves_its_range_rarely(panel: TimePanel, qtbot: QtBot) -> None:
    running = replace(lab_snapshot(), state=State.RUNNING)
    panel.show_snapshot(with_history(running, np.ones(3), np.ones(3)))
    before = panel.plot.ranges()
    panel.show_snapshot(with_history(running, np.full(4, 7.0), np.ones(4)))
    assert panel.plot.ranges() == before
    qtbot.waitUntil(lambda: panel.plot.ranges()[1][1] >= 7)


def test_a_real_session_is_followed_back_and_on(panel: TimePanel) -> None:
    session = Session(lab_snapshot().settings)
    session.run(epochs=20)
    panel.show_snapshot(session.snapshot())
    rows = session.history.rows
    session.go_to(5)
    panel.show_snapshot(session.snapshot())
    assert panel.picture.epoch == 5
    assert panel.curves.loss_at(3) == rows[3, 0]


def test_the_time_line_is_a_figure_too(panel: TimePanel, tmp_path: Path) -> None:
    panel.show_snapshot(branched())
    save_figure(panel, tmp_path / "time.svg", (960, 300))
    drawn = (tmp_path / "time.svg").read_text()
    assert LIGHT.accent.lower() in drawn.lower()
    assert "stroke-dasharray" in drawn


def test_empty_one_point_themes_and_scales(panel: TimePanel) -> None:
    assert differs_from_surface(picture_of(panel))
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    move(panel, 0)
    panel.show_snapshot(lab_snapshot(0))
    panel.grab()
    left = panel.plot.rect_of_plot.left()
    panel.apply_theme(DARK.scaled(1.5))
    image = picture_of(panel)
    assert image.pixelColor(2, 2) == QColor(DARK.surface)
    assert panel.plot.rect_of_plot.left() > left
