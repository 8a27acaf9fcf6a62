"""Loss functions of an output layer: a table of values and gradients, from Z where stable."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array

Targets = tuple[Array, ...]
"""What a loss needs of Y, prepared once a batch; item 0 is Y itself, (…, n_L, m)."""


@dataclass(frozen=True)
class Loss:
    """A loss summed over the outputs; the mean over the batch is taken by the caller.

    `prepare(Y)` gives the `targets` of the other two. `value(Z, A, targets, out, scratch)` writes
    the loss of each output and sample, `gradient(Z, A, targets, m, out, scratch)` writes dA[L] =
    ∂J/∂A[L] for a batch of m samples, m being (). All other arrays are (…, n_L, m).

    `canonical` names the output activation with which dZ[L] = (A − Y)/m exactly (McCullagh and
    Nelder's canonical link); it is then computed so, without going through dA[L]. `targets` are
    the limits of Y. `only` names the activations that the loss is defined for, empty for all.
    `formula` and `slope`, which is ∂/∂a, are plain text in a, y and z; `source` names the tensor,
    Z or A, of which value and gradient are computed.
    """

    name: str
    title: str
    short: str
    formula: str
    slope: str
    source: str
    canonical: str
    only: tuple[str, ...]
    targets: tuple[float, float]
    prepare: Callable[[Array], Targets]
    value: Callable[[Array, Array, Targets, Array, Array], None]
    gradient: Callable[[Array, Array, Targets, Array, Array, Array], None]


def _prepare_cross_entropy(Y: Array) -> Targets:
    """Y and 1 − 2Y, which is all that classes 0 and 1 need; else log Y and log(1 − Y) too.

    A logarithm of 0 is −∞, whose exponential is 0 again.
    """
    difference = 1.0 - 2.0 * Y
    if (np.abs(difference) == 1.0).all():
        return Y, difference
    with np.errstate(divide="ignore", invalid="ignore"):
        return Y, difference, np.log(Y), np.log1p(-Y)


_FLAT: Final = 80.0
"""From here on log(1 + e^u) = u in either precision, and e^u is finite below."""


def _cross_entropy(Z: Array, A: Array, targets: Targets, out: Array, scratch: Array) -> None:
    """log(1 + e^u) with u = (1 − 2y) z for the classes 0 and 1."""
    if len(targets) > 2:
        _soft_cross_entropy(Z, targets[0], out, scratch)
        return
    np.multiply(Z, targets[1], out=out)
    np.minimum(out, _FLAT, out=scratch)
    np.exp(scratch, out=scratch)
    np.log1p(scratch, out=scratch)
    np.maximum(out, scratch, out=out)


def _soft_cross_entropy(Z: Array, Y: Array, out: Array, scratch: Array) -> None:
    """(max(z, 0) − z y) + log(1 + e^−|z|): the last term, which may be tiny, is added last."""
    np.multiply(Z, Y, out=scratch)
    np.maximum(Z, 0.0, out=out)
    np.subtract(out, scratch, out=out)
    np.abs(Z, out=scratch)
    np.negative(scratch, out=scratch)
    np.exp(scratch, out=scratch)
    np.log1p(scratch, out=scratch)
    np.add(out, scratch, out=out)


def _cross_entropy_gradient(
    Z: Array, A: Array, targets: Targets, m: Array, out: Array, scratch: Array
) -> None:
    """[−y (1 + e^−z) + (1 − y)(1 + e^z)] / m; may overflow to ∞.

    For the classes 0 and 1 that is s (1 + e^(s z)) / m with s = 1 − 2y.
    """
    if len(targets) > 2:
        _soft_cross_entropy_gradient(Z, targets, out, scratch)
    else:
        sign = targets[1]
        np.multiply(Z, sign, out=out)
        np.exp(out, out=out)
        np.add(out, 1.0, out=out)
        np.multiply(out, sign, out=out)
    np.divide(out, m, out=out)


def _soft_cross_entropy_gradient(Z: Array, targets: Targets, out: Array, scratch: Array) -> None:
    """The same times m, with y e^−z as e^(log y − z)."""
    _, difference, log_Y, log_not_Y = targets
    np.add(Z, log_not_Y, out=out)
    np.exp(out, out=out)
    np.subtract(log_Y, Z, out=scratch)
    np.exp(scratch, out=scratch)
    np.subtract(out, scratch, out=out)
    np.add(out, difference, out=out)


def _prepare_squared_error(Y: Array) -> Targets:
    return (Y,)


def _half_squared_error(Z: Array, A: Array, targets: Targets, out: Array, scratch: Array) -> None:
    """½ (a − y)²."""
    np.subtract(A, targets[0], out=out)
    np.multiply(out, out, out=out)
    np.multiply(out, 0.5, out=out)


def _half_squared_error_gradient(
    Z: Array, A: Array, targets: Targets, m: Array, out: Array, scratch: Array
) -> None:
    """(a − y) / m."""
    np.subtract(A, targets[0], out=out)
    np.divide(out, m, out=out)


_ENTRIES: Final = (
    Loss(
        name="binary_cross_entropy",
        title="Binary cross-entropy",
        short="BCE",
        formula="−y log a − (1 − y) log(1 − a)",
        slope="(1 − y)(1 + e^z) − y (1 + e^−z)",
        source="Z",
        canonical="sigmoid",
        only=("sigmoid",),
        targets=(0.0, 1.0),
        prepare=_prepare_cross_entropy,
        value=_cross_entropy,
        gradient=_cross_entropy_gradient,
    ),
    Loss(
        name="half_squared_error",
        title="Half squared error",
        short="½SE",
        formula="½ (a − y)²",
        slope="a − y",
        source="A",
        canonical="identity",
        only=(),
        targets=(-math.inf, math.inf),
        prepare=_prepare_squared_error,
        value=_half_squared_error,
        gradient=_half_squared_error_gradient,
    ),
)

LOSSES: Final = {entry.name: entry for entry in _ENTRIES}
