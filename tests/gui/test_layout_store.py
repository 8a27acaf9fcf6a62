"""The window's arrangement on disk: whole or not at all, and nothing believed unseen."""

import json
import pickle

import pytest

from gui.layout_store import Layout, read_layout, write_layout
from gui.widgets.dock_record import Record, Saved, from_bytes, to_bytes
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


def test_the_users_own_arrangement_reads_back_beside_the_one_that_is_shown():
    own = Record(b"\x00own", [[560, 452], [332, 300, 372]], [396, 306])
    for saved in (Saved(b"\xffshown", 236.0), Saved(b"\xffshown", 180.5, own)):
        assert from_bytes(to_bytes(saved)) == saved


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"[1]", b"{}", b'{"shown": "AAAA"}', b'{"shown": 3, "left": 236}']
    + [b'{"shown": "AAAA", "left": %s}' % left for left in (b"0", b"-1", b"NaN", b"1e9", b'"a"')],
)
def test_what_is_no_arrangement_is_taken_as_never_saved(data):
    assert from_bytes(data) is None


@pytest.mark.parametrize(
    ("widths", "heights"),
    [([[1]], [1, 2]), ([[0]], [1]), ([["a"]], [1]), (3, [1]), ([[1]], None), ([[1e99]], [1])],
)
def test_of_a_broken_arrangement_of_the_users_own_the_rest_is_taken(widths, heights):
    content = {"shown": "AAAA", "left": 236, "own": "AAAA", "widths": widths, "heights": heights}
    assert from_bytes(json.dumps(content).encode()) == Saved(b"\0\0\0", 236)
