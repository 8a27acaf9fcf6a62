"""What a sweep says: median and spread over the runs of each value, and where it went wrong.

For panels and figures: `summaries`, `rates` (learning rate against loss), `heat_table`; the loss
curves are in `model.lab.loss_bands`. Statistics are those of the runs that came to an end: runs
that diverged or were refused are counted beside them, never mixed in.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model.arrays import Array, frozen
from model.lab.outcome import Fate, Outcome, ShareScores
from model.lab.row import Row

RATE: Final = "training.learning_rate"
ENDED: Final = (Fate.CONVERGED, Fate.FINISHED)
BLIND: Final = 0.5
"""AUC, exactly, where every sample has the same output."""

Varied = tuple[tuple[str, Any], ...]


def judged(outcome: Outcome) -> ShareScores:
    """The scores on the test set, or on the training set where there is no test set."""
    return outcome.train if math.isnan(outcome.test.loss) else outcome.test


QUANTITIES: Final[Mapping[str, Callable[[Outcome], float]]] = {
    "loss": lambda outcome: outcome.train.loss,
    "accuracy": lambda outcome: judged(outcome).accuracy,
    "auc": lambda outcome: judged(outcome).auc,
    "epochs": lambda outcome: float(outcome.epochs),
}
"""By name: the final training loss J; accuracy and AUC as `judged`; the epochs it took."""


@dataclass(frozen=True)
class Spread:
    """Percentiles over runs: 5, 25, 50 (the median), 75 and 95; all NaN where there is none."""

    p5: float
    p25: float
    median: float
    p75: float
    p95: float


@dataclass(frozen=True)
class Summary:
    """The runs of one combination of values, over the seeds.

    `runs` counts all of them, `diverged` and `refused` those that are not in the spreads,
    `constant` those that are and whose output is the same for every sample.
    """

    varied: Varied
    runs: int
    diverged: int
    refused: int
    constant: int
    loss: Spread
    accuracy: Spread
    auc: Spread
    epochs: Spread

    @property
    def ended(self) -> int:
        """The runs behind the spreads."""
        return self.runs - self.diverged - self.refused


@dataclass(frozen=True)
class Rates:
    """Learning rate against final loss.

    `rates` (n,) ascending; `losses` (n, most runs of one rate), NaN where a run diverged or there
    is none; `median` (n,) of them; `diverged` (n,) is the share of runs that diverged.
    `stable_to` is the largest rate up to which no run diverged, `diverging_from` the smallest one
    from which on all did; NaN where there is none.
    """

    rates: Array
    losses: Array
    median: Array
    diverged: Array
    stable_to: float
    diverging_from: float


@dataclass(frozen=True)
class HeatTable:
    """The median of a quantity for each pair of values of two axes.

    `values` and `diverged` (the share of runs) are (rows, columns), NaN where no run is behind.
    """

    quantity: str
    row_path: str
    column_path: str
    row_values: tuple[Any, ...]
    column_values: tuple[Any, ...]
    values: Array
    diverged: Array


def summaries(rows: Iterable[Row], paths: Sequence[str]) -> tuple[Summary, ...]:
    """One for each combination of the values of `paths`, in the order of the rows."""
    return tuple(_summary(varied, group) for varied, group in grouped(rows, paths).items())


def spread(values: Iterable[float]) -> Spread:
    """The percentiles of those that are defined, interpolated linearly."""
    defined = [value for value in values if not math.isnan(value)]
    if not defined:
        return Spread(*[math.nan] * 5)
    return Spread(*np.percentile(defined, (5, 25, 50, 75, 95)).tolist())


def rates(rows: Iterable[Row]) -> Rates:
    """For a sweep over the learning rate, over whatever else varies."""
    groups = grouped((row for row in rows if row.outcome.fate is not Fate.REFUSED), (RATE,))
    by_rate = {float(varied[0][1]): group for varied, group in groups.items()}
    order = sorted(by_rate)
    lists = [[_loss(row.outcome) for row in by_rate[rate]] for rate in order]
    losses = np.full((len(order), max(map(len, lists), default=0)), math.nan)
    for place, values in enumerate(lists):
        losses[place, : len(values)] = values
    diverged = np.array([_share(by_rate[rate], Fate.DIVERGED) for rate in order])
    stable = [rate for place, rate in enumerate(order) if not diverged[: place + 1].any()]
    bad = [rate for place, rate in enumerate(order) if (diverged[place:] == 1).all()]
    return Rates(
        rates=frozen(np.array(order)),
        losses=frozen(losses),
        median=frozen(np.array([spread(values).median for values in lists])),
        diverged=frozen(diverged),
        stable_to=max(stable, default=math.nan),
        diverging_from=min(bad, default=math.nan),
    )


def heat_table(
    rows: Iterable[Row], row_path: str, column_path: str, quantity: str = "loss"
) -> HeatTable:
    """Over two axes, and over whatever else varies; `quantity` is one of `QUANTITIES`."""
    groups = grouped(rows, (row_path, column_path))
    row_values = tuple(dict.fromkeys(varied[0][1] for varied in groups))
    column_values = tuple(dict.fromkeys(varied[1][1] for varied in groups))
    values = np.full((len(row_values), len(column_values)), math.nan)
    diverged = values.copy()
    for ((_, row), (_, column)), group in groups.items():
        place = row_values.index(row), column_values.index(column)
        values[place] = _spread(group, quantity).median
        diverged[place] = _share(group, Fate.DIVERGED)
    return HeatTable(
        *(quantity, row_path, column_path, row_values, column_values),
        *(frozen(values), frozen(diverged)),
    )


def grouped(rows: Iterable[Row], paths: Sequence[str]) -> dict[Varied, list[Row]]:
    """The rows by the values of `paths`."""
    groups: dict[Varied, list[Row]] = defaultdict(list)
    for row in rows:
        groups[group_of(row, paths)].append(row)
    return dict(groups)


def group_of(row: Row, paths: Sequence[str]) -> Varied:
    """The values of `paths` that a run has."""
    varied = dict(row.variant.varied)
    return tuple((path, varied[path]) for path in paths)


def _summary(varied: Varied, group: Sequence[Row]) -> Summary:
    fates = [row.outcome.fate for row in group]
    counts = len(group), fates.count(Fate.DIVERGED), fates.count(Fate.REFUSED)
    constant = sum(_is_constant(row.outcome) for row in group)
    return Summary(
        *(varied, *counts, constant), *(_spread(group, quantity) for quantity in QUANTITIES)
    )


def _is_constant(outcome: Outcome) -> bool:
    """On both shares: on a small one a network that tells samples apart may have it by chance."""
    defined = [s.auc for s in (outcome.train, outcome.test) if not math.isnan(s.auc)]
    return outcome.fate in ENDED and bool(defined) and all(auc == BLIND for auc in defined)


def _spread(group: Iterable[Row], quantity: str) -> Spread:
    read = QUANTITIES[quantity]
    return spread(read(row.outcome) for row in group if row.outcome.fate in ENDED)


def _loss(outcome: Outcome) -> float:
    return outcome.train.loss if outcome.fate in ENDED else math.nan


def _share(group: Sequence[Row], fate: Fate) -> float:
    return sum(row.outcome.fate is fate for row in group) / len(group)
