"""The session's table of transitions: every pair of it, and every pair that is not in it."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from model import RunSettings, Session
from model.errors import StateError
from model.training.interventions import zero_layer
from model.training.snapshots import State
from model.training.transitions import TRANSITIONS, Command

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], dict[str, object]]

EPOCHS = 6

FORBIDDEN = {
    *((State.IDLE, c) for c in (Command.PAUSE, Command.BACK)),
    *((State.RUNNING, c) for c in (Command.RUN, Command.RUN_ON, Command.STEP)),
    *((State.RUNNING, c) for c in (Command.BACK, Command.GO_TO, Command.INTERVENE, Command.UNDO)),
    (State.PAUSED, Command.PAUSE),
    *((State.FINISHED, c) for c in (Command.PAUSE, Command.RUN)),
    *((State.FAILED, c) for c in (Command.RUN, Command.RUN_ON, Command.PAUSE, Command.STEP)),
}


def _rated(settings: RunSettings, rate: float) -> RunSettings:
    training = settings.training.model_copy(update={"learning_rate": rate})
    return settings.model_copy(update={"training": training})


def _other_rates() -> Iterator[float]:
    return (0.1 + 0.001 * i for i in range(10_000))


def _apply(session: Session, command: Command, rates: Iterator[float]) -> None:
    commands: dict[Command, Callable[[], object]] = {
        Command.RUN: session.begin,
        Command.RUN_ON: lambda: session.begin(2),
        Command.PAUSE: session.pause,
        Command.STEP: session.step,
        Command.BACK: session.back,
        Command.GO_TO: lambda: session.go_to(3),
        Command.RESET: session.reset,
        Command.EDIT: lambda: session.edit(_rated(session.settings, next(rates))),
        Command.INTERVENE: lambda: session.intervene(zero_layer(session.network, 1)),
        Command.UNDO: lambda: _change_and_undo(session),
    }
    commands[command]()


def _change_and_undo(session: Session) -> None:
    if (session.state, Command.INTERVENE) in TRANSITIONS:
        session.intervene(zero_layer(session.network, 1))
    session.undo()


def _settled(session: Session, state: State) -> State:
    """A session that stands paused at its last epoch is finished."""
    return State.FINISHED if state is State.PAUSED and session.epoch >= EPOCHS else state


def _in_state(state: State, settings: RunSettings) -> Session:
    """A session in that state, three epochs on where it can be."""
    if state is State.FAILED:
        session = Session(_rated(settings, 1e100))
        session.run()
        return session
    session = Session(settings)
    if state is State.RUNNING:
        session.begin()
        session.advance(60.0, epochs=3)
    elif state is not State.IDLE:
        session.run(epochs=3 if state is State.PAUSED else None)
    return session


@pytest.fixture
def settings(small_settings: Settings) -> RunSettings:
    return small_settings(
        network={"activation": "relu"}, training={"epochs": EPOCHS, "learning_rate": 0.05}
    )


def test_table_leaves_out_what_makes_no_sense() -> None:
    everything = {(state, command) for state in State for command in Command}
    assert everything - TRANSITIONS.keys() == FORBIDDEN


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("state", State)
def test_every_pair_follows_the_table_or_changes_nothing(
    state: State, command: Command, settings: RunSettings, everything: Everything
) -> None:
    session = _in_state(state, settings)
    assert session.state is state
    before, generation = everything(session), session.generation
    failure, because = session.failure, session.finished_because
    if (state, command) in FORBIDDEN:
        with pytest.raises(StateError) as caught:
            _apply(session, command, _other_rates())
        if command is not Command.BACK:
            assert caught.value.message == f"Cannot {command} while {state}"
        assert session.state is state
        assert everything(session) == before
        assert (session.failure, session.finished_because) == (failure, because)
        assert session.generation == generation
    elif state is State.FAILED and command is Command.GO_TO:
        session.go_to(3)
        assert session.state is State.FAILED
    else:
        _apply(session, command, _other_rates())
        assert session.state is _settled(session, TRANSITIONS[state, command])
        assert session.failure is None


@pytest.mark.parametrize("iteration", [0, 1])
def test_failure_is_over_where_the_session_stands_in_the_healthy_past(
    iteration: int, settings: RunSettings
) -> None:
    session = _in_state(State.FAILED, settings)
    assert session.failure is not None
    session.go_to(iteration)
    assert (session.state, session.failure) == (State.PAUSED, None)


@pytest.mark.parametrize("batch_size", [None, 12])
def test_failed_session_goes_on_with_a_smaller_learning_rate(
    batch_size: int | None, small_settings: Settings, everything: Everything
) -> None:
    """As if the step that failed had not been made, also in the middle of an epoch.

    In float32 a rate of 1e50 is infinite, so the very first update fails.
    """
    settings = small_settings(
        network={"dtype": "float32"}, training={"epochs": 8, "batch_size": batch_size}
    )
    spared, session = Session(settings), Session(settings)
    for each in (spared, session):
        each.go_to(5)
    session.edit(_rated(settings, 1e50))
    session.step("iteration")
    assert (session.state, session.iteration) == (State.FAILED, 5)
    assert session.failure is not None
    assert session.failure.tensor == "ΔW[1]"
    for each in (spared, session):
        each.edit(_rated(settings, 0.25))
        assert (each.state, each.failure) == (State.PAUSED, None)
        each.run()
        assert (each.state, each.history.rows.shape) == (State.FINISHED, (8, 4))
    assert everything(session) == everything(spared)


@hypothesis_settings(max_examples=150)
@given(commands=st.lists(st.sampled_from([*Command, "advance"]), max_size=30), hot=st.booleans())
def test_any_sequence_of_commands_follows_the_table(
    small_settings: Settings, everything: Everything, commands: list[str], hot: bool
) -> None:
    """`hot` runs diverge; whatever happens, the history is as long as the epoch says."""
    rate = 1e100 if hot else 0.05
    session = Session(
        small_settings(
            network={"activation": "relu"}, training={"epochs": EPOCHS, "learning_rate": rate}
        )
    )
    rates = iter([rate * 2, rate] * len(commands))
    for command in commands:
        state = session.state
        if command == "advance":
            session.advance(60.0, epochs=1)
            assert session.state is not State.IDLE or state is State.IDLE
        else:
            _check(session, Command(command), rates, everything)
        assert len(session.history.loss) == session.epoch
        assert (session.failure is not None) == (session.state is State.FAILED)
        assert bool(session.finished_because) == (session.state is State.FINISHED)


def _check(
    session: Session, command: Command, rates: Iterator[float], everything: Everything
) -> None:
    state, before = session.state, everything(session)
    at_beginning = before["position"] == (0, 0)
    if (state, command) in FORBIDDEN or (command is Command.BACK and at_beginning):
        with pytest.raises(StateError):
            _apply(session, command, rates)
        assert session.state is state
        assert everything(session) == before
    else:
        _apply(session, command, rates)
        wanted = _settled(session, TRANSITIONS[state, command])
        diverges = command in (Command.STEP, Command.GO_TO) and session.state is State.FAILED
        assert session.state is wanted or diverges
