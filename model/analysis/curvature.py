"""Curvature of the loss: the Hessian times a vector, and the Hessian's largest eigenvalues."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.analysis.landscape import Landscape
from model.arrays import Array

STEP: Final = 1e-6
"""How far to go for a difference of gradients.

In double precision rounding (ε/h) and truncation (h²) leave about 1e-9 of the result anywhere
between 1e-5 and 1e-7. A longer step crosses kinks of ReLU, each of which adds a jump of the
gradient divided by the step, and large weights make the loss change faster, not more slowly.
"""

SHARE: Final = 1e-8
"""The least step beside the largest parameter, far enough above its last digit (2e-16)."""

LONGEST: Final = 1.0
"""The longest step: where `SHARE` of a parameter is more, a difference tells nothing of here."""

UNSURE: Final = 0.1
"""Residual beside λ above which λ is not known."""

KINK: Final = 1e-2
"""Second difference beside the first from which a kink lies in between; without one about 1e-6."""

SHORTER: Final = (1.0, 0.1, 0.01)
"""Steps that are tried until no kink lies in between; who stands on one gets the mean."""

NOISE: Final = 1e-13
"""Differences of gradients that may be nothing but rounding."""

TOLERANCE: Final = 1e-4
"""Residual beside λ, which itself is wrong by about the square.

