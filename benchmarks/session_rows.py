"""The session without a window: its speed beside the plain code, and its way back in time."""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks import plain_lab
from benchmarks.engine_rows import RATE, lab_data
from benchmarks.environment import threads
from benchmarks.report import Row, ratio_row
from benchmarks.rounds import compare
from model.training.events import SetLearningRate
from model.training.session import Session
from model.training.settings import RunSettings

ENDLESS = 100_000_000
EPOCHS = 100_000
JUMPS = 60
BRANCHES = 4


def rows(quick: bool) -> Iterator[Row]:
    """Each as soon as it is measured."""
    with threads(1):
        yield _beside_plain()
        yield from _through_time(EPOCHS // 10 if quick else EPOCHS)


def endless_settings() -> RunSettings:
    """The lab's settings for a run that does not end by itself."""
    settings = RunSettings()
    training = settings.training.model_copy(update={"epochs": ENDLESS})
    return settings.model_copy(update={"training": training})


def _beside_plain() -> Row:
    """The session records both losses and both accuracies, the plain code its training loss."""
    X, Y = lab_data()
    parameters = plain_lab.initialize(plain_lab.LAYERS, seed=0)

    def plain(count: int) -> None:
        plain_lab.train(X.T, Y.T, parameters, RATE, count)

    comparison = compare(Session(endless_settings()).run, plain)
    what = "Session.run with four columns of history"
    return ratio_row(what, comparison, 1.5, "epochs/s", "plain NumPy, training loss only")


def _through_time(epochs: int) -> Iterator[Row]:
    """Far along one path, then with others beside it."""
    session = Session(endless_settings())
    session.run(epochs)
    yield _anywhere(session, epochs)
    yield _branches(session, epochs)


def _anywhere(session: Session, epochs: int) -> Row:
    """Jumps to places drawn at random, and steps back from there; the slowest counts."""
    places = np.random.default_rng(0).integers(1, epochs, JUMPS).tolist()
    jumps = [_milliseconds(session.go_to, place) for place in places]
    backs = [_milliseconds(session.back, kind) for kind in ("iteration", "operation") * 10]
    detail = (
        f"the slowest of {JUMPS} jumps, median {statistics.median(jumps):.1f} ms;"
        f" the slowest of {len(backs)} steps back {max(backs):.1f} ms"
    )
    what = f"Go anywhere in a run of {epochs:,} epochs"
    return Row(what, max(jumps + backs), "ms", 100, at_least=False, detail=detail)


def _branches(session: Session, epochs: int) -> Row:
    """Leaves the path at places spread over it; what is kept of all counts together."""
    for number in range(BRANCHES):
        session.go_to(epochs * (number + 1) // (BRANCHES + 1), branch=0)
        session.intervene(SetLearningRate(RATE / 2))
        session.run(epochs // 10)
    timeline, draw = session.current_run.timeline, np.random.default_rng(1)
    jumps = []
    for number in draw.permutation(sorted(timeline.branches) * JUMPS)[:JUMPS].tolist():
        place = int(draw.integers(1, timeline.find(number).furthest))
        jumps.append(_milliseconds(session.go_to, place, 0, number))
    detail = (
        f"{len(timeline):,} states kept; the slowest of {JUMPS} jumps from branch to branch"
        f" {max(jumps):.1f} ms, median {statistics.median(jumps):.1f} ms"
    )
    what = f"Timeline of that run with {BRANCHES} branches"
    budget = session.settings.training.timeline_memory
    return Row(what, timeline.bytes / 2**20, "MB", budget, at_least=False, detail=detail)


def _milliseconds(call: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    call(*arguments)
    return 1000 * (time.perf_counter() - started)
