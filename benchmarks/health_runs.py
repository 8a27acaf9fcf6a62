"""Runs that are well and runs that fail, by which the limits of layer health are set."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from model.nn.network import Network
from model.training.session import Session
from model.training.settings import RunSettings

Settings = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """Settings to be run with several seeds for some epochs; `first` changes the first weights.

    `frozen` are the layers that stand still from the beginning, counted from 1.

    `kinds` are those of the advice of which at least one is due; none for a run that is well.
    """

    name: str
    settings: Settings = field(default_factory=dict)
    epochs: int = 300
    first: Callable[[Network], None] | None = None
    kinds: tuple[str, ...] = ()
    frozen: tuple[int, ...] = ()

    def session(self, seed: int) -> Session:
        """The run of a seed at its beginning; it does not end by itself unless it fails."""
        groups = {
            "data": self.settings.get("data", {}),
            "network": {**self.settings.get("network", {}), "seed": seed},
            "training": {"epochs": 10**8, **self.settings.get("training", {})},
        }
        session = Session(RunSettings.model_validate(groups))
        if self.first is not None:
            network = session.network
            self.first(network)
            session.load_parameters(network)
        for layer in self.frozen:
            session.change_layer("freeze", layer)
        return session


def _settings(**values: Any) -> Settings:
    """Every setting in the group that has it."""
    groups = {"network": ("layers", "activation", "initializer", "bias_initializer", "dtype"),
              "training": ("learning_rate", "batch_size", "loss")}  # fmt: skip
    named: Settings = {"data": {}, "network": {}, "training": {}}
    for name, value in values.items():
        group = next((group for group, names in groups.items() if name in names), "data")
        named[group][name] = value
    return named


def _times(factor: float) -> Callable[[Network], None]:
    def scale(network: Network) -> None:
        for W in network.W:
            np.multiply(W, factor, out=W)

    return scale


def _kill_half(layer: int) -> Callable[[Network], None]:
    def kill(network: Network) -> None:
        b = network.b[layer - 1]
        b[: -(-len(b) // 2)] = -20.0

    return kill


def _tanh(rate: float, **others: Any) -> Settings:
    return _settings(activation="tanh", initializer="xavier", learning_rate=rate, **others)


def _sigmoid(layers: list[int], rate: float, initializer: str = "xavier") -> Settings:
    return _settings(
        layers=layers, activation="sigmoid", initializer=initializer, learning_rate=rate
    )


LAB: Final = Trial("the lab", epochs=1000)

HEALTHY: Final = (
    Trial("ReLU, α = 0.1", _settings(learning_rate=0.1), 1000),
    Trial("ReLU, α = 0.5", _settings(learning_rate=0.5), 1000),
    Trial("ReLU, α = 1", _settings(learning_rate=1.0), 1000),
    Trial("Xavier", _settings(initializer="xavier"), 1000),
    Trial("uniform", _settings(initializer="uniform", learning_rate=0.1), 1000),
    Trial("leaky ReLU", _settings(activation="leaky_relu", learning_rate=0.1), 1000),
    Trial("tanh, He, α = 0.01", _settings(activation="tanh"), 1000),
    Trial("tanh, α = 0.1", _tanh(0.1), 1000),
    Trial("tanh, α = 0.5", _tanh(0.5), 1000),
    Trial("tanh, α = 1", _tanh(1.0), 1000),
    Trial("sigmoid, one layer, α = 1", _sigmoid([10], 1.0), 1000),
    Trial("sigmoid, two layers, α = 1", _sigmoid([10, 5], 1.0), 1000),
    Trial("sigmoid, two layers, α = 0.1", _sigmoid([10, 5], 0.1), 1000),
    Trial("circles", _settings(name="circles", learning_rate=0.1), 1000),
    Trial("blobs", _settings(name="blobs", learning_rate=0.1), 1000),
    Trial("blobs far apart", _settings(name="blobs", distance=10.0, learning_rate=0.1), 1000),
    Trial("xor", _settings(name="xor", learning_rate=0.1), 1000),
    Trial("spirals", _settings(name="spirals", layers=[32, 32], learning_rate=0.3), 1000),
    Trial("unscaled moons", _settings(scaling="none", learning_rate=0.1), 1000),
    Trial("batches of 32", _settings(batch_size=32), 200),
    Trial("batches of 32, α = 0.1", _settings(batch_size=32, learning_rate=0.1), 200),
    Trial("batches of 32, tanh", _tanh(0.1, batch_size=32), 200),
    Trial("wide", _settings(layers=[64, 64], learning_rate=0.1), 300),
    Trial("one layer of 20", _settings(layers=[20]), 1000),
    Trial("six layers of ReLU", _settings(layers=[10] * 6, learning_rate=0.05), 1000),
    Trial("six layers of tanh", _tanh(0.1, layers=[10] * 6), 1000),
    Trial("sigmoid, four layers, α = 1", _sigmoid([10] * 4, 1.0, "he"), 300),
    Trial("linear, α = 0.1", _settings(activation="identity", learning_rate=0.1), 1000),
    Trial("linear, α = 0.3", _settings(activation="identity", learning_rate=0.3), 1000),
    Trial("linear, pure noise", _settings(activation="identity", learning_rate=0.3, noise=10.0)),
    Trial("half squared error", _settings(loss="half_squared_error", learning_rate=0.1), 1000),
    Trial("single precision", _settings(dtype="float32"), 1000),
)
"""All of them learn, whatever the seed from 0 to 4.