With ten times as much one search in 300 stopped at the runner-up, which happened to be nearer.
"""

FLAT: Final = 1e-8
"""Residual that rounding leaves in a Hessian product: no less is asked for."""

ROOM: Final = 24
"""Directions that are kept at once."""


def hessian_product(
    landscape: Landscape, parameters: Array, gradient: Array, vector: Array
) -> Array:
    """Hv (P,) as [∇J(θ + hv) − ∇J(θ − hv)] / 2h, v (P,) taken with length 1 and put back after.

    `gradient` is ∇J(θ) (P,). Pearlmutter (1994), Fast exact multiplication by the Hessian, names
    the difference as the simple way; it leaves one backpropagation. Where a ReLU bends, H is that
    of the smooth piece around θ. NaN where parameters are so large that no difference can tell.
    """
    length = float(np.linalg.norm(vector))
    if length == 0:
        return np.zeros_like(vector)
    reach = max(STEP, SHARE * float(np.abs(parameters).max()))
    if not reach <= LONGEST:
        return np.full_like(vector, math.nan)
    with np.errstate(all="ignore"):
        for shorter in SHORTER:
            move = vector * (reach * shorter / length)
            after = landscape.gradient(parameters + move)[1]
            before = landscape.gradient(parameters - move)[1]
            first, second = after - before, after - 2.0 * gradient + before
            if not np.linalg.norm(second) > KINK * np.linalg.norm(first) + NOISE:
                break
        return first * (length / (2.0 * reach * shorter))


@dataclass(frozen=True)
class Eigenvalue:
    """λ with its vector v (P,) of length 1; `residual` is ‖Hv − λv‖.

    An eigenvalue of H lies within `residual` of λ (Parlett, The symmetric eigenvalue problem).
    """

    value: float
    vector: Array
    residual: float

    @property
    def known(self) -> float:
        """λ; NaN where the residual is too large beside it."""
        sure = self.residual <= UNSURE * abs(self.value) + FLAT
        return self.value if sure else math.nan


@dataclass(frozen=True)
class Spectrum:
    """The ends of the Hessian's spectrum.

    `largest` is largest in magnitude, its sign kept; `highest` is the highest, the same where that
    is positive and largest; `second` (P,) is the vector of the runner-up in magnitude, zeros where
    none was found. `along_gradient` is ∇JᵀH∇J / ‖∇J‖², NaN where the gradient is 0. `products`
    Hessian products were spent; `converged` tells whether both residuals are within the tolerance.
    """

    largest: Eigenvalue
    highest: Eigenvalue
    second: Array
    along_gradient: float
    products: int
    converged: bool

    @property
    def bound(self) -> float:
        """2/λ of the highest eigenvalue, infinite where it is not positive but for rounding.

        NaN where it is not known.

        Beyond it gradient descent on the quadratic model diverges (LeCun, Kanter and Solla, 1991).
        """
        highest = self.highest.known
        if math.isnan(highest):
            return math.nan
        return 2.0 / highest if highest > FLAT else math.inf


class TopEigenvalues:
    """Finds the ends of the spectrum by power iteration that forgets none of its iterates.

    Plain power iteration turns v into Hv again and again, stands still between λ and −λ, and sees
    one end only. Here the best vector is sought among all combinations of the iterates (Rayleigh
    and Ritz; with one start this is Lanczos' method), which gives both ends, signs included, by
    fewer products. The few best vectors are where the next search begins: from one snapshot to the
    next little changes, and as the runners-up are among them the right one is found where two
    eigenvalues cross. With them go the gradient, since its own curvature is wanted and it leans to
    where the loss bends, and a random vector with what H makes of it, lest a direction that has
    nothing to do with the others be missed for good.
    """

    def __init__(self, landscape: Landscape, seed: int = 0) -> None:
        self._landscape = landscape
        self._generator = np.random.default_rng(seed)
        self._kept: Array = np.empty((0, landscape.size))

    def find(
        self,
        parameters: Array,
        gradient: Array,
        products: int = 200,
        tolerance: float = TOLERANCE,
    ) -> Spectrum:
        """The spectrum at `parameters` (P,) with ∇J there (P,), by at most so many products.

        It ends when the residuals are within `tolerance` of the eigenvalues. What is not finite
        gives NaN.
        """
        basis = _Basis(self._landscape, parameters, gradient)
        start = self._generator.normal(size=len(parameters))
        for vector in (gradient, *self._kept, start):
            if basis.products < products:
                basis.add(vector)
        if basis.finite and basis.count > 0 and basis.products < products:
            basis.add(basis.image)
        while True:
            if not basis.finite or not basis.count:
                return _without(parameters, basis)
            spectrum, remainder = basis.spectrum(tolerance)
            if spectrum.converged or basis.products >= products or not basis.add(remainder):
                break
        self._kept = basis.ends()
        return spectrum


def _without(parameters: Array, basis: "_Basis") -> Spectrum:
    """Nothing can move, or what was computed is not finite."""
    value = 0.0 if basis.finite else math.nan
    none = Eigenvalue(value, np.zeros_like(parameters), value)
    return Spectrum(none, none, none.vector, math.nan, basis.products, basis.finite)


class _Basis:
    """Orthonormal directions Q (n, P) with HQ (n, P), and what H is among them."""

    def __init__(self, landscape: Landscape, parameters: Array, gradient: Array) -> None:
        self._landscape, self._parameters, self._gradient = landscape, parameters, gradient
        self._Q = np.empty((ROOM, len(parameters)))
        self._HQ = np.empty_like(self._Q)
        self._along_gradient = math.nan
        self.count = self.products = 0
        self.finite = True

    def add(self, vector: Array) -> bool:
        """Take in one direction more; False where it is none. The gradient comes first."""
        if self.count == ROOM:
            self._condense()
        Q = self._Q[: self.count]
        direction = vector * self._landscape.free
        for _ in range(2):  # once leaves what rounding makes of a small remainder
            length = float(np.linalg.norm(direction))
            if length == 0:
                return False
            direction = direction / length
            direction -= (Q @ direction) @ Q
        if np.linalg.norm(direction) < 0.5:
            return False
        direction /= np.linalg.norm(direction)
        product = hessian_product(self._landscape, self._parameters, self._gradient, direction)
        self._Q[self.count], self._HQ[self.count] = direction, product
        if self.count == 0 and vector is self._gradient:
            self._along_gradient = float(direction @ product)
        self.count += 1
        self.products += 1
        self.finite = self.finite and bool(np.isfinite(product).all())
        return True

    @property
    def image(self) -> Array:
        """What H makes of the last direction."""
        image: Array = self._HQ[self.count - 1].copy()
        return image

    def spectrum(self, tolerance: float) -> tuple[Spectrum, Array]:
        """The best that these directions tell, and the remainder Hv − λv that is worst."""
        values, vectors = self._ritz()
        sizes = np.argsort(-np.abs(values))
        pairs = [self._pair(values, vectors, int(i)) for i in (sizes[0], self.count - 1)]
        scale = float(np.abs(values).max())
        beyond = [
            found.residual / (tolerance * max(abs(found.value), 0.01 * scale) + FLAT)
            for found, _ in pairs
        ]
        runner_up = vectors[:, sizes[1:2]].sum(axis=1) @ self._Q[: self.count]
        (largest, _), (highest, _) = pairs
        converged = max(beyond) <= 1
        spectrum = Spectrum(
            largest, highest, runner_up, self._along_gradient, self.products, converged
        )
        return spectrum, pairs[int(np.argmax(beyond))][1]

    def ends(self) -> Array:
        """The two best vectors of either kind, (n, P) with n up to 4."""
        values, vectors = self._ritz()
        largest = np.argsort(-np.abs(values))[:2]
        chosen = np.union1d(largest, np.arange(self.count)[-2:])
        kept: Array = vectors[:, chosen].T @ self._Q[: self.count]
        return kept

    def _ritz(self) -> tuple[Array, Array]:
        Q, HQ = self._Q[: self.count], self._HQ[: self.count]
        among = Q @ HQ.T
        values, vectors = np.linalg.eigh((among + among.T) / 2.0)
        return values, vectors

    def _pair(self, values: Array, vectors: Array, i: int) -> tuple[Eigenvalue, Array]:
        value, weights = float(values[i]), vectors[:, i]
        vector = weights @ self._Q[: self.count]
        remainder = weights @ self._HQ[: self.count] - value * vector
        return Eigenvalue(value, vector, float(np.linalg.norm(remainder))), remainder

    def _condense(self) -> None:
        """Keep the best third; images follow without a product."""
        values, vectors = self._ritz()
        order = np.argsort(-np.abs(values))[: ROOM // 3]
        chosen = np.union1d(order, [ROOM - 2, ROOM - 1])
        for rows in (self._Q, self._HQ):
            rows[: len(chosen)] = vectors[:, chosen].T @ rows
        self.count = len(chosen)
