"""The window measured from inside, in a process of its own: `python -m benchmarks.window speed`.

What is measured is printed as one line of JSON.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import psutil
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot

from benchmarks.session_rows import endless_settings
from gui.app import build
from model.lab.variants import Axis
from model.training.session import Session
from model.training.snapshots import Snapshot, State

PATIENCE = 600_000
"""Milliseconds after which a wait is given up."""
ROUNDS = 7
SECONDS = 1.5
PAUSES = 40
MEMORY_EPOCHS = 1_000_000
RATES = Axis("training.learning_rate", tuple(0.001 * 2.0**k for k in range(10)))


class Lab(QObject):
    """A window with all its panels and the wishes of a user, with waiting for their effect."""

    def __init__(self) -> None:
        super().__init__()
        self.app, self.window, self.controller = build([])
        self.snapshots = 0
        self._reached: Callable[[], bool] = lambda: False
        self._loop = QEventLoop(self)
        self.controller.snapshot_shown.connect(self._on_controller_snapshot_shown)
        self._until(lambda: self.controller.snapshot is not None)
        self.controller.edit_requested.emit(endless_settings())
        self.rest(1.0)

    @property
    def shown(self) -> Snapshot:
        """The last snapshot that was drawn."""
        snapshot = self.controller.snapshot
        assert snapshot is not None
        return snapshot

    @property
    def epoch(self) -> int:
        """Its epochs."""
        return self.shown.epoch

    def run(self) -> None:
        """Full speed, whatever speed the window opened with."""
        self.window.command_requested.emit("speed_max")
        self.window.command_requested.emit("run")
        self._until(lambda: self.shown.state is State.RUNNING)

    def pause(self) -> None:
        """Stop, and wait until the window says so."""
        self.window.command_requested.emit("pause")
        self._until(lambda: self.shown.state is State.PAUSED)

    def rest(self, seconds: float) -> None:
        """Let events come and go."""
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop, loop.quit)
        loop.exec()

    def until_epoch(self, epoch: int) -> None:
        """Wait until the window shows that epoch or a later one."""
        self._until(lambda: self.epoch >= epoch)

    def close(self) -> None:
        """End the thread and the window."""
        self.controller.shut_down()
        self.window.close()

    def _until(self, reached: Callable[[], bool]) -> None:
        """Wait for the snapshot with which `reached` becomes true."""
        limit = QTimer(singleShot=True, interval=PATIENCE)
        limit.timeout.connect(self._loop.quit)
        limit.start()
        self._reached = reached
        if not reached():
            self._loop.exec()
        limit.stop()
        if not reached():
            raise TimeoutError("the window did not answer")

    @Slot(object)
    def _on_controller_snapshot_shown(self, snapshot: Snapshot) -> None:
        self.snapshots += 1
        if self._reached():
            self._loop.quit()


def speed(lab: Lab) -> dict[str, Any]:
    """Epochs a second with the window open and without it, in turn; snapshots a second."""
    headless = Session(endless_settings())
    headless.run(1000)
    drawn, windowed, alone = [], [], []
    for _ in range(ROUNDS):
        lab.run()
        lab.rest(0.3)
        first, pictures, started = lab.epoch, lab.snapshots, time.perf_counter()
        lab.rest(SECONDS)
        pictures, taken = lab.snapshots - pictures, time.perf_counter() - started
        windowed.append((lab.epoch - first) / taken)
        drawn.append(pictures / taken)
        lab.pause()
        started, first = time.perf_counter(), headless.epoch
        headless.begin(10**8)
        headless.advance(SECONDS)
        headless.pause()
        alone.append((headless.epoch - first) / (time.perf_counter() - started))
    grid = lab.shown.grid
    points = len(grid.x) if grid is not None else 0
    seen = [type(panel).__name__ for panel in lab.window.panels if panel.isVisible()]
    return {"windowed": windowed, "alone": alone, "drawn": drawn, "grid": points, "panels": seen}


def gaps(lab: Lab) -> dict[str, Any]:
    """Milliseconds between two turns of the GUI's event loop while training runs."""
    times: list[float] = []
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
    timer.timeout.connect(lambda: times.append(time.perf_counter()))
    result = {}
    for name, wish in (("rest", lambda: None), ("training", lab.run)):
        wish()
        lab.rest(0.5)
        times.clear()
        timer.start()
        lab.rest(8.0 if name == "training" else 2.0)
        timer.stop()
        result[name] = _percentiles([1000 * (b - a) for a, b in pairwise(times)])
    lab.pause()
    return result


def pauses(lab: Lab) -> dict[str, Any]:
    """Milliseconds from the wish to pause until the window shows the state."""
    taken = []
    for number in range(PAUSES):
        lab.run()
        lab.rest(0.1 + 0.007 * (number % 10))
        started = time.perf_counter()
        lab.pause()
        taken.append(1000 * (time.perf_counter() - started))
    return _percentiles(taken)


def memory(lab: Lab) -> dict[str, Any]:
    """Megabytes of the process at rest and after so many epochs in the window."""
    lab.rest(2.0)
    before = _megabytes()
    started = time.perf_counter()
    lab.run()
    lab.until_epoch(MEMORY_EPOCHS)
    lab.pause()
    lab.rest(2.0)
    result = {"rest": before, "after": _megabytes(), "epochs": lab.epoch}
    return {**result, "seconds": time.perf_counter() - started}


def _megabytes() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss / 2**20)


def _percentiles(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(values)}


def race(lab: Lab) -> dict[str, Any]:
    """Ten learning rates in step at full speed: pictures a second, gaps of the event loop."""
    lab.window.commands.action("compare_view").trigger()
    racing = lab.controller.racing
    assert racing is not None
    drawn: list[float] = []
    racing.race_shown.connect(lambda race: drawn.append(time.perf_counter()))
    racing.open_requested.emit(endless_settings(), (RATES,), None)
    lab.rest(2.0)
    lab.window.command_requested.emit("speed_max")
    lab.window.command_requested.emit("run")
    turns: list[float] = []
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
    timer.timeout.connect(lambda: turns.append(time.perf_counter()))
    lab.rest(1.0)
    drawn.clear()
    timer.start()
    lab.rest(10.0)
    timer.stop()
    pictures = (len(drawn) - 1) / (drawn[-1] - drawn[0])
    speed = racing.race.network_epochs_per_second if racing.race is not None else 0.0
    lab.window.command_requested.emit("pause")
    lab.rest(0.5)
    between = _percentiles([1000 * (b - a) for a, b in pairwise(turns)])
    return {"drawn": pictures, "gaps": between, "speed": speed, "runs": len(RATES.values)}


MEASUREMENTS = {"speed": speed, "gaps": gaps, "pauses": pauses, "memory": memory, "race": race}


def main() -> None:
    """Measure and print; the thread ends in any case, so that an error can be read."""
    lab = Lab()
    try:
        print(json.dumps(MEASUREMENTS[sys.argv[1]](lab)))
    finally:
        lab.close()


if __name__ == "__main__":
    main()
