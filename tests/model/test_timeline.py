"""The timeline: what it keeps within its budget, and the learning rates it remembers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import StateError
from model.training.events import Event, SetLearningRate
from model.training.timeline import Timeline

FLOAT = np.dtype(np.float64)
SIZE = 3


def _timeline(states: int) -> Timeline:
    """Room for so many states of three numbers each."""
    return Timeline(SIZE, FLOAT, budget=states * (SIZE * 8 + 16))


def _state(iteration: int) -> np.ndarray:
    return np.array([iteration, 2.0 * iteration, -1.0])


@given(states=st.integers(8, 200), iterations=st.integers(1, 3000))
def test_budget_is_kept_and_the_past_is_thinned_evenly(states: int, iterations: int) -> None:
    timeline = _timeline(states)
    for iteration in range(iterations + 1):
        timeline.keep(iteration, _state(iteration))
        assert len(timeline) <= states
    assert timeline.bytes <= states * (SIZE * 8 + 16)
    assert timeline.branch.furthest == iterations
    kept = sorted({timeline.nearest(iteration)[0] for iteration in range(iterations + 1)})
    assert len(kept) == len(timeline)
    assert kept[0] == 0
    assert kept[-1] == iterations
    newest = min(iterations + 1, states // 4)
    assert kept[-newest:] == list(range(iterations - newest + 1, iterations + 1))
    assert max(np.diff(kept), default=1) <= max(1, 8 * iterations / states)


@given(states=st.integers(8, 50), iterations=st.integers(0, 500), wanted=st.integers(0, 600))
def test_nearest_is_a_state_as_it_was_and_not_after_what_is_wanted(
    states: int, iterations: int, wanted: int
) -> None:
    timeline = _timeline(states)
    for iteration in range(iterations + 1):
        timeline.keep(iteration, _state(iteration))
    found, state = timeline.nearest(wanted)
    assert found <= wanted
    np.testing.assert_array_equal(state, _state(found))


def test_state_is_a_copy() -> None:
    timeline, state = _timeline(8), _state(0)
    timeline.keep(0, state)
    state[...] = np.nan
    np.testing.assert_array_equal(timeline.nearest(0)[1], _state(0))


def test_state_that_was_walked_before_is_not_kept_twice() -> None:
    timeline = _timeline(8)
    for iteration in (0, 1, 2, 1, 2, 0, 2):
        timeline.keep(iteration, _state(iteration))
    assert len(timeline) == 3


def test_forgetting_the_future_keeps_the_past() -> None:
    timeline = _timeline(16)
    for iteration in range(10):
        timeline.keep(iteration, _state(iteration))
    timeline.forget_after(6)
    assert (timeline.branch.furthest, len(timeline)) == (6, 7)
    timeline.keep(7, -_state(7))
    np.testing.assert_array_equal(timeline.nearest(9)[1], -_state(7))


def _event(iteration: int, rate: float = 0.1) -> Event:
    return Event((iteration, 0), SetLearningRate(rate))


def test_event_at_the_end_stays_on_its_branch() -> None:
    timeline = _timeline(20)
    for iteration in range(6):
        timeline.keep(iteration, _state(iteration))
    timeline.record(_event(5), 5)
    assert timeline.branch.number == 0


def test_event_in_the_past_begins_a_branch_and_leaves_the_old_future() -> None:
    timeline = _timeline(40)
    for iteration in range(10):
        timeline.keep(iteration, _state(iteration))
    timeline.record(_event(4), 4)
    begun = timeline.branch
    assert (begun.parent.number, begun.fork, begun.furthest) == (0, (4, 0), 4)
    timeline.keep(5, -_state(5))
    np.testing.assert_array_equal(timeline.nearest(9)[1], -_state(5))
    np.testing.assert_array_equal(timeline.nearest(3)[1], _state(3))
    timeline.choose(0)
    np.testing.assert_array_equal(timeline.nearest(9)[1], _state(9))
    assert timeline.branch.events == []


def test_branches_of_branches_share_their_past() -> None:
    timeline = _timeline(40)
    for iteration in range(10):
        timeline.keep(iteration, _state(iteration))
    for fork, factor in ((6, 2), (3, 3)):
        timeline.begin_branch(f"from {fork}", (fork, 0), fork)
        for iteration in range(fork + 1, 8):
            timeline.keep(iteration, factor * _state(iteration))
    factors = [timeline.nearest(i)[1][0] / max(i, 1) for i in range(1, 8)]
    assert factors == [1, 1, 1, 3, 3, 3, 3]
    timeline.choose(1)
    assert [timeline.nearest(i)[1][0] / max(i, 1) for i in range(1, 8)] == [1, 1, 1, 1, 1, 1, 2]


def test_delete_forgets_a_branch_but_not_the_present_one_or_a_parent() -> None:
    timeline = _timeline(40)
    for iteration in range(10):
        timeline.keep(iteration, _state(iteration))
    timeline.begin_branch("other", (4, 0), 4)
    timeline.keep(5, -_state(5))
    for number in (0, 1):
        with pytest.raises(StateError, match="cannot be deleted"):
            timeline.delete(number)
    timeline.choose(0)
    timeline.delete(1)
    assert list(timeline.branches) == [0]
    assert len(timeline) == 10
    with pytest.raises(StateError, match="no branch 1"):
        timeline.choose(1)


def test_smallest_timeline_keeps_the_beginning_and_the_newest_state() -> None:
    timeline = Timeline(SIZE, FLOAT, budget=1)
    for iteration in range(9):
        timeline.keep(iteration, _state(iteration))
    assert len(timeline) == 2
    assert [timeline.nearest(i)[0] for i in (0, 7, 8)] == [0, 0, 8]
