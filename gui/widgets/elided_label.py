"""A line of text that ends in … where there is no room; the tooltip has it whole."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class ElidedLabel(QWidget):
    """Painted text, cheap to change at every redraw; it never asks for room."""

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
        metrics = QFontMetrics(self._font)
        return metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())

    def set_text(self, text: str) -> None:
        """Show this text."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def set_look(self, font: QFont, colour: QColor) -> None:
        """Show it in this font and colour."""
        self._font, self._colour = font, colour
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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self._colour)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.shown)
