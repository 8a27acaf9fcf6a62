"""What every panel of a sweep is: a picture of its results so far."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.panels.panel import Panel
from gui.theme import Theme
from model.lab.results import Results
from model.training.snapshots import Snapshot

EMPTY: Final = "Start a sweep at the left, or choose one of the stored results."
NO_RUN: Final = "No run of this sweep is there yet."


class SweepPanel(Panel):
    """`run_opened` carries the row of a run that the user wants to see in the debugger."""

    run_opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._results: Results | None = None

    @property
    def has_picture(self) -> bool:
        return self._results is not None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """A sweep goes on apart from the session."""

    def show_results(self, results: Results | None) -> None:
        """Draw the results so far, or say that there are none."""
        raise NotImplementedError
