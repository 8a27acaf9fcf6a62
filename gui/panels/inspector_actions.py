"""The small actions in the inspector's head: copy, and when debugging save, pin and follow."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gui.theme import Theme

COPY: Final = (
    "copy",
    "Copy the selection, or the whole tensor, with exact values (Ctrl+C)",
    "Copy the selection or the whole tensor",
)
SAVE: Final = (
    "save",
    "Save what is shown as .npy or .csv with exact values",
    "Save the tensor as a file",
)
PIN: Final = ("pin", "Keep this tensor in sight in the panel “Pinned”", "Pin this tensor")
FOLLOW: Final = (
    "follow",
    "Show the result of each operation as it is computed; choosing a tensor ends it",
    "Follow the current operation",
)


class SmallAction(QToolButton):
    """A word in a head; Tab reaches it, Space presses it."""

    def __init__(
        self, words: tuple[str, str, str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        text, tip, name = words
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take on another scale; the colours come with the style sheet."""
        self.setFont(theme.font(11.5))
        self.setStyleSheet(f"padding: {theme.px(1)}px {theme.px(2)}px")


class DebugActions(QWidget):
    """Save, pin and follow; takes no room while hidden."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.save, self.pin = SmallAction(SAVE, theme, self), SmallAction(PIN, theme, self)
        self.follow = SmallAction(FOLLOW, theme, self)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for action in self.all:
            self._row.addWidget(action)
        self.apply_theme(theme)
        self.show_actions(False)

    @property
    def all(self) -> tuple[SmallAction, ...]:
        """The actions from left to right."""
        return (self.save, self.pin, self.follow)

    def show_actions(self, shown: bool) -> None:
        """Show or hide them all."""
        for action in self.all:
            action.setVisible(shown)

    def apply_theme(self, theme: Theme) -> None:
        """Take on another scale."""
        self._row.setSpacing(theme.px(3))
        for action in self.all:
            action.apply_theme(theme)
