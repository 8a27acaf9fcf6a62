"""What several tests of the model need: small networks, small sessions, and a look at every bit."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from model import Network, RunSettings, Session
from model.errors import StateError
from model.nn.backprop import Backprop
from model.nn.tensors import BatchTensors, GradientTensors

SMALL = {
    "data": {"n_samples": 40},
    "network": {"layers": [4, 3], "activation": "tanh", "seed": 5},
    "training": {"learning_rate": 0.5, "epochs": 1000},
}
"""32 training samples; with batches of 12 the last one of an epoch holds 8."""


@pytest.fixture(scope="session")
def small_settings() -> Callable[..., RunSettings]:
    """Settings of a run that takes milliseconds; keywords are groups, merged into it."""

    def make(**groups: dict[str, object]) -> RunSettings:
        return RunSettings.model_validate(
            {name: {**values, **groups.get(name, {})} for name, values in SMALL.items()}
        )

    return make


@pytest.fixture(scope="session")
def random_network() -> Callable[..., Network]:
    """A network with weights of variance 1/n_in and biases that are nowhere near 0."""

    def make(
        sizes: tuple[int, ...], activations: tuple[str, ...], loss: str, seed: int = 0
    ) -> Network:
        generator = np.random.default_rng(seed)
        pairs = list(pairwise(sizes))
        weights = [generator.normal(0, n_in**-0.5, (n_out, n_in)) for n_in, n_out in pairs]
        signs = [generator.choice([-1.0, 1.0], (n_out, 1)) for _, n_out in pairs]
        biases = [sign * generator.uniform(0.1, 0.5, sign.shape) for sign in signs]
        return Network.from_arrays(weights, biases, activations, loss)

    return make


@pytest.fixture(scope="session")
def bound() -> Callable[..., Backprop]:
    """A network ready to train on X (n_0, m) and Y (n_L, m), samples as columns."""

    def make(network: Network, X: np.ndarray, Y: np.ndarray, learning_rate: object) -> Backprop:
        architecture = network.architecture
        batch = BatchTensors(architecture, np.shape(X)[1])
        batch.load(np.asarray(X), np.asarray(Y))
        rate = np.asarray(learning_rate, architecture.dtype)
        return Backprop(network, batch, GradientTensors(architecture), rate)

    return make


@pytest.fixture(scope="session")
def everything() -> Callable[[Session], dict[str, object]]:
    """Where a session stands and every bit that can be read there."""

    def read(session: Session) -> dict[str, object]:
        found: dict[str, object] = {
            "position": (session.iteration, session.operation),
            "history": session.history.rows.tobytes(),
            "parameters": session.network.parameters.tobytes(),
        }
        names = ("W", "b", "Z", "A", "dA", "dZ", "dW", "db", "update_W", "update_b")
        layers = session.network.architecture.layers
        tensors = [("X", 0), ("Y", 0), ("J", 0), *((name, l) for name in names for l in layers)]
        for name, layer in tensors:
            try:
                array = session.tensor(name, layer)
            except StateError as error:
                found[f"{name}{layer}"] = error.message
            else:
                found[f"{name}{layer}"] = (array.shape, array.tobytes())
        return found

    return read
