"""Makes frozen records of a run for whoever looks at it."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from model.analysis.decision_grid import GridSampler
from model.analysis.health_maker import HealthMaker
from model.analysis.layer_health import Advice, HealthView
from model.analysis.taylor import TaylorView
from model.arrays import Array, frozen
from model.training.debug_views_maker import debug_views
from model.training.metrics import scores
from model.training.run import Run
from model.training.run_landscape import SHARE, RunLandscape
from model.training.share_of_time import ShareOfTime
from model.training.snapshots import (
    DecisionGrid,
    LayerView,
    Probe,
    Scores,
    Snapshot,
    State,
    View,
)

if TYPE_CHECKING:
    from model.training.session import Session


class SnapshotMaker:
    """Keeps what can be used again from one snapshot of a run to the next."""

    def __init__(self, run: Run, clock: Callable[[], float]) -> None:
        """`clock` gives seconds: what takes long is made less often."""
        self._run = run
        self._sampler: GridSampler | None = None
        self._health, self._advice = HealthMaker(run), tuple[Advice, ...]()
        self._share = ShareOfTime(SHARE, clock)
        self.landscape = RunLandscape(run, clock)
        self._end = (-1, -1), math.nan

    def snapshot(self, session: "Session", view: View, since: int) -> Snapshot:
        """The moment as `view` asks for it, with the history from epoch `since` on."""
        run = self._run
        train, test = self.scores(view)
        start = min(since, run.epoch)
        return Snapshot(
            generation=session.generation,
            state=session.state,
            settings=session.settings,
            data=run.data,
            iteration=run.iteration,
            epoch=run.epoch,
            history=run.history.part(start, run.epoch),
            layers=self._layers(),
            threshold=view.threshold,
            train=train,
            test=test,
            gradient_norm=self._gradient_norm(),
            epochs_per_second=session.epochs_per_second,
            grid=self._grid(view),
            probe=self._probe(view),
            failure=session.failure,
            finished_because=session.finished_because,
            **debug_views(session, view),
            future_loss=self._future_loss(),
            opened_weights=session.opened_weights,
            health=self._health_of(session) if view.health else None,
            advice=self._advice if view.health else (),
            taylor=self._taylor(session) if view.taylor else None,
        )

    def scores(self, view: View) -> tuple[Scores, Scores]:
        """Training and test set under the weights of the epoch, those that an iteration found."""
        run = self._run
        row = run.evaluate_epoch()
        batch, m = run.overview.batch, run.batches.n_train
        output, data = batch.every_A[-1][0], run.data
        return (
            scores(output[:m], data.y_train, float(row[0]), view.threshold, view.roc),
            scores(output[m:], data.y_test, float(row[1]), view.threshold, view.roc),
        )

    def _future_loss(self) -> float:
        """The training loss at the last recorded epoch of this path, evaluated once for each."""
        branch, per_epoch = self._run.timeline.branch, self._run.batches.per_epoch
        epoch = branch.furthest // per_epoch
        end = epoch * per_epoch
        if epoch <= self._run.epoch:
            return math.nan
        if epoch < branch.history.epoch:
            return branch.history.loss_of(epoch)
        if branch.events[-1].position >= (end, 0):
            return math.nan
        if self._end[0] != (branch.number, epoch):
            iteration, state = self._run.timeline.nearest(end)
            loss = float(self._run.evaluate_at(state)[0]) if iteration == end else math.nan
            self._end = (branch.number, epoch), loss
        return self._end[1]

    def _health_of(self, session: "Session") -> HealthView | None:
        """None where the run is under way and the last view took long; its advice still holds."""
        if session.state is State.RUNNING and not self._share.due:
            return None
        with self._share.taken():
            health = self._health.view()
        self._advice = health.advice
        return health

    def _taylor(self, session: "Session") -> TaylorView | None:
        return self.landscape.taylor(running=session.state is State.RUNNING)

    def _layers(self) -> tuple[LayerView, ...]:
        """Copies of the parameters and of what the last iteration left."""
        network, grads = self._run.network, self._run.gradients
        made = self._run.iteration > 0
        names = [activation.name for activation in network.architecture.activations]

        def left(arrays: list[Array], i: int) -> Array | None:
            return frozen(arrays[i]) if made else None

        return tuple(
            LayerView(
                name,
                frozen(network.W[i]),
                frozen(network.b[i]),
                left(grads.dW, i),
                left(grads.db, i),
                left(grads.update_W, i),
                left(grads.update_b, i),
            )
            for i, name in enumerate(names)
        )

    def _gradient_norm(self) -> float:
        if self._run.iteration == 0 or self._run.operation:
            # Amid an iteration the vector holds the gradients of two.
            return math.nan
        return float(np.linalg.norm(self._run.gradients.gradient))

    def _grid(self, view: View) -> DecisionGrid | None:
        if not view.grid or self._run.data.X_train.shape[1] != 2:
            return None
        if self._sampler is None or len(self._sampler.x) != view.grid:
            self._sampler = GridSampler(self._run.data, view.grid)
        return self._sampler.grid(self._run.network, view.threshold)

    def _probe(self, view: View) -> Probe | None:
        data = self._run.data
        if view.probe is None or len(view.probe) != data.X_train.shape[1]:
            return None
        x = np.asarray(view.probe, dtype=float)
        activations = tuple(frozen(A[0]) for A in self._run.network.forward(x[None, :]))
        return Probe(
            frozen(x), frozen(data.raw(x)), _label(x, data.both, self._classes()), activations
        )

    def _classes(self) -> Array:
        return np.concatenate([self._run.data.y_train, self._run.data.y_test])


def _label(x: Array, samples: Array, classes: Array) -> int | None:
    """The class of the sample that lies exactly at x."""
    same = np.flatnonzero((samples == x).all(axis=1))
    return int(classes[same[0]]) if len(same) else None
