"""Runs that fit into one stack: finding them in a grid, and training them to the end."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from model.analysis.roc import auc
from model.arrays import Array, frozen
from model.lab.block import Block
from model.lab.outcome import Outcome, ShareScores, refused
from model.lab.variants import Variant
from model.training.metrics import HALF
from model.training.settings import RunSettings

BLOCK: Final = 8
"""Networks of the lab's size in one stack; with more of them it is no faster."""

ROOM: Final = 2**26
"""Bytes for Z, A, dZ and dA of all networks in a stack."""

WAITING: Final = 256
"""Blocks that are filled side by side while a grid is read."""


def train_block(variants: Sequence[Variant]) -> list[Outcome]:
    """What becomes of each of some variants that stack; see `blocks`."""
    settings = [variant.settings for variant in variants if variant.settings is not None]
    if len(settings) < len(variants):
        return [refused(variant.reason) for variant in variants]
    block = Block(settings)
    block.advance(max(one.training.epochs for one in settings))
    rows, outputs = block.evaluate()
    return [_outcome(block, place, rows[place], outputs[place]) for place in range(len(settings))]


def blocks(variants: Iterable[Variant], size: int = BLOCK) -> Iterator[list[Variant]]:
    """Blocks of at most `size` variants that can be trained in one stack, in order where possible.

    Lazily: of a large grid only what waits for its like is held. Refused variants make blocks of
    their own.
    """
    waiting: dict[Hashable, list[Variant]] = {}
    for variant in variants:
        key = stack_key(variant.settings)
        block = waiting.setdefault(key, [])
        block.append(variant)
        if len(block) >= min(size, most_of(variant.settings)):
            yield waiting.pop(key)
        elif len(waiting) > WAITING:
            yield waiting.pop(next(iter(waiting)))
    yield from waiting.values()


def most_of(settings: RunSettings | None) -> int:
    """How many runs of this size share one stack: large ones gain nothing, and need memory."""
    if settings is None:
        return BLOCK
    units, itemsize = sum(settings.network.layers), np.dtype(settings.network.dtype).itemsize
    return max(1, ROOM // (4 * units * settings.data.n_samples * itemsize))


def stack_key(settings: RunSettings | None) -> Hashable:
    """What two runs must have in common to be trained in one stack; None for a refused one.

    With the full batch the seed draws the first weights only, with smaller ones the order too.
    """
    if settings is None:
        return None
    data, network, training = settings.data, settings.network, settings.training
    n_train = data.n_samples - data.n_test
    size = min(training.batch_size or n_train, n_train)
    order = None if size == n_train else (size, network.seed)
    shape = network.layers, network.activations, network.dtype
    return data, shape, training.loss, training.optimizer, order


def _outcome(block: Block, place: int, row: Array, output: Array) -> Outcome:
    end, data, m = block.end_of(place), block.data, len(block.data.y_train)
    assert end is not None
    return Outcome(
        fate=end.fate,
        reason=end.reason,
        epochs=end.epochs,
        train=ShareScores(float(row[0]), float(row[2]), auc(output[:m], data.y_train >= HALF)),
        test=ShareScores(float(row[1]), float(row[3]), auc(output[m:], data.y_test >= HALF)),
        curves=frozen(block.rows(place)),
        seconds=block.members[place].seconds,
    )
