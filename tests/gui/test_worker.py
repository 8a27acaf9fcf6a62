"""The worker in its thread: order of signals, one snapshot under way, pause, errors, closing."""

import math
import time

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread, Signal, Slot

from gui.sliced_worker import SLICE
from gui.worker import Worker
from model.errors import ArrayError, SettingsError, StateError
from model.nn.network import Network
from model.nn.operations import TensorName
from model.training.history import History
from model.training.session import Session
from model.training.settings import RunSettings, TrainingSettings
from model.training.snapshots import State, View


class Client(QObject):
    """Drives a worker through signals, as the controller does, and keeps what comes back."""

    open = Signal(object)
    run = Signal()
    pause = Signal()
    run_or_pause = Signal()
    step = Signal(str)
    back = Signal(str)
    reset = Signal()
    edit = Signal(object)
    load = Signal(object)
    set_speed = Signal(float)
    look = Signal(object)
    acknowledge = Signal()
    command = Signal(str, object)
    close = Signal()

    def __init__(self):
        super().__init__()
        self.snapshots, self.errors, self.arrivals = [], [], []
        self.history = History()
        self.answers = True
        self.worker = Worker()
        self.thread_ = QThread()
        self.worker.moveToThread(self.thread_)
        names = ("open", "run", "pause", "step", "back", "reset", "edit", "load", "look", "command")
        for name in names:
            getattr(self, name).connect(getattr(self.worker, name))
        self.run_or_pause.connect(self.worker.run_or_pause)
        self.set_speed.connect(self.worker.set_speed)
        self.acknowledge.connect(self.worker.acknowledge)
        self.close.connect(self.worker.close)
        self.worker.snapshot_made.connect(self._on_worker_snapshot_made)
        self.worker.failed.connect(self._on_worker_failed)
        self.thread_.start()

    @property
    def last(self):
        return self.snapshots[-1] if self.snapshots else None

    def state(self):
        return self.last.state if self.last else None

    def shut_down(self):
        self.close.emit()
        assert self.thread_.wait(5000)

    @Slot(object)
    def _on_worker_snapshot_made(self, snapshot):
        self.snapshots.append(snapshot)
        self.arrivals.append(time.perf_counter())
        self.history.apply(snapshot.history)
        if self.answers:
            self.acknowledge.emit()

    @Slot(object)
    def _on_worker_failed(self, error):
        self.errors.append(error)


def settings(**training):
    return RunSettings(training=TrainingSettings(**training))


@pytest.fixture
def client(qtbot):
    client = Client()
    yield client
    client.shut_down()


def opened(client, qtbot, **training):
    client.open.emit(settings(**training))
    qtbot.waitUntil(lambda: client.last is not None, timeout=10_000)
    return client


def test_open_sends_the_idle_state(client, qtbot):
    opened(client, qtbot)
    assert client.state() is State.IDLE
    assert client.last.epoch == 0


def test_run_at_full_speed_records_every_epoch_and_matches_a_headless_run(client, qtbot):
    opened(client, qtbot, epochs=3000)
    client.run.emit()
    qtbot.waitUntil(lambda: client.state() is State.FINISHED, timeout=20_000)
    alone = Session(settings(epochs=3000))
    alone.run()
    assert client.history.epoch == 3000
    np.testing.assert_array_equal(client.history.rows, alone.history.rows)
    assert len(client.snapshots) < 3000


def test_states_and_epochs_arrive_in_order(client, qtbot):
    opened(client, qtbot, epochs=2000)
    client.run.emit()
    qtbot.waitUntil(lambda: client.state() is State.FINISHED, timeout=20_000)
    states = [snapshot.state for snapshot in client.snapshots]
    assert states[0] is State.IDLE
    assert states[-1] is State.FINISHED
    assert set(states[1:-1]) == {State.RUNNING}
    epochs = [snapshot.epoch for snapshot in client.snapshots]
    assert epochs == sorted(epochs)


