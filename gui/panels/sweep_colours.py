"""A colour for each value that a sweep compares, the same in all of its panels and in a race."""

import math
from itertools import product
from typing import Final

from PySide6.QtGui import QColor

from gui.run_colours import colours_of
from gui.theme import Theme
from model.lab.results import Results
from model.lab.summaries import Varied

MOST_COLOURS: Final = 64
"""More of them nobody tells apart; the values share one colour then."""


def group_colours(results: Results, theme: Theme) -> dict[Varied, QColor]:
    """By the values of the plan, whether their runs have arrived or not."""
    axes = [axis for axis in results.axes if axis.path in results.plan.grouping]
    if math.prod(len(axis.values) for axis in axes) > MOST_COLOURS:
        return {summary.varied: QColor(theme.secondary) for summary in results.summaries}
    groups = list(product(*([(axis.path, value) for value in axis.values] for axis in axes)))
    return dict(zip(groups, colours_of(axes, groups, theme), strict=True))
