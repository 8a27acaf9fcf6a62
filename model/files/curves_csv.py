"""curves.csv: every epoch of every run, digit for digit."""

from collections.abc import Iterable
from pathlib import Path

from model.files.atomic import replacing
from model.lab.row import Row
from model.training.history import COLUMNS


def write_curves(path: Path, rows: Iterable[Row]) -> None:
    """Write one line an epoch and run; raises `FileError`.

    The rows come with their curves and are taken one after the other, so that a long sweep takes
    no memory. Numbers are as in history.csv; `run` is the number in runs.csv.
    """
    with replacing(path) as stream:
        stream.write((",".join(("run", "epoch", *COLUMNS)) + "\n").encode())
        for row in rows:
            run, curves = row.variant.number, row.outcome.curves.tolist()
            lines = [f"{run},{k},{','.join(map(repr, line))}\n" for k, line in enumerate(curves)]
            stream.write("".join(lines).encode())
