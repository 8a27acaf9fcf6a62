"""Snapshots in the middle of an iteration, made by hand for the panels of a debugger."""

from dataclasses import replace

import numpy as np

from model.arrays import Array, frozen
from model.nn.network import Network
from model.nn.operations import Operation, TensorName, program
from model.nn.optimizers import OPTIMIZERS
from model.training.debug_views import TensorView
from model.training.snapshots import Snapshot
from tests.gui.network_snapshots import LAB, made_snapshot

SAMPLES = 40


def program_of(snapshot: Snapshot) -> tuple[Operation, ...]:
    """The operations of one iteration of the snapshot's network."""
    network = Network.from_arrays(
        [view.W for view in snapshot.layers],
        [view.b for view in snapshot.layers],
        [view.activation for view in snapshot.layers],
        "binary_cross_entropy",
    )
    return program(network.architecture, OPTIMIZERS["gradient_descent"])


def stopped_at(
    result: str,
    layer: int,
    sizes: tuple[int, ...] = LAB,
    *,
    iteration: int = 412,
    samples: int = SAMPLES,
    scale: float = 1.0,
) -> Snapshot:
    """The moment when `result` of a layer has just been computed, with every tensor there."""
    snapshot = made_snapshot(sizes, iteration=iteration)
    lines = program_of(snapshot)
    name = TensorName(result, layer)
    # A parameter is an operand before it is a result: the last line that makes it counts.
    at = max(line.index for line in lines if line.result == name)
    snapshot = replace(snapshot, program=lines, operation=at + 1)
    return with_tensors(snapshot, samples, scale)


def with_tensors(snapshot: Snapshot, samples: int = SAMPLES, scale: float = 1.0) -> Snapshot:
    """The same moment with every tensor that exists then."""
    generator = np.random.default_rng(7)
    names = {t for line in snapshot.program for t in (line.result, *line.operands)}
    views = [
        _view(snapshot, name, scale * generator.normal(size=_shape(snapshot, name, samples)))
        for name in sorted(names)
    ]
    return replace(snapshot, tensors=tuple(view for view in views if view is not None))


def with_tensor(snapshot: Snapshot, view: TensorView) -> Snapshot:
    """The same moment with another view of one tensor."""
    others = tuple(known for known in snapshot.tensors if known.name != view.name)
    return replace(snapshot, tensors=(*others, view))


def tensor_of(snapshot: Snapshot, name: str, layer: int = 0) -> TensorView:
    """The snapshot's view of a tensor."""
    return next(view for view in snapshot.tensors if view.name == (name, layer))


def _view(snapshot: Snapshot, name: TensorName, array: Array) -> TensorView | None:
    done = [line for line in snapshot.program[: snapshot.operation] if line.result == name]
    iteration = snapshot.iteration if done else snapshot.iteration - 1
    if name.name in ("X", "Y"):
        return TensorView(name, frozen(array), None)
    if name.name in ("W", "b"):
        made = None if iteration < 0 else iteration
        before = None if made is None else frozen(array - 0.01)
        return TensorView(name, frozen(array), made, before)
    return TensorView(name, frozen(array), iteration) if iteration >= 0 else None


def _shape(snapshot: Snapshot, name: TensorName, samples: int) -> tuple[int, int]:
    if name.name == "J":
        return 1, 1
    if name.name == "X":
        return snapshot.layers[0].W.shape[1], samples
    if name.name == "Y":
        return snapshot.layers[-1].W.shape[0], samples
    units, before = snapshot.layers[name.layer - 1].W.shape
    if name.name in ("Z", "A", "dA", "dZ"):
        return units, samples
    return (units, 1) if name.name in ("b", "db", "update_b") else (units, before)
