"""Changing weights on the way: events, branches, undo."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import RunSettings, Session
from model.errors import ArrayError, StateError
from model.training.boundaries import KINDS
from model.training.interventions import freeze_layer, redraw_layer, set_element, zero_layer

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], Any]


@pytest.fixture
def session(small_settings: Settings) -> Session:
    session = Session(small_settings())
    session.run(epochs=6)
    return session


def _set(session: Session, value: float) -> None:
    session.intervene(set_element(session.network, "W", 1, 0, 1, value))


def test_an_element_is_set_and_training_goes_on_from_it(session: Session) -> None:
    _set(session, 0.75)
    assert session.network.W[0][0, 1] == 0.75
    session.step("iteration")
    update = session.tensor("update_W", 1)[0, 1]
    assert session.network.W[0][0, 1] == 0.75 + update


def test_the_same_edit_walked_again_gives_the_same_bits(
    session: Session, everything: Everything
) -> None:
    _set(session, 0.75)
    session.run(epochs=4)
    after = everything(session)
    session.go_to(2)
    session.run(epochs=8)
    assert everything(session) == after


def test_an_edit_in_the_past_leaves_the_old_future_as_a_branch(
    session: Session, everything: Everything
) -> None:
    before = everything(session)
    session.go_to(3)
    _set(session, -1.0)
    session.run(epochs=3)
    assert everything(session) != before
    branches = session.current_run.timeline.branches
    assert [branch.name for branch in branches.values()][1] == "W[1] 1,2 = -1"
    session.go_to(6, branch=0)
    assert everything(session) == before


def test_an_edit_in_the_middle_of_an_iteration_is_made_there_again(
    session: Session, everything: Everything
) -> None:
    session.step("phase")
    _set(session, 2.0)
    session.step("iteration")
    session.step("iteration")
    after = everything(session)
    session.go_to(0)
    session.go_to(8)
    assert everything(session) == after
    session.go_to(6, 4)
    assert session.network.W[0][0, 1] != 2.0
    session.step("phase")
    assert session.network.W[0][0, 1] == 2.0


def test_undo_of_an_edit_at_the_end_takes_it_back(session: Session, everything: Everything) -> None:
    before = everything(session)
    _set(session, 9.0)
    assert session.undoable == "W[1] 1,2 = 9"
    session.undo()
    assert everything(session) == before
    assert session.undoable == ""


def test_undo_after_walking_on_keeps_the_edited_future_as_a_branch(
    session: Session, everything: Everything
) -> None:
    before = everything(session)
    _set(session, 9.0)
    session.run(epochs=2)
    edited = everything(session)
    session.undo()
    assert everything(session) == before
    session.go_to(8, branch=0)
    assert everything(session) == edited


def test_undo_of_an_edit_in_the_past_returns_to_the_path_it_left(
    session: Session, everything: Everything
) -> None:
    session.go_to(3)
    at_three = everything(session)
    _set(session, 9.0)
    session.undo()
    assert everything(session) == at_three
    assert list(session.current_run.timeline.branches) == [0]


def test_undo_of_a_learning_rate(session: Session, everything: Everything) -> None:
    before = everything(session)
    training = session.settings.training.model_copy(update={"learning_rate": 0.123})
    session.edit(session.settings.model_copy(update={"training": training}))
    assert session.settings.training.learning_rate == 0.123
    session.undo()
    assert session.settings.training.learning_rate != 0.123
    assert everything(session) == before


def test_undo_of_a_learning_rate_in_the_middle_of_an_iteration_stands_there_again(
    session: Session, everything: Everything
) -> None:
    session.step("phase")
    before = everything(session)
    training = session.settings.training.model_copy(update={"learning_rate": 0.123})
    session.edit(session.settings.model_copy(update={"training": training}))
    session.step("iteration")
    session.undo()
    assert everything(session) == before


def test_nothing_to_undo_is_said(session: Session) -> None:
    with pytest.raises(StateError, match="nothing to undo"):
        session.undo()


def test_a_frozen_layer_stays_and_moves_again_when_freed(session: Session) -> None:
    session.intervene(freeze_layer(session.network, 2, True))
    before = session.network
    session.run(epochs=2)
    np.testing.assert_array_equal(session.network.W[1], before.W[1])
    np.testing.assert_array_equal(session.tensor("update_b", 2), 0.0)
    assert not np.array_equal(session.network.W[0], before.W[0])
    session.intervene(freeze_layer(session.network, 2, False))
    session.step("iteration")
    assert not np.array_equal(session.network.W[1], before.W[1])


def test_a_frozen_layer_is_frozen_again_on_the_way_back(
    session: Session, everything: Everything
) -> None:
    session.intervene(freeze_layer(session.network, 1, True))
    session.run(epochs=5)
    after = everything(session)
    session.go_to(2)
    session.go_to(11)
    assert everything(session) == after


def test_a_layer_is_set_to_zero_or_drawn_again(session: Session) -> None:
    session.intervene(zero_layer(session.network, 1))
    assert not session.network.W[0].any()
    drawn = redraw_layer(session.network, session.settings.network, 1, seed=7)
    again = redraw_layer(session.network, session.settings.network, 1, seed=7)
    np.testing.assert_array_equal(drawn.W, again.W)
    session.intervene(drawn)
    np.testing.assert_array_equal(session.network.W[0], drawn.W)


@pytest.mark.parametrize(
    ("name", "layer", "row", "column", "value"),
    [
        ("Z", 1, 0, 0, 1.0),
        ("W", 9, 0, 0, 1.0),
        ("W", 1, 99, 0, 1.0),
        ("b", 1, 0, 1, 1.0),
        ("W", 1, 0, 0, float("nan")),
    ],
)
def test_what_cannot_be_set_is_refused(
    session: Session, name: str, layer: int, row: int, column: int, value: float
) -> None:
    with pytest.raises(ArrayError):
        set_element(session.network, name, layer, row, column, value)


def test_no_intervention_while_running(small_settings: Settings) -> None:
    session = Session(small_settings())
    change = zero_layer(session.network, 1)
    session.begin()
    with pytest.raises(StateError):
        session.intervene(change)


WALK = st.tuples(st.just("walk"), st.integers(0, 12), st.integers(0, 30))
EDIT = st.tuples(st.just("edit"), st.floats(-2, 2), st.just(0))
UNDO = st.tuples(st.just("undo"), st.just(0), st.just(0))
LINE = st.tuples(st.just("line"), st.integers(0, 30), st.just(0))
STEP = st.tuples(st.just("step"), st.sampled_from(KINDS), st.integers(1, 3))
BACK = st.tuples(st.just("back"), st.sampled_from(KINDS), st.just(0))
FORGET = st.tuples(st.just("forget"), st.integers(0, 4), st.just(0))


@pytest.mark.parametrize("batch_size", [None, 12])
@given(commands=st.lists(st.one_of(WALK, EDIT, UNDO, LINE, STEP, BACK, FORGET), max_size=16))
def test_a_state_is_a_function_of_branch_and_position(
    batch_size: int | None,
    commands: list[tuple[str, Any, int]],
    small_settings: Settings,
    everything: Everything,
) -> None:
    session = Session(small_settings(training={"batch_size": batch_size}))
    seen: dict[tuple[int, int, int], Any] = {}
    for kind, value, operation in commands:
        if kind == "edit":
            _set(session, value)
            seen = {key: state for key, state in seen.items() if not _after(session, key)}
        elif kind == "undo":
            if not session.undoable:
                continue
            session.undo()
            seen = {key: state for key, state in seen.items() if not _after(session, key)}
        else:
            _walk(session, kind, value, operation)
        key = (
            session.current_run.timeline.branch.number,
            session.iteration,
            session.operation,
        )
        state = everything(session)
        assert seen.setdefault(key, state) == state


def _walk(session: Session, kind: str, value: Any, number: int) -> None:
    """Go somewhere, set a breakpoint on the way, or forget a branch that can be forgotten."""
    if kind == "walk":
        session.go_to(value, number % len(session.current_run.program))
    elif kind == "line":
        session.toggle_breakpoint(value)
    elif kind == "step":
        session.step(value, number)
    elif kind == "back" and session.current_run.position > (0, 0):
        session.back(value)
    elif kind == "forget" and value in session.current_run.timeline.branches:
        with suppress(StateError):
            session.delete_branch(value)


def _after(session: Session, key: tuple[int, int, int]) -> bool:
    """Whether a position is one that a change just made may have altered."""
    run = session.current_run
    return key[0] == run.timeline.branch.number and key[1:] >= run.position