One of six layers of ReLU does so although 6 of 10 units of a layer die on the way.
"""

_EQUAL: Final = ("equal units",)
_RATE: Final = ("rising loss", "dead units", "saturated units")
_VANISHING: Final = ("vanishing gradient",)
_EXPLODING: Final = ("exploding gradient",)
_DEAD: Final = ("dead units",)
_SATURATED: Final = ("saturated units",)
_CONSTANT: Final = ("constant output",)

FAILING: Final = (
    Trial("zeros, ReLU", _settings(initializer="zeros"), 50, kinds=_EQUAL),
    Trial("zeros, tanh", _settings(initializer="zeros", activation="tanh"), 50, kinds=_EQUAL),
    Trial("zeros, sigmoid", _sigmoid([10, 5], 1.0, "zeros"), 300, kinds=_EQUAL),
    Trial("α = 10", _settings(learning_rate=10.0), kinds=_RATE),
    Trial("α = 30", _settings(learning_rate=30.0), kinds=_RATE),
    Trial("α = 100", _settings(learning_rate=100.0), kinds=_RATE),
    Trial("α = 1000", _settings(learning_rate=1000.0), kinds=_RATE),
    Trial("α = 1e100", _settings(learning_rate=1e100), kinds=_RATE),
    Trial("α = 100, tanh", _tanh(100.0), kinds=_RATE),
    Trial("α = 10, batches of 32", _settings(batch_size=32, learning_rate=10.0), 30, kinds=_RATE),
    Trial("sigmoid, eight layers, He", _sigmoid([10] * 8, 0.01, "he"), kinds=_VANISHING),
    Trial("sigmoid, eight layers, He, α = 0.1", _sigmoid([10] * 8, 0.1, "he"), kinds=_VANISHING),
    Trial("sigmoid, eight layers, He, α = 1", _sigmoid([10] * 8, 1.0, "he"), kinds=_VANISHING),
    Trial("sigmoid, eight layers, Xavier", _sigmoid([8] * 8, 0.01), kinds=_VANISHING),
    Trial("sigmoid, eight layers, α = 1", _sigmoid([8] * 8, 1.0), kinds=_VANISHING),
    Trial("sigmoid, eight wide layers", _sigmoid([32] * 8, 0.1, "he"), kinds=_VANISHING),
    Trial("half of layer 1 dead", {}, first=_kill_half(1), kinds=_DEAD),
    Trial("half of layer 2 dead", {}, first=_kill_half(2), kinds=_DEAD),
    Trial("six layers of ReLU, weights × 4", _settings(layers=[10] * 6), 100, _times(4.0),
          _EXPLODING),
    Trial("six layers of leaky ReLU, weights × 4",
          _settings(layers=[10] * 6, activation="leaky_relu"), 100, _times(4.0), _EXPLODING),
    Trial("six linear layers, weights × 4",
          _settings(layers=[10] * 6, activation="identity"), 100, _times(4.0), _EXPLODING),
    Trial("tanh, weights × 10", _settings(activation="tanh"), 300, _times(10.0), _SATURATED),
    Trial("tanh, weights × 5", _settings(activation="tanh"), 300, _times(5.0), _SATURATED),
    Trial("sigmoid, weights × 20", _settings(activation="sigmoid"), 300, _times(20.0), _SATURATED),
    Trial("tanh, unscaled data of size 100",
          _settings(name="blobs", distance=100.0, noise=10.0, scaling="none", activation="tanh"),
          kinds=_SATURATED),
    Trial("small normal, ReLU", _settings(initializer="normal"), kinds=_CONSTANT),
    Trial("small normal, six layers of tanh",
          _settings(layers=[8] * 6, activation="tanh", initializer="normal", learning_rate=0.1),
          kinds=_CONSTANT),
    Trial("α = 1e-6", _settings(learning_rate=1e-6), kinds=("standstill",)),
    Trial("all layers frozen", frozen=(1, 2, 3), kinds=("frozen layers",)),
)  # fmt: skip
"""Each fails at one thing, whatever the seed from 0 to 19."""
