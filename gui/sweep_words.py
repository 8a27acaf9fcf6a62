"""A sweep in words: its groups by what they vary, how far it is, and how it ended."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from gui.race_words import BETWEEN, setting_titles, value_text
from gui.widgets.numerals import grouped
from model.files.number_text import duration_text
from model.lab.results import Results
from model.lab.summaries import Varied
from model.lab.sweep import Progress
from model.lab.variants import SEED

_MANY: Final = 4
"""Items from which on a list says how often equal neighbours come."""


def short_words(varied: Varied) -> str:
    """A combination of values without saying of what: "0.01 · relu"."""
    return BETWEEN.join(value_text(path, value) for path, value in varied) or "all runs"


def brief_words(varied: Varied) -> tuple[str, ...]:
    """The same for where there is little room, a part for each value: "4 × 100, 50", "relu"."""
    return tuple(brief_value(path, value) for path, value in varied) or ("all runs",)


def brief_value(path: str, value: Any) -> str:
    """A value as a table shows it; in a long list equal neighbours are counted."""
    if not isinstance(value, tuple | list) or len(value) < _MANY:
        return value_text(path, value)
    counts = [(value_text(path, item), len(list(same))) for item, same in groupby(value)]
    return ", ".join(f"{count} × {text}" if count > 1 else text for text, count in counts)


def runs_words(count: int) -> str:
    """ "1 run", "100 runs"."""
    return f"{grouped(count)} run{'s' * (count != 1)}"


def seed_count(results: Results) -> int:
    """How many runs each combination of values has when all of them are there."""
    axis = next((axis for axis in results.axes if axis.path == SEED), None)
    return len(axis.values) if axis is not None else results.plan.seeds or 1


def seeds_words(results: Results) -> str:
    """What each value was run with: "10 seeds", "one seed"."""
    count = seed_count(results)
    return "one seed" if count == 1 else f"{count} seeds"


def grouping_words(results: Results) -> str:
    """What is compared: "learning rate and activation"; empty where only the seed varies."""
    return listed(results.plan.grouping)


def listed(paths: Sequence[str]) -> str:
    """The titles of settings: "weights", "weights and activation", "weights, bias and scaling"."""
    titles = [setting_titles()[path].lower() for path in paths]
    return " and ".join(filter(None, (", ".join(titles[:-1]), *titles[-1:])))


def so_far_words(results: Results) -> str:
    """ "37 of 100 runs" until all are there, empty then."""
    there, total = len(results.rows), results.plan.count
    return "" if there == total else f"{grouped(there)} of {runs_words(total)}"


def progress_words(progress: Progress) -> str:
    """ "37 of 100 · 12 s left"."""
    done = f"{grouped(progress.done)} of {grouped(progress.total)}"
    left = "" if progress.left is None else f"{duration_text(progress.left)} left"
    return BETWEEN.join(filter(None, (done, left)))


def counts_words(progress: Progress) -> str:
    """ "5 reused · 2 refused · 3 diverged", what is none left out."""
    counts = (progress.reused, "reused"), (progress.refused, "refused")
    parts = (*counts, (progress.diverged, "diverged"))
    return BETWEEN.join(f"{grouped(count)} {word}" for count, word in parts if count)


def judged_share(results: Results) -> str:
    """The share that accuracy and AUC of a sweep's values are of."""
    tested = not results.rows or any(not math.isnan(r.outcome.test.loss) for r in results.rows)
    return "test" if tested else "train"


def auc_words(auc: float) -> str:
    """ "0.9997"; what is not quite 1 is not 1."""
    return "> 0.9999" if 0.99995 <= auc < 1 else f"{auc:.4f}"


def share_words(share: float) -> str:
    """ "30 %"; a little more than none is not none."""
    percent = 100 * share
    return f"{percent:.0f} %" if percent >= 1 or not percent else "< 1 %"
