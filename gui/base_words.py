"""The settings that all runs of a comparison share, in a few words."""

from collections.abc import Collection
from typing import Final

from gui.race_words import fields, setting_text, setting_titles, value_text
from model.lab.variants import SEED
from model.settings_fields import describe, value_at
from model.training.settings import RunSettings

_MOST: Final = 4
"""Differences that are named; of more of them only the number is told."""
_MEMORY: Final = "training.timeline_memory"
"""What is kept for going back changes no run."""


def base_words(base: RunSettings, varied: Collection[str] = ()) -> str:
    """What differs from the lab's settings: "the lab's settings, seed 14; but activation ReLU".

    Settings in `varied` are left out: each run has its own.
    """
    told = [_titled(base, path) for path in _different(base) if path not in {*varied, SEED}]
    rest = [f"{len(told) - _MOST} more"] if len(told) > _MOST else []
    seed = [] if SEED in varied else [setting_text(SEED, base.network.seed)]
    lab = ", ".join(["the lab's settings", *seed])
    return f"{lab}; but {', '.join([*told[:_MOST], *rest])}" if told else lab


def base_lines(base: RunSettings, varied: Collection[str] = ()) -> str:
    """Every setting that all runs share, one a line."""
    paths = [field.path for field in describe(base) if field.path not in {*varied, _MEMORY}]
    return "\n".join(_titled(base, path) for path in paths)


def _different(base: RunSettings) -> list[str]:
    """The settings that the lab has otherwise, or has not and that are not at their defaults."""
    lab = RunSettings()
    usual = {field.path: value_at(lab, field.path) for field in describe(lab)}
    paths = [field.path for field in describe(base) if field.path != _MEMORY]
    return [p for p in paths if value_at(base, p) != usual.get(p, fields()[p].default)]


def _titled(base: RunSettings, path: str) -> str:
    return f"{setting_titles()[path].lower()} {value_text(path, value_at(base, path))}"
