from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.figures import save_figure
from gui.panels import surface_words as words
from gui.panels.surface_panel import SurfacePanel
from gui.panels.surface_path import SurfacePath
from gui.theme import DARK, LIGHT
from gui.widgets.colour_scale import ColourScale
from model.analysis.loss_surface import LossSurface, Plane, SurfaceRequest
from model.errors import StateError
from model.nn.operations import TensorName
from model.training.snapshots import Snapshot, State
from tests.gui.lab_views import bowl
from tests.gui.run_snapshots import differs_from_surface, lab_snapshot, picture_of


def standing(iteration: int = 30, state: State = State.PAUSED) -> Snapshot:
    """A session at an iteration of the run that `bowl` belongs to."""
    return replace(lab_snapshot(5), generation=1, iteration=iteration, epoch=iteration, state=state)


@pytest.fixture
def panel(qtbot: QtBot) -> SurfacePanel:
    panel = SurfacePanel(LIGHT)
    qtbot.addWidget(panel)
    for widget in panel.head_widgets():
        qtbot.addWidget(widget)
    panel.resize(480, 400)
    panel.show()
    return panel


@pytest.fixture
def asked(panel: SurfacePanel) -> QSignalSpy:
    return QSignalSpy(panel.surface_requested)


def requests(asked: QSignalSpy) -> list[SurfaceRequest]:
    return [asked.at(number)[0] for number in range(asked.count())]


def colour_at(panel: SurfacePanel, image: QImage, x: float, y: float) -> QColor:
    place = QPointF(panel.plot.mapTo(panel, panel.plot.pixel(x, y).toPoint()))
    return image.pixelColor(round(place.x()), round(place.y()))


def test_the_higher_the_loss_the_brighter(panel: SurfacePanel) -> None:
    panel.follow.setChecked(False)
    panel.show_snapshot(standing())
    panel.show_surface(bowl())
    image = picture_of(panel)
    places = [(0.07, -0.06), (0.6, 0.3), (-0.72, 0.63), (0.93, -0.97)]
    lights = [colour_at(panel, image, *place).lightness() for place in places]
    assert lights == sorted(lights)
    assert lights[-1] - lights[0] > 60
    assert panel.caption.text == "J 1 … 6 · the path lies in this plane"
    assert panel.subtitle == "epoch 30 · gradient and top curvature"
    assert panel.plot.axes.labels == ("distance along −∇J", "distance along curvature λ = 8")


def test_far_apart_losses_are_coloured_by_decades() -> None:
    values = np.array([[0.1, 1.0], [10.0, np.inf]])
    scale = ColourScale(values)
    assert scale.log
    shares = scale.shares(values)
    assert shares.ravel()[:3] == pytest.approx([0.0, 0.5, 1.0])
    assert np.isnan(shares[1, 1])
    assert [text for _, text in scale.ticks(4)] == ["0.1", "1", "10"]
    assert not ColourScale(np.array([-1.0, 100.0])).log
    assert ColourScale(np.full(4, 3.0)).shares(np.full(4, 3.0)).tolist() == [0.0] * 4


def test_contour_lines_lie_on_their_values(panel: SurfacePanel) -> None:
    panel.show_surface(bowl())
    levels = panel.picture._lines
    assert [text for _, text, _ in levels] == ["1", "2", "3", "4", "5", "6"]
    for level, _, lines in levels[1:-1]:
        points = np.concatenate(lines)
        assert points[:, 0] ** 2 + 4 * points[:, 1] ** 2 + 1 == pytest.approx(level, abs=0.02)


