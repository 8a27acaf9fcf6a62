"""First weights: their spread, their limits, and that a seed draws the same ones again."""

import numpy as np
import pytest
from scipy import stats

from model import Network
from model.nn.initializers import BIAS_INITIALIZERS, INITIALIZERS
from model.training.settings import NetworkSettings

N_OUT, N_IN = 300, 200
SPREAD = {"normal": 0.01, "xavier": (2 / (N_IN + N_OUT)) ** 0.5, "he": (2 / N_IN) ** 0.5}
"""Standard deviations of the ones that draw from a normal distribution."""


def _weights(name: str, seed: int = 1) -> np.ndarray:
    return INITIALIZERS[name].draw(np.random.default_rng(seed), N_OUT, N_IN)


def test_tables_and_settings_offer_the_same() -> None:
    assert list(INITIALIZERS) == ["zeros", "normal", "uniform", "xavier", "he"]
    assert list(BIAS_INITIALIZERS) == ["zeros", "normal"]
    for field, table in (
        ("initializer", INITIALIZERS),
        ("bias_initializer", BIAS_INITIALIZERS),
    ):
        extra = NetworkSettings.model_fields[field].json_schema_extra
        assert extra["choices"] == {name: entry.title for name, entry in table.items()}


def test_zeros_are_zeros() -> None:
    assert not _weights("zeros").any()
    assert not BIAS_INITIALIZERS["zeros"].draw(np.random.default_rng(1), N_OUT).any()


@pytest.mark.parametrize("name", SPREAD)
def test_normal_weights_have_mean_zero_and_their_variance(name: str) -> None:
    """60,000 draws: Kolmogorov and Smirnov's distance stays below its 1 % point."""
    drawn = _weights(name).ravel() / SPREAD[name]
    assert stats.kstest(drawn, "norm").pvalue > 0.01
    assert drawn.std() == pytest.approx(1.0, abs=0.02)


def test_uniform_weights_fill_the_width_of_one_over_root_n_in() -> None:
    limit = N_IN**-0.5
    drawn = _weights("uniform").ravel()
    assert np.abs(drawn).max() <= limit
    assert stats.kstest(drawn, "uniform", args=(-limit, 2 * limit)).pvalue > 0.01


def test_normal_biases_are_small_and_a_column() -> None:
    drawn = BIAS_INITIALIZERS["normal"].draw(np.random.default_rng(1), 10_000)
    assert drawn.shape == (10_000, 1)
    assert stats.kstest(drawn.ravel() / 0.01, "norm").pvalue > 0.01


@pytest.mark.parametrize("bias", BIAS_INITIALIZERS)
@pytest.mark.parametrize("name", INITIALIZERS)
def test_initialize_fills_every_layer_from_the_seed_alone(name: str, bias: str) -> None:
    def drawn(seed: int) -> Network:
        network = Network.build((2, 5, 4, 1), ("relu", "relu", "sigmoid"))
        network.initialize(name, bias, np.random.default_rng(seed))
        return network

    first, again, other = drawn(3), drawn(3), drawn(4)
    np.testing.assert_array_equal(first.parameters, again.parameters)
    assert all(W.any() != (name == "zeros") for W in first.W)
    assert all(b.any() != (bias == "zeros") for b in first.b)
    differs = (first.parameters != other.parameters).any()
    assert differs == ((name, bias) != ("zeros", "zeros"))


def test_float32_draws_are_the_float64_ones_rounded() -> None:
    networks = []
    for dtype in (np.float32, np.float64):
        network = Network.build((2, 5, 1), ("relu", "sigmoid"), dtype=dtype)
        network.initialize("he", "normal", np.random.default_rng(0))
        networks.append(network.parameters)
    np.testing.assert_array_equal(networks[0], networks[1].astype(np.float32))
