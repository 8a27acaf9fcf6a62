"""The data sets: a table of settings classes and of the functions that make the samples."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from pydantic import field_validator, model_validator

from model.arrays import Array
from model.settings import Settings, one_of, setting

Samples = tuple[Array, Array]
"""X (n_samples, 2) and the classes 0 and 1 as floats, (n_samples,)."""

SCALINGS: Final = {"standard": "Standard", "none": "None"}


class DataSettings(Settings):
    """What all data sets have."""

    name: str = setting("", "Set", "Which points are to be told apart.")
    n_samples: int = setting(
        1000, "Points", "Number of samples, both classes together.", step=100, ge=4, le=100_000
    )
    noise: float = setting(
        0.2, "Noise", "Standard deviation of the noise added to each coordinate.", step=0.05, ge=0,
        le=10,
    )  # fmt: skip
    seed: int = setting(
        42, "Seed", "Draws the points; the same seed gives the same points.", step=1, ge=0,
        le=2**32 - 1,
    )  # fmt: skip
    test_share: float = setting(
        0.2, "Test share", "Share of the points kept for testing.", step=0.05, ge=0, le=0.9
    )
    split_seed: int = setting(
        42,
        "Split seed",
        "Draws which points are kept for testing.",
        rare=True,
        step=1,
        ge=0,
        le=2**32 - 1,
    )
    scaling: str = setting(
        "standard",
        "Scaling",
        "Standard: each feature to mean 0 and standard deviation 1 over all points.",
        choices=SCALINGS,
    )

    _known_scaling = one_of("scaling")

    @property
    def n_test(self) -> int:
        """Points kept for testing, rounded up as scikit-learn's train_test_split does."""
        return math.ceil(self.test_share * self.n_samples)

    @model_validator(mode="after")
    def _something_to_train_on(self) -> Self:
        if self.n_test >= self.n_samples:
            raise ValueError(
                f"test_share {self.test_share:g} leaves none of {self.n_samples} points for"
                " training: take a smaller share or more points"
            )
        return self

    @field_validator("name")
    @classmethod
    def _name_of_this_set(cls, name: str) -> str:
        own = cls.model_fields["name"].default
        if name != own:
            allowed = own or ", ".join(DATA_SETS)
            raise ValueError(f"{name!r} is not allowed; allowed are {allowed}")
        return name


def _named(name: str) -> Any:
    return setting(name, "Set", "Which points are to be told apart.")


class MoonsSettings(DataSettings):
    """Two interleaving half circles."""

    name: str = _named("moons")


class CirclesSettings(DataSettings):
    """A circle inside a circle."""

    name: str = _named("circles")
    noise: float = setting(
        0.1, "Noise", "Standard deviation of the noise added to each coordinate.", step=0.05, ge=0,
        le=10,
    )  # fmt: skip
    factor: float = setting(
        0.5, "Inner radius", "Radius of the inner circle; the outer one has 1.", step=0.05, gt=0,
        lt=1,
    )  # fmt: skip


class BlobsSettings(DataSettings):
    """Two round clouds of points."""

    name: str = _named("blobs")
    noise: float = setting(1.0, "Noise", "Standard deviation of each cloud.", step=0.1, ge=0, le=10)
    distance: float = setting(
        4.0, "Distance", "Distance between the centres of the two clouds.", step=0.5, ge=0, le=100
    )


class XorSettings(DataSettings):
    """Four corners of a square, opposite ones of one class."""

    name: str = _named("xor")
    corner: float = setting(
        1.0, "Corner", "Distance of each corner from both axes.", step=0.1, gt=0, le=100
    )


class SpiralsSettings(DataSettings):
    """Two spirals wound into each other."""

    name: str = _named("spirals")
    noise: float = setting(
        0.1, "Noise", "Standard deviation of the noise added to each coordinate.", step=0.05, ge=0,
        le=10,
    )  # fmt: skip
    turns: float = setting(1.5, "Turns", "How often each spiral goes round.", step=0.25, gt=0, le=5)


@dataclass(frozen=True)
class DataSet:
    """A title, the settings and `make(settings)`, which draws the samples."""

    title: str
    settings: type[DataSettings]
    make: Callable[[Any], Samples]

    @property
    def name(self) -> str:
        """The identifier in settings files."""
        return str(self.settings.model_fields["name"].default)


def _moons(settings: MoonsSettings) -> Samples:
    from sklearn.datasets import make_moons

    X, y = make_moons(settings.n_samples, noise=settings.noise, random_state=settings.seed)
    return X, y.astype(float)


def _circles(settings: CirclesSettings) -> Samples:
    from sklearn.datasets import make_circles

    X, y = make_circles(
        settings.n_samples,
        noise=settings.noise,
        factor=settings.factor,
        random_state=settings.seed,
    )
    return X, y.astype(float)


def _blobs(settings: BlobsSettings) -> Samples:
    from sklearn.datasets import make_blobs

    half = settings.distance / np.sqrt(8.0)
    X, y = make_blobs(
        settings.n_samples,
        centers=[(-half, half), (half, -half)],
        cluster_std=settings.noise,
        random_state=settings.seed,
    )[:2]
    return X, y.astype(float)


def _xor(settings: XorSettings) -> Samples:
    """Class 1 where the signs of a corner's coordinates differ."""
    generator = np.random.default_rng(settings.seed)
    corner = generator.permutation(np.arange(settings.n_samples) % 4)
    signs = np.stack([corner % 2, corner // 2], axis=1) * 2.0 - 1.0
    noise = generator.normal(0.0, settings.noise, signs.shape)
    return settings.corner * signs + noise, (signs[:, 0] != signs[:, 1]).astype(float)


def _spirals(settings: SpiralsSettings) -> Samples:
    """Archimedean spirals, radius proportional to the angle; one is the other turned by 180°."""
    generator = np.random.default_rng(settings.seed)
    y = generator.permutation(np.arange(settings.n_samples) % 2).astype(float)
    radius = np.sqrt(generator.uniform(0.02, 1.0, settings.n_samples))
    angle = 2 * np.pi * settings.turns * radius + np.pi * y
    X = 3.0 * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return X + generator.normal(0.0, settings.noise, X.shape), y


_ENTRIES: Final = (
    DataSet("Moons", MoonsSettings, _moons),
    DataSet("Circles", CirclesSettings, _circles),
    DataSet("Blobs", BlobsSettings, _blobs),
    DataSet("XOR", XorSettings, _xor),
    DataSet("Spirals", SpiralsSettings, _spirals),
)

DATA_SETS: Final = {entry.name: entry for entry in _ENTRIES}
