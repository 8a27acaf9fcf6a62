"""What is drawn of one run among others: its name, its decision boundary, how it stands."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.panels.thumbnail_samples import SamplesPixmaps
from gui.theme import Theme
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.heat_map import heat_colours, heat_image
from gui.widgets.labels import paint_lines, size
from gui.widgets.ticks import AXIS_TEXT
from model.data.dataset import Dataset
from model.training.snapshots import DecisionGrid

HEAD, FOOT, PADDING = 22, 18, 7
"""Heights of the line above the picture and below it, and the margin for the frame."""
_DOT: Final = 10
_THRESHOLD: Final = 0.5
_FADED: Final = 0.4


@dataclass(frozen=True)
class RunFace:
    """What a thumbnail shows of a run; `message` stands in place of a picture.

    All but the first of `captions` are for less room, the longest first.
    """

    label: str = ""
    captions: tuple[str, ...] = ()
    tip: str = ""
    colour: QColor = field(default_factory=QColor)
    glyph: Glyph | None = None
    failed: bool = False
    grid: DecisionGrid | None = None
    data: Dataset | None = None
    message: str = ""


def label_width(label: str, theme: Theme) -> float:
    """The width of a label in its font."""
    return QFontMetricsF(_label_font(theme)).horizontalAdvance(label)


def label_margins(theme: Theme) -> float:
    """What a thumbnail is wider than its label, with the dot before it."""
    return theme.px(_DOT) + theme.px(7) + 2 * theme.px(PADDING) + 2.0


class ThumbnailPainter:
    """Its own painting, cheap enough for thirty thumbnails at twenty pictures a second."""

    def __init__(self) -> None:
        self._samples = SamplesPixmaps()
        self._theme: Theme | None = None
        self._colours = np.empty(0, np.uint32)

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        face: RunFace,
        theme: Theme,
        *,
        title: str,
        framed: bool = False,
        faded: bool = False,
        focused: bool = False,
    ) -> None:
        """Draw a run into `area` under its `title`; the words of a faded one can still be read."""
        _paint_frame(painter, area, theme, framed=framed, focused=focused)
        inner = area.adjusted(*(theme.px(PADDING) * side for side in (1, 1, -1, -1)))
        picture = inner.adjusted(0, theme.px(HEAD), 0, -theme.px(FOOT))
        head = QRectF(inner.topLeft(), picture.topRight())
        _paint_head(painter, head, face.colour, title, theme, quiet=faded)
        painter.setOpacity(_FADED if faded else 1.0)
        if face.grid is not None and face.grid.probability.size:
            self._paint_picture(painter, picture, face, face.grid, theme)
        else:
            _paint_message(painter, picture, face.message, theme)
        painter.setOpacity(1.0)
        _paint_foot(painter, QRectF(picture.bottomLeft(), inner.bottomRight()), face, theme)

    def _paint_picture(
        self, painter: QPainter, area: QRectF, face: RunFace, grid: DecisionGrid, theme: Theme
    ) -> None:
        painter.save()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        image = heat_image(grid.probability, self._heat_colours(theme))
        nodes = QRectF(image.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawImage(area, image, nodes)
        if face.data is not None:
            pixmap = self._samples.pixmap(face.data, grid, area.size().toSize(), theme)
            painter.drawPixmap(area.topLeft(), pixmap)
        _paint_contour(painter, area, grid, theme)
        if not grid.contour:
            _paint_side(painter, area, grid, theme)
        painter.restore()

    def _heat_colours(self, theme: Theme) -> np.ndarray:
        if theme is not self._theme:
            self._theme, self._colours = theme, heat_colours(theme)
        return self._colours


def _paint_frame(
    painter: QPainter, area: QRectF, theme: Theme, *, framed: bool, focused: bool
) -> None:
    if framed:
        painter.setBrush(QColor(theme.accent_tint))
        painter.setPen(QPen(QColor(theme.accent), 2 * theme.scale))
    elif focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 1.5))
    else:
        return
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))


def _paint_head(
    painter: QPainter, area: QRectF, colour: QColor, title: str, theme: Theme, *, quiet: bool
) -> None:
    side = theme.px(_DOT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    middle = area.center().y() - theme.px(2)
    painter.drawEllipse(QRectF(area.left(), middle - side / 2, side, side))
    left = area.left() + side + theme.px(7)
    room = QRectF(left, area.top(), area.right() - left, 2 * (middle - area.top()))
    ink = theme.secondary if quiet else theme.text
    _write(painter, (title,), room, _label_font(theme), ink)


def _label_font(theme: Theme) -> QFont:
    return theme.font(12.5, weight=QFont.Weight.DemiBold)


def _paint_message(painter: QPainter, area: QRectF, message: str, theme: Theme) -> None:
    painter.fillRect(area, QColor(theme.field))
    painter.setFont(theme.font(AXIS_TEXT))
    painter.setPen(QColor(theme.secondary))
    margin = theme.px(6)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(margin, margin, -margin, -margin), int(flags), message)


def _paint_contour(painter: QPainter, area: QRectF, grid: DecisionGrid, theme: Theme) -> None:
    pen = QPen(QColor(theme.text), 1.4 * theme.scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    across = area.width() / (grid.x[-1] - grid.x[0])
    up = area.height() / (grid.y[-1] - grid.y[0])
    for line in grid.contour:
        x = area.left() + (line[:, 0] - grid.x[0]) * across
        y = area.bottom() - (line[:, 1] - grid.y[0]) * up
        painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))


def _paint_side(painter: QPainter, area: QRectF, grid: DecisionGrid, theme: Theme) -> None:
    """A picture of one colour says which."""
    side = "<" if grid.probability.max() < _THRESHOLD else "≥"
    font, gap = theme.font(AXIS_TEXT), theme.px(5)
    line = [(f"p {side} {_THRESHOLD} everywhere", "text")]
    width, height = size(line, font)
    if width + 2 * gap <= area.width():
        corner = QPointF(area.left() + gap, area.bottom() - gap - height)
        paint_lines(painter, line, corner, theme, font)


def _paint_foot(painter: QPainter, area: QRectF, face: RunFace, theme: Theme) -> None:
    ink = theme.failure if face.failed else theme.secondary
    room = area.adjusted(0, theme.px(3), 0, 0)
    if face.glyph is not None:
        side = theme.px(11)
        box = QRectF(room.left(), room.center().y() - side / 2, side, side)
        paint_glyph(painter, face.glyph, box, QColor(ink))
        room.setLeft(room.left() + side + theme.px(4))
    _write(painter, face.captions, room, theme.font(11.5), ink)


def _write(
    painter: QPainter, texts: tuple[str, ...], room: QRectF, font: QFont, colour: str
) -> None:
    """The first of the texts, the longest first, that there is room for."""
    metrics = QFontMetricsF(font)
    fitting = (text for text in texts if metrics.horizontalAdvance(text) <= room.width())
    text = next(fitting, texts[-1] if texts else "")
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
