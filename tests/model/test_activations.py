"""Activations against values worked out by hand, at negative, zero and huge arguments."""

import numpy as np
import pytest

from model.nn.activations import ACTIVATIONS, LEAK
from model.training.settings import NetworkSettings

Z = [-1000.0, -50.0, -1.0, 0.0, 1.0, 50.0, 1000.0]
S = 0.2689414213699951  # 1 / (1 + e)
T = 0.7615941559557649  # tanh 1
E50 = 1.9287498479639178e-22  # e^−50

VALUES = {
    "sigmoid": [0.0, E50, S, 0.5, 1.0 - S, 1.0, 1.0],
    "tanh": [-1.0, -1.0, -T, 0.0, T, 1.0, 1.0],
    "relu": [0.0, 0.0, 0.0, 0.0, 1.0, 50.0, 1000.0],
    "leaky_relu": [-10.0, -0.5, -0.01, 0.0, 1.0, 50.0, 1000.0],
    "identity": Z,
}
DERIVATIVES = {
    "sigmoid": [0.0, E50, S * (1.0 - S), 0.25, S * (1.0 - S), 0.0, 0.0],
    "tanh": [0.0, 0.0, 1.0 - T * T, 1.0, 1.0 - T * T, 0.0, 0.0],
    "relu": [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
    "leaky_relu": [LEAK, LEAK, LEAK, LEAK, 1.0, 1.0, 1.0],
    "identity": [1.0] * 7,
}


def _forward(name: str, z: np.ndarray) -> np.ndarray:
    out = np.full_like(z, np.nan)
    with np.errstate(over="ignore"):
        ACTIVATIONS[name].forward(z, out)
    return out


def _backward(name: str, z: np.ndarray, dA: np.ndarray) -> np.ndarray:
    out = np.full_like(z, np.nan)
    ACTIVATIONS[name].backward(dA, z, _forward(name, z), out)
    return out


def test_every_activation_is_tested_here_and_offered_in_the_settings() -> None:
    assert list(VALUES) == list(DERIVATIVES) == list(ACTIVATIONS)
    for field in ("activation", "output_activation"):
        extra = NetworkSettings.model_fields[field].json_schema_extra
        assert extra["choices"] == {name: a.title for name, a in ACTIVATIONS.items()}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_value_at_negative_zero_and_huge(name: str) -> None:
    assert _forward(name, np.array(Z)) == pytest.approx(VALUES[name], rel=1e-15, abs=1e-300)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_derivative_at_negative_zero_and_huge(name: str) -> None:
    """To 1e-15 absolutely: a saturated sigmoid's derivative of 2e-22 may read 0."""
    derivative = _backward(name, np.array(Z), np.ones(7))
    assert derivative == pytest.approx(DERIVATIVES[name], rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_backward_is_the_derivative_times_what_comes_in(name: str) -> None:
    dA = np.array([3.0, -2.0, 0.5, -1.0, 4.0, 1.0, -7.0])
    once, weighted = _backward(name, np.array(Z), np.ones(7)), _backward(name, np.array(Z), dA)
    assert weighted == pytest.approx(dA * once, rel=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_derivative_is_the_slope_of_its_value(name: str) -> None:
    """By a central difference, away from the kink of the ReLUs."""
    z = np.array([-3.0, -1.5, -0.2, 0.2, 1.5, 3.0])
    slope = (_forward(name, z + 1e-5) - _forward(name, z - 1e-5)) / 2e-5
    assert _backward(name, z, np.ones(6)) == pytest.approx(slope, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_leaves_its_operands_alone(name: str) -> None:
    z, dA = np.array(Z), np.arange(7.0)
    a = _forward(name, z)
    kept = z.copy(), dA.copy(), a.copy()
    ACTIVATIONS[name].backward(dA, z, a, np.empty(7))
    for now, before in zip((z, dA, a), kept, strict=True):
        np.testing.assert_array_equal(now, before)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_hands_not_a_number_on(name: str) -> None:
    assert np.isnan(_forward(name, np.array([np.nan]))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_computes_in_float32(name: str) -> None:
    z = np.linspace(-20, 20, 101)
    single = _forward(name, z.astype(np.float32))
    assert single.dtype == np.float32
    assert single == pytest.approx(_forward(name, z), rel=1e-5, abs=1e-6)
