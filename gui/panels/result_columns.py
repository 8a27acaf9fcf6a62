"""The columns of a sweep's tables: its runs, and its values with their statistics.

On the screen each is as wide as what it holds; a file of the values has all percentiles.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, Final

from gui.panels.run_columns import NOTHING, Column
from gui.race_words import setting_titles, value_text
from gui.readings import percent
from gui.sweep_words import auc_words, judged_share
from gui.widgets.numerals import grouped
from gui.widgets.ticks import number
from model.lab.outcome import Fate
from model.lab.results import Results
from model.lab.row import Row
from model.lab.summaries import QUANTITIES, Spread, Summary

_LOOKED: Final = 400
"""Lines at most whose texts are measured: there may be a million."""


def run_columns(results: Results) -> tuple[Column, ...]:
    """For a table with a line a run."""
    varied = [
        _varied(path, lambda row, path=path: dict(row.variant.varied)[path])
        for path in results.plan.grouping
    ]
    return _measured(
        (_RUN, *varied, _SEED, *_SCORES, _EPOCHS, _STATE, _TIME), results, results.rows
    )


def value_columns(results: Results) -> tuple[Column, ...]:
    """For a table with a line for each combination of values."""
    columns = (*_value_names(results), _RUNS, *_medians(judged_share(results)), *_COUNTS)
    return _measured(columns, results, results.summaries)


def value_file_columns(results: Results) -> tuple[Column, ...]:
    """The same for a file: with all percentiles of each quantity."""
    percentiles = [
        _percentile(quantity, which.name) for quantity in QUANTITIES for which in fields(Spread)
    ]
    return (*_value_names(results), _RUNS, *percentiles, *_COUNTS)


def state_text(row: Row) -> str:
    """How a run ended: "finished", "diverged at epoch 3"."""
    outcome = row.outcome
    if outcome.fate in (Fate.CONVERGED, Fate.DIVERGED):
        return f"{outcome.fate.value} at epoch {grouped(outcome.epochs)}"
    return outcome.fate.value


def _value_names(results: Results) -> list[Column]:
    varied = [
        _varied(path, lambda summary, path=path: dict(summary.varied)[path])
        for path in results.plan.grouping
    ]
    return varied or [_ALL]


def _measured(
    columns: Sequence[Column], results: Results, items: Sequence[Any]
) -> tuple[Column, ...]:
    """Each with the longest of its texts as its sample, looked for in some hundred lines."""
    looked = items[:: -(-len(items) // _LOOKED) or 1]
    return tuple(
        replace(
            column,
            sample=max((column.sample, *(column.text(results, item) for item in looked)), key=len),
        )
        for column in columns
    )


def _percentile(quantity: str, which: str) -> Column:
    def value(_: Results, summary: Summary) -> float:
        return float(getattr(getattr(summary, quantity), which))

    name = f"{quantity}_{which}"
    return Column(name, name, value, lambda _, summary: number(value(_, summary)), name)


def _varied(path: str, value: Callable[..., object]) -> Column:
    return Column(
        setting_titles()[path],
        path,
        lambda _, item: value(item),
        lambda _, item: value_text(path, value(item)),
        f"The value of {path}.",
        1.2,
    )


def _score(
    title: str, name: str, tip: str, read: Callable[[Row], float], write: Callable[[float], str]
) -> Column:
    return Column(
        title,
        name,
        lambda _, row: read(row),
        lambda _, row: _written(read(row), write),
        tip,
    )


def _median(title: str, name: str, write: Callable[[float], str]) -> tuple[Column, Column]:
    """The median of a quantity, and the middle half of the runs, sorted by how wide that is."""

    def spread(summary: Summary) -> Spread:
        found = getattr(summary, name)
        assert isinstance(found, Spread)
        return found

    def half(summary: Summary) -> str:
        quartiles = spread(summary)
        if math.isnan(quartiles.median):
            return NOTHING
        return f"{write(quartiles.p25)} – {write(quartiles.p75)}"

    middle = Column(
        title,
        f"{name}_median",
        lambda _, summary: spread(summary).median,
        lambda _, summary: _written(spread(summary).median, write),
        f"The median {title} of the runs that came to an end.",
        1.0,
        write(0.1234),
    )
    quartiles = Column(
        "Middle half",
        f"{name}_quartile_range",
        lambda _, summary: spread(summary).p75 - spread(summary).p25,
        lambda _, summary: half(summary),
        f"First and third quartile of {title}; sorted by how far they are apart.",
        1.2,
        f"{write(0.1234)} – {write(0.5678)}",
    )
    return middle, quartiles


def _medians(share: str) -> tuple[Column, ...]:
    """`share` is the one that accuracy and AUC are of."""
    return (
        *_median("Loss (train)", "loss", number),
        *_median(f"Accuracy ({share})", "accuracy", percent),
        _median(f"AUC ({share})", "auc", auc_words)[0],
        _median("Epochs", "epochs", grouped)[0],
    )


def _count(title: str, name: str, tip: str, read: Callable[[Summary], int]) -> Column:
    return Column(
        title,
        name,
        lambda _, summary: read(summary),
        lambda _, summary: f"{read(summary)} of {summary.runs}" if read(summary) else NOTHING,
        tip,
        0.6,
    )


def _written(value: float, write: Callable[[float], str]) -> str:
    return NOTHING if math.isnan(value) else write(value)


_RUN: Final = Column(
    "Run",
    "run",
    lambda _, row: row.variant.number,
    lambda _, row: grouped(row.variant.number + 1),
    "The run and the colour of its value, in the order of the plan.",
    0.45,
    "1 000",
)
_SEED: Final = Column(
    "Seed",
    "seed",
    lambda results, row: results.plan.seed_of(row.variant),
    lambda results, row: str(results.plan.seed_of(row.variant)),
    "The seed of the first weights.",
    0.6,
)
_SCORES: Final = (
    _score(
        "Loss (train)",
        "train_loss",
        "Final loss J on the training set.",
        lambda row: row.outcome.train.loss,
        number,
    ),
    _score(
        "Loss (test)",
        "test_loss",
        "Final loss J on the test set.",
        lambda row: row.outcome.test.loss,
        number,
    ),
    _score(
        "Accuracy (test)",
        "test_accuracy",
        "Share of the test set told right.",
        lambda row: row.outcome.test.accuracy,
        percent,
    ),
    _score(
        "AUC (test)",
        "test_auc",
        "Area under the ROC curve of the test set.",
        lambda row: row.outcome.test.auc,
        auc_words,
    ),
)
_EPOCHS: Final = Column(
    "Epochs",
    "epochs",
    lambda _, row: row.outcome.epochs,
    lambda _, row: grouped(row.outcome.epochs),
    "Complete epochs.",
    0.7,
)
_STATE: Final = Column(
    "State",
    "state",
    lambda _, row: row.outcome.fate.value,
    lambda _, row: state_text(row),
    "Converged, finished, refused, or diverged and at which epoch.",
    1.0,
    "✕ converged",
)
_TIME: Final = Column(
    "Time",
    "seconds",
    lambda _, row: row.outcome.seconds,
    lambda _, row: f"{row.outcome.seconds:.2f} s",
    "The run's share of the time that its stack has taken.",
    0.7,
)
_ALL: Final = Column(
    "Value", "value", lambda _, summary: "all runs", lambda _, summary: "all runs", "All runs."
)
_RUNS: Final = Column(
    "Runs",
    "runs",
    lambda _, summary: summary.runs,
    lambda _, summary: grouped(summary.runs),
    "The runs with this value, from so many seeds.",
    0.5,
)
_COUNTS: Final = (
    _count("Diverged", "diverged", "Runs that diverged.", lambda summary: summary.diverged),
    _count("Refused", "refused", "Runs that could not be made.", lambda summary: summary.refused),
)
