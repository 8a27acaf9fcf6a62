"""The recorded epochs: every one of them, growing as the run does."""

from typing import Final

import numpy as np

from model.arrays import Array, frozen
from model.training.history_part import HistoryPart

COLUMNS: Final = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


class History:
    """One row an epoch: row k belongs to the state after k epochs, before the next update.

    `rows` is (epoch, 4) float64 with the columns of `COLUMNS`; test columns are NaN without a test
    set.
    """

    def __init__(self, rows: Array | None = None) -> None:
        self._rows = np.empty((1024, len(COLUMNS))) if rows is None else rows
        self.epoch = 0 if rows is None else len(rows)

    @property
    def rows(self) -> Array:
        """All recorded rows, a view."""
        return self._rows[: self.epoch]

    @property
    def loss(self) -> Array:
        """Training loss, (epochs,)."""
        return self.rows[:, 0]

    @property
    def test_loss(self) -> Array:
        """Loss on the test set, (epochs,)."""
        return self.rows[:, 1]

    @property
    def accuracy(self) -> Array:
        """Share of the training set told right at threshold 0.5, (epochs,)."""
        return self.rows[:, 2]

    @property
    def test_accuracy(self) -> Array:
        """Share of the test set told right at threshold 0.5, (epochs,)."""
        return self.rows[:, 3]

    def loss_of(self, epoch: int) -> float:
        """Training loss of one recorded epoch."""
        return float(self._rows[epoch, 0])

    def record(self, epoch: int, row: Array) -> None:
        """Write row `epoch`; whatever stood there is the same where the path is walked again."""
        if epoch >= len(self._rows):
            self._grow(epoch + 1)
        self._rows[epoch] = row
        self.epoch = max(self.epoch, epoch + 1)

    def cut(self, epoch: int) -> None:
        """Forget the rows from `epoch` on."""
        self.epoch = min(self.epoch, epoch)

    def until(self, epoch: int) -> "History":
        """The first `epoch` rows as a read-only copy."""
        return History(frozen(self._rows[: min(epoch, self.epoch)]))

    def copy(self, rows: int) -> "History":
        """A history of its own that begins with the first `rows` rows."""
        twin = History()
        twin.apply(HistoryPart(0, self._rows[: min(rows, self.epoch)]))
        return twin

    def part(self, start: int, stop: int) -> HistoryPart:
        """The rows from `start` to `stop`, for a snapshot."""
        return HistoryPart(start, frozen(self.rows[start:stop]))

    def apply(self, part: HistoryPart) -> None:
        """Follow another history by the parts it sends."""
        self.cut(part.start)
        end = part.start + len(part.rows)
        if end > len(self._rows):
            self._grow(end)
        self._rows[part.start : end] = part.rows
        self.epoch = end

    def _grow(self, needed: int) -> None:
        rows = np.empty((max(needed, 2 * len(self._rows)), len(COLUMNS)))
        rows[: self.epoch] = self.rows
        self._rows = rows
