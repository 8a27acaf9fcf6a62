from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sklearn import metrics

from gui.panels.panel import Wants
from gui.panels.roc_panel import RocPanel
from gui.theme import DARK, LIGHT
from gui.widgets.operating_points import OperatingPoints
from gui.widgets.wish import PATIENCE
from model.arrays import Array
from model.training.snapshots import Snapshot
from tests.gui.run_snapshots import (
    differs_from_surface,
    lab_snapshot,
    picture_of,
    shows,
    with_test,
)

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1])
CLASSES = np.array([1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0])


@pytest.fixture
def panel(qtbot: QtBot) -> RocPanel:
    panel = RocPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(340, 320)
    panel.show()
    return panel


def small(threshold: float = 0.5) -> Snapshot:
    return with_test(replace(lab_snapshot(), threshold=threshold), SCORES, CLASSES)


def words(panel: RocPanel) -> list[str]:
    return [text for text, _ in panel.picture.lines()]


def ring(panel: RocPanel) -> QPointF:
    at = panel.picture.ring()
    assert at is not None
    return at


def test_both_areas_are_written(panel: RocPanel) -> None:
    snapshot = lab_snapshot()
    panel.show_snapshot(snapshot)
    assert words(panel) == [
        f"test AUC {snapshot.test.auc:.3f}",
        f"train AUC {snapshot.train.auc:.3f}",
        "○ threshold 0.50, drag it",
    ]
    assert panel.subtitle == "epoch 30"
    assert panel.wants == Wants.ROC


def test_the_curve_is_drawn_where_the_rates_are(panel: RocPanel) -> None:
    panel.show_snapshot(small())
    image = picture_of(panel)
    assert shows(image, LIGHT.accent, panel.plot.pixel(0.0, 0.25))
    assert not shows(image, LIGHT.accent, panel.plot.pixel(0.6, 0.4))


def test_the_ring_is_at_the_rates_of_the_threshold(panel: RocPanel) -> None:
    panel.show_snapshot(small(0.5))
    assert panel.plot.position(ring(panel)) == pytest.approx((0.25, 0.75))
    panel.show_snapshot(small(0.75))
    assert panel.plot.position(ring(panel)) == pytest.approx((0.0, 0.5))


def test_the_ring_is_dragged_along_the_curve(panel: RocPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(small(0.5))
    asked: list[float] = []
    panel.threshold_requested.connect(asked.append)
    view = panel.plot.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=ring(panel).toPoint())
    QTest.mouseMove(view, panel.plot.pixel(0.02, 0.48).toPoint())
    qtbot.waitUntil(lambda: asked != [])
    assert asked[-1] == 0.8
    assert panel.plot.position(ring(panel)) == pytest.approx((0.0, 0.5))
    panel.show_snapshot(small(0.5))
    assert panel.threshold == 0.8
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=ring(panel).toPoint())
    count = len(asked)
    QTest.mouseMove(view, panel.plot.pixel(0.9, 0.9).toPoint())
    assert len(asked) == count


def test_a_press_far_from_the_curve_changes_nothing(panel: RocPanel) -> None:
    panel.show_snapshot(small(0.5))
    at = panel.plot.pixel(0.7, 0.4).toPoint()
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.threshold == 0.5


def test_arrow_keys_move_the_ring_from_point_to_point(panel: RocPanel) -> None:
    panel.show_snapshot(small(0.5))
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.plot.position(ring(panel)) == pytest.approx((0.5, 0.75))
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.plot.position(ring(panel)) == pytest.approx((0.25, 0.5))


