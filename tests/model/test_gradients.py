"""Gradients of every activation × loss × depth against outside oracles, tensor by tensor."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from types import ModuleType
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from model import Network
from model.nn.activations import ACTIVATIONS
from model.nn.gradcheck import check_gradients, compared
from model.nn.losses import LOSSES
from model.nn.operations import TensorName

SIZES = (3, 5, 4, 6)
"""Inputs and hidden layers, as many of them as the depth asks for; then 2 outputs."""

HEADS = [
    (loss.name, output) for loss in LOSSES.values() for output in loss.only or tuple(ACTIVATIONS)
]

Arrays = list[np.ndarray]
Case = tuple[Network, np.ndarray, np.ndarray]

FORWARD: dict[str, Callable[[Any, ModuleType], Any]] = {
    "sigmoid": lambda z, xp: 1.0 / (1.0 + xp.exp(-z)),
    "tanh": lambda z, xp: xp.tanh(z),
    "relu": lambda z, xp: xp.where(z > 0, z, 0.0 * z),
    "leaky_relu": lambda z, xp: xp.where(z > 0, z, 0.01 * z),
    "identity": lambda z, xp: z,
}
LOSS: dict[str, Callable[[Any, Any, ModuleType], Any]] = {
    "binary_cross_entropy": lambda a, y, xp: -(y * xp.log(a) + (1 - y) * xp.log(1 - a)),
    "half_squared_error": lambda a, y, xp: (a - y) ** 2 / 2,
}


def _textbook_loss(network: Network, parameters: Any, X: Any, y: Any, xp: ModuleType) -> Any:
    """J from samples as rows, by the formulas as a textbook prints them."""
    a = X
    for (W, b), activation in zip(parameters, network.architecture.activations, strict=True):
        a = FORWARD[activation.name](a @ W.T + b.T, xp)
    return xp.sum(LOSS[network.architecture.loss.name](a, y, xp)) / len(X)


@pytest.fixture
def case(random_network: Callable[..., Network], request: pytest.FixtureRequest) -> Case:
    """A network with random non-zero biases and a batch of 17 samples with soft labels."""
    hidden, (loss, output), depth = request.param
    sizes = (*SIZES[:depth], 2)
    network = random_network(sizes, (*[hidden] * (depth - 1), output), loss, seed=2)
    generator = np.random.default_rng(7)
    return network, generator.normal(size=(17, sizes[0])), generator.uniform(size=(17, 2))


def _cases(depths: range) -> Any:
    cases = [(hidden, head, depth) for hidden in ACTIVATIONS for head in HEADS for depth in depths]
    ids = [f"{hidden}-{output}-{loss}-{depth}" for hidden, (loss, output), depth in cases]
    return pytest.mark.parametrize("case", cases, ids=ids, indirect=True)


def _assert_equal_gradients(case: Case, expected: list[tuple[Any, Any]]) -> None:
    network, X, y = case
    _, dW, db = network.loss_and_gradients(X, y)
    for l, (given, (eW, eb)) in enumerate(zip(_pairs(dW, db), expected, strict=True), start=1):
        for name, own, other in (("dW", given[0], eW), ("db", given[1], eb)):
            check = compared(TensorName(name, l), own, np.asarray(other))
            assert np.linalg.norm(own) > 0, f"{name}[{l}] is all zero: nothing is compared"
            assert check.difference < 1e-9, str(check)


def _pairs(dW: Arrays, db: Arrays) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    return zip(dW, db, strict=True)


def test_oracle_knows_every_activation_and_loss() -> None:
    assert FORWARD.keys() == ACTIVATIONS.keys()
    assert LOSS.keys() == LOSSES.keys()


@_cases(range(1, 5))
def test_gradients_agree_with_autograd(case: Case) -> None:
    network, X, y = case
    parameters = [(W.copy(), b.copy()) for W, b in _pairs(network.W, network.b)]

    def loss(parameters: Any) -> Any:
        return _textbook_loss(network, parameters, X, y, anp)

    assert network.loss_and_gradients(X, y)[0] == pytest.approx(loss(parameters), rel=1e-12)
    _assert_equal_gradients(case, autograd.grad(loss)(parameters))


@_cases(range(3, 4))
def test_gradients_agree_with_torch(case: Case) -> None:
    torch = pytest.importorskip("torch", reason="torch, the second oracle, is not installed")
    network, X, y = case
    parameters = [
        tuple(torch.tensor(array, requires_grad=True) for array in pair)
        for pair in _pairs(network.W, network.b)
    ]
    _textbook_loss(network, parameters, torch.tensor(X), torch.tensor(y), torch).backward()
    _assert_equal_gradients(case, [(W.grad.numpy(), b.grad.numpy()) for W, b in parameters])


@_cases(range(1, 5))
def test_gradients_agree_with_central_differences(case: Case) -> None:
    check = check_gradients(*case)
    assert check.agrees, str(check.worst)


@pytest.mark.parametrize("z", [50.0, 1000.0, -50.0, -1000.0])
def test_gradient_of_a_saturated_head_is_not_lost(z: float) -> None:
    """A sample far on the wrong side: ∂J/∂b = ∓1, where a (1 − a) is 0 in floating point."""
    network = Network.from_arrays([[[z]]], [[0.0]], ["sigmoid"])
    loss, dW, db = network.loss_and_gradients([[1.0]], [float(z < 0)])
    assert loss == pytest.approx(abs(z), rel=1e-14)
    assert float(db[0][0, 0]) == float(dW[0][0, 0]) == np.sign(z)


def test_sizes_of_the_cases_differ_from_layer_to_layer() -> None:
    """So that a transposed product cannot go unnoticed."""
    assert all(a != b for a, b in pairwise((*SIZES, 2)))
