"""weights.npz: a network's parameters with the scaling of its inputs, to be opened again."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.arrays import Array
from model.data.dataset import Dataset, scaled
from model.errors import BackscopeError, FileError
from model.files.atomic import replacing
from model.files.npz import NamedArrays, read_npz
from model.nn.network import Network
from model.training.settings import MOST_LAYERS
from model.training.snapshots import Snapshot
from model.training.train import Result

PARAMETER: Final = re.compile(r"[Wb]([1-9]\d{0,3})")
NUMERIC: Final = "fiu"
"""Kinds of NumPy types that hold real numbers."""
WIDEST: Final = np.dtype(np.float64).itemsize
"""Bytes of a number that is opened; in a wider type it may be beyond what the network can hold."""


@dataclass(frozen=True)
class Weights:
    """What the file holds.

    `network` with its parameters, activations and loss; `mean` and `scale` (n_features,): the
    network sees (raw − mean) / scale. In the file they are W1, b1, W2, …, mean, scale, activations
    and loss, with the shapes (n_l, n_{l-1}), (n_l, 1), (n_features,), (L,) and ().
    """

    network: Network
    mean: Array
    scale: Array

    @classmethod
    def of_result(cls, result: Result) -> "Weights":
        """Those at the end of a run."""
        return cls(result.network, result.data.mean, result.data.scale)

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> "Weights":
        """Those at one moment."""
        layers, data = snapshot.layers, snapshot.data
        network = Network.from_arrays(
            [layer.W for layer in layers],
            [layer.b for layer in layers],
            [layer.activation for layer in layers],
            snapshot.settings.training.loss,
        )
        return cls(network, data.mean, data.scale)

    def fits(self, data: Dataset) -> bool:
        """Whether the network sees these data as it saw those it was trained on."""
        return np.array_equal(self.mean, data.mean) and np.array_equal(self.scale, data.scale)

    def predict_proba(self, X: ArrayLike) -> Array:
        """The outputs (n_samples, n_outputs) for raw features (n_samples, n_features)."""
        return self.network.predict_proba(scaled(X, self.mean, self.scale))


def write_weights(path: Path, weights: Weights) -> None:
    """Write the file; the same weights give the same bytes. Raises `FileError`."""
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **_arrays(weights))
    with replacing(path) as stream:
        stream.write(content.getbuffer())


def read_weights(path: Path) -> Weights:
    """The weights in a file; `FileError` says what is wrong with it.

    A file without activations holds a network of ReLU with a sigmoid output, one without a loss
    was trained on binary cross-entropy, one without mean and scale wants its inputs as they are.
    """
    arrays = read_npz(path)
    try:
        return _weights(arrays)
    except BackscopeError as error:
        raise FileError(f"{path.name} cannot be used: {error.message}", error.hint) from error


def _arrays(weights: Weights) -> dict[str, Any]:
    network = weights.network
    arrays: dict[str, Any] = {}
    for l, (W, b) in enumerate(zip(network.W, network.b, strict=True), start=1):
        arrays |= {f"W{l}": W, f"b{l}": b}
    return arrays | {
        "mean": weights.mean,
        "scale": weights.scale,
        "activations": np.array([a.name for a in network.architecture.activations]),
        "loss": np.array(network.architecture.loss.name),
    }


def _weights(arrays: NamedArrays) -> Weights:
    layers = _layers(arrays)
    activations = _words(arrays, "activations", ["relu"] * (layers - 1) + ["sigmoid"])
    loss = _words(arrays, "loss", ["binary_cross_entropy"])
    if len(loss) != 1:
        raise FileError("loss must hold one word")
    network = Network.from_arrays(
        [arrays[f"W{l}"] for l in range(1, layers + 1)],
        [arrays[f"b{l}"] for l in range(1, layers + 1)],
        activations,
        loss[0],
    )
    n_features = network.architecture.sizes[0]
    mean = _numbers(arrays, "mean", np.zeros(n_features))
    scale = _numbers(arrays, "scale", np.ones(n_features))
    if not (scale > 0).all():
        raise FileError("scale must be above 0")
    return Weights(network, mean, scale)


def _layers(arrays: NamedArrays) -> int:
    """The number of layers; `FileError` names the first parameter that is missing or no number."""
    found = [match for match in map(PARAMETER.fullmatch, arrays) if match is not None]
    layers = max((int(match[1]) for match in found), default=1)
    if layers > MOST_LAYERS + 1:
        raise FileError(f"it has {layers} layers; at most {MOST_LAYERS + 1} are opened")
    for l in range(1, layers + 1):
        for name in (f"W{l}", f"b{l}"):
            if name not in arrays:
                there = ", ".join(list(arrays)[:12]) or "nothing"
                raise FileError(f"it has no {name}", f"it holds {there}")
            _check_numbers(name, arrays[name])
    return layers


def _check_numbers(name: str, array: NDArray[Any]) -> None:
    """`FileError` where an array holds anything but real numbers of at most 64 bits."""
    if array.dtype.kind not in NUMERIC or array.dtype.itemsize > WIDEST:
        raise FileError(
            f"{name} does not hold numbers that a network can have",
            f"it holds {array.dtype.name}; real numbers of at most {8 * WIDEST} bits are opened",
        )


def _words(arrays: NamedArrays, name: str, default: list[str]) -> list[str]:
    words = arrays.get(name)
    if words is None:
        return default
    if words.dtype.kind != "U" or words.ndim > 1:
        raise FileError(f"{name} must hold words")
    return [str(word) for word in words.reshape(-1)]


def _numbers(arrays: NamedArrays, name: str, default: Array) -> Array:
    numbers = arrays.get(name, default)
    _check_numbers(name, numbers)
    if numbers.shape != default.shape:
        raise FileError(f"{name} must hold {len(default)} numbers, one for each feature")
    numbers = numbers.astype(float)
    if not np.isfinite(numbers).all():
        raise FileError(f"{name} holds a number that is not finite")
    return numbers
