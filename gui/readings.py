"""A snapshot in words: the few numbers of the status bar, most important first."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gui.next_stop import kind_of_stop, next_stop
from gui.widgets.numerals import NARROW_SPACE, grouped, rounded, with_groups
from gui.widgets.ticks import number
from model.training.snapshots import Snapshot, State

STATE_WORDS: Final = {
    State.IDLE: "Ready",
    State.RUNNING: "Running",
    State.PAUSED: "Paused",
    State.FINISHED: "Finished",
    State.FAILED: "Failed",
}


@dataclass(frozen=True)
class Reading:
    """One number with the words round it; of two, the one with the lower `rank` stays longer."""

    before: str
    value: str
    after: str = ""
    tip: str = ""
    rank: int = 0

    @property
    def plain(self) -> str:
        """The whole as one piece of text."""
        return " ".join(part for part in (self.before, self.value, self.after) if part)


@dataclass(frozen=True)
class Standing:
    """What the status line says: a word for the state, numbers, why it is so, where it began."""

    state: State
    word: str
    readings: tuple[Reading, ...]
    explanation: str
    origin: str


@dataclass(frozen=True)
class _Source:
    before: str
    read: Callable[[Snapshot], str]
    tip: str
    rank: int
    after: Callable[[Snapshot], str] = lambda snapshot: ""


def standing(snapshot: Snapshot) -> Standing:
    """What the status line says of a session."""
    return Standing(
        snapshot.state,
        STATE_WORDS[snapshot.state],
        readings(snapshot),
        explanation(snapshot),
        origin(snapshot),
    )


def readings(snapshot: Snapshot) -> tuple[Reading, ...]:
    """What is known in this state, in the order of the status bar."""
    found = ((source, source.read(snapshot)) for source in _SOURCES)
    return tuple(
        Reading(source.before, value, source.after(snapshot), source.tip, source.rank)
        for source, value in found
        if value
    )


def explanation(snapshot: Snapshot) -> str:
    """Why the run stands where it does; empty while there is nothing to explain."""
    if snapshot.state == State.FAILED and snapshot.failure is not None:
        failure = snapshot.failure
        hint = f"; {failure.hint}" if failure.hint else ""
        return f"at epoch {grouped(failure.epoch)}: {failure.reason}{hint}"
    if snapshot.state == State.FINISHED:
        return with_groups(snapshot.finished_because)
    if snapshot.hit is not None:
        value = f": {snapshot.hit.value}" if snapshot.hit.value else ""
        return f"stopped at {snapshot.hit.text}{value}"
    if snapshot.future is not None and snapshot.state != State.RUNNING:
        last = snapshot.future.start + len(snapshot.future.rows)
        return f"the past: recorded up to epoch {grouped(last)}"
    if snapshot.advice:
        return f"⚠ {snapshot.advice[0].summary}; see Layer health in Debug"
    return "press Space to train" if snapshot.state == State.IDLE else ""


def origin(snapshot: Snapshot) -> str:
    """What the run can be repeated from."""
    network = snapshot.settings.network
    first = "opened weights" if snapshot.opened_weights else f"seed {network.seed}"
    return f"{first} · {network.dtype}"


def percent(share: float) -> str:
    """A share as a percentage with one digit: 89.0 %."""
    return "not defined" if math.isnan(share) else f"{100 * share:.1f}{NARROW_SPACE}%"


def _auc(snapshot: Snapshot) -> str:
    auc = snapshot.test.auc
    if auc is None:
        return ""
    return "not defined" if math.isnan(auc) else f"{auc:.3f}"


def _batches(snapshot: Snapshot) -> int:
    """Mini-batches in an epoch."""
    whole = len(snapshot.data.X_train)
    size = snapshot.settings.training.batch_size or whole
    return max(1, -(-whole // size))


def _speed(snapshot: Snapshot) -> str:
    speed = snapshot.epochs_per_second
    if not speed > 0:
        return ""
    return grouped(speed) if speed >= 10 else f"{speed:.1f}"


_SOURCES: Final = (
    _Source("epoch", lambda s: grouped(s.epoch), "Updates of a whole pass over the data.", 2),
    _Source(
        "iteration",
        lambda s: grouped(s.iteration) if _batches(s) > 1 else "",
        "Updates made, one for each mini-batch.",
        2,
        lambda s: (
            f"(batch {s.iteration % _batches(s) + 1} of {_batches(s)} next)"
            if not s.operation
            else f"(batch {s.iteration % _batches(s) + 1} of {_batches(s)})"
        ),
    ),
    _Source(
        "operation",
        lambda s: f"{s.operation} / {len(s.program)}" if s.operation else "",
        "Operations done of the iteration under way.",
        2,
    ),
    _Source("loss", lambda s: number(s.train.loss), "Loss J on the training set.", 1),
    _Source(
        "next stop",
        next_stop,
        "Where Run and the steps over it stop next.",
        3,
        kind_of_stop,
    ),
    _Source(
        "test accuracy",
        lambda s: percent(s.test.accuracy),
        "Share of the test set on the right side of the threshold.",
        4,
    ),
    _Source("AUC", _auc, "Area under the ROC curve of the test set.", 6),
    _Source(
        "‖∇J‖",
        lambda s: "" if s.operation or not s.iteration else rounded(s.gradient_norm, 3),
        "Length of the gradient of all W and b in the last step.",
        7,
    ),
    _Source("", _speed, "Speed of the training.", 5, lambda s: "epochs/s"),
)
