"""Buttons and the row of views: they are their actions, by mouse, by keys and to the eye."""

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.actions import RUN_PAUSE
from gui.commands import Commands
from gui.theme import DARK, LIGHT
from gui.widgets.command_button import ROOMY, SHAPES, SMALLEST, WITHOUT_KEYS, CommandButton
from gui.widgets.menu_button import MenuButton
from gui.widgets.segmented_control import Segment, SegmentedControl
from model.training.snapshots import State


@pytest.fixture
def commands(qapp):
    return Commands()


@pytest.fixture
def button(commands, qtbot):
    glyph = commands.glyph(RUN_PAUSE)
    button = CommandButton(commands.action(RUN_PAUSE), LIGHT, glyph, primary=True, keycap=True)
    qtbot.addWidget(button)
    button.move(400, 400)  # away from the pointer
    button.show()
    return button


def test_button_triggers_its_action(button, commands, qtbot):
    with qtbot.waitSignal(commands.triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(commands.triggered):
        qtbot.keyClick(button, Qt.Key.Key_Return)


def test_button_follows_its_action(button, commands):
    commands.show_state(State.RUNNING)
    assert button.text() == button.accessibleName() == "Pause"
    commands.show_state(State.FAILED)
    assert not button.isEnabled()
    assert "after the run has failed" in button.toolTip()


def test_button_shows_less_where_it_is_told_so(button):
    widths = []
    for room in (ROOMY, WITHOUT_KEYS, SMALLEST):
        button.set_room(room)
        widths.append(button.sizeHint().width())
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 3
    assert [part.text for part in button.parts()] == [""]
    button.set_room(SHAPES)
    assert "Run" in [part.text for part in button.parts()]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_button_is_filled_with_the_accent_while_it_can_be_pressed(button, commands, theme):
    button.apply_theme(theme)
    commands.show_state(State.PAUSED)
    place = (button.width() // 2, 4)
    assert button.grab().toImage().pixelColor(*place).name() == theme.accent.lower()
    commands.show_state(State.FINISHED)
    assert button.grab().toImage().pixelColor(*place).name() == theme.surface.lower()


def test_menu_button_opens_its_list_and_shows_the_choice(commands, qtbot):
    button = MenuButton("Speed", commands.group("speed"), LIGHT)
    qtbot.addWidget(button)
    button.show()
    assert button.accessibleName() == "Speed: 60/s"
    qtbot.keyClick(button, Qt.Key.Key_Down)
    assert button.menu.isVisible()
    for _ in range(3):
        qtbot.keyClick(button.menu, Qt.Key.Key_Down)
    qtbot.keyClick(button.menu, Qt.Key.Key_Return)
    assert button.value == "20/s"


@pytest.fixture
def views(commands, qtbot):
    actions = commands.group("view")
    for action in actions:
        action.setEnabled(True)
    holder = QWidget()
    qtbot.addWidget(holder)
    control = SegmentedControl("View", actions, LIGHT, holder)
    QHBoxLayout(holder).addWidget(control)
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    yield control
    holder.close()


def segments(views):
    return views.findChildren(Segment)


def chosen(views):
    return [segment.text() for segment in segments(views) if segment.isChecked()]


def test_segments_are_chosen_by_the_mouse(views, commands, qtbot):
    with qtbot.waitSignal(commands.triggered) as signal:
        qtbot.mouseClick(segments(views)[2], Qt.MouseButton.LeftButton)
    assert signal.args == ["compare_view"]
    assert chosen(views) == ["Compare"]


def test_segments_are_chosen_by_enter_and_not_by_space(views, commands, qtbot):
    qtbot.keyClick(segments(views)[2], Qt.Key.Key_Space)
    assert chosen(views) == ["Train"]
    qtbot.keyClick(segments(views)[2], Qt.Key.Key_Return)
    assert chosen(views) == ["Compare"]


def test_segments_are_chosen_by_the_arrow_keys(views, commands, qtbot):
    segments(views)[0].setFocus()
    with qtbot.waitSignal(commands.triggered) as signal:
        qtbot.keyClick(segments(views)[0], Qt.Key.Key_Right)
    assert signal.args == ["debug_view"]
    assert chosen(views) == ["Debug"]
    assert segments(views)[1].hasFocus()


def test_segments_follow_their_actions(views, commands):
    commands.action("debug_view").trigger()
    assert chosen(views) == ["Debug"]
    commands.show_state(State.RUNNING)
    QCoreApplication.processEvents()
    assert [segment.isEnabled() for segment in segments(views)] == [True, True, True]
    assert "Ctrl+3" in segments(views)[2].toolTip()