def test_one_snapshot_is_under_way_until_it_is_acknowledged(client, qtbot):
    opened(client, qtbot, epochs=100_000_000)
    client.answers = False
    before = len(client.snapshots)
    client.run.emit()
    qtbot.waitUntil(lambda: len(client.snapshots) == before + 1, timeout=5000)
    client.pause.emit()
    client.step.emit("iteration")
    client.step.emit("iteration")
    client.look.emit(View(threshold=0.25))
    assert_quiet(client, qtbot)
    assert len(client.snapshots) == before + 1
    client.acknowledge.emit()
    qtbot.waitUntil(lambda: len(client.snapshots) == before + 2, timeout=5000)
    assert client.state() is State.PAUSED
    assert client.last.threshold == 0.25
    assert client.history.epoch == client.last.epoch


def assert_quiet(client, qtbot):
    """Everything sent so far has been handled: a round trip through the worker's event loop."""
    client.set_speed.emit(math.inf)
    errors = len(client.errors)
    client.step.emit("no such kind")
    error_after(client, qtbot, errors)
    client.errors.pop()


def error_after(client, qtbot, count):
    """The error that comes after `count` others."""
    qtbot.waitUntil(lambda: len(client.errors) > count, timeout=5000)
    return client.errors[count]


def test_pause_comes_within_a_few_slices(client, qtbot):
    opened(client, qtbot, epochs=100_000_000)
    waits = []
    for _ in range(5):
        client.run.emit()
        qtbot.waitUntil(lambda: client.state() is State.RUNNING, timeout=5000)
        asked = time.perf_counter()
        client.pause.emit()
        qtbot.waitUntil(lambda: client.state() is State.PAUSED, timeout=5000)
        waits.append(client.arrivals[-1] - asked)
    assert min(waits) < 10 * SLICE


def test_paced_speed_sends_one_snapshot_an_epoch(client, qtbot):
    opened(client, qtbot, epochs=12)
    client.set_speed.emit(60.0)
    client.run.emit()
    qtbot.waitUntil(lambda: client.state() is State.FINISHED, timeout=10_000)
    epochs = [snapshot.epoch for snapshot in client.snapshots]
    assert sorted(set(epochs)) == list(range(13))


def test_step_and_back_return_to_the_same_bits(client, qtbot):
    opened(client, qtbot)
    client.step.emit("iteration")
    qtbot.waitUntil(lambda: client.last.iteration == 1, timeout=5000)
    first = client.last
    client.step.emit("epoch")
    qtbot.waitUntil(lambda: client.last.iteration == 2, timeout=5000)
    client.back.emit("iteration")
    qtbot.waitUntil(lambda: client.last.iteration == 1, timeout=5000)
    for before, after in zip(first.layers, client.last.layers, strict=True):
        np.testing.assert_array_equal(before.W, after.W)
        np.testing.assert_array_equal(before.dW, after.dW)
    assert client.history.epoch == 1


def wish(chance, session):
    """A command of the debugger at random, as its name and arguments."""
    branches = [view.number for view in session.snapshot().branches]
    wishes = [
        ("go_to_epoch", int(chance.integers(0, 12))),
        ("go_to", int(chance.integers(0, 12)), int(chance.integers(0, 20))),
        ("set_element", TensorName("W", 1), 0, 1, float(chance.normal())),
        ("change_layer", "redraw", 2),
        ("undo",),
        *[("choose_branch", number) for number in branches],
        ("delete_branch", branches[0] if branches else 0),
        ("edit", int(chance.choice([16, 32]))),
    ]
    return wishes[chance.integers(len(wishes))]


@pytest.mark.parametrize("seed", range(4))
def test_the_history_that_was_sent_is_that_of_the_branch_stood_on(client, qtbot, seed):
    """Not what another branch recorded where the two have parted, however many were passed."""

    def with_batches(size):
        return RunSettings(
            data={"n_samples": 40},
            network={"layers": [3]},
            training={"learning_rate": 0.5, "batch_size": size},
        )

    client.open.emit(with_batches(32))
    qtbot.waitUntil(lambda: client.last is not None, timeout=10_000)
    client.answers = False
    alone, chance = Session(with_batches(32)), np.random.default_rng(seed)
    passed = set()
    for _ in range(25):
        for name, *arguments in [wish(chance, alone) for _ in range(chance.integers(1, 4))]:
            if name == "edit":
                alone.edit(with_batches(*arguments))
                client.edit.emit(with_batches(*arguments))
                continue
            try:
                getattr(alone, name)(*arguments)
            except StateError:
                continue
            client.command.emit(name, tuple(arguments))
        for _ in range(2):
            client.acknowledge.emit()
            assert_quiet(client, qtbot)
        passed.add((alone.generation, alone.branch))
        assert client.last.branch == alone.branch
        assert client.history.rows.tobytes() == alone.history.rows.tobytes()
        norms = client.history.gradient_norms, alone.history.gradient_norms
        assert norms[0].tobytes() == norms[1].tobytes()
    assert not client.errors
    assert len(passed) > 5


