"""Files are there as a whole or not at all."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from model.errors import FileError
from model.files.atomic import replacing, writable_folder, write_text


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_text_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "α → β\n")
    assert (tmp_path / "a.txt").read_bytes() == "α → β\n".encode()
    assert os.listdir(tmp_path) == ["a.txt"]


def test_existing_file_is_replaced_and_a_link_to_it_stays(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("before")
    (tmp_path / "link").symlink_to("a.txt")
    write_text(tmp_path / "link", "after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a.txt").read_text() == "after"


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    monkeypatch.setattr(os, step, full_disk)
    with pytest.raises(FileError, match=r"a\.txt cannot be written .* no space left"):
        write_text(path, "after")
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_interrupted_writer_leaves_no_trace_and_its_own_error(
    tmp_path: Path, error: type[BaseException]
) -> None:
    def write_half() -> None:
        with replacing(tmp_path / "a.txt") as stream:
            stream.write(b"half of ")
            raise error

    with pytest.raises(error):
        write_half()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "path",
    [
        lambda folder: folder / "missing" / "a.txt",
        lambda folder: folder / "file" / "a.txt",
        lambda folder: folder / "folder",
        lambda folder: folder / ("x" * 300),
        lambda folder: folder / "nul\0byte",
    ],
    ids=["missing folder", "file as folder", "folder as file", "long name", "nul"],
)
def test_place_that_cannot_be_written_is_refused(
    tmp_path: Path, path: Callable[[Path], Path]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError) as caught:
        write_text(path(tmp_path), "text")
    assert caught.value.hint
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


def test_folder_is_made_with_its_parents_and_left_empty(tmp_path: Path) -> None:
    folder = writable_folder(tmp_path / "a" / "b")
    assert folder == tmp_path / "a" / "b"
    assert os.listdir(folder) == []


def test_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="is a file, not a folder"):
        writable_folder(tmp_path / "file")


def test_folder_that_refuses_files_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(FileError, match="cannot be written to: permission denied"):
        writable_folder(tmp_path)
