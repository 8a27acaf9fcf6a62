"""Mistakes in dW and db, the gradients that an update takes."""

from typing import Final

import numpy as np

from model.analysis.suspect import Suspect

PARAMETER_MISTAKES: Final = (
    Suspect(
        "A of the same layer",
        ("dW",),
        "it takes A[{l}] where A[{k}] belongs",
        lambda s: s("dZ") @ s("A").T,
    ),
    Suspect(
        "Z for A",
        ("dW",),
        "it takes Z[{k}] where A[{k}] belongs",
        lambda s: s("dZ") @ s("Z", -1).T,
    ),
    Suspect(
        "X for A",
        ("dW",),
        "it takes X where A[{k}] belongs",
        lambda s: s("dZ") @ s.X.T,
    ),
    Suspect(
        "dA for dZ",
        ("dW",),
        "it takes dA[{l}] where dZ[{l}] belongs: the derivative of the activation is missing",
        lambda s: s("dA") @ s("A", -1).T,
    ),
    Suspect(
        "dZ of the layer after",
        ("dW",),
        "it takes dZ[{n}] where dZ[{l}] belongs",
        lambda s: s("dZ", 1) @ s("A", -1).T,
    ),
    Suspect(
        "penalty",
        ("dW",),
        "λ W[{l}] with λ = {c:.4g} is added, the gradient of a penalty that J does not have",
        lambda s: s("W"),
        fitted=True,
    ),
    Suspect("no sum", ("db",), "the sum over the samples is missing", lambda s: s("dZ")),
    Suspect(
        "wrong axis",
        ("db",),
        "it is summed over the units, the wrong axis; db has one number a unit",
        lambda s: s("dZ").sum(axis=0, keepdims=True),
    ),
    Suspect(
        "all axes",
        ("db",),
        "it is summed over units and samples; db has one number a unit",
        lambda s: np.full((1, 1), s("dZ").sum()),
    ),
    Suspect(
        "all axes in each",
        ("db",),
        "it is summed over units and samples; db has one number a unit",
        lambda s: np.full_like(s.right, s("dZ").sum()),
    ),
    Suspect(
        "dA summed",
        ("db",),
        "it takes dA[{l}] where dZ[{l}] belongs: the derivative of the activation is missing",
        lambda s: s("dA").sum(axis=1, keepdims=True),
    ),
)
