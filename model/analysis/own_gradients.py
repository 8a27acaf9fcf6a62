"""Somebody's own backpropagation beside Backscope's, tensor by tensor in the order of computation.

There is no second backpropagation here: the generator computes its own tensors, and once more with
those of the user put in place as it goes, so that each operation is also judged by its own operands
and one mistake does not blame all that follows from it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from model.analysis.conventions import OwnArrays
from model.analysis.findings import PARAMETERS, Finding, OwnCheck, Worst
from model.analysis.reasons import Agreement, Reason, difference_of, reason_for
from model.analysis.replay import Replay, Tensors
from model.analysis.suspect import Verdict
from model.arrays import Array
from model.errors import ArrayError
from model.nn.gradcheck import TOLERANCE, GradientCheck, check_gradients
from model.nn.network import Network
from model.nn.operations import Operation, TensorName

TOLERANCES: Final = {2: 1e-2, 4: 1e-4, 8: TOLERANCE}
"""By the bytes of a number in the user's results."""

ROUNDING: Final = {2: 4e-3, 4: 5e-7, 8: 1e-15}
"""Of a sum of derivatives, as a share of the largest dZ[L]."""

SCALED: Final = ("dA", "dZ")
"""Derivatives that a textbook may leave without 1/m."""
CHEAP: Final = 2e8
"""Parameters² × samples up to which the numeric check takes seconds at most."""


def check_own(own: OwnArrays, activations: Sequence[str], loss: str) -> OwnCheck:
    """Compare the arrays of a file with Backscope's own for the same X, Y, W and b.

    Raises `SettingsError` for an unknown activation or loss, `ArrayError` for targets that the
    loss does not take.
    """
    if len(activations) != len(own.W):
        raise ArrayError(f"{len(activations)} activations are named for {len(own.W)} layers")
    network = Network.from_arrays(own.W, own.b, activations, loss)
    if loss == "binary_cross_entropy" and not ((own.Y >= 0) & (own.Y <= 1)).all():
        raise ArrayError("Y must lie between 0 and 1 for binary cross-entropy")
    with np.errstate(all="ignore"):
        findings, late = _audited(network, own)
        pardoned = _pardoned(findings, len(own.W))
        return OwnCheck(network, pardoned, late, _numeric(network, own))


def _audited(network: Network, own: OwnArrays) -> tuple[tuple[Finding, ...], bool]:
    """Under the convention that the code was written in, and whether that is the late one."""
    early = _Audit(network, own, late=False).findings()
    if _odd(early) and any(name.name in PARAMETERS for name in own.results):
        other = _Audit(network, own, late=True).findings()
        if _odd(other) < _odd(early):
            return other, True
    return early, False


def _odd(findings: Sequence[Finding]) -> int:
    """The convention that leaves fewest such operations is the one that the code was written in."""
    return sum(finding.odd for finding in findings)


def _pardoned(findings: tuple[Finding, ...], layers: int) -> tuple[Finding, ...]:
    """Where dW and db are there and right, no dA or dZ without its 1/m is a mistake.

    Neither is a dA[L] that overflows, as that of cross-entropy does in a healthy run.
    """
    gradients = [f for f in findings if f.name.name in PARAMETERS]
    if not gradients or any(f.verdict is not Verdict.AGREES for f in gradients):
        return findings
    pardoned = {("1/m missing", TensorName(name, l)) for name in SCALED for l in range(layers + 1)}
    pardoned.add(("not finite", TensorName("dA", layers)))
    return tuple(
        replace(f, verdict=Verdict.CONVENTION) if (f.mistake, f.name) in pardoned else f
        for f in findings
    )


def _told(reason: Reason) -> dict[str, Any]:
    return {"place": reason.place, "mistake": reason.mistake, "reason": reason.text}


def _numeric(network: Network, own: OwnArrays) -> GradientCheck | None:
    if network.parameters.size**2 * own.X.shape[1] > CHEAP:
        return None
    return check_gradients(network, own.X.T, own.Y.T)


