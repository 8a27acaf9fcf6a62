"""What is wrong with an entry, below its field, with a way out where there is one."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.fields.form_button import FormButton
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.painted import PaintedWidget


class Complaint(QWidget):
    """A warning sign and a message; `accepted` says that the offered repair is wished."""

    accepted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = _Sign(theme, self)
        self._message = QLabel(self)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._repair = FormButton("", theme, self)
        self._repair.setToolTip("Makes this choice possible.")
        self._repair.clicked.connect(self.accepted)
        grid = QGridLayout(self)
        grid.addWidget(self._sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._message, 0, 1)
        grid.addWidget(self._repair, 1, 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(1, 1)
        self.apply_theme(theme)
        self.hide()

    @property
    def text(self) -> str:
        """The message, empty where nothing is wrong."""
        return "" if self.isHidden() else self._message.text()

    def show_message(self, message: str, repair: str = "") -> None:
        """Show a message and, where there is one, the button that repairs it."""
        self._message.setText(message)
        self._message.setAccessibleName(message)
        self._repair.name(repair)
        self._repair.setVisible(repair != "")
        self.show()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self._sign.apply_theme(theme)
        self._message.setFont(theme.font(11.5))
        self._message.setStyleSheet(f"color: {theme.failure}; background: transparent;")
        self._repair.apply_theme(theme)
        grid = self.layout()
        assert isinstance(grid, QGridLayout)
        grid.setContentsMargins(0, 0, 0, theme.px(4))
        grid.setHorizontalSpacing(theme.px(5))
        grid.setVerticalSpacing(theme.px(4))


class _Sign(PaintedWidget):
    """The warning triangle."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(13), self.theme.px(15))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = self.theme.px(13)
        area = QRectF(0, self.height() - side, side, side)
        paint_glyph(QPainter(self), Glyph.WARNING, area, QColor(self.theme.failure))
