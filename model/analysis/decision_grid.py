"""The output over a rectangle of the two features, and the line on which it is the threshold."""

from collections.abc import Sequence

import numpy as np

from model.arrays import Array, frozen
from model.data.dataset import Dataset
from model.nn.backprop import outputs
from model.nn.network import Network
from model.training.snapshots import DecisionGrid, LayerView

MARGIN = 1.0
"""The lab draws the boundary over the data's range ± 1."""


class GridSampler:
    """Evaluates networks over one rectangle; the points are laid out once."""

    def __init__(self, data: Dataset, size: int) -> None:
        both = data.both
        low, high = both.min(axis=0) - MARGIN, both.max(axis=0) + MARGIN
        self.x = np.linspace(low[0], high[0], size)
        self.y = np.linspace(low[1], high[1], size)
        across, up = np.meshgrid(self.x, self.y)
        self._points = np.column_stack([across.ravel(), up.ravel()])

    def grid(self, network: Network, threshold: float) -> DecisionGrid:
        """The first output at every point, (size, size), with its contour."""
        return self._grid(network.predict_proba(self._points)[:, 0], threshold)

    def grids(self, stack: Network, threshold: float) -> list[DecisionGrid]:
        """The grid of each network of a stack (K,), by one forward pass over all of them."""
        found = outputs(stack, self._points.T.astype(stack.architecture.dtype))[-1]
        return [self._grid(values[0], threshold) for values in found]

    def _grid(self, values: Array, threshold: float) -> DecisionGrid:
        probability = values.reshape(len(self.y), len(self.x))
        return DecisionGrid(
            frozen(self.x),
            frozen(self.y),
            frozen(probability),
            contour(self.x, self.y, probability, threshold),
        )


def probability_at(layers: Sequence[LayerView], x: Array) -> float:
    """The first output for one sample (n_features,) as the network sees it."""
    sizes = [layers[0].W.shape[1], *(len(layer.b) for layer in layers)]
    names = [layer.activation for layer in layers]
    network = Network.build(sizes, names, "half_squared_error", layers[0].W.dtype)
    network.assign([layer.W for layer in layers], [layer.b for layer in layers])
    return float(network.predict_proba(x[None, :])[0, 0])


def contour(x: Array, y: Array, values: Array, level: float) -> tuple[Array, ...]:
    """Polylines (k, 2) on which `values` (rows, columns) is `level`.

    There are none where a value is not finite.
    """
    from contourpy import contour_generator

    masked = np.ma.masked_invalid(values)
    lines: Sequence[Array] = contour_generator(x, y, masked).lines(level)  # type: ignore[assignment]
    return tuple(frozen(np.asarray(line)) for line in lines)
