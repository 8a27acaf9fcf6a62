"""Gradients and Hessian anywhere: against autograd, the textbook's Hessian and NumPy's spectrum."""

import math
from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from model import Network
from model.analysis import curvature
from model.analysis.curvature import (
    FLAT,
    Eigenvalue,
    TopEigenvalues,
    hessian_product,
)
from model.analysis.landscape import Landscape
from model.arrays import unpacked
from model.errors import ArrayError

MakeNetwork = Callable[..., Network]

HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "identity")
HEADS = (
    ("sigmoid", "binary_cross_entropy"),
    ("identity", "half_squared_error"),
    ("tanh", "half_squared_error"),
)
FORWARD: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1.0 / (1.0 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0 * z),
    "leaky_relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "identity": lambda z: z,
}


def _samples(n_features: int, n_outputs: int, m: int = 30) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(11)
    return generator.normal(size=(m, n_features)), generator.uniform(size=(m, n_outputs))


def _textbook(network: Network, X: np.ndarray, y: np.ndarray) -> Callable[[Any], Any]:
    """J of a flat vector, written down once more with autograd's NumPy."""
    own = network.architecture

    def loss(flat: Any) -> Any:
        a, at = X.T, 0
        for n_in, n_out, g in zip(own.sizes, own.sizes[1:], own.activations, strict=False):
            W = anp.reshape(flat[at : at + n_in * n_out], (n_out, n_in))
            at += n_in * n_out
            a = FORWARD[g.name](W @ a + anp.reshape(flat[at : at + n_out], (n_out, 1)))
            at += n_out
        if own.loss.name == "half_squared_error":
            return anp.sum((a - y.T) ** 2) / 2 / len(X)
        return -anp.sum(y.T * anp.log(a) + (1 - y.T) * anp.log(1 - a)) / len(X)

    return loss


def _hessian(landscape: Landscape, parameters: np.ndarray) -> np.ndarray:
    """All of it, column by column."""
    _, gradient = landscape.gradient(parameters)
    columns = [
        hessian_product(landscape, parameters, gradient, unit) for unit in np.eye(landscape.size)
    ]
    return np.array(columns)


@pytest.fixture(params=[(hidden, *head) for hidden in HIDDEN for head in HEADS], ids="-".join)
def case(
    random_network: MakeNetwork, request: pytest.FixtureRequest
) -> tuple[Network, np.ndarray, np.ndarray]:
    hidden, output, loss = request.param
    network = random_network((3, 5, 4, 2), (hidden, hidden, output), loss, seed=4)
    return network, *_samples(3, 2)


def test_landscape_gives_the_networks_own_loss_and_gradient(case: tuple) -> None:
    network, X, y = case
    loss, dW, db = network.loss_and_gradients(X, y)
    before = network.parameters.copy()
    landscape = Landscape(network.architecture, X, y)
    given, gradient = landscape.gradient(network.parameters)
    assert given == landscape.loss(network.parameters) == loss
    views = unpacked(gradient, network.architecture.parameter_shapes)
    for own, other in zip(views, [a for p in zip(dW, db, strict=True) for a in p], strict=True):
        np.testing.assert_array_equal(own, other)
    landscape.gradient(before + 1.0)
    np.testing.assert_array_equal(network.parameters, before)


def test_gradient_is_a_copy(case: tuple) -> None:
    network, X, y = case
    landscape = Landscape(network.architecture, X, y)
    _, gradient = landscape.gradient(network.parameters)
    kept = gradient.copy()
    landscape.gradient(network.parameters + 1.0)
    np.testing.assert_array_equal(gradient, kept)


