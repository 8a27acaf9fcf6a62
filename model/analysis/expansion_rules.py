"""What each kind of tensor is computed from, element by element: one rule a result."""

from collections.abc import Callable
from typing import Final

import numpy as np

from model.analysis.expansion import Element, Factor, Term
from model.analysis.terms import Column, Sight, Sum, column_of, dot, product, row_of
from model.arrays import Array
from model.nn.operations import TensorName

Rule = Callable[[Sight, Element], Sum]


def _expand_Z(sight: Sight, at: Element) -> Sum:
    """Σ_j W[l]_ij A[l-1]_jk + b[l]_i."""
    layer = at.tensor.layer
    W, b, before = TensorName("W", layer), TensorName("b", layer), sight.input(layer)
    bias = Factor(str(b), float(sight.parameter(b)[at.row, 0]), Element(b, at.row, 0))
    return dot(
        "unit j" if layer > 1 else "input j",
        row_of(W, sight.parameter(W), at.row),
        column_of(before, sight.array(before), at.column),
        single=(product(bias),),
    )


def _expand_A(sight: Sight, at: Element) -> Sum:
    """g(Z[l]_ik)."""
    activation = sight.architecture.activations[at.tensor.layer - 1]
    Z = sight.factor(at._replace(tensor=TensorName("Z", at.tensor.layer)))
    given = np.full((1, 1), Z.value, sight.architecture.dtype)
    out = np.empty_like(given)
    activation.forward(given, out)
    return Sum((Term(None, (Z,), float(out[0, 0]), activation.short),))


def _head(sight: Sight) -> tuple[Array, Array, Array]:
    """Z[L], A[L] and Y."""
    last = len(sight.architecture.layers)
    return (
        sight.array(TensorName("Z", last)),
        sight.array(TensorName("A", last)),
        sight.array(TensorName("Y")),
    )


def _expand_J(sight: Sight, at: Element) -> Sum:
    """(1/m) Σ of the loss of each output and sample."""
    loss, last = sight.architecture.loss, len(sight.architecture.layers)
    Z, A, Y = _head(sight)
    m = sight.samples
    out = np.empty_like(Z)
    loss.value(Z, A, loss.prepare(Y), out, np.empty_like(Z))
    columns = (_flat(TensorName("A", last), A), _flat(TensorName("Y"), Y))
    values = out.ravel().astype(np.float64) / m
    return Sum((), "sample k", columns, values, f"{loss.short}/m", period=m)


def _flat(name: TensorName, array: Array) -> Column:
    """Every element, output by output."""
    m = array.shape[-1]
    return Column(str(name), array.ravel(), lambda k: Element(name, *divmod(k, m)))


def _expand_dA(sight: Sight, at: Element) -> Sum:
    """Σ_i W[l+1]_ij dZ[l+1]_ik; for the output layer ∂J/∂a."""
    above = at.tensor.layer + 1
    if above > len(sight.architecture.layers):
        return _expand_head_dA(sight, at)
    W, dZ = TensorName("W", above), TensorName("dZ", above)
    return dot(
        "unit i",
        column_of(W, sight.parameter(W), at.row),
        column_of(dZ, sight.array(dZ), at.column),
    )


def _expand_head_dA(sight: Sight, at: Element) -> Sum:
    """∂J/∂a from the loss's own table, over the whole batch as the engine computes it."""
    loss = sight.architecture.loss
    Z, A, Y = _head(sight)
    m, out = np.array(sight.samples, Z.dtype), np.empty_like(Z)
    loss.gradient(Z, A, loss.prepare(Y), m, out, np.empty_like(Z))
    source = TensorName(loss.source, at.tensor.layer)
    arguments = tuple(sight.factor(at._replace(tensor=name)) for name in (source, TensorName("Y")))
    return Sum((Term(None, arguments, float(out[at.row, at.column]), f"{loss.short}′ /m"),))


def _expand_dZ(sight: Sight, at: Element) -> Sum:
    """dA[l]_ik g′(Z[l]_ik); for a canonical pair a/m − y/m."""
    layer = at.tensor.layer
    if layer == len(sight.architecture.layers) and sight.architecture.fused:
        return _expand_fused_dZ(sight, at)
    dA = sight.factor(at._replace(tensor=TensorName("dA", layer)))
    return Sum((product(dA, _slope(sight, at)),))


def _expand_fused_dZ(sight: Sight, at: Element) -> Sum:
    A = sight.factor(at._replace(tensor=TensorName("A", at.tensor.layer)))
    Y = sight.factor(at._replace(tensor=TensorName("Y")), sign="−")
    share = sight.share()
    return Sum((product(A, share), product(Y, share)))


def _slope(sight: Sight, at: Element) -> Factor:
    """g′(Z[l]_ik): what the backward map makes of dA = 1."""
    layer = at.tensor.layer
    activation = sight.architecture.activations[layer - 1]
    names = TensorName("Z", layer), TensorName("A", layer)
    Z, A = (sight.array(name)[at.row : at.row + 1, at.column : at.column + 1] for name in names)
    out = np.empty_like(Z)
    activation.backward(np.ones_like(Z), Z, A, out)
    source = at._replace(tensor=names[0])
    return Factor(f"{activation.short}′({names[0]})", float(out[0, 0]), source)


def _expand_dW(sight: Sight, at: Element) -> Sum:
    """Σ_k dZ[l]_ik A[l-1]_jk."""
    dZ, before = TensorName("dZ", at.tensor.layer), sight.input(at.tensor.layer)
    return dot(
        "sample k",
        row_of(dZ, sight.array(dZ), at.row),
        row_of(before, sight.array(before), at.column),
    )


def _expand_db(sight: Sight, at: Element) -> Sum:
    """Σ_k dZ[l]_ik."""
    dZ = TensorName("dZ", at.tensor.layer)
    return dot("sample k", row_of(dZ, sight.array(dZ), at.row))


def _expand_update(sight: Sight, at: Element) -> Sum:
    """What the optimiser makes of the gradient."""
    name = at.tensor.name.replace("update_", "d")
    gradient = sight.factor(at._replace(tensor=TensorName(name, at.tensor.layer)))
    return UPDATES[sight.optimizer.name](sight, gradient)


def _gradient_descent(sight: Sight, gradient: Factor) -> Sum:
    """−α d."""
    return Sum((product(Factor("−α", -sight.learning_rate, None), gradient),))


def _expand_parameter(sight: Sight, at: Element) -> Sum:
    """What it was before, and the update."""
    value = float(sight.parameter(at.tensor)[at.row, at.column])
    update = sight.factor(at._replace(tensor=TensorName(f"update_{at.tensor.name}", at.tensor[1])))
    return Sum((product(Factor(f"{at.tensor} before", value, None)), product(update)))


RULES: Final[dict[str, Rule]] = {
    "Z": _expand_Z,
    "A": _expand_A,
    "J": _expand_J,
    "dA": _expand_dA,
    "dZ": _expand_dZ,
    "dW": _expand_dW,
    "db": _expand_db,
    "update_W": _expand_update,
    "update_b": _expand_update,
    "W": _expand_parameter,
    "b": _expand_parameter,
}
"""By the name of the result."""

UPDATES: Final[dict[str, Callable[[Sight, Factor], Sum]]] = {
    "gradient_descent": _gradient_descent,
}
"""By the name of the optimiser."""
