"""The command table: what is enabled when, and what a chosen command says."""

import math

import pytest

from gui.actions import COMMANDS, SPEEDS
from gui.commands import Commands
from model.lab.race import race_states_for
from model.training.snapshots import State
from model.training.transitions import Command as SessionCommand

ENABLED = {
    "run": {State.IDLE, State.PAUSED},
    "pause": {State.RUNNING},
    "run_pause": {State.IDLE, State.PAUSED, State.RUNNING},
    "step": {State.IDLE, State.PAUSED, State.FINISHED},
    "back": {State.PAUSED, State.FINISHED, State.FAILED},
    "reset": {State.RUNNING, State.PAUSED, State.FINISHED, State.FAILED},
    "new_seed": set(State),
    "save_weights": set(State),
    "step_operation": {State.IDLE, State.PAUSED, State.FINISHED},
    "back_operation": {State.PAUSED, State.FINISHED, State.FAILED},
    "undo": set(State) - {State.RUNNING},
    "debug_view": set(State),
    "compare_view": set(State),
}


@pytest.fixture
def commands(qapp):
    return Commands()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("id", list(ENABLED))
def test_commands_are_enabled_in_their_states_only(commands, id, state):
    commands.show_state(state)
    assert commands.action(id).isEnabled() == (state in ENABLED[id])


def test_commands_say_why_they_are_not_available(commands):
    commands.show_state(State.RUNNING)
    assert "Not available while training runs" in commands.action("step").toolTip()
    commands.show_state(State.PAUSED)
    assert "Not available" not in commands.action("step").toolTip()


@pytest.mark.parametrize(("state", "word"), [(State.PAUSED, "Run"), (State.RUNNING, "Pause")])
def test_run_pause_says_what_the_state_allows(commands, qtbot, state, word):
    commands.show_state(state)
    action = commands.action("run_pause")
    assert (action.text(), action.iconText()) == (word, word)
    with qtbot.waitSignal(commands.triggered) as signal:
        action.trigger()
    assert signal.args == ["run_pause"]


def test_back_is_not_available_at_the_beginning(commands):
    commands.show_state(State.PAUSED, past=False)
    assert not commands.action("back").isEnabled()
    assert "at the beginning" in commands.action("back").toolTip()
    commands.show_state(State.PAUSED, past=True)
    assert commands.action("back").isEnabled()


def test_shortcuts_are_unique():
    keys = [key for command in COMMANDS for key in command.shortcuts]
    assert len(keys) == len(set(keys))


def test_speeds_exclude_each_other_and_start_so_that_one_can_watch(commands):
    checked = [a.objectName() for a in commands.group("speed") if a.isChecked()]
    assert checked == ["speed_60"]
    assert math.isinf(SPEEDS["speed_max"])
    commands.action("speed_5").trigger()
    checked = [a.objectName() for a in commands.group("speed") if a.isChecked()]
    assert checked == ["speed_5"]
    assert {a.objectName() for a in commands.group("speed")} == set(SPEEDS)


def test_every_command_explains_itself():
    assert all(command.tip.endswith(".") for command in COMMANDS)


def test_a_race_is_stepped_and_run_in_the_states_in_which_it_can_be():
    by_id = {command.id: command for command in COMMANDS}
    wishes = {
        "run": SessionCommand.RUN,
        "step": SessionCommand.STEP,
        "step_epoch": SessionCommand.STEP,
        "pause": SessionCommand.PAUSE,
    }
    for id, wish in wishes.items():
        command = by_id[id]
        states = command.states if command.race_states is None else command.race_states
        assert states - {State.FAILED} == race_states_for(wish)


def test_what_is_of_the_session_alone_rests_while_a_race_is_at_the_front(commands):
    commands.show_state(State.PAUSED, racing=True)
    undo, step = commands.action("step_layer"), commands.action("step")
    assert not undo.isEnabled()
    assert "Not available in the Compare view" in undo.toolTip()
    assert step.isEnabled()
    assert step.toolTip() == "One epoch of every run. (F10)"
    commands.show_state(State.PAUSED)
    assert undo.isEnabled()
    assert step.toolTip().startswith("One forward pass")
