"""The samples over the decision boundary: test ones full, train ones as small crosses."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.theme import Theme
from gui.widgets.labels import Line
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT
from model.arrays import Array
from model.data.dataset import Dataset

Place = tuple[float, ...]

TEST_SIZE, _RING = 7.0, 6.5
_ARM, _STROKE = 1.9, 1.0
"""Half the side of a train sample's cross, and the width of its strokes."""
_TRAIN_STRENGTH: Final = 190
_MOST: Final = {"test": 500, "train": 1500}
"""Samples drawn of each share: more of them would hide each other and the colours below."""
_MANY_RINGS: Final = 80
"""Wrong samples from which on their rings let through what they stand on."""
CAPS: Final = (
    (0.0, Qt.PenCapStyle.RoundCap, "negative", 1.0),
    (1.0, Qt.PenCapStyle.SquareCap, "positive", 0.88),
)
"""Class, shape, colour, and the share of the size that makes circle and square weigh the same."""
_CROSSES: Final = ((0.0, "negative", ((1, 1), (1, -1))), (1.0, "positive", ((1.3, 0), (0, 1.3))))
"""Class, colour and the two strokes of a train sample: × and +."""


@dataclass(frozen=True)
class Sample:
    """One sample of the data: where it is, and what it is in words."""

    place: Place
    words: str


@dataclass(frozen=True)
class _Share:
    """One share of the data, and which of its samples are drawn."""

    name: str
    X: Array
    y: Array
    drawn: Array

    def of_class(self, label: float) -> Array:
        """The drawn samples of one class."""
        return self.X[self.drawn][self.y[self.drawn] == label]


