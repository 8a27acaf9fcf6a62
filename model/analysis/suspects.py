"""All suspects in the order in which they are tried."""

from collections.abc import Callable
from typing import Final

import numpy as np

from model.analysis.delta_suspects import DELTA_MISTAKES
from model.analysis.forward_suspects import FORWARD_MISTAKES
from model.analysis.parameter_suspects import PARAMETER_MISTAKES
from model.analysis.replay import Scene
from model.analysis.suspect import Suspect, Verdict, only
from model.arrays import Array

GRADIENTS: Final = ("dA", "dZ", "dW", "db")
EVERY: Final = ("Z", "A", *GRADIENTS)


def _scaled(factor: Callable[[Scene], float]) -> Callable[[Scene], Array]:
    return lambda s: s.right * factor(s)


def _mean_over_outputs(s: Scene) -> float:
    return 1.0 / float(s.Y.shape[0])


def _half_missing(s: Scene) -> float:
    only(s.architecture.loss.name == "half_squared_error")
    return 2.0


def _chained(s: Scene) -> Array:
    """dZ[L] by way of dA[L], where Backscope takes (A − Y)/m."""
    return s.backward(s("dA"), s("Z"), s("A"), s.activation)


def _head_from_A(s: Scene) -> Array:
    """dA[L] of cross-entropy from A, where Backscope computes it from Z."""
    only(s.is_output and s.architecture.loss.name == "binary_cross_entropy")
    A = s("A")
    return (A - s.Y) / (A * (1.0 - A)) / s.m


def _loss_from_A(s: Scene) -> Array:
    only(s.architecture.loss.name == "binary_cross_entropy")
    A = s.backprop.batch.A[-1]
    return np.asarray(-(s.Y * np.log(A) + (1.0 - s.Y) * np.log1p(-A)).sum() / s.m)


def _at_kinks(s: Scene) -> Array:
    """A derivative of ReLU at z = 0 that is the one on its right."""
    only(bool((s("Z") == 0.0).any()))
    Z = np.where(s("Z") == 0.0, np.finfo(float).tiny, s("Z"))
    return s.backward(s("dA"), Z, s("A"), s.activation)


FOLLOWING: Final = (
    Suspect(
        "chained",
        ("dZ",),
        "it goes by way of dA[{l}], which loses digits where A[{l}] is near 0 or 1",
        _chained,
        verdict=Verdict.FOLLOWS,
        through="dA",
    ),
    Suspect(
        "from A",
        ("dA",),
        "it is computed from A[{l}], which loses digits near 1",
        _head_from_A,
        verdict=Verdict.FOLLOWS,
    ),
    Suspect(
        "J from A",
        ("J",),
        "it is computed from A, which loses digits near 1",
        _loss_from_A,
        verdict=Verdict.FOLLOWS,
    ),
    Suspect(
        "kink",
        ("dZ",),
        "at z = 0, where it has none, the derivative is taken as the one on the right",
        _at_kinks,
        verdict=Verdict.CONVENTION,
    ),
)
"""Other ways to compute the same, which are no mistakes; where they differ, they are less exact."""

FACTORS: Final = (
    Suspect(
        "1/m missing",
        (*GRADIENTS, "J"),
        "1/m is missing: it is m = {m} times the right one",
        _scaled(lambda s: s.m),
    ),
    Suspect(
        "mean of db",
        ("db",),
        "1/m stands twice: it is a mean over the {m} samples, and dZ[{l}] is divided by m already;"
        " db is their sum",
        _scaled(lambda s: 1 / s.m),
    ),
    Suspect(
        "1/m twice",
        (*GRADIENTS, "J"),
        "1/m stands twice: it is the right one divided by m = {m} once more",
        _scaled(lambda s: 1 / s.m),
    ),
    Suspect("sign", (*GRADIENTS, "J"), "the sign is flipped", _scaled(lambda s: -1.0)),
    Suspect(
        "½ missing",
        (*GRADIENTS, "J"),
        "it is twice the right one: the ½ of the loss is missing",
        _scaled(_half_missing),
    ),
    Suspect("doubled", (*GRADIENTS, "J"), "it is twice the right one", _scaled(lambda s: 2.0)),
    Suspect(
        "½ too many",
        (*GRADIENTS, "J"),
        "it is half the right one: a ½ stands there once too often",
        _scaled(lambda s: 0.5),
    ),
    Suspect(
        "mean over outputs",
        (*GRADIENTS, "J"),
        "it is divided by the number of outputs too; J is their sum",
        _scaled(_mean_over_outputs),
    ),
)

FORMS: Final = (
    Suspect("shape", EVERY, "its numbers are right, its shape is not", lambda s: s.right),
    Suspect("transposed", EVERY, "it is transposed", lambda s: s.right.T),
    Suspect(
        "layer before",
        EVERY,
        "it is {name}[{k}], that of the layer before",
        lambda s: s.result(-1),
    ),
    Suspect(
        "layer after",
        EVERY,
        "it is {name}[{n}], that of the layer after",
        lambda s: s.result(1),
    ),
)

FITTED: Final = (
    Suspect(
        "scaled",
        GRADIENTS,
        "every number is {times:.4g} times the right one",
        lambda s: s.right,
        fitted=True,
        least=-np.inf,
    ),
)
"""The last resort: whatever is proportional."""

COMBINED: Final = (*FORMS, *FORWARD_MISTAKES, *DELTA_MISTAKES, *PARAMETER_MISTAKES)
"""Those that may come together with a wrong factor."""

SUSPECTS: Final = (
    *FORMS,
    *FACTORS,
    *FORWARD_MISTAKES,
    *DELTA_MISTAKES,
    *PARAMETER_MISTAKES,
    *FITTED,
)
