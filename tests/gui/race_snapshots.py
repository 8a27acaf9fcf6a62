"""Snapshots of small races, each run of which is a session of its own."""

import math
from dataclasses import replace
from functools import cache

from model.lab.outcome import Fate
from model.lab.race_snapshot import RaceRun, RaceSnapshot
from model.lab.variants import Axis, Variant
from model.settings_fields import with_changes
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import State, View

RATES = (0.001, 0.01, 0.1, 1.0, 1e100)
_FATES = {
    State.FAILED: Fate.DIVERGED,
    State.FINISHED: Fate.FINISHED,
    State.PAUSED: Fate.RUNNING,
    State.IDLE: Fate.RUNNING,
}


@cache
def race_of(
    path: str = "training.learning_rate",
    values: tuple = RATES,
    epochs: int = 40,
    state: State = State.PAUSED,
    grid: int = 20,
) -> RaceSnapshot:
    """A race of the lab's network on 200 points after some epochs."""
    base = with_changes(RunSettings(), {"data.n_samples": 200})
    runs = tuple(
        _run(number, base, ((path, value),), epochs, grid) for number, value in enumerate(values)
    )
    return RaceSnapshot(1, state, base, (Axis(path, values),), epochs, 1000, runs, 19_300.0)


def _run(number, base, varied, epochs, grid):
    settings = with_changes(base, dict(varied))
    session = Session(settings)
    if epochs:
        session.run(epochs=epochs)
    shot = session.snapshot(View(grid=grid, roc=True))
    auc = shot.test.auc
    losses = shot.history.rows[:, 0]
    reached = next((at for at, loss in enumerate(losses) if loss <= 0.30), None)
    return RaceRun(
        variant=Variant(number, varied, settings),
        fate=_FATES[session.state],
        epoch=session.epoch,
        reason=session.failure.reason if session.failure else session.finished_because,
        train_loss=shot.train.loss,
        test_loss=shot.test.loss,
        train_accuracy=shot.train.accuracy,
        test_accuracy=shot.test.accuracy,
        auc=math.nan if auc is None else auc,
        reached=reached,
        seconds=0.01 * (number + 1),
        history=shot.history,
        grid=shot.grid,
        data=shot.data,
    )


def with_run(race: RaceSnapshot, number: int, **changes: object) -> RaceSnapshot:
    """The same race with one run as it says."""
    runs = list(race.runs)
    runs[number] = replace(runs[number], **changes)
    return replace(race, runs=tuple(runs))


def with_run_refused(race: RaceSnapshot, number: int, reason: str) -> RaceSnapshot:
    """The same race with a run whose settings are not allowed."""
    variant = replace(race.runs[number].variant, settings=None, reason=reason)
    nan = math.nan
    return with_run(
        race,
        number,
        variant=variant,
        fate=Fate.REFUSED,
        reason=reason,
        epoch=0,
        train_loss=nan,
        test_loss=nan,
        train_accuracy=nan,
        test_accuracy=nan,
        auc=nan,
        reached=None,
        grid=None,
        data=None,
    )
