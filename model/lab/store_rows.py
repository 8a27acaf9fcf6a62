"""Runs as rows of a store's tables, and back, every number exactly."""

import json
import math
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from model.arrays import Array, frozen
from model.lab.outcome import NO_CURVES, Fate, Outcome, ShareScores, refused
from model.lab.row import Row
from model.lab.run_key import run_key
from model.lab.variants import Variant, plain
from model.training.history import COLUMNS
from model.training.settings import RunSettings

OUTCOME: Final = (
    "r.fate, r.reason, r.epochs, r.train_loss, r.train_accuracy, r.train_auc,"
    " r.test_loss, r.test_accuracy, r.test_auc, r.seconds"
)
"""The columns of `runs` that `outcome_of` reads."""


def run_values(settings: RunSettings, outcome: Outcome) -> tuple[Any, ...]:
    """A row of `runs`; its key comes first."""
    text, train, test = settings.model_dump_json(), outcome.train, outcome.test
    scores = (train.loss, train.accuracy, train.auc, test.loss, test.accuracy, test.auc)
    fate = (outcome.fate.value, outcome.reason, outcome.epochs)
    return (
        *(run_key(settings), text, *fate, *scores),
        *(outcome.seconds, packed(outcome.curves), present_time()),
    )


def outcome_of(values: Sequence[Any], curves: bytes | None) -> Outcome:
    """From the columns `OUTCOME`; `ValueError` where the curves are damaged.

    Without curves those of the outcome are empty.
    """
    fate, reason, epochs, *numbers = values
    *scores, seconds = (math.nan if number is None else number for number in numbers)
    rows = NO_CURVES if curves is None else unpacked(curves, epochs)
    train, test = ShareScores(*scores[:3]), ShareScores(*scores[3:])
    return Outcome(Fate(fate), reason, epochs, train, test, rows, seconds)


def varied_text(variant: Variant) -> str:
    """What varied, as JSON."""
    return json.dumps(variant.varied)


def row_of(
    number: int,
    varied: str,
    reason: str,
    settings: str | None,
    curves: bytes | None,
    *outcome: Any,
) -> Row:
    """One run of a sweep; without settings it is one whose combination is not allowed."""
    pairs = tuple((path, plain(value)) for path, value in json.loads(varied))
    if settings is None:
        return Row(Variant(number, pairs, None, reason), refused(reason))
    chosen = RunSettings.model_validate_json(settings)
    return Row(Variant(number, pairs, chosen, reason), outcome_of(outcome, curves))


def packed(curves: Array) -> bytes:
    """(epochs, 4) compressed; the like bytes of all numbers stand together, which halves it."""
    plain = np.ascontiguousarray(curves, "<f8")
    return zlib.compress(plain.view(np.uint8).reshape(-1, 8).T.tobytes(), level=1)


def unpacked(content: bytes, epochs: int) -> Array:
    """The way back from `packed`; `ValueError` where it does not hold that many epochs."""
    size = epochs * 8 * len(COLUMNS)
    try:
        # Never more than the row itself speaks of, whoever has made the file.
        plain = zlib.decompressobj().decompress(content, size + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(plain) != size:
        raise ValueError(f"{len(plain)} bytes instead of {size}")
    shuffled = np.frombuffer(plain, np.uint8).reshape(8, -1)
    rows = np.ascontiguousarray(shuffled.T).view("<f8").reshape(epochs, len(COLUMNS))
    return frozen(rows.astype(np.float64))


def present_time() -> str:
    """Now, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
