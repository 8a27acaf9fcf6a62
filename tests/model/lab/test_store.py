"""The store: every number comes back, nothing finished is lost, foreign files are left alone."""

import math
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model import RunSettings
from model.errors import FileError, StateError
from model.lab.outcome import Fate, Outcome, ShareScores, refused
from model.lab.row import Row
from model.lab.store import Store, key_of
from model.lab.store_rows import packed, unpacked
from model.lab.store_schema import APPLICATION, VERSION
from model.lab.variants import Variant
from model.training.assignments import assigned

ROOT = Path(__file__).parents[3]
LAYERS = "network.layers"


def variant(number: int = 0, **changes: object) -> Variant:
    settings = assigned(RunSettings(), [f"seed={number}"])
    return Variant(number, (("training.learning_rate", 0.1), (LAYERS, (10, 5))), settings)


def outcome(loss: float = 0.5, fate: Fate = Fate.FINISHED, epochs: int = 3) -> Outcome:
    curves = np.random.default_rng(1).random((epochs, 4))
    shares = ShareScores(loss, 0.9, math.nan), ShareScores(loss + 1, 0.8, 0.7)
    return Outcome(fate, "reached 3 epochs", epochs, *shares, curves, 1.25)


def bits(number: float) -> bytes:
    """NaN is NaN, and SQLite knows one zero."""
    return b"nan" if math.isnan(number) else struct.pack("d", number + 0.0)


def numbers(found: Outcome) -> list[bytes]:
    shares = [getattr(s, n) for s in (found.train, found.test) for n in ("loss", "accuracy", "auc")]
    return [bits(number) for number in (*shares, found.seconds)]


def same(one: Outcome, other: Outcome) -> bool:
    plain = (one.fate, one.reason, one.epochs) == (other.fate, other.reason, other.epochs)
    curves = one.curves.tobytes() == other.curves.tobytes()
    return plain and curves and numbers(one) == numbers(other)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


@given(values=st.lists(st.floats(), min_size=7, max_size=7))
def test_scores_come_back_exactly(values: list[float]) -> None:
    shares = ShareScores(*values[:3]), ShareScores(*values[3:6])
    wrote = Outcome(Fate.CONVERGED, "“flat”", 0, *shares, np.empty((0, 4)), values[6])
    with Store() as store:
        store.keep(store.sweep("spec", "name", 1), [Row(variant(), wrote)])
        found = store.find(key_of(variant()) or b"")
    assert found is not None
    assert same(found, wrote)


@given(rows=arrays(np.float64, st.tuples(st.integers(0, 20), st.just(4))))
def test_curves_come_back_bit_for_bit(rows: np.ndarray) -> None:
    found = unpacked(packed(rows), len(rows))
    assert found.tobytes() == rows.tobytes()
    assert found.shape == rows.shape
    assert not found.flags.writeable


@pytest.mark.parametrize("epochs", [2, 4])
def test_curves_of_another_length_are_damaged(epochs: int) -> None:
    with pytest.raises(ValueError, match="instead of"):
        unpacked(packed(np.ones((3, 4))), epochs)


def test_rows_come_back_after_closing(path: Path) -> None:
    rows = [Row(variant(number), outcome(number / 7)) for number in range(3)]
    no = Row(
        Variant(3, (("training.learning_rate", -1), (LAYERS, (1,))), None, "no"), refused("no")
    )
    with Store(path) as store:
        store.keep(store.sweep("spec", "name", 4), [*rows, no])
    with Store(path, create=False) as store:
        (sweep,) = store.sweeps()
        assert (sweep.name, sweep.spec, sweep.runs, sweep.done) == ("name", "spec", 4, 4)
        assert (store.done("spec"), store.done("other")) == (4, 0)
        found = list(store.rows(sweep.id))
        assert [row.variant for row in found] == [row.variant for row in [*rows, no]]
        assert all(same(a.outcome, b.outcome) for a, b in zip(found, [*rows, no], strict=True))
        assert [row.outcome.curves.shape for row in store.rows(sweep.id, curves=False)] == [
            (0, 4)
        ] * 4
        assert [row.variant.number for row in store.rows(sweep.id, [Fate.REFUSED])] == [3]
        key = key_of(rows[1].variant) or b""
        assert store.curves(key).tobytes() == rows[1].outcome.curves.tobytes()


