"""Stepping ≡ running, bit for bit: whichever way a position was reached, it reads the same."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from model import RunSettings, Session
from model.arrays import DType
from model.errors import StateError
from model.training import run as run_module
from model.training.boundaries import KINDS
from model.training.conditions import (
    Condition,
    EpochReached,
    IterationReached,
    LossLimit,
    LossRising,
    NormLimit,
    UpdateRatio,
)
from model.training.timeline import Timeline

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], dict[str, object]]
Rates = list[tuple[int, float]]


CONDITIONS: list[Condition] = [
    EpochReached(epoch=3),
    IterationReached(iteration=7),
    LossLimit(side="below", limit=0.68),
    LossRising(epochs=1),
    NormLimit(tensor="dW", limit=0.1),
    UpdateRatio(high=0.01),
]


def cramped(size: int, dtype: DType, budget: int) -> Timeline:
    """A timeline with room for two states, the least there is: nearly every one is replayed."""
    return Timeline(size, dtype, budget=1)


STEPS = st.tuples(st.just("step"), st.sampled_from(KINDS))
BACKS = st.tuples(st.just("back"), st.sampled_from(KINDS))
GOES = st.tuples(st.just("go_to"), st.tuples(st.integers(0, 40), st.integers(0, 30)))
RUNS = st.tuples(st.just("run"), st.integers(0, 6))
RATES = st.tuples(st.just("rate"), st.floats(0.01, 1.0))
LINES = st.tuples(st.just("line"), st.integers(0, 30))
WATCHES = st.tuples(st.just("watch"), st.sampled_from(CONDITIONS))
SWITCHES = st.tuples(st.sampled_from(["enable", "disable", "remove"]), st.integers(0, 5))
COMMANDS = st.lists(STEPS | BACKS | GOES | RUNS | RATES | LINES | WATCHES | SWITCHES, max_size=16)


def _with_rate(settings: RunSettings, rate: float) -> RunSettings:
    training = settings.training.model_copy(update={"learning_rate": rate})
    return settings.model_copy(update={"training": training})


def _wander(session: Session, commands: list[tuple[str, Any]]) -> Rates:
    """Carry the commands out; the learning rates of the path stood on, and from when on."""
    rates: Rates = []
    for name, value in commands:
        if name == "rate" and value != session.settings.training.learning_rate:
            since = session.iteration + (session.operation > 0)
            rates = [*(r for r in rates if r[0] < since), (since, value)]
            session.edit(_with_rate(session.settings, value))
        elif name == "go_to":
            session.go_to(*value)
        elif name == "run":
            session.run(epochs=value)
        elif name == "step":
            session.step(value)
        elif name == "back" and (session.iteration, session.operation) != (0, 0):
            session.back(value)
        else:
            _set_breakpoint(session, name, value)
    return rates


def _set_breakpoint(session: Session, name: str, value: Any) -> None:
    """Breakpoints come and go; the numbers of a run must not."""
    numbers = [view.number for view in session.breakpoints.views()]
    if name == "line":
        session.toggle_breakpoint(value)
    elif name == "watch":
        session.add_breakpoint(value)
    elif name == "remove" and numbers:
        session.remove_breakpoint(numbers[value % len(numbers)])
    elif name in ("enable", "disable") and numbers:
        session.enable_breakpoint(numbers[value % len(numbers)], name == "enable")


def _straight(settings: RunSettings, rates: Rates, iteration: int, operation: int) -> Session:
    """A session that never looked back, at the same position."""
    session = Session(settings)
    for since, rate in rates:
        if since <= iteration:
            _forward(session, since)
            session.edit(_with_rate(session.settings, rate))
    _forward(session, iteration)
    for _ in range(operation):
        session.step("operation")
    return session


def _forward(session: Session, iteration: int) -> None:
    """Whole epochs by running, the rest by iterations."""
    per_epoch = session.current_run.batches.per_epoch
    if session.iteration % per_epoch == 0:
        session.run(epochs=(iteration - session.iteration) // per_epoch)
    while session.iteration < iteration:
        session.step("iteration")


@pytest.mark.parametrize("timeline", [Timeline, cramped], ids=["roomy", "tiny"])
@pytest.mark.parametrize("batch_size", [None, 12])
@hypothesis_settings(max_examples=60)
@given(commands=COMMANDS)
def test_any_way_to_a_position_reads_like_the_straight_one(
    batch_size: int | None,
    timeline: Callable[..., Timeline],
    small_settings: Settings,
    everything: Everything,
    commands: list[tuple[str, Any]],
) -> None:
    settings = small_settings(training={"batch_size": batch_size})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module, "Timeline", timeline)
        session = Session(settings)
        rates = _wander(session, commands)
    straight = _straight(settings, rates, session.iteration, session.operation)
    assert everything(session) == everything(straight)


@pytest.mark.parametrize("batch_size", [None, 12])
@pytest.mark.parametrize("kind", KINDS)
def test_stepping_is_running(
    kind: str, batch_size: int | None, small_settings: Settings, everything: Everything
) -> None:
    settings = small_settings(training={"batch_size": batch_size})
    stepped, run = Session(settings), Session(settings)
    run.run(epochs=4)
    while stepped.epoch < 4:
        stepped.step(kind)
    assert everything(stepped) == everything(run)


@pytest.mark.parametrize("batch_size", [None, 12])
@pytest.mark.parametrize("kind", KINDS)
def test_stepping_back_passes_the_same_states_in_reverse(
    kind: str, batch_size: int | None, small_settings: Settings, everything: Everything
) -> None:
    session = Session(small_settings(training={"batch_size": batch_size}))
    seen = [everything(session)]
    while session.epoch < 2:
        session.step(kind)
        seen.append(everything(session))
    for expected in reversed(seen[:-1]):
        session.back(kind)
        assert everything(session) == expected
    with pytest.raises(StateError, match="beginning"):
        session.back(kind)


@pytest.mark.parametrize("batch_size", [None, 12])
def test_every_position_of_a_thinned_run_can_be_gone_back_to(
    batch_size: int | None,
    small_settings: Settings,
    everything: Everything,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "Timeline", cramped)
    session = Session(small_settings(training={"batch_size": batch_size}))
    seen = []
    for _ in range(70):
        session.step("iteration")
        seen.append(everything(session))
    assert len(session.current_run.timeline) <= 8
    for iteration in (70, 1, 33, 2, 69, 64, 17, 50, 31, 70):
        session.go_to(iteration)
        assert everything(session) == seen[iteration - 1]


def test_replay_gives_the_recorded_losses_again(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "Timeline", cramped)
    session = Session(small_settings())
    session.run(epochs=200)
    recorded = session.history.rows.copy()
    session.go_to(0)
    session.run(epochs=200)
    assert session.history.rows.tobytes() == recorded.tobytes()


def test_future_stays_until_something_differs(small_settings: Settings) -> None:
    """Going on from the past re-walks it; a change there cuts it off."""
    session = Session(small_settings())
    session.run(epochs=30)
    recorded = session.history.loss.copy()
    session.go_to(10)
    session.go_to(25)
    assert session.history.loss.tobytes() == recorded[:25].tobytes()
    session.go_to(10)
    session.edit(_with_rate(session.settings, 0.05))
    session.run(epochs=20)
    assert session.history.loss[:11].tobytes() == recorded[:11].tobytes()
    assert (session.history.loss[11:] != recorded[11:]).all()


def test_settings_follow_the_learning_rate_through_time(small_settings: Settings) -> None:
    """In the past they say what was in force there, so that the later rate can be set there too."""
    session = Session(small_settings(training={"learning_rate": 0.5}))
    session.run(epochs=6)
    session.edit(_with_rate(session.settings, 0.125))
    session.run(epochs=4)

    def rate() -> float:
        return session.settings.training.learning_rate

    assert rate() == 0.125
    session.go_to(3)
    assert rate() == session.snapshot().settings.training.learning_rate == 0.5
    session.go_to(8)
    assert rate() == 0.125
    session.go_to(3)
    session.edit(_with_rate(session.settings, 0.125))
    assert rate() == 0.125
    session.step()
    assert (session.tensor("update_W", 2) == -0.125 * session.tensor("dW", 2)).all()


def test_change_of_something_else_in_the_past_leaves_the_recorded_future(
    small_settings: Settings,
) -> None:
    session = Session(small_settings(training={"learning_rate": 0.5}))
    session.run(epochs=6)
    session.edit(_with_rate(session.settings, 0.125))
    session.run(epochs=4)
    recorded = session.history.rows.copy()
    session.go_to(3)
    training = session.settings.training.model_copy(update={"epochs": 10})
    session.edit(session.settings.model_copy(update={"training": training}))
    session.run()
    assert session.epoch == 10
    assert session.settings.training.learning_rate == 0.125
    assert session.history.rows.tobytes() == recorded.tobytes()


def test_reset_in_the_past_keeps_the_learning_rate_that_is_shown(small_settings: Settings) -> None:
    session = Session(small_settings(training={"learning_rate": 0.5}))
    session.run(epochs=6)
    session.edit(_with_rate(session.settings, 0.125))
    session.run(epochs=4)
    session.go_to(3)
    session.reset()
    assert session.settings.training.learning_rate == 0.5
    session.step()
    assert (session.tensor("update_W", 2) == -0.5 * session.tensor("dW", 2)).all()