@pytest.mark.parametrize("m", [30, 5000, 70_000])
def test_losses_along_a_line_are_those_of_single_points(
    random_network: MakeNetwork, m: int
) -> None:
    """In blocks of many, of a few and of single networks; the last block is a short one."""
    network = random_network((3, 5, 4, 2), ("tanh", "relu", "sigmoid"), "binary_cross_entropy")
    X, y = _samples(3, 2, m)
    landscape = Landscape(network.architecture, X, y)
    generator = np.random.default_rng(0)
    directions = generator.normal(size=(2, landscape.size))
    steps = generator.normal(size=(9 if m > 100 else 301, 2))
    losses = landscape.along(network.parameters, directions, steps)
    for step, loss in zip(steps[::4], losses[::4], strict=True):
        single = landscape.loss(network.parameters + step @ directions)
        assert loss == pytest.approx(single, rel=1e-12)
    np.testing.assert_array_equal(
        losses, landscape.along(network.parameters, directions, steps), "the second time"
    )


def test_hessian_product_agrees_with_autograd(case: tuple) -> None:
    network, X, y = case
    landscape = Landscape(network.architecture, X, y)
    _, gradient = landscape.gradient(network.parameters)
    oracle = autograd.hessian_vector_product(_textbook(network, X, y))
    generator = np.random.default_rng(5)
    for length in (1e-3, 1.0, 1e3):
        vector = generator.normal(size=landscape.size) * length
        expected = oracle(network.parameters.copy(), vector)
        own = hessian_product(landscape, network.parameters, gradient, vector)
        assert np.linalg.norm(own - expected) < 1e-7 * np.linalg.norm(expected)


def test_hessian_of_a_linear_network_is_that_of_least_squares() -> None:
    """∂²J/∂θᵢ∂θⱼ = mean x̃ᵢ x̃ⱼ for each output, with x̃ = (x, 1), wherever one stands."""
    network = Network.build((3, 2), ("identity",), "half_squared_error")
    X, y = _samples(3, 2)
    extended = np.column_stack([X, np.ones(len(X))])
    moments = extended.T @ extended / len(X)
    block = np.array([[0, 1, 2, 6], [3, 4, 5, 7]])  # W row by row, then b
    expected = np.zeros((8, 8))
    for places in block:
        expected[np.ix_(places, places)] = moments
    landscape = Landscape(network.architecture, X, y)
    for parameters in (np.zeros(8), np.random.default_rng(3).normal(size=8) * 30.0):
        np.testing.assert_allclose(_hessian(landscape, parameters), expected, atol=1e-7)


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_ends_of_the_spectrum_are_numpys(case: tuple, scale: float) -> None:
    network, X, y = case
    landscape = Landscape(network.architecture, X, y)
    for seed in range(3):
        parameters = np.random.default_rng(seed).normal(size=landscape.size) * scale
        _, gradient = landscape.gradient(parameters)
        H = _hessian(landscape, parameters)
        values = np.linalg.eigvalsh((H + H.T) / 2)
        found = TopEigenvalues(landscape, seed).find(parameters, gradient)
        assert found.converged
        top = values[np.argmax(np.abs(values))]
        assert found.largest.value == pytest.approx(top, rel=1e-4, abs=1e-7)
        assert found.highest.value == pytest.approx(values[-1], rel=1e-3, abs=1e-6 * abs(top))
        along = gradient @ H @ gradient / (gradient @ gradient)
        assert found.along_gradient == pytest.approx(along, rel=1e-6, abs=1e-6 * abs(top))
        vector = found.largest.vector
        assert np.linalg.norm(vector) == pytest.approx(1.0)
        residual = np.linalg.norm(H @ vector - found.largest.value * vector)
        assert residual == pytest.approx(found.largest.residual, rel=1e-2, abs=1e-6 * abs(top))


def _biases_only(*targets: float) -> tuple[Landscape, Callable[[list[float]], np.ndarray]]:
    """Sigmoid units that see x = 0: their losses ½(σ(b) − y)² have nothing to do with each other.

    The curvature of each is a′² + (a − y) a′ (1 − 2a), a′ = a (1 − a).
    """
    n = len(targets)
    network = Network.build((1, n), ("sigmoid",), "half_squared_error")
    landscape = Landscape(network.architecture, np.zeros((1, 1)), np.array([targets]))

    def at(outputs: list[float]) -> np.ndarray:
        a = np.array(outputs)
        return np.concatenate([np.zeros(n), np.log(a / (1 - a))])

    return landscape, at


