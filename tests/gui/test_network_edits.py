from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.panels.network_captions import layer_words
from gui.panels.network_drag import Drag
from gui.panels.network_layout import Caption, Edge, Part, Unit
from gui.panels.network_panel import NetworkPanel
from gui.theme import LIGHT
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from model.training.snapshots import State
from tests.gui.debug_snapshots import stopped_at
from tests.gui.network_snapshots import LAB, made_snapshot, with_layer

CTRL = Qt.KeyboardModifier.ControlModifier
EDGE = Edge(2, 3, 0)
UNIT = Unit(2, 1)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> NetworkPanel:
    panel = NetworkPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(560, 390)
    panel.set_debugging(True)
    panel.show_snapshot(made_snapshot())
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.repaint()
    return panel


def place(panel: NetworkPanel, part: Part) -> QPoint:
    if isinstance(part, Caption):
        return panel._picture.caption_rect(part.layer).center().toPoint()
    if isinstance(part, Unit):
        return panel._place_of(part)
    layout = panel._picture.layout
    points = layout.curves[layout.edges.index(part)]
    alone = [p for p in points if layout.edge_at(*p, reach=5) == part]
    return QPointF(*alone[len(alone) // 2]).toPoint()


def drag(
    panel: NetworkPanel, start: QPoint, up: int, modifiers: Qt.KeyboardModifier = CTRL
) -> None:
    """Move the mouse with its button held; the release is left to the test."""
    at = QPointF(start - QPoint(0, up))
    kind = QEvent.Type.MouseMove
    event = QMouseEvent(kind, at, panel.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, modifiers)
    QApplication.sendEvent(panel, event)


def press(panel: NetworkPanel, part: Part) -> QPoint:
    at = place(panel, part)
    QTest.mousePress(panel, LEFT, CTRL, at)
    return at


def edits_of(panel: NetworkPanel) -> list[tuple[Element, float]]:
    edits: list[tuple[Element, float]] = []
    panel.edit_requested.connect(lambda element, value: edits.append((element, value)))
    return edits


@pytest.mark.parametrize(
    ("part", "element"),
    [(EDGE, Element(TensorName("W", 2), 3, 0)), (UNIT, Element(TensorName("b", 2), 1, 0))],
)
@pytest.mark.parametrize("up", [40, -40])
def test_a_number_is_dragged_up_and_down(
    panel: NetworkPanel, qtbot: QtBot, part: Part, element: Element, up: int
) -> None:
    view = panel._snapshot.layers[1]
    array = view.W if element.tensor.name == "W" else view.b
    before = array[element.row, element.column]
    opened: list[object] = []
    panel.tensor_requested.connect(lambda *wish: opened.append(wish))
    start = press(panel, part)
    drag(panel, start, up)
    assert panel._card.isVisible()
    assert panel.lit == part
    with qtbot.waitSignal(panel.edit_requested) as wished:
        QTest.mouseRelease(panel, LEFT, CTRL, start - QPoint(0, up))
    assert wished.args[0] == element
    expected = before + up / 100 * np.max(np.abs(array))
    assert wished.args[1] == pytest.approx(expected, abs=0.02)
    assert opened == []
    assert array[element.row, element.column] == before


def test_card_and_picture_preview_the_number(panel: NetworkPanel) -> None:
    W = np.zeros((5, 10))
    W[3, 0], W[0, 9] = 0.5, -2.0
    panel.show_snapshot(with_layer(made_snapshot(), 2, W=W))
    start = press(panel, EDGE)
    panel.repaint()
    at = panel._picture.layout.edges.index(EDGE)
    before = panel._numbers.weight[at]
    drag(panel, start, 50)
    panel.repaint()
    assert "+1.5" in panel._card.text()
    assert "+0.5" in panel._card.text()
    assert panel._numbers.weight[at] == pytest.approx(3 * before)
    drag(panel, start, 50, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert "+0.6" in panel._card.text()


def test_the_edges_of_an_operation_preview_the_number_too(panel: NetworkPanel) -> None:
    panel.show_snapshot(stopped_at("Z", 2))
    panel.repaint()
    at = panel._picture.layout.edges.index(EDGE)
    before = panel._light.numbers.weight[at]
    drag(panel, press(panel, EDGE), 80)
    panel.repaint()
    assert panel._light.numbers.weight[at] > before


def test_after_the_release_the_card_says_the_numbers_again(panel: NetworkPanel) -> None:
    start = place(panel, UNIT)
    QTest.mouseMove(panel, start + QPoint(0, 1))
    QTest.mouseMove(panel, start)
    press(panel, UNIT)
    drag(panel, start, 3)
    assert "Release" in panel._card.text()
    QTest.mouseRelease(panel, LEFT, CTRL, start - QPoint(0, 3))
    assert panel._card.isVisible()
    assert "Release" not in panel._card.text()


def test_after_the_release_the_number_stays_until_the_session_has_answered(
    panel: NetworkPanel,
) -> None:
    at = panel._picture.layout.edges.index(EDGE)
    panel.repaint()
    before = panel._numbers.weight[at]
    start = press(panel, EDGE)
    drag(panel, start, 80)
    panel.repaint()
    dragged = panel._numbers.weight[at]
    QTest.mouseRelease(panel, LEFT, CTRL, start - QPoint(0, 80))
    panel.repaint()
    assert panel._numbers.weight[at] == dragged > before
    panel.show_snapshot(made_snapshot())
    panel.repaint()
    assert panel._numbers.weight[at] == before


def test_escape_leaves_the_number(panel: NetworkPanel) -> None:
    edits = edits_of(panel)
    start = press(panel, EDGE)
    drag(panel, start, 30)
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    drag(panel, start, 60)
    QTest.mouseRelease(panel, LEFT, CTRL, start)
    assert edits == []


@pytest.mark.parametrize("change", [{"state": State.RUNNING}, {"iteration": 413}])
def test_another_state_ends_the_drag(panel: NetworkPanel, change: dict[str, object]) -> None:
    edits = edits_of(panel)
    start = press(panel, EDGE)
    drag(panel, start, 30)
    panel.show_snapshot(replace(made_snapshot(), **change))
    QTest.mouseRelease(panel, LEFT, CTRL, start - QPoint(0, 30))
    assert edits == []


def test_a_look_at_the_same_state_goes_on(panel: NetworkPanel) -> None:
    edits = edits_of(panel)
    start = press(panel, EDGE)
    drag(panel, start, 30)
    panel.show_snapshot(made_snapshot())
    QTest.mouseRelease(panel, LEFT, CTRL, start - QPoint(0, 30))
    assert len(edits) == 1


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, CTRL])
def test_a_click_opens_the_tensor_with_ctrl_or_without(
    panel: NetworkPanel, qtbot: QtBot, modifiers: Qt.KeyboardModifier
) -> None:
    edits = edits_of(panel)
    with qtbot.waitSignal(panel.tensor_requested) as opened:
        QTest.mouseClick(panel, LEFT, modifiers, place(panel, EDGE))
    assert opened.args == ["W", 2, 3, 0]
    assert edits == []


@pytest.mark.parametrize("debugging", [True, False])
def test_while_it_runs_or_outside_the_debugger_nothing_is_dragged(
    panel: NetworkPanel, debugging: bool
) -> None:
    panel.set_debugging(debugging)
    if debugging:
        panel.show_snapshot(replace(made_snapshot(), state=State.RUNNING))
    edits = edits_of(panel)
    start = press(panel, EDGE)
    drag(panel, start, 30)
    QTest.mouseRelease(panel, LEFT, CTRL, start - QPoint(0, 30))
    assert edits == []


def test_broken_and_tiny_numbers_can_be_dragged() -> None:
    W = np.full((5, 10), np.nan)
    begun = Drag.of(EDGE, with_layer(made_snapshot(), 2, W=W), 100.0)
    assert not begun.changed
    assert begun.moved_to(50.0, 1.0, fine=False).value == 0.5
    tiny = Drag.of(EDGE, with_layer(made_snapshot(), 2, W=np.full((5, 10), 5e-324)), 100.0)
    assert tiny.moved_to(0.0, 1.0, fine=True).value == pytest.approx(0.1)
    huge = Drag.of(EDGE, with_layer(made_snapshot(), 2, W=np.full((5, 10), 1.7e308)), 100.0)
    assert np.isfinite(huge.moved_to(0.0, 1.0, fine=False).value)


def menu_of(panel: NetworkPanel, part: Part) -> QMenu | None:
    at = place(panel, part)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel.mapToGlobal(at))
    QApplication.sendEvent(panel, event)
    return panel.findChild(QMenu)


