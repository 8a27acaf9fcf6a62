"""A colour for each run of a race: a ramp where its values have an order, else a set of names."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtGui import QColor

from gui.race_words import fields
from gui.theme import Theme, blend
from model.lab.race_snapshot import RaceSnapshot
from model.lab.summaries import Varied
from model.lab.variants import Axis

RAMP: Final = {"light": ("#B4C2CC", "#102F46"), "dark": ("#4A6579", "#DCE6ED")}
"""From the first value to the last; on a dark ground from dark to light, as far as it is seen."""

NAMES: Final = {
    "light": ("#8A2257", "#8F8A1F", "#3B4A5A", "#DD77AA", "#2F6B2F", "#B59A6A", "#8B93A1"),
    "dark": ("#C2578F", "#C7C24A", "#C3CEDA", "#F2A9CC", "#6FB36F", "#DEC797", "#8B93A1"),
}
"""Told apart by colour-blind eyes by their lightness too; none has a role in the theme."""

_FAINT: Final = 0.7
_LIGHTEST: Final = 0.55
"""Of the way to the surface that the last value of the second setting goes at most."""


def run_colours(race: RaceSnapshot, theme: Theme) -> tuple[QColor, ...]:
    """One colour a run, in the order of the runs."""
    return colours_of(race.axes, [run.variant.varied for run in race.runs], theme)


def colours_of(axes: Sequence[Axis], varied: Sequence[Varied], theme: Theme) -> tuple[QColor, ...]:
    """One colour for each combination of values of the axes."""
    named = next((axis for axis in axes if not _ordered(axis)), None)
    count = len(varied)
    if named is None:
        return tuple(_on_ramp(number, count, theme) for number in range(count))
    names = [dict(values)[named.path] for values in varied]
    return tuple(_named(named, names, number, theme) for number in range(count))


def faded(colour: QColor, theme: Theme) -> QColor:
    """The colour of what stands behind a run that is highlighted."""
    return blend(colour.name(), theme.surface, _FAINT)


def _ordered(axis: Axis) -> bool:
    """Whether the values of a setting are more or less of the same."""
    return not fields()[axis.path].choices


def _on_ramp(number: int, count: int, theme: Theme) -> QColor:
    first, last = RAMP[theme.name]
    return blend(first, last, number / (count - 1) if count > 1 else 1.0)


def _named(axis: Axis, names: Sequence[Any], number: int, theme: Theme) -> QColor:
    """The name's colour; of the runs that share the name each later one is fainter."""
    mine = names[number]
    same = [n for n, name in enumerate(names) if name == mine]
    colour = NAMES[theme.name][axis.values.index(mine) % len(NAMES[theme.name])]
    share = _LIGHTEST * same.index(number) / (len(same) - 1) if len(same) > 1 else 0.0
    return blend(colour, theme.surface, share)
