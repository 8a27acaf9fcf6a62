"""A hand-written backpropagation in which any tensor can be spoilt, as a user may have it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, Any]
Mistakes = Mapping[str, Callable[[Arrays], Any]]

SIZES = (3, 4, 4, 1)
M = 12


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


G: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "identity": lambda z: z,
}
SLOPE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda z: (z > 0).astype(float),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "sigmoid": lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
    "identity": np.ones_like,
}


def own_arrays(
    hidden: str = "tanh",
    output: str = "sigmoid",
    loss: str = "binary_cross_entropy",
    mistakes: Mistakes | None = None,
    late: bool = False,
    sizes: tuple[int, ...] = SIZES,
    m: int = M,
    inputs: Arrays | None = None,
) -> Arrays:
    """X, Y, parameters and every tensor, samples in columns, W as (units, inputs).

    `mistakes` replace a tensor by what a function of everything before it gives. `late` puts 1/m
    into dW and db. `inputs` take the place of A0 (which is X), Y, W1, b1, ….
    """
    rng = np.random.default_rng(3)
    last = len(sizes) - 1
    names = ["", *[hidden] * (last - 1), output]
    t: Arrays = {"m": m, "A0": rng.normal(size=(sizes[0], m))}
    t["Y"] = (rng.random((sizes[-1], m)) < 0.5).astype(float)
    for l in range(1, last + 1):
        t[f"W{l}"] = rng.normal(size=(sizes[l], sizes[l - 1]))
        t[f"b{l}"] = rng.normal(size=(sizes[l], 1)) / 2

    t |= inputs or {}

    def put(key: str, value: Any) -> None:
        t[key] = value
        if mistakes and key in mistakes:
            t[key] = mistakes[key](t)

    for l in range(1, last + 1):
        put(f"Z{l}", t[f"W{l}"] @ t[f"A{l - 1}"] + t[f"b{l}"])
        put(f"A{l}", G[names[l]](t[f"Z{l}"]))
    A, Y, head = t[f"A{last}"], t["Y"], 1 if late else m
    with np.errstate(all="ignore"):
        logs = -(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    is_squared = loss == "half_squared_error"
    put("J", (0.5 * (A - Y) ** 2 if is_squared else logs).sum() / m)
    put(f"dA{last}", (A - Y) / (1 if is_squared else A * (1 - A)) / head)
    for l in range(last, 0, -1):
        if l < last:
            put(f"dA{l}", t[f"W{l + 1}"].T @ t[f"dZ{l + 1}"])
        put(f"dZ{l}", t[f"dA{l}"] * SLOPE[names[l]](t[f"Z{l}"]))
        tail = m if late else 1
        put(f"dW{l}", t[f"dZ{l}"] @ t[f"A{l - 1}"].T / tail)
        put(f"db{l}", t[f"dZ{l}"].sum(axis=1, keepdims=True) / tail)
    t["X"] = t.pop("A0")
    del t["m"]
    return t | {"activations": np.array(names[1:]), "loss": np.array(loss)}


def in_rows(arrays: Arrays) -> Arrays:
    """The same with samples in rows and W as (inputs, units)."""
    words = ("activations", "loss")
    return {key: a if key in words else np.asarray(a).T for key, a in arrays.items()}


def saved(folder: Path, arrays: Arrays) -> Path:
    """The file a user would have."""
    path = folder / "own.npz"
    np.savez(path, **{key: a for key, a in arrays.items() if a is not None})
    return path