def test_where_all_curvature_is_negative_there_is_no_bound() -> None:
    """a = 1/4, y = 1: a′ = 3/16 and 9/256 − 3/4 · 3/16 · 1/2 = −9/256."""
    landscape, at = _biases_only(1.0)
    parameters = at([0.25])
    found = TopEigenvalues(landscape).find(parameters, landscape.gradient(parameters)[1])
    assert found.largest.value == pytest.approx(-9 / 256, rel=1e-6)
    assert abs(found.highest.value) < FLAT  # the weight, which sees nothing
    assert found.bound == math.inf


def test_bound_is_of_the_highest_eigenvalue_where_the_largest_is_negative() -> None:
    """The second unit is right at a = y = 1/10: its curvature is a′² = 0.0081."""
    landscape, at = _biases_only(1.0, 0.1)
    parameters = at([0.25, 0.1])
    found = TopEigenvalues(landscape).find(parameters, landscape.gradient(parameters)[1])
    assert found.largest.value == pytest.approx(-9 / 256, rel=1e-6)
    assert found.highest.value == pytest.approx(0.0081, rel=1e-6)
    assert found.bound == pytest.approx(2 / 0.0081, rel=1e-6)


def test_eigenvalues_of_one_size_and_opposite_sign_are_told_apart() -> None:
    """a = y = 1/4 gives +9/256 beside −9/256, between which plain power iteration stands still."""
    landscape, at = _biases_only(1.0, 0.25)
    parameters = at([0.25, 0.25])
    found = TopEigenvalues(landscape).find(parameters, landscape.gradient(parameters)[1])
    assert abs(found.largest.value) == pytest.approx(9 / 256, rel=1e-6)
    assert found.highest.value == pytest.approx(9 / 256, rel=1e-6)
    assert found.converged


def test_the_right_eigenvalue_is_found_after_a_crossing() -> None:
    """No unit feels the others, so the last vector says nothing of the one that is on top now."""
    landscape, at = _biases_only(0.5, 0.5, 0.5, 0.5, 0.5, 0.5)
    eigenvalues = TopEigenvalues(landscape)
    for place in (0, 3, 5, 1):
        outputs = [0.1] * 6
        outputs[place] = 0.5  # a′² = 1/16 is the most there is
        parameters = at(outputs)
        found = eigenvalues.find(parameters, landscape.gradient(parameters)[1])
        assert found.highest.value == pytest.approx(1 / 16, rel=1e-6)
        assert abs(found.highest.vector[6 + place]) == pytest.approx(1.0, abs=1e-4)


def test_no_direction_is_looked_at_twice() -> None:
    """With two parameters there are two, however many vectors are handed on."""
    landscape, at = _biases_only(1.0)
    parameters, eigenvalues = at([0.25]), TopEigenvalues(landscape)
    _, gradient = landscape.gradient(parameters)
    first, second = (eigenvalues.find(parameters, gradient) for _ in range(2))
    assert first.products <= second.products == 2
    assert second.largest.value == pytest.approx(first.largest.value, rel=1e-9)


def test_few_products_follow_a_path(random_network: MakeNetwork) -> None:
    network = random_network((3, 5, 4, 1), ("tanh", "tanh", "sigmoid"), "binary_cross_entropy")
    X, _ = _samples(3, 1, 60)
    landscape = Landscape(network.architecture, X, (X[:, :1] * X[:, 1:2] > 0) * 1.0)
    parameters, eigenvalues = network.parameters.copy(), TopEigenvalues(landscape)
    for step in range(40):
        _, gradient = landscape.gradient(parameters)
        found = eigenvalues.find(parameters, gradient, products=12)
        assert found.products <= 12
        H = _hessian(landscape, parameters)
        values = np.linalg.eigvalsh((H + H.T) / 2)
        top = values[np.argmax(np.abs(values))]
        within = 1e-4 if step else 0.05
        assert found.largest.value == pytest.approx(top, rel=within)
        parameters -= 0.5 * gradient


