"""Gradient check: every W and b against central differences and the complex step."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from model.arrays import Array
from model.nn.network import Network
from model.nn.operations import TensorName
from model.nn.pieces import Piece

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

    `difference` is that from the central difference, `complex_step` that from the complex-step
    derivative, None where the loss has none: it is not analytic for cross-entropy with targets
    between the classes.
    """

    name: TensorName
    difference: float
    worst: Element
    complex_step: float | None = None

    @property
    def agrees(self) -> bool:
        """Whether backpropagation is right here; a difference that is no number is not.

        The complex step decides where there is one: a central difference has no digits left where
        a gradient has all but vanished beside J.
        """
        return self.deciding < TOLERANCE

    @property
    def deciding(self) -> float:
        """The difference from the more exact of the two derivatives."""
        return self.difference if self.complex_step is None else self.complex_step

    @property
    def telling(self) -> float:
        """The difference to show: the central one unless the other alone is right or wrong."""
        return self.difference if (self.difference < TOLERANCE) == self.agrees else self.deciding

    def __str__(self) -> str:
        worst = self.worst
        return (
            f"{self.name} differs by {self.telling:.2e}, most in row {worst.row}, column"
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
        return self.tensors[int(np.argmax([tensor.telling for tensor in self.tensors]))]


def check_gradients(network: Network, X: ArrayLike, y: ArrayLike) -> GradientCheck:
    """Compare `network.loss_and_gradients(X, y)` with numeric derivatives, in double precision.

    `X` is (n_samples, n_features), `y` (n_samples,) or (n_samples, n_outputs). The loss is taken
    twice for each parameter; the network itself stays as it is. Units that stand on or beside the
    kink of a ReLU are kept on their side of it (see `Piece`). Raises `ArrayError` for other shapes.
    """
    twin = _in_float64(network)
    _, dW, db = twin.loss_and_gradients(X, y)
    columns = np.asarray(X, float).T, np.asarray(y, float).reshape(len(np.asarray(X)), -1).T
    steps = _complex_steps(twin, *columns)
    differences = _derivatives(Piece(twin, *columns), _central)
    return GradientCheck(
        tuple(
            replace(
                compared(name, analytic, differences[name]),
                complex_step=None if steps is None else relative_difference(analytic, steps[name]),
            )
            for name, _, analytic in _tensors(twin, dW, db)
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


def _complex_steps(network: Network, X: Array, Y: Array) -> dict[TensorName, Array] | None:
    """The derivative of each W and b by the complex step, None where the loss is not analytic."""
    classes = bool(np.isin(Y, (0.0, 1.0)).all())
    if network.architecture.loss.name == "binary_cross_entropy" and not classes:
        return None
    return _derivatives(Piece(network, X, Y, np.complex128), _complex)


def _derivatives(
    piece: Piece, derivative: Callable[[Piece, Array, tuple[int, ...]], float]
) -> dict[TensorName, Array]:
    """∂J/∂θ element by element; the piece's parameters are put back."""
    found: dict[TensorName, Array] = {}
    for name, parameter, _ in _tensors(piece.network, piece.network.W, piece.network.b):
        found[name] = np.empty(parameter.shape)
        for at in np.ndindex(parameter.shape):
            here = parameter[at]
            found[name][at] = derivative(piece, parameter, at)
            parameter[at] = here
    return found


def _complex(piece: Piece, parameter: Array, at: tuple[int, ...]) -> float:
    """Im J(θ + ih) / h: exact to rounding, since nothing is subtracted.

    Squire and Trapp, Using complex variables to estimate derivatives of real functions (1998).
    """
    parameter[at] += 1j * TINY
    return piece.loss().imag / TINY


def _central(piece: Piece, parameter: Array, at: tuple[int, ...]) -> float:
    """(J(θ + h) − J(θ − h)) / 2h."""
    here = float(parameter[at])
    step = STEP * max(1.0, abs(here))
    parameter[at] = after = here + step
    loss_after = piece.loss().real
    parameter[at] = before = here - step
    return (loss_after - piece.loss().real) / (after - before)
