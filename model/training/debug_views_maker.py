"""Makes the debugger's part of a snapshot from a session."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from model.analysis.expanding import expanded
from model.analysis.expansion import Element, Expansion
from model.arrays import Indices, frozen
from model.errors import BackscopeError, StateError
from model.nn.operations import Phase, TensorName
from model.training.batches import OF_SAMPLES
from model.training.debug_views import BranchView, TensorView
from model.training.history_part import HistoryPart
from model.training.overtaking import overtaking, parameters_seen
from model.training.run import Run
from model.training.snapshots import View

if TYPE_CHECKING:
    from model.training.session import Session

PARAMETERS = ("W", "b")

LOSS_OF_DIGITS = 1e-4
"""Relative difference that single precision may leave between a sum and its terms."""


def debug_views(session: "Session", view: View) -> dict[str, Any]:
    """The fields of a snapshot that a debugger looks at."""
    run = session.current_run
    return {
        "operation": run.operation,
        "program": run.program,
        "tensors": tuple(filter(None, (tensor_view(run, name) for name in view.tensors))),
        "expansion": None if view.element is None else expansion(run, view.element),
        "branch": run.timeline.branch.number,
        "branches": (*_branches(run), *session.left_runs.views()),
        "future": _future(run),
        "breakpoints": session.breakpoints.views(),
        "hit": session.hit,
        "diagnosis": session.diagnosis,
        "frozen_layers": tuple(sorted(run.frozen)),
        "undo": session.undoable,
        "samples": run.batches.samples(_batch_in_sight(run)),
    }


def tensor_view(run: Run, name: TensorName) -> TensorView | None:
    """A tensor as it stands; None where it has never been computed, or this network has none."""
    try:
        array = run.tensor(name)
    except StateError:
        return None
    made = run.made_in(name)
    before = run.found(name) if name.name in PARAMETERS and made is not None else None
    changed_now = made == run.iteration or run.operation == 0
    return TensorView(
        name,
        frozen(np.atleast_2d(array)),
        made,
        frozen(before) if before is not None and changed_now else None,
        _samples(run, name, made),
    )


def _samples(run: Run, name: TensorName, made: int | None) -> Indices | None:
    if name.name not in OF_SAMPLES:
        return None
    return run.batches.samples(_batch_in_sight(run) if made is None else made)


def _batch_in_sight(run: Run) -> int:
    """The iteration whose batch the buffers hold: that under way, or else the last one."""
    return run.iteration if run.operation else max(run.iteration - 1, 0)


def expansion(run: Run, element: Element) -> Expansion | None:
    """An element with its terms, where what it was made from still stands beside it.

    Where that was changed meanwhile, it says by which change.
    """
    made = run.made_in(element.tensor)
    here = run.iteration if run.operation else run.iteration - 1
    if made is None or made != here:
        return None
    first_update = next(o.index for o in run.program if o.phase is Phase.UPDATE)
    updated = run.operation == 0 or run.operation > first_update
    rate = 0.0 if element.tensor.layer in run.frozen else float(run.learning_rate)
    architecture, events = run.network.architecture, run.timeline.branch.events
    at = next((o.index for o in run.program if o.result == element.tensor), 0)
    try:
        made_of = expanded(
            run.lookup,
            architecture,
            run.optimizer,
            element,
            learning_rate=rate,
            before=parameters_seen(run.found, events, (here, at)) if updated else None,
        )
    except BackscopeError:
        # The element was chosen in another network: there is nothing to show of it in this one.
        return None
    if _adds_up(made_of):
        return made_of
    return replace(made_of, overtaken=overtaking(events, made_of, run.position))


def _adds_up(made_of: Expansion) -> bool:
    """Whether the numbers still give the one in the table; they do not once it was edited."""
    parts = [*(term.value for term in made_of.terms), made_of.rest]
    if not all(map(math.isfinite, (*parts, made_of.value))):
        return True
    size = max(map(abs, parts))
    return math.isclose(sum(parts), made_of.value, rel_tol=LOSS_OF_DIGITS, abs_tol=1e-9 * size)


def _future(run: Run) -> HistoryPart | None:
    """The recorded epochs of the present branch after the present one."""
    last = run.timeline.branch.furthest // run.batches.per_epoch
    if last <= run.epoch:
        return None
    return run.history.part(run.epoch, min(last, run.history.epoch))


def _branches(run: Run) -> tuple[BranchView, ...]:
    """Every branch but the present one, with what it recorded on its own."""
    return tuple(
        BranchView(
            branch.number,
            branch.name,
            None if branch.parent is None else branch.parent.number,
            fork := branch.fork[0] // run.batches.per_epoch,
            branch.history.part(fork, branch.history.epoch),
        )
        for branch in run.timeline.branches.values()
        if branch is not run.timeline.branch
    )
