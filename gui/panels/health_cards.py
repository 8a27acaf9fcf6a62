"""What is wrong and what to try, each on a card; one card says that nothing is."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme, blend
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.painted import PaintedWidget

_TEXT: Final = 12.0
_SIGN: Final = 14
_SIDE: Final = 10
_WRAP: Final = int(Qt.TextFlag.TextWordWrap)


class AdviceCard(PaintedWidget):
    """A sentence, and below it what to try; without a remedy it is good news."""

    def __init__(
        self, sentence: str, remedy: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_text(sentence, remedy)

    def show_text(self, sentence: str, remedy: str) -> None:
        """Say this."""
        self.sentence, self.remedy = sentence, remedy
        self.setAccessibleName(" ".join(part for part in (sentence, remedy) if part))
        self.update()

    @property
    def warns(self) -> bool:
        """Whether something is wrong."""
        return bool(self.remedy)

    def height_for(self, width: float, theme: Theme) -> float:
        """The height at a width, with every line whole."""
        room = width - 2 * theme.px(_SIDE) - theme.px(_SIGN) - theme.px(6)
        heights = [_text_height(text, font, room) for text, font in self._lines(theme)]
        return sum(heights) + 2 * theme.px(7) + theme.px(2) * (len(heights) - 1)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """The card into `area`, for the screen and for a file."""
        colour = theme.failure if self.warns else theme.accent
        painter.setPen(QPen(blend(theme.surface, colour, 0.55), 1))
        painter.setBrush(blend(theme.surface, colour, 0.07))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(8), theme.px(8))
        side, top = theme.px(_SIGN), area.top() + theme.px(7)
        line = QFontMetricsF(theme.font(_TEXT)).height()
        sign = QRectF(area.left() + theme.px(_SIDE), top + (line - side) / 2, side, side)
        self._draw_sign(painter, sign, QColor(colour), theme)
        left = sign.right() + theme.px(6)
        room = area.right() - theme.px(_SIDE) - left
        painter.setPen(QColor(theme.text))
        for text, font in self._lines(theme):
            painter.setFont(font)
            height = _text_height(text, font, room)
            painter.drawText(QRectF(left, top, room, height + 1), _WRAP, text)
            top += height + theme.px(2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, QRectF(self.rect()), self.theme)

    def _draw_sign(self, painter: QPainter, area: QRectF, colour: QColor, theme: Theme) -> None:
        if self.warns:
            paint_glyph(painter, Glyph.WARNING, area, colour)
            return
        painter.setFont(theme.font(_TEXT, weight=QFont.Weight.DemiBold))
        painter.setPen(colour)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "✓")

    def _lines(self, theme: Theme) -> list[tuple[str, QFont]]:
        weight = QFont.Weight.DemiBold if self.warns else QFont.Weight.Normal
        lines = [(self.sentence, theme.font(_TEXT, weight=weight))]
        return [*lines, (self.remedy, theme.font(_TEXT))] if self.remedy else lines


def _text_height(text: str, font: QFont, width: float) -> float:
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 1e5), _WRAP, text).height()
