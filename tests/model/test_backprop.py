"""One iteration against a calculation by hand, and what the generator promises around it."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from model import Network
from model.nn.backprop import Backprop, exhaust
from model.nn.network import Architecture
from model.nn.operations import Phase, TensorName, program
from model.nn.optimizers import OPTIMIZERS
from model.nn.tensors import BatchTensors, GradientTensors

Bound = Callable[..., Backprop]

L = math.log(3.0)
"""With weights that are multiples of ln 3 the sigmoid gives quarters: σ(ln 3) = 3/4."""

BY_HAND = {
    # x₁ = (1, 2), x₂ = (2, 1) as columns; both are of class 1.
    ("X", 0): [[1.0, 2.0], [2.0, 1.0]],
    ("Y", 0): [[1.0, 1.0]],
    # W[1] = [[1, 1], [2, −1]], b[1] = (−2, −1): 1 + 2 − 2, 2 + 1 − 2; 2 − 2 − 1, 4 − 1 − 1
    ("Z", 1): [[1.0, 1.0], [-1.0, 2.0]],
    ("A", 1): [[1.0, 1.0], [0.0, 2.0]],
    # W[2] = [2 ln 3, −ln 3], b[2] = −ln 3: 2 − 0 − 1 and 2 − 2 − 1 times ln 3
    ("Z", 2): [[L, -L]],
    ("A", 2): [[0.75, 0.25]],
    # (−ln 3/4 − ln 1/4) / 2 = ½ ln 16/3
    ("J", 0): 0.8369882167858358,
    # −(1 + e^−z) / 2 with e^−z = 1/3 and 3
    ("dA", 2): [[-2.0 / 3.0, -2.0]],
    # (a − y) / 2; the same as dA a (1 − a) = dA · 3/16
    ("dZ", 2): [[-0.125, -0.375]],
    # −⅛ · (1, 0) − ⅜ · (1, 2)
    ("dW", 2): [[-0.5, -0.75]],
    ("db", 2): [[-0.5]],
    # W[2]ᵀ dZ[2]: rows 2 ln 3 · (−⅛, −⅜) and −ln 3 · (−⅛, −⅜)
    ("dA", 1): [[-0.25 * L, -0.75 * L], [0.125 * L, 0.375 * L]],
    # the second unit is off for x₁
    ("dZ", 1): [[-0.25 * L, -0.75 * L], [0.0, 0.375 * L]],
    # rows −¼ ln 3 · (1, 2) − ¾ ln 3 · (2, 1) and ⅜ ln 3 · (2, 1)
    ("dW", 1): [[-1.75 * L, -1.25 * L], [0.75 * L, 0.375 * L]],
    ("db", 1): [[-L], [0.375 * L]],
    # α = ½
    ("update_W", 1): [[0.875 * L, 0.625 * L], [-0.375 * L, -0.1875 * L]],
    ("update_b", 1): [[0.5 * L], [-0.1875 * L]],
    ("W", 1): [[1.0 + 0.875 * L, 1.0 + 0.625 * L], [2.0 - 0.375 * L, -1.0 - 0.1875 * L]],
    ("b", 1): [[-2.0 + 0.5 * L], [-1.0 - 0.1875 * L]],
    ("update_W", 2): [[0.25, 0.375]],
    ("update_b", 2): [[0.25]],
    ("W", 2): [[2.0 * L + 0.25, -L + 0.375]],
    ("b", 2): [[-L + 0.25]],
}
ORDER = "Z1 A1 Z2 A2 J0 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1 " + " ".join(
    f"update_W{l} update_b{l} W{l} b{l}" for l in (1, 2)
)


@pytest.fixture
def worked(bound: Bound) -> Backprop:
    """The 2-2-1 network of the calculation by hand."""
    network = Network.from_arrays(
        [[[1, 1], [2, -1]], [[2 * L, -L]]], [[-2, -1], [-L]], ["relu", "sigmoid"]
    )
    return bound(network, BY_HAND["X", 0], BY_HAND["Y", 0], 0.5)


def test_iteration_of_a_2_2_1_network_by_hand(worked: Backprop) -> None:
    exhaust(worked.iteration())
    for (name, layer), wanted in BY_HAND.items():
        tensor = worked.tensor(TensorName(name, layer))
        np.testing.assert_allclose(tensor, wanted, rtol=1e-14, atol=1e-15, err_msg=f"{name}{layer}")


def test_each_operation_writes_its_result_and_nothing_else(worked: Backprop) -> None:
    """So that after an iteration every tensor of it still stands there to be read."""
    before = {name: worked.tensor(TensorName(*name)).copy() for name in BY_HAND}
    seen = []
    for operation in worked.iteration():
        seen.append(f"{operation.result.name}{operation.result.layer}")
        for name, kept in before.items():
            array = worked.tensor(TensorName(*name))
            if name == tuple(operation.result):
                np.testing.assert_allclose(array, BY_HAND[name], rtol=1e-14, atol=1e-15)
                kept[...] = array
            else:
                np.testing.assert_array_equal(array, kept, err_msg=f"{name} in {operation.formula}")
    assert " ".join(seen) == ORDER


def test_every_tensor_has_memory_of_its_own(worked: Backprop) -> None:
    tensors = [worked.tensor(TensorName(*name)) for name in BY_HAND]
    shared = [(a, b) for i, a in enumerate(tensors) for b in tensors[:i] if np.shares_memory(a, b)]
    assert shared == []


def test_lab_network_has_31_operations_in_four_phases(
    random_network: Callable[..., Network],
) -> None:
    network = random_network((2, 10, 5, 1), ("relu", "relu", "sigmoid"), "binary_cross_entropy")
    operations = program(network.architecture, OPTIMIZERS["gradient_descent"])
    assert [operation.index for operation in operations] == list(range(31))
    phases = list(dict.fromkeys(operation.phase for operation in operations))
    assert phases == [Phase.FORWARD, Phase.LOSS, Phase.BACKWARD, Phase.UPDATE]
    assert [o.phase for o in operations].count(Phase.BACKWARD) == 12
    known = {TensorName("X"), TensorName("Y")}
    known |= {TensorName(name, l) for name in "Wb" for l in (1, 2, 3)}
    for operation in operations:
        assert set(operation.operands) <= known, operation.formula
        known.add(operation.result)


# Mazur's "A step by step backpropagation example".
MAZUR_X, MAZUR_Y = [[0.05], [0.10]], [[0.01], [0.99]]
MAZUR_BEFORE = 0.2983711087600027


@pytest.fixture
def mazur(bound: Bound) -> Backprop:
    network = Network.from_arrays(
        [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        [[0.35, 0.35], [0.60, 0.60]],
        ["sigmoid", "sigmoid"],
        "half_squared_error",
    )
    return bound(network, MAZUR_X, MAZUR_Y, 0.5)


def test_mazur_loss_before_and_after_one_step(mazur: Backprop) -> None:
    exhaust(mazur.iteration())
    assert float(mazur.batch.J) == pytest.approx(MAZUR_BEFORE, rel=1e-15)
    exhaust(mazur.iteration())
    assert float(mazur.batch.J) == pytest.approx(0.28047144679143016, rel=1e-15)


def test_mazur_loss_and_weights_where_the_biases_stay(mazur: Backprop) -> None:
    biases = [b.copy() for b in mazur.network.b]
    exhaust(mazur.iteration())
    for b, kept in zip(mazur.network.b, biases, strict=True):
        b[...] = kept
    np.testing.assert_allclose(
        mazur.network.W[1], [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], rtol=1e-8
    )
    np.testing.assert_allclose(
        mazur.network.W[0], [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], rtol=1e-7
    )
    exhaust(mazur.iteration())
    assert float(mazur.batch.J) == pytest.approx(0.29102777369359933, rel=1e-15)


def test_mazur_intermediate_values_of_the_text(mazur: Backprop) -> None:
    exhaust(mazur.iteration())
    np.testing.assert_allclose(mazur.batch.Z[1], [[0.3775], [0.3925]], rtol=1e-12)
    np.testing.assert_allclose(mazur.batch.A[1], [[0.593269992], [0.596884378]], rtol=1e-8)
    np.testing.assert_allclose(mazur.batch.A[2], [[0.75136507], [0.772928465]], rtol=1e-8)
    np.testing.assert_allclose(mazur.gradients.dW[1][0, 0], 0.082167041, rtol=1e-7)
    np.testing.assert_allclose(mazur.gradients.dW[0][0, 0], 0.000438568, rtol=1e-6)


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "half_squared_error"])
@pytest.mark.parametrize("hidden", ["relu", "tanh"])
def test_stack_of_networks_trains_like_each_alone(
    hidden: str, loss: str, bound: Bound, random_network: Callable[..., Network]
) -> None:
    """Different weights and learning rates, 50 iterations, every tensor within 1e-12."""
    sizes, names, rates = (2, 6, 4, 1), (hidden, hidden, "sigmoid"), [0.01, 0.1, 0.5, 1.0]
    singles = [random_network(sizes, names, loss, seed) for seed in range(len(rates))]
    own = singles[0].architecture
    stacked = Network(Architecture(own.sizes, own.activations, own.loss, own.dtype, (len(rates),)))
    for layer in range(3):
        stacked.W[layer][...] = [network.W[layer] for network in singles]
        stacked.b[layer][...] = [network.b[layer] for network in singles]
    generator = np.random.default_rng(0)
    X = generator.normal(size=(2, 30))
    Y = (X[:1] * X[1:] > 0).astype(float)
    together = bound(stacked, X, Y, np.array(rates)[:, None, None])
    alone = [bound(network, X, Y, rate) for network, rate in zip(singles, rates, strict=True)]
    for _ in range(50):
        for backprop in (together, *alone):
            exhaust(backprop.iteration())
    for operation in together.program:
        tensors = together.tensor(operation.result)
        assert tensors.shape[0] == len(rates)
        for k, backprop in enumerate(alone):
            expected = backprop.tensor(operation.result)
            np.testing.assert_allclose(
                tensors[k], expected, rtol=1e-12, atol=1e-12, err_msg=str(operation.result)
            )


def test_samples_that_are_only_looked_at_change_no_gradient(
    random_network: Callable[..., Network],
) -> None:
    """Training with 6 test samples riding along gives what training without them gives."""
    generator = np.random.default_rng(2)
    X, Y = generator.normal(size=(2, 26)), (generator.random((1, 26)) < 0.5).astype(float)
    results = []
    for extra in (0, 6):
        network = random_network((2, 5, 1), ("tanh", "sigmoid"), "binary_cross_entropy")
        batch = BatchTensors(network.architecture, 20, extra)
        batch.load(X[:, : 20 + extra], Y[:, : 20 + extra])
        gradients = GradientTensors(network.architecture)
        exhaust(Backprop(network, batch, gradients, np.array(0.3)).iteration())
        results.append((float(batch.J), gradients.gradient))
        assert batch.every_A[-1].shape == (1, 20 + extra)
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-14)
    np.testing.assert_allclose(results[0][1], results[1][1], rtol=1e-12, atol=1e-15)
