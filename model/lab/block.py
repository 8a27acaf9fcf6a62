"""Runs that are trained in one stack, from their first weights to the end of each."""

import time
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from model.arrays import Array
from model.data.preparation import prepared
from model.lab.lockstep import LockStep
from model.lab.member import End, Member
from model.lab.stacking import Places, gather, scatter, stacked, unstacked
from model.nn.network import Network
from model.training.first_network import first_network
from model.training.history import COLUMNS
from model.training.settings import RunSettings
from model.training.stop_rules import StopRules
from model.training.timeline import Timeline

data_of = lru_cache(maxsize=32)(prepared)
"""The prepared data of some settings; made once in a process."""


class Block:
    """K runs that differ in learning rate, first weights, and when to stop.

    `network` is the stack of all of them: who runs is trained further, who has ended stands still
    at exactly the state at which a session would. `epoch` counts the complete epochs of those that
    run. With a `budget` in bytes the block keeps a timeline and can go back. `stack_key` in
    `model.lab.stack` says what the runs must have in common.
    """

    def __init__(self, settings: Sequence[RunSettings], budget: int | None = None) -> None:
        self.data = data_of(settings[0].data)
        self.members = [Member(one, StopRules(one.training)) for one in settings]
        self.network = stacked([first_network(one, self.data) for one in settings])
        self._whole = LockStep(self.network, settings, self.data)
        self._rows = np.empty((len(settings), 1024, len(COLUMNS)))
        self.epoch = 0
        self.timeline: Timeline | None = None
        if budget is not None:
            parameters = self.network.parameters
            self.timeline = Timeline(parameters.size, parameters.dtype, budget)
            self.timeline.keep(0, parameters)
        self._lockstep = self._whole
        self._use(list(range(len(settings))))

    @property
    def running(self) -> int:
        """How many runs have not ended."""
        return len(self._live)

    @property
    def furthest(self) -> int:
        """Complete epochs of the run that has most."""
        return max(map(self.epochs_of, range(len(self.members))))

    def end_of(self, place: int) -> End | None:
        """How one run has ended; None where it goes on."""
        one = self.members[place]
        return None if one.runs_at(self.epoch) else one.end

    def epochs_of(self, place: int) -> int:
        """Complete epochs of one run."""
        end = self.end_of(place)
        return self.epoch if end is None else end.epochs

    def rows(self, place: int) -> Array:
        """The history of one run as far as it is recorded, (epochs, 4), a view."""
        return self._rows[place, : self.epochs_of(place)]

    def member(self, place: int) -> Network:
        """A copy of one network as it stands."""
        return unstacked(self.network, place)

    def advance(self, epochs: int, clock: Callable[[], float] = time.perf_counter) -> int:
        """Train for so many epochs, or until all have ended; how many network-epochs that were."""
        last, trained = self.epoch + epochs, 0
        while self._live and self.epoch < last:
            live, since, started = self._live, self.epoch, clock()
            self._walk(last)
            share = (clock() - started) / len(live)
            for place in live:
                self.members[place].seconds += share
            trained += len(live) * (self.epoch - since)
        return trained

    def go_to(self, epoch: int, clock: Callable[[], float] = time.perf_counter) -> None:
        """Stand where `epoch` epochs were done, bit for bit; runs that ended later run again.

        What was not reached yet is trained. Beyond the end of all runs it is that end.
        """
        assert self.timeline is not None
        start, _ = self.timeline.nearest(epoch)
        if epoch < self.epoch or start > self.epoch:
            self.restore(epoch)
        self.advance(epoch - self.epoch, clock)

    def restore(self, epoch: int) -> None:
        """Take up the recorded path at `epoch`, or at its end where that comes before."""
        assert self.timeline is not None
        epoch = min(epoch, self.timeline.branch.furthest)
        self.epoch, state = self.timeline.nearest(epoch)
        self.network.parameters[...] = state
        for place, one in enumerate(self.members):
            if one.runs_at(self.epoch):
                one.rules.resume(self._rows[place, : self.epoch, 0], 0)
        self._take_up()
        while self._live and self.epoch < epoch:
            self._walk(epoch)

    def evaluate(self) -> tuple[Array, Array]:
        """Of each run as it stands a row (K, 4) as the history's, and all outputs (K, n).

        The training samples come first. Both are buffers that the next call overwrites.
        """
        with np.errstate(all="ignore"):
            rows = self._whole.evaluate()
        return rows, self._whole.outputs

    def _walk(self, last: int) -> None:
        """Train to epoch `last`, or to the first end of a run."""
        live, going = self._live, True
        with np.errstate(all="ignore", over="call", invalid="call", call=self._lockstep.note):
            while going and self.epoch < last:
                going = self._train(live)
                if self.timeline is not None:
                    self._store()
                    self.timeline.keep(self.epoch, self.network.parameters)
        self._store()
        if not going:
            self._take_up()

    def _train(self, live: list[int]) -> bool:
        """One epoch; whether all go on."""
        epoch = self.epoch
        rows, failed = self._lockstep.epoch(epoch)
        if epoch == self._rows.shape[1]:
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)], axis=1)
        self._rows[self._where, epoch] = rows
        self.epoch += 1
        for place, (number, loss) in enumerate(zip(live, rows[:, 0].tolist(), strict=True)):
            if place in failed:
                self.members[number].fail(epoch, failed[place])
            else:
                self.members[number].observe(epoch, loss)
        return all(self.members[number].runs_at(self.epoch) for number in live)

    def _store(self) -> None:
        """Bring what runs back to its place among all."""
        if self._lockstep is not self._whole:
            scatter(self._lockstep.network, self.network, self._where)

    def _take_up(self) -> None:
        """Train those that run, and only those, from here on."""
        live = [place for place, one in enumerate(self.members) if one.runs_at(self.epoch)]
        if len(live) == len(self.members):
            self._lockstep = self._whole
        elif live:
            if live != self._live or self._lockstep is self._whole:
                part = stacked([self.member(place) for place in live])
                settings = [self.members[place].settings for place in live]
                self._lockstep = LockStep(part, settings, self.data)
            else:
                gather(self.network, self._lockstep.network, self._where)
        self._use(live)

    def _use(self, live: list[int]) -> None:
        self._live = live
        every = len(live) == len(self.members)
        self._where: Places = slice(None) if every else np.array(live, np.intp)
