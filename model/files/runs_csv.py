"""runs.csv: a line a run, what varied and what became of it, digit for digit."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from model.files.atomic import write_text
from model.lab.results import Results
from model.lab.row import Row
from model.lab.summaries import QUANTITIES
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import SEED
from model.settings_fields import describe

SCORES: Final = ("loss", "accuracy", "auc")
SHARES: Final = tuple(f"{share}_{score}" for share in ("train", "test") for score in SCORES)
FIXED: Final = ("run", "seed", *SCORES, "epochs", "state", *SHARES, "seconds", "reason")


def write_runs(path: Path, results: Results) -> None:
    """Write the runs that are there; raises `FileError`.

    `loss` is the training loss J of the last state; `accuracy` and `auc` are those on the test
    set, or on the training set where there is none. Numbers are as short as they can be while
    `float` gives them back exactly; `nan` stands for what is not defined. After `run` come the
    settings that varied, by their short names, or by their paths where those mean something else.
    """
    plan, text = results.plan, io.StringIO()
    names, first, *rest = column_names(plan), *FIXED
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow((first, *names, *rest))
    lines.writerows(_cells(plan, row) for row in results.rows)
    write_text(path, text.getvalue())


def column_names(plan: SweepPlan) -> tuple[str, ...]:
    """The names of what varies, the seed not among them."""
    paths = [field.path for field in describe(type(plan.settings))]
    last = [path.rpartition(".")[2] for path in paths]

    def name(path: str) -> str:
        short = path.rpartition(".")[2]
        return short if last.count(short) == 1 and short not in FIXED else path

    return tuple(map(name, plan.grouping))


def value_text(value: Any) -> str:
    """A value as it is typed: a bare word, or else JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def _cells(plan: SweepPlan, row: Row) -> Sequence[str]:
    variant, outcome = row.variant, row.outcome
    varied = [value_text(value) for path, value in variant.varied if path != SEED]
    scores = [repr(QUANTITIES[name](outcome)) for name in SCORES]
    shares = [repr(getattr(share, n)) for share in (outcome.train, outcome.test) for n in SCORES]
    return (
        *(str(variant.number), *varied, str(plan.seed_of(variant)), *scores),
        *(str(outcome.epochs), outcome.fate.value, *shares, repr(outcome.seconds), outcome.reason),
    )
