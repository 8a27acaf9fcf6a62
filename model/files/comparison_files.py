"""The folder of a sweep: every file of it but the store and the figures."""

from pathlib import Path

from model.files.comparison_summary import write_comparison_summary
from model.files.curves_csv import write_curves
from model.files.runs_csv import write_runs
from model.files.runs_json import write_runs_json
from model.files.sweep_json import write_sweep
from model.lab.results import Results
from model.lab.store import Store

STORE = "runs.sqlite"


def write_comparison(folder: Path, results: Results, store: Store, sweep: int) -> list[str]:
    """Write the files of a sweep into an existing folder and return their names.

    Raises `FileError` at the first that cannot be written; each file is there as a whole or not
    at all.
    """
    write_sweep(folder / "sweep.json", results.plan)
    write_runs(folder / "runs.csv", results)
    write_curves(folder / "curves.csv", store.rows(sweep))
    write_runs_json(folder / "runs.json", results)
    write_comparison_summary(folder / "summary.md", results)
    return ["sweep.json", "runs.csv", "curves.csv", "runs.json", STORE, "summary.md"]
