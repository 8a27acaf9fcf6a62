"""Runs that diverge, in both ways, and healthy runs that only look like it."""

from collections.abc import Callable

import numpy as np
import pytest

from model import Network, RunSettings, Session, train
from model.nn.operations import TensorName
from model.training.failures import grown, nonfinite, rate_below
from model.training.snapshots import Failure

Settings = Callable[..., RunSettings]
Z = TensorName("Z", 2)


def _lab(rate: float, **groups: dict[str, object]) -> RunSettings:
    return RunSettings.model_validate(
        {**groups, "training": {**groups.get("training", {}), "learning_rate": rate}}
    )


def _first_nonfinite(network: Network, X: np.ndarray, y: np.ndarray, rate: float) -> str:
    """The lab's network once more, operation by operation in plain NumPy, until one goes wrong."""
    A, made = [X.T], []
    W, b, m, L = network.W, network.b, len(X), len(network.W)

    def note(name: str, value: np.ndarray) -> np.ndarray:
        made.append((name, value))
        return value

    with np.errstate(all="ignore"):
        Z = [np.empty(0)]
        for l in range(1, L + 1):
            Z.append(note(f"Z[{l}]", W[l - 1] @ A[-1] + b[l - 1]))
            last = 1 / (1 + np.exp(-Z[l])) if l == L else np.where(Z[l] < 0, 0 * Z[l], Z[l])
            A.append(note(f"A[{l}]", last))
        note("J", np.mean(np.logaddexp(0, Z[L]) - Z[L] * y))
        dZ = note(f"dZ[{L}]", (A[L] - y) / m)
        gradients = {}
        for l in range(L, 0, -1):
            if l < L:
                dA = note(f"dA[{l}]", W[l].T @ dZ)
                dZ = note(f"dZ[{l}]", dA * (Z[l] > 0))
            gradients[l] = (
                note(f"dW[{l}]", dZ @ A[l - 1].T),
                note(f"db[{l}]", dZ.sum(axis=1, keepdims=True)),
            )
        for l, (dW, db) in sorted(gradients.items()):
            update_W, update_b = note(f"ΔW[{l}]", -rate * dW), note(f"Δb[{l}]", -rate * db)
            note(f"W[{l}]", W[l - 1] + update_W)
            note(f"b[{l}]", b[l - 1] + update_b)
    return next(name for name, value in made if not np.isfinite(value).all())


@pytest.mark.parametrize("rate", [1e100, 1e200, 1e300])
@pytest.mark.parametrize("seed", range(4))
def test_non_finite_run_names_epoch_and_first_tensor(rate: float, seed: int) -> None:
    session = Session(_lab(rate, network={"seed": seed}))
    session.run()
    failure = session.failure
    assert session.state == "failed"
    assert failure is not None
    assert failure.epoch == session.epoch == session.iteration
    network, data = session.network, session.data
    assert np.isfinite(network.parameters).all()
    assert failure.tensor == _first_nonfinite(network, data.X_train, data.y_train, rate)
    assert failure.reason == f"{failure.tensor} became infinite or not a number"
    assert f"{rate_below(rate):g}" in failure.hint


@pytest.mark.parametrize("batch_size", [None, 100])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_non_finite_run_keeps_the_last_finite_weights_and_the_history(
    dtype: str, batch_size: int | None
) -> None:
    settings = _lab(1e100, network={"dtype": dtype}, training={"batch_size": batch_size})
    session = Session(settings)
    session.run()
    assert session.state == "failed"
    assert np.isfinite(session.network.parameters).all()
    assert session.history.rows.shape == (session.epoch, 4)
    assert np.isfinite(session.history.rows).all()
    replay = Session(settings)
    for _ in range(session.iteration):
        replay.step("iteration")
        assert replay.state != "failed"
    np.testing.assert_array_equal(replay.network.parameters, session.network.parameters)
    replay.step("iteration")
    assert replay.state == "failed"
    assert replay.failure == session.failure


