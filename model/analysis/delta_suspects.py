"""Mistakes in dA and dZ, where a derivative is handed from layer to layer."""

from collections.abc import Callable
from typing import Final

import numpy as np

from model.analysis.replay import Scene
from model.analysis.suspect import Suspect, only
from model.arrays import Array
from model.nn.activations import ACTIVATIONS, Activation


def _difference_at_output(s: Scene) -> Array:
    only(s.is_output)
    return (s("A") - s.Y) / s.m


def _twice_at_output(s: Scene) -> Array:
    only(s.is_output)
    return s.backward(s.right, s("Z"), s("A"), s.activation)


def _broadcast_at_output(s: Scene) -> Array:
    """A of shape (1, m) minus Y of shape (m, 1), or (m, 1) minus (m,)."""
    only(s.is_output and s.Y.shape[0] == 1)
    return (s("A") - s.Y.T) / s.m


def _hidden(s: Scene, W: Array, dZ: Array) -> Array:
    only(not s.is_output)
    return W.T @ dZ


def _updated_weights(s: Scene) -> Array:
    only(not s.is_output)
    return -(s("dW", 1).T @ s("dZ", 1))


def _other_derivative(activation: Activation) -> Callable[[Scene], Array]:
    def value(s: Scene) -> Array:
        only(activation is not s.activation)
        A = np.empty_like(s("Z"))
        activation.forward(s("Z"), A)
        return s.backward(s("dA"), s("Z"), A, activation)

    return value


def _derivative_at_A(s: Scene) -> Array:
    again = np.empty_like(s("A"))
    s.activation.forward(s("A"), again)
    return s.backward(s("dA"), s("A"), again, s.activation)


DELTA_MISTAKES: Final = (
    Suspect(
        "A − Y broadcast",
        ("dA", "dZ"),
        "A[{l}] and Y have one axis more or less, so that A − Y is a table of all pairs of samples:"
        " bring Y to the shape of A[{l}]",
        _broadcast_at_output,
    ),
    Suspect(
        "A − Y as dA",
        ("dA",),
        "it is (A − Y)/m: that is dZ[{l}], or the derivative of the half squared error",
        _difference_at_output,
    ),
    Suspect(
        "updated W",
        ("dA",),
        "W[{n}] was updated before it was handed back (α = {c:.4g}); the old W[{n}] belongs here",
        _updated_weights,
        fitted=True,
    ),
    Suspect(
        "W not transposed",
        ("dA",),
        "W[{n}] is not transposed",
        lambda s: _hidden(s, s("W", 1).T, s("dZ", 1)),
    ),
    Suspect(
        "W of the wrong layer",
        ("dA",),
        "it takes W[{l}] where W[{n}] belongs",
        lambda s: _hidden(s, s("W"), s("dZ", 1)),
    ),
    Suspect(
        "dA handed back",
        ("dA",),
        "it takes dA[{n}] where dZ[{n}] belongs: the derivative of layer {n}'s activation is"
        " missing",
        lambda s: _hidden(s, s("W", 1), s("dA", 1)),
    ),
    Suspect(
        "dZ as dA",
        ("dA",),
        "it is multiplied by the derivative of the activation already: that is dZ[{l}]",
        lambda s: s.backward(s.right, s("Z"), s("A"), s.activation),
    ),
    Suspect(
        "no derivative",
        ("dZ",),
        "the derivative of the activation is missing: it is dA[{l}] itself",
        lambda s: s("dA"),
    ),
    Suspect(
        "derivative twice",
        ("dZ",),
        "(A − Y)/m is dZ[{l}] already; it is multiplied by the derivative of the activation once"
        " more",
        _twice_at_output,
    ),
    Suspect(
        "derivative of the layer before",
        ("dZ",),
        "the derivative is taken at Z[{k}], the layer before",
        lambda s: s.backward(s("dA"), s("Z", -1), s("A", -1), s.activation),
    ),
    Suspect(
        "derivative of the layer after",
        ("dZ",),
        "the derivative is taken at Z[{n}], the layer after",
        lambda s: s.backward(s("dA"), s("Z", 1), s("A", 1), s.activation),
    ),
    Suspect(
        "derivative at A",
        ("dZ",),
        "the derivative is taken at A[{l}] instead of Z[{l}]",
        _derivative_at_A,
    ),
    Suspect(
        "Z in place of A",
        ("dZ",),
        "the derivative is written in a = g(z), but Z[{l}] is put in where A[{l}] belongs",
        lambda s: s.backward(s("dA"), s("Z"), s("Z"), s.activation),
    ),
    Suspect(
        "g for g′",
        ("dZ",),
        "dA[{l}] is multiplied by A[{l}], the activation, instead of its derivative",
        lambda s: s("dA") * s("A"),
    ),
    *(
        Suspect(
            f"derivative {entry.name}",
            ("dZ",),
            f"the derivative is that of {entry.title}, which is not this layer's activation",
            _other_derivative(entry),
        )
        for entry in ACTIVATIONS.values()
    ),
)
