"""The session: the one owner of a run, driven by commands from a table of transitions."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from model.analysis.forensics import diagnose
from model.arrays import Array
from model.data.dataset import Dataset
from model.data.preparation import prepared
from model.errors import StateError
from model.nn.network import Network
from model.nn.operations import Operation, TensorName
from model.training.boundaries import Position, back_target, count_of, step_target
from model.training.breakpoints import Breakpoints
from model.training.changes import same_run, settings_for
from model.training.conditions import Condition
from model.training.debug_views import Diagnosis, Hit
from model.training.edits import Edits
from model.training.events import Change, SetLearningRate
from model.training.failures import grown, nonfinite
from model.training.history import History
from model.training.interventions import layer_change, set_element
from model.training.left_runs import FIRST_NUMBER, LeftRuns, room
from model.training.run import Run
from model.training.settings import RunSettings
from model.training.snapshot_maker import SnapshotMaker
from model.training.snapshots import Failure, Snapshot, State, View
from model.training.speed import SpeedMeter
from model.training.stop_rules import StopRules
from model.training.transitions import Command, after


class Session:
    """A run with its commands, without a window: the object that the window drives.

    `clock` gives seconds and is read once a slice and epoch.
    """

    def __init__(
        self,
        settings: RunSettings | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._settings = settings or RunSettings()
        self._clock = clock
        self._state = State.IDLE
        self.generation = 0
        self.failure: Failure | None = None
        self.finished_because = ""
        self._flags = False
        self.breakpoints = Breakpoints()
        self.left_runs = LeftRuns()
        self._watching = False
        self.hit: Hit | None = None
        self.diagnosis: Diagnosis | None = None
        self._target: int | None = None
        self._start(prepared(self._settings.data))

    @property
    def state(self) -> State:
        """ "idle", "running", "paused", "finished" or "failed"."""
        return self._state

    @property
    def settings(self) -> RunSettings:
        """The settings in force here: before a change of learning rate, the rate before it."""
        rate = self._run.rate_ahead
        if rate == self._settings.training.learning_rate:
            return self._settings
        training = self._settings.training.model_copy(update={"learning_rate": rate})
        return self._settings.model_copy(update={"training": training})

    @property
    def data(self) -> Dataset:
        """The prepared data."""
        return self._run.data

    @property
    def network(self) -> Network:
        """A copy of the network as it stands."""
        return self._run.network.copy()

    @property
    def epoch(self) -> int:
        """Complete epochs."""
        return self._run.epoch

    @property
    def iteration(self) -> int:
        """Complete iterations, one update each."""
        return self._run.iteration

    @property
    def operation(self) -> int:
        """Operations done of the iteration that is under way, 0 between two."""
        return self._run.operation

    @property
    def history(self) -> History:
        """The recorded epochs up to the present one."""
        return self._run.history.until(self.epoch)

    def tensor(self, name: str, layer: int = 0) -> Array:
        """A copy of a tensor as it stands at this point.

        `name` is ASCII: X, Y, J; W, b, Z, A, dA, dZ, dW, db, update_W, update_b with a layer from
        1. Raises `StateError` where there is no such tensor or it has never been computed.
        """
        return self._run.tensor(TensorName(name, layer)).copy()

    def run(self, epochs: int | None = None) -> None:
        """Train to the settings' number of epochs, or `epochs` more; returns when the run stops."""
        if epochs is None and self._state is State.FINISHED:
            return
        self.begin(epochs)
        while self._state is State.RUNNING:
            self.advance(1.0)

    def begin(self, epochs: int | None = None) -> None:
        """Start running; `advance` then does the work."""
        if epochs is not None:
            epochs = count_of(epochs, "epochs")
        if self._state is State.FINISHED:
            self._resume_rules(self.epoch)
        self._transit(Command.RUN if epochs is None else Command.RUN_ON)
        self._speed = SpeedMeter()
        self._speed.note(self._clock(), self.epoch)
        self._target = None if epochs is None else self.epoch + epochs
        self._stop_if_due()

    def advance(self, seconds: float, epochs: int | None = None) -> None:
        """Train for about `seconds`, or at most `epochs`, while running; does nothing otherwise."""
        clock, started, first = self._clock, self._clock(), self.epoch
        last = None if epochs is None else first + epochs
        with self._arithmetic(), self._whole_on_interrupt():
            while self._state is State.RUNNING:
                self._iterate()
                if clock() - started >= seconds or self.epoch == last:
                    break
        self._speed.note(clock(), self.epoch)

    def pause(self) -> None:
        """Stop after the present iteration."""
        self._transit(Command.PAUSE)

    def step(self, kind: str = "iteration", count: int = 1) -> None:
        """Go on to the next boundary of `kind`: operation, layer, phase, iteration or epoch."""
        target = self._target_of(step_target, kind, count)
        self._transit(Command.STEP)
        self._walk(target)

    def back(self, kind: str = "iteration", count: int = 1) -> None:
        """Go back to the previous boundary of `kind`; `StateError` at the beginning."""
        target = self._target_of(back_target, kind, count)
        self._transit(Command.BACK)
        self._return(target)

    def go_to(self, iteration: int, operation: int = 0, branch: int | None = None) -> None:
        """Stand after `iteration` updates and `operation` operations of the next.

        In the past or ahead, on the present branch or another; an iteration that a branch has not
        reached is walked to.
        """
        operations = len(self._run.program)
        iteration, operation = count_of(iteration, "iteration"), count_of(operation, "operation")
        if operation >= operations:
            raise StateError(
                f"There is no operation {operation} of iteration {iteration}",
                f"iterations count from 0, operations from 0 to {operations - 1}",
            )
        timeline = self._run.timeline
        other = branch is not None and timeline.find(branch) is not timeline.branch
        self._transit(Command.GO_TO)
        if branch is not None:
            timeline.choose(branch)
        known = min(iteration, timeline.branch.furthest)
        if other or (iteration, operation) < self._position or known > self.iteration:
            self._return((known, operation if known == iteration else 0))
        if self._state is not State.FAILED:
            self._walk((iteration, operation))

    def go_to_epoch(self, epoch: int) -> None:
        """Stand after `epoch` epochs on the present branch."""
        self.go_to(count_of(epoch, "epoch") * self._run.batches.per_epoch)

    def choose_branch(self, number: int) -> None:
        """Stand where a branch was last left off, in another run too; `StateError` for none."""
        if number >= FIRST_NUMBER:
            number = self._return_to_run(number)
        self.go_to(self._run.timeline.find(number).furthest, branch=number)

    def reset(self) -> None:
        """Back to the first weights of the same seed, bit for bit.

        What was recorded is forgotten.
        """
        self._transit(Command.RESET)
        self._settings = self.settings
        self._start(self._run.data, self._first)

    def edit(self, settings: RunSettings) -> None:
        """Take on other settings: in the same run where `changes.LIVE` allows, else in another.

        A run from the beginning goes on running if this one did. Data that cannot be made are
        refused and nothing is changed.
        """
        if same_run(self._settings, settings):
            self._transit(Command.EDIT)
            self._change(settings)
            return
        same = settings.data == self._settings.data
        data = self._run.data if same else prepared(settings.data)
        self._transit(Command.EDIT)
        running = self._state is State.RUNNING
        kept = settings.network == self._settings.network
        self._leave(settings)
        self._settings = settings
        self._start(data, self._first if kept else None)
        self._state = State.RUNNING if running else State.IDLE

    def intervene(self, change: Change) -> None:
        """Change weights, or freeze a layer, at this point; see `model.training.interventions`.

        A recorded future stays as a branch, and running on from here walks another.
        """
        self._transit(Command.INTERVENE)
        self._edits.make(change)
        self._resume_rules(self.epoch)
        self._settle()

    def set_element(self, tensor: TensorName, row: int, column: int, value: float) -> None:
        """Set one weight or bias, row and column from 0; `ArrayError` where it cannot be."""
        name, layer = tensor
        self.intervene(set_element(self._run.network, name, layer, row, column, value))

    def change_layer(self, wish: str, layer: int) -> None:
        """One of `model.training.interventions.LAYER_WISHES` for a layer, counted from 1."""
        self._redrawn += wish == "redraw"
        seed = self.settings.network.seed + self._redrawn
        network = self._run.network
        self.intervene(layer_change(wish, network, self.settings.network, layer, seed))

    @property
    def undoable(self) -> str:
        """What `undo` would take back; empty where there is nothing."""
        return self._edits.last

    def undo(self) -> None:
        """Take back the last change of weights or learning rate and stand where it was made."""
        after(self._state, Command.UNDO)
        if not self._edits.last:
            raise StateError("There is nothing to undo", "change a weight or the learning rate")
        self._transit(Command.UNDO)
        with self._arithmetic():
            self._edits.undo()
        self._resume_rules(self.epoch)
        self._settle()

    def add_breakpoint(self, condition: Condition) -> int:
        """Stop where a condition becomes true; its number. `SettingsError` if it does not fit."""
        number = self.breakpoints.add(condition)
        self._watching = self.breakpoints.active
        return number

    def toggle_breakpoint(self, operation: int) -> None:
        """Stop after an operation of the program, or no longer."""
        self.breakpoints.toggle_operation(operation)
        self._watching = self.breakpoints.active

    def enable_breakpoint(self, number: int, enabled: bool) -> None:
        """Let a breakpoint stop the run, or not."""
        self.breakpoints.set_enabled(number, enabled)
        self._watching = self.breakpoints.active

    def remove_breakpoint(self, number: int) -> None:
        """Forget a breakpoint."""
        self.breakpoints.remove(number)
        self._watching = self.breakpoints.active

    def delete_branch(self, number: int) -> None:
        """Forget a recorded future, or another run; `StateError` for the present one."""
        if number >= FIRST_NUMBER:
            self.left_runs.take(number)
        else:
            self._run.timeline.delete(number)

    def load_parameters(self, network: Network) -> None:
        """Start from these weights instead of drawn ones, with their layers, activations and loss.

        `ArrayError` where they do not fit the data, `SettingsError` where a setting forbids them;
        nothing is changed then.
        """
        settings = settings_for(network, self.settings)
        Run(settings, self._run.data, network)
        self._transit(Command.RESET)
        self._leave(settings)
        self._settings = settings
        self._start(self._run.data, network.copy())

    def snapshot(self, view: View | None = None, since: int = 0) -> Snapshot:
        """A frozen record of this moment with the history's rows from epoch `since` on."""
        with self._arithmetic():
            return self._maker.snapshot(self, view or View(), since)

    @property
    def opened_weights(self) -> bool:
        """Whether the run started from other weights than its seed draws."""
        return self._first is not None

    @property
    def current_run(self) -> Run:
        """The run under way; for whoever makes pictures of it, in this thread."""
        return self._run

    @property
    def epochs_per_second(self) -> float:
        """Speed of late; 0 where nothing runs."""
        return self._speed.speed if self._state is State.RUNNING else 0.0

    @property
    def _position(self) -> Position:
        return self._run.position

    def _target_of(self, boundary: Callable[..., Position], kind: str, count: int) -> Position:
        """The position `count` boundaries of a kind away."""
        run, position = self._run, self._position
        for _ in range(count):
            position = boundary(kind, position, run.program, run.batches.per_epoch)
        return position

    @property
    def _goal(self) -> int:
        return self._settings.training.epochs if self._target is None else self._target

    def _start(self, data: Dataset, first: Network | None = None) -> None:
        run = Run(self._settings, data, first, room(self._settings))
        self._use(run, Edits(run), first)

    def _leave(self, to: RunSettings) -> None:
        """Keep the present run beside the one that comes with the settings `to`."""
        self.left_runs.leave(self.settings, self._run, self._edits, self._first, to)

    def _return_to_run(self, number: int) -> int:
        """Take up a run that was left; the branch's number within it."""
        after(self._state, Command.GO_TO)
        left = self.left_runs.take(number)
        self._leave(left.settings)
        self._settings = left.settings
        self._use(left.run, left.edits, left.first)
        self._state = State.PAUSED
        return number - left.base

    def _use(self, run: Run, edits: Edits, first: Network | None) -> None:
        """Make a run the present one."""
        self._run, self._edits, self._first = run, edits, first
        self._maker = SnapshotMaker(run)
        self._redrawn = 0
        self.breakpoints.use(self._run.program)
        self._watching = self.breakpoints.active
        self._rules = StopRules(self._settings.training)
        self._target = None
        self._speed = SpeedMeter()
        self.failure, self.finished_because = None, ""
        self.generation += 1

    def _change(self, settings: RunSettings) -> None:
        """Live settings; the loss may start another life.

        So rising and flat epochs count from here.
        """
        rate = settings.training.learning_rate
        if rate != self._run.rate_ahead:
            self._edits.make(SetLearningRate(rate), at_once=False)
        self._settings = settings
        self._rules = StopRules(settings.training)
        self._resume_rules(self.epoch)
        self._settle()

    def _resume_rules(self, since: int) -> None:
        """Count rising and flat epochs from `since` on."""
        self._rules.resume(self.history.loss, since)

    def _transit(self, command: Command) -> None:
        self._state = after(self._state, command)
        self.failure, self.finished_because = None, ""
        self.hit = self.diagnosis = None

    def _walk(self, target: tuple[int, int]) -> None:
        """Forward to a position, computing; ends early where the run diverges."""
        with self._arithmetic(), self._whole_on_interrupt():
            while self._position < target and self._state is not State.FAILED and not self.hit:
                if self.iteration < target[0]:
                    self._iterate()
                else:
                    self._look_at(self._run.operate())
        self._settle()

    def _return(self, target: tuple[int, int]) -> None:
        """To a position that was recorded."""
        with self._arithmetic():
            self._run.go_to(*target)
        self._resume_rules(-(-self._run.last_change // self._run.batches.per_epoch))
        self._settle()

    def _iterate(self) -> None:
        run = self._run
        done = run.operation
        run.iterate()
        if self._flags or not run.finite:
            self._look_for_nonfinite()
        if self._watching and self._state is not State.FAILED and self._stopped(done):
            return
        if run.iteration % run.batches.per_epoch == 0 and self._state is not State.FAILED:
            self._end_epoch()

    def _stopped(self, done: int) -> bool:
        """Whether a breakpoint was met in the iteration just made, from operation `done` on.

        The session then stands right behind the operation that met it.
        """
        run = self._run
        stop = self.breakpoints.check(
            run.lookup, run.iteration - 1, run.batches.per_epoch, run.history, done
        )
        if stop is None:
            return False
        if stop.position < run.position:
            run.go_to(*stop.position)
        self._state, self.hit = State.PAUSED, stop.hit
        return True

    def _end_epoch(self) -> None:
        last = self.epoch - 1
        self._rules.observe(last, self._run.history.loss_of(last))
        if self._rules.grown(last):
            self._fail(grown(self.epoch, self.settings.training.learning_rate))
        elif self._state is State.RUNNING:
            self._stop_if_due()

    def _stop_if_due(self) -> None:
        """End the run where a rule says so."""
        training = self._settings.training
        if self._rules.converged(self.epoch - 1):
            self._state = State.FINISHED
            self.finished_because = (
                f"converged at epoch {self.epoch}: the loss changed by less than"
                f" {training.tolerance:g} for {training.patience} epochs"
            )
        elif self.epoch >= self._goal:
            self._state = State.PAUSED
            self._settle()

    def _settle(self) -> None:
        """A session that stands at its last epoch is finished; one below it may go on."""
        epochs = self._settings.training.epochs
        if self._state is State.PAUSED and self.epoch >= epochs:
            self._state = State.FINISHED
            self.finished_because = f"reached {epochs} epochs"

    def _look_at(self, operation: Operation) -> None:
        """Fail where an operation has just made a number that is not finite, and stay there."""
        run = self._run
        tensor = operation.result
        if np.isfinite(run.lookup(tensor)).all() or tensor == run.overflowing:
            return
        self.diagnosis = diagnose(
            run.program[: run.operation],
            run.lookup,
            run.found,
            run.network.architecture.fused,
            run.iteration,
            float(run.learning_rate),
        )
        self._fail(nonfinite(self.epoch, tensor, self.settings.training.learning_rate))

    def _look_for_nonfinite(self) -> None:
        self._flags = False
        tensor = self._run.first_nonfinite()
        if tensor is None:
            return
        run = self._run
        self.diagnosis = diagnose(
            run.program,
            run.lookup,
            run.found,
            run.network.architecture.fused,
            run.iteration - 1,
            float(run.learning_rate),
        )
        run.abandon_last()
        self._fail(nonfinite(self.epoch, tensor, self.settings.training.learning_rate))

    def _fail(self, failure: Failure) -> None:
        self._state, self.failure = State.FAILED, failure

    @contextmanager
    def _arithmetic(self) -> Iterator[None]:
        """No warnings: an overflow or an invalid operation is noted.

        And looked into after the iteration.
        """
        with np.errstate(all="ignore", over="call", invalid="call", call=self._note):
            yield

    @contextmanager
    def _whole_on_interrupt(self) -> Iterator[None]:
        """Whatever breaks into an iteration, Ctrl-C too, leaves the session paused before it."""
        try:
            yield
        except BaseException:
            self._state = State.PAUSED
            self._run.go_to(self._run.iteration)
            raise

    def _note(self, kind: str, flag: int) -> None:
        self._flags = True
