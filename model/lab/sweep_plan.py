"""What a sweep is to run: settings, what varies, and how many seeds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model.lab.variants import SEED, Axis, Variant, count_of_runs, variants
from model.settings_fields import value_at
from model.training.settings import RunSettings

EPOCHS = "training.epochs"


@dataclass(frozen=True)
class SweepPlan:
    """A grid of settings × seeds; `seeds` n means `network.seed` 0 … n − 1, None the settings' own.

    Raises `SettingsError` for a grid that is empty or contradicts itself.
    """

    settings: RunSettings
    axes: tuple[Axis, ...]
    seeds: int | None = None

    def __post_init__(self) -> None:
        count_of_runs(self.axes, self.seeds)

    @property
    def count(self) -> int:
        """How many runs it has; nothing is made for that."""
        return count_of_runs(self.axes, self.seeds)

    def variants(self) -> Iterator[Variant]:
        """Its runs, one after the other."""
        return variants(self.settings, self.axes, self.seeds)

    @property
    def grouping(self) -> tuple[str, ...]:
        """The paths whose values are compared; runs that differ in their seed belong together."""
        return tuple(axis.path for axis in self.axes if axis.path != SEED)

    def seed_of(self, variant: Variant) -> int:
        """The seed of one of its runs, of one that is not allowed too."""
        if self.seeds is not None:
            return variant.number % self.seeds
        return int(dict(variant.varied).get(SEED, self.settings.network.seed))

    @property
    def epochs(self) -> int:
        """The most epochs that one of its runs may have."""
        values = next((axis.values for axis in self.axes if axis.path == EPOCHS), ())
        whole = [value for value in values if isinstance(value, int)]
        return max(whole, default=int(value_at(self.settings, EPOCHS)))

    @property
    def title(self) -> str:
        """ "learning_rate × initializer, 10 seeds"."""
        names = " × ".join(axis.path.rpartition(".")[2] for axis in self.axes)
        seeds = "" if self.seeds is None else f"{self.seeds} seed{'s' * (self.seeds != 1)}"
        return ", ".join(filter(None, (names, seeds)))

    @property
    def values(self) -> dict[str, Any]:
        """All of it as JSON has it: {settings, vary, seeds}."""
        return {
            "settings": self.settings.model_dump(mode="json"),
            "vary": {axis.path: list(axis.values) for axis in self.axes},
            "seeds": self.seeds,
        }

    @property
    def spec(self) -> str:
        """The same as text; two plans with one text are one sweep."""
        return json.dumps(self.values)
