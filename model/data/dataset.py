"""A data set as the network sees it: split, scaled, with the way back to raw features."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from model.arrays import Array, numbers_of
from model.errors import ArrayError


def scaled(raw: ArrayLike, mean: Array, scale: Array) -> Array:
    """(raw − mean) / scale for raw (n_samples, n_features); `ArrayError` for another shape."""
    samples = numbers_of(raw, "X")
    if samples.ndim != 2 or samples.shape[1] != len(mean):
        raise ArrayError(f"X has shape {samples.shape}; (n_samples, {len(mean)}) is needed")
    return (samples - mean) / scale


@dataclass(frozen=True)
class Dataset:
    """Samples as rows here; the mathematics transposes them. Every array is read-only.

    `X_train` (n_train, n_features) and `X_test` (n_test, n_features) are scaled, x = (raw − mean)
    / scale, with `mean` and `scale` (n_features,), 0 and 1 where scaling is "none". `y_train` and
    `y_test` hold the classes 0 and 1 as floats.
    """

    name: str
    X_train: Array
    y_train: Array
    X_test: Array
    y_test: Array
    mean: Array
    scale: Array
    scaling: str
    feature_names: tuple[str, ...]

    def scaled(self, raw: ArrayLike) -> Array:
        """Raw features (n_samples, n_features) as the network sees them; `ArrayError`."""
        return scaled(raw, self.mean, self.scale)

    def raw(self, X: Array) -> Array:
        """The way back from scaled features (n_samples, n_features)."""
        return X * self.scale + self.mean

    @property
    def both(self) -> Array:
        """Training and test samples below each other, (n_train + n_test, n_features)."""
        return np.concatenate([self.X_train, self.X_test])
