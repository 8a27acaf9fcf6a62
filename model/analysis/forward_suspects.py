"""Mistakes of the forward pass."""

from collections.abc import Callable
from typing import Final

import numpy as np

from model.analysis.replay import Scene
from model.analysis.suspect import Suspect, only
from model.arrays import Array
from model.nn.activations import ACTIVATIONS, Activation


def _other_activation(activation: Activation) -> Callable[[Scene], Array]:
    def value(s: Scene) -> Array:
        only(activation is not s.activation)
        out = np.empty_like(s("Z"))
        activation.forward(s("Z"), out)
        return out

    return value


FORWARD_MISTAKES: Final = (
    Suspect("no bias", ("Z",), "b[{l}] is not added", lambda s: s("W") @ s("A", -1)),
    Suspect(
        "bias subtracted",
        ("Z",),
        "b[{l}] is subtracted",
        lambda s: s("W") @ s("A", -1) - s("b"),
    ),
    Suspect(
        "W transposed",
        ("Z",),
        "W[{l}] is transposed",
        lambda s: s("W").T @ s("A", -1) + s("b"),
    ),
    Suspect(
        "Z handed on",
        ("Z",),
        "it takes Z[{k}] where A[{k}] belongs",
        lambda s: s("W") @ s("Z", -1) + s("b"),
    ),
    *(
        Suspect(
            f"activation {entry.name}",
            ("A",),
            f"it is {entry.title} of Z[{{l}}]; Backscope was told of another activation (give it as"
            " `activations` in the file or with --set)",
            _other_activation(entry),
        )
        for entry in ACTIVATIONS.values()
    ),
)
