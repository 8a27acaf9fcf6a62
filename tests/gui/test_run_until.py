from dataclasses import replace

import pytest

from gui.run_until import RunUntil
from model.training.debug_views import BreakpointView, Hit
from model.training.session import Session
from model.training.snapshots import Snapshot, State

KEPT = BreakpointView(1, "loss above 1", True, 0, None)
ONCE = BreakpointView(2, "epoch 5 reached", True, 0, None)


@pytest.fixture(scope="module")
def start() -> Snapshot:
    return replace(Session().snapshot(), breakpoints=(KEPT,))


def test_it_waits_for_the_run_to_begin_and_to_stop(start: Snapshot) -> None:
    until = RunUntil()
    assert until.over(start) is None
    until.begin(start)
    added = replace(start, breakpoints=(KEPT, ONCE))
    assert until.over(start) is None
    assert until.over(added) is None
    assert until.over(replace(added, state=State.RUNNING)) is None
    stopped = replace(added, state=State.PAUSED, iteration=5, hit=Hit(2, ONCE.text, ""))
    assert until.over(stopped) == 2
    assert until.over(stopped) is None


def test_a_run_too_short_to_be_seen_running(start: Snapshot) -> None:
    until = RunUntil()
    until.begin(start)
    stopped = replace(start, breakpoints=(KEPT, ONCE), state=State.PAUSED, iteration=1)
    assert until.over(stopped) == 2


def test_it_ends_with_the_run_that_stopped_elsewhere(start: Snapshot) -> None:
    until = RunUntil()
    until.begin(start)
    elsewhere = replace(start, breakpoints=(KEPT, ONCE), state=State.PAUSED, iteration=2)
    assert until.over(replace(elsewhere, hit=Hit(1, KEPT.text, "2"))) == 2
