"""Undo takes back the last change and nothing else, wherever one has been in between."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from model import RunSettings, Session
from model.errors import ArrayError, StateError
from model.nn.operations import TensorName
from model.settings_fields import with_changes
from model.training.boundaries import KINDS

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], Any]
W2 = TensorName("W", 2)

ELEMENTS = st.tuples(st.just("element"), st.integers(0, 2), st.sampled_from([-1.0, 0.25, 2.0]))
LAYERS = st.tuples(
    st.sampled_from(["zero", "redraw", "freeze", "free"]), st.integers(1, 2), st.just(0)
)
RATES = st.tuples(st.just("rate"), st.sampled_from([0.125, 0.25, 1.0]), st.just(0))
STEPS = st.tuples(st.just("step"), st.sampled_from(KINDS), st.integers(1, 3))
BACKS = st.tuples(st.just("back"), st.sampled_from(KINDS), st.just(0))
GOES = st.tuples(st.just("go_to"), st.integers(0, 6), st.integers(0, 30))
CHOICES = st.tuples(st.just("choose"), st.integers(0, 4), st.just(0))
UNDOES = st.tuples(st.just("undo"), st.just(0), st.just(0))
WAYS = STEPS | BACKS | GOES | CHOICES
CHANGES = ELEMENTS | LAYERS | RATES
BATCHES = pytest.mark.parametrize("batch_size", [None, 12])


def _do(session: Session, name: str, value: Any, number: Any) -> None:
    """A movement or a change; one that is not possible here is none."""
    with suppress(StateError):
        if name == "element":
            session.set_element(W2, 0, value, number)
        elif name == "rate":
            session.edit(with_changes(session.settings, {"training.learning_rate": value}))
        elif name == "step":
            session.step(value, number)
        elif name == "back":
            session.back(value)
        elif name == "go_to":
            session.go_to(value, number)
        elif name == "choose":
            session.choose_branch(value)
        else:
            session.change_layer(name, value)


@BATCHES
@hypothesis_settings(max_examples=120)
@given(commands=st.lists(WAYS | CHANGES | CHANGES | UNDOES, max_size=14))
def test_undoing_them_one_by_one_passes_the_states_before_each_change(
    batch_size: int | None,
    small_settings: Settings,
    everything: Everything,
    commands: list[tuple[str, Any, Any]],
) -> None:
    def here() -> Any:
        snapshot = session.snapshot()
        rate = snapshot.settings.training.learning_rate
        return everything(session), snapshot.frozen_layers, rate, session.undoable

    session = Session(small_settings(training={"batch_size": batch_size}))
    before = []
    for name, value, number in commands:
        if name == "undo":
            if before:
                session.undo()
                assert here() == before.pop()
            continue
        state = here()
        _do(session, name, value, number)
        if name not in ("step", "back", "go_to", "choose") and here() != state:
            before.append(state)
    for state in reversed(before):
        session.undo()
        assert here() == state
    assert session.undoable == ""


@pytest.mark.parametrize("walked", [0, 1, 3])
def test_a_second_undo_does_not_bring_back_what_the_first_took_back(
    walked: int, small_settings: Settings
) -> None:
    session = Session(small_settings())
    session.go_to(3)
    first = session.tensor("W", 2)
    session.set_element(W2, 0, 0, 5.0)
    session.set_element(W2, 0, 1, 6.0)
    session.step("iteration", walked)
    session.undo()
    np.testing.assert_array_equal(session.tensor("W", 2)[0, :2], [5.0, first[0, 1]])
    session.undo()
    np.testing.assert_array_equal(session.tensor("W", 2), first)
    assert session.undoable == ""


def test_undone_changes_leave_behind_only_what_was_walked_on(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.go_to(3)
    session.set_element(W2, 0, 0, 5.0)
    session.set_element(W2, 0, 1, 6.0)
    session.step()
    session.undo()
    session.undo()
    names = [branch.name for branch in session.current_run.timeline.branches.values()]
    assert names == ["first path", "without W[2] 1,1 = 5"]


def test_a_rate_that_waits_for_the_next_iteration_outlives_an_edit_in_this_one(
    small_settings: Settings,
) -> None:
    session = Session(small_settings())
    session.go_to(3, 6)
    session.edit(with_changes(session.settings, {"training.learning_rate": 0.125}))
    session.step("operation", 2)
    session.set_element(W2, 0, 0, 5.0)
    session.step()
    session.step()
    assert session.settings.training.learning_rate == 0.125
    np.testing.assert_array_equal(session.tensor("update_W", 2), -0.125 * session.tensor("dW", 2))
    assert list(session.current_run.timeline.branches) == [0]


def test_a_change_that_changes_nothing_is_none(
    small_settings: Settings, everything: Everything
) -> None:
    session = Session(small_settings())
    session.run(epochs=4)
    session.go_to(2)
    before = everything(session)
    session.set_element(W2, 0, 0, float(session.tensor("W", 2)[0, 0]))
    session.change_layer("free", 1)
    assert session.undoable == ""
    assert list(session.current_run.timeline.branches) == [0]
    assert everything(session) == before
    session.change_layer("freeze", 1)
    session.change_layer("freeze", 1)
    session.change_layer("zero", 2)
    session.change_layer("zero", 2)
    assert session.undoable == "layer 2 set to zero"
    session.undo()
    assert session.undoable == "layer 1 frozen"
    session.undo()
    assert session.snapshot().frozen_layers == ()
    assert everything(session) == before


def test_what_single_precision_cannot_hold_is_refused(small_settings: Settings) -> None:
    session = Session(small_settings(network={"dtype": "float32"}))
    with pytest.raises(ArrayError, match=r"W\[2\]"):
        session.set_element(W2, 0, 0, 1e300)
    session.set_element(W2, 0, 0, 1e30)
    assert session.tensor("W", 2)[0, 0] == np.float32(1e30)
