"""Where a session stops: at the first breakpoint or rule ahead, whichever way one came."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from model import RunSettings, Session
from model.nn.operations import TensorName
from model.settings_fields import with_changes
from model.training.boundaries import KINDS, Position, step_target
from model.training.conditions import IterationReached, LossLimit
from model.training.interventions import set_element

Settings = Callable[..., RunSettings]
BATCHES = pytest.mark.parametrize("batch_size", [None, 12])

LONG = 60
LIMIT = 0.62
REACHED = 9

LINES = st.tuples(st.just("line"), st.integers(0, 30))
STEPS = st.tuples(st.just("step"), st.sampled_from(KINDS))
BACKS = st.tuples(st.just("back"), st.sampled_from(KINDS))
GOES = st.tuples(st.just("go_to"), st.tuples(st.integers(0, 20), st.integers(0, 30)))
RUNS = st.tuples(st.just("run"), st.integers(0, 4))
WAYS = st.lists(LINES | STEPS | BACKS | GOES | RUNS, max_size=16)


def crossings(settings: RunSettings) -> list[Position]:
    """Right behind J wherever it has come below the limit, on a way that never looks back."""
    session = Session(settings)
    losses = []
    for _ in range(LONG):
        session.step("iteration")
        losses.append(float(session.tensor("J")))
    program = session.current_run.program
    behind = next(o.index for o in program if o.result == TensorName("J")) + 1
    below = [loss < LIMIT for loss in losses]
    found = [(i, behind) for i, now in enumerate(below) if now and not (i and below[i - 1])]
    assert found
    return found


def line_stops(lines: set[int], operations: int) -> list[Position]:
    """Right behind each operation with a breakpoint, in every iteration."""
    return [
        (i, line + 1) if line + 1 < operations else (i + 1, 0)
        for i in range(LONG)
        for line in lines
    ]


def goal_of(session: Session, name: str, value: Any) -> tuple[Position, Position]:
    """From where a command walks, and where it would end if nothing stopped it."""
    run = session.current_run
    if name == "step":
        return run.position, step_target(value, run.position, run.program, run.batches.per_epoch)
    if name == "run":
        end = (run.epoch + value) * run.batches.per_epoch, 0
        return run.position, max(end, run.position)
    known = min(value[0], run.timeline.branch.furthest)
    if value < run.position or known > run.iteration:
        return (known, value[1] if known == value[0] else 0), value
    return run.position, value


@BATCHES
@hypothesis_settings(max_examples=50)
@given(ways=WAYS)
def test_the_first_breakpoint_ahead_stops_a_walk_and_nothing_before_it(
    batch_size: int | None, small_settings: Settings, ways: list[tuple[str, Any]]
) -> None:
    settings = small_settings(training={"batch_size": batch_size})
    session = Session(settings)
    session.add_breakpoint(IterationReached(iteration=REACHED))
    session.add_breakpoint(LossLimit(side="below", limit=LIMIT))
    conditions = [(REACHED, 0), *crossings(settings)]
    lines: set[int] = set()
    for name, value in ways:
        if name == "line":
            session.toggle_breakpoint(value)
            lines ^= {value}
        elif name == "back":
            if session.current_run.position > (0, 0):
                session.back(value)
        else:
            start, end = goal_of(session, name, value)
            stops = [*conditions, *line_stops(lines, len(session.current_run.program))]
            ahead = [stop for stop in stops if start < stop <= end]
            getattr(session, name)(*(value if name == "go_to" else (value,)))
            assert session.current_run.position == min(ahead, default=end)
            assert (session.hit is not None) == bool(ahead)
            assert session.state == "paused"


@BATCHES
@pytest.mark.parametrize("way", ["run", *KINDS])
def test_a_stop_leaves_no_trace_of_the_rest_of_its_iteration(
    way: str, batch_size: int | None, small_settings: Settings
) -> None:
    """What was computed to tell whether to stop is no recorded future: a change there forks not."""
    session = Session(small_settings(training={"batch_size": batch_size}))
    session.toggle_breakpoint(9)
    for iteration in range(2):
        if iteration:
            session.step("operation")
        while session.hit is None and session.iteration <= iteration:
            session.run() if way == "run" else session.step(way)
        assert session.current_run.position == (iteration, 10)
        assert session.snapshot().future is None
    session.set_element(TensorName("W", 1), 0, 1, 0.5)
    session.run()
    assert list(session.current_run.timeline.branches) == [0]
    assert session.snapshot().future is None


def test_what_holds_already_does_not_stop_a_run_that_comes_back_to_it(
    small_settings: Settings,
) -> None:
    session = Session(small_settings())
    session.add_breakpoint(LossLimit(side="below", limit=LIMIT))
    session.run()
    crossing = session.iteration
    session.run(epochs=8)
    for way in (lambda: session.go_to(crossing + 4), lambda: session.back("epoch", 3)):
        way()
        session.step("epoch", 2)
        assert session.hit is None
    session.go_to(crossing - 1)
    session.run(epochs=9)
    assert session.hit is not None
    assert session.iteration == crossing


def test_a_rate_set_amid_an_iteration_survives_a_stop_and_a_failure_in_it(
    small_settings: Settings,
) -> None:
    session = Session(small_settings(training={"learning_rate": 1e100}))
    session.step("operation")
    session.edit(with_changes(session.settings, {"training.learning_rate": 0.125}))
    session.toggle_breakpoint(20)
    session.step("phase", 2)
    session.run()
    assert session.current_run.position == (0, 21)
    assert session.settings.training.learning_rate == 0.125
    assert session.undoable == "α = 0.125"


def edit_of(session: Session, kind: str, value: float) -> None:
    if kind == "rate":
        session.edit(with_changes(session.settings, {"training.learning_rate": value}))
    else:
        session.intervene(set_element(session.network, "W", 1, 0, 1, value))


def ends_at(losses: np.ndarray, per_epoch: int, changes: list[Position], start: Position) -> int:
    """The first epoch from `start` on at which the last 3 changes of the loss are all small.

    Only losses count that come after the last change of weights or rate on the way there.
    """
    for epoch in range(start[0] // per_epoch, len(losses) + 1):
        here = max((epoch * per_epoch, 0), start)
        made = max(change for change in changes if change <= here)
        since = -(-(made[0] + (made[1] > 0)) // per_epoch)
        recent = losses[max(since, epoch - 4) : epoch]
        if len(recent) == 4 and (np.abs(np.diff(recent)) < 4e-3).all():
            return epoch
    return len(losses)


def test_flat_epochs_count_from_the_last_change_again_after_a_jump(
    small_settings: Settings,
) -> None:
    """A change too small to be seen in the loss makes a run wait for as many flat epochs anew."""
    training = {"tolerance": 4e-3, "patience": 3}
    session = Session(small_settings(training=training))
    session.run()
    first = session.epoch
    session.go_to(first - 1)
    weight = session.network.W[0][0, 1]
    edit_of(session, "weight", weight + 1e-9)
    session.run()
    edited = session.epoch
    assert edited == first - 1 + 4
    for place in (0, first - 1, first + 1):
        session.go_to(place)
        session.run()
        assert session.epoch == edited
    session.choose_branch(0)
    session.go_to(first - 2)
    session.run()
    assert session.epoch == first


def test_a_run_that_has_converged_goes_on_for_the_epochs_asked_for(
    small_settings: Settings,
) -> None:
    session = Session(small_settings(training={"tolerance": 4e-3, "patience": 3}))
    session.run()
    first = session.epoch
    session.run(epochs=20)
    assert (session.state, session.epoch) == ("paused", first + 20)
    session.go_to(first - 1)
    session.run(epochs=20)
    assert (session.state, session.epoch) == ("finished", first)


def test_beyond_its_last_epoch_a_run_says_how_far(small_settings: Settings) -> None:
    session = Session(small_settings(training={"epochs": 5}))
    session.run()
    assert session.finished_because == "reached 5 epochs"
    session.step("epoch")
    assert session.finished_because == "1 epoch beyond the 5 asked for"
    session.run(epochs=3)
    assert session.finished_because == "4 epochs beyond the 5 asked for"
    session.back("epoch", 5)
    assert session.finished_because == ""


@BATCHES
@pytest.mark.parametrize("kind", ["operation", "layer", "phase", "iteration"])
def test_amid_an_epoch_beyond_its_last_a_run_is_paused_and_completes_it(
    kind: str, batch_size: int | None, small_settings: Settings
) -> None:
    session = Session(small_settings(training={"epochs": 5, "batch_size": batch_size}))
    session.run()
    session.step(kind)
    whole = kind == "iteration" and batch_size is None
    assert session.state == ("finished" if whole else "paused")
    session.set_element(TensorName("W", 2), 0, 0, 0.25)
    session.run()
    assert (session.state, session.epoch, session.operation) == ("finished", 6, 0)
    assert session.finished_because == "1 epoch beyond the 5 asked for"


def test_an_edit_at_the_end_leaves_a_run_finished(small_settings: Settings) -> None:
    session = Session(small_settings(training={"epochs": 5}))
    session.run()
    session.set_element(TensorName("W", 2), 0, 0, 0.25)
    assert (session.state, session.finished_because) == ("finished", "reached 5 epochs")
    session.run()
    assert session.epoch == 5
    session.run(epochs=2)
    assert (session.epoch, session.finished_because) == (7, "2 epochs beyond the 5 asked for")


EDITS = st.tuples(st.sampled_from(["rate", "weight"]), st.floats(0.05, 1.5), st.integers(0, 30))
PLACES = st.tuples(st.integers(0, 90), st.integers(0, 30))


@BATCHES
@hypothesis_settings(max_examples=40)
@given(
    edits=st.lists(st.tuples(PLACES, EDITS), max_size=3),
    jumps=st.lists(PLACES, min_size=1, max_size=5),
)
def test_a_run_converges_at_the_same_epoch_whichever_way_it_came(
    batch_size: int | None,
    small_settings: Settings,
    edits: list[tuple[Position, tuple[str, float, int]]],
    jumps: list[Position],
) -> None:
    training = {"batch_size": batch_size, "tolerance": 4e-3, "patience": 3, "epochs": 45}
    session = Session(small_settings(training=training))
    per_epoch = session.current_run.batches.per_epoch
    changes = [(0, 0)]
    for (iteration, operation), (kind, value, _) in edits:
        session.go_to(iteration, operation)
        if kind == "rate" and value == session.settings.training.learning_rate:
            continue
        here = session.current_run.position
        waits = kind == "rate" and here[1] > 0
        changes = [change for change in changes if change <= here]
        changes.append((here[0] + 1, 0) if waits else here)
        edit_of(session, kind, value)
    for jump in jumps:
        session.go_to(*jump)
        start = session.current_run.position
        if start[0] // per_epoch >= 45:
            continue
        session.run()
        losses = session.history.loss
        assert session.state == "finished"
        assert session.epoch == ends_at(losses, per_epoch, changes, start)
        converged = "converged" in session.finished_because
        assert converged or session.epoch == 45
