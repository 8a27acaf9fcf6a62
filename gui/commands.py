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
    State.FINISHED: "after the run has finished: raise Epochs, or step on",
    State.FAILED: "after the run has failed",
}


class Commands(QObject):
    """The commands as QActions; `triggered` names the one that was chosen."""

    triggered = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._past, self._racing = State.IDLE, False, False
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

    def chosen(self, name: str) -> str:
        """The id of the command of a group that is checked."""
        return next(a.objectName() for a in self.group(name) if a.isChecked())

    def show_state(
        self, state: State, *, past: bool = True, racing: bool = False, force: bool = False
    ) -> None:
        """Enable what the table allows in this state, and say why not of the rest.

        `past` tells whether there is a state before the present one, `racing` that it is a race's.
        """
        if (state, past, racing) == (self._state, self._past, self._racing) and not force:
            return
        self._state, self._past, self._racing = state, past, racing
        for command in COMMANDS:
            action = self._actions[command.id]
            reason = _reason(command, state, past, racing)
            action.setEnabled(not reason)
            action.setToolTip(_tool_tip(command, reason, racing))
        word = "Pause" if state == State.RUNNING else "Run"
        self._actions[RUN_PAUSE].setText(word)
        self._actions[RUN_PAUSE].setIconText(word)

    def why_not(self, keys: QKeySequence) -> str:
        """Why the command of these keys is not available; empty where it is, or there is none."""
        for command in COMMANDS:
            action = self._actions[command.id]
            if not action.isEnabled() and keys in action.shortcuts():
                reason = _reason(command, self._state, self._past, self._racing)
                return f"{command.text.replace('&', '')}: not available {reason}" if reason else ""
        return ""

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
        self.triggered.emit(str(self.sender().objectName()))


def _reason(command: Command, state: State, past: bool, racing: bool) -> str:
    """When a command is not available, if it is not."""
    if racing and command.session:
        return "in the Compare view"
    states = command.race_states if racing and command.race_states is not None else command.states
    if state not in states:
        return _WHILE[state]
    return "at the beginning" if command.needs_past and not past else ""


def _tool_tip(command: Command, reason: str, racing: bool) -> str:
    keys = ", ".join(key_name(key) for key in command.shortcuts)
    tip = (racing and command.race_tip) or command.tip
    tip = f"{tip} ({keys})" if keys else tip
    return f"{tip}\nNot available {reason}." if reason else tip


_BY_ID: Final = {command.id: command for command in COMMANDS}
_MENU_ROLES: Final = {
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
}
