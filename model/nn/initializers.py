"""Initial weights and biases: two tables of ways to draw a layer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from model.arrays import Array

SMALL: Final = 0.01
"""Standard deviation of "small normal"."""


@dataclass(frozen=True)
class Initializer:
    """`draw(generator, n_out, n_in)` gives W (n_out, n_in) in float64."""

    name: str
    title: str
    formula: str
    draw: Callable[[Generator, int, int], Array]


@dataclass(frozen=True)
class BiasInitializer:
    """`draw(generator, n_out)` gives b (n_out, 1) in float64."""

    name: str
    title: str
    formula: str
    draw: Callable[[Generator, int], Array]


def _zeros(generator: Generator, n_out: int, n_in: int) -> Array:
    return np.zeros((n_out, n_in))


def _normal(generator: Generator, n_out: int, n_in: int) -> Array:
    return generator.normal(0.0, SMALL, (n_out, n_in))


def _uniform(generator: Generator, n_out: int, n_in: int) -> Array:
    """LeCun, Bottou, Orr and Müller (1998) give the width 1/√n_in.

    PyTorch's linear layers use it.
    """
    limit = n_in**-0.5
    return generator.uniform(-limit, limit, (n_out, n_in))


def _xavier(generator: Generator, n_out: int, n_in: int) -> Array:
    """Glorot and Bengio (2010), equation 12, as a normal distribution of the same variance."""
    return generator.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), (n_out, n_in))


def _he(generator: Generator, n_out: int, n_in: int) -> Array:
    """He, Zhang, Ren and Sun (2015), equation 10."""
    return generator.normal(0.0, np.sqrt(2.0 / n_in), (n_out, n_in))


def _zero_bias(generator: Generator, n_out: int) -> Array:
    return np.zeros((n_out, 1))


def _normal_bias(generator: Generator, n_out: int) -> Array:
    return generator.normal(0.0, SMALL, (n_out, 1))


_WEIGHTS: Final = (
    Initializer("zeros", "Zeros", "w = 0", _zeros),
    Initializer("normal", "Small normal", f"N(0, {SMALL}²)", _normal),
    Initializer("uniform", "Uniform", "U(−1/√n_in, 1/√n_in)", _uniform),
    Initializer("xavier", "Xavier normal", "N(0, 2/(n_in + n_out))", _xavier),
    Initializer("he", "He normal", "N(0, 2/n_in)", _he),
)

_BIASES: Final = (
    BiasInitializer("zeros", "Zero", "b = 0", _zero_bias),
    BiasInitializer("normal", "Small normal", f"N(0, {SMALL}²)", _normal_bias),
)

INITIALIZERS: Final = {entry.name: entry for entry in _WEIGHTS}
BIAS_INITIALIZERS: Final = {entry.name: entry for entry in _BIASES}
