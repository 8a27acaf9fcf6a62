from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.boundary_panel import BoundaryPanel
from gui.panels.panel import Mark, Wants
from gui.readings import percent
from gui.theme import DARK, LIGHT
from model.analysis.decision_grid import probability_at
from model.arrays import Array
from model.training.snapshots import DecisionGrid, Probe, Snapshot
from tests.gui.run_snapshots import differs_from_surface, lab_snapshot, picture_of, shows


@pytest.fixture
def panel(qtbot: QtBot) -> BoundaryPanel:
    panel = BoundaryPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(440, 360)
    panel.show()
    return panel


def pixel(panel: BoundaryPanel, place: tuple[float, ...]) -> QPoint:
    return panel.plot.pixel(*place).toPoint()


def click(panel: BoundaryPanel, place: tuple[float, ...]) -> None:
    at = pixel(panel, place)
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)


def without_samples(snapshot: Snapshot) -> Snapshot:
    """Nothing but one far sample, so that the heat map can be looked at."""
    data = snapshot.data
    X, y = np.array([[50.0, 50.0]]), np.array([0.0])
    data = replace(data, X_train=X, y_train=y, X_test=X, y_test=y)
    return replace(snapshot, data=data, test=replace(snapshot.test, probability=np.zeros(1)))


def with_grid(snapshot: Snapshot, probability: Array) -> Snapshot:
    rows, columns = probability.shape
    x, y = np.linspace(-2, 2, columns), np.linspace(-2, 2, rows)
    return replace(snapshot, grid=DecisionGrid(x, y, probability, ()))


def test_a_cell_is_coloured_where_its_node_is(panel: BoundaryPanel) -> None:
    probability = np.full((5, 5), 0.5)
    probability[3, 1] = 1.0
    probability[1, 3] = 0.0
    panel.show_snapshot(with_grid(without_samples(lab_snapshot()), probability))
    image = picture_of(panel)
    up_left = image.pixelColor(pixel(panel, (-1.06, 1.06)))
    down_right = image.pixelColor(pixel(panel, (1.06, -1.06)))
    assert up_left.blue() > up_left.red() + 60
    assert down_right.red() > down_right.blue() + 60
    assert image.pixelColor(pixel(panel, (-1.06, -1.06))) == QColor(LIGHT.surface)


def test_nodes_at_the_rim_lie_on_the_frame(panel: BoundaryPanel) -> None:
    panel.show_snapshot(with_grid(without_samples(lab_snapshot()), np.zeros((3, 3))))
    assert panel.plot.ranges() == ((-2, 2), (-2, 2))
    image, rect = picture_of(panel), panel.plot.rect_of_plot
    inside = rect.bottomLeft().toPoint() + QPoint(3, -3)
    assert image.pixelColor(inside) == QColor(LIGHT.negative_area)
    assert image.pixelColor(rect.bottomLeft().toPoint() + QPoint(-3, -3)) == QColor(LIGHT.surface)


def test_the_contour_is_the_grids_own(panel: BoundaryPanel) -> None:
    line = np.array([[-2.0, 0.3], [2.0, 0.3]])
    snapshot = with_grid(without_samples(lab_snapshot()), np.full((3, 3), 0.5))
    assert snapshot.grid is not None
    panel.show_snapshot(replace(snapshot, grid=replace(snapshot.grid, contour=(line,))))
    image = picture_of(panel)
    assert shows(image, LIGHT.text, panel.plot.pixel(0.7, 0.3))
    assert not shows(image, LIGHT.text, panel.plot.pixel(0.7, -0.3))


def test_classes_differ_by_colour_and_by_shape(panel: BoundaryPanel) -> None:
    snapshot = without_samples(lab_snapshot())
    X, y = np.array([[-1.1, 1.1], [1.1, 1.1]]), np.array([0.0, 1.0])
    data = replace(snapshot.data, X_test=X, y_test=y)
    shown = replace(
        with_grid(snapshot, np.full((3, 3), 0.5)),
        data=data,
        test=replace(snapshot.test, probability=y),
    )
    panel.apply_theme(LIGHT.scaled(2.0))
    panel.show_snapshot(shown)
    image = picture_of(panel)
    disc, square = (panel.plot.pixel(*x).toPoint() for x in X)
    assert image.pixelColor(disc) == QColor(LIGHT.negative)
    assert image.pixelColor(square) == QColor(LIGHT.positive)
    corner = QPoint(4, 4)
    assert image.pixelColor(square + corner) == QColor(LIGHT.positive)
    assert image.pixelColor(disc + QPoint(6, 6)) != QColor(LIGHT.negative)


