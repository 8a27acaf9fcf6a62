"""A small button for the head of a panel that shows one of a few words and lets choose another."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gui.theme import Theme
from gui.widgets.ticks import AXIS_TEXT


class ChoiceButton(QToolButton):
    """Shows the chosen word with ▾; a click or Enter opens the list, ↑ and ↓ choose at once.

    `chosen` carries the word.
    """

    chosen = Signal(str)

    def __init__(
        self, label: str, words: tuple[str, ...], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label, self._words = label, words
        self.value = words[0]
        self._group = QActionGroup(self)
        self._menu = QMenu(self)
        for word in words:
            self._menu.addAction(self._action(word))
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._group.triggered.connect(self._on_group_triggered)
        self.apply_theme(theme)
        self.choose(self.value)

    def choose(self, word: str) -> None:
        """Show `word` as the chosen one and tell, where it is another."""
        changed, self.value = word != self.value, word
        self._group.actions()[self._words.index(word)].setChecked(True)
        self.setText(f"{word} ▾")
        self.setAccessibleName(f"{self._label}: {word}")
        if changed:
            self.chosen.emit(word)

    def apply_theme(self, theme: Theme) -> None:
        """Take on another scale; the colours come with the style sheet."""
        self.setFont(theme.font(AXIS_TEXT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            place = (self._words.index(self.value) + step) % len(self._words)
            self.choose(self._words[place])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showMenu()
        else:
            super().keyPressEvent(event)

    def _action(self, word: str) -> QAction:
        action = QAction(word, self._group)
        action.setCheckable(True)
        return action

    @Slot(QAction)
    def _on_group_triggered(self, action: QAction) -> None:
        self.choose(action.text())
