"""A line for a number or a word, right-aligned, that keeps quiet until something is entered."""

from typing import Any, Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.fields.box import HEIGHT, LEAST_WIDTH, PADDING, WIDTH, paint_box
from gui.widgets.fields.refusable import Refusable
from gui.widgets.fields.values import parsed, plain, stepped
from gui.widgets.fields.wording import is_word
from gui.widgets.numerals import with_groups
from model.limits import Kind
from model.settings_fields import FieldDescription

_STEPS: Final[dict[int, int]] = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}
_OWN_KEYS = (*_STEPS, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
_NOTCH = 120
"""Angle of one notch of a wheel, in eighths of a degree."""
_STEP_PAUSE = 120
"""Milliseconds in which presses of an arrow key become one entry: each may start a run."""


class EntryField(Refusable, QLineEdit):
    """Shows a setting's value; `entered` carries what the user made of it, checked by nobody yet.

    Return and leaving the field enter its text, Escape brings the last valid value back. A value
    shown from outside never replaces a text that is being edited. `flat` draws no box.
    """

    entered = Signal(object)
    restored = Signal()

    def __init__(
        self,
        description: FieldDescription,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        flat: bool = False,
    ) -> None:
        super().__init__(parent)
        self._description = description
        self._flat = flat
        self._value: Any = description.default
        self._edited = False
        self._wheel = 0
        self._later = QTimer(self, singleShot=True, interval=_STEP_PAUSE)
        self._later.timeout.connect(self._on_later_timeout)
        self.textEdited.connect(self._on_text_edited)
        self.textChanged.connect(self.updateGeometry)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.apply_theme(theme)
        self.describe(description)
        self._write()

    def describe(self, description: FieldDescription) -> None:
        """Take on other limits, another step, another unit."""
        self._description = description
        self.setPlaceholderText(description.empty)

    def show_value(self, value: Any, *, force: bool = False) -> None:
        """Show a valid value; `force` replaces what is being edited or was refused, too."""
        kept = self._edited or (self.failed and value == self._value)
        self._value = value
        if force or not kept:
            self._later.stop()
            self._edited = False
            self.set_failed(False)
            self._write()

    def commit(self) -> None:
        """Say what was entered, if anything was."""
        self._later.stop()
        if self._edited:
            self._edited = False
            self.entered.emit(parsed(self._description, self.text()))

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.setFont(theme.font(13))
        padding = 0 if self._flat else theme.px(PADDING - 2)
        self.setStyleSheet(
            "QLineEdit { background: transparent; border: none; border-radius: 0;"
            f" padding: 0 {padding}px; color: {theme.text};"
            f" placeholder-text-color: {theme.text};"
            f" selection-background-color: {theme.accent};"
            f" selection-color: {theme.on_accent}; }}"
        )
        self._place_unit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.theme.font(13)).horizontalAdvance(self.text())
        width = (
            max(text, self.theme.px(8)) + self.theme.px(6) if self._flat else self.theme.px(WIDTH)
        )
        return QSize(width, self.theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        if self._flat:
            return self.sizeHint()
        return QSize(self.theme.px(LEAST_WIDTH), self.theme.px(HEIGHT))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and _claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
            if not self.failed:
                self.clearFocus()
        elif event.key() == Qt.Key.Key_Escape:
            if self._edited or self.failed:
                self.restore()
            else:
                self.clearFocus()
        elif event.key() in _STEPS and self._steps:
            self._step(_STEPS[event.key()])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not (self.hasFocus() and self._steps):
            event.ignore()
            return
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if notches:
            self._step(notches)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not (self._edited or self.failed):
            selected = self.hasSelectedText()
            self._write()
            if selected:
                self.selectAll()
        self._place_unit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()
            if not self.failed:
                self._write()
        self._place_unit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._flat:
            painter = QPainter(self)
            paint_box(painter, self, self.theme, focused=self.hasFocus(), failed=self.failed)
            painter.end()
        super().paintEvent(event)
        if self._unit:
            painter = QPainter(self)
            painter.setFont(self.theme.font(11.5))
            painter.setPen(QColor(self.theme.secondary))
            right = self.theme.px(PADDING)
            area = QRect(0, 0, self.width() - right, self.height())
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, flags, self._unit)

    @property
    def _steps(self) -> bool:
        """Whether arrow keys change the value."""
        return self._description.kind in (Kind.NUMBER, Kind.WHOLE)

    @property
    def _unit(self) -> str:
        """The word behind the value, while nobody types there."""
        shown = not (self.hasFocus() or self._flat or self.failed) and self.text() != ""
        unit = self._description.unit
        if not shown or not is_word(unit):
            return ""
        return unit.removesuffix("s") if self.text() == "1" else unit

    def _step(self, presses: int) -> None:
        """Change the value by steps; it is entered when the presses have stopped for a moment."""
        value = parsed(self._description, self.text())
        if isinstance(value, str):
            return
        try:
            moved = stepped(self._description, value, presses)
        except ArithmeticError:
            return
        if moved != value:
            self.setText(plain(moved, self._description.step))
            self._edited = True
            if not self._later.isActive():
                self._later.start()

    def _write(self) -> None:
        """The value as text: as it is typed while focused, easy to read otherwise."""
        text = plain(self._value, self._description.step)
        if not self.hasFocus():
            word = self._description.zero if self._value == 0 else ""
            text = word or with_groups(text)
        if text != self.text():
            self.setText(text)
        self._place_unit()

    def _place_unit(self) -> None:
        """Leave room for the unit behind the text."""
        unit = self._unit
        metrics = QFontMetrics(self.theme.font(11.5))
        room = metrics.horizontalAdvance(unit) + self.theme.px(5) if unit else 0
        self.setTextMargins(0, 0, room, 0)

    @Slot()
    def _on_text_edited(self) -> None:
        self._later.stop()
        self._edited = True

    @Slot()
    def _on_later_timeout(self) -> None:
        self.commit()


def _claims(event: QKeyEvent) -> bool:
    """Whether a key that may be a shortcut belongs to the field; letters and Space do anyway."""
    return event.type() == QEvent.Type.ShortcutOverride and event.key() in _OWN_KEYS
