"""Which of a sweep's bands a picture shows, and at which epochs their runs diverged."""

import math
from collections import defaultdict

from model.lab.loss_bands import LossBand
from model.lab.outcome import Fate
from model.lab.results import Results
from model.lab.summaries import Varied, group_of


def best_bands(results: Results, most: int) -> tuple[LossBand, ...]:
    """At most so many, in their order: with the fewest failures first, then the lowest losses."""
    if len(results.bands) <= most:
        return results.bands
    found = {summary.varied: summary for summary in results.summaries}

    def rank(place: int) -> tuple[int, float]:
        summary = found[results.bands[place].varied]
        loss = summary.loss.median
        return summary.diverged + summary.refused, math.inf if math.isnan(loss) else loss

    best = sorted(range(len(results.bands)), key=rank)[:most]
    return tuple(results.bands[place] for place in sorted(best))


def diverged_epochs(results: Results) -> dict[Varied, list[int]]:
    """The epochs at which runs of a value diverged, each once, ascending."""
    found: dict[Varied, set[int]] = defaultdict(set)
    for row in results.rows:
        if row.outcome.fate is Fate.DIVERGED:
            found[group_of(row, results.plan.grouping)].add(row.outcome.epochs)
    return {varied: sorted(epochs) for varied, epochs in found.items()}
