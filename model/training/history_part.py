"""A piece of a history, as it crosses a thread."""

from dataclasses import dataclass

from model.arrays import Array


@dataclass(frozen=True)
class HistoryPart:
    """The recorded epochs from `start` on; rows (n, 4) as `model.training.history.COLUMNS`.

    Whoever keeps a copy cuts it to `start` rows and appends these.
    """

    start: int
    rows: Array
