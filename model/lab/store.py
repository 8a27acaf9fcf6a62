"""Results on disk: what became of every run, by its settings, and which sweeps asked for it."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from model.arrays import Array
from model.errors import FileError, StateError
from model.lab.outcome import Fate, Outcome
from model.lab.row import Row
from model.lab.run_key import run_key
from model.lab.store_rows import (
    OUTCOME,
    outcome_of,
    present_time,
    row_of,
    run_values,
    varied_text,
)
from model.lab.store_schema import OTHER, in_words, opened, transaction
from model.lab.variants import Variant

PAGE: Final = 200
"""Rows that are read at once; another process may write in between."""


@dataclass(frozen=True)
class StoredSweep:
    """A sweep in a store: `spec` is its JSON, `done` tells how many of its `runs` are there."""

    id: int
    name: str
    spec: str
    runs: int
    done: int
    created: str


class Store:
    """The results in one SQLite file, or in memory where `path` is None.

    Whatever a call has written is on the disk when it returns. Several processes may read and
    write one file; within a process each thread opens its own. Every method raises `FileError`
    where the file cannot be read or written. Numbers come back exactly, NaN and infinity too.
    """

    def __init__(self, path: Path | None = None, create: bool = True) -> None:
        """With `create` an empty store is made where there is no file.

        `FileError` for a file that is no store, or that of a newer version.
        """
        self.path = path
        self._name = "the store" if path is None else path.name
        self._connection = opened(path, create)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def sweeps(self) -> tuple[StoredSweep, ...]:
        """All sweeps, the youngest first."""
        rows = self._all(
            "SELECT s.id, s.name, s.spec, s.runs, COUNT(l.number), s.created FROM sweeps s"
            " LEFT JOIN sweep_runs l ON l.sweep = s.id GROUP BY s.id ORDER BY s.id DESC"
        )
        return tuple(StoredSweep(*row) for row in rows)

    def count(self) -> int:
        """How many runs are there, of all sweeps."""
        return int(self._all("SELECT COUNT(*) FROM runs")[0][0])

    def done(self, spec: str) -> int:
        """How many runs are there of the sweep with that specification."""
        query = "SELECT COUNT(*) FROM sweep_runs l JOIN sweeps s ON s.id = l.sweep WHERE s.spec = ?"
        return int(self._all(query, (spec,))[0][0])

    def sweep(self, spec: str, name: str, runs: int) -> int:
        """The id of the sweep with that specification, begun where there is none yet.

        Where another sweep has the name already, a number follows it.
        """
        with self._writing() as connection:
            found = connection.execute("SELECT id FROM sweeps WHERE spec = ?", (spec,)).fetchone()
            if found is not None:
                return int(found[0])
            taken = {row[0] for row in connection.execute("SELECT name FROM sweeps")}
            names = [name, *(f"{name} ({number})" for number in range(2, len(taken) + 2))]
            free = next(name for name in names if name not in taken)
            cursor = connection.execute(
                "INSERT INTO sweeps (name, spec, runs, created) VALUES (?, ?, ?, ?)",
                (free, spec, runs, present_time()),
            )
            return int(cursor.lastrowid or 0)

    def keep(self, sweep: int, rows: Iterable[Row]) -> None:
        """Write down what became of runs of a sweep, all of them or none.

        A run that is there already stays as it is, unless it had failed.
        """
        with self._writing() as connection:
            for row in rows:
                if row.variant.settings is not None:
                    values = run_values(row.variant.settings, row.outcome)
                    failed = (values[0], Fate.REFUSED.value)
                    connection.execute("DELETE FROM runs WHERE key = ? AND fate = ?", failed)
                    marks = ",".join("?" * len(values))
                    connection.execute(f"INSERT OR IGNORE INTO runs VALUES ({marks})", values)
                _link(connection, sweep, row.variant)

    def link(self, sweep: int, variants: Iterable[Variant]) -> None:
        """Count runs that are in the store already to a sweep."""
        with self._writing() as connection:
            for variant in variants:
                _link(connection, sweep, variant)

    def has(self, key: bytes) -> bool:
        """Whether the run with that key has been run, and did not fail."""
        query = "SELECT 1 FROM runs WHERE key = ? AND fate <> ?"
        return bool(self._all(query, (key, Fate.REFUSED.value)))

    def find(self, key: bytes, curves: bool = True) -> Outcome | None:
        """What became of the run with that key, None where it has not been run."""
        query = f"SELECT {_curves(curves)}, {OUTCOME} FROM runs r WHERE r.key = ?"
        with self._reading():
            found = self._all(query, (key,))
            return outcome_of(found[0][1:], found[0][0]) if found else None

    def curves(self, key: bytes) -> Array:
        """The epochs of a run, (epochs, 4); `StateError` where it is not in the store."""
        outcome = self.find(key)
        if outcome is None:
            raise StateError("this run is not in the store", "run the sweep again")
        return outcome.curves

    def rows(
        self, sweep: int, fates: Collection[Fate] = tuple(Fate), curves: bool = True
    ) -> Iterator[Row]:
        """The runs of a sweep that are there, by number, those of the given fates.

        Their settings may be written otherwise than in the plan, where another one has run them.
        Without `curves` those of every outcome are empty, (0, 4). They are read page by page: a
        long sweep takes no memory, and nobody who writes has to wait.
        """
        query = (
            f"SELECT l.number, l.varied, l.reason, r.settings, {_curves(curves)}, {OUTCOME}"
            " FROM sweep_runs l LEFT JOIN runs r ON r.key = l.key"
            " WHERE l.sweep = ? AND l.number > ? ORDER BY l.number LIMIT ?"
        )
        last = -1
        while page := self._all(query, (sweep, last, PAGE)):
            last = page[-1][0]
            with self._reading():
                rows = [row_of(*row) for row in page]
            yield from (row for row in rows if row.outcome.fate in fates)

    def delete(self, sweep: int) -> None:
        """Forget a sweep, and the runs that no other sweep has."""
        with self._writing() as connection:
            connection.execute("DELETE FROM sweeps WHERE id = ?", (sweep,))
            connection.execute(
                "DELETE FROM runs WHERE NOT EXISTS"
                " (SELECT 1 FROM sweep_runs l WHERE l.key = runs.key)"
            )

    def _all(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with in_words(self._name):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What cannot be understood is a damaged file."""
        try:
            yield
        except ValueError as error:
            raise FileError(f"{self._name} is damaged", OTHER) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with in_words(self._name), transaction(self._connection):
            yield self._connection


def key_of(variant: Variant) -> bytes | None:
    """What identifies a variant's run; None where it has no settings."""
    return None if variant.settings is None else run_key(variant.settings)


def _link(connection: sqlite3.Connection, sweep: int, variant: Variant) -> None:
    values = (sweep, variant.number, varied_text(variant), variant.reason, key_of(variant))
    connection.execute("INSERT OR REPLACE INTO sweep_runs VALUES (?, ?, ?, ?, ?)", values)


def _curves(wanted: bool) -> str:
    return "r.curves" if wanted else "NULL"
