"""One tensor as a file: .npy for NumPy, .csv for everything else, both digit for digit."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from model.arrays import Array
from model.errors import FileError
from model.files.atomic import replacing


def write_tensor(path: Path, array: Array) -> None:
    """Write a matrix (rows, columns) in the format of the path's suffix.

    The lines of a .csv hold numbers only, so that `numpy.loadtxt(path, delimiter=",")` reads the
    very same ones back; `nan` and `inf` are written as such. Raises `FileError` for another suffix
    and where the file cannot be written.
    """
    write = FORMATS.get(path.suffix.lower())
    if write is None:
        kinds = " or ".join(FORMATS)
        raise FileError(f"{path.name} is no kind of file for a tensor", f"use {kinds}")
    with replacing(path) as stream:
        write(stream, array)


def _write_npy(stream: BinaryIO, array: Array) -> None:
    np.save(stream, array, allow_pickle=False)


def _write_csv(stream: BinaryIO, array: Array) -> None:
    """Row by row, so that a large tensor needs no second copy as text."""
    for row in array:
        stream.write((",".join(map(repr, row.tolist())) + "\n").encode())


FORMATS: Final[dict[str, Callable[[BinaryIO, Array], None]]] = {
    ".npy": _write_npy,
    ".csv": _write_csv,
}
"""How each kind of file is written, by suffix."""
