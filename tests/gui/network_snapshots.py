"""Snapshots made by hand for the panels that show a network."""

import itertools
from dataclasses import replace

import numpy as np

from model.arrays import Array, frozen
from model.data.dataset import Dataset
from model.training.history_part import HistoryPart
from model.training.settings import RunSettings
from model.training.snapshots import LayerView, Probe, Scores, Snapshot, State

LAB = (2, 10, 5, 1)


def made_snapshot(
    sizes: tuple[int, ...] = LAB, *, iteration: int = 412, seed: int = 1, zero: bool = False
) -> Snapshot:
    """A network of random numbers; before the first iteration it has no gradients."""
    generator = np.random.default_rng(seed)
    pairs = list(itertools.pairwise(sizes))
    layers = tuple(
        _layer(generator, pair, iteration > 0, zero, last=at == len(pairs) - 1)
        for at, pair in enumerate(pairs)
    )
    scores = Scores(np.full(3, 0.5), 0.3, 0.9, (1, 1, 0, 1))
    return Snapshot(
        generation=1,
        state=State.PAUSED,
        settings=RunSettings(),
        data=_data(sizes[0]),
        iteration=iteration,
        epoch=iteration,
        history=HistoryPart(0, np.zeros((0, 4))),
        layers=layers,
        threshold=0.5,
        train=scores,
        test=scores,
        gradient_norm=0.03,
    )


def with_layer(snapshot: Snapshot, layer: int, **tensors: Array) -> Snapshot:
    """The same snapshot with other tensors in one layer, counted from 1."""
    layers = list(snapshot.layers)
    layers[layer - 1] = replace(layers[layer - 1], **tensors)
    return replace(snapshot, layers=tuple(layers))


def with_probe(snapshot: Snapshot) -> Snapshot:
    """The same snapshot with a sample on its way through: unit k of layer l has A = l + k / 10."""
    sizes = (snapshot.layers[0].W.shape[1], *(view.W.shape[0] for view in snapshot.layers))
    activations = [layer + np.arange(units) / 10 for layer, units in enumerate(sizes)]
    activations[-1] = np.full(sizes[-1], 0.873)
    x = np.linspace(0.5, -1.25, sizes[0])
    return replace(snapshot, probe=Probe(x, 2 * x, 1, (x, *activations[1:])))


def _layer(
    generator: np.random.Generator, pair: tuple[int, int], stepped: bool, zero: bool, last: bool
) -> LayerView:
    before, after = pair
    W, dW, b, db = (generator.normal(size=(after, n)) for n in (before, before, 1, 1))
    scale = 0.0 if zero else 1.0
    step = [frozen(a) for a in (dW, db, -0.1 * dW, -0.1 * db)] if stepped else [None] * 4
    activation = "sigmoid" if last else "relu"
    return LayerView(activation, frozen(scale * W), frozen(scale * b), *step)


def _data(features: int) -> Dataset:
    X, y = np.arange(3 * features, dtype=float).reshape(3, features), np.array([0.0, 1.0, 1.0])
    names = tuple(f"Feature {number + 1}" for number in range(features))
    ones = np.ones(features)
    return Dataset("moons", X, y, X, y, 0 * ones, ones, "standard", names)
