"""What every panel of the Compare view is: a picture of a race, one of whose runs may stand out."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Signal

from gui.panels.panel import Panel
from model.lab.race_snapshot import RaceSnapshot
from model.training.snapshots import Snapshot


class RacePanel(Panel):
    """`run_chosen` carries the number of the run to highlight, or None for none; `run_opened`
    the number of the one that the user wants to see in the debugger.
    """

    run_chosen = Signal(object)
    run_opened = Signal(int)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """A race goes on apart from the session."""

    def show_race(self, race: RaceSnapshot) -> None:
        """Draw this state of the race."""
        raise NotImplementedError

    def pieces(self, race: RaceSnapshot) -> Iterable[Callable[[], object]]:
        """Drawing in pieces short enough that the window answers between them."""
        return (partial(self.show_race, race),)

    def highlight(self, number: int | None) -> None:
        """Let this run stand out, or all of them stand alike."""
        raise NotImplementedError
