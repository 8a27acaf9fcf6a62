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

    share = np.count_nonzero(positive)
    if not 0 < share < len(positive) or not np.isfinite(probability).all():
        nothing = frozen(np.empty(0))
        return math.nan, nothing, nothing, nothing
    false, true, thresholds = metrics.roc_curve(positive, probability)
    return float(metrics.auc(false, true)), frozen(false), frozen(true), frozen(thresholds)
