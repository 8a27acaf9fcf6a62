"""The loss around a run: what its Taylor view and its surfaces say of the run itself."""

from collections.abc import Generator

import numpy as np
import pytest

from model.analysis.loss_surface import LossSurface, Plane, SurfaceRequest
from model.errors import ArrayError
from model.nn.operations import TensorName
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import View

TAYLOR = View(taylor=True)


def _surface(session: Session, request: SurfaceRequest) -> LossSurface:
    return _finished(session.surface_by_rows(request))


def _finished(rows: Generator[None, None, LossSurface]) -> LossSurface:
    while True:
        try:
            next(rows)
        except StopIteration as end:
            return end.value


def _session(epochs: int = 20, **training: object) -> Session:
    settings = RunSettings(training={"epochs": 1000, **training})
    session = Session(settings)
    session.run(epochs=epochs)
    return session


def test_present_state_and_its_next_step_are_those_of_the_run() -> None:
    session = _session(learning_rate=0.3)
    taylor = session.snapshot(TAYLOR).taylor
    assert taylor is not None
    session.step("epoch", 2)
    loss = session.history.loss
    assert (taylor.epoch, taylor.alpha) == (20, 0.3)
    assert taylor.loss == pytest.approx(loss[20], rel=1e-12)
    assert taylor.next_loss == pytest.approx(loss[21], rel=1e-12)


def test_promised_steps_use_the_rate_that_was_in_force() -> None:
    session = _session(epochs=5, learning_rate=0.1)
    faster = session.settings.training.model_copy(update={"learning_rate": 0.2})
    session.edit(session.settings.model_copy(update={"training": faster}))
    session.run(epochs=5)
    taylor = session.snapshot(TAYLOR).taylor
    assert taylor is not None
    squares = (session.history.gradient_norms**2).sum(axis=1)
    rates = np.array([0.1] * 5 + [0.2] * 5)[: len(taylor.steps)]
    assert taylor.steps.tolist() == list(range(9))
    np.testing.assert_allclose(taylor.promised_steps, rates * squares[:9], rtol=1e-12)
    np.testing.assert_array_equal(taylor.actual_steps, -np.diff(session.history.loss))


def test_small_steps_keep_their_promise() -> None:
    taylor = _session(epochs=50, learning_rate=1e-4).snapshot(TAYLOR).taylor
    assert taylor is not None
    np.testing.assert_allclose(taylor.actual_steps, taylor.promised_steps, rtol=1e-3)


def test_mini_batches_promise_nothing_for_the_whole_set() -> None:
    taylor = _session(epochs=2, batch_size=100).snapshot(TAYLOR).taylor
    assert taylor is not None
    assert len(taylor.steps) == 0


def test_a_state_amid_an_iteration_is_that_of_its_epoch() -> None:
    session = _session(learning_rate=0.5)
    before = session.snapshot(TAYLOR).taylor
    session.step("operation", 25)  # W[3] and b[3] … are written by now
    amid = session.snapshot(TAYLOR).taylor
    assert before is not None
    assert amid is not None
    assert amid.loss == before.loss
    assert amid.next_loss == before.next_loss


def test_frozen_layers_take_no_step() -> None:
    session = _session(learning_rate=0.5)
    session.change_layer("freeze", 1)
    taylor = session.snapshot(TAYLOR).taylor
    assert taylor is not None
    session.step("epoch", 2)
    assert taylor.next_loss == pytest.approx(session.history.loss[21], rel=1e-12)


@pytest.mark.parametrize("plane", Plane)
def test_middle_of_a_surface_is_the_present_loss(plane: Plane) -> None:
    session = _session(epochs=30, learning_rate=0.5)
    surface = _surface(session, SurfaceRequest(plane, side=5))
    session.step("epoch")
    assert surface.loss[2, 2] == pytest.approx(session.history.loss[30], rel=1e-12)
    assert (surface.generation, surface.iteration) == (session.generation, 30)


def test_path_on_a_surface_is_the_runs_own() -> None:
    session = _session(epochs=30, learning_rate=0.5)
    W = TensorName("W", 2)
    request = SurfaceRequest(Plane.TWO_WEIGHTS, (W, 0, 0), (W, 4, 9), side=5)
    surface = _surface(session, request)
    assert surface.path_epochs.tolist() == list(range(31))
    now = session.tensor("W", 2)
    session.go_to(12)
    then = session.tensor("W", 2)
    np.testing.assert_allclose(
        surface.path[12], [then[0, 0] - now[0, 0], then[4, 9] - now[4, 9]], rtol=1e-12
    )
    np.testing.assert_allclose(surface.path[-1], [0, 0], atol=1e-15)


def test_path_follows_the_branch_that_is_walked() -> None:
    session = _session(epochs=20, learning_rate=0.5)
    session.go_to(10)
    session.set_element(TensorName("W", 1), 0, 0, 3.0)
    session.run(epochs=5)
    path = _surface(session, SurfaceRequest(side=5)).path_epochs
    assert path.tolist() == list(range(16))


def test_unknown_element_is_refused() -> None:
    missing = SurfaceRequest(Plane.TWO_WEIGHTS, (TensorName("W", 9), 0, 0))
    with pytest.raises(ArrayError, match="W"):
        _surface(_session(epochs=1), missing)


def test_surface_keeps_the_session_as_it_is() -> None:
    session, twin = _session(), _session()
    session.snapshot(View(taylor=True, health=True))
    _surface(session, SurfaceRequest(side=5))
    for one in (session, twin):
        one.run(epochs=5)
    np.testing.assert_array_equal(session.history.rows, twin.history.rows)


def test_a_surface_is_that_of_the_state_it_was_begun_at() -> None:
    session, request = _session(learning_rate=0.5), SurfaceRequest(side=5)
    at_once = _surface(session, request)
    rows = session.surface_by_rows(request)
    next(rows)
    session.run(epochs=5)
    session.snapshot(TAYLOR)
    later = _finished(rows)
    assert later.iteration == 20
    np.testing.assert_allclose(later.loss, at_once.loss, rtol=1e-9)


def test_advice_outlasts_a_snapshot_without_a_health_view() -> None:
    """While a run is under way health is looked at for a share of the time only."""
    seconds = iter(np.arange(0.0, 1e4, 0.5))
    settings = RunSettings(network={"initializer": "zeros"})
    session = Session(settings, clock=lambda: float(next(seconds)))
    session.begin()
    first = session.snapshot(View(health=True))
    second = session.snapshot(View(health=True))
    assert first.health is not None
    assert second.health is None
    assert second.advice == first.advice == first.health.advice
    assert {advice.kind for advice in first.advice} == {"equal units"}
    assert session.snapshot(View()).advice == ()


@pytest.mark.parametrize("rate", [1e30, 1e60, 1e100])
def test_weights_too_large_for_a_length_end_the_look_along_the_line(rate: float) -> None:
    session = Session(RunSettings(training={"learning_rate": rate}))
    session.run()
    taylor = session.snapshot(TAYLOR).taylor
    assert taylor is not None
    assert taylor.loss > 0
