"""The gradient check itself: it finds a wrong number, and says where."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Network
from model.errors import ArrayError
from model.nn import gradcheck
from model.nn.activations import ACTIVATIONS
from model.nn.gradcheck import check_gradients, compared, relative_difference
from model.nn.operations import TensorName

MakeNetwork = Callable[..., Network]


@pytest.fixture
def network(random_network: MakeNetwork) -> Network:
    return random_network((2, 4, 3, 1), ("tanh", "relu", "sigmoid"), "binary_cross_entropy")


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    X = generator.normal(size=(20, 2))
    return X, (X[:, 0] > 0).astype(float)


def _with_a_mistake(
    monkeypatch: pytest.MonkeyPatch, tensor: str, layer: int, at: tuple[int, int], by: float
) -> None:
    """From here on one element of one gradient is wrong by `by`."""
    right = Network.loss_and_gradients

    def wrong(self: Network, X: object, y: object) -> tuple[float, list, list]:
        loss, dW, db = right(self, X, y)
        {"dW": dW, "db": db}[tensor][layer - 1][at] += by
        return loss, dW, db

    monkeypatch.setattr(Network, "loss_and_gradients", wrong)


def test_check_names_every_weight_and_bias_tensor(network: Network, batch: tuple) -> None:
    check = check_gradients(network, *batch)
    assert [str(t.name) for t in check.tensors] == [
        f"{name}[{l}]" for l in (1, 2, 3) for name in ("dW", "db")
    ]
    assert check.agrees
    assert check.worst.difference < 1e-8


@pytest.mark.parametrize(
    ("tensor", "layer", "at"), [("dW", 2, (1, 3)), ("db", 1, (2, 0)), ("db", 3, (0, 0))]
)
def test_check_finds_the_wrong_element(
    tensor: str,
    layer: int,
    at: tuple[int, int],
    network: Network,
    batch: tuple,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _with_a_mistake(monkeypatch, tensor, layer, at, 1e-4)
    check = check_gradients(network, *batch)
    assert not check.agrees
    assert [t.name for t in check.tensors if not t.agrees] == [TensorName(tensor, layer)]
    worst = check.worst.worst
    assert (worst.row, worst.column) == at
    assert worst.analytic - worst.numeric == pytest.approx(1e-4, rel=1e-4)
    assert f"row {at[0]}, column {at[1]}" in str(check.worst)


def test_check_does_not_agree_where_a_gradient_is_no_number(
    network: Network, batch: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_a_mistake(monkeypatch, "dW", 1, (3, 1), np.nan)
    check = check_gradients(network, *batch)
    assert not check.agrees
    assert check.worst.name == TensorName("dW", 1)
    assert (check.worst.worst.row, check.worst.worst.column) == (3, 1)


def test_check_leaves_the_network_as_it_was(network: Network, batch: tuple) -> None:
    before = network.parameters.copy()
    check_gradients(network, *batch)
    np.testing.assert_array_equal(network.parameters, before)


def test_check_of_a_float32_network_is_done_in_float64(network: Network, batch: tuple) -> None:
    single = Network.from_arrays(
        [W.astype(np.float32) for W in network.W],
        [b.astype(np.float32) for b in network.b],
        ["tanh", "relu", "sigmoid"],
    )
    assert single.parameters.dtype == np.float32
    assert check_gradients(single, *batch).agrees


def test_step_is_about_a_millionth() -> None:
    """Far below it rounding takes over: with 1e-12 nothing would agree."""
    assert 1e-6 < gradcheck.STEP < 1e-5


def test_relative_difference_by_hand() -> None:
    """‖(3, 0) − (0, 4)‖ / (3 + 4) = 5/7; 0 where both are 0."""
    a, n = np.array([[3.0, 0.0]]), np.array([[0.0, 4.0]])
    assert relative_difference(a, n) == pytest.approx(5.0 / 7.0)
    assert relative_difference(0 * a, 0 * n) == 0.0
    assert compared(TensorName("dW", 1), a, n).worst.column == 1


def test_check_refuses_samples_of_another_width(network: Network) -> None:
    with pytest.raises(ArrayError, match=r"X has shape \(4, 3\)"):
        check_gradients(network, np.zeros((4, 3)), np.zeros(4))


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "leaky_relu", "identity"])
@pytest.mark.parametrize(
    ("output", "loss"),
    [
        ("sigmoid", "binary_cross_entropy"),
        ("sigmoid", "half_squared_error"),
        ("tanh", "half_squared_error"),
        ("identity", "half_squared_error"),
    ],
)
def test_the_complex_step_agrees_to_rounding(hidden: str, output: str, loss: str) -> None:
    generator = np.random.default_rng(3)
    network = Network.build((2, 5, 4, 1), (hidden, hidden, output), loss)
    for parameter in (*network.W, *network.b):
        parameter[...] = generator.standard_normal(parameter.shape)
    X, y = generator.standard_normal((15, 2)), (generator.random(15) > 0.5).astype(float)
    for tensor in check_gradients(network, X, y).tensors:
        assert tensor.complex_step is not None
        assert tensor.complex_step < 1e-13, str(tensor)


def test_soft_labels_have_no_complex_step() -> None:
    network = Network.build((2, 3, 1), ("tanh", "sigmoid"))
    network.W[0][...] = 0.3
    check = check_gradients(network, [[0.5, -1.0], [1.0, 2.0]], [0.3, 0.9])
    assert all(tensor.complex_step is None for tensor in check.tensors)
    assert check.agrees


def on_a_kink(bias: float) -> tuple[Network, np.ndarray]:
    """One ReLU unit, b[1] = `bias`, samples at x = 0 and x = 1: the first stands at z = `bias`."""
    network = Network.from_arrays([[[1.0]], [[2.0]]], [[bias], [0.3]], ["relu", "sigmoid"])
    return network, np.array([[0.0], [1.0]])


@pytest.mark.parametrize("bias", [0.0, 1e-7, -1e-7, 3e-6])
@pytest.mark.parametrize("targets", [[1.0, 0.0], [0.4, 0.7]])
def test_a_step_that_crosses_a_kink_does_not_decide(bias: float, targets: list[float]) -> None:
    """Central differences of J itself are half of ∂J/∂b[1] off here."""
    network, X = on_a_kink(bias)
    assert check_gradients(network, X, targets).agrees


def test_a_wrong_gradient_beside_a_kink_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    network, X = on_a_kink(1e-7)
    _with_a_mistake(monkeypatch, "db", 1, (0, 0), 1e-4)
    check = check_gradients(network, X, [1.0, 0.0])
    assert [str(t.name) for t in check.tensors if not t.agrees] == ["db[1]"]


def test_a_forgotten_derivative_of_a_relu_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The continued pieces do not depend on what backpropagation takes for the derivative."""
    network, X = on_a_kink(0.0)
    always = replace(ACTIVATIONS["relu"], backward=ACTIVATIONS["identity"].backward)
    own = network.architecture
    wrong = replace(own, activations=(always, *own.activations[1:]))
    monkeypatch.setattr(network, "architecture", wrong)
    monkeypatch.setitem(ACTIVATIONS, "relu", always)
    check = check_gradients(network, X, [1.0, 0.0])
    assert {str(t.name) for t in check.tensors if not t.agrees} == {"db[1]"}


