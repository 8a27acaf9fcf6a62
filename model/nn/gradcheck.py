"""Gradient check: every W and b against central differences and the complex step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from model.arrays import Array
from model.nn.backprop import loss_of
from model.nn.network import Network
from model.nn.operations import TensorName

STEP: Final = float(np.cbrt(np.finfo(np.float64).eps))
"""About 6e-6: where rounding and truncation of a central difference are of one size.

Press, Teukolsky, Vetterling and Flannery, Numerical Recipes, section 5.7.
"""

TINY: Final = 1e-30
"""The complex step: its square is lost beside any parameter."""

TOLERANCE: Final = 1e-6
"""Relative difference below which a gradient agrees with its central difference."""


@dataclass(frozen=True)
class Element:
    """One number of a gradient; `row` and `column` count from 0."""

    row: int
    column: int
    analytic: float
    numeric: float


@dataclass(frozen=True)
class TensorCheck:
    """dW or db of one layer: ‖a − n‖ / (‖a‖ + ‖n‖), 0 where both are 0, and its worst element.

    `complex_step` is the same relative difference from the complex-step derivative, None where the
    loss has none: it is not analytic for cross-entropy with targets between the classes.
    """

    name: TensorName
    difference: float
    worst: Element
    complex_step: float | None = None

    @property
    def agrees(self) -> bool:
        """Whether backpropagation is right here; a difference that is no number is not."""
        exact = self.complex_step is None or self.complex_step < TOLERANCE
        return self.difference < TOLERANCE and exact

    def __str__(self) -> str:
        worst = self.worst
        return (
            f"{self.name} differs by {self.difference:.2e}, most in row {worst.row}, column"
            f" {worst.column}: {worst.analytic!r} by backpropagation, {worst.numeric!r} numerically"
        )


@dataclass(frozen=True)
class GradientCheck:
    """The tensors in the order dW[1], db[1], dW[2], …"""

    tensors: tuple[TensorCheck, ...]

    @property
    def agrees(self) -> bool:
        """Whether every tensor does."""
        return all(tensor.agrees for tensor in self.tensors)

    @property
    def worst(self) -> TensorCheck:
        """The tensor that differs most, one that is no number before all others."""
        return self.tensors[int(np.argmax([tensor.difference for tensor in self.tensors]))]


def check_gradients(network: Network, X: ArrayLike, y: ArrayLike) -> GradientCheck:
    """Compare `network.loss_and_gradients(X, y)` with numeric derivatives, in double precision.

    `X` is (n_samples, n_features), `y` (n_samples,) or (n_samples, n_outputs). The loss is taken
    twice for each parameter; the network itself stays as it is. A ReLU that stands on its kink, as
    one with nothing but zeros before it and a zero bias does, has no derivative to compare with:
    check with biases other than 0. Raises `ArrayError` for other shapes.
    """
    twin = _in_float64(network)
    _, dW, db = twin.loss_and_gradients(X, y)
    steps = _complex_steps(twin, np.asarray(X, float), np.asarray(y, float))
    return GradientCheck(
        tuple(
            replace(
                compared(name, analytic, _numeric(twin, parameter, X, y)),
                complex_step=None if steps is None else relative_difference(analytic, steps[name]),
            )
            for name, parameter, analytic in _tensors(twin, dW, db)
        )
    )


def compared(name: TensorName, analytic: Array, numeric: Array) -> TensorCheck:
    """Two gradients of one tensor, both (rows, columns)."""
    at = int(np.argmax(np.abs(analytic - numeric)))
    row, column = divmod(at, analytic.shape[1])
    worst = Element(row, column, float(analytic.flat[at]), float(numeric.flat[at]))
    return TensorCheck(name, relative_difference(analytic, numeric), worst)


def relative_difference(a: Array, n: Array) -> float:
    """‖a − n‖ / (‖a‖ + ‖n‖), 0 where both are 0."""
    scale = float(np.linalg.norm(a) + np.linalg.norm(n))
    return float(np.linalg.norm(a - n)) / scale if scale else 0.0


def _in_float64(network: Network) -> Network:
    """A copy that computes in float64, whatever the network's own type is."""
    own = network.architecture
    names = [activation.name for activation in own.activations]
    twin = Network.build(own.sizes, names, own.loss.name)
    twin.assign(network.W, network.b)
    return twin


def _tensors(
    network: Network, dW: Sequence[Array], db: Sequence[Array]
) -> Iterator[tuple[TensorName, Array, Array]]:
    """Each gradient with its name and the parameter it belongs to."""
    for l in network.architecture.layers:
        yield TensorName("dW", l), network.W[l - 1], dW[l - 1]
        yield TensorName("db", l), network.b[l - 1], db[l - 1]


def _complex_steps(network: Network, X: Array, y: Array) -> dict[TensorName, Array] | None:
    """Im J(θ + ih) / h for every W and b: exact to rounding, since nothing is subtracted.

    Squire and Trapp, Using complex variables to estimate derivatives of real functions (1998). None
    where the loss is not analytic.
    """
    own = network.architecture
    classes = bool(np.isin(y, (0.0, 1.0)).all())
    if own.loss.name == "binary_cross_entropy" and not classes:
        return None
    names = [activation.name for activation in own.activations]
    twin = Network.build(own.sizes, names, own.loss.name, np.complex128)
    twin.parameters[...] = network.parameters
    loss = loss_of(twin, X.T.astype(complex), y.reshape(len(X), -1).T.astype(complex))
    steps: dict[TensorName, Array] = {}
    for name, parameter, _ in _tensors(twin, twin.W, twin.b):
        steps[name] = np.empty(parameter.shape)
        for at in np.ndindex(parameter.shape):
            here = parameter[at]
            parameter[at] = here + 1j * TINY
            steps[name][at] = loss().imag / TINY
            parameter[at] = here
    return steps


def _numeric(network: Network, parameter: Array, X: ArrayLike, y: ArrayLike) -> Array:
    """∂J/∂θ element by element; `parameter` is one of the network's own and is put back."""
    gradient = np.empty_like(parameter)
    for at in np.ndindex(parameter.shape):
        here = float(parameter[at])
        step = STEP * max(1.0, abs(here))
        parameter[at] = after = here + step
        loss_after = network.loss_and_gradients(X, y)[0]
        parameter[at] = before = here - step
        loss_before = network.loss_and_gradients(X, y)[0]
        parameter[at] = here
        gradient[at] = (loss_after - loss_before) / (after - before)
    return gradient
