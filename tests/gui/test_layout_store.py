"""The window's arrangement on disk: whole or not at all, and nothing believed unseen."""

import json
import pickle

import pytest

from gui.layout_store import Layout, read_layout, write_layout
from model.errors import FileError


def test_layout_reads_back_as_written(tmp_path):
    layout = Layout(b"\x00\xffgeometry", b"docks", b"debug docks", b"compare docks", "dark", 1.5)
    write_layout(tmp_path / "deep" / "window.json", layout)
    assert read_layout(tmp_path / "deep" / "window.json") == layout


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "{",
        "[" * 100_000,
        '{"geometry": 3, "docks": "§§", "theme": "pink", "scale": 99}',
        '{"theme": ["dark"], "scale": NaN}',
        '{"theme": {}, "scale": true, "docks": null}',
    ],
)
def test_layout_ignores_what_is_not_one(tmp_path, text):
    path = tmp_path / "window.json"
    path.write_text(text, encoding="utf-8")
    assert read_layout(path) == Layout()


def test_layout_ignores_a_missing_or_enormous_file(tmp_path):
    assert read_layout(tmp_path / "none.json") == Layout()
    path = tmp_path / "window.json"
    path.write_text(json.dumps({"theme": "dark", "docks": "A" * 2_000_000}))
    assert read_layout(path) == Layout()


def test_layout_says_when_it_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="layout could not be saved"):
        write_layout(tmp_path / "file" / "window.json", Layout())


def test_layout_executes_no_pickle(tmp_path):
    path = tmp_path / "window.json"
    path.write_bytes(pickle.dumps(Layout()))
    assert read_layout(path) == Layout()