@pytest.mark.parametrize("size", [(300, 220), (380, 260), (900, 600)])
@pytest.mark.parametrize("turns", [0, 5])
def test_labels_are_whole_and_apart(panel: SurfacePanel, size: tuple[int, int], turns: int) -> None:
    at = np.linspace(1, 0, 60)
    angles = 2 * np.pi * turns * at
    path = 0.9 * at[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    panel.resize(*size)
    panel.show_surface(bowl(path=path, path_epochs=np.arange(60.0), off_plane=np.zeros(60)))
    surface = panel.picture.surface
    assert surface is not None
    drawn = SurfacePath(panel.plot, surface)
    texts = [text for text, _ in drawn.boxes()]
    boxes = [box for _, box in drawn.boxes()]
    boxes += [box for *_, box in panel.picture.contour_boxes(list(boxes), drawn.dense())]
    assert texts[:2] == ["here, epoch 59", "epoch 0"]
    assert all(panel.plot.rect_of_plot.contains(box) for box in boxes)
    assert not any(a.intersects(b) for a, b in combinations(boxes, 2))


def test_the_path_and_the_present_are_drawn(panel: SurfacePanel) -> None:
    panel.show_surface(bowl())
    image = picture_of(panel)
    assert colour_at(panel, image, 0.0, 0.0) == QColor(LIGHT.negative)
    assert colour_at(panel, image, -0.5, 0.5) == QColor("#FFFFFF")
    assert panel.caption.text.endswith("the path lies in this plane")
    panel.show_surface(bowl(off_plane=np.array([0.7, 0.2, 0.0])))
    assert panel.caption.text.endswith("up to 0.7 off this plane")
    panel.show_surface(bowl(path=np.array([[-5.0, 0.0], [0.0, 0.0], [0.0, 0.0]])))
    assert panel.caption.text.endswith("from beyond this picture")


def test_what_is_not_finite_is_hatched_and_counted(panel: SurfacePanel) -> None:
    loss = bowl().loss.copy()
    loss[25:, 25:] = np.inf
    panel.show_surface(bowl(loss=loss))
    image = picture_of(panel)
    inside = [colour_at(panel, image, x, 0.9) for x in np.linspace(0.8, 0.95, 40)]
    assert QColor(LIGHT.zero) in inside
    assert len({colour.name() for colour in inside}) > 2
    assert "36 of 961 not finite (hatched)" in panel.caption.text


def test_a_plane_without_any_finite_loss_says_so(panel: SurfacePanel) -> None:
    panel.show_surface(bowl(loss=np.full((31, 31), np.nan)))
    panel.grab()
    assert panel.caption.text.startswith(words.NOTHING_FINITE)


def test_the_first_state_that_stands_is_asked_for(panel: SurfacePanel, asked: QSignalSpy) -> None:
    panel.show_snapshot(standing(state=State.RUNNING))
    assert asked.count() == 0
    assert panel.picture.message == words.EMPTY
    panel.show_snapshot(standing())
    assert requests(asked) == [SurfaceRequest()]
    assert panel.picture.message == words.COMPUTING
    panel.show_snapshot(standing())
    assert asked.count() == 1
    panel.show_surface(bowl())
    panel.show_snapshot(standing())
    assert asked.count() == 1
    assert not panel.stale
    assert panel.picture.note == ""


def test_a_state_that_has_moved_on_marks_the_picture(
    panel: SurfacePanel, asked: QSignalSpy
) -> None:
    panel.show_snapshot(standing())
    panel.show_surface(bowl())
    before = picture_of(panel)
    panel.show_snapshot(standing(412, State.RUNNING))
    assert panel.stale
    assert panel.picture.note == "state of epoch 30, now 412 — R refreshes"
    assert asked.count() == 1
    after = picture_of(panel)
    place = (0.07, -0.4)
    assert (
        colour_at(panel, after, *place).lightness() > colour_at(panel, before, *place).lightness()
    )


def test_r_refreshes_and_follow_can_be_left(panel: SurfacePanel, asked: QSignalSpy) -> None:
    QTest.keyClick(panel.plot, Qt.Key.Key_F)
    assert not panel.follow.isChecked()
    panel.show_snapshot(standing())
    assert asked.count() == 0
    QTest.keyClick(panel.plot, Qt.Key.Key_R)
    QTest.keyClick(panel.plot, Qt.Key.Key_R)
    assert asked.count() == 1
    panel.show_surface(bowl())
    panel.show_snapshot(standing(31))
    assert asked.count() == 1
    QTest.mouseClick(panel.refresh_action, Qt.MouseButton.LeftButton)
    assert asked.count() == 2


def test_a_surface_that_is_old_when_it_comes_is_asked_for_again(
    panel: SurfacePanel, asked: QSignalSpy
) -> None:
    panel.show_snapshot(standing(30))
    panel.show_snapshot(standing(31))
    assert asked.count() == 1
    panel.show_surface(bowl())
    assert asked.count() == 2
    assert panel.picture.note == words.COMPUTING


def test_what_was_refused_is_not_asked_for_again(panel: SurfacePanel, asked: QSignalSpy) -> None:
    panel.show_snapshot(standing())
    panel.show_error(StateError("The weights are not finite", "go back to an epoch where they are"))
    panel.show_snapshot(standing())
    assert asked.count() == 1
    assert panel.error.text() == (
        "✗ The weights are not finite. Go back to an epoch where they are."
    )
    assert panel.error.isVisible()
    panel.show_snapshot(standing(31))
    assert asked.count() == 2
    panel.show_surface(bowl(iteration=31))
    assert not panel.error.isVisible()


def test_a_hidden_panel_asks_when_it_is_seen(panel: SurfacePanel, asked: QSignalSpy) -> None:
    panel.hide()
    panel.show_snapshot(standing())
    assert asked.count() == 0
    panel.show()
    assert asked.count() == 1


def test_two_weights_are_chosen_by_keyboard(panel: SurfacePanel, asked: QSignalSpy) -> None:
    panel.show_snapshot(standing())
    panel.show_surface(bowl())
    QTest.keyClick(panel.head_widgets()[0], Qt.Key.Key_Down)
    assert panel.elements.isVisible()
    assert requests(asked)[-1].plane is Plane.TWO_WEIGHTS
    panel.show_surface(bowl(requests(asked)[-1]))
    field = panel.elements.second
    QTest.keyClick(field.tensor, Qt.Key.Key_Down)
    assert field.tensor.currentText() == "b[1]"
    assert not field.input.isVisible()
    QTest.keyClick(field.unit, Qt.Key.Key_Up)
    chosen = panel.request
    assert (chosen.first, chosen.second) == (
        (TensorName("W", 1), 0, 0),
        (TensorName("b", 1), 1, 0),
    )
    assert requests(asked)[-1] == chosen


def test_only_elements_of_the_network_can_be_chosen(panel: SurfacePanel) -> None:
    panel.show_snapshot(standing())
    field = panel.elements.first
    names = [field.tensor.itemText(n) for n in range(field.tensor.count())]
    assert names == ["W[1]", "b[1]", "W[2]", "b[2]", "W[3]", "b[3]"]
    assert (field.unit.maximum(), field.input.maximum()) == (10, 2)
    field.show_place((TensorName("W", 3), 0, 4))
    assert (field.unit.maximum(), field.input.maximum()) == (1, 5)
    field.set_shapes({TensorName("W", 1): (3, 2)})
    assert field.place == (TensorName("W", 1), 0, 1)


def test_other_random_directions_are_another_seed(panel: SurfacePanel, asked: QSignalSpy) -> None:
    panel.show_snapshot(standing())
    panel.show_surface(bowl())
    QTest.keyClick(panel.plot, Qt.Key.Key_N)
    assert asked.count() == 1
    panel.choose_plane(Plane.RANDOM)
    panel.show_surface(bowl(requests(asked)[-1]))
    QTest.keyClick(panel.plot, Qt.Key.Key_N)
    assert [request.seed for request in requests(asked)] == [0, 0, 1]
    assert not panel.again.isHidden()


def test_pointing_reads_loss_position_and_epoch(panel: SurfacePanel, qtbot: QtBot) -> None:
    panel.show_surface(bowl())
    QApplication.sendPostedEvents()
    QTest.mouseMove(panel.plot.viewport(), panel.plot.pixel(-0.41, 0.11).toPoint())
    qtbot.waitUntil(lambda: panel.picture.cursor is not None)
    assert panel.picture.cursor == (9, 17)
    surface = bowl()
    assert [text for text, _ in panel.picture.read_out()] == [
        f"J {surface.loss[17, 9]!s}",
        "x −0.4",
        "y +0.133",
        "the path at epoch 10",
    ]


def test_the_arrow_keys_read_from_the_present_on(panel: SurfacePanel) -> None:
    panel.show_surface(bowl())
    for key, node in (
        (Qt.Key.Key_Right, (15, 15)),
        (Qt.Key.Key_Right, (16, 15)),
        (Qt.Key.Key_Down, (16, 14)),
        (Qt.Key.Key_Escape, None),
    ):
        QTest.keyClick(panel.plot, key)
        assert panel.picture.cursor == node


@pytest.mark.parametrize("surface", [None, bowl()])
def test_theme_and_scale_are_followed(panel: SurfacePanel, surface: LossSurface | None) -> None:
    if surface is not None:
        panel.show_surface(surface)
    left = panel.plot.rect_of_plot.left()
    panel.apply_theme(DARK.scaled(1.5))
    image = picture_of(panel)
    assert differs_from_surface(image)
    at = panel.plot.mapTo(panel, panel.plot.rect().topLeft())
    assert image.pixelColor(at.x() + 1, at.y() + 1) == QColor(DARK.surface)
    assert panel.plot.rect_of_plot.left() > left


def test_the_figure_has_the_colour_bar_and_the_caption(panel: SurfacePanel, tmp_path: Path) -> None:
    panel.show_surface(bowl())
    shown = panel.plot.rect_of_plot
    save_figure(panel, tmp_path / "surface.svg")
    text = (tmp_path / "surface.svg").read_text(encoding="utf-8")
    for part in ("Loss J", "epoch 0", "here, epoch 30", "the path lies in this plane"):
        assert part in text
    assert panel.plot.rect_of_plot == shown
