"""As many terms of a sum as there is room for; the others are counted and summed with the rest."""

from dataclasses import replace
from typing import Final

from model.analysis.expansion import Expansion

LEAST_TERMS: Final = 2
"""Fewer do not show what a sum is made of: the panel scrolls instead."""


def shortened(expansion: Expansion, most: int) -> Expansion:
    """The same expansion with at most `most` terms of its index listed, the largest first."""
    listed = [term for term in expansion.terms if term.index is not None]
    dropped = listed[max(most, LEAST_TERMS) :]
    if not dropped:
        return expansion
    kept = tuple(term for term in expansion.terms if term not in dropped)
    return replace(
        expansion,
        terms=kept,
        rest=expansion.rest + sum(term.value for term in dropped),
        others=expansion.others + len(dropped),
    )
