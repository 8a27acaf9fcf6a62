"""A run on its way: forward by operations and iterations, to whatever stops it, and back."""

from contextlib import AbstractContextManager
from dataclasses import replace

from model.training.boundaries import Position
from model.training.breakpoints import Breakpoints, Stop
from model.training.failures import grown
from model.training.finite_watch import FiniteWatch
from model.training.run import Run
from model.training.settings import TrainingSettings
from model.training.snapshots import State
from model.training.standing import Standing
from model.training.stop_rules import StopRules, converged_words, reached_words


class Walk:
    """Moves one run; every movement gives the standing that it ended in, None where it goes on."""

    def __init__(self, run: Run, training: TrainingSettings, breakpoints: Breakpoints) -> None:
        self._run, self._breakpoints = run, breakpoints
        self._finite = FiniteWatch(run)
        self.follow(training)

    def follow(self, training: TrainingSettings) -> None:
        """Keep to these stop rules from here on."""
        self._training, self._rules = training, StopRules(training)

    def arithmetic(self) -> AbstractContextManager[None]:
        """Around every movement: what overflows is noted instead of warned of."""
        return self._finite.arithmetic()

    @property
    def converged(self) -> bool:
        """Whether the loss has been flat for long enough; the path walked here alone decides."""
        self._look_at_losses()
        return self._rules.converged(self._run.epoch - 1)

    def iterate(self) -> Standing | None:
        """Complete the iteration under way."""
        run = self._run
        done, recorded = run.operation, run.timeline.branch.furthest
        run.iterate()
        broken = self._finite.broken()
        if broken is not None:
            return self._failed(done, recorded, broken)
        return self._stopped(done, recorded) or self._grown()

    def run_on(self, goal: int, insisting: bool) -> Standing | None:
        """As `iterate`, and end where `due` says so."""
        return self.iterate() or (self._due(goal, insisting) if self._between_epochs else None)

    def due(self, goal: int, insisting: bool) -> Standing | None:
        """Where a rule or `goal`, in epochs, ends the run here.

        One who is `insisting` has asked for more epochs of a run that has converged already.
        """
        self._look_at_losses()
        return self._due(goal, insisting)

    def _due(self, goal: int, insisting: bool) -> Standing | None:
        """As `due`, where the losses have been looked at."""
        training, epoch = self._training, self._run.epoch
        if not insisting and self._rules.converged(epoch - 1):
            return Standing(State.FINISHED, finished_because=converged_words(epoch, training))
        return (self.end() or Standing(State.PAUSED)) if epoch >= goal else None

    def end(self) -> Standing | None:
        """A run at the end of its last epoch, or of one beyond it, is finished."""
        epoch, epochs = self._run.epoch, self._training.epochs
        if epoch < epochs or self.amid_epoch:
            return None
        beyond = epoch - epochs
        because = reached_words(epochs)
        if beyond:
            because = f"{beyond} epoch{'s' * (beyond > 1)} beyond the {epochs} asked for"
        return Standing(State.FINISHED, finished_because=because)

    def operate_until(self, operation: int) -> Standing | None:
        """On until so many operations of the iteration under way are done."""
        run = self._run
        stop = self._stop_within(operation) if self._breakpoints.active else None
        end = operation if stop is None else stop.position[1]
        while run.operation < end:
            made = run.operate()
            failed = self._finite.after(made)
            if failed is not None:
                hit = stop.hit if stop and stop.operation == made.index else None
                return replace(failed, hit=hit)
        return None if stop is None else Standing(State.PAUSED, hit=stop.hit)

    def return_to(self, position: Position) -> None:
        """Stand where the run has been; what held there does not become true once more."""
        run, (iteration, operation) = self._run, position
        run.go_to(iteration)
        if iteration and self._breakpoints.active:
            per_epoch = run.batches.per_epoch
            self._breakpoints.arm(run.lookup, iteration - 1, per_epoch, run.history)
        for _ in range(operation):
            run.operate()

    @property
    def amid_epoch(self) -> bool:
        """Whether an epoch has been begun and is not complete."""
        return bool(self._run.operation) or not self._between_epochs

    @property
    def _between_epochs(self) -> bool:
        return self._run.iteration % self._run.batches.per_epoch == 0

    def _look_at_losses(self) -> None:
        run = self._run
        self._rules.look(run.history, run.epoch, run.epochs_unchanged)

    def _grown(self) -> Standing | None:
        if not self._between_epochs:
            return None
        self._look_at_losses()
        run = self._run
        if not self._rules.grown(run.epoch - 1):
            return None
        return Standing(State.FAILED, grown(run.epoch, run.rate_ahead))

    def _failed(self, done: int, recorded: int, broken: int) -> Standing:
        """The failure of the iteration just made, which `broken` has spoilt and which is forgotten.

        A breakpoint before that pauses the run there; one that is met by it has the run stand right
        behind it instead of before the iteration.
        """
        run = self._run
        stop = self._stop(done, broken + 1, broken) if self._breakpoints.active else None
        if stop is not None and stop.operation < broken:
            self._take_back(stop.position[1], recorded)
            return Standing(State.PAUSED, hit=stop.hit)
        failed = self._finite.failed(broken, run.iteration - 1)
        if stop is None:
            run.abandon_last()
            return failed
        self._take_back((broken + 1) % len(run.program), recorded)
        return replace(failed, hit=stop.hit)

    def _stopped(self, done: int, recorded: int) -> Standing | None:
        """Where a breakpoint was met in the iteration just made, from operation `done` on.

        The run then stands right behind the operation that met it.
        """
        if not self._breakpoints.active:
            return None
        stop = self._stop(done)
        if stop is None:
            return None
        if stop.position < self._run.position:
            self._take_back(stop.position[1], recorded)
        return Standing(State.PAUSED, hit=stop.hit)

    def _stop_within(self, operation: int) -> Stop | None:
        """The first stop among the operations up to `operation`.

        Conditions can be told only of a complete iteration, so it is made and taken back.
        """
        run = self._run
        done, recorded = run.operation, run.timeline.branch.furthest
        run.iterate()
        broken = self._finite.broken()
        until = operation if broken is None else min(operation, broken + 1)
        stop = self._stop(done, until, broken)
        self._take_back(done, recorded)
        return stop

    def _stop(self, done: int, until: int | None = None, broken: int | None = None) -> Stop | None:
        run = self._run
        per_epoch = run.batches.per_epoch
        return self._breakpoints.check(
            run.lookup, run.iteration - 1, per_epoch, run.history, done, until, broken
        )

    def _take_back(self, operation: int, recorded: int) -> None:
        """Back into the last iteration, as if the rest of it had never been made.

        It stays on record where it was `recorded` before.
        """
        run = self._run
        if recorded >= run.iteration:
            run.go_to(run.iteration - 1, operation)
            return
        run.abandon_last()
        for _ in range(operation):
            run.operate()
