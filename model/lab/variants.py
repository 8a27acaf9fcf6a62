"""What varies in a comparison: axes of values, and the settings that each combination makes."""

from dataclasses import dataclass
from typing import Any

from model.training.settings import RunSettings


@dataclass(frozen=True)
class Axis:
    """One setting that varies: its path ("training.learning_rate") and its values, in order."""

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
