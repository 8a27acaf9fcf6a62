"""What varies in a comparison: axes of values, and the settings that each combination makes."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final

from model.errors import SettingsError
from model.settings_fields import FieldDescription, describe
from model.training.assignments import (
    changed,
    path_of,
    split_assignment,
    split_values,
    value_of,
)
from model.training.settings import RunSettings

SEED: Final = "network.seed"
"""What `seeds` counts through."""


@dataclass(frozen=True)
class Axis:
    """One setting that varies: its path ("training.learning_rate") and its values, in order.

    The values are as `plain` makes them.
    """

    path: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Variant:
    """One combination of values: the settings they make, or why they make none.

    `varied` holds (path, value) in the order of the axes, the seed not among them unless it is an
    axis; `settings` is None where the combination is not allowed, `reason` says why then.
    """

    number: int
    varied: tuple[tuple[str, Any], ...]
    settings: RunSettings | None
    reason: str = ""


def axis_of(text: str) -> Axis:
    """The axis of "learning_rate=0.01,0.1" or "layers=[10,5],[20]".

    Raises `SettingsError` for a text that cannot be read, an unknown name, no value and one that
    stands there twice.
    """
    name, values = split_assignment(text)
    return _axis(name, [value_of(value) if value else "" for value in split_values(values)])


def axes_of(vary: Mapping[str, Any]) -> tuple[Axis, ...]:
    """The axes of a sweep file's `vary`: name → list of values; `SettingsError` as `axis_of`."""
    return tuple(_axis(name, values) for name, values in vary.items())


def plain(value: Any) -> Any:
    """A value of JSON as one that can be compared and looked up: lists as tuples.

    Objects, NaN and infinity, which no setting can be, as the text that a refusal shows.
    """
    if isinstance(value, list | tuple):
        return tuple(map(plain, value))
    if isinstance(value, dict):
        return json.dumps(value)
    endless = isinstance(value, float) and not math.isfinite(value)
    return str(value) if endless else value


def count_of_runs(axes: Sequence[Axis], seeds: int | None = None) -> int:
    """How many runs a grid has; `SettingsError` where it has none or contradicts itself."""
    _check(axes, seeds)
    return math.prod(len(axis.values) for axis in axes) * (1 if seeds is None else seeds)


def variants(
    base: RunSettings, axes: Sequence[Axis], seeds: int | None = None
) -> Iterator[Variant]:
    """Every combination, one after another: the last axis changes fastest, then the seed 0 … n − 1.

    A combination that the settings refuse is marked with the reason and the others go on. Raises
    `SettingsError` at once for a grid that is empty or contradicts itself.
    """
    _check(axes, seeds)
    return _variants(base, axes, seeds)


def label(variant: Variant, seed: bool = False) -> str:
    """A few words for a curve: "α = 0.01", "relu, he"; with `seed` the network's seed behind it."""
    words = [_word(path, value) for path, value in variant.varied]
    named = any(path == SEED for path, _ in variant.varied)
    if variant.settings is not None and not named and (seed or not words):
        words.append(_word(SEED, variant.settings.network.seed))
    return ", ".join(words)


def _variants(base: RunSettings, axes: Sequence[Axis], seeds: int | None) -> Iterator[Variant]:
    grid = [[(axis.path, value) for value in axis.values] for axis in axes]
    drawn = [None] if seeds is None else range(seeds)
    runs = ((varied, seed) for varied in product(*grid) for seed in drawn)
    for number, (varied, seed) in enumerate(runs):
        changes = dict(varied) if seed is None else {**dict(varied), SEED: seed}
        try:
            yield Variant(number, varied, changed(base, changes))
        except SettingsError as error:
            words = "; ".join(filter(None, (error.message, error.hint)))
            yield Variant(number, varied, None, words)


def _axis(name: str, values: Any) -> Axis:
    path = path_of(name, RunSettings)
    if not isinstance(values, list | tuple):
        raise SettingsError(f"{path}: {values!r} is no list of values", "as in [0.01, 0.1]", path)
    given = tuple(map(plain, values))
    if not given or "" in given:
        raise SettingsError(
            f"{path}: a value is missing", f"as in {name}=0.01,0.1; null is nothing", path
        )
    known = set()
    for value in given:
        key = isinstance(value, bool), value if isinstance(value, int | float) else repr(value)
        if key in known:
            raise SettingsError(
                f"{path}: {_shown(value)} is there twice", "give each value once", path
            )
        known.add(key)
    return Axis(path, given)


def _check(axes: Sequence[Axis], seeds: int | None) -> None:
    paths = [axis.path for axis in axes]
    if not axes and seeds is None:
        raise SettingsError("nothing varies", "name a setting and its values, or several seeds")
    for axis in axes:
        if not axis.values:
            raise SettingsError(f"{axis.path}: a value is missing", "give one or more", axis.path)
        if paths.count(axis.path) > 1:
            raise SettingsError(
                f"{axis.path} varies twice", "name all its values together", axis.path
            )
    if seeds is None:
        return
    if SEED in paths:
        raise SettingsError(
            f"{SEED} varies, and a number of seeds is given too", "give one of the two", SEED
        )
    if type(seeds) is not int or seeds < 1:
        raise SettingsError(f"seeds: {seeds!r} is not allowed; allowed is 1 or more", "", SEED)


def _word(path: str, value: Any) -> str:
    """A choice by its own word, a number behind the sign or the title of its setting."""
    field = _fields().get(path)
    if field is None or field.choices:
        return _shown(value)
    if len(field.unit) == 1 and not field.unit.isascii():
        return f"{field.unit} = {_shown(value)}"
    alike = [other for other in _fields().values() if other.title == field.title]
    title = field.title.lower() if path == SEED or len(alike) == 1 else path.replace(".", " ")
    return f"{title} {(value is None and field.empty) or _shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "[]"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


@lru_cache(maxsize=1)
def _fields() -> dict[str, FieldDescription]:
    return {field.path: field for field in describe(RunSettings)}
