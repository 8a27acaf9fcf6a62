"""runs.json: the sweep and what became of each of its runs."""

import json
import math
from pathlib import Path
from typing import Any

from model.files.atomic import write_text
from model.lab.outcome import ShareScores
from model.lab.results import Results
from model.lab.row import Row
from model.lab.sweep_plan import SweepPlan


def write_runs_json(path: Path, results: Results) -> None:
    """Write {sweep, runs}; raises `FileError`.

    JSON has no word for NaN or infinity: what is not defined or not finite is null.
    """
    values = {
        "sweep": results.plan.values,
        "runs": [_run(results.plan, row) for row in results.rows],
    }
    write_text(path, json.dumps(values, indent=1, allow_nan=False) + "\n")


def _run(plan: SweepPlan, row: Row) -> dict[str, Any]:
    outcome = row.outcome
    return {
        "run": row.variant.number,
        "varied": dict(row.variant.varied),
        "seed": plan.seed_of(row.variant),
        "state": outcome.fate.value,
        "reason": outcome.reason,
        "epochs": outcome.epochs,
        "train": _share(outcome.train),
        "test": _share(outcome.test),
        "seconds": outcome.seconds,
    }


def _share(scores: ShareScores) -> dict[str, float | None]:
    values = {"loss": scores.loss, "accuracy": scores.accuracy, "auc": scores.auc}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}
