"""The command table as QActions, enabled as the session's state allows."""

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QKeySequence

from gui.actions import COMMANDS, RUN_PAUSE, Command
from gui.style import faint
from gui.theme import Theme
from gui.widgets.glyphs import Glyph, glyph_icon
from gui.widgets.keycap import key_name
from model.training.snapshots import State

_WHILE: Final = {
    State.IDLE: "before training has begun",
    State.RUNNING: "while training runs",
    State.PAUSED: "while training is paused",
    State.FINISHED: "after the run has finished",
    State.FAILED: "after the run has failed",
}


class Commands(QObject):
    """The commands as QActions; `triggered` names the one that was chosen.

    The key that runs and pauses is reported as "run" or "pause", whichever it means at the moment.
    """

    triggered = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = State.IDLE
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {command.id: self._action(command) for command in COMMANDS}
        self.show_state(State.IDLE, force=True)

    def action(self, id: str) -> QAction:
        """The QAction of one entry of the table."""
        return self._actions[id]

    def actions_without_menu(self) -> list[QAction]:
        """The actions that only a key reaches; a window has to add them itself."""
        return [self._actions[command.id] for command in COMMANDS if not command.menu]

    def group(self, name: str) -> list[QAction]:
        """The actions of which one is checked."""
        return self._groups[name].actions()

    def show_state(self, state: State, *, force: bool = False) -> None:
        """Enable what the table allows in this state, and say why not of the rest."""
        if state == self._state and not force:
            return
        self._state = state
        for command in COMMANDS:
            action = self._actions[command.id]
            action.setEnabled(state in command.states)
            action.setToolTip(_tool_tip(command, state))
        word = "Pause" if state == State.RUNNING else "Run"
        self._actions[RUN_PAUSE].setText(word)
        self._actions[RUN_PAUSE].setIconText(word)

    def glyph(self, id: str) -> Glyph | None:
        """The shape that stands for a command in the present state."""
        if id == RUN_PAUSE and self._state == State.RUNNING:
            return Glyph.PAUSE
        return _BY_ID[id].glyph

    def apply_theme(self, theme: Theme) -> None:
        """Draw the icons in the theme's colours."""
        for command in COMMANDS:
            if command.glyph is not None:
                colour, side = QColor(theme.secondary), theme.px(13)
                icon = glyph_icon(command.glyph, colour, faint(theme), side)
                self._actions[command.id].setIcon(icon)

    def _action(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.id)
        action.setData(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.shortcuts])
        action.setStatusTip(command.tip)
        action.setAutoRepeat(command.repeats)
        action.setCheckable(command.checkable or bool(command.group))
        action.setMenuRole(_MENU_ROLES.get(command.id, QAction.MenuRole.NoRole))
        if command.short:
            action.setIconText(command.short)
        if command.group:
            self._groups.setdefault(command.group, QActionGroup(self)).addAction(action)
            action.setChecked(command.chosen)
        action.triggered.connect(self._on_action_triggered)
        return action

    @Slot()
    def _on_action_triggered(self) -> None:
        id = str(self.sender().objectName())
        if id == RUN_PAUSE:
            id = "pause" if self._state == State.RUNNING else "run"
        self.triggered.emit(id)


def _tool_tip(command: Command, state: State) -> str:
    keys = ", ".join(key_name(key) for key in command.shortcuts)
    tip = f"{command.tip} ({keys})" if keys else command.tip
    if state in command.states or not command.states:
        return tip
    return f"{tip}\nNot available {_WHILE[state]}."


_BY_ID: Final = {command.id: command for command in COMMANDS}
_MENU_ROLES: Final = {
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
}
