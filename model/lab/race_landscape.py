"""The Taylor view of one run of a race: of that which somebody looks at."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from model.analysis.taylor import TaylorView
from model.analysis.taylor_maker import TaylorMaker
from model.training.run_landscape import SHARE
from model.training.share_of_time import ShareOfTime
from model.training.snapshots import State

if TYPE_CHECKING:
    from model.lab.race import Race


class RaceLandscape:
    """Keeps what can be used again as long as the same run is looked at."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._number: int | None = None

    def taylor(self, race: "Race", number: int | None) -> TaylorView | None:
        """The view of a run where it stands.

        None for no run or a refused one, and while the race is under way and the last view took
        so long that it is too early. A race records no gradients: there are no promised steps.
        """
        home = None if number is None else race.home_of(number)
        if number is None or home is None:
            return None
        if number != self._number:
            network, data = race.network_of(number), home[0].data
            self._number = number
            self._maker = TaylorMaker(network.architecture, data.X_train, data.y_train)
            self._share = ShareOfTime(SHARE, self._clock)
        elif race.state is State.RUNNING and not self._share.due:
            return None
        block, place = home
        with self._share.taken():
            return self._maker.view(
                race.network_of(number).parameters,
                block.epochs_of(place),
                race.settings_of(number).training.learning_rate,
            )
