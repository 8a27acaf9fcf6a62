"""The small arrow beside a step: which steps the buttons of the top bar make."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from gui.commands import Commands
from gui.theme import Theme
from gui.widgets.flat_button import Part
from gui.widgets.glyphs import Glyph
from gui.widgets.menu_button import MenuButton

GRAINS: Final = {
    kind: ("step", "back") if kind == "iteration" else (f"step_{kind}", f"back_{kind}")
    for kind in ("operation", "layer", "phase", "iteration", "epoch")
}
"""Kinds of steps from the smallest on, each with its two commands."""


class GrainButton(MenuButton):
    """A list of the kinds of steps with their keys; `grain_chosen` carries the kind."""

    grain_chosen = Signal(str)

    def __init__(self, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        self.grain = next(iter(GRAINS))
        self._group = QActionGroup(commands)
        actions = [self._made(kind, commands.action(step)) for kind, (step, _) in GRAINS.items()]
        super().__init__("Steps by", actions, theme, parent)
        self._group.triggered.connect(self._on_group_triggered)
        self.setToolTip("What one step is: operation, layer, phase, iteration or epoch.")

    def parts(self) -> tuple[Part, ...]:
        """The button beside it has the word."""
        return (Part(glyph=Glyph.CHEVRON),)

    def _made(self, kind: str, command: QAction) -> QAction:
        action = QAction(f"{kind.capitalize()}\t{command.shortcut().toString()}", self._group)
        action.setIconText(kind)
        action.setData(kind)
        action.setCheckable(True)
        action.setChecked(kind == self.grain)
        return action

    @Slot(QAction)
    def _on_group_triggered(self, action: QAction) -> None:
        self.grain = str(action.data())
        self.grain_chosen.emit(self.grain)
