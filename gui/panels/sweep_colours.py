"""A colour and a dash for each value that a sweep compares, the same in all of its panels.

Where one setting varies, the colours are those that it has in a race.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui.race_words import fields
from gui.run_colours import colours_of
from gui.theme import Theme
from gui.widgets.plot import PlotWidget
from model.lab.results import Results
from model.lab.summaries import Varied
from model.lab.variants import Axis

Dash = tuple[float, ...]
"""Lengths of ink and gap in turn, in pixels before scaling; empty for a line without gaps."""

DASHES: Final[tuple[Dash, ...]] = (
    (),
    (7, 4),
    (2, 3),
    (9, 3, 2, 3),
    (16, 5),
    (9, 3, 2, 3, 2, 3),
)
"""As many as can be told apart."""


@dataclass(frozen=True)
class Look:
    """How the line of a value is drawn."""

    colour: QColor
    dash: Dash


def pen_of(look: Look, width: float, plot: PlotWidget) -> QPen:
    """Dashes are counted in widths of the pen, which is a pixel wide on the screen."""
    pen = QPen(look.colour)
    if look.dash:
        unit = 1 / width if plot.vector else plot.theme.scale
        pen.setDashPattern([length * unit for length in look.dash])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def group_looks(results: Results, theme: Theme) -> dict[Varied, Look]:
    """By the values of the plan, whether their runs have arrived or not.

    One setting has the colours; the others together have the dashes.
    """
    axes = [axis for axis in results.axes if axis.path in results.plan.grouping]
    if not axes:
        colour, *_ = colours_of((), [()], theme)
        return {(): Look(colour, DASHES[0])}
    coloured = _coloured(axes)
    alone = [((axes[coloured].path, value),) for value in axes[coloured].values]
    colours = colours_of((axes[coloured],), alone, theme)
    looks = {}
    for places in product(*(range(len(axis.values)) for axis in axes)):
        dash = 0
        for number, (axis, place) in enumerate(zip(axes, places, strict=True)):
            dash = dash if number == coloured else dash * len(axis.values) + place
        varied = tuple(
            (axis.path, axis.values[place]) for axis, place in zip(axes, places, strict=True)
        )
        looks[varied] = Look(colours[places[coloured]], DASHES[dash % len(DASHES)])
    return looks


def group_colours(results: Results, theme: Theme) -> dict[Varied, QColor]:
    """The colours of `group_looks` alone, for marks that are no lines."""
    return {varied: look.colour for varied, look in group_looks(results, theme).items()}


def _coloured(axes: Sequence[Axis]) -> int:
    """The setting with the colours: a name before a number, if there are dashes for the others."""
    whole = math.prod(len(axis.values) for axis in axes)
    order = sorted(range(len(axes)), key=lambda at: not fields()[axes[at].path].choices)
    return next((at for at in order if whole <= len(DASHES) * len(axes[at].values)), order[0])
