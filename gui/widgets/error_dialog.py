"""What went wrong, in the user's words; the traceback stays behind Details."""

import traceback
from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.theme import Theme
from gui.widgets.glyphs import Glyph, glyph_icon
from model.errors import BackscopeError

_UNFORESEEN: Final = "Something went wrong in Backscope"
_UNFORESEEN_HINT: Final = (
    "The program goes on. If it happens again, copy the details and report what you were doing."
)
_MOST_DETAILS: Final = 20
"""Different errors whose traceback is kept; the rest is counted."""


class ErrorDialog(QDialog):
    """One error with its hint; further ones that arrive while it is open are counted into it."""

    def __init__(self, error: BaseException, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Backscope")
        self._theme = theme
        self._more = 0
        self._known = [_identity(error)]
        message, hint = _words(error)
        self.message = _label(message, theme, 14, bold=True)
        self.hint = _label(hint, theme, 13)
        self.count = _label("", theme, 12)
        self.details = self._build_details(error)
        self.details_button = _button("Details", "Show or hide the traceback.")
        self.copy_button = _button("Copy", "Copy message and traceback.")
        self.close_button = _button("Close", "Go on working.")
        self._lay_out()
        self._connect()

    def add(self, error: BaseException) -> None:
        """Count one more error, and keep its traceback where it is a different one."""
        self._more += 1
        self.count.setText(f"… and {self._more} more")
        self.count.show()
        identity = _identity(error)
        if identity not in self._known and len(self._known) < _MOST_DETAILS:
            self._known.append(identity)
            self.details.appendPlainText("\n" + _traceback(error))

    def _build_details(self, error: BaseException) -> QPlainTextEdit:
        details = QPlainTextEdit(_traceback(error))
        details.setReadOnly(True)
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        details.setFont(self._theme.mono())
        details.setAccessibleName("Details")
        details.setTabChangesFocus(True)
        details.setMinimumSize(self._theme.px(480), self._theme.px(180))
        details.hide()
        return details

    def _connect(self) -> None:
        self.details_button.setCheckable(True)
        self.details_button.toggled.connect(self._on_details_button_toggled)
        self.copy_button.clicked.connect(self._on_copy_button_clicked)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()

    def _lay_out(self) -> None:
        px = self._theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(16))
        column.setSpacing(px(16))
        column.addLayout(self._build_head())
        column.addWidget(self.details, 1)
        column.addLayout(self._build_button_row())
        self.setMinimumWidth(px(440))

    def _build_head(self) -> QHBoxLayout:
        px = self._theme.px
        icon = QLabel()
        colour = QColor(self._theme.failure)
        warning = glyph_icon(Glyph.WARNING, colour, colour, px(28))
        icon.setPixmap(warning.pixmap(QSize(px(28), px(28))))
        words = QVBoxLayout()
        words.setSpacing(px(6))
        for label in (self.message, self.hint, self.count):
            words.addWidget(label)
            label.setVisible(bool(label.text()))
        head = QHBoxLayout()
        head.setSpacing(px(14))
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def _build_button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.px(8))
        row.addWidget(self.details_button)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        return row

    @Slot(bool)
    def _on_details_button_toggled(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.adjustSize()

    @Slot()
    def _on_copy_button_clicked(self) -> None:
        parts = (self.message.text(), self.hint.text(), self.details.toPlainText())
        QGuiApplication.clipboard().setText("\n\n".join(filter(None, parts)))


def _words(error: BaseException) -> tuple[str, str]:
    """Message and hint for the face of the dialog."""
    if isinstance(error, BackscopeError):
        return error.message, error.hint
    return _UNFORESEEN, _UNFORESEEN_HINT


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def _label(text: str, theme: Theme, size: float, *, bold: bool = False) -> QLabel:
    label = QLabel(text)
    weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
    label.setFont(theme.font(size, weight=weight))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(theme.px(340))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _identity(error: BaseException) -> tuple[str, str]:
    return type(error).__name__, str(error)


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).rstrip()
