"""Training from settings to a result, in one call."""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from model.arrays import Array
from model.data.dataset import Dataset
from model.nn.network import Network
from model.training.history import History
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import Failure, Scores, Snapshot, State, View

Metrics = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Result:
    """What training leaves: network, history, metrics, settings, data, and how it ended.

    `metrics["train"]` and `["test"]` hold "loss", "accuracy" (a fraction) and "auc" of the last
    state, NaN where not defined.
    """

    network: Network
    history: History
    metrics: Metrics
    settings: RunSettings
    data: Dataset
    state: State
    failure: Failure | None
    finished_because: str
    snapshot: Snapshot

    def predict_proba(self, X: ArrayLike) -> Array:
        """The outputs for raw features (n_samples, n_features).

        Scaled as the training data were.
        """
        return self.network.predict_proba(self.data.scaled(X))


def train(
    settings: RunSettings | None = None, progress: Callable[[int, int], object] | None = None
) -> Result:
    """Train as `settings` say; `progress(epoch, epochs)` is called about ten times a second.

    Divergence does not raise: `result.state` is then "failed" and `result.failure` says why.
    """
    session = Session(settings)
    session.begin()
    while session.state is State.RUNNING:
        session.advance(0.1)
        if progress is not None:
            progress(session.epoch, session.settings.training.epochs)
    return result_of(session)


def result_of(session: Session, grid: int = 0) -> Result:
    """The session as it stands, as a result.

    `grid` is the fineness of the snapshot's decision grid.
    """
    snapshot = session.snapshot(View(grid=grid, roc=True))
    return Result(
        network=session.network,
        history=session.history,
        metrics={"train": _metrics(snapshot.train), "test": _metrics(snapshot.test)},
        settings=session.settings,
        data=session.data,
        state=session.state,
        failure=session.failure,
        finished_because=session.finished_because,
        snapshot=snapshot,
    )


def _metrics(scores: Scores) -> dict[str, float]:
    auc = float("nan") if scores.auc is None else scores.auc
    return {"loss": scores.loss, "accuracy": scores.accuracy, "auc": auc}
