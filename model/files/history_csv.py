"""history.csv: every recorded epoch, digit for digit."""

from collections.abc import Iterator
from pathlib import Path

from model.files.atomic import replacing
from model.training.history import COLUMNS, History

BLOCK = 10_000
"""Rows that are turned into text at once, so that a million epochs need no second copy."""


def write_history(path: Path, history: History) -> None:
    """Write one line an epoch; raises `FileError`.

    Numbers are as short as they can be while `float` gives them back exactly; `nan` stands where
    there is no test set.
    """
    with replacing(path) as stream:
        stream.write((",".join(("epoch", *COLUMNS)) + "\n").encode())
        for start in range(0, history.epoch, BLOCK):
            stream.write("".join(_lines(history, start)).encode())


def _lines(history: History, start: int) -> Iterator[str]:
    rows = history.rows[start : start + BLOCK].tolist()
    for epoch, row in enumerate(rows, start):
        yield f"{epoch},{','.join(map(repr, row))}\n"