def test_rows_go_on_over_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.lab.store.PAGE", 2)
    with Store() as store:
        sweep = store.sweep("spec", "name", 5)
        store.keep(sweep, [Row(variant(number), outcome()) for number in range(5)])
        assert [row.variant.number for row in store.rows(sweep)] == list(range(5))


def test_key_tells_settings_apart_and_nothing_else() -> None:
    again = Variant(9, (), assigned(RunSettings(), ["seed=0", "learning_rate=1e-2"]))
    assert key_of(again) == key_of(variant(0))
    assert key_of(variant(1)) != key_of(variant(0))
    assert key_of(Variant(0, (), None, "no")) is None


@pytest.mark.parametrize(
    "sets", [["timeline_memory=1"], ["activation=[relu,relu]"], ["learning_rate=0.01"]]
)
def test_key_is_that_of_the_numbers(sets: list[str]) -> None:
    same = Variant(0, (), assigned(RunSettings(), ["seed=0", *sets]))
    assert key_of(same) == key_of(variant(0))


@pytest.mark.parametrize("sets", [["activation=[relu,tanh]"], ["patience=3"], ["seed=1"]])
def test_key_differs_where_numbers_may(sets: list[str]) -> None:
    other = Variant(0, (), assigned(RunSettings(), ["seed=0", *sets]))
    assert key_of(other) != key_of(variant(0))


def test_refused_values_come_back_as_they_were_told_apart() -> None:
    values = ("{}", (), ((1,),), None, True, "nan")
    rows = [
        Row(Variant(k, ((LAYERS, value),), None, "no"), refused("no"))
        for k, value in enumerate(values)
    ]
    with Store() as store:
        sweep = store.sweep("spec", "name", len(rows))
        store.keep(sweep, rows)
        assert [row.variant for row in store.rows(sweep)] == [row.variant for row in rows]


def test_runs_are_counted_and_looked_for_without_being_read() -> None:
    with Store() as store:
        sweep = store.sweep("spec", "name", 2)
        store.keep(sweep, [Row(variant(0), outcome()), Row(variant(1), refused("no memory"))])
        assert store.count() == 2
        assert [store.has(key_of(variant(k)) or b"") for k in range(3)] == [True, False, False]


def test_finished_run_stands_and_failed_one_is_replaced() -> None:
    with Store() as store:
        sweep, key = store.sweep("spec", "name", 1), key_of(variant()) or b""
        for wrote, stands in ((refused("MemoryError"), math.nan), (outcome(1), 1), (outcome(2), 1)):
            store.keep(sweep, [Row(variant(), wrote)])
            found = store.find(key)
            assert found is not None
            assert bits(found.train.loss) == bits(stands)
        assert store.sweeps()[0].done == 1


def test_sweep_is_found_by_its_specification_and_has_a_name_of_its_own() -> None:
    with Store() as store:
        first = store.sweep("one", "rates", 1)
        assert store.sweep("one", "other", 1) == first
        assert store.sweep("two", "rates", 1) != first
        assert [sweep.name for sweep in store.sweeps()] == ["rates (2)", "rates"]


def test_deleted_sweep_leaves_the_runs_of_others() -> None:
    with Store() as store:
        one, two = store.sweep("one", "a", 2), store.sweep("two", "b", 1)
        store.keep(one, [Row(variant(0), outcome()), Row(variant(1), outcome())])
        store.link(two, [variant(0)])
        store.delete(one)
        assert [sweep.id for sweep in store.sweeps()] == [two]
        assert store.find(key_of(variant(0)) or b"") is not None
        assert store.find(key_of(variant(1)) or b"") is None
        with pytest.raises(StateError):
            store.curves(key_of(variant(1)) or b"")


