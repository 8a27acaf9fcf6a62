"""A button that is only a sign, quiet until the pointer or the focus is on it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.fields.box import HEIGHT
from gui.widgets.painted import PaintedButton


class SmallButton(PaintedButton):
    """A sign of one letter or two, as high as a field."""

    def __init__(self, theme: Theme, sign: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setText(sign)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(18), self.theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.isEnabled():
            return
        theme = self.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(18)
        area = QRectF(0.5, (self.height() - side) / 2 + 0.5, side - 1, side - 1)
        active = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(QColor(theme.accent), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.field) if active else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, theme.px(4), theme.px(4))
        painter.setPen(QColor(theme.text if active else theme.secondary))
        painter.setFont(theme.font(11))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text())
