"""The folder of a run: every file of it but the figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from model.files.history_csv import write_history
from model.files.metrics_json import write_metrics
from model.files.settings_json import write_settings
from model.files.summary import write_summary
from model.files.weights import Weights, write_weights
from model.training.train import Result

WRITERS: Final[dict[str, Callable[[Path, Result], None]]] = {
    "settings.json": lambda path, result: write_settings(path, result.settings),
    "history.csv": lambda path, result: write_history(path, result.history),
    "metrics.json": lambda path, result: write_metrics(path, result.metrics),
    "weights.npz": lambda path, result: write_weights(path, Weights.of_result(result)),
    "summary.md": write_summary,
}


def write_results(folder: Path, result: Result) -> list[str]:
    """Write the files of a run into an existing folder and return their names.

    Raises `FileError` at the first that cannot be written; each file is there as a whole or not
    at all.
    """
    for name, write in WRITERS.items():
        write(folder / name, result)
    return list(WRITERS)