def test_the_slider_asks_for_hundredths(panel: RocPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(small(0.5))
    panel.slider.setFocus()
    with qtbot.waitSignal(panel.threshold_requested) as asked:
        QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    assert asked.args == [0.51]
    assert panel.strip.label.text() == "threshold 0.51"


def test_a_snapshot_moves_the_slider_without_asking_back(panel: RocPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.threshold_requested):
        panel.show_snapshot(small(0.8))
    assert panel.slider.value() == 80


def test_a_wish_outlives_older_snapshots_but_not_for_ever(panel: RocPanel) -> None:
    panel.show_snapshot(small(0.5))
    QTest.keyClick(panel.slider, Qt.Key.Key_Right)
    panel.show_snapshot(small(0.5))
    assert panel.threshold == 0.51
    for _ in range(PATIENCE):
        panel.show_snapshot(small(0.5))
    assert panel.threshold == 0.5


def test_matrix_and_accuracy_follow_the_threshold(panel: RocPanel) -> None:
    panel.show_snapshot(small(0.5))
    assert panel.strip.accuracy.text() == "accuracy 75.0 %"
    assert "of 4 samples of class 0, 1 were taken" in panel.matrix.toolTip()
    panel.show_snapshot(small(0.95))
    assert panel.strip.accuracy.text() == "accuracy 50.0 %"
    assert "of 4 samples of class 1, 4 were taken" in panel.matrix.toolTip()


def test_one_class_only_has_no_area(panel: RocPanel) -> None:
    panel.show_snapshot(with_test(lab_snapshot(), SCORES, np.ones(8)))
    panel.grab()
    assert words(panel)[0] == "AUC not defined: the test set holds one class only"
    assert panel.picture.ring() is None
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.threshold == 0.5
    assert panel.strip.accuracy.text() == "accuracy 50.0 %"


def test_no_test_set(panel: RocPanel) -> None:
    panel.show_snapshot(lab_snapshot(5, test_share=0.0))
    panel.grab()
    assert words(panel)[0] == "AUC not defined: there is no test set"
    assert panel.strip.accuracy.text() == "no test set"
    assert not panel.matrix.isVisible()


def test_nan_outputs_are_counted(panel: RocPanel) -> None:
    scores = np.where(np.arange(8) < 3, np.nan, SCORES)
    panel.show_snapshot(with_test(lab_snapshot(), scores, CLASSES))
    panel.grab()
    assert words(panel)[0] == "AUC not defined: 3 of 8 test outputs are not finite"


def test_curves_that_were_not_asked_for(panel: RocPanel) -> None:
    bare = {"auc": None, "false_positive_rate": None, "true_positive_rate": None}
    snapshot = lab_snapshot()
    test, train = replace(snapshot.test, **bare), replace(snapshot.train, **bare)
    panel.show_snapshot(replace(snapshot, test=test, train=train))
    panel.grab()
    assert words(panel) == []


def place_in(panel: RocPanel, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(panel, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("size", [(120, 80), (300, 250), (600, 260), (900, 600)])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_controls_and_plot_do_not_overlap(
    panel: RocPanel, qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    panel.apply_theme(DARK.scaled(scale))
    panel.resize(*size)
    panel.show_snapshot(small())
    panel.grab()
    parts = [w for w in (panel.plot, panel.strip.controls, panel.matrix) if w.isVisible()]
    for number, one in enumerate(parts):
        for other in parts[number + 1 :]:
            assert not place_in(panel, one).intersects(place_in(panel, other))


def test_empty(panel: RocPanel) -> None:
    assert differs_from_surface(picture_of(panel))
    at = panel.plot.rect_of_plot.center().toPoint()
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(panel.plot.viewport(), at + QPoint(4, 4))
    assert panel.threshold == 0.5


def random_scores(digits: int) -> tuple[Array, Array]:
    generator = np.random.default_rng(digits)
    return generator.random(60).round(digits), (generator.random(60) < 0.4).astype(float)


@pytest.mark.parametrize("digits", [1, 2, 15])
def test_operating_points_agree_with_scikit_learn(digits: int) -> None:
    scores, y = random_scores(digits)
    points = OperatingPoints(scores, y)
    false, true, _ = metrics.roc_curve(y, scores, drop_intermediate=False)
    mine = points.steps()
    assert np.allclose(mine[0], false)
    assert np.allclose(mine[1], true)


@pytest.mark.parametrize("digits", [1, 2, 15])
def test_the_threshold_of_a_step_leads_to_that_step(digits: int) -> None:
    scores, y = random_scores(digits)
    points = OperatingPoints(np.minimum(scores, 0.99), y)
    false, true = points.steps()
    for step in range(len(false)):
        threshold = points.threshold_of(step)
        assert 0 <= threshold <= 1
        assert points.rates(threshold) == pytest.approx((false[step], true[step]))


def test_no_threshold_up_to_one_leaves_out_a_saturated_output() -> None:
    points = OperatingPoints(np.array([1.0, 0.5]), np.array([1.0, 0.0]))
    assert points.threshold_of(0) == 1.0
    assert points.rates(1.0) == (0.0, 1.0)


@pytest.mark.parametrize("size", [(240, 300), (290, 260), (340, 320), (640, 260)])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_number_is_cut_off(
    panel: RocPanel, qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    many = np.repeat(CLASSES, 5000)
    panel.apply_theme(LIGHT.scaled(scale))
    panel.resize(*size)
    panel.show_snapshot(with_test(lab_snapshot(), many, many))
    panel.grab()
    for label in (panel.strip.label, panel.strip.accuracy):
        qtbot.waitUntil(lambda label=label: label.width() >= label.sizeHint().width())
    assert panel.strip.accuracy.text().split() == ["accuracy", "100.0", "%"]


def test_a_wide_panel_keeps_the_controls_beside_the_plot(panel: RocPanel, qtbot: QtBot) -> None:
    panel.resize(1000, 300)
    panel.show_snapshot(small())
    qtbot.waitUntil(lambda: panel.matrix.isVisible() and panel.slider.x() >= 0)
    edge = panel.plot.x() + panel.plot.rect_of_plot.right()
    qtbot.waitUntil(lambda: panel.strip.controls.x() - edge < 40)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(SCORES, ("right", "bottom")), (0.9 - 0.8 * CLASSES, ("left", "top"))],
)
def test_the_areas_stand_where_the_curve_is_not(
    panel: RocPanel, probability: Array, expected: tuple[str, str]
) -> None:
    panel.show_snapshot(with_test(small(), probability, CLASSES))
    train = replace(panel.picture._snapshot.train, auc=None, false_positive_rate=None)
    panel.show_snapshot(replace(panel.picture._snapshot, train=train))
    rect = panel.plot.rect_of_plot
    corner, covered = panel.picture._free_corner(QRectF(0, 0, 60, 30), rect)
    assert covered == 0
    assert ("left" if corner.x() < rect.center().x() else "right") == expected[0]
    assert ("top" if corner.y() < rect.center().y() else "bottom") == expected[1]


def test_nothing_is_read_out_while_the_ring_is_held(panel: RocPanel) -> None:
    panel.show_snapshot(small())
    view, at = panel.plot.viewport(), ring(panel).toPoint()
    QTest.mouseMove(view, at)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    panel._on_plot_hovered(ring(panel))
    assert panel.picture.cursor is None
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
    panel._on_plot_hovered(ring(panel))
    assert panel.picture.cursor is not None


def test_a_double_click_or_0_goes_back_to_the_middle(panel: RocPanel) -> None:
    left = Qt.MouseButton.LeftButton
    gestures = (
        lambda: QTest.mouseDClick(panel.plot.viewport(), left, pos=ring(panel).toPoint()),
        lambda: QTest.mouseDClick(panel.slider, left),
        lambda: QTest.keyClick(panel.slider, Qt.Key.Key_0),
        lambda: QTest.keyClick(panel.plot, Qt.Key.Key_0),
    )
    for gesture in gestures:
        panel.show_snapshot(small(0.75))
        panel._request(0.75)
        gesture()
        assert panel.threshold == 0.5


def test_nothing_is_said_of_a_test_set_before_the_data_are_there(panel: RocPanel) -> None:
    assert panel.strip.accuracy.text() == ""


def test_accuracy_of_outputs_that_are_no_numbers_is_not_defined(panel: RocPanel) -> None:
    outputs = np.full(len(CLASSES), np.nan)
    panel.show_snapshot(with_test(lab_snapshot(), outputs, CLASSES))
    assert panel.strip.accuracy.text().replace("\n", " ") == "accuracy not defined"