def test_another_process_reads_and_writes_at_the_same_time(path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path;"
        "from test_store import *; store = Store(Path(sys.argv[1]));"
        "sweep = store.sweep('spec', 'name', 100);"
        "[store.keep(sweep, [Row(variant(n), outcome())]) for n in range(50, 100)]; store.close()"
    )
    arguments = [sys.executable, "-c", code, str(path), str(Path(__file__).parent)]
    with Store(path) as store:
        sweep = store.sweep("spec", "name", 100)
        with subprocess.Popen(arguments, cwd=ROOT) as other:
            for number in range(50):
                store.keep(sweep, [Row(variant(number), outcome())])
                assert len(list(store.rows(sweep))) > number
            assert other.wait(60) == 0
        assert [row.variant.number for row in store.rows(sweep)] == list(range(100))


@pytest.mark.parametrize("content", [b"epoch,loss\n" * 100, b"x", os.urandom(4096)])
def test_file_that_is_not_sqlite_is_refused_and_untouched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"runs\.sqlite is no SQLite file") as error:
        Store(path)
    assert error.value.hint == "move it away, or choose another place"
    assert path.read_bytes() == content


def test_another_programs_sqlite_is_refused_and_untouched(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE runs (a)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(FileError, match="not one of Backscope's"):
        Store(path)
    assert path.read_bytes() == before


def test_store_of_a_newer_version_is_refused_and_untouched(path: Path) -> None:
    Store(path).close()
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(FileError, match="newer version") as error:
        Store(path)
    assert f"format {VERSION + 1}" in error.value.hint
    assert path.read_bytes() == before


def test_file_is_marked_as_a_store(path: Path) -> None:
    Store(path).close()
    assert path.read_bytes()[68:72] == APPLICATION.to_bytes(4, "big") == b"BSCP"


def test_missing_file_is_not_made_where_an_old_one_is_wanted(path: Path) -> None:
    with pytest.raises(FileError, match="there is no file"):
        Store(path, create=False)
    assert not path.exists()


@pytest.mark.parametrize("place", ["", "none/runs.sqlite"])
def test_path_that_cannot_be_a_file_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(FileError, match="cannot be opened"):
        Store(tmp_path / place)


def test_damaged_store_is_told(path: Path) -> None:
    with Store(path) as store:
        sweep = store.sweep("spec", "name", 1)
        store.keep(sweep, [Row(variant(), outcome())])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("UPDATE runs SET curves = x'00'")
    other.close()
    with Store(path) as store, pytest.raises(FileError, match="is damaged"):
        list(store.rows(sweep))


def test_full_disk_keeps_what_was_finished(path: Path) -> None:
    with Store(path) as store:
        sweep = store.sweep("spec", "name", 100)
        store._connection.execute("PRAGMA max_page_count = 30")
        kept = 0

        def fill() -> None:
            nonlocal kept
            for kept in range(100):
                store.keep(sweep, [Row(variant(kept), outcome(epochs=500))])

        with pytest.raises(FileError, match="the disk is full"):
            fill()
        assert kept > 0
        assert len(list(store.rows(sweep))) == kept
    with Store(path) as store:
        store.keep(sweep, [Row(variant(kept), outcome())])
        assert len(list(store.rows(sweep))) == kept + 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everything")
def test_file_that_cannot_be_written_is_read(path: Path) -> None:
    with Store(path) as store:
        store.keep(store.sweep("spec", "name", 1), [Row(variant(), outcome())])
    path.chmod(0o444)
    with Store(path) as store:
        assert len(list(store.rows(1))) == 1
        with pytest.raises(FileError, match="cannot be written to"):
            store.sweep("other", "name", 1)


def test_file_that_another_program_holds_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.lab.store_schema.PATIENCE", 0.01)
    Store(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    with Store(path) as store:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(FileError, match="held by another program"):
            store.sweep("spec", "name", 1)
        other.close()
        assert store.sweep("spec", "name", 1) == 1


def test_copy_of_the_file_is_a_whole_store(path: Path, tmp_path: Path) -> None:
    """There is no second file beside it that would have to go along."""
    with Store(path) as store:
        store.keep(store.sweep("spec", "name", 1), [Row(variant(), outcome())])
        shutil.copy(path, tmp_path / "copy.sqlite")
    with Store(tmp_path / "copy.sqlite", create=False) as store:
        assert store.sweeps()[0].done == 1
