"""From settings to a data set: draw, scale, split."""

import numpy as np

from model.arrays import Array, Indices, frozen
from model.data.dataset import Dataset
from model.data.datasets import DATA_SETS, DataSettings


def prepared(settings: DataSettings) -> Dataset:
    """The samples of `settings`, scaled over all points and split.

    The lab scales before it splits, so the test points have a part in mean and scale.
    """
    X, y = DATA_SETS[settings.name].make(settings)
    mean, scale = _scaling(X, settings.scaling)
    X = (X - mean) / scale
    train, test = _split(len(X), settings)
    return Dataset(
        name=settings.name,
        X_train=frozen(X[train]),
        y_train=frozen(y[train]),
        X_test=frozen(X[test]),
        y_test=frozen(y[test]),
        mean=frozen(mean),
        scale=frozen(scale),
        scaling=settings.scaling,
        feature_names=tuple(f"Feature {i + 1}" for i in range(X.shape[1])),
    )


def _scaling(X: Array, scaling: str) -> tuple[Array, Array]:
    """Mean and scale (n_features,) of scikit-learn's StandardScaler; a constant one has scale 1."""
    if scaling == "none":
        return np.zeros(X.shape[1]), np.ones(X.shape[1])
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(X)
    return scaler.mean_, scaler.scale_


def _split(n_samples: int, settings: DataSettings) -> tuple[Indices, Indices]:
    """Indices of the training and of the test samples, drawn by scikit-learn."""
    if settings.n_test == 0:
        return np.arange(n_samples), np.arange(0)
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(
        np.arange(n_samples), test_size=settings.test_share, random_state=settings.split_seed
    )
    return train, test
