"""Makes frozen records of a race for whoever looks at it."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array, frozen
from model.lab.block import Block
from model.lab.block_views import BlockViews
from model.lab.outcome import NO_CURVES, Fate
from model.lab.race_landscape import RaceLandscape
from model.lab.race_snapshot import RaceRun, RaceSnapshot, RaceView
from model.lab.variants import Variant
from model.training.history_part import HistoryPart

if TYPE_CHECKING:
    from model.lab.race import Race


class RaceSnapshotMaker:
    """Keeps what can be used again from one snapshot of a race to the next."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds: what takes long is made less often."""
        self._landscape = RaceLandscape(clock)
        self._views: dict[Block, BlockViews] = {}
        self._targets: dict[int, FirstBelow] = {}

    def snapshot(self, race: "Race", view: RaceView, since: tuple[int, ...] | int) -> RaceSnapshot:
        """The moment as `view` asks for it, each run's history from its epoch of `since` on."""
        starts = since if isinstance(since, tuple) else (since,) * len(race.variants)
        starts += (0,) * (len(race.variants) - len(starts))
        return RaceSnapshot(
            generation=race.generation,
            state=race.state,
            base=race.base,
            axes=race.axes,
            epoch=race.epoch,
            epochs=max(v.settings.training.epochs for v in race.variants if v.settings is not None),
            runs=tuple(
                self._run(race, variant, view, start)
                for variant, start in zip(race.variants, starts, strict=False)
            ),
            network_epochs_per_second=race.network_epochs_per_second,
            taylor=self._landscape.taylor(race, view.taylor),
            taylor_run=view.taylor,
        )

    def _run(self, race: "Race", variant: Variant, view: RaceView, since: int) -> RaceRun:
        home = race.home_of(variant.number)
        if home is None:
            return _refused(variant)
        block, place = home
        views = self._views.setdefault(block, BlockViews(block))
        end, epoch, row = block.end_of(place), block.epochs_of(place), views.row(place)
        train_loss, test_loss, train_accuracy, test_accuracy = row.tolist()
        start, below = min(since, epoch), self._targets.setdefault(variant.number, FirstBelow())
        reached = below.first(block.rows(place)[:, 0], view.target)
        if reached is None and train_loss <= view.target:
            reached = epoch
        return RaceRun(
            variant=variant,
            fate=Fate.RUNNING if end is None else end.fate,
            epoch=epoch,
            reason="" if end is None else end.reason,
            train_loss=train_loss,
            test_loss=test_loss,
            train_accuracy=train_accuracy,
            test_accuracy=test_accuracy,
            auc=views.auc(place) if view.auc else math.nan,
            reached=reached,
            seconds=block.members[place].seconds,
            history=HistoryPart(start, frozen(block.rows(place)[start:])),
            grid=views.grid(place, view.grid),
            data=block.data,
        )


class FirstBelow:
    """The first epoch at which a growing row of losses is at most a target."""

    def __init__(self) -> None:
        self._target, self._seen = math.nan, 0
        self._found: int | None = None

    def first(self, losses: Array, target: float) -> int | None:
        """None where there is none among `losses` (epochs,).

        What was looked at for the same target is not looked at again, so `losses` may grow and
        shrink but not change.
        """
        if target != self._target:
            self._target, self._seen, self._found = target, 0, None
        if self._found is None and len(losses) > self._seen:
            below = np.flatnonzero(losses[self._seen :] <= target)
            self._found = self._seen + int(below[0]) if len(below) else None
            self._seen = len(losses)
        return self._found if self._found is not None and self._found < len(losses) else None


def _refused(variant: Variant) -> RaceRun:
    nothing = math.nan
    return RaceRun(
        variant=variant,
        fate=Fate.REFUSED,
        epoch=0,
        reason=variant.reason,
        train_loss=nothing,
        test_loss=nothing,
        train_accuracy=nothing,
        test_accuracy=nothing,
        auc=nothing,
        reached=None,
        seconds=0.0,
        history=HistoryPart(0, NO_CURVES),
    )
