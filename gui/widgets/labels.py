"""Text inside a plot: lines on a ground that keeps them readable over curves, and the read-out."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.theme import Theme

Line = tuple[str, str]
"""A text and the role of its colour."""


def size(lines: Sequence[Line], font: QFont) -> tuple[float, float]:
    """Width and height of the lines below each other."""
    metrics = QFontMetricsF(font)
    width = max((metrics.horizontalAdvance(text) for text, _ in lines), default=0.0)
    return width, metrics.height() * len(lines)


def paint_lines(
    painter: QPainter, lines: Sequence[Line], corner: QPointF, theme: Theme, font: QFont
) -> QRectF:
    """Write the lines from the upper left `corner` down, on a ground; returns what they cover."""
    width, height = size(lines, font)
    box = QRectF(corner.x(), corner.y(), width, height)
    ground = QColor(theme.surface)
    ground.setAlpha(215)
    margin = theme.px(2)
    painter.fillRect(box.adjusted(-margin, 0, margin, 0), ground)
    _write(painter, lines, corner, theme, font)
    return box


def paint_read_out(
    painter: QPainter, lines: Sequence[Line], at: QPointF, inside: QRectF, theme: Theme, font: QFont
) -> QRectF:
    """A framed box beside `at` that stays `inside`; returns the box."""
    width, height = size(lines, font)
    margin, gap = theme.px(6), theme.px(12)
    outer = QRectF(0, 0, width + 2 * margin, height + 2 * margin)
    left = at.x() + gap
    if left + outer.width() > inside.right():
        left = at.x() - gap - outer.width()
    left = max(inside.left(), min(left, inside.right() - outer.width()))
    top = max(inside.top(), min(at.y() - outer.height() - gap, inside.bottom() - outer.height()))
    outer.moveTo(left, top)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(outer, theme.px(4), theme.px(4))
    _write(painter, lines, outer.topLeft() + QPointF(margin, margin), theme, font)
    return outer


def paint_message(painter: QPainter, text: str, inside: QRectF, theme: Theme) -> None:
    """A sentence in the middle of an empty picture."""
    painter.setFont(theme.font(13))
    painter.setPen(QColor(theme.secondary))
    margin = theme.px(12)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(inside.adjusted(margin, margin, -margin, -margin), int(flags), text)


def _write(
    painter: QPainter, lines: Sequence[Line], corner: QPointF, theme: Theme, font: QFont
) -> None:
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for number, (text, role) in enumerate(lines):
        painter.setPen(QColor(getattr(theme, role)))
        baseline = corner.y() + number * metrics.height() + metrics.ascent()
        painter.drawText(QPointF(corner.x(), baseline), text)
