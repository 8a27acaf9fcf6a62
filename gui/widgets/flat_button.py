"""A button with a border of one pixel that shows words, shapes and keys in one row."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.style import faint, strong_border
from gui.theme import Theme, blend
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.keycap import keycap_width, paint_keycap
from gui.widgets.painted import PaintedButton

HEIGHT: Final = 30
_PADDING: Final = 12
_GAP: Final = 7


@dataclass(frozen=True)
class Part:
    """One piece of a button's face: a shape, a key, or else a word."""

    text: str = ""
    glyph: Glyph | None = None
    keycap: bool = False
    strong: bool = False


class FlatButton(PaintedButton):
    """A button drawn from its `parts`; a primary one is filled with the accent colour.

    Enter presses it; Space is left to whoever claims it as a shortcut.
    """

    def __init__(
        self, theme: Theme, *, primary: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._primary = primary

    def parts(self) -> tuple[Part, ...]:
        """What stands on the button, from left to right."""
        return (Part(self.text()),)

    def sizeHint(self) -> QSize:
        widths = [self._width(part) for part in self.parts()]
        gaps = self.theme.px(_GAP) * (len(widths) - 1)
        width = sum(widths) + gaps + 2 * self.theme.px(_PADDING)
        return QSize(round(width + 0.5), self.theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        ink = self._ink()
        spare = self.width() - self.sizeHint().width()
        left = self.theme.px(_PADDING) + max(0, spare) / 2
        for part in self.parts():
            width = self._width(part)
            self._paint_part(painter, part, QRectF(left, 0, width, self.height()), ink)
            left += width + self.theme.px(_GAP)

    def _paint_ground(self, painter: QPainter) -> None:
        fill, line = self._ground()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = self.theme.px(6)
        painter.setPen(QPen(line, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            inset = 2.5 if self._primary else 1.0
            ring = self.theme.on_accent if self._primary else self.theme.accent
            painter.setPen(QPen(QColor(ring), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                box.adjusted(inset, inset, -inset, -inset), radius - 1, radius - 1
            )

    def _ground(self) -> tuple[QColor, QColor]:
        """Fill and border in the present condition."""
        theme, hover = self.theme, self.underMouse() and self.isEnabled()
        if self._primary and self.isEnabled():
            share = 0.22 if self.isDown() else 0.1 if hover else 0.0
            shade = theme.text if theme.name == "light" else theme.surface
            accent = blend(theme.accent, shade, share)
            return accent, accent
        fill = theme.accent_tint if self.isDown() else theme.field if hover else theme.surface
        return QColor(fill), strong_border(theme) if hover else QColor(theme.border)

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return faint(self.theme)
        return QColor(self.theme.on_accent if self._primary else self.theme.text)

    def _font(self, part: Part) -> QFont:
        strong = part.strong or self._primary
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        return self.theme.font(13, weight=weight)

    def _width(self, part: Part) -> float:
        if part.glyph is not None:
            return self.theme.px(_GLYPHS.get(part.glyph, 13))
        if part.keycap:
            return keycap_width(part.text, self.theme)
        return QFontMetricsF(self._font(part)).horizontalAdvance(part.text)

    def _paint_part(self, painter: QPainter, part: Part, area: QRectF, ink: QColor) -> None:
        if part.glyph is not None:
            paint_glyph(painter, part.glyph, area, ink)
        elif part.keycap:
            filled = self._primary and self.isEnabled()
            line = QColor(ink) if filled else QColor(self.theme.border)
            line.setAlphaF(0.55 if filled else 1.0)
            soft = ink if self._primary or not self.isEnabled() else QColor(self.theme.secondary)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            paint_keycap(painter, area, part.text, soft, line, self.theme)
        else:
            painter.setPen(ink)
            painter.setFont(self._font(part))
            painter.drawText(area.adjusted(0, 0, 2, 0), Qt.AlignmentFlag.AlignVCenter, part.text)


_GLYPHS: Final = {Glyph.STEP: 10, Glyph.BACK: 10, Glyph.CHEVRON: 9, Glyph.RUN: 12, Glyph.PAUSE: 12}
"""Sides of shapes that are not 13 px."""