@pytest.mark.parametrize(
    ("part", "frozen", "words", "wished"),
    [
        (UNIT, (), "Set layer 2 to zero", ["zero", 2]),
        (EDGE, (), "Draw layer 2 again", ["redraw", 2]),
        (Caption(1), (2,), "Freeze layer 1", ["freeze", 1]),
        (Caption(3), (3,), "Let layer 3 learn", ["free", 3]),
    ],
)
def test_the_menu_wishes_for_a_whole_layer(
    panel: NetworkPanel,
    qtbot: QtBot,
    part: Part,
    frozen: tuple[int, ...],
    words: str,
    wished: list[object],
) -> None:
    panel.show_snapshot(replace(made_snapshot(), frozen_layers=frozen))
    panel.repaint()
    menu = menu_of(panel, part)
    action = next(action for action in menu.actions() if action.text() == words)
    with qtbot.waitSignal(panel.layer_requested) as asked:
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    assert asked.args == wished


def test_the_keyboard_opens_the_menu_of_the_chosen_unit(panel: NetworkPanel) -> None:
    panel.setFocus()
    panel._choose(UNIT)
    reason = QContextMenuEvent.Reason.Keyboard
    event = QContextMenuEvent(reason, QPoint(1, 1), panel.mapToGlobal(QPoint(1, 1)))
    QApplication.sendEvent(panel, event)
    assert panel.findChild(QMenu).actions()[0].text() == "Set layer 2 to zero"


def test_inputs_and_the_train_view_have_no_menu(panel: NetworkPanel) -> None:
    assert menu_of(panel, Caption(0)) is None
    panel.set_debugging(False)
    assert menu_of(panel, UNIT) is None


def test_a_frozen_layer_is_marked_in_its_caption(panel: NetworkPanel) -> None:
    panel.resize(1000, 390)
    panel.show_snapshot(replace(stopped_at("dW", 2), frozen_layers=(2,)))
    panel.repaint()
    assert panel._picture.captions[2] == ("layer 2 · 5 · ReLU · frozen",)
    panel.resize(300, 390)
    panel.repaint()
    assert "frozen" in " ".join(panel._picture.captions[2])
    assert "frozen" not in " ".join(panel._picture.captions[1])
    panel.show_snapshot(stopped_at("dW", 2))
    panel.repaint()
    assert "frozen" not in " ".join(panel._picture.captions[2])


def test_no_caption_is_longer_where_nothing_is_frozen() -> None:
    names = ("relu", "relu", "sigmoid")
    assert layer_words(LAB, names) == layer_words(LAB, names, frozen=())
    assert layer_words(LAB, names, frozen=(3,))[3].frozen == "frozen"
