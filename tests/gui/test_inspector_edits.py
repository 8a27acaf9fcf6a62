from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.panels.inspector_panel import InspectorPanel
from gui.theme import LIGHT
from gui.widgets.editable_table import EditableTable
from gui.widgets.number_edit import NumberEdit, read_number
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from model.training.snapshots import Snapshot, State
from tests.gui.debug_snapshots import stopped_at
from tests.gui.network_snapshots import made_snapshot

W2 = TensorName("W", 2)


@pytest.fixture
def panel(qtbot: QtBot) -> InspectorPanel:
    panel = InspectorPanel(LIGHT)
    qtbot.addWidget(panel)
    for action in panel.head_widgets():
        qtbot.addWidget(action)
    panel.resize(900, 340)
    panel.set_debugging(True)
    show(panel, stopped_at("W", 2))
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    table_of(panel).setFocus()
    return panel


def show(panel: InspectorPanel, snapshot: Snapshot) -> None:
    panel.show_snapshot(snapshot)
    panel.show_tensor("W", 2, 0, 1)


def table_of(panel: InspectorPanel) -> EditableTable:
    return panel.findChild(EditableTable)


def editor_of(panel: InspectorPanel) -> NumberEdit | None:
    return table_of(panel).entries.editor


def edits_of(panel: InspectorPanel) -> list[tuple[Element, float]]:
    edits: list[tuple[Element, float]] = []
    panel.edit_requested.connect(lambda element, value: edits.append((element, value)))
    return edits


def tip(panel: InspectorPanel) -> str:
    return table_of(panel).tensor.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


def type_in(panel: InspectorPanel, text: str) -> None:
    """The first character opens the editor, which has the keyboard from then on."""
    QTest.keyClicks(table_of(panel), text[0])
    QTest.keyClicks(editor_of(panel), text[1:])


def enter(panel: InspectorPanel, text: str) -> None:
    """Into the open editor, instead of all that is there."""
    editor = editor_of(panel)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def double_click(panel: InspectorPanel) -> None:
    table = table_of(panel)
    at = table.visualRect(table.tensor.index(0, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


@pytest.mark.parametrize("way", [Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, None])
def test_a_weight_is_entered_in_its_cell(
    panel: InspectorPanel, qtbot: QtBot, way: Qt.Key | None
) -> None:
    if way is None:
        double_click(panel)
    else:
        QTest.keyClick(table_of(panel), way)
    before = table_of(panel).tensor.array[0, 1]
    text_width = editor_of(panel).fontMetrics().horizontalAdvance(editor_of(panel).text())
    assert text_width < editor_of(panel).width()
    assert float(editor_of(panel).text()) == before
    assert editor_of(panel).selectedText() == editor_of(panel).text()
    with qtbot.waitSignal(panel.edit_requested) as wished:
        enter(panel, "-0.25")
    assert wished.args == [Element(W2, 0, 1), -0.25]
    qtbot.waitUntil(lambda: editor_of(panel) is None)
    assert table_of(panel).tensor.array[0, 1] == before


@pytest.mark.parametrize("first", ["7", "-", "."])
def test_a_digit_begins_another_number(panel: InspectorPanel, qtbot: QtBot, first: str) -> None:
    QTest.keyClicks(table_of(panel), first)
    assert editor_of(panel).text() == first
    QTest.keyClicks(editor_of(panel), "5")
    with qtbot.waitSignal(panel.edit_requested) as wished:
        QTest.keyClick(editor_of(panel), Qt.Key.Key_Return)
    assert wished.args[1] == float(f"{first}5")


def test_a_bias_is_entered_and_a_snapshot_amid_typing_takes_nothing_away(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    panel.show_tensor("b", 3, 0, 0)
    type_in(panel, "1.2")
    panel.show_snapshot(stopped_at("W", 2))
    assert editor_of(panel).text() == "1.2"
    with qtbot.waitSignal(panel.edit_requested) as wished:
        QTest.keyClick(editor_of(panel), Qt.Key.Key_Return)
    assert wished.args == [Element(TensorName("b", 3), 0, 0), 1.2]


def test_escape_leaves_it_as_it_was(panel: InspectorPanel, qtbot: QtBot) -> None:
    edits = edits_of(panel)
    QTest.keyClicks(table_of(panel), "9")
    QTest.keyClick(editor_of(panel), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: editor_of(panel) is None)
    assert edits == []
    assert table_of(panel).hasFocus()


def test_the_same_number_is_no_change(panel: InspectorPanel, qtbot: QtBot) -> None:
    edits = edits_of(panel)
    QTest.keyClick(table_of(panel), Qt.Key.Key_F2)
    enter(panel, str(table_of(panel).tensor.array[0, 1]))
    qtbot.waitUntil(lambda: editor_of(panel) is None)
    assert edits == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("inf", "finite"), ("nan", "finite"), ("1e999", "finite"), ("1,5", "not a number")],
)
def test_a_refused_number_says_why_and_stays_open(
    panel: InspectorPanel, qtbot: QtBot, text: str, words: str
) -> None:
    edits = edits_of(panel)
    QTest.keyClick(table_of(panel), Qt.Key.Key_F2)
    enter(panel, text)
    editor = editor_of(panel)
    assert words in editor.toolTip()
    assert words in editor.accessibleDescription()
    assert editor.property("invalid")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor_of(panel) is editor
    assert edits == []
    with qtbot.waitSignal(panel.edit_requested) as wished:
        enter(panel, "2")
    assert not editor.toolTip()
    assert wished.args[1] == 2.0


def test_a_refused_number_is_dropped_where_the_user_goes_elsewhere(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    edits = edits_of(panel)
    type_in(panel, "7x")
    panel._lines.digits.setFocus()
    qtbot.waitUntil(lambda: editor_of(panel) is None)
    assert edits == []


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_7])
def test_what_is_computed_cannot_be_entered_and_says_so(panel: InspectorPanel, key: Qt.Key) -> None:
    panel.show_tensor("dW", 2, 0, 1)
    QTest.keyClick(table_of(panel), key)
    assert editor_of(panel) is None
    assert "W and b" in tip(panel)


