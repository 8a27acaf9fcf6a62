"""A list of choices that shows the chosen one, right-aligned with a chevron."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView, QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.fields.box import HEIGHT, LEAST_WIDTH, PADDING, WIDTH, paint_box
from gui.widgets.fields.refusable import Refusable
from gui.widgets.glyphs import Glyph, paint_glyph

_CHEVRON = 9
_GAP = 5
_MOST_SHOWN = 16
"""Choices seen at once; the longest list of the settings has fewer."""
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChoiceField(Refusable, QComboBox):
    """Shows the title of a setting's value; `entered` carries the word behind the chosen title.

    Enter opens the list; Space is left to whoever claims it as a shortcut. `prefix` stands before
    the title, `flat` draws no box.
    """

    entered = Signal(object)
    restored = Signal()

    def __init__(
        self,
        choices: Mapping[str, str],
        theme: Theme,
        parent: QWidget | None = None,
        *,
        prefix: str = "",
        flat: bool = False,
    ) -> None:
        super().__init__(parent)
        self.choices = dict(choices)
        self._prefix = prefix
        self._flat = flat
        self._value = next(iter(choices), "")
        self.setView(QListView(self))
        self.setMaxVisibleItems(_MOST_SHOWN)
        for name, title in choices.items():
            self.addItem(title, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._on_activated)
        self.apply_theme(theme)

    def show_value(self, value: Any, *, force: bool = False) -> None:
        """Show a valid value, unless the user is choosing; `force` also replaces a refused one."""
        word = str(value).lower() if isinstance(value, bool) else value
        kept = self.failed and word == self._value
        self._value = word
        if force or not (kept or self.view().isVisible()):
            self.set_failed(False)
            self._write()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.setFont(theme.font(13))
        self.view().setFont(theme.font(13))
        self.setStyleSheet(
            "QComboBox { combobox-popup: 0; }"
            f" QAbstractItemView {{ background: {theme.surface}; color: {theme.text};"
            f" border: 1px solid {theme.border}; padding: {theme.px(4)}px; outline: none; }}"
            f" QAbstractItemView::item {{ min-height: {theme.px(24)}px;"
            f" padding: 0 {theme.px(8)}px; border-radius: {theme.px(4)}px; }}"
            f" QAbstractItemView::item:selected {{ background: {theme.accent_tint};"
            f" color: {theme.text}; }}"
        )
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(round(self._wanted_width() + 0.5), self.theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(40 if self._flat else LEAST_WIDTH), self.theme.px(HEIGHT))

    def showPopup(self) -> None:
        """Open the list as wide as its longest title."""
        margins = self.theme.px(8 * 2 + 4 * 2 + 12)
        widest = max((self._advance(title) for title in self.choices.values()), default=0)
        self.view().setMinimumWidth(max(self.width(), round(widest) + margins))
        super().showPopup()

    def hidePopup(self) -> None:
        super().hidePopup()
        if not self.failed:
            self._write()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and _claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING:
            self.showPopup()
        elif event.key() == Qt.Key.Key_Escape and self.failed:
            self.restore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        if not self._flat:
            paint_box(painter, self, theme, focused=self.hasFocus(), failed=self.failed)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.text))
        area = QRectF(self.rect()).adjusted(self._left(), 0, -theme.px(PADDING), 0)
        side = theme.px(_CHEVRON)
        chevron = QRectF(area.right() - side, area.center().y() - side / 2, side, side)
        paint_glyph(painter, Glyph.CHEVRON, chevron, QColor(theme.text))
        area.setRight(chevron.left() - theme.px(_GAP))
        metrics = QFontMetricsF(self.font())
        text = metrics.elidedText(self._text(), Qt.TextElideMode.ElideRight, area.width() + 1)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _text(self) -> str:
        return self._prefix + self.currentText()

    def _left(self) -> int:
        return 0 if self._flat else self.theme.px(PADDING)

    def _advance(self, text: str) -> float:
        return QFontMetricsF(self.theme.font(13)).horizontalAdvance(text)

    def _wanted_width(self) -> float:
        """The present title and the chevron; never narrower than other fields."""
        theme = self.theme
        inner = self._advance(self._text()) + theme.px(_GAP) + theme.px(_CHEVRON) + 2
        wanted = inner + self._left() + theme.px(PADDING)
        return wanted if self._flat else max(theme.px(WIDTH), wanted)

    def _write(self) -> None:
        self.setCurrentIndex(self.findData(self._value))
        self.updateGeometry()
        self.update()

    @Slot()
    def _on_activated(self) -> None:
        self.updateGeometry()
        self.update()
        if self.failed or self.currentData() != self._value:
            self.entered.emit(self.currentData())


def _claims(event: QKeyEvent) -> bool:
    """Whether a key that may be a shortcut belongs to the field."""
    return event.type() == QEvent.Type.ShortcutOverride and event.key() in _OPENING
