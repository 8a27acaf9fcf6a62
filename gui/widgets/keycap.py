"""A key as a small cap: its name, its drawing and a label for dialogs."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme import Theme

_PADDING: Final = 5
_HEIGHT: Final = 17
_FONT: Final = 10.5
_AS_WRITTEN: Final = ("+", "−")
"""Keys that are no shortcuts to Qt."""
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


def key_name(shortcut: str) -> str:
    """A shortcut as the platform writes it; the one place that names keys."""
    if shortcut in _AS_WRITTEN:
        return shortcut
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


def keycap_width(text: str, theme: Theme) -> float:
    """How wide the cap of `text` is drawn."""
    return QFontMetricsF(theme.mono(_FONT)).horizontalAdvance(text) + 2 * theme.px(_PADDING)


def paint_keycap(
    painter: QPainter, area: QRectF, text: str, ink: QColor, line: QColor, theme: Theme
) -> None:
    """Draw the cap at the left of `area`, in its middle."""
    height = theme.px(_HEIGHT)
    top = round(area.center().y() - height / 2)
    cap = QRectF(area.left(), top, keycap_width(text, theme), height)
    painter.setPen(QPen(line, 1))
    painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
    painter.setPen(ink)
    painter.setFont(theme.mono(_FONT))
    painter.drawText(cap, _CENTRE, text)


class Keycap(QWidget):
    """The cap of one shortcut, for a list of them."""

    def __init__(self, shortcut: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.text = key_name(shortcut)
        self.setAccessibleName(shortcut)
        width = round(keycap_width(self.text, theme) + 1)
        self.setFixedSize(QSize(width, theme.px(_HEIGHT) + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, line = QColor(self.theme.text), QColor(self.theme.border)
        paint_keycap(painter, QRectF(self.rect()), self.text, ink, line, self.theme)
