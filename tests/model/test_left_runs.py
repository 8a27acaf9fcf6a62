"""Runs that a change of data, network or loss leaves behind."""

from collections.abc import Callable
from typing import Any

import pytest

from model import RunSettings, Session
from model.errors import StateError
from model.settings_fields import with_changes
from model.training.left_runs import FIRST_NUMBER, MOST

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], Any]


def _numbers(session: Session) -> list[int]:
    return [view.number for view in session.snapshot().branches]


def test_a_run_that_was_left_can_be_returned_to_bit_for_bit(
    small_settings: Settings, everything: Everything
) -> None:
    session = Session(small_settings())
    session.run(epochs=9)
    before, settings = everything(session), session.settings
    session.edit(with_changes(settings, {"network.layers": (3,)}))
    assert (session.state, session.epoch) == ("idle", 0)
    (view,) = session.snapshot().branches
    assert view.number >= FIRST_NUMBER
    assert view.name == "hidden layers 4, 3"
    assert len(view.history.rows) == 9
    session.run(epochs=2)
    generation = session.generation
    session.choose_branch(view.number)
    assert session.settings == settings
    assert session.generation > generation
    assert everything(session) == before
    session.run(epochs=1)
    assert session.epoch == 10
    (other,) = session.snapshot().branches
    session.choose_branch(other.number)
    assert session.settings.network.layers == (3,)
    assert session.epoch == 2


def test_a_run_without_a_step_is_not_kept(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.edit(with_changes(session.settings, {"network.seed": 5}))
    assert _numbers(session) == []


def test_the_oldest_runs_go_first_and_one_can_be_deleted(small_settings: Settings) -> None:
    session = Session(small_settings())
    for seed in range(100, 102 + MOST):
        session.step()
        session.edit(with_changes(session.settings, {"network.seed": seed}))
    numbers = _numbers(session)
    assert len(numbers) == MOST
    assert numbers == sorted(numbers)
    session.delete_branch(numbers[0])
    assert _numbers(session) == numbers[1:]
    with pytest.raises(StateError, match="no branch"):
        session.choose_branch(numbers[0])


def test_left_runs_share_the_memory_of_the_setting(small_settings: Settings) -> None:
    session = Session(small_settings(training={"timeline_memory": 1}))
    for seed in (100, 101):
        session.run(epochs=300)
        session.edit(with_changes(session.settings, {"network.seed": seed}))
    for view in session.snapshot().branches:
        session.choose_branch(view.number)
        assert session.current_run.timeline.bytes <= 2**20 // (4 * MOST)
        assert session.epoch == 300


def test_a_left_run_is_named_in_the_words_of_the_form(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.step()
    session.edit(with_changes(session.settings, {"training.batch_size": 12}))
    session.step()
    session.edit(with_changes(session.settings, {"training.batch_size": None}))
    assert [view.name for view in session.snapshot().branches] == ["batch full", "batch 12"]


def test_a_run_that_was_left_while_it_ran_is_returned_to_at_rest(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.begin()
    session.advance(60.0, epochs=3)
    session.edit(with_changes(session.settings, {"training.batch_size": 12}))
    session.pause()
    (view,) = session.snapshot().branches
    session.choose_branch(view.number)
    assert (session.state, session.epoch) == ("paused", 3)


def test_a_branch_that_a_left_run_does_not_have_changes_nothing(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.step()
    session.edit(with_changes(session.settings, {"training.batch_size": 12}))
    (view,) = session.snapshot().branches
    for wish in (session.choose_branch, session.delete_branch):
        with pytest.raises(StateError, match="no branch"):
            wish(view.number + 5)
    assert session.settings.training.batch_size == 12
    assert _numbers(session) == [view.number]
