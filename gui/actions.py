"""All commands in one table; menus, buttons and the list of keys come from it."""

import math
from dataclasses import dataclass
from typing import Final

from gui.theme import CHOICES
from gui.widgets.glyphs import Glyph
from model.training.snapshots import State
from model.training.transitions import Command as SessionCommand
from model.training.transitions import states_for

ALWAYS: Final = frozenset(State)

SPEEDS: Final = {
    "speed_1": 1.0,
    "speed_5": 5.0,
    "speed_20": 20.0,
    "speed_60": 60.0,
    "speed_max": math.inf,
}
"""Epochs per second of each speed."""

FIRST_SPEED: Final = "speed_60"
"""The lab takes a sixth of a second at full speed: nobody would see it learn."""


@dataclass(frozen=True)
class Command:
    """One thing a user can do.

    `menu` is a path ("Run/Speed"), empty for what has only a key; `short` the word on its button;
    commands of one `group` exclude each other, the `chosen` one being checked at first; `gap`
    draws a line above. `repeats` says that it goes on while its key is held, `needs_past` that
    there must be a state to go back to. What is of the `session` alone rests in the Compare view;
    `race_tip` says what another command does there, and `race_states` when, where that differs.
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
    chosen: bool = False
    checkable: bool = False
    repeats: bool = False
    needs_past: bool = False
    gap: bool = False
    session: bool = False
    race_tip: str = ""
    race_states: frozenset[State] | None = None


def _speed(id: str, text: str, short: str) -> Command:
    tip = f"Train at {text.lower()}."
    chosen = id == FIRST_SPEED
    return Command(id, text, tip, "Run/Speed", short=short, group="speed", chosen=chosen)


def _view(id: str, text: str, key: str) -> Command:
    chosen = id == "train_view"
    return Command(id, text, f"The {text} view.", "View", (key,), group="view", chosen=chosen)


RUN_PAUSE: Final = "run_pause"
_RUNNABLE: Final = states_for(SessionCommand.RUN)
_RUNNING: Final = states_for(SessionCommand.PAUSE)
_STEPPABLE: Final = states_for(SessionCommand.STEP)
_RACE_STEPPABLE: Final = _STEPPABLE - {State.FINISHED}
"""Where every run has ended there is no further epoch."""
_RETURNABLE: Final = states_for(SessionCommand.BACK)
_RESETTABLE: Final = states_for(SessionCommand.RESET) - {State.IDLE}
_AT_REST: Final = ALWAYS - {State.RUNNING}


def _walk(kind: str, key: str, noun: str) -> tuple[Command, Command]:
    """One step of a kind, and the way back over it; a race has epochs only."""
    session = kind != "epoch"
    return (
        Command(
            f"step_{kind}",
            f"Step one {kind}",
            f"Go on to the next {noun}.",
            "Run/Step",
            (key,),
            short=kind.capitalize(),
            states=_STEPPABLE,
            repeats=True,
            session=session,
            race_states=_RACE_STEPPABLE,
        ),
        Command(
            f"back_{kind}",
            f"Back one {kind}",
            f"Go back to the {noun} before.",
            "Run/Back",
            (f"Shift+{key}",),
            short="Back",
            states=_RETURNABLE,
            repeats=True,
            needs_past=True,
            session=session,
        ),
    )


WALKS: Final = {
    "operation": ("F11", "tensor"),
    "layer": ("Alt+F11", "layer"),
    "phase": ("Ctrl+F11", "phase: forward, loss, backward, update"),
    "epoch": ("Ctrl+F10", "epoch"),
}
"""Kinds of steps beside the iteration, each with its key and what it leads to."""


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
        session=True,
    ),
    Command(
        "open_weights",
        "Open weights…",
        "Start from the W and b of an .npz file, with its layers and activations.",
        "File",
        ("Ctrl+O",),
        states=_AT_REST,
        session=True,
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
        race_tip="Train all runs in step, or stop them between two epochs.",
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
        race_tip="One epoch of every run.",
        race_states=_RACE_STEPPABLE,
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
        needs_past=True,
        race_tip="The epoch before, in every run, bit for bit.",
    ),
    *(command for kind, (key, noun) in WALKS.items() for command in _walk(kind, key, noun)),
    Command(
        "run_epochs",
        "Run several epochs…",
        "Train so many epochs more, and pause.",
        "Run",
        ("Ctrl+F5",),
        states=states_for(SessionCommand.RUN_ON),
        gap=True,
        session=True,
    ),
    Command(
        "run_until",
        "Run until…",
        "Choose a condition to stop at, as a breakpoint; then run.",
        "Run",
        ("Ctrl+F9",),
        session=True,
    ),
    Command(
        "undo",
        "Undo the last change",
        "Take back the last change of a weight or of the learning rate, apart from stepping back.",
        "Edit",
        ("Ctrl+Z",),
        states=states_for(SessionCommand.UNDO),
        session=True,
    ),
    Command(
        "breakpoint",
        "Breakpoint at this operation",
        "Stop at the operation under the cursor of the list, in the Debug view.",
        "Run",
        ("F9",),
        session=True,
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
        race_tip="Every run back to its first weights.",
    ),
    Command(
        "new_seed",
        "New seed",
        "Start again from other first weights.",
        "Run",
        ("Ctrl+N",),
        Glyph.DICE,
        "New seed",
        race_tip="Race again from other first weights.",
    ),
    _speed("speed_max", "Maximum speed", "Max"),
    _speed("speed_60", "60 epochs per second", "60/s"),
    _speed("speed_20", "20 epochs per second", "20/s"),
    _speed("speed_5", "5 epochs per second", "5/s"),
    _speed("speed_1", "1 epoch per second", "1/s"),
    _view("train_view", "Train", "Ctrl+1"),
    _view("debug_view", "Debug", "Ctrl+2"),
    _view("compare_view", "Compare", "Ctrl+3"),
    Command(
        "reset_layout",
        "Reset layout",
        "Put every panel back to its first place.",
        "View/Panels",
        gap=True,
    ),
    *(
        Command(
            f"theme_{name}",
            title,
            f"Colours: {title.lower()}.",
            "View/Theme",
            group="theme",
            chosen=name == "system",
        )
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