def test_failed_session_can_be_looked_at_and_walked_back() -> None:
    session = Session(_lab(1e100))
    session.run()
    snapshot = session.snapshot()
    assert (snapshot.state, snapshot.failure) == ("failed", session.failure)
    last = session.iteration
    session.back()
    assert (session.state, session.iteration) == ("paused", last - 1)
    session.step("iteration")
    assert session.state == "paused"
    session.step("iteration")
    assert session.state == "failed"


def test_first_bad_operation_can_be_stepped_to() -> None:
    """The evidence is not thrown away: operation by operation one arrives at it."""
    session = Session(_lab(1e100))
    session.run()
    assert session.failure is not None
    bad = session.failure.tensor
    session.go_to(session.iteration)
    for operation in session.current_run.program:
        session.step("operation")
        tensor, name = session.tensor(*operation.result), str(operation.result)
        if name == bad:
            break
        assert np.isfinite(tensor).all() or name == "dA[3]"
        assert session.state == "paused"
    assert not np.isfinite(tensor).all()
    assert session.state == "failed"
    assert session.failure.tensor == bad
    assert session.operation == operation.index + 1
    assert session.diagnosis is not None
    session.go_to(session.diagnosis.good)
    assert np.isfinite(session.snapshot().train.loss)


def test_grown_loss_ends_a_run_after_ten_epochs() -> None:
    """α = 1000: all stays finite, but J is above twice its first value ten epochs in a row."""
    session = Session(_lab(1000.0))
    session.run()
    failure, loss = session.failure, session.history.loss
    assert session.state == "failed"
    assert failure is not None
    assert (failure.epoch, failure.tensor) == (session.epoch, "")
    assert failure.reason == "the loss stayed above 2 times its first value for 10 epochs"
    assert np.isfinite(session.history.rows).all()
    high = loss > 2 * loss[0]
    windows = np.lib.stride_tricks.sliding_window_view(high, 10).all(axis=1)
    assert list(np.flatnonzero(windows)) == [len(windows) - 1]


@pytest.mark.parametrize("seed", range(5))
def test_alpha_of_a_thousand_fails_whatever_the_seed(seed: int) -> None:
    result = train(_lab(1000.0, network={"seed": seed}))
    assert result.state == "failed"
    assert result.failure is not None
    assert np.isfinite(result.network.parameters).all()


def test_overflow_of_the_shown_gradient_alone_is_no_failure(small_settings: Settings) -> None:
    """Z[L] = ±1000: dA[L] is ∞ where a sample is wrong; dZ, the loss and training are healthy."""
    session = Session(small_settings(training={"epochs": 20, "learning_rate": 0.01}))
    network = session.network
    network.W[2][...] = 1000.0
    session.load_parameters(network)
    session.run()
    assert (session.state, session.failure) == ("finished", None)
    session.go_to(1)
    assert np.isinf(session.tensor("dA", 3)).any()
    assert not np.isnan(session.tensor("dA", 3)).any()
    assert np.isfinite(session.tensor("dZ", 3)).all()
    assert np.isfinite(session.history.rows).all()


def test_saturated_hidden_sigmoids_are_no_failure(small_settings: Settings) -> None:
    """e^−z overflows for z = −1000; its reciprocal, 0, is right."""
    session = Session(small_settings(network={"activation": "sigmoid"}, training={"epochs": 5}))
    network = session.network
    network.b[0][...] = -1000.0
    session.load_parameters(network)
    session.run()
    assert session.state == "finished"
    assert not session.tensor("A", 1).any()


@pytest.mark.parametrize(("rate", "below"), [(1000.0, 0.1), (1.0, 0.1), (0.5, 0.05), (1e-3, 1e-4)])
def test_rate_worth_trying_is_smaller(rate: float, below: float) -> None:
    assert rate_below(rate) == pytest.approx(below)


@pytest.mark.parametrize("failure", [lambda rate: grown(9, rate), lambda r: nonfinite(9, Z, r)])
def test_hint_does_not_blame_a_rate_that_is_small_already(
    failure: Callable[[float], Failure],
) -> None:
    assert failure(1e300).hint.startswith("reset and try a learning rate of 0.1")
    assert failure(0.1).hint.startswith("reset and try a learning rate of 0.01")
    assert failure(1e-9).hint.startswith("look at the inputs and the weights")
