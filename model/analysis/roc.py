"""The ROC curve: how well the outputs tell the classes apart over every threshold."""

import math

import numpy as np

from model.arrays import Array, Flags, frozen


def roc_curve(probability: Array, positive: Flags) -> tuple[float, Array, Array, Array]:
    """AUC, false and true positive rates and the thresholds, for (n_samples,) of each.

    It is defined where both classes are there and every probability is a number; elsewhere the
    AUC is NaN and the rest is empty.
    """
    from sklearn import metrics

    area = auc(probability, positive)
    if math.isnan(area):
        nothing = frozen(np.empty(0))
        return area, nothing, nothing, nothing
    false, true, thresholds = metrics.roc_curve(positive, probability)
    return area, frozen(false), frozen(true), frozen(thresholds)


def auc(probability: Array, positive: Flags) -> float:
    """The area under the ROC curve of (n_samples,) of each, NaN where it is not defined.

    It is the share of pairs of a positive and a negative sample in which the positive one has the
    higher probability, half a pair where both have the same (Hanley and McNeil, 1982). Counted with
    the ranks in whole numbers, at a fiftieth of the cost of the curve.
    """
    n_positive = int(np.count_nonzero(positive))
    n_negative = len(positive) - n_positive
    if not n_positive * n_negative or not np.isfinite(probability).all():
        return math.nan
    ascending = np.sort(probability)
    of_positive = probability[positive]
    ranks = np.searchsorted(ascending, of_positive, "left")
    ranks += np.searchsorted(ascending, of_positive, "right")
    twice = int(ranks.sum()) - n_positive**2
    return twice / (2 * n_positive * n_negative)
