"""What is to be seen of the runs of one block: scores, AUC and decision grids of all together."""

import numpy as np

from model.analysis.decision_grid import GridSampler
from model.analysis.roc import auc
from model.arrays import Array
from model.lab.block import Block
from model.training.metrics import HALF
from model.training.snapshots import DecisionGrid


class BlockViews:
    """Computed where the block has moved on since, once for all its runs."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._stamp: tuple[int, int] | None = None
        self._rows: Array = np.empty((0, 0))
        self._outputs: Array = np.empty((0, 0))
        self._sampler: GridSampler | None = None
        self._grids: list[DecisionGrid] | None = None

    def row(self, place: int) -> Array:
        """Losses and accuracies of one run as it stands, (4,) as in the history."""
        self._follow()
        row: Array = self._rows[place]
        return row

    def auc(self, place: int) -> float:
        """The AUC on the test set, on the training set where there is none; NaN: not defined."""
        self._follow()
        data, m, outputs = self.block.data, len(self.block.data.y_train), self._outputs[place]
        if len(data.y_test):
            return auc(outputs[m:], data.y_test >= HALF)
        return auc(outputs[:m], data.y_train >= HALF)

    def grid(self, place: int, size: int) -> DecisionGrid | None:
        """The outputs over size × size points; None without points or with other than 2 features.

        All runs of the block are evaluated in one pass.
        """
        self._follow()
        if not size or self.block.data.X_train.shape[1] != 2:
            return None
        if self._sampler is None or len(self._sampler.x) != size:
            self._sampler, self._grids = GridSampler(self.block.data, size), None
        if self._grids is None:
            self._grids = self._sampler.grids(self.block.network, HALF)
        return self._grids[place]

    def _follow(self) -> None:
        stamp = self.block.epoch, self.block.running
        if stamp != self._stamp:
            rows, outputs = self.block.evaluate()
            self._rows, self._outputs = rows.copy(), outputs.copy()
            self._stamp, self._grids = stamp, None
