"""A button inside a form: words in its middle, cut with … where the form is narrow."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.flat_button import HEIGHT, FlatButton


class FormButton(FlatButton):
    """As wide as its text at most; `wide` fills the form. `height` is in pixels before scaling."""

    def __init__(
        self, text: str, theme: Theme, parent: QWidget, *, height: int = 24, wide: bool = False
    ) -> None:
        super().__init__(theme, parent=parent)
        self._height = min(height, HEIGHT)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred if wide else policy.Maximum, policy.Fixed)
        self.name(text)

    @property
    def shown(self) -> str:
        """The words as they stand on the screen."""
        metrics, room = QFontMetrics(self.theme.font(13)), self.width() - self.theme.px(16)
        texts = (self.text(), self._shorter)
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= room)
        elide = Qt.TextElideMode.ElideRight
        return next(fitting, metrics.elidedText(self._shorter, elide, room))

    def name(self, text: str, shorter: str = "") -> None:
        """Put other words on the button, and shorter ones for a narrow form."""
        self._shorter = shorter or text
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + 2, self.theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(40), self.theme.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        painter.setFont(self.theme.font(13))
        painter.setPen(self._ink())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.shown)
