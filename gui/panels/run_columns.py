"""The columns of the table of runs: what is written, sorted by and exported, one entry a column."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gui.race_words import (
    FAILED,
    seed_of,
    setting_titles,
    several_seeds,
    state_text,
    value_text,
)
from gui.readings import percent
from gui.widgets.numerals import grouped
from gui.widgets.ticks import number
from model.lab.race_snapshot import RaceRun, RaceSnapshot
from model.lab.variants import Axis

Of = Callable[[Any, Any], Any]
"""Of the whole (a race, the results of a sweep) and of the one that the line is about."""
NOTHING: Final = "–"


@dataclass(frozen=True)
class Column:
    """`value` is what the column is about, None or NaN for nothing; `text` how it is written.

    `name` is the heading in a file, where the value itself is written; `weight` the share of what
    is left of the width when `sample`, a long value, has its room.
    """

    title: str
    name: str
    value: Of
    text: Of
    tip: str
    weight: float = 1.0
    sample: str = ""


def columns_of(race: RaceSnapshot, target: float) -> tuple[Column, ...]:
    """The columns for what varies in this race, and for the loss whose epoch is looked for."""
    varied = [_varied(axis) for axis in race.axes]
    seed = [_SEED] if several_seeds(race) else []
    return (_RUN, *varied, *seed, *_SCORES, _reached(target), _STATE, _TIME)


def sort_key(column: Column, whole: Any, one: Any) -> tuple[Any, ...]:
    """Numbers as numbers, names by their titles."""
    value = column.value(whole, one)
    if isinstance(value, str):
        return (2, column.text(whole, one))
    if isinstance(value, tuple | list):
        return (3, tuple(map(str, value)) if any(isinstance(v, str) for v in value) else value)
    return (1, value)


def stands_last(column: Column, race: RaceSnapshot, run: RaceRun) -> bool:
    """Runs that failed, and those without a value, whichever way the table is sorted."""
    if column is _RUN:
        return False
    value = column.value(race, run)
    return run.fate in FAILED or value is None or (isinstance(value, float) and math.isnan(value))


def csv_text(columns: Sequence[Column], whole: Any, lines: Iterable[Any]) -> str:
    """A table as a file has it, every number digit for digit."""
    head = ",".join(column.name for column in columns)
    rows = ([exact(column.value(whole, one)) for column in columns] for one in lines)
    return "\n".join((head, *(",".join(map(_quoted, row)) for row in rows))) + "\n"


def exact(value: Any) -> str:
    """A value as a file has it: digit for digit, empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return f"[{','.join(map(str, value))}]"
    return repr(value) if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text


def _varied(axis: Axis) -> Column:
    path = axis.path
    return Column(
        setting_titles()[path],
        path,
        lambda _, run: dict(run.variant.varied)[path],
        lambda _, run: value_text(path, dict(run.variant.varied)[path]),
        f"The value of {path}.",
        1.3,
        max((value_text(path, value) for value in axis.values), key=len),
    )


def _reached(target: float) -> Column:
    short = f"{target:.2f}" if round(target, 2) == target else f"{target:g}"
    return Column(
        f"Epochs to {short}",
        f"epochs_to_{target!r}",
        lambda _, run: run.reached,
        lambda _, run: NOTHING if run.reached is None else grouped(run.reached),
        f"The first epoch at which the training loss was at most {short}.",
        1.2,
    )


def _score(
    title: str, name: str, tip: str, write: Callable[[float], str], sample: str = ""
) -> Column:
    def value(_: RaceSnapshot, run: RaceRun) -> float:
        return float(getattr(run, name))

    def text(_: RaceSnapshot, run: RaceRun) -> str:
        score = float(getattr(run, name))
        return NOTHING if math.isnan(score) else write(score)

    return Column(title, name, value, text, tip, sample=sample)


_RUN: Final = Column(
    "Run",
    "run",
    lambda _, run: run.variant.number,
    lambda _, run: str(run.variant.number + 1),
    "The run and its colour, in the order in which they were asked for.",
    0.45,
)
_SEED: Final = Column(
    "Seed",
    "seed",
    lambda _, run: seed_of(run.variant),
    lambda _, run: str(seed_of(run.variant)),
    "The seed of the first weights.",
    0.6,
)
_SCORES: Final = (
    _score("Loss (train)", "train_loss", "Loss J on the training set.", number),
    _score("Loss (test)", "test_loss", "Loss J on the test set.", number),
    _score("Accuracy", "test_accuracy", "Share of the test set told right.", percent),
    _score(
        "AUC",
        "auc",
        "Area under the ROC curve, of the test set where there is one.",
        lambda auc: f"{auc:.3f}",
        "0.000",
    ),
)
_STATE: Final = Column(
    "State",
    "state",
    lambda race, run: run.fate.value,
    state_text,
    "Running, converged, finished, or diverged and at which epoch.",
    1.0,
    "✕ diverged at epoch 10 000",
)
_TIME: Final = Column(
    "Time",
    "seconds",
    lambda _, run: run.seconds,
    lambda _, run: f"{run.seconds:.2f} s" if run.seconds < 60 else f"{run.seconds:,.0f} s",
    "The run's share of the time that its stack has taken.",
    0.7,
    "00.00 s",
)
