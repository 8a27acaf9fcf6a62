"""J and its gradient anywhere: the loss as a function of all weights and biases at once."""

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from model.arrays import Array, Shape, unpacked
from model.errors import ArrayError
from model.nn.backprop import Backprop, exhaust
from model.nn.network import Architecture, Network
from model.nn.tensors import BatchTensors, GradientTensors

BLOCK: Final = 2**17
"""Numbers in the buffers of networks that are evaluated together: 1 MB, half a usual cache."""


class Landscape:
    """The loss of one architecture on one set of samples, at any vector of parameters (P,).

    It computes with the generator that trains, in float64 whatever the network's own type is, on a
    network and buffers of its own that are laid out once: the parameters of the network that is
    looked at stay untouched. Vectors are in the order of a network's `parameters`. Overflow gives
    infinities and NaN, never a warning.
    """

    def __init__(self, architecture: Architecture, X: ArrayLike, y: ArrayLike) -> None:
        """`X` is (n_samples, n_features), `y` (n_samples,) or (n_samples, n_outputs).

        `ArrayError` for other shapes, no samples, or targets that the loss is not defined for.
        """
        self.architecture = replace(architecture, dtype=np.dtype(np.float64), stack=())
        network = Network(self.architecture)
        network.loss_and_gradients(X, y)  # refuses what does not fit
        self._X = np.asarray(X, np.float64).T
        self._Y = np.asarray(y, np.float64).reshape(self._X.shape[1], -1).T
        self._single = self._bound((), backward=True)
        self.size = network.parameters.size
        self.free = np.ones(self.size)
        """(P,): 1 for a parameter that may move, 0 for one that stands still."""

    def freeze(self, layers: Collection[int]) -> None:
        """From here on these layers, counted from 1, stand still: their gradient is 0."""
        self.free.fill(1.0)
        views = unpacked(self.free, self.architecture.parameter_shapes)
        for l in layers:
            views[2 * l - 2].fill(0.0)
            views[2 * l - 1].fill(0.0)

    def loss(self, parameters: Array) -> float:
        """J at `parameters` (P,)."""
        with np.errstate(all="ignore"):
            return self._forward(parameters)

    def gradient(self, parameters: Array) -> tuple[float, Array]:
        """J and ∇J (P,), a copy, at `parameters` (P,)."""
        with np.errstate(all="ignore"):
            loss = self._forward(parameters)
            exhaust(self._single.backward())
            return loss, self._single.gradients.gradient * self.free

    def along(self, origin: Array, directions: Array, steps: Array) -> Array:
        """J (n,) at origin + steps @ directions, block by block.

        `origin` is (P,), `directions` (k, P), `steps` (n, k).
        """
        self._check(origin)
        losses = np.empty(len(steps))
        together = self._together
        with np.errstate(all="ignore"):
            for start in range(0, len(steps), together):
                points = origin + steps[start : start + together] @ directions
                losses[start : start + together] = self._losses(points)
        return losses

    def _losses(self, points: Array) -> Array:
        """J (n,) at `points` (n, P), at most `_together` of them."""
        if len(points) == 1:
            return np.array([self._forward(points[0])])
        bound, parts = self._stacked
        for view, part in parts:
            view[: len(points)] = points[:, part].reshape(-1, *view.shape[1:])
        exhaust(bound.forward())
        exhaust(bound.loss())
        return bound.batch.J[: len(points)]

    def _forward(self, parameters: Array) -> float:
        self._check(parameters)
        self._single.network.parameters[...] = parameters
        exhaust(self._single.forward())
        exhaust(self._single.loss())
        return float(self._single.batch.J)

    def _check(self, parameters: Array) -> None:
        if parameters.shape != (self.size,):
            raise ArrayError(f"parameters have shape {parameters.shape}; {(self.size,)} is needed")

    @cached_property
    def _together(self) -> int:
        """How many networks are evaluated at once."""
        each = int(self._X.shape[1]) * (2 * sum(self.architecture.sizes[1:]) + 2)
        return max(1, BLOCK // each)

    @cached_property
    def _stacked(self) -> tuple[Backprop, list[tuple[Array, slice]]]:
        """So many networks, with the part of a vector that each stacked W and b holds."""
        bound = self._bound((self._together,), backward=False)
        ends = np.cumsum([int(np.prod(shape)) for shape in self.architecture.parameter_shapes])
        starts = (0, *ends[:-1])
        parts = [slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
        network = bound.network
        views = [a for pair in zip(network.W, network.b, strict=True) for a in pair]
        return bound, list(zip(views, parts, strict=True))

    def _bound(self, stack: Shape, backward: bool) -> Backprop:
        architecture = replace(self.architecture, stack=stack)
        batch = BatchTensors(architecture, self._X.shape[1], backward=backward)
        batch.load(self._X, self._Y)
        tensors = GradientTensors(architecture)
        return Backprop(Network(architecture), batch, tensors, np.zeros(()))
