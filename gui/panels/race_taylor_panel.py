"""Why this rate, for the run of a race that stands out."""

from gui.panels.panel import Wants
from gui.panels.race_panel import RacePanel
from gui.panels.taylor_panel import TaylorPanel
from gui.race_words import long_label
from gui.theme import Theme
from model.lab.race_snapshot import RaceSnapshot
from model.training.snapshots import Snapshot


class RaceTaylorPanel(TaylorPanel, RacePanel):
    """Draws what the race computes of that run; the session is left alone."""

    wants = Wants.NOTHING

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._run: tuple[int, int] | None = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """A race goes on apart from the session."""

    def show_race(self, race: RaceSnapshot) -> None:
        """While the race is under way a view may be left out: what was drawn then stays."""
        if race.taylor_run is None:
            return
        run = race.generation, race.taylor_run
        if race.taylor is not None or run != self._run:
            self._run = run
            self.show_taylor(race.taylor, long_label(race, race.runs[race.taylor_run]))

    def highlight(self, number: int | None) -> None:
        """The race computes another view when it is asked for one."""
