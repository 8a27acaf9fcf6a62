"""Draws a network's units: discs, bias squares, names of the inputs, folds, activations."""

import math
from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from gui.panels.network_edges import paint_cross
from gui.panels.network_layout import Column, Edge, Fold, Part, Unit
from gui.panels.network_numbers import ShownNumbers
from gui.panels.network_picture import NetworkPicture
from gui.theme import Theme, blend
from gui.widgets.numerals import rounded, subscript
from model.arrays import Array


class UnitPainter:
    """Draws the columns of one snapshot; holds only what follows from the theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._outline = blend(theme.secondary, theme.text, 0.35)
        self._hairline = blend(theme.border, theme.secondary, 0.3)
        self._failure = QColor(theme.failure)
        self._label_font = theme.font(11)

    def paint(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        lit: Part | None,
        only: Collection[int] | None = None,
    ) -> None:
        """Every column, then what stands out, then the activations of the sample.

        `only` names the layers whose columns are drawn, None for all of them.
        """
        shown = [c for c in picture.layout.columns if only is None or c.layer in only]
        for column in shown:
            self._paint_column(painter, picture, numbers, column)
        self._paint_lit_discs(painter, picture, lit)
        if isinstance(lit, Fold):
            self._paint_lit_fold(painter, picture, picture.layout.columns[lit.layer])
        if numbers.activations is not None:
            self._paint_activations(painter, picture, shown, numbers.activations)

    def _paint_column(
        self, painter: QPainter, picture: NetworkPicture, numbers: ShownNumbers, column: Column
    ) -> None:
        radius = picture.layout.radius
        fills = self._fills(picture, numbers, column)
        for at, height in enumerate(column.y):
            centre = QPointF(column.x, height)
            painter.setPen(QPen(self._outline, 1.3 * picture.line_scale))
            painter.setBrush(fills[at])
            painter.drawEllipse(centre, radius, radius)
            if column.layer == 0:
                self._paint_input_name(painter, picture, column, at, fills[at])
            else:
                self._paint_bias(painter, picture, numbers, column.layer - 1, at, centre)
        self._paint_fold(painter, picture, column)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _fills(
        self, picture: NetworkPicture, numbers: ShownNumbers, column: Column
    ) -> list[QColor]:
        """The discs' colours: the activation of the sample, or the surface where there is none."""
        if numbers.activations is None:
            return [QColor(self.theme.surface)] * len(column.shown)
        values = numbers.activations[column.layer]
        is_probability = (
            column.layer == len(picture.words) - 1 and picture.words[-1].activation == "σ"
        )
        middle, limit = (0.5, 0.5) if is_probability else (0.0, _limit(values))
        return [
            self.theme.diverging(float(value) - middle, limit)
            if math.isfinite(value)
            else self._failure
            for value in values
        ]

    def _paint_bias(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        layer: int,
        at: int,
        centre: QPointF,
    ) -> None:
        half = 0.46 * picture.layout.radius
        broken = bool(numbers.biases_broken[layer][at])
        share = float(numbers.biases[layer][at])
        fill = self.theme.surface if broken else self.theme.diverging(share, 1.0)
        edge = self._failure if broken else self._hairline
        if numbers.activations is not None and not broken:
            edge = QColor(self.theme.surface)
        painter.setBrush(QBrush(fill))
        painter.setPen(QPen(edge, 0.8 * picture.line_scale))
        square = QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
        painter.drawRoundedRect(square, 0.3 * half, 0.3 * half)
        if broken:
            paint_cross(painter, centre, 0.5 * half, QPen(self._failure, 1.6 * self.theme.scale))

    def _paint_input_name(
        self, painter: QPainter, picture: NetworkPicture, column: Column, at: int, fill: QColor
    ) -> None:
        name = f"x{subscript(column.shown[at] + 1)}"
        radius, x, y = picture.layout.radius, column.x, column.y[at]
        width = QFontMetricsF(self._label_font).horizontalAdvance(name)
        inside = width <= 1.7 * radius
        if inside:
            painter.setFont(self._label_font)
            painter.setPen(self.theme.readable_on(fill))
            box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
            return
        width = picture.small_metrics.horizontalAdvance(name)
        if width + radius + 3 <= x:
            painter.setFont(picture.small_font)
            painter.setPen(QColor(self.theme.secondary))
            box = QRectF(0, y - 2 * radius - 8, x - radius - 3, 4 * radius + 16)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, name)

    def _paint_fold(self, painter: QPainter, picture: NetworkPicture, column: Column) -> None:
        if column.fold_y is None:
            return
        text = picture.fold_text(column.layer)
        self._paint_tag(painter, picture, text, QPointF(column.x, column.fold_y), centred=True)

    def _paint_lit_discs(
        self, painter: QPainter, picture: NetworkPicture, lit: Part | None
    ) -> None:
        for layer, unit in _discs(lit):
            column = picture.layout.columns[layer]
            height = column.height_of(unit)
            if height is None:
                continue
            radius = picture.layout.radius + 1.5 * self.theme.scale
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.accent), 2.4 * self.theme.scale))
            painter.drawEllipse(QPointF(column.x, height), radius, radius)

    def _paint_lit_fold(self, painter: QPainter, picture: NetworkPicture, column: Column) -> None:
        if column.fold_y is None:
            return
        centre = QPointF(column.x, column.fold_y)
        box = self._tag_box(picture, picture.fold_text(column.layer), centre, centred=True)
        painter.setPen(QPen(QColor(self.theme.accent), 1.6 * self.theme.scale))
        painter.drawRoundedRect(box, 0.5 * box.height(), 0.5 * box.height())

    def _paint_activations(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        columns: Collection[Column],
        activations: tuple[Array, ...],
    ) -> None:
        """The values behind the discs, where rows and columns leave room for text."""
        radius, height = picture.layout.radius, picture.small_metrics.height()
        room = picture.distance - 2.4 * radius
        rows = max(len(column.y) + (column.fold_y is not None) for column in picture.layout.columns)
        frame = picture.layout.frame
        if (frame.bottom - frame.top) / rows < height:
            return
        for column in columns:
            texts = [rounded(value, 2) for value in activations[column.layer]]
            if max(map(picture.small_metrics.horizontalAdvance, texts), default=0) > room:
                continue
            for y, text in zip(column.y, texts, strict=True):
                self._paint_value(painter, picture, text, QPointF(column.x, y))

    def _paint_value(
        self, painter: QPainter, picture: NetworkPicture, text: str, centre: QPointF
    ) -> None:
        """A value behind its disc, or above it where the picture ends."""
        aside = QPointF(picture.layout.radius + 3 * self.theme.scale, 0)
        width = self._tag_box(picture, text, centre, centred=True).width()
        if centre.x() + aside.x() + width <= picture.width:
            self._paint_tag(painter, picture, text, centre + aside, centred=False)
            return
        above = QPointF(0, -picture.layout.radius - 0.6 * picture.small_metrics.height())
        self._paint_tag(painter, picture, text, centre + above, centred=True)

    def _paint_tag(
        self, painter: QPainter, picture: NetworkPicture, text: str, at: QPointF, *, centred: bool
    ) -> None:
        box = self._tag_box(picture, text, at, centred=centred)
        ground = QColor(self.theme.surface)
        ground.setAlphaF(0.86)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 0.5 * box.height(), 0.5 * box.height())
        painter.setFont(picture.small_font)
        painter.setPen(QColor(self.theme.secondary if centred else self.theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _tag_box(self, picture: NetworkPicture, text: str, at: QPointF, *, centred: bool) -> QRectF:
        width = picture.small_metrics.horizontalAdvance(text) + 6 * self.theme.scale
        height = picture.small_metrics.height()
        left = at.x() - width / 2 if centred else at.x()
        left = min(left, picture.width - width)
        return QRectF(left, at.y() - height / 2, width, height)


def _limit(values: Array) -> float:
    """The magnitude with the full colour: 1, or the largest finite one where that is more."""
    return float(np.max(np.abs(values), initial=1.0, where=np.isfinite(values)))


def _discs(lit: Part | None) -> list[tuple[int, int]]:
    """Layers and units of the discs that stand out with a part."""
    if isinstance(lit, Unit):
        return [(lit.layer, lit.index)]
    if isinstance(lit, Edge):
        return [(lit.layer - 1, lit.column), (lit.layer, lit.row)]
    return []
