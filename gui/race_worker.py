"""A race in the training thread: what the Compare view wishes of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from gui.sliced_worker import SlicedWorker, reported
from model.lab.race_snapshot import RaceView
from model.lab.variants import Axis
from model.training.settings import RunSettings
from model.training.transitions import Command

if TYPE_CHECKING:
    from model.lab.race import Race


class RaceWorker(SlicedWorker):
    """Owns the race; every run of it takes each command at the same epoch."""

    INTERVAL = 1 / 40
    """Runs are compared by eye while they go on: with the making of ten grids and the slice that is
    under way this gives twenty pictures a second and more."""
    EVERY_EPOCH = False
    """Many pictures take longer than an epoch at sixty a second; the pace is kept all the same."""

    def __init__(self) -> None:
        super().__init__(RaceView())
        self._race: Race | None = None

    @Slot(object, object, object)
    @reported
    def open(self, base: RunSettings, axes: Sequence[Axis], seeds: int | None) -> None:
        """Another race, which stands at its beginning; a refused one changes nothing."""
        from model.lab.race import Race

        race = Race(base, axes, seeds)
        if self._race is not None:
            # Snapshots of the race before are told by it.
            race.generation = self._race.generation + 1
        self._race = race
        self._take_up(race)

    @Slot()
    @reported
    def step(self) -> None:
        """One epoch of every run that goes on."""
        if self._may(Command.STEP):
            self._the_race.step()
        self._follow()

    @Slot()
    @reported
    def back(self) -> None:
        """The epoch before; at the beginning there is nothing to do."""
        if self._may(Command.BACK) and self._the_race.epoch > 0:
            self._the_race.back()
        self._follow()

    @Slot(int)
    @reported
    def go_to(self, epoch: int) -> None:
        """Every run at an epoch, or where it ended before."""
        race = self._the_race
        if self._running:
            race.pause()
        if self._may(Command.GO_TO):
            race.go_to(epoch)
        self._follow()

    def _may(self, command: Command) -> bool:
        from model.lab.race import race_states_for

        return self._the_race.state in race_states_for(command)

    @property
    def _the_race(self) -> "Race":
        if self._race is None:
            raise RuntimeError("the race could not be made: change what varies first")
        return self._race
