"""What outside code may rely on, used as the documentation shows it."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import model
from model import Network, RunSettings, Session, train
from model.errors import BackscopeError, StateError
from model.training.train import Result

SHORT = {"training": {"epochs": 30}}


@pytest.fixture(scope="module")
def settings() -> RunSettings:
    return RunSettings.model_validate(SHORT)


@pytest.fixture(scope="module")
def result(settings: RunSettings) -> Result:
    return train(settings, progress=None)


def test_public_names() -> None:
    assert set(model.__all__) >= {"Network", "RunSettings", "Session", "train", "BackscopeError"}


def test_train_gives_network_history_metrics_settings_and_data(
    settings: RunSettings, result: Result
) -> None:
    assert result.settings == settings
    assert result.data.X_train.shape == (800, 2)
    for curve in (
        result.history.loss,
        result.history.test_loss,
        result.history.accuracy,
        result.history.test_accuracy,
    ):
        assert (curve.shape, curve.dtype) == ((30,), np.dtype("float64"))
    assert [W.shape for W in result.network.W] == [(10, 2), (5, 10), (1, 5)]
    assert [b.shape for b in result.network.b] == [(10, 1), (5, 1), (1, 1)]
    assert result.state == "finished"


def test_train_metrics_belong_to_the_last_state(result: Result) -> None:
    data, network = result.data, result.network
    for share, X, y in (
        ("train", data.X_train, data.y_train),
        ("test", data.X_test, data.y_test),
    ):
        metrics = result.metrics[share]
        probability = network.predict_proba(X)[:, 0]
        assert metrics["accuracy"] == np.mean((probability >= 0.5) == (y == 1))
        assert metrics["loss"] == pytest.approx(network.loss_and_gradients(X, y)[0], rel=1e-12)
        assert 0.0 <= metrics["auc"] <= 1.0


def test_result_predicts_from_raw_features(result: Result) -> None:
    raw = result.data.raw(result.data.X_test)
    expected = result.network.predict_proba(result.data.X_test)
    np.testing.assert_allclose(result.predict_proba(raw), expected, rtol=1e-12)
    np.testing.assert_allclose(result.predict_proba(raw.tolist()), expected, rtol=1e-12)


def test_train_reports_progress_up_to_the_last_epoch(settings: RunSettings) -> None:
    calls: list[tuple[int, int]] = []
    train(settings, progress=lambda epoch, epochs: calls.append((epoch, epochs)))
    assert calls[-1] == (30, 30)
    assert calls == sorted(calls)


def test_train_without_arguments_is_the_lab() -> None:
    settings = RunSettings()
    assert settings.data.model_dump() == {
        "name": "moons",
        "n_samples": 1000,
        "noise": 0.2,
        "seed": 42,
        "test_share": 0.2,
        "split_seed": 42,
        "scaling": "standard",
    }
    network = settings.network.model_dump(exclude={"seed"})
    assert network == {
        "layers": (10, 5),
        "activation": "relu",
        "output_activation": "sigmoid",
        "initializer": "he",
        "bias_initializer": "zeros",
        "dtype": "float64",
    }
    training = settings.training
    assert (training.loss, training.optimizer) == ("binary_cross_entropy", "gradient_descent")
    assert (training.learning_rate, training.batch_size, training.epochs) == (0.01, None, 1000)
    assert training.tolerance == 0.0


def test_network_from_arrays_predicts_and_differentiates() -> None:
    generator = np.random.default_rng(0)
    weights = [generator.normal(size=s) for s in ((10, 2), (5, 10), (1, 5))]
    biases = [np.zeros((n, 1)) for n in (10, 5, 1)]
    network = Network.from_arrays(
        weights, biases, activations=["relu", "relu", "sigmoid"], loss="binary_cross_entropy"
    )
    X, y = generator.normal(size=(7, 2)), np.array([0, 1, 1, 0, 1, 0, 1])
    assert network.predict_proba(X).shape == (7, 1)
    loss, dW, db = network.loss_and_gradients(X, y)
    assert isinstance(loss, float)
    assert [g.shape for g in dW] == [(10, 2), (5, 10), (1, 5)]
    assert [g.shape for g in db] == [(10, 1), (5, 1), (1, 1)]
    as_column = network.loss_and_gradients(X, y[:, None])
    assert as_column[0] == loss
    np.testing.assert_array_equal(as_column[1][0], dW[0])


def test_session_as_documented(small_settings: Callable[..., RunSettings]) -> None:
    session = Session(small_settings(training={"epochs": 60}))
    assert session.state == "idle"
    session.run(epochs=100)
    assert session.epoch == 100
    assert session.history.loss.shape == (100,)
    session.step("operation")
    session.back("iteration")
    assert (session.iteration, session.operation) == (100, 0)
    session.go_to(iteration=40)
    assert session.state == "paused"
    assert session.history.loss.shape == (40,)
    session.run()
    assert (session.state, session.epoch) == ("finished", 60)


def test_session_tensors_are_copies_under_their_documented_names(
    small_settings: Callable[..., RunSettings],
) -> None:
    session = Session(small_settings())
    session.step()
    shapes = {"W": (4, 2), "b": (4, 1), "dW": (4, 2), "db": (4, 1)}
    shapes |= {"update_W": (4, 2), "update_b": (4, 1)}
    shapes |= dict.fromkeys(("Z", "A", "dA", "dZ"), (4, 32))
    for name, shape in shapes.items():
        tensor = session.tensor(name, layer=1)
        assert tensor.shape == shape
        tensor[...] = np.nan
        assert np.isfinite(session.tensor(name, layer=1)).all()
    assert session.tensor("X").shape == (2, 32)
    assert session.tensor("Y").shape == (1, 32)
    assert float(session.tensor("J")) == pytest.approx(session.history.loss[0], rel=1e-15)


def test_session_tensor_says_what_is_missing(small_settings: Callable[..., RunSettings]) -> None:
    session = Session(small_settings())
    assert session.tensor("W", layer=3).shape == (1, 3)
    for name, layer in (("dW", 2), ("Z", 1), ("update_b", 3), ("J", 0)):
        with pytest.raises(StateError, match="not been computed yet"):
            session.tensor(name, layer)
    for name, layer in (("dW", 4), ("dW", 0), ("m_W", 1), ("W", -1), ("J", 1)):
        with pytest.raises(StateError, match="There is no tensor") as caught:
            session.tensor(name, layer)
        assert "layers 1 to 3" in caught.value.hint
    session.step("operation")
    assert np.isfinite(session.tensor("Z", 1)).all()
    with pytest.raises(StateError, match=r"A\[1\] has not been computed yet"):
        session.tensor("A", 1)


def test_network_of_a_session_is_a_copy(small_settings: Callable[..., RunSettings]) -> None:
    session = Session(small_settings())
    session.network.parameters[...] = math.nan
    assert np.isfinite(session.network.parameters).all()


def test_errors_carry_message_and_hint() -> None:
    error = BackscopeError("It cannot be done", "try something else")
    assert (str(error), error.message, error.hint) == (
        "It cannot be done",
        "It cannot be done",
        "try something else",
    )
