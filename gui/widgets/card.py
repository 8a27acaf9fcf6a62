"""The ground of a panel: a surface with round corners and a border of one pixel."""

from enum import Enum, auto

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizeGrip, QVBoxLayout, QWidget

from gui.theme import Theme


class Share(Enum):
    """Which part of a card a widget paints."""

    WHOLE = auto()
    TOP = auto()
    BOTTOM = auto()


def paint_card(painter: QPainter, area: QRectF, share: Share, theme: Theme) -> None:
    """Draw the card into `area`; a share of it has round corners on its own side only."""
    radius = theme.px(8)
    above = 2 * radius if share is Share.BOTTOM else 0
    below = 2 * radius if share is Share.TOP else 0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.surface))
    box = area.adjusted(0.5, 0.5 - above, -0.5, below - 0.5)
    painter.drawRoundedRect(box, radius, radius)


class Card(QWidget):
    """Holds one widget on (a share of) a card, clear of its round corners."""

    def __init__(
        self, content: QWidget, share: Share, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._share = share
        self._column = QVBoxLayout(self)
        self._column.addWidget(content)
        self._grip = QSizeGrip(self)
        self._grip.setToolTip("Drag to resize this panel.")
        self._grip.hide()
        self._set_margins()

    def show_grip(self, shown: bool) -> None:
        """Show the corner by which a floating card, which has no frame, is resized."""
        self._grip.setVisible(shown)
        self._grip.raise_()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self._set_margins()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_card(QPainter(self), QRectF(self.rect()), self._share, self.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = self.theme.px(14)
        self._grip.setGeometry(self.width() - side - 2, self.height() - side - 2, side, side)

    def _set_margins(self) -> None:
        corner = self.theme.px(4)
        top = 0 if self._share is Share.BOTTOM else corner
        self._column.setContentsMargins(corner, top, corner, corner)
