"""The SQLite file of a store: its tables, how it is recognised, and its errors in words."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from model.errors import FileError

APPLICATION: Final = 0x4253_4350
""" "BSCP" in the header of the file, where the `file` command finds it too."""

VERSION: Final = 1

MAGIC: Final = b"SQLite format 3\0"
"""With which every SQLite file that is not empty begins."""

PATIENCE: Final = 10.0
"""Seconds for which another process may hold the file; each commit takes milliseconds."""

TABLES: Final = (
    # NaN is NULL, which SQLite makes of it.
    """CREATE TABLE runs (
        key BLOB PRIMARY KEY, settings TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL,
        epochs INTEGER NOT NULL,
        train_loss REAL, train_accuracy REAL, train_auc REAL,
        test_loss REAL, test_accuracy REAL, test_auc REAL,
        seconds REAL, curves BLOB NOT NULL, finished TEXT NOT NULL)""",
    """CREATE TABLE sweeps (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, spec TEXT NOT NULL UNIQUE,
        runs INTEGER NOT NULL, created TEXT NOT NULL)""",
    # The key is NULL where the combination is not allowed; the reason is that of the refusal.
    """CREATE TABLE sweep_runs (
        sweep INTEGER NOT NULL REFERENCES sweeps ON DELETE CASCADE, number INTEGER NOT NULL,
        varied TEXT NOT NULL, reason TEXT NOT NULL,
        key BLOB REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
        PRIMARY KEY (sweep, number)) WITHOUT ROWID""",
    "CREATE INDEX sweep_runs_by_key ON sweep_runs (key)",
)

AGAIN: Final = "what was finished before is kept; the same call runs only what is missing"
OTHER: Final = "move it away, or choose another place"

_WORDS: Final = {
    sqlite3.SQLITE_NOTADB: ("is no SQLite file", OTHER),
    sqlite3.SQLITE_CORRUPT: ("is damaged", OTHER),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", f"make room; {AGAIN}"),
    sqlite3.SQLITE_READONLY: ("cannot be written to", AGAIN),
    sqlite3.SQLITE_BUSY: ("is held by another program", f"wait for it; {AGAIN}"),
    sqlite3.SQLITE_LOCKED: ("is held by another program", f"wait for it; {AGAIN}"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "choose another place"),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written by the system",
        f"look at the disk; {AGAIN}",
    ),
}
"""By SQLite's primary result code: what is wrong with the file, and what to do."""


def opened(path: Path | None, create: bool) -> sqlite3.Connection:
    """A connection to the store in a file, made where there is none; None keeps it in memory.

    Raises `FileError` for a file that is missing and not to be made, that is not SQLite, is
    another program's or is from a newer version.
    """
    if path is not None and not create and not path.is_file():
        raise FileError(f"there is no file {path}")
    name = "the store" if path is None else path.name
    if path is not None and _is_foreign(path):
        raise FileError(f"{name} is no SQLite file", OTHER)
    with in_words(name):
        connection = sqlite3.connect(
            ":memory:" if path is None else path, timeout=PATIENCE, isolation_level=None
        )
    try:
        with in_words(name):
            _prepare(connection, name, create)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_foreign(path: Path) -> bool:
    """SQLite itself takes a file of a few bytes for an empty one, and would write over it.

    With a journal beside it, it may be a store that was being made; SQLite finishes that.
    """
    if not path.is_file() or path.with_name(f"{path.name}-journal").exists():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(len(MAGIC)) not in (b"", MAGIC)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {str(error.strerror).lower()}") from error


@contextmanager
def in_words(name: str) -> Iterator[None]:
    """SQLite's errors about the file as a `FileError`; its errors about us stay as they are."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        if code not in _WORDS:
            raise
        words, hint = _WORDS[code]
        raise FileError(f"{name} {words}", hint) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written in the block, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _prepare(connection: sqlite3.Connection, name: str, create: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    if create and _is_new(connection):
        with transaction(connection):
            # Another process may have been faster.
            if _is_new(connection):
                _make(connection)
    if _pragma(connection, "application_id") != APPLICATION:
        raise FileError(f"{name} is an SQLite file, but not one of Backscope's", OTHER)
    version = _pragma(connection, "user_version")
    if version > VERSION:
        raise FileError(
            f"{name} was written by a newer version of Backscope",
            f"it has format {version}; this one reads up to {VERSION}",
        )


def _make(connection: sqlite3.Connection) -> None:
    """Within one transaction, so that a file is a store as a whole or empty."""
    for table in TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _is_new(connection: sqlite3.Connection) -> bool:
    marks = ("application_id", "user_version", "schema_version")
    return not any(_pragma(connection, mark) for mark in marks)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    with closing(connection.execute(f"PRAGMA {name}")) as cursor:
        return int(cursor.fetchone()[0])
