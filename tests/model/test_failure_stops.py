"""Breakpoints in an iteration that fails: before the failure, at it, and behind it."""

from collections.abc import Callable

import numpy as np
import pytest

from model import RunSettings, Session
from model.nn.operations import TensorName
from model.training.boundaries import KINDS
from model.training.conditions import LargestLimit, LossLimit, LossNotFinite
from model.training.snapshots import View

Settings = Callable[..., RunSettings]
BATCHES = pytest.mark.parametrize("batch_size", [None, 12])
WAYS = pytest.mark.parametrize("way", ["run", *KINDS])
Z_BREAKS = {"network": {"activation": "relu"}, "training": {"learning_rate": 1e100}}
J_BREAKS = {
    "network": {"layers": [4], "activation": "sigmoid"},
    "training": {"learning_rate": 1e308},
}


def settings_of(groups: dict[str, dict[str, object]], batch_size: int | None) -> RunSettings:
    training = {**groups["training"], "batch_size": batch_size, "epochs": 60}
    data = {"n_samples": 40}
    return RunSettings.model_validate({**groups, "data": data, "training": training})


def go_until_it_stops(session: Session, way: str) -> None:
    if way == "run":
        session.run()
        return
    while session.state in ("idle", "paused") and session.hit is None and session.epoch < 60:
        session.step(way)


@BATCHES
@WAYS
@pytest.mark.parametrize(("groups", "broken"), [(Z_BREAKS, "Z[2]"), (J_BREAKS, "J")])
def test_loss_not_finite_is_hit_at_the_operation_that_spoils_the_loss(
    groups: dict[str, dict[str, object]], broken: str, way: str, batch_size: int | None
) -> None:
    free, session = (Session(settings_of(groups, batch_size)) for _ in range(2))
    free.run()
    number = session.add_breakpoint(LossNotFinite())
    go_until_it_stops(session, way)
    assert session.state == free.state == "failed"
    assert session.hit is not None
    assert (session.hit.breakpoint, session.hit.text) == (number, "loss not finite")
    assert session.hit.value in ("J = ∞", "J = NaN")
    assert [view.hits for view in session.breakpoints.views()] == [1]
    assert session.failure == free.failure
    assert session.diagnosis == free.diagnosis
    assert session.diagnosis is not None
    operation = session.diagnosis.operation
    assert str(operation.result) == broken
    assert session.current_run.position == (free.iteration, operation.index + 1)
    assert not np.isfinite(session.tensor(*operation.result)).all()
    snapshot = session.snapshot(View(tensors=(operation.result,)))
    assert (snapshot.hit, snapshot.operation) == (session.hit, operation.index + 1)
    assert np.isfinite(session.network.parameters).all()
    session.go_to(free.iteration, operation.index + 1)
    assert (session.state, session.hit) == ("failed", snapshot.hit)
    session.go_to(session.diagnosis.good)
    assert (session.state, session.hit) == ("paused", None)


@BATCHES
@WAYS
def test_breakpoints_before_a_failure_stop_first_and_those_behind_it_never(
    way: str, batch_size: int | None
) -> None:
    free, session = (Session(settings_of(Z_BREAKS, batch_size)) for _ in range(2))
    free.run()
    program = session.current_run.program
    names = {str(o.result): o.index for o in program}
    session.go_to(free.iteration)
    session.toggle_breakpoint(names["A[1]"])
    session.toggle_breakpoint(names["dZ[2]"])
    session.add_breakpoint(LargestLimit(tensor="Z", layer=3, limit=1.0))
    session.add_breakpoint(LossLimit(side="above", limit=1e9))
    go_until_it_stops(session, way)
    assert session.state == "paused"
    assert session.current_run.position == (free.iteration, names["A[1]"] + 1)
    session.toggle_breakpoint(names["A[1]"])
    before = [view.hits for view in session.breakpoints.views()]
    session.run()
    assert session.state == "failed"
    assert session.hit is None
    assert session.failure == free.failure
    assert [view.hits for view in session.breakpoints.views()] == before


def test_a_loss_that_breaks_under_a_step_of_one_operation_is_diagnosed() -> None:
    session = Session(settings_of(J_BREAKS, None))
    session.step("iteration")
    while session.state == "paused":
        session.step("operation")
    assert session.state == "failed"
    assert session.diagnosis is not None
    assert session.diagnosis.operation.result == TensorName("J")
