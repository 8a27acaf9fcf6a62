"""The lab's experiment: where the default run ends, and the same run written down independently."""

import numpy as np
import pytest

from model import RunSettings, Session, train
from model.training.train import Result


@pytest.fixture(scope="module")
def result() -> Result:
    return train()


def _plain_lab(
    X: np.ndarray, y: np.ndarray, parameters: dict[str, np.ndarray], alpha: float, epochs: int
) -> tuple[list[float], dict[str, np.ndarray]]:
    """Gradient descent on a 2-10-5-1 network as a lab's notebook writes it.

    Returns the loss before each update, and the parameters after the last one.
    """
    p = {name: value.copy() for name, value in parameters.items()}
    X, y, m = X.T, y.reshape(1, -1), len(X)
    losses = []
    for _ in range(epochs):
        Z1 = p["W1"].dot(X) + p["b1"]
        A1 = np.maximum(0, Z1)
        Z2 = p["W2"].dot(A1) + p["b2"]
        A2 = np.maximum(0, Z2)
        Z3 = p["W3"].dot(A2) + p["b3"]
        A3 = 1 / (1 + np.exp(-Z3))
        losses.append(float(-(y * np.log(A3) + (1 - y) * np.log(1 - A3)).sum() / m))
        dZ3 = A3 - y
        dZ2 = p["W3"].T.dot(dZ3) * (Z2 > 0)
        dZ1 = p["W2"].T.dot(dZ2) * (Z1 > 0)
        for layer, dZ, A in (("3", dZ3, A2), ("2", dZ2, A1), ("1", dZ1, X)):
            p["W" + layer] -= alpha * dZ.dot(A.T) / m
            p["b" + layer] -= alpha * dZ.sum(axis=1, keepdims=True) / m
    return losses, p


def _named_parameters(session: Session) -> dict[str, np.ndarray]:
    return {f"{name}{l}": session.tensor(name, l) for name in "Wb" for l in (1, 2, 3)}


def test_default_run_ends_where_most_seeds_do(result: Result) -> None:
    """5th and 95th percentile of 200 seeds of the lab's recipe."""
    assert result.state == "finished"
    assert result.history.loss.shape == (1000,)
    assert 0.260 <= result.history.loss[999] <= 0.360
    assert 0.83 <= result.metrics["test"]["accuracy"] <= 0.885
    assert 0.919 <= result.metrics["test"]["auc"] <= 0.965


def test_default_run_is_what_plain_code_gives_for_the_same_first_weights(result: Result) -> None:
    session = Session()
    first = _named_parameters(session)
    losses, last = _plain_lab(result.data.X_train, result.data.y_train, first, 0.01, 1000)
    np.testing.assert_allclose(result.history.loss, losses, rtol=0, atol=1e-10)
    for l in (1, 2, 3):
        np.testing.assert_allclose(result.network.W[l - 1], last[f"W{l}"], rtol=0, atol=1e-10)
        np.testing.assert_allclose(result.network.b[l - 1], last[f"b{l}"], rtol=0, atol=1e-10)


def test_default_first_weights_are_he_normal_with_zero_biases() -> None:
    """Over 300 seeds, layer by layer: mean 0, variance 2 / n_in."""
    settings = RunSettings.model_validate({"data": {"n_samples": 4}})
    drawn: list[list[np.ndarray]] = [[], [], []]
    for seed in range(300):
        network = settings.network.model_copy(update={"seed": seed})
        session = Session(settings.model_copy(update={"network": network}))
        for l in (1, 2, 3):
            drawn[l - 1].append(session.tensor("W", l))
            assert not session.tensor("b", l).any()
    for weights, n_in in zip(drawn, (2, 10, 5), strict=True):
        scaled = np.concatenate(weights, axis=None) * (n_in / 2) ** 0.5
        assert scaled.mean() == pytest.approx(0.0, abs=4 / scaled.size**0.5)
        assert scaled.var() == pytest.approx(1.0, abs=4 * (2 / scaled.size) ** 0.5)


def test_losses_fall_from_epoch_to_epoch(result: Result) -> None:
    """Full batch and a small learning rate: plain descent."""
    assert (np.diff(result.history.loss) < 0).all()
