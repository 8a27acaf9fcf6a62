"""Snapshots in the middle of an iteration, with an element taken apart."""

from dataclasses import replace
from functools import cache

import numpy as np

from model.analysis.expanding import expanded
from model.analysis.expansion import Element, Expansion
from model.nn.backprop import Backprop
from model.nn.network import Network
from model.nn.operations import TensorName
from model.nn.tensors import BatchTensors, GradientTensors
from model.training.snapshots import Snapshot
from tests.gui.run_snapshots import lab_snapshot

RATE = 0.01


@cache
def lab(operations: int) -> Snapshot:
    """The lab's run after 30 epochs and so many operations of the next iteration."""
    snapshot = lab_snapshot()
    return replace(snapshot, operation=operations, program=_iterated()[0].program)


def at(element: Element, most: int = 4) -> Snapshot:
    """The same just after the operation that computed this element, taken apart."""
    expansion = expansion_of(element, most)
    return replace(lab(expansion.operation.index + 1), expansion=expansion)


def expansion_of(element: Element, most: int) -> Expansion:
    """An element of the iteration after the snapshot's."""
    bound, first = _iterated()

    def before(name: TensorName) -> np.ndarray:
        return {"W": first.W, "b": first.b}[name.name][name.layer - 1]

    return expanded(
        bound.tensor,
        first.architecture,
        bound.optimizer,
        element,
        learning_rate=RATE,
        before=before,
        most=most,
    )


@cache
def _iterated() -> tuple[Backprop, Network]:
    """The snapshot's network after one more iteration, and as it was before."""
    snapshot = lab_snapshot()
    first = Network.from_arrays(
        [layer.W for layer in snapshot.layers],
        [layer.b for layer in snapshot.layers],
        [layer.activation for layer in snapshot.layers],
    )
    network, data = first.copy(), snapshot.data
    batch = BatchTensors(network.architecture, len(data.X_train))
    batch.load(data.X_train.T, data.y_train[None, :])
    bound = Backprop(network, batch, GradientTensors(network.architecture), np.array(RATE))
    for _ in bound.iteration():
        pass
    return bound, first
