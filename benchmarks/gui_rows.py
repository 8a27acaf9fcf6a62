"""The window's rows; each measurement has a process of its own."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.display import display
from benchmarks.report import Row, ratio_row
from benchmarks.rounds import Comparison

STARTS = 9
LONGEST = 600
"""Seconds after which a measurement is given up."""

Environment = dict[str, str]


def rows(quick: bool) -> Iterator[Row]:
    """Each as soon as it is measured."""
    with display() as (where, environment):
        yield from _speed(where, environment)
        yield _gaps(environment)
        yield _pauses(environment)
        yield from _race(environment)
        yield _start(environment)
        if not quick:
            yield _memory(environment)


def _speed(where: str, environment: Environment) -> Iterator[Row]:
    found = _measured("speed", environment)
    comparison = Comparison(tuple(found["windowed"]), tuple(found["alone"]))
    peer = f"Session.advance without a window; {where}, {len(found['panels'])} panels"
    yield ratio_row("Training with the window open", comparison, 0.7, "epochs/s", peer)
    drawn = statistics.median(found["drawn"])
    detail = f"with a {found['grid']} × {found['grid']} decision grid, during the row above"
    yield Row("Snapshots drawn at full speed", drawn, "/s", 10, detail=detail)


def _gaps(environment: Environment) -> Row:
    found = _measured("gaps", environment)
    training, rest = found["training"], found["rest"]
    detail = f"{_percentiles(training)}; without training {_percentiles(rest)}; a timer of 1 ms"
    what = "GUI event loop while training, 95th percentile"
    return Row(what, training["p95"], "ms", 25, at_least=False, detail=detail)


def _pauses(environment: Environment) -> Row:
    found = _measured("pauses", environment)
    detail = f"from the wish to the window that shows it: {_percentiles(found)}"
    return Row("Pause, 95th percentile", found["p95"], "ms", 50, at_least=False, detail=detail)


def _race(environment: Environment) -> Iterator[Row]:
    found = _measured("race", environment)
    detail = (
        f"{found['runs']} runs, each with a 40 × 40 decision grid;"
        f" {found['speed']:,.0f} network-epochs/s meanwhile"
    )
    yield Row("Race of ten: pictures at full speed", found["drawn"], "/s", 20, detail=detail)
    what, between = "GUI event loop during that race, 95th percentile", found["gaps"]
    detail = _percentiles(between)
    yield Row(what, between["p95"], "ms", 25, at_least=False, detail=detail)


def _memory(environment: Environment) -> Row:
    found = _measured("memory", environment)
    detail = (
        f"{found['after']:.0f} MB after {found['epochs']:,} epochs in the window"
        f" ({found['seconds']:.0f} s) beside {found['rest']:.0f} MB at rest"
    )
    added = found["after"] - found["rest"]
    return Row("Memory added by training", added, "MB", 200, at_least=False, detail=detail)


def _start(environment: Environment) -> Row:
    """Both windows in turn; the first pair only warms the disk's cache."""
    pairs = [
        (_first_paint("backscope", environment), _first_paint("bare", environment))
        for _ in range(STARTS + 1)
    ][1:]
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    detail = (
        f"{ours:.2f} s beside {bare:.2f} s (a bare PySide6 and pyqtgraph window);"
        f" {len(pairs)} starts each, in turn"
    )
    what = "Start to first paint with enabled controls"
    return Row(what, ratio, "×", 1.5, at_least=False, detail=detail)


def _first_paint(window: str, environment: Environment) -> float:
    started = time.monotonic()
    return float(_output("benchmarks.first_paint", window, environment)) - started


def _measured(name: str, environment: Environment) -> Any:
    return json.loads(_output("benchmarks.window", name, environment))


def _output(module: str, argument: str, environment: Environment) -> str:
    """What a process printed last; `RuntimeError` with its complaint where it failed."""
    done = subprocess.run(
        [sys.executable, "-m", module, argument],
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {argument} failed:\n{done.stderr}")
    return done.stdout.splitlines()[-1]


def _percentiles(values: dict[str, float]) -> str:
    return (
        f"50 % {values['p50']:.1f}, 95 % {values['p95']:.1f}, 99 % {values['p99']:.1f},"
        f" longest {values['max']:.1f} ms"
    )
