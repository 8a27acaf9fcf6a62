"""A multilayer perceptron: its shape, its functions and its parameters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, DTypeLike

from model.arrays import Array, DType, Shape, numbers_of, packed
from model.errors import ArrayError, SettingsError
from model.nn.activations import ACTIVATIONS, Activation
from model.nn.initializers import BIAS_INITIALIZERS, INITIALIZERS
from model.nn.losses import LOSSES, Loss
from model.tables import entry


@dataclass(frozen=True)
class Architecture:
    """Everything about a network but its numbers.

    `sizes` holds n_0 … n_L, `activations` those of the layers 1 … L, `stack` the leading axes of
    every array: () for one network, (K,) for K of them trained together.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    loss: Loss
    dtype: DType
    stack: Shape = ()

    @property
    def layers(self) -> range:
        """The numbers of the layers, 1 … L."""
        return range(1, len(self.sizes))

    @property
    def fused(self) -> bool:
        """Whether dZ[L] = (A − Y)/m exactly."""
        return self.loss.canonical == self.activations[-1].name

    @property
    def parameter_shapes(self) -> list[Shape]:
        """Shapes of W[1], b[1], W[2], b[2], …"""
        shapes: list[Shape] = []
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            shapes += [(*self.stack, n_out, n_in), (*self.stack, n_out, 1)]
        return shapes


