"""The session: the one owner of a run, driven by commands from a table of transitions."""

import time
from collections.abc import Callable, Generator

from model.analysis.loss_surface import LossSurface, SurfaceRequest
from model.arrays import Array
from model.data.dataset import Dataset
from model.data.preparation import prepared
from model.nn.network import Network
from model.nn.operations import TensorName
from model.training.boundaries import count_of
from model.training.breakpoints import Breakpoints
from model.training.changes import same_run, settings_for
from model.training.conditions import Condition
from model.training.course import Course
from model.training.debug_views import Diagnosis, Hit
from model.training.events import Change
from model.training.history import History
from model.training.interventions import set_element
from model.training.left_runs import FIRST_NUMBER, LeftRuns
from model.training.run import Run
from model.training.settings import RunSettings
from model.training.snapshots import Failure, Snapshot, State, View
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
        settings = settings or RunSettings()
        self._clock = clock
        self.generation = 0
        self.breakpoints = Breakpoints()
        self.left_runs = LeftRuns()
        self._begin_anew(settings, prepared(settings.data), None)

    @property
    def state(self) -> State:
        """ "idle", "running", "paused", "finished" or "failed"."""
        return self._course.standing.state

    @property
    def settings(self) -> RunSettings:
        """The settings in force here: before a change of learning rate, the rate before it."""
        return self._course.settings

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
    def branch(self) -> int:
        """The number of the branch that the session is on."""
        return self._run.timeline.branch.number

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
        if epochs is None and self.state is State.FINISHED:
            return
        self.begin(epochs)
        while self.state is State.RUNNING:
            self.advance(1.0)

    def begin(self, epochs: int | None = None) -> None:
        """Start running; `advance` then does the work.

        A run that has converged already goes on for `epochs` more, however flat its loss is.
        """
        self._course.begin(None if epochs is None else count_of(epochs, "epochs"))

    def advance(self, seconds: float, epochs: int | None = None) -> None:
        """Train for about `seconds`, or at most `epochs`, while running; does nothing otherwise."""
        self._course.advance(seconds, epochs)

    def pause(self) -> None:
        """Stop after the present iteration."""
        self._course.pause()

    def step(self, kind: str = "iteration", count: int = 1) -> None:
        """Go on to the next boundary of `kind`: operation, layer, phase, iteration or epoch.

        A breakpoint on the way stops it there.
        """
        self._course.step(kind, count)

    def back(self, kind: str = "iteration", count: int = 1) -> None:
        """Go back to the previous boundary of `kind`; `StateError` at the beginning."""
        self._course.back(kind, count)

    def go_to(self, iteration: int, operation: int = 0, branch: int | None = None) -> None:
        """Stand after `iteration` updates and `operation` operations of the next.

        In the past or ahead, on the present branch or another; an iteration that a branch has not
        reached is walked to.
        """
        self._course.go_to(iteration, operation, branch)

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
        after(self.state, Command.RESET)
        self._begin_anew(self.settings, self.data, self._course.first)

    def edit(self, settings: RunSettings, *, afresh: bool = False) -> None:
        """Take on other settings: in the same run where `changes.LIVE` allows, else in another.

        A run from the beginning goes on running if this one did; `afresh` asks for one in any case,
        with the weights that its seed draws. Data that cannot be made are refused and nothing is
        changed.
        """
        course = self._course
        if same_run(course.asked, settings) and not afresh:
            course.change_settings(settings)
            return
        same = settings.data == course.asked.data
        data = self.data if same else prepared(settings.data)
        after(self.state, Command.EDIT)
        running = self.state is State.RUNNING
        kept = settings.network == course.asked.network and not afresh
        self.left_runs.leave(course, settings)
        self._begin_anew(settings, data, course.first if kept else None)
        if running:
            self.begin()

    def intervene(self, change: Change) -> None:
        """Change weights, or freeze a layer, at this point; see `model.training.interventions`.

        A recorded future stays as a branch, and running on from here walks another.
        """
        self._course.intervene(change)

    def set_element(self, tensor: TensorName, row: int, column: int, value: float) -> None:
        """Set one weight or bias, row and column from 0; `ArrayError` where it cannot be."""
        name, layer = tensor
        self.intervene(set_element(self._run.network, name, layer, row, column, value))

    def change_layer(self, wish: str, layer: int) -> None:
        """One of `model.training.interventions.LAYER_WISHES` for a layer, counted from 1."""
        self.intervene(self._course.edits.layer_change(wish, layer, self.settings.network))

    @property
    def undoable(self) -> str:
        """What `undo` would take back; empty where there is nothing."""
        return self._course.edits.last

    def undo(self) -> None:
        """Take back the last change of weights or learning rate and stand where it was made."""
        self._course.undo()

    def add_breakpoint(self, condition: Condition) -> int:
        """Stop where a condition becomes true; its number. `SettingsError` if it does not fit."""
        return self.breakpoints.add(condition)

    def toggle_breakpoint(self, operation: int) -> None:
        """Stop after an operation of the program, or no longer."""
        self.breakpoints.toggle_operation(operation)

    def enable_breakpoint(self, number: int, enabled: bool) -> None:
        """Let a breakpoint stop the run, or not."""
        self.breakpoints.set_enabled(number, enabled)

    def remove_breakpoint(self, number: int) -> None:
        """Forget a breakpoint."""
        self.breakpoints.remove(number)

    def delete_branch(self, number: int) -> None:
        """Forget a recorded future, or another run; `StateError` for the present one."""
        if number >= FIRST_NUMBER:
            self.left_runs.take(number)
        else:
            self._run.timeline.delete(number)
            self._course.edits.forget_lost()

    def load_parameters(self, network: Network) -> None:
        """Start from these weights instead of drawn ones, with their layers, activations and loss.

        `ArrayError` where they do not fit the data, `SettingsError` where a setting forbids them;
        nothing is changed then.
        """
        settings = settings_for(network, self.settings)
        Run(settings, self.data, network)
        after(self.state, Command.RESET)
        self.left_runs.leave(self._course, settings)
        self._begin_anew(settings, self.data, network.copy())

    def snapshot(self, view: View | None = None, since: int = 0) -> Snapshot:
        """A frozen record of this moment with the history's rows from epoch `since` on."""
        with self._course.arithmetic():
            return self._course.maker.snapshot(self, view or View(), since)

    def surface_by_rows(self, request: SurfaceRequest) -> Generator[None, None, LossSurface]:
        """J over a plane through the weights of this epoch; a row until each yield.

        Errors come before the first row; see `model.analysis.surface_maker`.
        """
        return self._course.maker.landscape.surface_by_rows(request, self.generation)

    def epochs_shared(self, branch: int) -> int:
        """How many epochs of the history are the same on another branch of this run."""
        return self._run.rows_shared(branch)

    @property
    def opened_weights(self) -> bool:
        """Whether the run started from other weights than its seed draws."""
        return self._course.first is not None

    @property
    def current_run(self) -> Run:
        """The run under way; for whoever makes pictures of it, in this thread."""
        return self._run

    @property
    def epochs_per_second(self) -> float:
        """Speed of late; 0 where nothing runs."""
        return self._course.speed.speed if self.state is State.RUNNING else 0.0

    @property
    def failure(self) -> Failure | None:
        """Why the run has diverged."""
        return self._course.standing.failure

    @property
    def diagnosis(self) -> Diagnosis | None:
        """Where the first number arose that is not finite."""
        return self._course.standing.diagnosis

    @property
    def hit(self) -> Hit | None:
        """The breakpoint at which the run stands."""
        return self._course.standing.hit

    @property
    def finished_because(self) -> str:
        """Which rule has ended the run; empty where none has."""
        return self._course.standing.finished_because

    @property
    def _run(self) -> Run:
        return self._course.run

    def _begin_anew(self, settings: RunSettings, data: Dataset, first: Network | None) -> None:
        self._use(Course(settings, data, self.breakpoints, self._clock, first))

    def _return_to_run(self, number: int) -> int:
        """Take up a run that was left; the branch's number within it."""
        after(self.state, Command.GO_TO)
        left = self.left_runs.take(number)
        self.left_runs.leave(self._course, left.course.settings)
        left.course.rest()
        self._use(left.course)
        return number - left.base

    def _use(self, course: Course) -> None:
        """Make a run the present one."""
        self._course = course
        self.breakpoints.use(course.run.program)
        self.generation += 1
