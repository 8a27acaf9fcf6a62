from dataclasses import replace

import pytest

from gui.last_operation import LastOperation
from model.training.session import Session
from model.training.snapshots import Snapshot, State


@pytest.fixture(scope="module")
def start() -> Snapshot:
    return replace(Session().snapshot(), state=State.PAUSED)


def at(start: Snapshot, iteration: int, operation: int, **changes: object) -> Snapshot:
    return replace(start, iteration=iteration, operation=operation, **changes)


@pytest.mark.parametrize("before", [(4, 30), (5, 1)])
def test_a_step_over_an_operation_to_the_boundary_shows_the_last_one(
    start: Snapshot, before: tuple[int, int]
) -> None:
    last = LastOperation()
    last.follow(at(start, *before))
    for _ in range(2):
        boundary = at(start, 5, 0)
        last.follow(boundary)
        seen = last.seen(boundary)
        assert (seen.iteration, seen.operation) == (4, 31)


@pytest.mark.parametrize("before", [(4, 0), (5, 7), (6, 0), (4, 29)])
def test_any_other_way_shows_the_boundary(start: Snapshot, before: tuple[int, int]) -> None:
    last = LastOperation()
    last.follow(at(start, *before))
    boundary = at(start, 5, 0)
    last.follow(boundary)
    assert last.seen(boundary) is boundary


def test_a_run_another_branch_and_the_beginning_are_as_they_are(start: Snapshot) -> None:
    last = LastOperation()
    for before, boundary in (
        (at(start, 4, 30), at(start, 5, 0, state=State.RUNNING)),
        (at(start, 4, 30), at(start, 5, 0, branch=3)),
        (at(start, 0, 1), at(start, 0, 0)),
    ):
        last.follow(before)
        last.follow(boundary)
        assert last.seen(boundary) is boundary