def test_a_vanished_gradient_is_judged_by_the_complex_step() -> None:
    """Twelve sigmoids in a row leave less of ∂J/∂W[1] than a central difference has digits."""
    sizes = (2, *(3,) * 12, 1)
    network = Network.build(sizes, ("sigmoid",) * 13)
    network.initialize("xavier", "zeros", np.random.default_rng(0))
    network.parameters *= 0.5
    check = check_gradients(network, [[0.5, -1.0], [1.0, 2.0]], [0.0, 1.0])
    first = check.tensors[0]
    assert first.difference > gradcheck.TOLERANCE
    assert check.agrees
    assert first.telling == first.complex_step


@given(st.integers(0, 2**16), st.sampled_from(["relu", "leaky_relu"]), st.booleans())
@settings(max_examples=40)
def test_correct_gradients_agree_wherever_a_network_of_relus_stands(
    seed: int, hidden: str, soft: bool
) -> None:
    """Zero biases and inputs that are often 0 put whole layers on their kinks."""
    generator = np.random.default_rng(seed)
    network = Network.build((2, 5, 4, 1), (hidden, hidden, "sigmoid"))
    network.initialize("he", "zeros", generator)
    X = generator.integers(-1, 2, (30, 2)).astype(float)
    y = generator.random(30) if soft else generator.integers(0, 2, 30)
    check = check_gradients(network, X, y)
    assert check.agrees, str(check.worst)
