"""Notices the first number of a run that is not finite, and says how it arose."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from model.analysis.failure_causes import Edit
from model.analysis.forensics import diagnose
from model.nn.operations import Operation, TensorName
from model.training.batches import OF_SAMPLES
from model.training.debug_views import Diagnosis
from model.training.events import SetElement, SetLayer
from model.training.failures import nonfinite
from model.training.run import Run
from model.training.snapshots import Failure, State
from model.training.standing import Standing


class FiniteWatch:
    """Looks where the processor has raised a flag, or where loss and weights are not finite."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._flagged = False

    @contextmanager
    def arithmetic(self) -> Iterator[None]:
        """No warnings: an overflow or an invalid operation is noted.

        And looked into after the iteration.
        """
        with np.errstate(all="ignore", over="call", invalid="call", call=self._note):
            yield

    def broken(self) -> int | None:
        """The first operation that has made such a number in the iteration just complete."""
        if not self._flagged and self._run.finite:
            return None
        self._flagged = False
        tensor = self._run.first_nonfinite()
        return next((o.index for o in self._run.program if o.result == tensor), None)

    def after(self, operation: Operation) -> Standing | None:
        """A failure where an operation amid an iteration has just made such a number."""
        run, tensor = self._run, operation.result
        if np.isfinite(run.lookup(tensor)).all() or tensor == run.overflowing:
            return None
        return self.failed(operation.index, run.iteration)

    def failed(self, operation: int, iteration: int) -> Standing:
        """The failure of an iteration that broke there; whether it was completed or not."""
        run = self._run
        failure = self._failure(run.program[operation].result, iteration // run.batches.per_epoch)
        return Standing(State.FAILED, failure, self._diagnosis(iteration))

    def _failure(self, tensor: TensorName, epoch: int) -> Failure:
        run = self._run
        edit, rate = _largest_edit(run), float(run.learning_rate)
        edited = edit.title if edit is not None and edit.outweighs(rate) else ""
        return nonfinite(epoch, tensor, rate, edited)

    def _diagnosis(self, iteration: int) -> Diagnosis | None:
        run = self._run
        fused, rate = run.network.architecture.fused, float(run.learning_rate)
        edit = _largest_edit(run)
        found = diagnose(run.program, run.lookup, run.found, fused, iteration, rate, edit)
        return found and replace(found, sample=self._sample_of(found, iteration))

    def _sample_of(self, found: Diagnosis, iteration: int) -> int | None:
        samples = self._run.batches.samples(iteration)
        if samples is None or found.operation.result.name not in OF_SAMPLES:
            return None
        return int(samples[found.element[1]])

    def _note(self, kind: str, flag: int) -> None:
        self._flagged = True


def _largest_edit(run: Run) -> Edit | None:
    return max(_edits(run), key=lambda edit: edit.size, default=None)


def _edits(run: Run) -> Iterator[Edit]:
    """The weights that were changed by hand on the way here."""
    for event in run.timeline.branch.events:
        change = event.change
        if event.position > run.position:
            continue
        if isinstance(change, SetElement):
            yield Edit(change.title, abs(change.value))
        elif isinstance(change, SetLayer):
            yield Edit(change.title, float(max(np.abs(change.W).max(), np.abs(change.b).max())))
