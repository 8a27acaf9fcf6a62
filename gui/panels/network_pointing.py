"""Pointing at the network: the part beneath the mouse or chosen by keyboard, and its card."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.panels.network_canvas import NetworkCanvas
from gui.panels.network_card import card_text
from gui.panels.network_keys import along_weights, beside
from gui.panels.network_layout import Part, Unit
from gui.theme import Theme
from gui.widgets.hover_card import HoverCard

_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class NetworkPointing(NetworkCanvas):
    """Lights the part that is meant and says its numbers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._hovered: Part | None = None
        self._chosen: Part | None = None
        self._marked: Part | None = None
        self._card = HoverCard(theme, self)

    @property
    def lit(self) -> Part | None:
        """The part beneath the mouse, or chosen by keyboard, or else marked."""
        if self._hovered is not None:
            return self._hovered
        return (self._chosen if self.hasFocus() else None) or self._marked

    def mark(self, part: Part | None) -> None:
        """Let a part stand out as long as the user means no other."""
        if part != self._marked:
            self._marked = part
            self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self._card.apply_theme(theme)
        super().apply_theme(theme)

    def event(self, event: QEvent) -> bool:
        """The tooltip is for the ground; of a part the card speaks."""
        if event.type() == QEvent.Type.ToolTip and self._hovered is not None:
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move among units, with Shift among a unit's weights; Esc lets go of them."""
        key = Qt.Key(event.key())
        if key in _ARROWS and self._snapshot is not None:
            self._move(key, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab shows where the arrow keys start."""
        by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if by_keyboard and self._snapshot is not None:
            self._choose(self._chosen or Unit(0, 0))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another widget has the keyboard."""
        self._card.hide()
        self.update()

    def _hover(self, part: Part | None, at: QPoint | None = None) -> None:
        if part == self._hovered:
            return
        self._hovered = part
        if part is None or at is None:
            self._card.hide()
        else:
            self._show_card(part, at)
        self.update()

    def _move(self, key: Qt.Key, among_weights: bool) -> None:
        if self._snapshot is None:
            return
        layout = self._current_picture(self._snapshot).layout
        layers, rows = _ARROWS[key]
        if among_weights:
            self._choose(along_weights(self._chosen, layout, layers + rows))
        else:
            self._choose(beside(self._chosen, layout, layers, rows))

    def _choose(self, part: Part | None) -> None:
        self._chosen, self._hovered = part, None
        if part is None:
            self._card.hide()
        else:
            self._show_card(part, self.mapToGlobal(self._place_of(part)))
        self.update()

    def _show_card(self, part: Part, at: QPoint) -> None:
        if (shown := self._shown) is not None:
            text = card_text(part, shown, self._current_picture(shown).layout)
            self.setAccessibleDescription(text.plain())
            self._card.show_text(text, at)

    def _update_card(self) -> None:
        """Say the numbers of another state."""
        shown = self._shown
        if self._card.isVisible() and self.lit is not None and shown is not None:
            layout = self._current_picture(shown).layout
            self._card.change_text(card_text(self.lit, shown, layout))