def test_while_it_runs_nothing_can_be_entered(panel: InspectorPanel, qtbot: QtBot) -> None:
    assert "F2" in tip(panel)
    edits = edits_of(panel)
    QTest.keyClicks(table_of(panel), "5")
    panel.show_snapshot(replace(made_snapshot(), state=State.RUNNING))
    qtbot.waitUntil(lambda: editor_of(panel) is None)
    assert edits == []
    double_click(panel)
    assert editor_of(panel) is None
    assert "Pause" in tip(panel)


@pytest.mark.parametrize("moment", ["before", "difference"])
def test_what_was_cannot_be_changed(panel: InspectorPanel, moment: str) -> None:
    panel._controls.moments.choose(moment)
    double_click(panel)
    assert editor_of(panel) is None
    assert "after" in tip(panel)


def test_another_tensor_closes_the_editor(panel: InspectorPanel) -> None:
    edits = edits_of(panel)
    QTest.keyClicks(table_of(panel), "5")
    panel.show_tensor("dW", 2)
    assert editor_of(panel) is None
    assert edits == []


def test_outside_the_debugger_nothing_can_be_changed(panel: InspectorPanel) -> None:
    panel.set_debugging(False)
    panel.show_tensor("W", 2, 0, 1)
    double_click(panel)
    QTest.keyClick(table_of(panel), Qt.Key.Key_F2)
    assert editor_of(panel) is None
    assert "\n" not in tip(panel)
    assert menu_of(panel) is None


def menu_of(panel: InspectorPanel) -> QMenu | None:
    """The menu of the table, opened by its own event."""
    table = table_of(panel)
    at = QPoint(20, 10)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, table.viewport().mapToGlobal(at))
    QApplication.sendEvent(table.viewport(), event)
    return panel.findChild(QMenu)


@pytest.mark.parametrize(
    ("frozen", "words", "wish"),
    [
        ((), "Set layer 2 to zero", "zero"),
        ((), "Draw layer 2 again", "redraw"),
        ((1,), "Freeze layer 2", "freeze"),
        ((2,), "Let layer 2 learn", "free"),
    ],
)
def test_the_menu_wishes_for_a_whole_layer(
    panel: InspectorPanel, qtbot: QtBot, frozen: tuple[int, ...], words: str, wish: str
) -> None:
    show(panel, replace(stopped_at("W", 2), frozen_layers=frozen))
    menu = menu_of(panel)
    actions = {action.text(): action for action in menu.actions()}
    assert len(actions) == 3
    with qtbot.waitSignal(panel.layer_requested) as wished:
        QTest.mouseClick(
            menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(actions[words]).center()
        )
    assert wished.args == [wish, 2]


def test_the_menu_is_for_weights_and_for_pauses(panel: InspectorPanel) -> None:
    panel.show_tensor("dW", 2)
    assert menu_of(panel) is None
    show(panel, replace(made_snapshot(), state=State.RUNNING))
    menu = menu_of(panel)
    assert not any(action.isEnabled() for action in menu.actions())
    assert all("Pause" in action.toolTip() for action in menu.actions())
    menu.close()


def test_numbers_are_read_as_they_are_written() -> None:
    assert read_number(" −1.5e-3 ") == -0.0015
    with pytest.raises(ValueError, match="float32"):
        read_number("1e300", np.float32)
    with pytest.raises(ValueError, match="Enter a number"):
        read_number(" ")
