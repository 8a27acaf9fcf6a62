"""The network that a run starts from."""

import numpy as np

from model.data.dataset import Dataset
from model.nn.network import Network
from model.training.settings import RunSettings


def first_network(settings: RunSettings, data: Dataset) -> Network:
    """The network with the weights that the settings' seed draws."""
    chosen = settings.network
    network = Network.build(
        (data.X_train.shape[1], *chosen.layers, 1),
        chosen.activations,
        settings.training.loss,
        chosen.dtype,
    )
    generator = np.random.default_rng(chosen.seed)
    network.initialize(chosen.initializer, chosen.bias_initializer, generator)
    return network
