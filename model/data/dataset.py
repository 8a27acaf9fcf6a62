"""A data set as the network sees it: split, scaled, with the way back to raw features."""

from dataclasses import dataclass

import numpy as np

from model.arrays import Array


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

    def scaled(self, raw: Array) -> Array:
        """Raw features (n_samples, n_features) as the network sees them."""
        return (raw - self.mean) / self.scale

    def raw(self, X: Array) -> Array:
        """The way back from scaled features (n_samples, n_features)."""
        return X * self.scale + self.mean

    @property
    def both(self) -> Array:
        """Training and test samples below each other, (n_train + n_test, n_features)."""
        return np.concatenate([self.X_train, self.X_test])
