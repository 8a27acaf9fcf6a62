"""What a sweep is to run: settings, what varies, and how many seeds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from model.errors import SettingsError
from model.lab.variants import SEED, Axis, Variant, count_of_runs, variants
from model.limits import Kind
from model.settings_fields import describe, value_at
from model.training.assignments import assigned, path_of, split_assignment
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

    def check_possible(self) -> None:
        """Raises `SettingsError` with the first reason where not one of its runs is possible."""
        reason = ""
        for variant in variants(self.settings, self.axes, None if self.seeds is None else 1):
            if variant.settings is not None:
                return
            reason = reason or variant.reason
        raise SettingsError(f"none of the runs is possible: {reason}", self._brackets())

    def _brackets(self) -> str:
        """A hint where the items of a list were given for lists."""
        lists = {field.path for field in describe(RunSettings) if field.kind is Kind.LIST}
        for axis in self.axes:
            if axis.path in lists and all(type(value) is int for value in axis.values):
                name, items = axis.path.rpartition(".")[2], ",".join(map(str, axis.values))
                return f"brackets make it one list: {name}=[{items}]"
        return ""

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


def planned(
    settings: RunSettings,
    assignments: Iterable[str],
    axes: tuple[Axis, ...],
    seeds: int | None = None,
) -> SweepPlan:
    """The plan over `settings` with assignments such as "epochs=100" carried out.

    Raises `SettingsError` as `assigned` and `SweepPlan` do, and for a value that is assigned to
    what varies: no run would have it.
    """
    texts = tuple(assignments)
    plan = SweepPlan(assigned(settings, texts), axes, seeds)
    varied = {axis.path for axis in axes} | ({SEED} if seeds is not None else set())
    for path in (path_of(split_assignment(text)[0], RunSettings) for text in texts):
        if path in varied:
            raise SettingsError(
                f"{path} varies already, and a single value is set besides",
                "leave one of the two out",
                path,
            )
    return plan
