"""Activation functions: a table of named maps and of their backward maps (dA, Z, A) → dZ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array

LEAK: Final = 0.01
"""Slope of leaky ReLU for z ≤ 0 (Maas, Hannun and Ng, 2013)."""


@dataclass(frozen=True)
class Activation:
    """g and its backward map, element by element.

    `forward(Z, out)` writes g(Z); `backward(dA, Z, A, out)` writes dZ = dA ⊙ g′(Z). All have one
    shape (…, n_l, m); `out` overlaps none of the others. `formula` and `derivative` are plain text
    in z and a. A `kinked` one has no derivative at 0, is 0 there and linear on either side.
    """

    name: str
    title: str
    short: str
    formula: str
    derivative: str
    forward: Callable[[Array, Array], None]
    backward: Callable[[Array, Array, Array, Array], None]
    kinked: bool = False


def _sigmoid(Z: Array, out: Array) -> None:
    """1 / (1 + e^−z): where e^−z overflows the quotient is 0, its correctly rounded value."""
    np.negative(Z, out=out)
    np.exp(out, out=out)
    np.add(out, 1.0, out=out)
    np.reciprocal(out, out=out)


def _sigmoid_backward(dA: Array, Z: Array, A: Array, out: Array) -> None:
    np.subtract(1.0, A, out=out)
    np.multiply(out, A, out=out)
    np.multiply(out, dA, out=out)


def _tanh(Z: Array, out: Array) -> None:
    np.tanh(Z, out=out)


def _tanh_backward(dA: Array, Z: Array, A: Array, out: Array) -> None:
    np.multiply(A, A, out=out)
    np.subtract(1.0, out, out=out)
    np.multiply(out, dA, out=out)


def _relu(Z: Array, out: Array) -> None:
    """Against an array of zeros: NumPy is twice as fast with two arrays as with a number."""
    out.fill(0.0)
    np.maximum(Z, out, out=out)


def _relu_backward(dA: Array, Z: Array, A: Array, out: Array) -> None:
    """1 and 0 as numbers at once: a product with flags takes a quarter longer."""
    np.greater(Z, 0.0, out=out)
    np.multiply(dA, out, out=out)


def _leaky_relu(Z: Array, out: Array) -> None:
    np.multiply(Z, LEAK, out=out)
    np.maximum(out, Z, out=out)


def _leaky_relu_backward(dA: Array, Z: Array, A: Array, out: Array) -> None:
    np.multiply(dA, LEAK, out=out)
    np.copyto(out, dA, where=Z > 0.0)


def _identity(Z: Array, out: Array) -> None:
    np.copyto(out, Z)


def _identity_backward(dA: Array, Z: Array, A: Array, out: Array) -> None:
    np.copyto(out, dA)


_ENTRIES: Final = (
    Activation(
        "sigmoid", "Sigmoid", "σ", "1 / (1 + e^−z)", "a (1 − a)", _sigmoid, _sigmoid_backward
    ),
    Activation("tanh", "Tanh", "tanh", "tanh z", "1 − a²", _tanh, _tanh_backward),
    Activation(
        "relu",
        "ReLU",
        "relu",
        "max(0, z)",
        "1 if z > 0, else 0",
        _relu,
        _relu_backward,
        kinked=True,
    ),
    Activation(
        "leaky_relu",
        "Leaky ReLU",
        "lrelu",
        f"max({LEAK} z, z)",
        f"1 if z > 0, else {LEAK}",
        _leaky_relu,
        _leaky_relu_backward,
        kinked=True,
    ),
    Activation("identity", "Identity", "id", "z", "1", _identity, _identity_backward),
)

ACTIVATIONS: Final = {entry.name: entry for entry in _ENTRIES}
