"""A sweep file: {settings, vary, seeds}, by the names that settings have everywhere."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from model.errors import SettingsError
from model.files.atomic import write_text
from model.files.json_object import read_object
from model.lab.sweep_plan import SweepPlan, planned
from model.lab.variants import Axis, axes_of
from model.settings import checked
from model.training.settings import RunSettings

PARTS: Final = ("settings", "vary", "seeds")
EXAMPLE: Final = '{"vary": {"learning_rate": [0.01, 0.1]}, "seeds": 10}'


def write_sweep(path: Path, plan: SweepPlan) -> None:
    """Write a plan with all its settings, defaults included; raises `FileError`."""
    write_text(path, json.dumps(plan.values, indent=2) + "\n")


def read_sweep(
    path: Path,
    assignments: Sequence[str] = (),
    axes: Sequence[Axis] = (),
    seeds: int | None = None,
) -> SweepPlan:
    """The plan in a file; each of its three parts may be missing.

    `assignments` ("epochs=100") go over its settings, `axes` come behind its own, `seeds` takes
    the place of its number. Raises `FileError` where there is no plan to be read and
    `SettingsError` for what is not allowed.
    """
    values = read_object(path, "a sweep", EXAMPLE)
    try:
        settings, own, number = _parts(values)
        chosen = number if seeds is None else seeds
        return planned(settings, assignments, (*own, *axes), chosen)
    except SettingsError as error:
        raise SettingsError(f"{path.name}: {error.message}", error.hint, error.field) from error


def plan_of(values: Mapping[str, Any]) -> SweepPlan:
    """A plan from {settings, vary, seeds}; `SettingsError` for what is not allowed."""
    return SweepPlan(*_parts(values))


def _parts(values: Mapping[str, Any]) -> tuple[RunSettings, tuple[Axis, ...], Any]:
    unknown = [name for name in values if name not in PARTS]
    if unknown:
        raise SettingsError(f"there is no {unknown[0]!r} in a sweep", f"it has {', '.join(PARTS)}")
    for name in ("settings", "vary"):
        if not isinstance(values.get(name, {}), dict):
            raise SettingsError(f"{name} is no object", f"as in {EXAMPLE}", name)
    settings = checked(RunSettings, values.get("settings", {}))
    return settings, axes_of(values.get("vary", {})), values.get("seeds")
