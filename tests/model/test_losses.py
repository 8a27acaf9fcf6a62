"""Losses and the gradient at the output, where a probability has long become exactly 0 or 1."""

import math

import numpy as np
import pytest

from model import Network
from model.errors import SettingsError
from model.nn.backprop import Backprop, exhaust
from model.nn.losses import LOSSES
from model.nn.tensors import BatchTensors, GradientTensors
from model.training.settings import TrainingSettings

INF = math.inf
E50 = math.exp(-50.0)

# z, y, loss, dZ = σ(z) − y, dA = −y (1 + e^−z) + (1 − y)(1 + e^z), each to the last digit.
SATURATED = [
    (0.0, 0.0, math.log(2.0), 0.5, 2.0),
    (0.0, 1.0, math.log(2.0), -0.5, -2.0),
    (50.0, 1.0, E50, 0.0, -1.0),
    (50.0, 0.0, 50.0, 1.0, math.exp(50.0)),
    (-50.0, 1.0, 50.0, -1.0, -math.exp(50.0)),
    (-50.0, 0.0, E50, E50, 1.0),
    (1000.0, 1.0, 0.0, 0.0, -1.0),
    (1000.0, 0.0, 1000.0, 1.0, INF),
    (-1000.0, 1.0, 1000.0, -1.0, -INF),
    (-1000.0, 0.0, 0.0, 0.0, 1.0),
    (0.0, 0.25, math.log(2.0), 0.25, 1.0),
    (50.0, 0.25, 37.5, 0.75, 0.75 * math.exp(50.0)),
    (-50.0, 0.25, 12.5, -0.25, -0.25 * math.exp(50.0)),
    (1000.0, 0.25, 750.0, 0.75, INF),
    (-1000.0, 0.25, 250.0, -0.25, -INF),
]


def _head(loss: str, activation: str, z: list[float], y: list[float]) -> Backprop:
    """One unit with weight 1 and bias 0, so that Z is X; forward, loss and backward are done."""
    network = Network.from_arrays([[[1.0]]], [[0.0]], [activation], loss)
    batch = BatchTensors(network.architecture, len(z))
    batch.load(np.array([z]), np.array([y]))
    bound = Backprop(network, batch, GradientTensors(network.architecture), np.array(0.1))
    with np.errstate(all="ignore"):
        for part in (bound.forward, bound.loss, bound.backward):
            exhaust(part())
    return bound


def test_every_loss_is_offered_in_the_settings() -> None:
    extra = TrainingSettings.model_fields["loss"].json_schema_extra
    assert extra["choices"] == {name: loss.title for name, loss in LOSSES.items()}


@pytest.mark.parametrize(("z", "y", "loss", "dZ", "dA"), SATURATED)
def test_cross_entropy_of_one_sample(z: float, y: float, loss: float, dZ: float, dA: float) -> None:
    batch = _head("binary_cross_entropy", "sigmoid", [z], [y]).batch
    assert float(batch.J) == pytest.approx(loss, rel=1e-14, abs=1e-300)
    assert batch.dZ[1][0, 0] == pytest.approx(dZ, rel=1e-14, abs=1e-300)
    assert batch.dA[1][0, 0] == pytest.approx(dA, rel=1e-13)


def test_cross_entropy_of_a_batch_is_the_mean_and_shares_the_gradient_out() -> None:
    z, y, loss, dZ, dA = (list(column) for column in zip(*SATURATED, strict=True))
    m = len(z)
    batch = _head("binary_cross_entropy", "sigmoid", z, y).batch
    assert float(batch.J) == pytest.approx(sum(loss) / m, rel=1e-14)
    assert batch.dZ[1][0] == pytest.approx(np.array(dZ) / m, rel=1e-14, abs=1e-300)
    assert batch.dA[1][0] == pytest.approx(np.array(dA) / m, rel=1e-13)


@pytest.mark.parametrize("z", [-1e300, -745.0, -37.0, -1e-300, 0.0, 37.0, 709.0, 1e300])
@pytest.mark.parametrize("y", [0.0, 1e-12, 0.5, 1.0 - 1e-12, 1.0])
def test_cross_entropy_is_never_not_a_number_for_finite_z(z: float, y: float) -> None:
    batch = _head("binary_cross_entropy", "sigmoid", [z], [y]).batch
    assert np.isfinite(batch.J)
    assert np.isfinite(batch.dZ[1]).all()
    assert not np.isnan(batch.dA[1]).any()


def test_cross_entropy_keeps_the_tiny_loss_of_a_good_prediction() -> None:
    """log1p, not log(1 + …): at z = 40 the loss is e^−40, not 0."""
    batch = _head("binary_cross_entropy", "sigmoid", [40.0], [1.0]).batch
    assert float(batch.J) == pytest.approx(math.exp(-40.0), rel=1e-14)


@pytest.mark.parametrize(
    ("activation", "z", "y", "loss", "dA", "dZ"),
    [
        ("identity", 3.0, 1.0, 2.0, 2.0, 2.0),
        ("identity", -1000.0, 1.0, 501000.5, -1001.0, -1001.0),
        ("identity", 1000.0, 0.0, 500000.0, 1000.0, 1000.0),
        ("sigmoid", 0.0, 1.0, 0.125, -0.5, -0.125),
        ("sigmoid", 1000.0, 0.0, 0.5, 1.0, 0.0),
        ("sigmoid", -1000.0, 1.0, 0.5, -1.0, 0.0),
        ("sigmoid", -50.0, 1.0, 0.5, -1.0, -E50),
        ("tanh", 0.0, 0.5, 0.125, -0.5, -0.5),
        ("tanh", -1000.0, 1.0, 2.0, -2.0, 0.0),
        ("relu", -2.0, 1.0, 0.5, -1.0, 0.0),
        ("leaky_relu", -2.0, 1.0, 0.5202, -1.02, -0.0102),
    ],
)
def test_half_squared_error_of_one_sample(
    activation: str, z: float, y: float, loss: float, dA: float, dZ: float
) -> None:
    batch = _head("half_squared_error", activation, [z], [y]).batch
    assert float(batch.J) == pytest.approx(loss, rel=1e-14)
    assert batch.dA[1][0, 0] == pytest.approx(dA, rel=1e-14)
    assert batch.dZ[1][0, 0] == pytest.approx(dZ, rel=1e-14, abs=1e-300)


def test_loss_is_summed_over_outputs_and_averaged_over_the_batch() -> None:
    """Two outputs, two samples: ((1 + 4) + (9 + 16)) / 2 / 2 = 7.5."""
    network = Network.from_arrays([np.eye(2)], [[0.0, 0.0]], ["identity"], "half_squared_error")
    loss, _, db = network.loss_and_gradients([[1.0, 2.0], [3.0, 4.0]], np.zeros((2, 2)))
    assert loss == 7.5
    np.testing.assert_array_equal(db[0], [[2.0], [3.0]])


def test_cross_entropy_refuses_an_output_that_is_no_probability() -> None:
    with pytest.raises(SettingsError, match="needs the output activation sigmoid") as caught:
        Network.build((2, 1), ("tanh",), "binary_cross_entropy")
    assert "half_squared_error" in caught.value.hint
