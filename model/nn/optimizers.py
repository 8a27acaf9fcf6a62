"""Optimisers: a table of the ways to turn a gradient into an update."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array


@dataclass(frozen=True)
class Optimizer:
    """How ΔW comes from dW (and Δb from db).

    `update(gradient, descent, out)` writes the update that is then added to the parameter;
    `descent` is minus the learning rate and broadcasts against the gradient. `formula` speaks of a
    parameter θ.
    """

    name: str
    title: str
    formula: str
    update: Callable[[Array, Array, Array], None]


def _gradient_descent(gradient: Array, descent: Array, out: Array) -> None:
    """Cauchy (1847)."""
    np.multiply(gradient, descent, out=out)


_ENTRIES: Final = (Optimizer("gradient_descent", "Gradient descent", "−α d{0}", _gradient_descent),)

OPTIMIZERS: Final = {entry.name: entry for entry in _ENTRIES}
