"""A sweep in words: its groups by what they vary, how far it is, and how it ended."""

from gui.race_words import BETWEEN, setting_titles, value_text
from gui.widgets.numerals import grouped
from model.files.number_text import duration_text
from model.lab.results import Results
from model.lab.summaries import Varied
from model.lab.sweep import Progress
from model.lab.variants import SEED


def short_words(varied: Varied) -> str:
    """A combination of values without saying of what: "0.01 · relu"."""
    return BETWEEN.join(value_text(path, value) for path, value in varied) or "all runs"


def runs_words(count: int) -> str:
    """ "1 run", "100 runs"."""
    return f"{grouped(count)} run{'s' * (count != 1)}"


def seeds_words(results: Results) -> str:
    """What each value was run with: "10 seeds", "one seed"."""
    axis = next((axis for axis in results.axes if axis.path == SEED), None)
    count = len(axis.values) if axis is not None else results.plan.seeds or 1
    return "one seed" if count == 1 else f"{count} seeds"


def grouping_words(results: Results) -> str:
    """What is compared: "learning rate and activation"; empty where only the seed varies."""
    return " and ".join(setting_titles()[path].lower() for path in results.plan.grouping)


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


def share_words(share: float) -> str:
    """ "30 %"; a little more than none is not none."""
    percent = 100 * share
    return f"{percent:.0f} %" if percent >= 1 or not percent else "< 1 %"