class _Audit:
    """The comparison under one of the two conventions for 1/m."""

    def __init__(self, network: Network, own: OwnArrays, late: bool) -> None:
        self.own, self.late, self.m = own, late, own.X.shape[1]
        self.replay = Replay(network, own.X, own.Y)
        self.right = self.replay.computed({})
        self.given = {name: given.tensor / self._scale(name) for name, given in own.results.items()}
        self.replaced: Tensors = {}
        self.blamed: set[TensorName] = set()
        self.wrong: set[TensorName] = set()
        self.misshapen: set[TensorName] = set()
        self.tolerance = TOLERANCES[own.itemsize]
        head = self.right[TensorName("dZ", len(own.W))]
        self.rounding = ROUNDING[own.itemsize] * float(np.abs(head).max(initial=0.0))

    def findings(self) -> tuple[Finding, ...]:
        """One for each tensor that is given, in the order of computation."""
        return tuple(
            self._finding(operation)
            for operation in self.replay.operations
            if operation.result in self.given
        )

    def _scale(self, name: TensorName) -> float:
        return float(self.m) if self.late and name.name in SCALED else 1.0

    def _agreement(self, name: TensorName) -> Agreement:
        is_derivative = name.name in SCALED + PARAMETERS
        return Agreement(self.tolerance, self.rounding if is_derivative else 0.0)

    def _finding(self, operation: Operation) -> Finding:
        name = operation.result
        given, array = self.own.results[name], self.given[name]
        difference = self._difference(name)
        if given.fits and self._agreement(name)(array, self.right[name]):
            odd = bool(self._causes(operation)) and not self._is_local(name)
            self.replaced[name] = array
            scaled = self._scale(name) != 1.0
            verdict = Verdict.CONVENTION if scaled else Verdict.AGREES
            return Finding(operation, given, difference, verdict, odd=odd)
        return self._differing(operation, difference)

    def _differing(self, operation: Operation, difference: float | None) -> Finding:
        name = operation.result
        given, array = self.own.results[name], self.given[name]
        local, causes = self.replay.computed(self.replaced)[name], self._causes(operation)
        reason = None
        if given.fits and self._agreement(name)(array, local):
            verdict = Verdict.FOLLOWS
        elif any(cause in self.misshapen for cause in causes):
            verdict = Verdict.UNJUDGED
        else:
            reason = reason_for(self.replay, name, self.given, self.replaced, self._agreement(name))
            verdict = reason.verdict if reason is not None else Verdict.DIFFERS
            if reason is not None:
                causes += tuple(name for name in reason.through if name in self.wrong)
            if verdict is Verdict.FOLLOWS and not causes:
                verdict = Verdict.CONVENTION
        if verdict is not Verdict.CONVENTION:
            self.wrong.add(name)
        self._take_over(name, array, reason)
        if verdict in (Verdict.FOLLOWS, Verdict.UNJUDGED):
            return Finding(operation, given, difference, verdict, causes=causes)
        wrong, worst = self._worst(name, local)
        return Finding(
            operation,
            given,
            difference,
            verdict,
            wrong,
            worst,
            causes=causes,
            odd=verdict is Verdict.DIFFERS,
            **(_told(reason) if reason is not None else {}),
        )

    def _causes(self, operation: Operation) -> tuple[TensorName, ...]:
        return tuple(name for name in operation.operands if name in self.blamed)

    def _is_local(self, name: TensorName) -> bool:
        return self._agreement(name)(self.given[name], self.replay.computed(self.replaced)[name])

    def _take_over(self, name: TensorName, array: Array, reason: Reason | None) -> None:
        """What comes later is judged by the user's own tensor, and by the mistake before it."""
        self.blamed.add(name)
        if array.shape == self.right[name].shape:
            self.replaced[name] = array
        else:
            self.misshapen.add(name)
        if reason is not None and reason.place != name:
            self.replaced[reason.place] = reason.value
            self.blamed.add(reason.place)

    def _difference(self, name: TensorName) -> float | None:
        if not self.own.results[name].fits:
            return None
        return difference_of(self.given[name], self.right[name])

    def _worst(self, name: TensorName, local: Array) -> tuple[int, Worst | None]:
        """How many numbers are off, and the one that is most, where the file has it."""
        given, scale = self.own.results[name], self._scale(name)
        if not given.fits:
            return 0, None
        right = self.own.convention.turned(name.name, local * scale).reshape(given.stored.shape)
        with np.errstate(invalid="ignore"):
            off = np.abs(given.stored - right)
        told = np.isfinite(right)
        off = np.where(told, np.where(np.isnan(off), np.inf, off), 0.0)
        wrong = int((off > self.tolerance * np.abs(right[told]).max(initial=0.0)).sum())
        index = tuple(map(int, np.unravel_index(int(off.argmax()), off.shape)))
        return wrong, Worst(index, float(given.stored[index]), float(right[index]))