class BoundarySamples:
    """Two layers: the samples, painted again for other data only, and the rings of the wrong."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self._test = self._train = _nothing()
        self._wrong: Array = np.empty(0, bool)
        self.points = plot.add_layer(self._paint_points, 2, cached=True)
        self._rings = plot.add_layer(self._paint_rings, 4)

    def show(self, data: Dataset | None) -> None:
        """Draw these samples, or none."""
        self._wrong = np.empty(0, bool)
        self._test = self._train = _nothing()
        if data is not None:
            self._test = _share("test", data.X_test, data.y_test)
            self._train = _share("train", data.X_train, data.y_train)
        self.points.update()
        self._rings.update()

    def show_wrong(self, wrong: Array) -> None:
        """Ring these test samples, (n_test,) of bool."""
        if not np.array_equal(wrong, self._wrong):
            self._wrong = wrong
            self._rings.update()

    def notes(self) -> list[Line]:
        """How many samples are drawn where that is not all of them."""
        return [
            (f"{share.name}: {grouped(len(share.drawn))} of {grouped(len(share.y))} drawn", "text")
            for share in (self._test, self._train)
            if len(share.drawn) < len(share.y)
        ]

    def near(self, place: Place, reach: float) -> Sample | None:
        """The nearest drawn sample within `reach` pixels, of the test set first."""
        at = self._plot.pixel(*place)
        for share in (self._test, self._train):
            if not len(share.drawn):
                continue
            X = share.X[share.drawn]
            across, up = self._plot.pixels(X[:, 0], X[:, 1])
            distance = np.hypot(across - at.x(), up - at.y())
            nearest = int(np.argmin(np.where(np.isfinite(distance), distance, np.inf)))
            if distance[nearest] <= reach:
                label = share.y[share.drawn][nearest]
                found = tuple(map(float, X[nearest]))
                return Sample(found, f"{share.name} sample, class {label:.0f}")
        return None

    def count_in(self, area: QRectF) -> int:
        """How many drawn samples lie in an area of the picture."""
        count = 0
        for share in (self._test, self._train):
            across, up = self._plot.pixels(*share.X[share.drawn].T)
            inside = (across >= area.left()) & (across <= area.right())
            count += int(np.count_nonzero(inside & (up >= area.top()) & (up <= area.bottom())))
        return count

    def _paint_points(self, painter: QPainter) -> None:
        self._plot.clip(painter)
        theme = self._plot.theme
        for label, role, strokes in _CROSSES:
            colour = QColor(getattr(theme, role))
            colour.setAlpha(_TRAIN_STRENGTH)
            points = self._pixels(self._train.of_class(label))
            _draw_crosses(painter, points, colour, strokes, theme.scale)
        for label, cap, role, share in CAPS:
            shape = QPolygonF(self._pixels(self._test.of_class(label)))
            size = TEST_SIZE * share * theme.scale
            draw_dots(painter, shape, QColor(theme.surface), size + 2 * theme.scale, cap)
            draw_dots(painter, shape, QColor(getattr(theme, role)), size, cap)

    def _paint_rings(self, painter: QPainter) -> None:
        if len(self._wrong) != len(self._test.y) or not len(self._wrong):
            return
        self._plot.clip(painter)
        theme, drawn = self._plot.theme, self._test.drawn
        points = self._pixels(self._test.X[drawn][self._wrong[drawn]])
        colour = QColor(theme.text)
        colour.setAlpha(round(255 * min(1.0, max(0.35, _MANY_RINGS / max(1, len(points))))))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.4 * theme.scale))
        radius = _RING * theme.scale
        for point in points:
            painter.drawEllipse(point, radius, radius)

    def _pixels(self, X: Array) -> list[QPointF]:
        """The samples in view as pixels; non-finite ones have no place."""
        across, up = self._plot.pixels(X[:, 0], X[:, 1])
        rect = self._plot.rect_of_plot
        inside = (across >= rect.left()) & (across <= rect.right())
        inside &= (up >= rect.top()) & (up <= rect.bottom())
        pairs = zip(across[inside].tolist(), up[inside].tolist(), strict=True)
        return [QPointF(x, y) for x, y in pairs]


def paint_shares(painter: QPainter, area: QRectF, theme: Theme) -> float:
    """The marks of both shares with their names at the right of `area`; returns their left end.

    Nothing is drawn where they do not fit.
    """
    font, side, gap = theme.font(AXIS_TEXT), theme.px(9), theme.px(4)
    metrics = QFontMetricsF(font)
    widths = [metrics.horizontalAdvance(name) + 2 * side + 4 * gap for name in _MOST]
    left = area.right() - sum(widths) + gap
    if left < area.left():
        return area.right()
    painter.setFont(font)
    across, middle = left, area.center().y()
    for name, width in zip(_MOST, widths, strict=True):
        for number in range(2):
            _draw_mark(
                painter, name, number, QPointF(across + (number + 0.5) * side, middle), theme
            )
        painter.setPen(QColor(theme.secondary))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(across + 2 * side + gap, baseline), name)
        across += width
    return left


def _draw_mark(painter: QPainter, share: str, number: int, at: QPointF, theme: Theme) -> None:
    """The mark of class `number` as it stands in the picture."""
    if share == "train":
        _, role, strokes = _CROSSES[number]
        _draw_crosses(painter, [at], QColor(getattr(theme, role)), strokes, theme.scale)
    else:
        _, cap, role, weight = CAPS[number]
        size = TEST_SIZE * weight * theme.scale
        draw_dots(painter, QPolygonF([at]), QColor(getattr(theme, role)), size, cap)


def _nothing() -> _Share:
    return _Share("", np.empty((0, 2)), np.empty(0), np.empty(0, int))


def _share(name: str, X: Array, y: Array) -> _Share:
    """All samples, or as many as are drawn at most, evenly over the whole order."""
    count = min(len(y), _MOST[name])
    return _Share(name, X, y, np.linspace(0, len(y) - 1, count).astype(int))


def draw_dots(
    painter: QPainter, points: QPolygonF, colour: QColor, size: float, cap: Qt.PenCapStyle
) -> None:
    """One dot a point, round or square as the cap is."""
    pen = QPen(colour, size)
    pen.setCapStyle(cap)
    painter.setPen(pen)
    painter.drawPoints(points)


def _draw_crosses(
    painter: QPainter,
    points: list[QPointF],
    colour: QColor,
    strokes: tuple[tuple[float, float], ...],
    scale: float,
) -> None:
    painter.setPen(QPen(colour, _STROKE * scale))
    arms = [QPointF(x, y) * _ARM * scale for x, y in strokes]
    painter.drawLines([QLineF(point - arm, point + arm) for point in points for arm in arms])
