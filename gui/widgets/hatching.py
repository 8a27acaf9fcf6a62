"""Slanting lines over an area: they say without a colour that something is the matter there."""

from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.theme import Theme

_APART: Final = 9
_STRENGTH: Final = 100


def hatch(painter: QPainter, area: QRectF, colour: QColor, theme: Theme) -> None:
    """Draw them, cut at the edges of the area by hand: SVG knows no clipping here."""
    ink = QColor(colour)
    ink.setAlpha(_STRENGTH)
    painter.setPen(QPen(ink, theme.scale))
    high = area.height()
    lines = []
    for start in np.arange(area.left() - high, area.right(), _APART * theme.scale):
        left, right = max(start, area.left()), min(start + high, area.right())
        low, top = area.bottom() - (left - start), area.bottom() - (right - start)
        lines.append(QLineF(left, low, right, top))
    painter.drawLines(lines)
