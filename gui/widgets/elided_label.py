"""A line of text that says less where there is no room; the tooltip has it whole."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

SEPARATOR: Final = " · "
"""Between the parts of a text, the first of which says most."""


class ElidedLabel(QWidget):
    """Painted text, cheap to change at every redraw; it never asks for room.

    Parts behind a separator are left out whole, the last one first; only the first part is ever
    cut with ….
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._colour = QColor()
        self._font = QFont()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    @property
    def shown(self) -> str:
        """The text as it stands on the screen."""
        text = self._text
        while SEPARATOR in text and self.width_of(text) > self.width() + 1:
            text = text.rpartition(SEPARATOR)[0]
        metrics = QFontMetrics(self._font)
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())

    def set_text(self, text: str) -> None:
        """Show this text."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self._follow()

    def set_look(self, font: QFont, colour: QColor) -> None:
        """Show it in this font and colour."""
        self._font, self._colour = font, colour
        self.updateGeometry()
        self.update()

    def wanted_width(self) -> int:
        """The width at which nothing is left out."""
        return self.width_of(self._text)

    def width_of(self, text: str) -> int:
        """The width that another text would want."""
        return QFontMetrics(self._font).horizontalAdvance(text) + 1

    def sizeHint(self) -> QSize:
        return QSize(self.wanted_width(), QFontMetrics(self._font).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, QFontMetrics(self._font).height())

    def _follow(self) -> None:
        """Draw again, and ask for another width where it matters: that costs a layout."""
        if self.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Ignored:
            self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self._colour)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.shown)
