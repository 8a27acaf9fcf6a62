"""Draws a network's weights and gradients: a line and the band behind it for every edge."""

import math
from collections.abc import Iterator
from enum import Enum

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.panels.network_layout import CURVE_POINTS, Edge
from gui.panels.network_numbers import ShownNumbers
from gui.panels.network_picture import NetworkPicture
from gui.theme import Theme, blend
from model.arrays import Array, Flags

COLOUR_STEPS = 32
"""Steps of the diverging ramp on either side of zero; finer ones look the same on a line."""

FAINTEST = 0.12
"""Share of the ramp at which a line's colour begins: a small weight keeps a visible sign."""

WIDEST_BAND = 8.5
WIDEST_BAND_ALONE = 6.0


class Shows(Enum):
    """Which of the two channels the edges carry."""

    BOTH = "both"
    WEIGHTS = "weights"
    GRADIENTS = "gradients"


class EdgePainter:
    """Draws the edges of one snapshot; holds only what follows from the theme.

    Lines are opaque on purpose: a wide translucent stroke costs Qt's raster engine five times more.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        steps = range(-COLOUR_STEPS, COLOUR_STEPS + 1)
        self._ramp = [theme.diverging(step, COLOUR_STEPS) for step in steps]
        self._bands = _violets(theme, 0.14, 0.45)
        self._strong_bands = _violets(theme, 0.25, 0.85)
        self._hairline = blend(theme.border, theme.secondary, 0.3)
        self._failure = QColor(theme.failure)

    def paint(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        shows: Shows,
        lit: Edge | None,
        only: Flags | None = None,
    ) -> None:
        """Bands, lines, what is not finite, and the edge that stands out.

        `only` (edges,) says which edges are drawn, None for all of them.
        """
        painter.setBrush(Qt.BrushStyle.NoBrush)
        drawn = np.ones(len(picture.paths), dtype=bool) if only is None else only
        self._paint_bands(painter, picture, numbers, shows, drawn)
        if shows is not Shows.GRADIENTS:
            self._paint_weights(painter, picture, numbers, drawn)
        self._paint_broken(painter, picture, numbers, shows, drawn)
        if lit is not None and lit in picture.layout.edges:
            self._paint_lit(painter, picture, numbers, picture.layout.edges.index(lit), shows)

    def _paint_bands(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        shows: Shows,
        drawn: Flags,
    ) -> None:
        alone = shows is Shows.GRADIENTS
        if alone:
            self._paint_threads(painter, picture, drawn)
        if numbers.gradient is None or shows is Shows.WEIGHTS:
            return
        colours = self._strong_bands if alone else self._bands
        widest = (WIDEST_BAND_ALONE if alone else WIDEST_BAND) * picture.line_scale
        pen = _flat_pen()
        for edge, share in _from_weak_to_strong(numbers.gradient, drawn):
            if share * widest < 0.35:
                continue
            pen.setColor(colours[round(share * COLOUR_STEPS)])
            pen.setWidthF(share * widest)
            painter.setPen(pen)
            painter.drawPath(picture.paths[edge])

    def _paint_threads(self, painter: QPainter, picture: NetworkPicture, drawn: Flags) -> None:
        """Hairlines that keep the network's shape where no gradient arrives."""
        painter.setPen(QPen(QColor(self.theme.border), 0.6 * picture.line_scale))
        for edge in np.flatnonzero(drawn).tolist():
            painter.drawPath(picture.paths[edge])

    def _paint_weights(
        self, painter: QPainter, picture: NetworkPicture, numbers: ShownNumbers, drawn: Flags
    ) -> None:
        pen = _flat_pen()
        for edge, strength in _from_weak_to_strong(np.abs(numbers.weight), drawn):
            share = float(numbers.weight[edge])
            pen.setColor(self._line_colour(share))
            pen.setWidthF((0.6 + 3.2 * strength) * picture.line_scale)
            painter.setPen(pen)
            painter.drawPath(picture.paths[edge])

    def _line_colour(self, share: float) -> QColor:
        if share == 0:
            return self._hairline
        strength = math.copysign(FAINTEST + (1 - FAINTEST) * abs(share), share)
        return self._ramp[COLOUR_STEPS + round(strength * COLOUR_STEPS)]

    def _paint_broken(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        shows: Shows,
        drawn: Flags,
    ) -> None:
        broken = np.zeros(len(picture.paths), dtype=bool)
        if shows is not Shows.GRADIENTS:
            broken |= numbers.weight_broken
        if shows is not Shows.WEIGHTS:
            broken |= numbers.gradient_broken
        edges = np.flatnonzero(broken & drawn)
        painter.setPen(QPen(self._failure, 1.2 * picture.line_scale, Qt.PenStyle.DashLine))
        for edge in edges:
            painter.drawPath(picture.paths[edge])
        for x, y in picture.layout.curves[edges, CURVE_POINTS // 2]:
            pen = QPen(self._failure, 1.6 * self.theme.scale)
            paint_cross(painter, QPointF(x, y), 3.5 * picture.line_scale, pen)

    def _paint_lit(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        at: int,
        shows: Shows,
    ) -> None:
        colour, width = self._core(numbers, at, shows)
        width *= picture.line_scale
        halo = width + 5 * picture.line_scale
        accent, surface = QColor(self.theme.accent), QColor(self.theme.surface)
        for ink, stroke in ((accent, halo), (surface, halo - 2.5), (colour, width)):
            painter.setPen(QPen(ink, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawPath(picture.paths[at])

    def _core(self, numbers: ShownNumbers, at: int, shows: Shows) -> tuple[QColor, float]:
        """Colour and width of what the edge that stands out carries."""
        if shows is Shows.GRADIENTS:
            share = 0.0 if numbers.gradient is None else float(numbers.gradient[at])
            broken, colour = numbers.gradient_broken[at], self._strong_bands[-1]
            width = max(1.0, WIDEST_BAND_ALONE * share)
        else:
            share = float(numbers.weight[at])
            broken, colour = numbers.weight_broken[at], self._line_colour(share)
            width = 1.6 + 3.2 * abs(share)
        return (self._failure if broken else colour), width


def paint_cross(painter: QPainter, centre: QPointF, reach: float, pen: QPen) -> None:
    """The mark of a number that is not finite."""
    painter.setPen(pen)
    for rise in (reach, -reach):
        painter.drawLine(centre - QPointF(reach, rise), centre + QPointF(reach, rise))


def _violets(theme: Theme, least: float, most: float) -> list[QColor]:
    shares = np.linspace(least, most, COLOUR_STEPS + 1).tolist()
    return [blend(theme.surface, theme.gradient, share) for share in shares]


def _flat_pen() -> QPen:
    pen = QPen()
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _from_weak_to_strong(strengths: Array, drawn: Flags) -> Iterator[tuple[int, float]]:
    """Indices and strengths, so that what is strong is drawn over what is weak."""
    order = np.argsort(strengths, kind="stable")
    order = order[drawn[order]]
    return zip(order.tolist(), strengths[order].tolist(), strict=True)
