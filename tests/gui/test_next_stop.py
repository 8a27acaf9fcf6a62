"""Where the status line says that a run will stop next."""

from dataclasses import replace

import pytest

from gui.next_stop import kind_of_stop, next_stop
from gui.readings import readings
from model import Session
from model.training.conditions import LossLimit, LossRising, NormLimit
from model.training.snapshots import Snapshot, State


@pytest.fixture(scope="module")
def session() -> Session:
    session = Session()
    session.step("iteration")
    return session


@pytest.fixture
def snapshot(session: Session) -> Snapshot:
    """Between two iterations, with no breakpoint."""
    for view in session.breakpoints.views():
        session.remove_breakpoint(view.number)
    return session.snapshot()


def shown(session: Session, operation: int = 0) -> Snapshot:
    return replace(session.snapshot(), operation=operation)


def words(snapshot: Snapshot) -> list[str]:
    return [r.plain for r in readings(snapshot) if r.before == "next stop"]


def test_nothing_is_said_where_nothing_stops_the_run(session: Session, snapshot: Snapshot) -> None:
    assert words(snapshot) == []
    session.toggle_breakpoint(4)
    session.enable_breakpoint(session.breakpoints.views()[0].number, False)
    assert words(shown(session)) == []


@pytest.mark.parametrize(("done", "tensor"), [(0, "A[1]"), (1, "A[1]"), (2, "dZ[3]"), (9, "A[1]")])
def test_the_next_operation_with_a_breakpoint_is_named(
    session: Session, snapshot: Snapshot, done: int, tensor: str
) -> None:
    for line in (1, 8):
        session.toggle_breakpoint(line)
    assert words(shown(session, done)) == [f"next stop {tensor} (breakpoint)"]


def test_conditions_are_told_in_their_own_words(session: Session, snapshot: Snapshot) -> None:
    session.add_breakpoint(LossRising(epochs=3))
    assert words(shown(session)) == ["next stop when loss rising for 3 epochs"]
    session.add_breakpoint(LossLimit(side="below", limit=0.5))
    assert next_stop(shown(session)) == "at the first of 2 conditions"
    session.toggle_breakpoint(1)
    assert kind_of_stop(shown(session)) == "(breakpoint), or before at 2 conditions"


def test_a_running_or_failed_session_says_nothing(session: Session, snapshot: Snapshot) -> None:
    session.toggle_breakpoint(1)
    for state in (State.RUNNING, State.FAILED, State.FINISHED):
        assert words(replace(shown(session), state=state)) == []


def test_what_does_not_fit_the_network_is_no_stop(snapshot: Snapshot) -> None:
    other = Session()
    other.add_breakpoint(NormLimit(tensor="dW", layer=3))
    network = other.settings.network.model_copy(update={"layers": (4,)})
    other.edit(other.settings.model_copy(update={"network": network}))
    assert other.snapshot().breakpoints[0].asleep
    assert words(other.snapshot()) == []