def test_residual_tells_that_products_did_not_suffice(case: tuple) -> None:
    network, X, y = case
    landscape = Landscape(network.architecture, X, y)
    _, gradient = landscape.gradient(network.parameters)
    found = TopEigenvalues(landscape).find(network.parameters, gradient, products=2)
    assert found.products == 2
    assert not found.converged
    assert found.largest.residual > 1e-4 * abs(found.largest.value)
    H = _hessian(landscape, network.parameters)
    distances = np.abs(np.linalg.eigvalsh((H + H.T) / 2) - found.largest.value)
    assert distances.min() <= found.largest.residual * (1 + 1e-6)


def test_room_for_directions_is_no_limit(
    random_network: MakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they are condensed again and again the same is found, by no fewer products."""
    network = random_network((6, 12, 8, 2), ("tanh", "tanh", "tanh"), "half_squared_error")
    X, y = _samples(6, 2, 40)
    landscape = Landscape(network.architecture, X, y)
    _, gradient = landscape.gradient(network.parameters)
    H = _hessian(landscape, network.parameters)
    values = np.linalg.eigvalsh((H + H.T) / 2)
    products = []
    for room in (curvature.ROOM, 8):
        monkeypatch.setattr(curvature, "ROOM", room)
        found = TopEigenvalues(landscape).find(network.parameters, gradient, tolerance=1e-6)
        assert found.converged
        assert found.largest.value == pytest.approx(values[np.argmax(np.abs(values))], rel=1e-8)
        products.append(found.products)
    assert 8 < products[0] <= products[1]


def test_no_direction_has_no_curvature() -> None:
    landscape, at = _biases_only(1.0)
    parameters, nothing = at([0.25]), np.zeros(2)
    _, gradient = landscape.gradient(parameters)
    assert not hessian_product(landscape, parameters, gradient, nothing).any()
    found = TopEigenvalues(landscape).find(parameters, nothing)
    assert math.isnan(found.along_gradient)
    assert found.largest.value == pytest.approx(-9 / 256, rel=1e-6)


def test_same_seed_finds_the_same_bits(case: tuple) -> None:
    network, X, y = case
    landscape = Landscape(network.architecture, X, y)
    _, gradient = landscape.gradient(network.parameters)
    first, again = (
        TopEigenvalues(landscape, 3).find(network.parameters, gradient) for _ in range(2)
    )
    assert first.largest.value == again.largest.value
    np.testing.assert_array_equal(first.largest.vector, again.largest.vector)


def test_a_kink_nearby_does_not_count() -> None:
    """z = 5e-8 is nearer than the step; on this side of it ∂²J/∂b[1]² = W[2]² = 9."""
    network = Network.from_arrays(
        [[[1.0]], [[3.0]]], [[[-1.0 + 5e-8]], [[0.5]]], ["relu", "identity"], "half_squared_error"
    )
    landscape = Landscape(network.architecture, [[1.0]], [2.0])
    _, gradient = landscape.gradient(network.parameters)
    product = hessian_product(landscape, network.parameters, gradient, np.eye(4)[1])
    assert product[1] == pytest.approx(9.0, rel=1e-6)


def test_frozen_layers_have_no_gradient_and_no_curvature(
    random_network: MakeNetwork,
) -> None:
    network = random_network((3, 5, 2), ("tanh", "sigmoid"), "binary_cross_entropy")
    landscape = Landscape(network.architecture, *_samples(3, 2))
    _, whole = landscape.gradient(network.parameters)
    H = _hessian(landscape, network.parameters)
    landscape.freeze([1])
    _, gradient = landscape.gradient(network.parameters)
    assert not gradient[:20].any()
    np.testing.assert_array_equal(gradient[20:], whole[20:])
    found = TopEigenvalues(landscape).find(network.parameters, gradient)
    part = np.linalg.eigvalsh(H[20:, 20:])
    assert found.largest.value == pytest.approx(part[-1], rel=1e-5)
    assert not found.largest.vector[:20].any()
    landscape.freeze([1, 2])
    found = TopEigenvalues(landscape).find(network.parameters, np.zeros(landscape.size))
    assert (found.largest.value, found.bound, found.products) == (0.0, math.inf, 0)
    landscape.freeze([])
    np.testing.assert_array_equal(landscape.gradient(network.parameters)[1], whole)


def test_a_float32_network_is_computed_in_float64(random_network: MakeNetwork) -> None:
    double = random_network((3, 5, 2), ("tanh", "sigmoid"), "binary_cross_entropy")
    X, y = _samples(3, 2)
    single = Network.build((3, 5, 2), ("tanh", "sigmoid"), dtype=np.float32)
    single.assign(double.W, double.b)
    landscape = Landscape(single.architecture, X, y)
    double.assign(single.W, single.b)
    loss, gradient = landscape.gradient(single.parameters)
    assert gradient.dtype == np.float64
    assert loss == double.loss_and_gradients(X, y)[0]


def test_what_is_not_finite_gives_nan(random_network: MakeNetwork) -> None:
    network = random_network((3, 5, 2), ("tanh", "sigmoid"), "binary_cross_entropy")
    landscape = Landscape(network.architecture, *_samples(3, 2))
    network.parameters[4] = math.nan
    loss, gradient = landscape.gradient(network.parameters)
    assert math.isnan(loss)
    found = TopEigenvalues(landscape).find(network.parameters, gradient)
    assert math.isnan(found.largest.value)
    assert math.isnan(found.bound)
    assert not found.converged


@pytest.mark.parametrize(
    ("value", "residual", "known"), [(-2.0, 0.1, -2.0), (2.0, 0.3, math.nan), (0.0, 1e-9, 0.0)]
)
def test_an_eigenvalue_is_known_where_the_residual_is_small(
    value: float, residual: float, known: float
) -> None:
    found = Eigenvalue(value, np.zeros(3), residual)
    assert found.known == pytest.approx(known, nan_ok=True)


def test_weights_too_large_for_differences_have_no_product() -> None:
    """Up to 1e8 a least-squares problem, whose Hessian is the same everywhere, is exact."""
    network = Network.build((2, 1), ("identity",), "half_squared_error")
    X = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    landscape = Landscape(network.architecture, X, np.zeros((4, 1)))
    for size, known in ((1.0, 2.0), (1e7, 2.0), (1e9, math.nan)):
        parameters = np.array([size, 1.0, 0.0])
        _, gradient = landscape.gradient(parameters)
        found = TopEigenvalues(landscape).find(parameters, gradient)
        assert found.largest.known == pytest.approx(known, rel=1e-6, nan_ok=True)
        assert found.bound == pytest.approx(2 / known, rel=1e-6, nan_ok=True)


def test_wrong_shapes_are_refused(random_network: MakeNetwork) -> None:
    network = random_network((3, 5, 2), ("tanh", "sigmoid"), "binary_cross_entropy")
    X, y = _samples(3, 2)
    for wrong_X, wrong_y in ((X[:0], y[:0]), (X[:, :2], y), (X, y[:, :1]), (X, y + 1)):
        with pytest.raises(ArrayError):
            Landscape(network.architecture, wrong_X, wrong_y)
    landscape = Landscape(network.architecture, X, y)
    with pytest.raises(ArrayError, match=r"\(31,\); \(32,\) is needed"):
        landscape.gradient(np.zeros(31))
    with pytest.raises(ArrayError):
        landscape.along(np.zeros(1), np.zeros((1, 32)), np.zeros((4, 1)))
