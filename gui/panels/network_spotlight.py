"""Draws a network while it is debugged: the current operation stands out, the rest is faint."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.panels.network_edges import EdgePainter, Shows
from gui.panels.network_focus import Focus
from gui.panels.network_layout import Column, Edge, Part
from gui.panels.network_numbers import ShownNumbers, edges_of_layer
from gui.panels.network_picture import NetworkPicture
from gui.panels.network_units import UnitPainter
from gui.theme import Theme, blend

FADED: Final = 0.68
"""Share of the surface in what does not take part."""

_FADING: Final = ("border", "secondary", "text", "negative", "positive", "zero", "gradient")
"""Roles that fade; what is not finite stays as red as it is."""

_CHEVRONS: Final = 3


@dataclass(frozen=True)
class Spotlight:
    """An operation, and the numbers of its edges."""

    focus: Focus
    numbers: ShownNumbers


class SpotlightPainter:
    """Uses the painters of the whole network twice: faint, and for what takes part."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        faint = faded(theme)
        self._edges, self._faint_edges = EdgePainter(theme), EdgePainter(faint)
        self._units, self._faint_units = UnitPainter(theme), UnitPainter(faint)
        self._made_units = UnitPainter(replace(theme, surface=theme.accent_tint))

    def paint(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        light: Spotlight,
        lit: Part | None,
    ) -> None:
        """Edges, units, rings around those that take part, and the direction of the flow."""
        focus = light.focus
        bright = edges_of_layer(picture.layout, focus.edge_layer)
        self._faint_edges.paint(painter, picture, numbers, Shows.WEIGHTS, None, ~bright)
        edge = lit if isinstance(lit, Edge) else None
        self._edges.paint(painter, picture, light.numbers, _shows(focus), edge, bright)
        others = np.setdiff1d(range(len(picture.layout.columns)), list(focus.columns)).tolist()
        self._faint_units.paint(painter, picture, numbers, None, others)
        for layer in sorted(focus.columns):
            made = layer == focus.result_column
            self._paint_rings(painter, picture, layer, filled=made)
            units = self._made_units if made else self._units
            units.paint(painter, picture, numbers, None, {layer})
        self._units.paint(painter, picture, numbers, lit, ())
        if not focus.result.layer:
            self._paint_loss(painter, picture, str(focus.result))
        if focus.direction:
            self._paint_flow(painter, picture, focus)

    def _paint_rings(
        self, painter: QPainter, picture: NetworkPicture, layer: int, *, filled: bool
    ) -> None:
        """A solid rim around each unit of the result; a thin ring, set apart, around operands."""
        column = picture.layout.columns[layer]
        scale, radius = self.theme.scale, picture.layout.radius
        accent = QColor(self.theme.accent)
        painter.setBrush(accent if filled else Qt.BrushStyle.NoBrush)
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(accent, 1.4 * scale))
        apart = min(np.diff(column.y), default=np.inf)
        # Where units stand close the rims may touch, but never vanish beneath the discs.
        reach = max(radius + 1.8 * scale, min(radius + 3.6 * scale, 0.5 * apart - scale))
        for height in column.y:
            painter.drawEllipse(QPointF(column.x, height), reach, reach)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_loss(self, painter: QPainter, picture: NetworkPicture, text: str) -> None:
        """The loss behind the outputs, which has no unit of its own."""
        column, side = picture.layout.columns[-1], self.theme.px(18)
        left = min(self._behind(picture, column), picture.width - side - 1)
        middle = (picture.layout.frame.top + picture.layout.frame.bottom) / 2
        box = QRectF(left, middle - side / 2, side, side)
        painter.setBrush(QColor(self.theme.accent_tint))
        painter.setPen(QPen(QColor(self.theme.accent), 1.6 * self.theme.scale))
        painter.drawRoundedRect(box, self.theme.px(4), self.theme.px(4))
        painter.setPen(QColor(self.theme.text))
        painter.setFont(picture.caption_font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_flow(self, painter: QPainter, picture: NetworkPicture, focus: Focus) -> None:
        """Three chevrons below the gap across which the numbers are handed on."""
        scale = self.theme.scale
        pen = QPen(QColor(self.theme.accent), 1.8 * scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        columns, high, step = picture.layout.columns, 4 * scale, 7 * scale
        if focus.gap < len(columns):
            x = (columns[focus.gap - 1].x + columns[focus.gap].x) / 2
        else:
            room = picture.width - columns[-1].x
            x = columns[-1].x + max(room / 2, picture.layout.radius)
        y = picture.captions_top - high - 2 * scale
        for place in range(_CHEVRONS):
            tip = x + (place - (_CHEVRONS - 1) / 2) * step + focus.direction * high / 2
            back = tip - focus.direction * high
            painter.drawPolyline(
                QPolygonF([QPointF(back, y - high), QPointF(tip, y), QPointF(back, y + high)])
            )

    def _behind(self, picture: NetworkPicture, column: Column) -> float:
        return column.x + picture.layout.radius + self.theme.px(8)


def faded(theme: Theme) -> Theme:
    """The theme with what is drawn nearly as pale as the surface."""
    roles: dict[str, Any] = {
        role: blend(getattr(theme, role), theme.surface, FADED).name() for role in _FADING
    }
    return replace(theme, **roles)


def _shows(focus: Focus) -> Shows:
    if focus.line is None:
        return Shows.GRADIENTS
    return Shows.WEIGHTS if focus.band is None else Shows.BOTH
