"""The folder of a sweep: every file of it but the store and the figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Final

from model.errors import FileError
from model.files.comparison_summary import write_comparison_summary
from model.files.curves_csv import write_curves
from model.files.runs_csv import write_runs
from model.files.runs_json import write_runs_json
from model.files.sweep_json import write_sweep
from model.lab.results import Results
from model.lab.store import Store

STORE: Final = "runs.sqlite"

FIGURES: Final = tuple(map(".".join, product(("bands", "rates", "heat"), ("png", "svg"))))
"""What may have been drawn beside the numbers."""


def write_comparison(folder: Path, results: Results, store: Store, sweep: int) -> list[str]:
    """Write the files of a sweep into an existing folder and return their names.

    Raises `FileError` at the first that cannot be written; each file is there as a whole or not
    at all. Figures of an earlier sweep are removed: they would belong to other numbers.
    """
    for name in FIGURES:
        _remove(folder / name)
    write_sweep(folder / "sweep.json", results.plan)
    write_runs(folder / "runs.csv", results)
    write_curves(folder / "curves.csv", store.rows(sweep))
    write_runs_json(folder / "runs.json", results)
    write_comparison_summary(folder / "summary.md", results)
    return ["sweep.json", "runs.csv", "curves.csv", "runs.json", STORE, "summary.md"]


@contextmanager
def kept_runs(folder: Path) -> Iterator[None]:
    """Where a file of the folder cannot be written, the error says that no run is lost."""
    try:
        yield
    except FileError as error:
        kept = f"all runs are kept in {folder / STORE}, and the same call writes the files again"
        raise FileError(error.message, "; ".join(filter(None, (error.hint, kept)))) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(
            f"{path} is of other runs and cannot be removed: {str(error.strerror).lower()}",
            "remove it, or choose another folder",
        ) from error
