"""Where each threshold lies on the ROC curve of one set of samples, and the way back."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from model.arrays import Array

_MOST_DIGITS: Final = 12


@dataclass(frozen=True)
class OperatingPoints:
    """Probabilities (n_samples,) and classes 0 or 1; a sample is called 1 from the threshold up."""

    probability: Array
    y: Array

    def counts(self, threshold: float) -> tuple[int, int, int, int]:
        """True negative, false positive, false negative, true positive."""
        predicted, positive = self.probability >= threshold, self.y >= 0.5
        tp = int(np.count_nonzero(predicted & positive))
        fp = int(np.count_nonzero(predicted & ~positive))
        positives = int(np.count_nonzero(positive))
        return len(self.y) - positives - fp, fp, positives - tp, tp

    def rates(self, threshold: float) -> tuple[float, float]:
        """False and true positive rate; NaN where a class is missing."""
        tn, fp, fn, tp = self.counts(threshold)
        false = fp / (fp + tn) if fp + tn else math.nan
        return false, tp / (tp + fn) if tp + fn else math.nan

    def accuracy(self, threshold: float) -> float:
        """The share told right; NaN without samples and where a probability is no number."""
        tn, _, _, tp = self.counts(threshold)
        defined = len(self.y) > 0 and not np.isnan(self.probability).any()
        return (tn + tp) / len(self.y) if defined else math.nan

    def steps(self) -> tuple[Array, Array]:
        """False and true positive rate of every different threshold, from the highest down."""
        _, false, true = self._curve
        return false, true

    def threshold_of(self, step: int) -> float:
        """The roundest threshold in 0 … 1 that leads to the point `step` of `steps()`."""
        levels, _, _ = self._curve
        high = 1.0 if step == 0 else float(levels[step - 1])
        low = float(levels[step]) if step < len(levels) else 0.0
        return _roundest(max(0.0, min(low, high)), min(1.0, high))

    @cached_property
    def _curve(self) -> tuple[Array, Array, Array]:
        """Distinct probabilities from the highest down, and the rates before and after each."""
        order = np.argsort(-self.probability, kind="stable")
        sorted_p, positive = self.probability[order], self.y[order] >= 0.5
        ends = np.append(np.flatnonzero(np.diff(sorted_p)), len(sorted_p) - 1)
        true = np.append(0, np.cumsum(positive)[ends]) / np.count_nonzero(positive)
        false = np.append(0, np.cumsum(~positive)[ends]) / np.count_nonzero(~positive)
        return sorted_p[ends], false, true


def _roundest(low: float, high: float) -> float:
    """The number with the fewest digits in (low, high], or `high`."""
    for digits in range(2, _MOST_DIGITS):
        scale = 10.0**digits
        number = math.floor(high * scale) / scale
        if low < number <= high:
            return number
    return high
