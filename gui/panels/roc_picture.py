"""What is drawn of the ROC: curves, chance line, the threshold's ring, the areas in words."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTransform

from gui.panels.panel import WAITING
from gui.widgets.labels import Line, paint_lines, paint_message, paint_read_out, size
from gui.widgets.numerals import rounded
from gui.widgets.operating_points import OperatingPoints
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, threshold_text
from model.training.snapshots import Scores, Snapshot

_TEST_WIDTH, _TRAIN_WIDTH = 2.0, 1.0
_RING = 5.0
_CHANCE = "chance"
_CHANCE_AT = (0.62, 0.2, 0.4)
"""Where the word may stand along its line, the best place first."""
_ROOM_FOR_CHANCE = 90
_SAMPLED = 200
"""Points of a curve that are looked at for a free corner."""
_WIDEST = 0.8
"""The width of the words as a share of the plot's."""


class RocPicture:
    """The layers of the ROC panel."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self._snapshot: Snapshot | None = None
        self.points: OperatingPoints | None = None
        self.threshold = 0.5
        self.cursor: int | None = None
        self._corner = 0
        self._course = np.empty((0, 2))
        plot.add_layer(self._paint_chance, -1)
        self._curves = plot.add_layer(self._paint_curves, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def take(self, snapshot: Snapshot) -> None:
        """Draw the curves of this snapshot."""
        self._snapshot = snapshot
        data = snapshot.data
        self.points = OperatingPoints(snapshot.test.probability, data.y_test)
        curves = filter(None, (_curve(snapshot.test), _curve(snapshot.train)))
        self._course = np.concatenate([np.empty((0, 2)), *map(_evenly, curves)])
        if self.cursor is not None and not self.defined:
            self.cursor = None
        self._curves.update()
        self._texts.update()

    def set_threshold(self, threshold: float) -> None:
        """Move the ring."""
        self.threshold = threshold
        self._texts.update()

    def point_at(self, step: int | None) -> None:
        """Read out one step of the test curve, or none."""
        if step != self.cursor:
            self.cursor = step
            self._plot.setAccessibleDescription("; ".join(text for text, _ in self._read_out()))
            self._texts.update()

    @property
    def defined(self) -> bool:
        """Whether there is a test curve to move along."""
        return self._snapshot is not None and _curve(self._snapshot.test) is not None

    def nearest_step(self, pixel: QPointF) -> tuple[int, float]:
        """The step of the test curve nearest to a pixel, and how far away it is."""
        assert self.points is not None
        across, up = self._plot.pixels(*self.points.steps())
        distance = np.hypot(across - pixel.x(), up - pixel.y())
        step = int(np.argmin(distance))
        return step, float(distance[step])

    def ring(self) -> QPointF | None:
        """Where the threshold is on the test curve, in pixels."""
        if self.points is None or not self.defined:
            return None
        return self._plot.pixel(*self.points.rates(self.threshold))

    def lines(self) -> list[Line]:
        """What is written beside the curves."""
        if self._snapshot is None:
            return []
        test, train = self._snapshot.test, self._snapshot.train
        lines: list[Line] = [(self._test_line(test), "accent")]
        if train.auc is not None:
            undefined = "train AUC not defined"
            text = undefined if math.isnan(train.auc) else f"train AUC {train.auc:.3f}"
            lines.append((text, "text"))
        if self.defined:
            lines.append((f"○ threshold {threshold_text(self.threshold)}, drag it", "secondary"))
        return [line for line in lines if line[0]]

    def _test_line(self, test: Scores) -> str:
        assert self._snapshot is not None
        probability, y = test.probability, self._snapshot.data.y_test
        if test.auc is None:
            return ""
        if not math.isnan(test.auc):
            return f"test AUC {test.auc:.3f}"
        if not len(y):
            return "AUC not defined: there is no test set"
        if bad := int(np.count_nonzero(~np.isfinite(probability))):
            return f"AUC not defined: {bad} of {len(y)} test outputs are not finite"
        return "AUC not defined: the test set holds one class only"

    def _paint_chance(self, painter: QPainter) -> None:
        if self._snapshot is None:
            return
        plot, theme = self._plot, self._plot.theme
        start, end = plot.pixel(0, 0), plot.pixel(1, 1)
        pen = QPen(QColor(theme.secondary), theme.px(1))
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(start, end)

    def _paint_chance_word(self, painter: QPainter, taken: QRectF) -> None:
        """Beside its line, away from the curves and from what else is written."""
        plot, theme = self._plot, self._plot.theme
        if plot.rect_of_plot.height() < theme.px(_ROOM_FOR_CHANCE):
            return
        font = theme.font(AXIS_TEXT)
        start, way = plot.pixel(0, 0), plot.pixel(1, 1) - plot.pixel(0, 0)
        turned = QTransform().rotateRadians(math.atan2(way.y(), way.x()))
        sagging = len(self._course) > 0 and float(np.mean(self._course @ [-1.0, 1.0])) < 0
        baseline = -theme.px(4) if sagging else theme.px(14)
        word = QRectF(0, baseline - theme.px(11), size([(_CHANCE, "")], font)[0], theme.px(14))
        for share in _CHANCE_AT:
            at = start + way * share
            if not turned.mapRect(word).translated(at).intersects(taken):
                painter.save()
                painter.translate(at)
                painter.setTransform(turned, combine=True)
                painter.setFont(font)
                painter.setPen(QColor(theme.secondary))
                painter.drawText(QPointF(0, baseline), _CHANCE)
                painter.restore()
                return

    def _paint_curves(self, painter: QPainter) -> None:
        if self._snapshot is None:
            return
        plot, theme = self._plot, self._plot.theme
        shares = (
            (self._snapshot.train, theme.text, _TRAIN_WIDTH),
            (self._snapshot.test, theme.accent, _TEST_WIDTH),
        )
        for scores, colour, width in shares:
            curve = _curve(scores)
            if curve is not None:
                plot.stroke(painter, plot.path(*curve), QPen(QColor(colour)), width)

    def _paint_texts(self, painter: QPainter) -> None:
        plot, theme = self._plot, self._plot.theme
        if self._snapshot is None:
            paint_message(painter, WAITING, plot.rect_of_plot, theme)
            return
        self._paint_chance_word(painter, self._paint_lines(painter))
        ring = self.ring()
        if ring is not None:
            painter.setBrush(QColor(theme.surface))
            painter.setPen(QPen(QColor(theme.accent), 2 * theme.scale))
            painter.drawEllipse(ring, _RING * theme.scale, _RING * theme.scale)
        if self.cursor is not None and not plot.vector and self.points is not None:
            at = plot.pixel(*(float(rates[self.cursor]) for rates in self.points.steps()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(at, 3 * theme.scale, 3 * theme.scale)
            font = theme.font(AXIS_TEXT)
            paint_read_out(painter, self._read_out(), at, plot.rect_of_plot, theme, font)

    def _paint_lines(self, painter: QPainter) -> QRectF:
        """In the corner that hides least of the curves; returns what the words cover."""
        theme, rect = self._plot.theme, self._plot.rect_of_plot
        lines = self.lines()
        if self._plot.vector:
            lines = [(text.removesuffix(", drag it"), role) for text, role in lines]
        font, gap = theme.font(AXIS_TEXT), theme.px(8)
        inside = rect.adjusted(gap, gap, -gap, -gap)
        for shown in (lines, lines[:-1]) if len(lines) > 1 else (lines,):
            fitting = _wrapped(shown, min(inside.width(), _WIDEST * rect.width()), font)
            box = QRectF(0, 0, *size(fitting, font))
            corner, covered = self._free_corner(box, inside)
            if not covered:
                break
        if not lines or box.height() > rect.height():
            return QRectF()
        return paint_lines(painter, fitting, corner, theme, font)

    def _free_corner(self, box: QRectF, inside: QRectF) -> tuple[QPointF, int]:
        """The corner that hides least of the curves, and how much; the last one while it can.

        Lower right, upper left, upper right or lower left.
        """
        right, bottom = inside.right() - box.width(), inside.bottom() - box.height()
        corners = (
            QPointF(right, bottom),
            inside.topLeft(),
            QPointF(right, inside.top()),
            QPointF(inside.left(), bottom),
        )
        covered = [self._covered(box.translated(corner)) for corner in corners]
        if covered[self._corner]:
            self._corner = covered.index(min(covered))
        return corners[self._corner], covered[self._corner]

    def _covered(self, box: QRectF) -> int:
        """How much of the curves is in a box; the ring counts as much as they do."""
        margin = self._plot.theme.px(4)
        near = box.adjusted(-margin, -margin, margin, margin)
        across, up = self._plot.pixels(self._course[:, 0], self._course[:, 1])
        inside = (across >= near.left()) & (across <= near.right())
        inside &= (up >= near.top()) & (up <= near.bottom())
        ring, reach = self.ring(), _RING * self._plot.theme.scale
        round_it = near.adjusted(-reach, -reach, reach, reach)
        hidden = ring is not None and round_it.contains(ring)
        return int(np.count_nonzero(inside)) + hidden * _SAMPLED

    def _read_out(self) -> list[Line]:
        if self.cursor is None or self.points is None or not self.defined:
            return []
        false, true = (float(rates[self.cursor]) for rates in self.points.steps())
        return [
            (f"false positive rate {rounded(false, 4)}", "text"),
            (f"true positive rate {rounded(true, 4)}", "text"),
            (f"threshold {threshold_text(self.points.threshold_of(self.cursor))}", "secondary"),
        ]


def _curve(scores: Scores) -> tuple[np.ndarray, np.ndarray] | None:
    """Both rates, where there is a curve."""
    false, true = scores.false_positive_rate, scores.true_positive_rate
    if false is None or true is None or not len(false):
        return None
    return false, true


def _evenly(curve: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Places along a curve at about the same distance, (n, 2)."""
    false, true = curve
    way = np.append(0.0, np.cumsum(np.abs(np.diff(false)) + np.abs(np.diff(true))))
    at = np.linspace(0.0, way[-1], _SAMPLED)
    return np.column_stack([np.interp(at, way, false), np.interp(at, way, true)])


def _wrapped(lines: list[Line], room: float, font: QFont) -> list[Line]:
    """The same words in lines that fit into `room` pixels."""
    fitting: list[Line] = []
    for text, role in lines:
        row = ""
        for word in text.split(" "):
            longer = f"{row} {word}".strip()
            if row and size([(longer, role)], font)[0] > room:
                fitting.append((row, role))
                longer = word
            row = longer
        fitting.append((row, role))
    return fitting
