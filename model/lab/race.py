"""The race: several runs in lock-step, driven by the commands of a session."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from model.errors import SettingsError, StateError
from model.lab.block import Block
from model.lab.race_snapshot import RaceSnapshot, RaceView
from model.lab.race_snapshot_maker import RaceSnapshotMaker
from model.lab.stack import blocks
from model.lab.variants import Axis, Variant, count_of_runs, variants
from model.nn.network import Network
from model.training.boundaries import count_of
from model.training.settings import RunSettings
from model.training.snapshots import State
from model.training.speed import SpeedMeter
from model.training.transitions import Command, after, states_for

MOST: Final = 32
"""Runs of a race: more cannot be told apart on a screen."""

_AHEAD: Final = (Command.RUN_ON, Command.STEP)
"""What a session does even after its last epoch; where every run has ended nothing can go on."""


def race_states_for(command: Command) -> frozenset[State]:
    """The states of a race in which a command is possible."""
    states = states_for(command) - {State.FAILED}
    return states - {State.FINISHED} if command in _AHEAD else states


class Race:
    """Runs that differ in what `axes` and `seeds` say; they stand at one epoch together.

    A run that has ended stands still at the state at which a session would, and the others go on;
    the race is finished when all have ended. `clock` gives seconds. Raises `SettingsError` for a
    grid that is empty or contradicts itself, for more than `MOST` runs, and where not one of them
    is possible.
    """

    def __init__(
        self,
        base: RunSettings,
        axes: Sequence[Axis],
        seeds: int | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        count = count_of_runs(axes, seeds)
        if count > MOST:
            raise SettingsError(
                f"a race of {count} runs is too large; allowed are 1 to {MOST}",
                "fewer values or seeds, or a sweep, which takes any number",
            )
        self.base, self.axes = base, tuple(axes)
        self.variants = tuple(variants(base, axes, seeds))
        if all(variant.settings is None for variant in self.variants):
            raise SettingsError(f"none of the runs is possible: {self.variants[0].reason}")
        self._clock = clock
        self._target: int | None = None
        self.generation = 0
        self._start()

    @property
    def state(self) -> State:
        """ "idle", "running", "paused" or "finished"; a run that diverges does not end the race."""
        return self._state

    @property
    def epoch(self) -> int:
        """Complete epochs of the run that has most: all that have not ended stand there."""
        return max(block.furthest for block in self._blocks)

    @property
    def network_epochs_per_second(self) -> float:
        """Epochs a second, those of all runs together, of late; 0 where nothing runs."""
        return self._speed.speed if self._state is State.RUNNING else 0.0

    def run(self, epochs: int | None = None) -> None:
        """Train until every run has ended, or `epochs` more."""
        if epochs is None and self._state is State.FINISHED:
            return
        self.begin(epochs)
        while self._state is State.RUNNING:
            self.advance(1.0)

    def begin(self, epochs: int | None = None) -> None:
        """Start running; `advance` then does the work."""
        if epochs is not None:
            epochs = count_of(epochs, "epochs")
        self._transit(Command.RUN if epochs is None else Command.RUN_ON)
        self._target = None if epochs is None else self.epoch + epochs
        self._speed, self._trained = SpeedMeter(), 0
        self._speed.note(self._clock(), 0)
        self._stop_if_due()

    def advance(self, seconds: float, epochs: int | None = None) -> None:
        """Train for about `seconds`, or at most `epochs`, while running; does nothing otherwise."""
        clock, started = self._clock, self._clock()
        last = None if epochs is None else self.epoch + epochs
        while self._state is State.RUNNING:
            self._trained += self._train(1)
            self._stop_if_due()
            if clock() - started >= seconds or self.epoch == last:
                break
        self._speed.note(clock(), self._trained)

    def pause(self) -> None:
        """Stop after the present epoch."""
        self._transit(Command.PAUSE)

    def step(self) -> None:
        """One epoch of every run that has not ended."""
        self._transit(Command.STEP)
        self._train(1)
        self._settle()

    def back(self) -> None:
        """The epoch before; `StateError` at the beginning."""
        epoch = self.epoch
        after(self._state, Command.BACK)
        if epoch == 0:
            raise StateError("This is the beginning: there is nothing to go back to", "step or run")
        self._transit(Command.BACK)
        self._stand_at(epoch - 1)

    def go_to(self, epoch: int) -> None:
        """Stand where `epoch` epochs were done; runs that ended later run again.

        An epoch that was not reached is walked to, as far as there are runs that go so far.
        """
        epoch = count_of(epoch, "epoch")
        self._transit(Command.GO_TO)
        self._stand_at(epoch)

    def reset(self) -> None:
        """Back to the first weights, bit for bit; what was recorded is forgotten."""
        self._transit(Command.RESET)
        self._start()

    def snapshot(
        self, view: RaceView | None = None, since: tuple[int, ...] | int = 0
    ) -> RaceSnapshot:
        """A frozen record of this moment; `since` is the epoch that each history begins with."""
        return self._maker.snapshot(self, view or RaceView(), since)

    def settings_of(self, number: int) -> RunSettings:
        """The settings of one run; `StateError` for one that is not there or was refused."""
        settings = self._variant(number).settings
        if settings is None:
            raise StateError(f"run {number} was refused: {self._variant(number).reason}")
        return settings

    def network_of(self, number: int) -> Network:
        """A copy of one run's network as it stands; `StateError` as `settings_of`."""
        self.settings_of(number)
        block, place = self._homes[number]
        return block.member(place)

    def home_of(self, number: int) -> tuple[Block, int] | None:
        """The block that trains a run, and its place there; None for a refused one."""
        return self._homes.get(number)

    def _variant(self, number: int) -> Variant:
        if not 0 <= number < len(self.variants):
            raise StateError(
                f"There is no run {number}", f"there are 0 to {len(self.variants) - 1}"
            )
        return self.variants[number]

    def _start(self) -> None:
        """Every run at its first weights; the timelines share the memory that the base allows."""
        possible = [variant for variant in self.variants if variant.settings is not None]
        memory = self.base.training.timeline_memory * 2**20 // len(possible)
        self._blocks: list[Block] = []
        self._homes: dict[int, tuple[Block, int]] = {}
        for group in blocks(possible):
            block = Block([self.settings_of(v.number) for v in group], memory * len(group))
            self._blocks.append(block)
            self._homes |= {v.number: (block, place) for place, v in enumerate(group)}
        self._state = State.IDLE
        self._target = None
        self._speed, self._trained = SpeedMeter(), 0
        self._maker = RaceSnapshotMaker(self._clock)
        self.generation += 1

    def _transit(self, command: Command) -> None:
        if self._state is State.FINISHED and command in _AHEAD:
            raise StateError("Every run of the race has ended", "go back, or reset")
        self._state = after(self._state, command)

    def _train(self, epochs: int) -> int:
        with self._whole_on_interrupt():
            return sum(block.advance(epochs, self._clock) for block in self._blocks)

    def _stand_at(self, epoch: int) -> None:
        with self._whole_on_interrupt():
            for block in self._blocks:
                block.go_to(epoch, self._clock)
        self._settle()

    def _stop_if_due(self) -> None:
        """End where every run has, pause where as many epochs are done as were asked for."""
        if self.epoch == self._target or not any(block.running for block in self._blocks):
            self._state = State.PAUSED
            self._settle()

    def _settle(self) -> None:
        if not any(block.running for block in self._blocks):
            self._state = State.FINISHED

    @contextmanager
    def _whole_on_interrupt(self) -> Iterator[None]:
        """Whatever breaks into an epoch, Ctrl-C too, leaves the race paused where all stood."""
        epoch = min((block.epoch for block in self._blocks if block.running), default=self.epoch)
        try:
            yield
        except BaseException:
            self._state = State.PAUSED
            for block in self._blocks:
                block.restore(epoch)
            raise