def test_edit_of_the_learning_rate_keeps_the_run_and_other_edits_start_another(client, qtbot):
    opened(client, qtbot, epochs=100_000_000)
    client.run.emit()
    qtbot.waitUntil(lambda: client.last.epoch > 0, timeout=5000)
    generation = client.last.generation
    client.edit.emit(settings(epochs=100_000_000, learning_rate=0.5))
    qtbot.waitUntil(lambda: client.last.settings.training.learning_rate == 0.5, timeout=5000)
    assert client.last.generation == generation
    assert client.state() is State.RUNNING
    client.edit.emit(settings(epochs=100_000_000, batch_size=100))
    qtbot.waitUntil(lambda: client.last.generation == generation + 1, timeout=5000)


def test_errors_become_one_signal_and_the_session_stays(client, qtbot):
    opened(client, qtbot)
    client.step.emit("leap")
    assert isinstance(error_after(client, qtbot, 0), SettingsError)
    client.load.emit(Network.build((3, 4, 1), ("relu", "sigmoid")))
    assert isinstance(error_after(client, qtbot, 1), ArrayError)
    client.step.emit("iteration")
    qtbot.waitUntil(lambda: client.last.iteration == 1, timeout=5000)
    assert len(client.errors) == 2


def test_wishes_that_come_too_late_are_no_errors(client, qtbot):
    opened(client, qtbot, epochs=100_000_000)
    for _ in range(7):
        client.run_or_pause.emit()
    qtbot.waitUntil(lambda: client.state() is State.RUNNING, timeout=5000)
    for wish in (client.run, client.pause, client.pause, client.run, client.pause):
        wish.emit()
    for _ in range(3):
        client.step.emit("iteration")
    client.reset.emit()
    client.back.emit("iteration")
    qtbot.waitUntil(lambda: client.state() is State.IDLE, timeout=5000)
    client.back.emit("iteration")
    assert_quiet(client, qtbot)
    assert not client.errors


def test_a_programming_error_while_running_is_reported_once(client, qtbot, monkeypatch):
    opened(client, qtbot, epochs=100_000_000)

    def broken(*args, **kwargs):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(Session, "advance", broken)
    client.run.emit()
    assert isinstance(error_after(client, qtbot, 0), ZeroDivisionError)
    assert_quiet(client, qtbot)
    assert len(client.errors) == 1
    monkeypatch.undo()
    client.acknowledge.emit()
    qtbot.waitUntil(lambda: client.state() is State.PAUSED, timeout=5000)


def test_a_refused_command_does_not_stop_the_run(client, qtbot):
    opened(client, qtbot, epochs=100_000_000)
    client.run.emit()
    qtbot.waitUntil(lambda: client.state() is State.RUNNING, timeout=5000)
    client.load.emit(Network.build((3, 4, 1), ("relu", "sigmoid")))
    assert isinstance(error_after(client, qtbot, 0), ArrayError)
    epoch = client.last.epoch
    qtbot.waitUntil(lambda: client.last.epoch > epoch, timeout=5000)
    assert client.state() is State.RUNNING


def test_divergence_is_a_state_and_not_an_error(client, qtbot):
    opened(client, qtbot, learning_rate=1e100)
    client.run.emit()
    qtbot.waitUntil(lambda: client.state() is State.FAILED, timeout=5000)
    assert client.last.failure.tensor
    assert np.isfinite(client.last.layers[0].W).all()
    assert not client.errors


def test_worker_lives_in_its_own_thread(client, qtbot):
    opened(client, qtbot)
    assert client.worker.thread() is client.thread_
    assert client.worker.thread() is not QThread.currentThread()


def test_close_while_running_ends_the_thread(qtbot):
    client = Client()
    opened(client, qtbot, epochs=100_000_000)
    client.run.emit()
    qtbot.waitUntil(lambda: client.state() is State.RUNNING, timeout=5000)
    client.shut_down()
    assert client.thread_.isFinished()
