"""Changes of weights that a user asks for, checked before they are made."""

from collections.abc import Callable
from typing import Final

import numpy as np

from model.errors import ArrayError
from model.nn.initializers import BIAS_INITIALIZERS, INITIALIZERS
from model.nn.network import Network
from model.nn.operations import TensorName
from model.tables import entry
from model.training.events import FreezeLayer, SetElement, SetLayer
from model.training.settings import NetworkSettings


def set_element(
    network: Network, name: str, layer: int, row: int, column: int, value: float
) -> SetElement:
    """An element of W or b of a layer (from 1), row and column from 0; raises `ArrayError`."""
    if name not in ("W", "b"):
        raise ArrayError(f"{name} cannot be set", "W and b can")
    shape = (network.W if name == "W" else network.b)[_checked(network, layer) - 1].shape
    tensor = TensorName(name, layer)
    if not (0 <= row < shape[0] and 0 <= column < shape[1]):
        raise ArrayError(f"{tensor} has no element {row + 1}, {column + 1}; its shape is {shape}")
    dtype = network.parameters.dtype
    if not abs(value) <= float(np.finfo(dtype).max):
        raise ArrayError(f"{value:g} is not allowed in {tensor}", f"a finite {dtype} is needed")
    return SetElement(tensor, row, column, value)


def zero_layer(network: Network, layer: int) -> SetLayer:
    """All W and b of a layer are to be 0."""
    i = _checked(network, layer) - 1
    return SetLayer(layer, np.zeros_like(network.W[i]), np.zeros_like(network.b[i]), "set to zero")


def redraw_layer(network: Network, settings: NetworkSettings, layer: int, seed: int) -> SetLayer:
    """A layer's W and b are to be drawn again, as the settings say, from another seed."""
    W = network.W[_checked(network, layer) - 1]
    generator = np.random.default_rng([seed, layer])
    draw = entry(INITIALIZERS, settings.initializer, "initializer").draw
    draw_bias = entry(BIAS_INITIALIZERS, settings.bias_initializer, "bias_initializer").draw
    return SetLayer(
        layer,
        draw(generator, *W.shape).astype(W.dtype),
        draw_bias(generator, W.shape[0]).astype(W.dtype),
        f"drawn again from seed {seed}",
    )


def freeze_layer(network: Network, layer: int, frozen: bool) -> FreezeLayer:
    """A layer is to be left out of the updates, or not any longer."""
    return FreezeLayer(_checked(network, layer), frozen)


def layer_change(
    wish: str, network: Network, settings: NetworkSettings, layer: int, seed: int
) -> SetLayer | FreezeLayer:
    """The change of a layer that a word of `LAYER_WISHES` stands for."""
    return entry(LAYER_WISHES, wish, "wish")(network, settings, layer, seed)


_LayerWish = Callable[[Network, NetworkSettings, int, int], SetLayer | FreezeLayer]

LAYER_WISHES: Final[dict[str, _LayerWish]] = {
    "zero": lambda network, settings, layer, seed: zero_layer(network, layer),
    "redraw": redraw_layer,
    "freeze": lambda network, settings, layer, seed: freeze_layer(network, layer, True),
    "free": lambda network, settings, layer, seed: freeze_layer(network, layer, False),
}
"""What can be done to a whole layer, by its word in the panels."""


def _checked(network: Network, layer: int) -> int:
    if not 1 <= layer <= len(network.W):
        raise ArrayError(f"There is no layer {layer}", f"there are 1 to {len(network.W)}")
    return layer
