"""A row of small buttons of which exactly one is chosen; arrow keys move the choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Template
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLayout, QToolButton, QWidget

from gui.theme import Theme

_SHEET: Final = Template("""
QToolButton { background: $surface; color: $text; border: 1px solid $border;
    border-radius: ${radius}px; padding: ${high}px ${wide}px; margin: 0; }
QToolButton:hover { background: $field; }
QToolButton:checked { background: $accent_tint; color: $accent; border-color: $accent_tint; }
QToolButton:focus { border-color: $accent; }
""")


@dataclass(frozen=True)
class Choice:
    """One button: the value it stands for, its text, and what it does in a sentence."""

    value: str
    text: str
    help: str


class ChoiceChips(QWidget):
    """One of several short words; Tab enters at the chosen one, arrow keys choose another.

    `wide` is the room beside a word, `gap` the room between buttons, in pixels before scaling.
    """

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        choices: Iterable[Choice],
        layout: QLayout,
        theme: Theme,
        *,
        wide: int = 8,
        gap: int = 4,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._wide, self._gap = wide, gap
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        layout.setContentsMargins(0, 0, 0, 0)
        for choice in choices:
            button = self._button(choice)
            self._buttons[choice.value] = button
            self._group.addButton(button)
            layout.addWidget(button)
        self.setLayout(layout)
        next(iter(self._buttons.values())).setChecked(True)
        self._group.buttonToggled.connect(self._on_group_toggled)
        self.apply_theme(theme)

    @property
    def value(self) -> str:
        """The value of the chosen button."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def choose(self, value: str) -> None:
        """Choose a value; `chosen` follows where it differs."""
        self._buttons[value].setChecked(True)

    def button(self, value: str) -> QToolButton:
        """The button that stands for a value."""
        return self._buttons[value]

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        font = theme.font(11.5, weight=QFont.Weight.Medium)
        self.setStyleSheet(
            _SHEET.substitute(
                vars(theme), radius=theme.px(9), high=theme.px(1), wide=theme.px(self._wide)
            )
        )
        for button in self._buttons.values():
            button.setFont(font)
            button.setMinimumHeight(theme.px(20))
        if layout := self.layout():
            layout.setSpacing(theme.px(self._gap))

    def _button(self, choice: Choice) -> QToolButton:
        button = QToolButton()
        button.setText(choice.text)
        button.setToolTip(choice.help)
        button.setAccessibleName(choice.help)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    @Slot(QAbstractButton, bool)
    def _on_group_toggled(self, button: QAbstractButton, checked: bool) -> None:
        if checked:
            self.chosen.emit(self.value)
