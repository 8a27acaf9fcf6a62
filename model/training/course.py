"""One run with all that belongs to it, and the commands that move and change it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from model.data.dataset import Dataset
from model.errors import StateError
from model.nn.network import Network
from model.training.boundaries import Position, back_target, checked_position, step_target
from model.training.breakpoints import Breakpoints
from model.training.edits import Edits
from model.training.events import Change, SetLearningRate
from model.training.left_runs import room
from model.training.run import Run
from model.training.settings import RunSettings
from model.training.snapshot_maker import SnapshotMaker
from model.training.snapshots import State
from model.training.speed import SpeedMeter
from model.training.standing import Standing
from model.training.transitions import Command, after
from model.training.walk import Walk


class Course:
    """What a session works on; another run is another course.

    `first` holds other first weights than those that the settings draw; `clock` gives seconds.
    """

    def __init__(
        self,
        settings: RunSettings,
        data: Dataset,
        breakpoints: Breakpoints,
        clock: Callable[[], float],
        first: Network | None = None,
    ) -> None:
        self.run = Run(settings, data, first, room(settings))
        self.first = first
        self.edits = Edits(self.run)
        self.maker = SnapshotMaker(self.run, clock)
        self.asked = settings
        """The settings that were asked for last."""
        self.standing = Standing(State.IDLE)
        self.speed = SpeedMeter()
        self._walk = Walk(self.run, settings.training, breakpoints)
        self._clock = clock
        self._target: int | None = None
        self._insisting = False
        self.arithmetic = self._walk.arithmetic

    @property
    def settings(self) -> RunSettings:
        """The settings in force here: before a change of learning rate, the rate before it."""
        rate = self.run.rate_ahead
        if rate == self.asked.training.learning_rate:
            return self.asked
        training = self.asked.training.model_copy(update={"learning_rate": rate})
        return self.asked.model_copy(update={"training": training})

    @property
    def state(self) -> State:
        """What it is doing."""
        return self.standing.state

    def begin(self, epochs: int | None) -> None:
        """Start running to the settings' number of epochs, or for `epochs` more.

        A run that has converged already goes on for these, however flat its loss is. One that
        stands amid an epoch beyond its last completes it.
        """
        self._transit(Command.RUN if epochs is None else Command.RUN_ON)
        beyond = self.run.epoch >= self.asked.training.epochs and self._walk.amid_epoch
        if epochs is None and beyond:
            epochs = 1
        self.speed = SpeedMeter()
        self.speed.note(self._clock(), self.run.epoch)
        self._target = None if epochs is None else self.run.epoch + epochs
        self._insisting = epochs is not None and self._walk.converged
        self._stand(self._walk.due(self._goal, self._insisting))

    def advance(self, seconds: float, epochs: int | None) -> None:
        """Train for about `seconds`, or at most `epochs`, while running."""
        clock, run, started = self._clock, self.run, self._clock()
        last = None if epochs is None else run.epoch + epochs
        with self._moving():
            while self.standing.state is State.RUNNING:
                self._stand(self._walk.run_on(self._goal, self._insisting))
                if clock() - started >= seconds or run.epoch == last:
                    break
        self.speed.note(clock(), run.epoch)

    def pause(self) -> None:
        """Stop after the present iteration."""
        self._transit(Command.PAUSE)

    def step(self, kind: str, count: int) -> None:
        """Go on over `count` boundaries of a kind, or to a breakpoint before."""
        target = self._target_of(step_target, kind, count)
        self._transit(Command.STEP)
        self._go_on(target)

    def back(self, kind: str, count: int) -> None:
        """Go back over `count` boundaries of a kind."""
        target = self._target_of(back_target, kind, count)
        self._transit(Command.BACK)
        self._return(target)

    def go_to(self, iteration: int, operation: int, branch: int | None) -> None:
        """Stand anywhere; what a branch has not reached is walked to."""
        target = checked_position(iteration, operation, self.run.program)
        timeline = self.run.timeline
        other = branch is not None and timeline.find(branch) is not timeline.branch
        if self.state is State.FAILED and not other and target == self.run.position and operation:
            return  # it stands at what broke, and would break there again
        self._transit(Command.GO_TO)
        if branch is not None:
            timeline.choose(branch)
        known = min(target[0], timeline.branch.furthest)
        if other or target < self.run.position or known > self.run.iteration:
            self._return((known, target[1] if known == target[0] else 0))
        self._go_on(target)

    def change_settings(self, settings: RunSettings) -> None:
        """Take on settings that differ in what `changes.LIVE` names."""
        self._transit(Command.EDIT)
        rate = settings.training.learning_rate
        if rate != self.run.rate_ahead:
            self.edits.make(SetLearningRate(rate), at_once=False)
        self.asked = settings
        self._walk.follow(settings.training)
        self._settle()

    def intervene(self, change: Change) -> None:
        """Make a change here; one that would change nothing is none."""
        after(self.state, Command.INTERVENE)
        if not change.alters(self.run):
            return
        self._transit(Command.INTERVENE)
        with self.arithmetic():
            self.edits.make(change)
        self._settle()

    def undo(self) -> None:
        """Take back the last change and stand where it was made."""
        after(self.state, Command.UNDO)
        if not self.edits.last:
            raise StateError("There is nothing to undo", "change a weight or the learning rate")
        self._transit(Command.UNDO)
        with self.arithmetic():
            made_at = self.edits.undo()
        self._return(made_at)

    def rest(self) -> None:
        """Stand still, whatever it was doing when it was left."""
        self.standing = Standing(State.PAUSED)

    @property
    def _goal(self) -> int:
        return self.asked.training.epochs if self._target is None else self._target

    def _target_of(self, boundary: Callable[..., Position], kind: str, count: int) -> Position:
        """The position `count` boundaries of a kind away."""
        run, position = self.run, self.run.position
        for _ in range(count):
            position = boundary(kind, position, run.program, run.batches.per_epoch)
        return position

    def _transit(self, command: Command) -> None:
        self.standing = Standing(after(self.state, command))

    def _stand(self, standing: Standing | None) -> None:
        """Take note of what a movement ended in, if in anything."""
        if standing is not None:
            self.standing = standing

    def _settle(self) -> None:
        """A session that stands at its last epoch is finished; one below it may go on."""
        if self.standing == Standing(State.PAUSED):
            self._stand(self._walk.end())

    def _go_on(self, target: Position) -> None:
        """Forward to a position, computing; ends early where something stops the run."""
        walk, under_way = self._walk, Standing(State.PAUSED)
        with self._moving():
            while self.run.position < target and self.standing == under_way:
                whole = self.run.iteration < target[0]
                self._stand(walk.iterate() if whole else walk.operate_until(target[1]))
        self._settle()

    def _return(self, target: Position) -> None:
        """To a position that was recorded."""
        with self.arithmetic():
            self._walk.return_to(target)
        self._settle()

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Whatever breaks into an iteration, Ctrl-C too, leaves the session paused before it."""
        with self.arithmetic():
            try:
                yield
            except BaseException:
                self.standing = Standing(State.PAUSED)
                self.run.go_to(self.run.iteration)
                raise