class Network:
    """An architecture with its parameters.

    `parameters` is one flat vector; `W[i]` (…, n_l, n_{l-1}) and `b[i]` (…, n_l, 1), item 0 being
    layer 1, are views of it, so that copying the vector copies the network.
    """

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        shapes = architecture.parameter_shapes
        self.parameters, views = packed(shapes, architecture.dtype)
        self.W, self.b = views[0::2], views[1::2]

    @classmethod
    def build(
        cls,
        sizes: Sequence[int],
        activations: Sequence[str],
        loss: str = "binary_cross_entropy",
        dtype: DTypeLike = np.float64,
        stack: Shape = (),
    ) -> "Network":
        """A network of zeros from the names in the tables.

        `SettingsError` for an unknown or unfit name.
        """
        functions = tuple(entry(ACTIVATIONS, name, "activation") for name in activations)
        criterion = entry(LOSSES, loss, "loss")
        if criterion.only and activations[-1] not in criterion.only:
            raise SettingsError(
                f"loss {loss} needs the output activation {' or '.join(criterion.only)},"
                f" not {activations[-1]}",
                "choose half_squared_error for any other output",
            )
        kind: np.dtype[Any] = np.dtype(dtype)
        return cls(Architecture(tuple(sizes), functions, criterion, kind, stack))

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        activations: Sequence[str],
        loss: str = "binary_cross_entropy",
    ) -> "Network":
        """A network with weights (n_l, n_{l-1}) and biases (n_l, 1) or (n_l,), item 0 for layer 1.

        `float32` where all of them are, `float64` otherwise. Raises `ArrayError` where shapes do
        not fit together or a number is not finite.
        """
        if not len(weights) == len(biases) == len(activations) or not len(weights):
            raise ArrayError(
                f"{len(weights)} weights, {len(biases)} biases and {len(activations)} activations:"
                " there must be one of each for every layer"
            )
        W = [_parameter(w, f"W[{l}]") for l, w in enumerate(weights, start=1)]
        b = [_parameter(c, f"b[{l}]") for l, c in enumerate(biases, start=1)]
        for l, w in enumerate(W, start=1):
            if w.ndim != 2 or 0 in w.shape:
                raise ArrayError(f"W[{l}] has shape {w.shape}; it must be (units, inputs)")
        sizes = [W[0].shape[1], *(w.shape[0] for w in W)]
        single = all(a.dtype == np.float32 for a in (*W, *b))
        network = cls.build(sizes, activations, loss, np.float32 if single else np.float64)
        network.assign(W, b)
        return network

    def assign(self, weights: Sequence[Array], biases: Sequence[Array]) -> None:
        """Take over these parameters.

        `ArrayError` names the first of a wrong shape or with a number too large for this network's
        type; nothing is changed then.
        """
        columns = [c.reshape(-1, 1) if c.ndim == 1 else c for c in biases]
        fitting: list[Array] = []
        for name, own, given in (("W", self.W, weights), ("b", self.b, columns)):
            if len(given) != len(own):
                raise ArrayError(f"{len(given)} arrays {name} for {len(own)} layers")
            for l, (mine, array) in enumerate(zip(own, given, strict=True), start=1):
                fitting.append(_fitting(array, mine, f"{name}[{l}]"))
        for mine, array in zip((*self.W, *self.b), fitting, strict=True):
            mine[...] = array

    def initialize(self, initializer: str, bias_initializer: str, generator: Generator) -> None:
        """Draw every W and b, layer by layer, W before b."""
        draw = entry(INITIALIZERS, initializer, "initializer").draw
        draw_bias = entry(BIAS_INITIALIZERS, bias_initializer, "bias_initializer").draw
        for W, b in zip(self.W, self.b, strict=True):
            W[...] = draw(generator, W.shape[-2], W.shape[-1])
            b[...] = draw_bias(generator, b.shape[-2])

    def copy(self) -> "Network":
        """A network with parameters of its own."""
        twin = Network(self.architecture)
        twin.parameters[...] = self.parameters
        return twin

    def forward(self, X: ArrayLike) -> list[Array]:
        """A[0] … A[L] for X (n_samples, n_features), each (n_samples, n_l); raises `ArrayError`."""
        from model.nn.backprop import outputs

        return [A.mT for A in outputs(self, self._samples(X).mT)]

    def predict_proba(self, X: ArrayLike) -> Array:
        """A[L] for X (n_samples, n_features) as (n_samples, n_outputs), block by block.

        A probability where the output activation is sigmoid; other outputs are returned as they
        are.
        """
        samples = self._samples(X)
        return np.concatenate(
            [self.forward(block)[-1] for block in _blocks(samples, max(self.architecture.sizes))]
        )

    def loss_and_gradients(
        self, X: ArrayLike, y: ArrayLike
    ) -> tuple[float, list[Array], list[Array]]:
        """J, dW and db (lists, item 0 being layer 1) for X (n_samples, n_features).

        `y` is (n_samples,) or (n_samples, n_outputs). Raises `ArrayError` for other shapes.
        """
        from model.nn.backprop import gradients

        samples = self._samples(X)
        return gradients(self, samples.mT, self._targets(y, len(samples)).mT)

    def _samples(self, X: ArrayLike) -> Array:
        samples = numbers_of(X, "X", self.architecture.dtype)
        n_features = self.architecture.sizes[0]
        if samples.ndim != 2 or samples.shape[1] != n_features or not len(samples):
            raise ArrayError(f"X has shape {samples.shape}; (n_samples, {n_features}) is needed")
        return samples

    def _targets(self, y: ArrayLike, n_samples: int) -> Array:
        targets = numbers_of(y, "y", self.architecture.dtype)
        targets = targets.reshape(-1, 1) if targets.ndim == 1 else targets
        wanted = (n_samples, self.architecture.sizes[-1])
        if targets.shape != wanted:
            raise ArrayError(f"y has shape {np.shape(y)}; {wanted} is needed")
        loss = self.architecture.loss
        low, high = loss.targets
        if not ((targets >= low) & (targets <= high)).all():
            raise ArrayError(f"y must be from {low:g} to {high:g} for {loss.title}")
        return targets


BLOCK = 2**20
"""Numbers in the widest layer of one block of predictions: 8 MB, however fine a grid is."""


def _blocks(samples: Array, widest: int) -> Iterator[Array]:
    rows = max(1, BLOCK // widest)
    return (samples[start : start + rows] for start in range(0, len(samples), rows))


def _fitting(array: Array, mine: Array, name: str) -> Array:
    """`array` in the type of `mine`, whose shape it must have."""
    if array.shape != mine.shape:
        raise ArrayError(f"{name} has shape {array.shape}; {mine.shape} is needed here")
    with np.errstate(over="ignore"):
        cast = array.astype(mine.dtype)
    if (np.isinf(cast) & np.isfinite(array)).any():
        raise ArrayError(f"{name} holds a number too large for {mine.dtype}")
    return cast


def _parameter(array: ArrayLike, name: str) -> Array:
    single = getattr(array, "dtype", None) == np.float32
    numbers = numbers_of(array, name, np.float32 if single else np.float64)
    if not np.isfinite(numbers).all():
        raise ArrayError(f"{name} holds a number that is not finite")
    return numbers
