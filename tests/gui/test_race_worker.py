"""The race in its thread: every epoch told once, one snapshot under way, other races, errors."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread, Signal, Slot

from gui.race_worker import RaceWorker
from model.errors import SettingsError
from model.lab.race import Race
from model.lab.race_snapshot import RaceView
from model.lab.variants import axis_of
from model.settings_fields import with_changes
from model.training.history import History
from model.training.settings import RunSettings
from model.training.snapshots import State

RATES = (axis_of("learning_rate=0.01,0.1,1e100"),)


class Client(QObject):
    """Drives a race worker through signals, as the controller does, and keeps what comes back."""

    open = Signal(object, object, object)
    run = Signal()
    pause = Signal()
    step = Signal()
    back = Signal()
    go_to = Signal(int)
    reset = Signal()
    set_speed = Signal(float)
    look = Signal(object)
    acknowledge = Signal()
    stop = Signal()

    def __init__(self):
        super().__init__()
        self.snapshots, self.errors = [], []
        self.histories = {}
        self.answers = True
        self.worker = RaceWorker()
        self.thread_ = QThread()
        self.worker.moveToThread(self.thread_)
        names = ("open", "run", "pause", "step", "back", "go_to", "reset", "set_speed", "look")
        for name in (*names, "acknowledge", "stop"):
            getattr(self, name).connect(getattr(self.worker, name))
        self.worker.snapshot_made.connect(self._on_worker_snapshot_made)
        self.worker.failed.connect(self._on_worker_failed)
        self.thread_.finished.connect(self.worker.deleteLater)
        self.thread_.start()

    @property
    def last(self):
        return self.snapshots[-1] if self.snapshots else None

    def stands_at(self, epoch):
        return self.last is not None and self.last.epoch == epoch

    @Slot(object)
    def _on_worker_snapshot_made(self, race):
        self.snapshots.append(race)
        for run in race.runs:
            key = race.generation, run.variant.number
            self.histories.setdefault(key, History()).apply(run.history)
        if self.answers:
            self.acknowledge.emit()

    @Slot(object)
    def _on_worker_failed(self, error):
        self.errors.append(error)


def base(epochs=200):
    changes = {"training.epochs": epochs, "data.n_samples": 100}
    return with_changes(RunSettings(), changes)


@pytest.fixture
def client(qtbot):
    client = Client()
    yield client
    client.stop.emit()
    client.thread_.quit()
    assert client.thread_.wait(5000)


def opened(client, qtbot, epochs=200, axes=RATES, seeds=None):
    client.open.emit(base(epochs), axes, seeds)
    qtbot.waitUntil(lambda: client.last is not None, timeout=10_000)
    return client


def test_open_shows_every_run_at_its_first_weights(client, qtbot):
    opened(client, qtbot)
    assert (client.last.state, client.last.epoch) == (State.IDLE, 0)
    assert [run.variant.varied[0][1] for run in client.last.runs] == [0.01, 0.1, 1e100]


def test_run_tells_of_every_epoch_and_gives_the_same_losses_as_a_race_alone(client, qtbot):
    opened(client, qtbot)
    client.run.emit()
    qtbot.waitUntil(lambda: client.last.state is State.FINISHED, timeout=20_000)
    alone = Race(base(), RATES)
    alone.run()
    for run in alone.snapshot().runs:
        told = client.histories[client.last.generation, run.variant.number]
        np.testing.assert_array_equal(told.rows, run.history.rows)
    assert [run.epoch for run in client.last.runs][:2] == [200, 200]
    assert client.last.runs[2].epoch < 10


def test_no_snapshot_comes_before_the_last_was_acknowledged(client, qtbot):
    opened(client, qtbot)
    client.answers = False
    client.step.emit()
    qtbot.waitUntil(lambda: client.stands_at(1), timeout=10_000)
    count = len(client.snapshots)
    for _ in range(3):
        client.step.emit()
    client.answers = True
    client.acknowledge.emit()
    qtbot.waitUntil(lambda: client.stands_at(4), timeout=10_000)
    assert len(client.snapshots) == count + 1


def test_step_back_and_go_to_walk_by_epochs(client, qtbot):
    opened(client, qtbot)
    for wish, epoch in ((client.step, 1), (client.step, 2), (client.back, 1), (client.back, 0)):
        wish.emit()
        qtbot.waitUntil(lambda at=epoch: client.stands_at(at), timeout=10_000)
    client.back.emit()
    client.go_to.emit(30)
    qtbot.waitUntil(lambda: client.stands_at(30), timeout=10_000)
    assert client.errors == []


def test_another_race_has_a_later_generation_and_starts_at_rest(client, qtbot):
    opened(client, qtbot)
    first = client.last.generation
    client.open.emit(base(), (axis_of("activation=relu,tanh"),), None)
    qtbot.waitUntil(lambda: len(client.last.runs) == 2, timeout=10_000)
    assert client.last.generation > first
    assert client.last.state is State.IDLE
    client.reset.emit()
    client.open.emit(base(), RATES, None)
    qtbot.waitUntil(lambda: len(client.last.runs) == 3, timeout=10_000)
    generations = [race.generation for race in client.snapshots]
    assert generations == sorted(generations)


def test_a_race_that_is_changed_while_it_runs_stands_at_its_beginning(client, qtbot):
    opened(client, qtbot, epochs=1_000_000)
    client.run.emit()
    qtbot.waitUntil(lambda: client.last.epoch > 5, timeout=20_000)
    client.open.emit(base(1_000_000), (axis_of("initializer=he,xavier"),), None)
    qtbot.waitUntil(lambda: len(client.last.runs) == 2, timeout=20_000)
    assert (client.last.state, client.last.epoch) == (State.IDLE, 0)
    client.run.emit()
    qtbot.waitUntil(lambda: client.last.epoch > 5, timeout=20_000)


def test_a_refused_race_is_reported_and_leaves_the_one_there_is(client, qtbot):
    opened(client, qtbot)
    client.open.emit(base(), (axis_of("learning_rate=-1,-2"),), None)
    qtbot.waitUntil(lambda: bool(client.errors), timeout=10_000)
    assert isinstance(client.errors[0], SettingsError)
    client.step.emit()
    qtbot.waitUntil(lambda: client.stands_at(1), timeout=10_000)
    assert len(client.last.runs) == 3


def test_a_paced_race_keeps_its_pace_while_a_picture_is_drawn(client, qtbot):
    opened(client, qtbot, epochs=12)
    client.answers = False
    client.set_speed.emit(500.0)
    qtbot.waitUntil(lambda: client.worker._race.state is State.IDLE, timeout=10_000)
    client.run.emit()
    qtbot.waitUntil(lambda: client.worker._race.epoch == 12, timeout=20_000)
    shown = client.last.epoch
    assert shown < 12
    client.answers = True
    client.acknowledge.emit()
    qtbot.waitUntil(lambda: client.last.state is State.FINISHED, timeout=10_000)
    assert client.histories[client.last.generation, 0].epoch == 12


def test_look_gives_grids_to_whoever_wants_them(client, qtbot):
    opened(client, qtbot)
    assert client.last.runs[0].grid is None
    client.look.emit(RaceView(grid=7))
    qtbot.waitUntil(lambda: client.last.runs[0].grid is not None, timeout=10_000)
    assert client.last.runs[0].grid.probability.shape == (7, 7)


def test_an_unforeseen_failure_pauses_the_race_and_it_can_go_on(client, qtbot, monkeypatch):
    opened(client, qtbot, epochs=1_000_000)
    real = Race.advance

    def broken(self, seconds, epochs=None):
        monkeypatch.setattr(Race, "advance", real)
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(Race, "advance", broken)
    client.run.emit()
    qtbot.waitUntil(lambda: client.last.state is State.PAUSED, timeout=10_000)
    assert isinstance(client.errors[0], ZeroDivisionError)
    client.run.emit()
    qtbot.waitUntil(lambda: client.last.epoch > 3, timeout=10_000)
    client.pause.emit()
    qtbot.waitUntil(lambda: client.last.state is State.PAUSED, timeout=10_000)
