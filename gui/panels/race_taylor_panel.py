"""Why this rate, for the run of a race that stands out."""

from typing import Final

from gui.panels.panel import Wants
from gui.panels.race_panel import RacePanel
from gui.panels.taylor_panel import TaylorPanel
from gui.race_words import long_label
from gui.theme import Theme
from model.lab.race_snapshot import RaceSnapshot
from model.training.snapshots import Snapshot

NO_STEPS: Final = (
    "A race records no gradients, so its steps promise nothing here. Open the run in Debug"
    " (double-click its picture): there each step has its promise."
)
TIP: Final = (
    "Point at the curve, or press ← →, for the losses at a step size. A double click, Enter or the"
    " context menu adds the step size that is pointed at to the learning rates that vary; where"
    " other settings vary, it becomes the learning rate of the window."
)


class RaceTaylorPanel(TaylorPanel, RacePanel):
    """Draws what the race computes of that run; the session is left alone."""

    wants = Wants.NOTHING

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._run: tuple[int, int] | None = None
        self.plot.setToolTip(TIP)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """A race goes on apart from the session."""

    def show_race(self, race: RaceSnapshot) -> None:
        """While the race is under way a view may be left out: what was drawn then stays."""
        number = race.taylor_run
        # A number that was asked for before the race was another one says nothing of this one.
        if number is None or number >= len(race.runs):
            return
        run = race.generation, number
        if race.taylor is not None or run != self._run:
            self._run = run
            self.show_taylor(race.taylor, long_label(race, race.runs[number]))
            self.steps.take(race.taylor, NO_STEPS)

    def highlight(self, number: int | None) -> None:
        """The race computes another view when it is asked for one."""
