"""An .npz file with the arrays of somebody's own backpropagation."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.analysis.conventions import (
    BIAS_LIKE,
    WEIGHT_LIKE,
    Convention,
    Given,
    Orientation,
    OwnArrays,
    keeps_its_shape,
)
from model.arrays import Array, Shape
from model.errors import FileError
from model.files.npz import NamedArrays, read_npz
from model.files.own_layout import Inputs, inferred
from model.nn.operations import TensorName
from model.training.settings import MOST_LAYERS

RESULT: Final = re.compile(r"(Z|A|dA|dZ|dW|db)([1-9]\d{0,3})")
PARAMETER: Final = re.compile(r"[Wb]([1-9]\d{0,3})")
FROM_ZERO: Final = re.compile(r"(W|b|dW|db)0")
ALIASES: Final = {"y": "Y", "x": "X", "A0": "X", "cost": "J"}
"""Other names that people use; they count where the usual name is not there."""

NUMERIC: Final = "fiub"
"""Kinds of NumPy types that are numbers here; True counts as 1."""

MOST_NUMBERS: Final = 20_000_000
"""Of one kind of tensor, over all layers: Backscope holds about eight such kinds at once."""


def read_own_arrays(path: Path, orientation: Orientation | None = None) -> OwnArrays:
    """The arrays of a file; `FileError` says what is wrong with it.

    Needed are X, Y, W1, b1, W2, b2, …; of Z1, A1, dA1, dZ1, dW1, db1, … and J those that are there
    are taken. Where the samples stand and which axis of W counts the units is found out once for
    the whole file, from X and W.
    """
    try:
        return _own_arrays(path.name, _renamed(read_npz(path)), orientation)
    except FileError as error:
        if path.name in error.message:
            raise
        raise FileError(f"{path.name} cannot be compared: {error.message}", error.hint) from error


def _own_arrays(name: str, arrays: NamedArrays, orientation: Orientation | None) -> OwnArrays:
    inputs = _inputs(arrays)
    convention = inferred(inputs, orientation)
    sizes = convention.sizes([W.shape for W in inputs.W]) or ()
    _, m = convention.samples_of(inputs.X.shape)
    if m * sum(sizes[1:]) > MOST_NUMBERS:
        raise FileError(
            f"{m} samples of {sum(sizes[1:])} units are too many",
            f"save a part of the samples: at most {MOST_NUMBERS // sum(sizes[1:])}",
        )
    stored = dict(_results(arrays, len(inputs.W)))
    floats = [a.dtype.itemsize for a in stored.values() if a.dtype.kind == "f"]
    results = {
        name: _given(name, array.astype(float), convention, inputs, (sizes[name.layer], m))
        for name, array in stored.items()
    }
    if not results:
        raise FileError("there is nothing to compare in it", "add some of Z1, A1, dZ1, dW1, db1, …")
    used = {given.key for given in results.values()} | _needed(len(inputs.W))
    return OwnArrays(
        name=name,
        X=convention.turned("X", inputs.X),
        Y=inputs.Y.reshape(1, m) if sizes[-1] == 1 else convention.turned("Y", inputs.Y),
        W=tuple(convention.turned("W", W) for W in inputs.W),
        b=tuple(b.reshape(-1, 1) for b in inputs.b),
        convention=convention,
        results=results,
        activations=_words(arrays, "activations"),
        loss=next(iter(_words(arrays, "loss") or ()), None),
        ignored=tuple(key for key in arrays if key not in used | {"activations", "loss"}),
        itemsize=min(8, *floats) if floats else 8,
    )


def _renamed(arrays: NamedArrays) -> NamedArrays:
    """With the usual names; a number called loss is J, not the name of a loss."""
    named = dict(arrays)
    if "loss" in named and named["loss"].dtype.kind in NUMERIC and "J" not in named:
        named["J"] = named.pop("loss")
    for alias, name in ALIASES.items():
        if alias in named and name not in named:
            named[name] = named.pop(alias)
    return named


def _needed(layers: int) -> set[str]:
    return {"X", "Y", *(f"{name}{l}" for name in "Wb" for l in range(1, layers + 1))}


def _inputs(arrays: NamedArrays) -> Inputs:
    """X, Y, W and b as they stand in the file, checked one by one."""
    shifted = next(filter(FROM_ZERO.fullmatch, arrays), None)
    if shifted:
        raise FileError(f"it has a {shifted}", "layers count from 1: W1 takes X")
    found = [match for match in map(PARAMETER.fullmatch, arrays) if match is not None]
    layers = max((int(match[1]) for match in found), default=1)
    if layers > MOST_LAYERS + 1:
        raise FileError(f"it has {layers} layers; at most {MOST_LAYERS + 1} are compared")
    W = [_numbers(arrays, f"W{l}") for l in range(1, layers + 1)]
    b = [_numbers(arrays, f"b{l}") for l in range(1, layers + 1)]
    X, Y = _numbers(arrays, "X"), _numbers(arrays, "Y")
    for name, array in (("X", X), *((f"W{l}", w) for l, w in enumerate(W, start=1))):
        if array.ndim != 2 or 0 in array.shape:
            hint = f"save {name}.reshape(1, -1) or {name}.reshape(-1, 1)" if array.ndim == 1 else ""
            raise FileError(f"{name} has shape {array.shape}; two axes are needed", hint)
    Z1 = arrays.get("Z1")
    usable = Z1 is not None and Z1.dtype.kind in NUMERIC
    return Inputs(X, Y, W, b, Z1.astype(float) if usable and Z1 is not None else None)


def _numbers(arrays: Mapping[str, NDArray[Any]], name: str) -> Array:
    if name not in arrays:
        there = ", ".join(list(arrays)[:12]) or "nothing"
        raise FileError(f"it has no {name}", f"it holds {there}")
    array = arrays[name]
    if array.dtype.kind not in NUMERIC:
        raise FileError(f"{name} does not hold real numbers")
    numbers: Array = array.astype(float)
    bad = np.argwhere(~np.isfinite(numbers))
    if len(bad):
        place, more = ", ".join(map(str, bad[0])), f" and {len(bad) - 1} more" * (len(bad) > 1)
        raise FileError(f"{name} holds a number that is not finite, at [{place}]{more}")
    return numbers


def _results(arrays: NamedArrays, layers: int) -> Iterator[tuple[TensorName, NDArray[Any]]]:
    """What was computed; NaN in it is a finding, not an error."""
    for key, array in arrays.items():
        match = RESULT.fullmatch(key)
        known = key == "J" or (match is not None and int(match[2]) <= layers)
        if known and array.dtype.kind not in NUMERIC:
            raise FileError(f"{key} does not hold real numbers")
        if known:
            yield TensorName(match[1], int(match[2])) if match else TensorName("J"), array


def _given(
    name: TensorName, stored: Array, convention: Convention, inputs: Inputs, layer: tuple[int, int]
) -> Given:
    """One result beside the shape that it needs; `layer` is (n_l, m), for J it means nothing."""
    key = f"{name.name}{name.layer or ''}"
    kind = name.name
    if kind in WEIGHT_LIKE + BIAS_LIKE:
        parameter = (inputs.W if kind in WEIGHT_LIKE else inputs.b)[name.layer - 1]
        needed: Shape = parameter.shape
        fits = keeps_its_shape(needed, stored.shape)
    elif kind == "J":
        needed, fits = (), stored.size == 1
    else:
        needed = convention.turned(kind, np.empty(layer)).shape
        fits = stored.shape == needed or (stored.shape == layer[1:] and layer[0] == 1)
    return Given(key, stored, _tensor(kind, stored, needed, fits, convention), needed, fits)


def _tensor(kind: str, stored: Array, needed: Shape, fits: bool, convention: Convention) -> Array:
    if fits and kind in BIAS_LIKE:
        return stored.reshape(-1, 1)
    return convention.turned(kind, stored.reshape(needed) if fits else stored)


def _words(arrays: NamedArrays, name: str) -> tuple[str, ...] | None:
    words = arrays.get(name)
    if words is None:
        return None
    if words.dtype.kind != "U" or words.ndim > 1:
        raise FileError(f"{name} must hold words")
    return tuple(str(word) for word in words.reshape(-1))
