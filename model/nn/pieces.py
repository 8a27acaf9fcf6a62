"""The smooth piece of a loss on which a network stands: each ReLU continued through its kink.

A derivative by differences has to leave its point, and may then carry a unit over z = 0, where
neither the difference nor a smaller one is the derivative. On the piece there is no kink to cross.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from model.arrays import Array, Flags
from model.nn.activations import Activation
from model.nn.backprop import loss_of, outputs
from model.nn.network import Network


class Piece:
    """J for X (n_0, m) and Y (n_L, m) around the present parameters of `network`.

    `network` of the piece holds parameters of its own, of type `dtype`: `loss()` is J there. It
    equals the loss of the network itself as long as no unit has crossed its kink, and where J has a
    derivative that of the piece is the same. A unit at z = 0 counts as one to the left of it, as it
    does in backpropagation.
    """

    def __init__(self, network: Network, X: Array, Y: Array, dtype: DTypeLike = np.float64) -> None:
        own = network.architecture
        on_the_right = [A > 0.0 for A in outputs(network, X)[1:]]
        functions = tuple(map(_continued, own.activations, on_the_right))
        kind: np.dtype[Any] = np.dtype(dtype)
        self.network = Network(replace(own, activations=functions, dtype=kind))
        self.network.parameters[...] = network.parameters
        self.loss: Callable[[], complex] = loss_of(self.network, X.astype(dtype), Y.astype(dtype))


def _continued(activation: Activation, on_the_right: Flags) -> Activation:
    """g that is linear through 0 wherever it has a kink there; `on_the_right` (n_l, m) says where.

    Either side of a kink at 0 is a straight line through it, so that beyond it the line goes on as
    −g(−z).
    """
    if not activation.kinked:
        return activation

    def forward(Z: Array, out: Array) -> None:
        crossed = (Z > 0.0) != on_the_right
        activation.forward(np.where(crossed, -Z, Z), out)
        np.negative(out, out=out, where=crossed)

    return replace(activation, forward=forward)
