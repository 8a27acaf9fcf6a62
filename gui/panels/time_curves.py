"""The recorded losses of all branches: the present one's past and future, and the others."""

from typing import Final

import numpy as np

from gui.widgets.trace import Trace
from model.arrays import Array
from model.training.debug_views import BranchView
from model.training.history import History
from model.training.snapshots import Snapshot

Points = tuple[Array, Array]
Bounds = tuple[float, float, float]
_NOWHERE: Final = (np.inf, -np.inf, np.inf)


class BranchCurve:
    """A branch that is not walked on at present; `start` is the epoch at which it left."""

    def __init__(self, view: BranchView) -> None:
        rows = view.history.rows
        self.view, self.start = view, view.history.start
        self.trace = Trace()
        self.trace.follow(rows[:-1, 0], float(rows[-1, 0]) if len(rows) else np.nan, 0)

    def shows(self, view: BranchView) -> bool:
        """Whether this is its curve: what is recorded of a branch that rests does not change."""
        mine, other = self.view.history, view.history
        return mine.start == other.start and len(mine.rows) == len(other.rows)

    @property
    def last_epoch(self) -> int:
        """Where the curve ends."""
        return self.start + self.trace.epoch

    def points(self, low: float, high: float, columns: int) -> Points:
        """Epochs and losses between two epochs, thinned for `columns` pixels."""
        x, y = self.trace.points(low - self.start, high - self.start, columns)
        return x + self.start, y


class TimeCurves:
    """What is known of the run, as snapshots tell it.

    `epoch` is the present one, `recorded` the last one that was ever reached on this branch.
    """

    def __init__(self) -> None:
        self.trace = Trace()
        self.branches: dict[int, BranchCurve] = {}
        self.epoch = self.recorded = 0
        self._history = History()
        self._generation: int | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing has been shown yet."""
        return self._generation is None

    def take(self, snapshot: Snapshot) -> bool:
        """Follow a snapshot; True where it belongs to another run than the last one."""
        again = snapshot.generation != self._generation
        if again:
            self._generation, self.branches = snapshot.generation, {}
        self.epoch = snapshot.epoch
        self._history.apply(snapshot.history)
        self._take_path(snapshot)
        self._take_branches(snapshot)
        return again

    def loss_at(self, epoch: int) -> float:
        """The loss of an epoch of the present branch; NaN where it is not known."""
        return self.trace.at(epoch) if 0 <= epoch <= self.trace.epoch else float("nan")

    def bounds(self) -> Bounds:
        """Smallest, largest and smallest positive finite loss of all branches."""
        traces = [self.trace, *(curve.trace for curve in self.branches.values())]
        lows, highs, positives = zip(_NOWHERE, *(t.bounds() for t in traces), strict=True)
        return min(lows), max(highs), min(positives)

    def last_epoch(self) -> int:
        """The last epoch of any branch."""
        return max([self.recorded, *(curve.last_epoch for curve in self.branches.values())])

    def points(self, low: float, high: float, columns: int, epoch: int) -> tuple[Points, Points]:
        """The curve of the present branch between two epochs, up to `epoch` and from it on."""
        x, y = self.trace.points(low, high, columns)
        split = int(np.searchsorted(x, epoch, side="right"))
        here = np.array([float(epoch)]), np.array([self.loss_at(epoch)])
        past = np.append(x[:split], here[0]), np.append(y[:split], here[1])
        return past, (np.append(here[0], x[split:]), np.append(here[1], y[split:]))

    def _take_path(self, snapshot: Snapshot) -> None:
        """The past, and behind it the future where one is recorded; the loss at the end last."""
        future, loss = snapshot.future, snapshot.train.loss
        unchanged = snapshot.history.start
        if future is None or not len(future.rows):
            self.recorded = snapshot.epoch
        else:
            self._history.apply(future)
            self.recorded = max(snapshot.epoch, self._history.epoch)
            loss = snapshot.future_loss
        rows = min(self.recorded, self._history.epoch)
        self.trace.follow(self._history.loss[:rows], loss, unchanged)

    def _take_branches(self, snapshot: Snapshot) -> None:
        known = self.branches
        self.branches = {}
        for view in snapshot.branches:
            if view.number != snapshot.branch and len(view.history.rows):
                curve = known.get(view.number)
                fits = curve is not None and curve.shows(view)
                self.branches[view.number] = curve if curve and fits else BranchCurve(view)
                self.branches[view.number].view = view
