"""Opening .npz files that somebody else may have made: sizes first, and no Python objects."""

import io
import math
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from model.errors import FileError
from model.files.bounded import read_bounded

NamedArrays = dict[str, NDArray[Any]]

LARGEST = 256_000_000
"""Bytes of all arrays together; the largest network of the settings takes 160 MB."""
MOST_ARRAYS = 200
LONGEST_HEADER = 10_000
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read_npz(path: Path) -> NamedArrays:
    """The arrays of a file by their names; `FileError` for whatever is no such file.

    What a file declares is believed only after it has been compared with the bytes there are: a
    few kilobytes can declare terabytes.
    """
    content = read_bounded(path, LARGEST)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(path, archive)
            return {
                member.filename.removesuffix(".npy"): _array(_content(archive, member))
                for member in archive.infolist()
            }
    except FileError:
        raise
    # Damaged bytes make zipfile, zlib and NumPy's parser raise errors of a dozen kinds.
    except Exception as error:
        raise FileError(f"{path.name} is no readable .npz file", _cause(error)) from error


def _check_sizes(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    declared = sum(member.file_size for member in members)
    if declared > LARGEST or len(members) > MOST_ARRAYS:
        raise FileError(
            f"{path.name} is too large: {len(members)} arrays of {declared / 1e6:.0f} MB together",
            f"at most {MOST_ARRAYS} arrays and {LARGEST / 1e6:.0f} MB are opened",
        )


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of one member, no more than it declares even while they are unpacked."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("it is packed in a way that NumPy does not use")
    with archive.open(member) as stream:
        return stream.read(member.file_size)


def _array(content: bytes) -> NDArray[Any]:
    """One array from the bytes of an .npy file; raises `ValueError` and NumPy's own errors."""
    stream = io.BytesIO(content)
    version = npy.read_magic(stream)
    shape, dtype = _header(stream, version)
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which are never opened")
    # A dimension of 0 would hide another one that is beyond any array.
    possible = all(0 <= length <= LARGEST for length in shape)
    if not possible or math.prod(shape) * dtype.itemsize != len(content) - stream.tell():
        raise ValueError(f"an array of shape {shape} is declared, but its data are not that many")
    stream.seek(0)
    array: NDArray[Any] = npy.read_array(stream, allow_pickle=False, max_header_size=LONGEST_HEADER)
    return array


def _header(stream: BinaryIO, version: tuple[int, int]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type that an .npy file declares; NumPy's parser says why not in its own terms."""
    if version not in _HEADERS:
        raise ValueError(
            f"an array is in version {version[0]} of NumPy's format; 1 and 2 are opened"
        )
    try:
        shape, _, dtype = _HEADERS[version](stream, max_header_size=LONGEST_HEADER)
    except Exception as error:
        raise ValueError("the shape and type of an array cannot be read") from error
    return shape, dtype


def _cause(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else ""
