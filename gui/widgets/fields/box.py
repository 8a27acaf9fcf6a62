"""The rounded ground of every field, with the outline that tells its condition."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.style import strong_border
from gui.theme import Theme

HEIGHT: Final = 23
WIDTH: Final = 104
LEAST_WIDTH: Final = 56
PADDING: Final = 8


def paint_box(
    painter: QPainter, widget: QWidget, theme: Theme, *, focused: bool, failed: bool
) -> None:
    """Fill `widget`; a thicker outline where it has the focus or its value is refused."""
    colour, width = QColor(theme.border), 1.0
    if failed:
        colour, width = QColor(theme.failure), 1.5 * theme.scale
    elif focused:
        colour, width = QColor(theme.accent), 1.5 * theme.scale
    elif widget.underMouse():
        colour = strong_border(theme)
    inset = width / 2
    area = QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, width))
    painter.setBrush(QColor(theme.field))
    painter.drawRoundedRect(area, theme.px(6), theme.px(6))
