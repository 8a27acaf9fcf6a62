"""The timeline: what it keeps within its budget, and the learning rates it remembers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.training.timeline import Timeline

FLOAT = np.dtype(np.float64)
SIZE = 3


def _timeline(states: int) -> Timeline:
    """Room for so many states of three numbers each."""
    return Timeline(SIZE, FLOAT, budget=states * (SIZE * 8 + 8))


def _state(iteration: int) -> np.ndarray:
    return np.array([iteration, 2.0 * iteration, -1.0])


@given(states=st.integers(8, 200), iterations=st.integers(1, 3000))
def test_budget_is_kept_and_the_past_is_thinned_evenly(states: int, iterations: int) -> None:
    timeline = _timeline(states)
    for iteration in range(iterations + 1):
        timeline.keep(iteration, _state(iteration))
        assert len(timeline) <= states
    assert timeline.bytes <= states * (SIZE * 8 + 8)
    assert timeline.furthest == iterations
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
    assert (timeline.furthest, len(timeline)) == (6, 7)
    timeline.keep(7, -_state(7))
    np.testing.assert_array_equal(timeline.nearest(9)[1], -_state(7))


def test_learning_rates_hold_from_their_iteration_on() -> None:
    timeline = _timeline(8)
    for iteration, rate in ((0, 0.1), (5, 0.2), (9, 0.3)):
        timeline.set_learning_rate(iteration, rate)
    assert [timeline.learning_rate(i) for i in (0, 4, 5, 8, 9, 100)] == [
        0.1, 0.1, 0.2, 0.2, 0.3, 0.3
    ]  # fmt: skip
    assert [timeline.next_event(i) for i in (0, 4, 5, 8, 9)] == [5, 5, 9, 9, None]
    assert [timeline.last_event(i) for i in (0, 4, 5, 9, 50)] == [0, 0, 5, 9, 9]


def test_change_in_the_past_forgets_the_changes_after_it() -> None:
    timeline = _timeline(8)
    for iteration, rate in ((0, 0.1), (5, 0.2), (9, 0.3), (5, 0.4)):
        timeline.set_learning_rate(iteration, rate)
    assert [timeline.learning_rate(i) for i in (4, 5, 9, 10)] == [0.1, 0.4, 0.4, 0.4]
    assert timeline.next_event(5) is None


def test_smallest_timeline_keeps_the_beginning_and_the_newest_state() -> None:
    timeline = Timeline(SIZE, FLOAT, budget=1)
    for iteration in range(9):
        timeline.keep(iteration, _state(iteration))
    assert len(timeline) == 2
    assert [timeline.nearest(i)[0] for i in (0, 7, 8)] == [0, 0, 8]
