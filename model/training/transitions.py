"""The session's state machine: one table of what each command does in each state."""

from enum import StrEnum
from typing import Final

from model.errors import StateError
from model.training.snapshots import State


class Command(StrEnum):
    """What can be asked of a session."""

    RUN = "run"
    RUN_ON = "run on"
    PAUSE = "pause"
    STEP = "step"
    BACK = "back"
    GO_TO = "go to"
    RESET = "reset"
    EDIT = "edit"
    INTERVENE = "intervene"
    UNDO = "undo"


TRANSITIONS: Final = {
    (State.IDLE, Command.RUN): State.RUNNING,
    (State.IDLE, Command.RUN_ON): State.RUNNING,
    (State.IDLE, Command.STEP): State.PAUSED,
    (State.IDLE, Command.GO_TO): State.PAUSED,
    (State.IDLE, Command.RESET): State.IDLE,
    (State.IDLE, Command.INTERVENE): State.PAUSED,
    (State.IDLE, Command.UNDO): State.PAUSED,
    (State.IDLE, Command.EDIT): State.IDLE,
    (State.RUNNING, Command.PAUSE): State.PAUSED,
    (State.RUNNING, Command.RESET): State.IDLE,
    (State.RUNNING, Command.EDIT): State.RUNNING,
    (State.PAUSED, Command.RUN): State.RUNNING,
    (State.PAUSED, Command.RUN_ON): State.RUNNING,
    (State.PAUSED, Command.STEP): State.PAUSED,
    (State.PAUSED, Command.BACK): State.PAUSED,
    (State.PAUSED, Command.GO_TO): State.PAUSED,
    (State.PAUSED, Command.RESET): State.IDLE,
    (State.PAUSED, Command.INTERVENE): State.PAUSED,
    (State.PAUSED, Command.UNDO): State.PAUSED,
    (State.PAUSED, Command.EDIT): State.PAUSED,
    (State.FINISHED, Command.RUN_ON): State.RUNNING,
    (State.FINISHED, Command.STEP): State.PAUSED,
    (State.FINISHED, Command.BACK): State.PAUSED,
    (State.FINISHED, Command.GO_TO): State.PAUSED,
    (State.FINISHED, Command.RESET): State.IDLE,
    (State.FINISHED, Command.INTERVENE): State.PAUSED,
    (State.FINISHED, Command.UNDO): State.PAUSED,
    (State.FINISHED, Command.EDIT): State.PAUSED,
    (State.FAILED, Command.BACK): State.PAUSED,
    (State.FAILED, Command.GO_TO): State.PAUSED,
    (State.FAILED, Command.RESET): State.IDLE,
    (State.FAILED, Command.INTERVENE): State.PAUSED,
    (State.FAILED, Command.UNDO): State.PAUSED,
    (State.FAILED, Command.EDIT): State.PAUSED,
}
"""(state, command) → state that the command leads to; a pair that is not here is refused.

A state then settles: at its last epoch a paused session is finished.
"""


def states_for(command: Command) -> frozenset[State]:
    """The states in which a command is possible."""
    return frozenset(state for state, possible in TRANSITIONS if possible is command)


def after(state: State, command: Command) -> State:
    """The state that a command leads to; `StateError` where it is not possible."""
    try:
        return TRANSITIONS[state, command]
    except KeyError:
        allowed = ", ".join(possible for at, possible in TRANSITIONS if at is state)
        raise StateError(f"Cannot {command} while {state}", f"possible are {allowed}") from None
