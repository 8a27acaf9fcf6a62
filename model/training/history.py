"""The recorded epochs: every one of them, growing as the run does."""

from typing import Final

import numpy as np

from model.arrays import Array, Indices, frozen
from model.training.history_part import NONE, HistoryPart

COLUMNS: Final = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


UNKNOWN: Final = NONE.ravel()


class History:
    """One row an epoch: row k belongs to the state after k epochs, before the next update.

    `rows` is (epoch, 4) float64 with the columns of `COLUMNS`; test columns are NaN without a test
    set. `squares` (epoch, L) are those of `gradient_norms`; L is 0 until the first is recorded.
    """

    def __init__(self, rows: Array | None = None, squares: Array | None = None) -> None:
        self._rows = np.empty((1024, len(COLUMNS))) if rows is None else rows
        self._squares = np.empty((len(self._rows), 0)) if squares is None else squares
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

    @property
    def gradient_norms(self) -> Array:
        """‖(∇W[l], ∇b[l])‖ of every layer as the update that leaves epoch k uses it, (epochs, L).

        With mini-batches over the first batch of the epoch. ∞ from 1e154 on, where the square is;
        NaN where it was not recorded.
        """
        return np.sqrt(self._squares[: self.epoch])

    @property
    def squared_norms(self) -> Array:
        """‖∇J‖² over all layers, (epochs,); NaN where it was not recorded."""
        squares = self._squares[: self.epoch]
        return squares.sum(axis=1) if squares.shape[1] else np.full(len(squares), np.nan)

    def gradient_norms_at(self, epochs: Indices) -> Array:
        """Some rows of `gradient_norms`, (len(epochs), L), at the cost of these alone."""
        return np.sqrt(self._squares[epochs])

    def loss_of(self, epoch: int) -> float:
        """Training loss of one recorded epoch."""
        return float(self._rows[epoch, 0])

    def record(self, epoch: int, row: Array, squares: Array = UNKNOWN) -> None:
        """Write row `epoch`; whatever stood there is the same where the path is walked again.

        `squares` (L,) are ‖(∇W[l], ∇b[l])‖², the same L in every call; empty where not known.
        """
        if epoch >= len(self._rows):
            self._grow(epoch + 1)
        if len(squares) != self._squares.shape[1]:
            self._hold_layers(len(squares))
        self._rows[epoch] = row
        self._squares[epoch] = squares
        self.epoch = max(self.epoch, epoch + 1)

    def cut(self, epoch: int) -> None:
        """Forget the rows from `epoch` on."""
        self.epoch = min(self.epoch, epoch)

    def until(self, epoch: int) -> "History":
        """The first `epoch` rows as a read-only copy."""
        part = self.part(0, epoch)
        return History(part.rows, part.squares)

    def copy(self, rows: int) -> "History":
        """A history of its own that begins with the first `rows` rows."""
        twin = History()
        rows = min(rows, self.epoch)
        twin.apply(HistoryPart(0, self._rows[:rows], self._squares[:rows]))
        return twin

    def part(self, start: int, stop: int) -> HistoryPart:
        """The rows from `start` to `stop`, for a snapshot."""
        stop = min(stop, self.epoch)
        return HistoryPart(start, frozen(self._rows[start:stop]), frozen(self._squares[start:stop]))

    def apply(self, part: HistoryPart) -> None:
        """Follow another history by the parts it sends."""
        self.cut(part.start)
        end = part.start + len(part.rows)
        if end > len(self._rows):
            self._grow(end)
        self._rows[part.start : end] = part.rows
        if len(part.rows):
            layers = part.squares.shape[1]
            if layers != self._squares.shape[1]:
                self._hold_layers(layers)
            self._squares[part.start : end] = part.squares if layers else np.nan
        self.epoch = end

    def _hold_layers(self, layers: int) -> None:
        """Take so many squares an epoch from here on; those of other layers are forgotten."""
        self._squares = np.full((len(self._rows), layers), np.nan)

    def _grow(self, needed: int) -> None:
        rows = max(needed, 2 * len(self._rows))
        self._rows = _with_room(self._rows, rows)
        self._squares = _with_room(self._squares, rows)


def _with_room(array: Array, rows: int) -> Array:
    """A longer array that begins with `array`."""
    longer = np.empty((rows, array.shape[1]))
    longer[: len(array)] = array
    return longer
