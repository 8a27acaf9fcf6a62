"""The loss around a run's present state: the Taylor view of its next step, and the surface."""

from collections.abc import Callable, Generator
from typing import Final

from model.analysis.loss_surface import LossSurface, SurfaceRequest
from model.analysis.surface_maker import Standpoint, surface_by_rows
from model.analysis.taylor import TaylorView
from model.analysis.taylor_maker import TaylorMaker
from model.training.run import Run
from model.training.share_of_time import ShareOfTime

SHARE: Final = 0.05
"""Of the time of a running session, what the Taylor view may take at most."""

PATH: Final = 500
"""States of the path that a surface shows."""


class RunLandscape:
    """Made where somebody looks at it first, and kept as long as the run."""

    def __init__(self, run: Run, clock: Callable[[], float]) -> None:
        self._run = run
        self._maker: TaylorMaker | None = None
        self._share = ShareOfTime(SHARE, clock)

    def taylor(self, running: bool) -> TaylorView | None:
        """The view of the weights of the epoch, on the whole training set.

        Promised steps are there for the full batch, where the gradient of the history is that of
        J. None where the run is under way and the last view took so long that it is too early.
        """
        if running and not self._share.due:
            return None
        run = self._run
        full, history, epochs = run.batches.full, run.history, run.epoch
        with self._share.taken():
            return self._the_maker.view(
                run.epoch_parameters,
                epochs,
                run.rate_ahead,
                frozen_layers=run.frozen,
                losses=history.loss[:epochs],
                squared_norms=history.squared_norms[:epochs] if full else None,
                learning_rates=run.rates[:epochs] if full else None,
            )

    def surface_by_rows(
        self, request: SurfaceRequest, generation: int
    ) -> Generator[None, None, LossSurface]:
        """J over a plane through the weights of the epoch, with the path that led to them.

        In pieces, and with the errors, of `model.analysis.surface_maker.surface_by_rows`; the run
        may move on meanwhile.
        """
        run = self._run
        iterations, states = run.timeline.path(run.iteration, PATH)
        standpoint = Standpoint(
            run.epoch_parameters,
            generation,
            run.iteration,
            run.epoch,
            states,
            iterations / run.batches.per_epoch,
        )
        landscape = self._the_maker.landscape
        landscape.freeze(run.frozen)
        return surface_by_rows(request, landscape, standpoint)

    @property
    def _the_maker(self) -> TaylorMaker:
        if self._maker is None:
            data = self._run.data
            architecture = self._run.network.architecture
            self._maker = TaylorMaker(architecture, data.X_train, data.y_train)
        return self._maker