def test_only_wrong_test_samples_are_ringed(panel: BoundaryPanel) -> None:
    snapshot = without_samples(lab_snapshot())
    X, y = np.array([[-1.1, 1.1], [1.1, 1.1]]), np.array([0.0, 1.0])
    shown = replace(
        with_grid(snapshot, np.full((3, 3), 0.5)),
        data=replace(snapshot.data, X_test=X, y_test=y),
        test=replace(snapshot.test, probability=np.array([0.9, 0.9])),
    )
    panel.show_snapshot(shown)
    image = picture_of(panel)

    def ringed(image, x):  # type: ignore[no-untyped-def]
        side = panel.plot.pixel(*x)
        side.setX(side.x() + 6.5)
        return shows(image, LIGHT.text, side, 1)

    assert ringed(image, X[0])
    assert not ringed(image, X[1])
    panel.show_snapshot(replace(shown, threshold=0.95))
    image = picture_of(panel)
    assert not ringed(image, X[0])
    assert ringed(image, X[1])


def test_the_read_out_is_the_networks_own_probability(panel: BoundaryPanel, qtbot: QtBot) -> None:
    snapshot = lab_snapshot()
    panel.show_snapshot(snapshot)
    at = pixel(panel, (1.0, 0.5))
    QTest.mouseMove(panel.plot.viewport(), at)
    qtbot.waitUntil(lambda: panel.picture.cursor is not None)
    place = panel.picture.cursor
    assert place is not None
    expected = probability_at(snapshot.layers, np.array(place))
    words = panel.plot.accessibleDescription()
    assert f"p {expected:.6g}" in words
    raw = snapshot.data.raw(np.array(place))
    assert f"(raw {raw[0]:+.4g})".replace("-", "−") in words


def test_unscaled_data_have_no_raw_values(panel: BoundaryPanel) -> None:
    snapshot = lab_snapshot()
    data = replace(snapshot.data, scaling="none", mean=np.zeros(2), scale=np.ones(2))
    panel.show_snapshot(replace(snapshot, data=data))
    panel.plot.setFocus()
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert "raw" not in panel.plot.accessibleDescription()
    assert panel.plot.axes.labels == ("Feature 1", "Feature 2")


def test_a_click_probes_the_sample_and_a_second_one_lets_go(
    panel: BoundaryPanel, qtbot: QtBot
) -> None:
    snapshot = lab_snapshot()
    panel.show_snapshot(snapshot)
    sample = tuple(map(float, snapshot.data.X_test[3]))
    with qtbot.waitSignal(panel.probe_requested) as asked:
        click(panel, sample)
    assert asked.args == [sample]
    assert panel.picture.selected == sample
    with qtbot.waitSignal(panel.probe_requested) as asked:
        click(panel, sample)
    assert asked.args == [None]
    assert panel.picture.selected is None


