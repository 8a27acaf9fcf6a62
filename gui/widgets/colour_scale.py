"""Values as colours of a sequential map safe for the colour-blind, linear or by decade."""

import math
from functools import cache
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from gui.widgets.ticks import Ticks, linear_ticks, log_ticks
from model.arrays import Array

MAP: Final = "viridis"
"""Dark is low, bright is high, in grey too."""
_WIDE: Final = 30.0
"""From this ratio of largest to smallest on, a linear scale shows the high values only."""
_SHADES: Final = 256
NOT_FINITE: Final = _SHADES
"""The place of the colour behind the map's own."""


class ColourScale:
    """From the least to the largest finite value; `log` where they are far apart and positive."""

    def __init__(self, values: Array) -> None:
        finite = values[np.isfinite(values)]
        least, largest = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        self.log = least > 0 and largest > _WIDE * least
        self.low = math.log10(least) if self.log else least
        self.high = math.log10(largest) if self.log else largest

    def heights(self, values: Array) -> Array:
        """The values on the scale's own axis: their exponents of ten where it is logarithmic."""
        if not self.log:
            return np.asarray(values, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(values)

    def shares(self, values: Array) -> Array:
        """Where the values lie between low (0) and high (1); NaN where they are not finite."""
        span = self.high - self.low
        heights = self.heights(np.where(np.isfinite(values), values, np.nan))
        return (heights - self.low) / span if span > 0 else np.where(np.isnan(heights), heights, 0)

    def ticks(self, most: int) -> Ticks:
        """Round values with their texts, by their heights."""
        return (log_ticks if self.log else linear_ticks)(self.low, self.high, most)

    def colour(self, height: float) -> QColor:
        """The colour of a height."""
        span = self.high - self.low
        share = (height - self.low) / span if span > 0 else 0.0
        return QColor(*map(int, shades()[round(255 * max(0.0, min(1.0, share)))]))


@cache
def shades() -> Array:
    """(256, 3) of 0 … 255."""
    return pg.colormap.get(MAP).getLookupTable(0.0, 1.0, _SHADES)[:, :3]


def packed(not_finite: QColor) -> Array:
    """Pixels as 0xffRRGGBB, (257,), the last one for what is not finite."""
    red, green, blue = shades().astype(np.uint32).T
    colours = np.uint32(0xFF000000) | red << 16 | green << 8 | blue
    return np.append(colours, np.uint32(not_finite.rgb())).astype(np.uint32)
