"""Makes the Taylor view: what the gradient promises for each α, and what the loss then is."""

import math
from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from model.analysis.curvature import TopEigenvalues
from model.analysis.landscape import Landscape
from model.analysis.line_search import SLACK, LineSearch, search
from model.analysis.taylor import TaylorView
from model.arrays import Array, frozen
from model.nn.network import Architecture

PRODUCTS: Final = 16
"""Hessian products for one view; where they do not suffice the next view goes on from there."""

TOLERANCE: Final = 1e-3
"""Residual beside an eigenvalue, which itself is wrong by about the square."""

NEARBY: Final = 0.1
"""First step of a search beside the size of the weights, where curvature does not tell."""

FAR: Final = 1e3
"""Where a search ends beside the size of the weights."""

STEPS: Final = 1000
"""Steps that are listed at most."""


class TaylorMaker:
    """Keeps from one state of a run to the next what can be used again.

    A new architecture or other samples need a maker of their own. All samples of the training set
    count, in float64 whatever the network's type is; where training takes mini-batches, the view
    is of the full gradient all the same.
    """

    def __init__(self, architecture: Architecture, X: ArrayLike, y: ArrayLike) -> None:
        """`X` is (n_samples, n_features), `y` (n_samples,) or (n_samples, n_outputs).

        `ArrayError` for other shapes or no samples.
        """
        self.landscape = Landscape(architecture, X, y)
        self.eigenvalues = TopEigenvalues(self.landscape)

    def view(
        self,
        parameters: Array,
        epoch: int,
        alpha: float,
        *,
        frozen_layers: Collection[int] = (),
        losses: Array | None = None,
        squared_norms: Array | None = None,
        learning_rates: ArrayLike | None = None,
    ) -> TaylorView:
        """The view of the state with `parameters` (P,) and learning rate `alpha`.

        `losses` (n,) are J[0] … as recorded, `squared_norms` (m,) ‖∇J‖² of the same epochs with NaN
        where unknown, `learning_rates` (m,) those of the steps, `alpha` where it is None. Frozen
        layers take no part in gradient and curvature. `ArrayError` where the shape is another's.
        """
        self.landscape.freeze(frozen_layers)
        rates = alpha if learning_rates is None else learning_rates
        steps = steps_taken(losses, squared_norms, rates)
        with np.errstate(all="ignore"):
            return self._view(np.asarray(parameters, np.float64), epoch, alpha, steps)

    def _view(
        self, theta: Array, epoch: int, alpha: float, steps: tuple[Array, Array, Array]
    ) -> TaylorView:
        here, gradient = self.landscape.gradient(theta)
        # Beyond 1e154 squares overflow: there is no length left to look along.
        finite = bool(np.isfinite([here, float(gradient @ gradient), float(theta @ theta)]).all())
        if not finite:
            gradient = np.full_like(gradient, math.nan)
        elif np.linalg.norm(gradient) * _size(theta) <= SLACK * abs(here):
            gradient = np.zeros_like(gradient)  # even a great change promises only rounding
        squared_norm = float(gradient @ gradient)
        spectrum = self.eigenvalues.find(theta, gradient, PRODUCTS, TOLERANCE)
        curvature = spectrum.along_gradient
        line = self._line(theta, gradient, here, curvature, alpha) if finite else _nowhere(alpha)
        promised = here - line.alphas * squared_norm
        bend = 0.5 * line.alphas**2 * squared_norm * (curvature if squared_norm else 0.0)
        return TaylorView(
            epoch=epoch,
            alpha=alpha,
            loss=here,
            next_loss=self.landscape.loss(theta - alpha * gradient),
            squared_norm=squared_norm,
            curvature=curvature,
            alphas=frozen(line.alphas),
            actual=frozen(line.losses),
            promised=frozen(promised),
            quadratic=frozen(promised + bend),
            best=line.best,
            rising=line.rising,
            eigenvalue=spectrum.largest.known,
            bound=spectrum.bound,
            steps=steps[0],
            promised_steps=steps[1],
            actual_steps=steps[2],
            residual=spectrum.largest.residual,
        )

    def _line(
        self, theta: Array, gradient: Array, here: float, curvature: float, alpha: float
    ) -> LineSearch:
        """Along −∇J, where the size of the weights tells what is far."""
        length = float(np.linalg.norm(gradient))
        if length == 0:
            alphas = np.array([0.0, 2.0 * alpha])
            return LineSearch(alphas, np.full(2, here), 0.0, math.inf)
        unit = _size(theta) / length
        valley = abs(1.0 / curvature) if curvature and math.isfinite(curvature) else math.inf
        downhill = -gradient[None, :]

        def losses(alphas: Array) -> Array:
            return self.landscape.along(theta, downhill, alphas[:, None])

        return search(losses, here, min(0.25 * valley, NEARBY * unit), FAR * unit, alpha)


def _size(theta: Array) -> float:
    """A length that is a great change: ‖θ‖, or 1 where it is smaller."""
    return max(1.0, float(np.linalg.norm(theta)))


def _nowhere(alpha: float) -> LineSearch:
    """The line from a state whose loss or gradient is not finite."""
    return LineSearch(np.array([0.0, alpha]), np.full(2, math.nan), math.nan, math.nan)


def steps_taken(
    losses: Array | None, squared_norms: Array | None, learning_rates: ArrayLike
) -> tuple[Array, Array, Array]:
    """Epochs k (n,), what the step from each promised, α‖∇J‖², and gave, J[k] − J[k+1].

    Where there are more than `STEPS`, every 2nd, 4th, … and the last: each is still the step from
    k to k + 1, and those that are listed stay the same as the run goes on. Nothing where either is
    not known.
    """
    if losses is None or squared_norms is None:
        losses, squared_norms = np.empty(0), np.empty(0)
    count = max(0, min(len(losses) - 1, len(squared_norms)))
    stride = 1
    while count > STEPS * stride:
        stride *= 2
    steps = np.arange(0, count, stride)
    if count and steps[-1] != count - 1:
        steps = np.append(steps, count - 1)
    rates = np.broadcast_to(np.asarray(learning_rates, np.float64), (len(squared_norms),))
    with np.errstate(all="ignore"):
        promised = rates[steps] * squared_norms[steps]
        actual = losses[steps] - losses[steps + 1]
    return frozen(steps.astype(np.float64)), frozen(promised), frozen(actual)
