"""What is looked at beside the training: Taylor view, loss surface, layer health."""

import statistics
import time
from collections.abc import Callable, Iterator

from benchmarks.report import Row
from benchmarks.session_rows import endless_settings
from model.analysis.loss_surface import SurfaceRequest
from model.training.session import Session
from model.training.snapshots import View

ROUNDS = 31


def rows() -> Iterator[Row]:
    """On the lab's network after 400 epochs, a step further each time."""
    session = Session(endless_settings())
    session.run(epochs=400)
    bare = _milliseconds(session, session.snapshot)
    for what, view, most in (
        ("Taylor view of a state", View(taylor=True), 5.0),
        ("Layer health of a state", View(health=True), 2.0),
    ):
        took = _milliseconds(session, lambda view=view: session.snapshot(view)) - bare
        detail = f"the median of {ROUNDS}, beside a snapshot without it in {bare:.1f} ms"
        yield Row(what, took, "ms", most, at_least=False, detail=detail)
    took = _milliseconds(session, lambda: list(session.surface_by_rows(SurfaceRequest())))
    detail = f"the median of {ROUNDS}; gradient and top curvature, with the path"
    yield Row("Loss surface, 31 × 31", took, "ms", 100.0, at_least=False, detail=detail)


def _milliseconds(session: Session, made: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        session.step()
        started = time.perf_counter()
        made()
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)
