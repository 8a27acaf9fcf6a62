"""Files that are there as a whole or not at all, whatever happens while they are written."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from model.errors import FileError

HINT: Final = "choose another folder"

FULL: Final = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends without an error.

    It is written beside it first. Raises `FileError` where that is not possible; whatever stood
    at `path` is untouched then.
    """
    path = _resolved(path)
    beside = path.with_name(_passing_name())
    try:
        with _removed_on_error(beside):
            with beside.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(beside, path)
    except OSError as error:
        raise _refusal(f"{path.name} cannot be written to {path.parent}", error) from error


def write_text(path: Path, text: str) -> None:
    """Write a whole file as UTF-8; raises `FileError`."""
    with replacing(path) as stream:
        stream.write(text.encode())


def writable_folder(path: Path) -> Path:
    """The folder, made where it is missing and tried out; raises `FileError`."""
    folder = _resolved(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / _passing_name()
        with _removed_on_error(probe):
            probe.touch(exist_ok=False)
            probe.unlink()
    except FileExistsError as error:
        raise FileError(f"{path} is a file, not a folder", HINT) from error
    except OSError as error:
        raise _refusal(f"the folder {path} cannot be written to", error) from error
    return folder


def _resolved(path: Path) -> Path:
    """The path behind links, so that a file is replaced and not the link to it."""
    try:
        return path.expanduser().resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise _refusal(f"{path} cannot be found", error) from error


def _passing_name() -> str:
    return f".backscope-{secrets.token_hex(6)}.part"


@contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def _refusal(message: str, error: Exception) -> FileError:
    """The system's own words for the cause, without paths and numbers."""
    cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    full = isinstance(error, OSError) and error.errno in FULL
    return FileError(f"{message}: {cause.lower()}", f"make room, or {HINT}" if full else HINT)
