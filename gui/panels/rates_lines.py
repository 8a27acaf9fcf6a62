"""The medians of learning rates: one line, or one for each value of what varies beside the rate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.panels.sweep_colours import DASHES, Look
from gui.run_colours import colours_of
from gui.sweep_words import short_words
from gui.theme import Theme
from gui.widgets.label_places import place_of
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.arrays import Array
from model.lab.results import Results
from model.lab.summaries import RATE, Varied, grouped, rates
from model.lab.variants import Axis

MOST: Final = 6
"""Lines that can be told apart; more values share one median."""
_ROWS: Final = 6
"""Lines of text above and below a point that are tried for its label."""
_LEADER: Final = 9


@dataclass(frozen=True)
class MedianLine:
    """`rates` (n,) ascending and `medians` (n,) of the runs with the values `varied`.

    `number` is its place among all lines of the plan, whether their runs have arrived or not;
    `varied` is empty for the one line of all runs.
    """

    number: int
    varied: Varied
    rates: Array
    medians: Array

    @property
    def name(self) -> str:
        """The other values, empty for all runs."""
        return short_words(self.varied) if self.varied else ""

    @property
    def exponents(self) -> Array:
        """Where it has its points on the axis."""
        return np.log10(self.rates)

    def median_at(self, rate: float) -> float:
        """NaN where no run has ended."""
        found = self.medians[self.rates == rate]
        return float(found[0]) if found.size else math.nan


def other_axes(results: Results) -> list[Axis]:
    """What varies beside the rate, without the seed."""
    paths = [path for path in results.plan.grouping if path != RATE]
    return [axis for axis in results.axes if axis.path in paths]


def median_lines(results: Results) -> tuple[MedianLine, ...]:
    """In the order of the plan."""
    axes = other_axes(results)
    if not told_apart(axes):
        axes = []
    groups = grouped(results.rows, [axis.path for axis in axes])
    lines = []
    for number, varied in enumerate(_combinations(axes)):
        found = rates(groups.get(varied, ()))
        if found.rates.size:
            lines.append(MedianLine(number, varied, found.rates, found.median))
    return tuple(lines)


def told_apart(axes: Sequence[Axis]) -> bool:
    """Whether each combination of these values has a line of its own."""
    return bool(axes) and math.prod(len(axis.values) for axis in axes) <= MOST


def line_look(line: MedianLine, results: Results, theme: Theme) -> Look:
    """The colour of its first value, and a dash of its own."""
    if not line.varied:
        return Look(QColor(theme.text), DASHES[0])
    axis = other_axes(results)[0]
    colours = colours_of((axis,), [((axis.path, value),) for value in axis.values], theme)
    return Look(colours[axis.values.index(line.varied[0][1])], DASHES[line.number])


@dataclass(frozen=True)
class LineLabel:
    """The place of a line's name, and the point of the line that it stands beside."""

    line: MedianLine
    box: QRectF
    end: QPointF


def line_labels(
    lines: Sequence[tuple[MedianLine, Array]],
    plot: PlotWidget,
    taken: Sequence[QRectF],
    dots: Array,
) -> list[LineLabel]:
    """Each beside its line, clear of `taken` and, where there is room, of the lines and `dots`.

    The lines come with their heights (n,) in the coordinates of the axis; `dots` (m, 2) are pixels.
    """
    theme, rect = plot.theme, plot.rect_of_plot
    metrics = QFontMetricsF(theme.font(AXIS_TEXT))
    curves = [_pixels(line, heights, plot) for line, heights in lines]
    points = np.concatenate([dots, *(_between(curve) for curve in curves)])
    labels: list[LineLabel] = []
    for (line, _), curve in zip(lines, curves, strict=True):
        size = QSizeF(metrics.horizontalAdvance(line.name), metrics.height())
        ends = [QPointF(*at) for at in curve[::-1] if rect.contains(QPointF(*at))]
        gap = theme.px(_LEADER)
        boxes = [*taken, *(label.box for label in labels)]
        for end in ends if line.name else ():
            corners = [
                QPointF(end.x() + beside, end.y() + (row - 0.5) * size.height())
                for row in sorted(range(-_ROWS, _ROWS + 1), key=abs)
                for beside in (gap, -gap - size.width())
            ]
            box = place_of(size, corners, rect, boxes, points)
            if box is not None:
                labels.append(LineLabel(line, box, end))
                break
    return labels


def paint_label(painter: QPainter, label: LineLabel, look: Look, theme: Theme) -> None:
    """The name in plain ink, with a stroke of its line's colour to its line."""
    font, box = theme.font(AXIS_TEXT), label.box
    near = QPointF(
        max(box.left(), min(box.right(), label.end.x())),
        max(box.top(), min(box.bottom(), label.end.y())),
    )
    painter.setPen(QPen(look.colour, theme.scale))
    painter.drawLine(label.end, near)
    ground = QColor(theme.surface)
    ground.setAlpha(225)
    painter.fillRect(box, ground)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(box.topLeft() + QPointF(0, QFontMetricsF(font).ascent()), label.line.name)


def _combinations(axes: Sequence[Axis]) -> list[Varied]:
    return list(product(*([(axis.path, value) for value in axis.values] for axis in axes)))


def _pixels(line: MedianLine, heights: Array, plot: PlotWidget) -> Array:
    """(n, 2), without the points that have no number."""
    x, y = plot.pixels(line.exponents, heights)
    there = np.isfinite(y)
    return np.stack([x[there], y[there]], axis=1)


def _between(curve: Array) -> Array:
    """(n, 2) points of a line near enough to each other that no label slips between them."""
    if len(curve) < 2:
        return curve
    across = np.arange(curve[0, 0], curve[-1, 0], 4.0)
    return np.stack([across, np.interp(across, curve[:, 0], curve[:, 1])], axis=1)
