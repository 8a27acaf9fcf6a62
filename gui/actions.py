"""All commands in one table; menus, buttons and the list of keys come from it."""

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QColor, QKeySequence

from gui.style import faint
from gui.theme import CHOICES, Theme
from gui.widgets.glyphs import Glyph, glyph_icon
from gui.widgets.keycap import key_name
from model.training.snapshots import State

ALWAYS: Final = frozenset(State)
LATER: Final[frozenset[State]] = frozenset()
"""The states of what is not in this version."""

SPEEDS: Final = {
    "speed_1": 1.0,
    "speed_5": 5.0,
    "speed_20": 20.0,
    "speed_60": 60.0,
    "speed_max": math.inf,
}
"""Epochs per second of each speed."""


@dataclass(frozen=True)
class Command:
    """One thing a user can do.

    `menu` is a path ("Run/Speed"), empty for what has only a key; `short` the word on its button;
    commands of one `group` exclude each other, the first being checked; `gap` draws a line above.
    `repeats` says that it goes on while its key is held.
    """

    id: str
    text: str
    tip: str
    menu: str = ""
    shortcuts: tuple[str, ...] = ()
    glyph: Glyph | None = None
    short: str = ""
    states: frozenset[State] = ALWAYS
    group: str = ""
    checkable: bool = False
    repeats: bool = False
    gap: bool = False


def _speed(id: str, text: str, short: str) -> Command:
    tip = f"Train at {text.lower()}."
    return Command(id, text, tip, "Run/Speed", short=short, group="speed")


def _view(id: str, text: str, key: str, states: frozenset[State]) -> Command:
    tip = f"The {text} view." if states else f"The {text} view is not in this version."
    return Command(id, text, tip, "View", (key,), states=states, group="view")


RUN_PAUSE: Final = "run_pause"
_RUNNABLE: Final = frozenset({State.IDLE, State.PAUSED})
_RUNNING: Final = frozenset({State.RUNNING})
_STEPPABLE: Final = frozenset({State.IDLE, State.PAUSED, State.FINISHED})
_RETURNABLE: Final = frozenset({State.PAUSED, State.FINISHED, State.FAILED})
_RESETTABLE: Final = ALWAYS - {State.IDLE}
_AT_REST: Final = ALWAYS - {State.RUNNING}

COMMANDS: Final = (
    Command(
        "save_figures",
        "Save figures…",
        "Write the pictures of all panels as PNG, SVG or PDF.",
        "File",
        ("Ctrl+S",),
    ),
    Command(
        "save_weights",
        "Save weights…",
        "Write every W and b, with the scaling of the data, to an .npz file.",
        "File",
        ("Ctrl+Shift+S",),
    ),
    Command(
        "open_weights",
        "Open weights…",
        "Read W and b of the same shapes from an .npz file.",
        "File",
        ("Ctrl+O",),
        states=_AT_REST,
    ),
    Command("quit", "Quit", "Close the window.", "File", ("Ctrl+Q",), gap=True),
    Command(
        RUN_PAUSE,
        "Run or pause",
        "Train, or stop between two iterations.",
        shortcuts=("Space",),
        glyph=Glyph.RUN,
        short="Run",
        states=_RUNNABLE | _RUNNING,
    ),
    Command("run", "Run", "Train on from here.", "Run", ("F5",), glyph=Glyph.RUN, states=_RUNNABLE),
    Command(
        "pause",
        "Pause",
        "Stop between two iterations.",
        "Run",
        ("F6",),
        glyph=Glyph.PAUSE,
        states=_RUNNING,
    ),
    Command(
        "step",
        "Step one iteration",
        "One forward pass, one backward pass and one update of the weights.",
        "Run",
        ("F10",),
        Glyph.STEP,
        "Step",
        _STEPPABLE,
        repeats=True,
        gap=True,
    ),
    Command(
        "back",
        "Back one iteration",
        "The state before the last update, bit for bit.",
        "Run",
        ("Shift+F10",),
        Glyph.BACK,
        "Back",
        _RETURNABLE,
        repeats=True,
    ),
    Command(
        "reset",
        "Reset",
        "Start again from the same first weights.",
        "Run",
        ("Ctrl+R",),
        Glyph.RESET,
        "Reset",
        _RESETTABLE,
        gap=True,
    ),
    Command(
        "new_seed",
        "New seed",
        "Start again from other first weights.",
        "Run",
        ("Ctrl+N",),
        Glyph.DICE,
        "New seed",
    ),
    _speed("speed_max", "Maximum speed", "Max"),
    _speed("speed_60", "60 epochs per second", "60/s"),
    _speed("speed_20", "20 epochs per second", "20/s"),
    _speed("speed_5", "5 epochs per second", "5/s"),
    _speed("speed_1", "1 epoch per second", "1/s"),
    _view("train_view", "Train", "Ctrl+1", ALWAYS),
    _view("debug_view", "Debug", "Ctrl+2", LATER),
    _view("compare_view", "Compare", "Ctrl+3", LATER),
    Command(
        "reset_layout",
        "Reset layout",
        "Put every panel back to its first place.",
        "View/Panels",
        gap=True,
    ),
    *(
        Command(f"theme_{name}", title, f"Colours: {title.lower()}.", "View/Theme", group="theme")
        for name, title in CHOICES.items()
    ),
    Command(
        "larger",
        "Larger",
        "Enlarge type and lines, for a projector.",
        "View",
        ("Ctrl++", "Ctrl+="),
        repeats=True,
        gap=True,
    ),
    Command("smaller", "Smaller", "Shrink type and lines.", "View", ("Ctrl+-",), repeats=True),
    Command("normal_size", "Normal size", "Type and lines at 100 %.", "View", ("Ctrl+0",)),
    Command(
        "full_screen",
        "Full screen",
        "Use the whole screen, and back.",
        "View",
        ("Ctrl+Shift+F",),
        checkable=True,
        gap=True,
    ),
    Command("shortcuts", "Keyboard shortcuts", "Every key and what it does.", "Help", ("F1",)),
    Command("about", "About Backscope", "What this program is.", "Help"),
)

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
            self._join(action, command.group)
        action.triggered.connect(self._on_action_triggered)
        return action

    def _join(self, action: QAction, name: str) -> None:
        group = self._groups.setdefault(name, QActionGroup(self))
        group.addAction(action)
        action.setChecked(group.checkedAction() is None)

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
