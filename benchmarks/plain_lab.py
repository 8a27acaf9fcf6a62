"""The peer: the lab's network as a student's notebook trains it, in plain NumPy.

Samples are columns, the intermediate results of a pass are kept in a dictionary, probabilities are
clipped before the logarithm, and the loss of each epoch goes into a list. The chain rule goes
tensor by tensor as on the blackboard, dA[l] then dZ[l] = dA[l] ⊙ g′(Z[l]), the output's among
them: the same tensors that the engine computes. Nothing is tuned, and nothing is made slow.
"""

import numpy as np

Arrays = dict[str, np.ndarray]

EPSILON = 1e-15
LAYERS = (2, 10, 5, 1)


def initialize(layers: tuple[int, ...], seed: int) -> Arrays:
    """He normal weights and zero biases."""
    rng = np.random.default_rng(seed)
    parameters = {}
    for l in range(1, len(layers)):
        scale = np.sqrt(2 / layers[l - 1])
        parameters[f"W{l}"] = rng.standard_normal((layers[l], layers[l - 1])) * scale
        parameters[f"b{l}"] = np.zeros((layers[l], 1))
    return parameters


def relu(Z: np.ndarray) -> np.ndarray:
    """max(0, z)."""
    return np.maximum(0, Z)


def sigmoid(Z: np.ndarray) -> np.ndarray:
    """1 / (1 + e^−z)."""
    return 1 / (1 + np.exp(-Z))


def relu_derivative(Z: np.ndarray) -> np.ndarray:
    """1 where z > 0."""
    return Z > 0


def sigmoid_derivative(Z: np.ndarray) -> np.ndarray:
    """a (1 − a)."""
    A = sigmoid(Z)
    return A * (1 - A)


def forward(X: np.ndarray, parameters: Arrays) -> tuple[np.ndarray, Arrays]:
    """The output and the cache of all Z and A; X is (n_features, m)."""
    depth = len(parameters) // 2
    cache = {"A0": X}
    A = X
    for l in range(1, depth + 1):
        Z = np.dot(parameters[f"W{l}"], A) + parameters[f"b{l}"]
        A = sigmoid(Z) if l == depth else relu(Z)
        cache[f"Z{l}"], cache[f"A{l}"] = Z, A
    return A, cache


def compute_loss(A: np.ndarray, Y: np.ndarray) -> float:
    """Mean binary cross-entropy of clipped probabilities."""
    A = np.clip(A, EPSILON, 1 - EPSILON)
    return float(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))


def backward(Y: np.ndarray, parameters: Arrays, cache: Arrays) -> Arrays:
    """dW and db of every layer."""
    depth, m = len(parameters) // 2, Y.shape[1]
    gradients = {}
    A = np.clip(cache[f"A{depth}"], EPSILON, 1 - EPSILON)
    dA = -(Y / A - (1 - Y) / (1 - A)) / m
    for l in range(depth, 0, -1):
        derivative = sigmoid_derivative if l == depth else relu_derivative
        dZ = dA * derivative(cache[f"Z{l}"])
        gradients[f"dW{l}"] = np.dot(dZ, cache[f"A{l - 1}"].T)
        gradients[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True)
        if l > 1:
            dA = np.dot(parameters[f"W{l}"].T, dZ)
    return gradients


def update(parameters: Arrays, gradients: Arrays, learning_rate: float) -> None:
    """One step down the gradient."""
    for name in parameters:
        parameters[name] -= learning_rate * gradients[f"d{name}"]


def train(
    X: np.ndarray, Y: np.ndarray, parameters: Arrays, learning_rate: float, epochs: int
) -> list[float]:
    """Full-batch gradient descent; the training loss of every epoch. X is (n_features, m)."""
    losses = []
    for _ in range(epochs):
        A, cache = forward(X, parameters)
        losses.append(compute_loss(A, Y))
        gradients = backward(Y, parameters, cache)
        update(parameters, gradients, learning_rate)
    return losses
