"""Loss curves of many runs as one band for each value: median and quartiles, epoch by epoch."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.arrays import Array, Indices, frozen
from model.lab.outcome import Fate, Outcome
from model.lab.row import Row
from model.lab.summaries import Varied, group_of

QUARTILES: Final = (25, 50, 75)

POINTS: Final = 500
"""Epochs of a curve that a figure can show."""


@dataclass(frozen=True)
class LossBand:
    """The training loss of the runs of one combination of values.

    `epochs`, `p25`, `median`, `p75` and `runs` are (points,): `runs` counts those behind each
    point. A run that converged keeps its last loss; one that diverged is behind no point from the
    epoch on at which it did, and is counted in `diverged`.
    """

    varied: Varied
    epochs: Indices
    p25: Array
    median: Array
    p75: Array
    runs: Indices
    diverged: int


class LossBands:
    """Takes runs one after the other, so that only points of their curves are held."""

    def __init__(self, paths: Sequence[str], epochs: int, points: int = POINTS) -> None:
        """`paths` are compared; no run has more than `epochs`."""
        self._paths = paths
        self._epochs = np.unique(np.linspace(0, max(epochs - 1, 0), points).round().astype(np.intp))
        self._curves: dict[Varied, list[Array]] = defaultdict(list)
        self._diverged: dict[Varied, int] = defaultdict(int)
        self._longest: dict[Varied, int] = defaultdict(int)

    def add(self, row: Row) -> None:
        """A run with its curves."""
        group, outcome = group_of(row, self._paths), row.outcome
        self._curves[group].append(_sampled(outcome, self._epochs))
        self._diverged[group] += outcome.fate is Fate.DIVERGED
        self._longest[group] = max(self._longest[group], len(outcome.curves))

    @property
    def bands(self) -> tuple[LossBand, ...]:
        """One for each combination of values that has an epoch."""
        return tuple(self._band(group) for group in self._curves if self._longest[group])

    def _band(self, group: Varied) -> LossBand:
        epochs = self._epochs[self._epochs < self._longest[group]]
        curves = np.stack(self._curves[group])[:, : len(epochs)]
        runs = np.count_nonzero(~np.isnan(curves), axis=0)
        percentiles = np.full((3, len(epochs)), math.nan)
        whole = runs == len(curves)
        part = ~whole & (runs > 0)
        percentiles[:, whole] = np.percentile(curves[:, whole], QUARTILES, axis=0)
        # Column by column, many times slower: only where a run has ended before the others.
        percentiles[:, part] = np.nanpercentile(curves[:, part], QUARTILES, axis=0)
        p25, median, p75 = map(frozen, percentiles)
        return LossBand(group, epochs, p25, median, p75, runs, self._diverged[group])


def loss_bands(
    rows: Iterable[Row], paths: Sequence[str], epochs: int, points: int = POINTS
) -> tuple[LossBand, ...]:
    """The bands of rows with their curves."""
    bands = LossBands(paths, epochs, points)
    for row in rows:
        bands.add(row)
    return bands.bands


def _sampled(outcome: Outcome, epochs: Indices) -> Array:
    """The loss at `epochs`, NaN where the run is no more or has no number."""
    losses = outcome.curves[:, 0]
    sampled = np.full(len(epochs), math.nan)
    there = epochs < len(losses)
    sampled[there] = losses[epochs[there]]
    if outcome.fate is Fate.CONVERGED and len(losses):
        sampled[~there] = losses[-1]
    if outcome.fate is Fate.DIVERGED:
        sampled[~np.isfinite(sampled)] = math.nan
    return sampled
