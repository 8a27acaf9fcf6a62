"""Small shapes on buttons and in menus, painted so that their colour follows the theme."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF


class Glyph(Enum):
    """What a shape means."""

    RUN = auto()
    PAUSE = auto()
    STEP = auto()
    BACK = auto()
    RESET = auto()
    DICE = auto()
    CHEVRON = auto()
    MORE = auto()
    WARNING = auto()
    TICK = auto()
    CROSS = auto()


def paint_glyph(painter: QPainter, glyph: Glyph, area: QRectF, colour: QColor) -> None:
    """Draw `glyph` into the largest square in the middle of `area`."""
    side = min(area.width(), area.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(area.center() - QPointF(side / 2, side / 2))
    painter.scale(side, side)
    painter.setBrush(QBrush(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    _PAINTERS[glyph](painter, colour)
    painter.restore()


def glyph_icon(glyph: Glyph, colour: QColor, faint: QColor, side: int) -> QIcon:
    """The shape as an icon of `side` pixels; `faint` where the action is not available."""
    icon = QIcon()
    for shade, mode in ((colour, QIcon.Mode.Normal), (faint, QIcon.Mode.Disabled)):
        icon.addPixmap(glyph_pixmap(glyph, shade, side), mode)
    return icon


def glyph_pixmap(glyph: Glyph, colour: QColor, side: int) -> QPixmap:
    """The shape as a picture of `side` pixels."""
    pixmap = _empty(side)
    painter = QPainter(pixmap)
    paint_glyph(painter, glyph, QRectF(QPointF(), QSizeF(side, side)), colour)
    painter.end()
    return pixmap


def dot_pixmap(colour: QColor, side: int) -> QPixmap:
    """A disc, for what is known by its colour."""
    pixmap = _empty(side)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(QPointF(), QSizeF(side, side)))
    painter.end()
    return pixmap


def _empty(side: int) -> QPixmap:
    """Nothing, three times as fine as its size says."""
    ratio = 3
    pixmap = QPixmap(side * ratio, side * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _stroke(painter: QPainter, colour: QColor, width: float = 0.11) -> None:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _polygon(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))


def _run(painter: QPainter, colour: QColor) -> None:
    _polygon(painter, (0.15, 0.05), (0.95, 0.5), (0.15, 0.95))


def _pause(painter: QPainter, colour: QColor) -> None:
    painter.drawRect(QRectF(0.12, 0.05, 0.26, 0.9))
    painter.drawRect(QRectF(0.62, 0.05, 0.26, 0.9))


def _step(painter: QPainter, colour: QColor) -> None:
    _polygon(painter, (0.14, 0.12), (0.9, 0.5), (0.14, 0.88))


def _back(painter: QPainter, colour: QColor) -> None:
    _polygon(painter, (0.86, 0.12), (0.1, 0.5), (0.86, 0.88))


def _reset(painter: QPainter, colour: QColor) -> None:
    _stroke(painter, colour)
    painter.drawArc(QRectF(0.12, 0.14, 0.76, 0.76), 120 * 16, -290 * 16)
    painter.drawPolyline(
        QPolygonF([QPointF(0.52, 0.0), QPointF(0.29, 0.19), QPointF(0.5, 0.42)]),
    )


def _dice(painter: QPainter, colour: QColor) -> None:
    for x in (0.3, 0.5, 0.7):
        painter.drawEllipse(QPointF(x, 1 - x), 0.085, 0.085)
    _stroke(painter, colour, 0.09)
    painter.drawRoundedRect(QRectF(0.06, 0.06, 0.88, 0.88), 0.14, 0.14)


def _chevron(painter: QPainter, colour: QColor) -> None:
    _polygon(painter, (0.15, 0.32), (0.85, 0.32), (0.5, 0.76))


def _more(painter: QPainter, colour: QColor) -> None:
    for x in (0.15, 0.5, 0.85):
        painter.drawEllipse(QPointF(x, 0.5), 0.095, 0.095)


def _warning(painter: QPainter, colour: QColor) -> None:
    painter.drawEllipse(QPointF(0.5, 0.77), 0.065, 0.065)
    _stroke(painter, colour, 0.09)
    _polygon(painter, (0.5, 0.06), (0.96, 0.92), (0.04, 0.92))
    painter.drawLine(QPointF(0.5, 0.36), QPointF(0.5, 0.6))


def _tick(painter: QPainter, colour: QColor) -> None:
    _stroke(painter, colour, 0.14)
    painter.drawPolyline(QPolygonF([QPointF(0.1, 0.55), QPointF(0.4, 0.85), QPointF(0.9, 0.18)]))


def _cross(painter: QPainter, colour: QColor) -> None:
    _stroke(painter, colour, 0.14)
    painter.drawLine(QPointF(0.14, 0.14), QPointF(0.86, 0.86))
    painter.drawLine(QPointF(0.86, 0.14), QPointF(0.14, 0.86))


_PAINTERS: Final[dict[Glyph, Callable[[QPainter, QColor], None]]] = {
    Glyph.RUN: _run,
    Glyph.PAUSE: _pause,
    Glyph.STEP: _step,
    Glyph.BACK: _back,
    Glyph.RESET: _reset,
    Glyph.DICE: _dice,
    Glyph.CHEVRON: _chevron,
    Glyph.MORE: _more,
    Glyph.WARNING: _warning,
    Glyph.TICK: _tick,
    Glyph.CROSS: _cross,
}
