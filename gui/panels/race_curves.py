"""The recorded losses of a race's runs, as snapshots tell of them."""

import math
from typing import Final

import numpy as np

from gui.panels.loss_picture import TEST, TRAIN
from gui.race_words import short_label
from gui.widgets.trace import Trace
from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceRun, RaceSnapshot
from model.training.history import History

_GROWN: Final = 2.0
"""Times its first value from which a loss counts as rising away: it need not stay in view."""


class RaceCurve:
    """Both losses of one run."""

    def __init__(self) -> None:
        self._history = History()
        self.traces = {TRAIN: Trace(), TEST: Trace()}

    def follow(self, run: RaceRun) -> None:
        """Take on what a snapshot brings."""
        history, part = self._history, run.history
        history.apply(part)
        rows = min(run.epoch, history.epoch)
        self.traces[TRAIN].follow(history.loss[:rows], run.train_loss, part.start)
        self.traces[TEST].follow(history.test_loss[:rows], run.test_loss, part.start)


class RaceCurves:
    """The curves of all runs; `share` is the one that is shown, "train" or "test"."""

    def __init__(self) -> None:
        self.share = TRAIN
        self.race: RaceSnapshot | None = None
        self.labels: tuple[str, ...] = ()
        self._curves: list[RaceCurve] = []

    def follow(self, race: RaceSnapshot) -> bool:
        """Take on a snapshot; whether it is of another race than the one before."""
        another = self.race is None or race.generation != self.race.generation
        if another or len(self._curves) != len(race.runs):
            self._curves = [RaceCurve() for _ in race.runs]
            self.labels = tuple(short_label(race, run) for run in race.runs)
        self.race = race
        for curve, run in zip(self._curves, race.runs, strict=True):
            if run.fate is not Fate.REFUSED:
                curve.follow(run)
        return another

    @property
    def traces(self) -> dict[int, Trace]:
        """The curves by the numbers of their runs; refused ones have none."""
        if self.race is None:
            return {}
        return {
            number: curve.traces[self.share]
            for number, (curve, run) in enumerate(zip(self._curves, self.race.runs, strict=True))
            if run.fate is not Fate.REFUSED
        }

    @property
    def last_epoch(self) -> int:
        """The epoch of the race."""
        return self.race.epoch if self.race is not None else 0

    def bounds(self) -> tuple[float, float, float]:
        """Lowest, highest and lowest positive loss to be seen; ∞, −∞ and ∞ where there is none.

        What rises above twice its first value runs out of the picture.
        """
        low, high, positive = math.inf, -math.inf, math.inf
        for trace in self.traces.values():
            lowest, highest, least = trace.bounds()
            first = trace.at(0)
            ceiling = _GROWN * first if np.isfinite(first) and first > 0 else math.inf
            low, high = min(low, lowest), max(high, min(highest, ceiling))
            positive = min(positive, least)
        return low, high, positive