def test_an_empty_place_is_probed_itself_and_escape_lets_go(
    panel: BoundaryPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(lab_snapshot())
    (left, _), (_, high) = panel.plot.ranges()
    corner = (left + 0.3, high - 0.3)
    with qtbot.waitSignal(panel.probe_requested) as asked:
        click(panel, corner)
    assert asked.args[0] == pytest.approx(corner, abs=0.05)
    with qtbot.waitSignal(panel.probe_requested) as asked:
        QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert asked.args == [None]


def test_arrow_keys_and_enter_probe(panel: BoundaryPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(lab_snapshot())
    panel.plot.setFocus()
    (left, right), _ = panel.plot.ranges()
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    start = panel.picture.cursor
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    moved = panel.picture.cursor
    assert start is not None
    assert moved is not None
    assert moved[0] - start[0] == pytest.approx((right - left) / 50)
    for _ in range(60):
        QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.picture.cursor == (right, start[1])
    with qtbot.waitSignal(panel.probe_requested) as asked:
        QTest.keyClick(panel.plot, Qt.Key.Key_Return)
    assert asked.args == [(right, start[1])]


def test_the_sessions_probe_is_marked_and_an_older_snapshot_does_not_undo_a_wish(
    panel: BoundaryPanel,
) -> None:
    snapshot = lab_snapshot()
    panel.show_snapshot(snapshot)
    sample = tuple(map(float, snapshot.data.X_test[0]))
    click(panel, sample)
    panel.show_snapshot(snapshot)
    assert panel.picture.selected == sample
    x = np.array(sample)
    probe = Probe(x, snapshot.data.raw(x), 0, (x, np.array([0.5])))
    panel.show_snapshot(replace(snapshot, probe=probe))
    panel.show_snapshot(snapshot)
    assert panel.picture.selected is None


def test_the_points_are_painted_again_only_for_other_data(
    panel: BoundaryPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.show_snapshot(lab_snapshot())
    panel.grab()
    painted: list[int] = []
    monkeypatch.setattr(panel.picture.samples.points, "draw", lambda painter: painted.append(1))
    panel.show_snapshot(replace(lab_snapshot(), epoch=31))
    panel.grab()
    assert painted == []
    data = replace(lab_snapshot().data, name="others")
    panel.show_snapshot(replace(lab_snapshot(), data=data))
    panel.grab()
    assert painted == [1]


def test_the_heading_says_epoch_accuracy_and_threshold(panel: BoundaryPanel) -> None:
    snapshot = lab_snapshot()
    panel.show_snapshot(snapshot)
    words = f"epoch 30 · test {percent(snapshot.test.accuracy)}"
    assert panel.subtitle == words
    panel.show_snapshot(replace(snapshot, threshold=0.42))
    assert panel.subtitle == f"{words} · p ≥ 0.42"
    assert panel.plot.axes.labels[0] == "Feature 1 (standardised)"
    assert [e.mark for e in panel.legend()] == [Mark.DISC, Mark.SQUARE, Mark.RING]
    assert panel.wants == Wants.GRID


@pytest.mark.parametrize("features", [1, 3])
def test_other_than_two_features_are_told(panel: BoundaryPanel, features: int) -> None:
    snapshot = lab_snapshot()
    X = np.zeros((4, features))
    y = np.zeros(4)
    data = replace(snapshot.data, X_train=X, y_train=y, X_test=X, y_test=y)
    panel.show_snapshot(replace(snapshot, data=data, grid=None))
    assert f"this data set has {features} feature" in panel.picture.message
    assert differs_from_surface(picture_of(panel))
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.picture.cursor is None
    panel.show_snapshot(snapshot)
    assert panel.picture.message == ""


def test_nan_everywhere_is_counted_and_named(panel: BoundaryPanel) -> None:
    snapshot = without_samples(lab_snapshot())
    panel.show_snapshot(with_grid(snapshot, np.full((3, 3), np.nan)))
    image = picture_of(panel)
    assert panel.picture.notes[0][0] == "p is NaN at 9 of 9 places (grey)"
    assert image.pixelColor(pixel(panel, (-1.1, -1.1))) == QColor(LIGHT.zero)


def test_a_plane_without_a_boundary_says_so(panel: BoundaryPanel) -> None:
    panel.show_snapshot(with_grid(without_samples(lab_snapshot()), np.full((3, 3), 0.2)))
    assert panel.picture.notes[0][0] == "p is below 0.50 everywhere here"


def test_empty_one_sample_and_no_test_set(panel: BoundaryPanel) -> None:
    assert differs_from_surface(picture_of(panel))
    snapshot = lab_snapshot()
    data = snapshot.data
    one = replace(
        data,
        X_train=data.X_train[:1],
        y_train=data.y_train[:1],
        X_test=data.X_test[:0],
        y_test=data.y_test[:0],
    )
    nothing = replace(snapshot.test, probability=np.empty(0), accuracy=float("nan"))
    panel.show_snapshot(replace(snapshot, data=one, test=nothing, grid=None))
    panel.grab()
    assert panel.subtitle == "epoch 30 · no test set"
    (left, right), _ = panel.plot.ranges()
    assert right - left == pytest.approx(2)


def test_the_dark_theme_recolours_the_heat_map(panel: BoundaryPanel) -> None:
    panel.show_snapshot(with_grid(without_samples(lab_snapshot()), np.zeros((3, 3))))
    panel.apply_theme(DARK)
    image = picture_of(panel)
    assert image.pixelColor(pixel(panel, (-1.1, -1.1))) == QColor(DARK.negative_area)


def with_points(snapshot: Snapshot, train: Array, test: Array, y_test: Array) -> Snapshot:
    """Other samples of class 0 and 1 on a plain ground, all told right."""
    base = with_grid(without_samples(snapshot), np.full((3, 3), 0.5))
    data = replace(base.data, X_train=train, y_train=np.zeros(len(train)))
    data = replace(data, X_test=test, y_test=y_test)
    return replace(base, data=data, test=replace(base.test, probability=y_test))


def test_train_and_test_samples_differ_by_shape(panel: BoundaryPanel) -> None:
    train, test = np.array([[-1.1, 1.1]]), np.array([[1.1, 1.1]])
    panel.apply_theme(LIGHT.scaled(2.0))
    panel.show_snapshot(with_points(lab_snapshot(), train, test, np.array([0.0])))
    image = picture_of(panel)
    cross, disc = pixel(panel, (-1.1, 1.1)), pixel(panel, (1.1, 1.1))
    beside = QPoint(3, 0)
    assert image.pixelColor(disc + beside) == QColor(LIGHT.negative)
    assert image.pixelColor(cross + beside) == QColor(LIGHT.surface)
    assert shows(image, LIGHT.negative, cross.toPointF(), 2)


def test_both_kinds_of_samples_are_explained(panel: BoundaryPanel) -> None:
    panel.show_snapshot(lab_snapshot())
    image = picture_of(panel)
    free = panel.plot.axes.beside_x_label(panel.plot.extent, LIGHT).toRect()
    colours = {
        image.pixelColor(x, y).name().upper()
        for x in range(free.left(), free.right())
        for y in range(free.top(), free.bottom())
    }
    assert {LIGHT.negative, LIGHT.positive} <= colours
    assert "train samples small ×" in panel.plot.toolTip()


def test_of_very_many_samples_a_part_is_drawn_and_counted(panel: BoundaryPanel) -> None:
    generator = np.random.default_rng(3)
    train, test = generator.normal(size=(80_000, 2)), generator.normal(size=(20_000, 2))
    panel.show_snapshot(with_points(lab_snapshot(), train, test, np.zeros(20_000)))
    assert [text for text, _ in panel.picture.notes][-2:] == [
        "test: 500 of 20\u202f000 drawn",
        "train: 1\u202f500 of 80\u202f000 drawn",
    ]


def test_over_a_sample_its_own_numbers_are_read_out(panel: BoundaryPanel) -> None:
    snapshot = lab_snapshot()
    panel.show_snapshot(snapshot)
    sample = snapshot.data.X_test[3]
    panel._on_plot_hovered(panel.plot.pixel(*sample) + QPointF(1, 1))
    words = [text for text, _ in panel.picture.read_out]
    assert words[0] == f"test sample, class {snapshot.data.y_test[3]:.0f}"
    assert words[-1] == f"p {probability_at(snapshot.layers, sample):.6g}"


def test_the_selected_points_numbers_stay_when_the_pointer_leaves(panel: BoundaryPanel) -> None:
    snapshot = lab_snapshot()
    panel.show_snapshot(snapshot)
    sample = snapshot.data.X_test[3]
    click(panel, tuple(map(float, sample)))
    panel._on_plot_unhovered()
    words = [text for text, _ in panel.picture.selected_words]
    assert words[0] == f"p {probability_at(snapshot.layers, sample):.4g}"
    assert words[-1] == f"test sample, class {snapshot.data.y_test[3]:.0f}"
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.picture.selected_words == []
