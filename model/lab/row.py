"""A run of a sweep together with what became of it."""

from dataclasses import dataclass

from model.lab.outcome import Outcome
from model.lab.variants import Variant


@dataclass(frozen=True)
class Row:
    """One run of a sweep and what became of it."""

    variant: Variant
    outcome: Outcome
