"""Snapshots of a run with a past, a future and branches, made by hand for the time line."""

from dataclasses import replace
from functools import cache

import numpy as np

from model.arrays import Array
from model.training.debug_views import BranchView
from model.training.history_part import HistoryPart
from model.training.snapshots import Snapshot
from tests.gui.run_snapshots import lab_snapshot, with_history

LOSSES = 0.2 + 0.5 * np.exp(-np.arange(401) / 80)
"""The losses of the epochs 0 … 400."""


def rows_of(losses: Array) -> Array:
    return np.column_stack([losses, losses, np.ones(len(losses)), np.ones(len(losses))])


@cache
def whole() -> Snapshot:
    """400 epochs of 1000, at their end."""
    return with_history(lab_snapshot(), LOSSES, LOSSES)


def past(epoch: int) -> Snapshot:
    """The same run gone back to an epoch."""
    return replace(
        whole(),
        epoch=epoch,
        iteration=epoch,
        history=HistoryPart(epoch, rows_of(LOSSES[:0])),
        future=HistoryPart(epoch, rows_of(LOSSES[epoch:400])),
        train=replace(whole().train, loss=float(LOSSES[epoch])),
        future_loss=float(LOSSES[400]),
    )


def branch(number: int, name: str, fork: int, losses: Array) -> BranchView:
    return BranchView(number, name, 0, fork, HistoryPart(fork, rows_of(losses)))


def branched() -> Snapshot:
    """Two other branches: one that leaves at 200 and rises, one beyond the end."""
    rising = branch(1, "α = 0.3", 200, np.linspace(LOSSES[200], 0.5, 401))
    flat = branch(2, "W[1] = 0", 300, np.full(501, 0.1))
    return replace(whole(), branch=3, branches=(rising, flat))
