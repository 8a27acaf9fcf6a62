"""What breakpoints cost while none is met, on the digits network and in a session of the lab's."""

import statistics
from collections.abc import Iterator

import numpy as np

from benchmarks.engine_rows import DIGITS, digits_data, engine, iterations
from benchmarks.environment import threads
from benchmarks.report import Row
from benchmarks.rounds import Comparison, Work, compare
from benchmarks.session_rows import endless_settings
from model.nn.backprop import Backprop, exhaust
from model.training.breakpoints import Breakpoints
from model.training.conditions import (
    Condition,
    DeadUnits,
    EpochReached,
    LargestLimit,
    LossLimit,
    LossNotFinite,
    LossRising,
    NormLimit,
    UpdateRatio,
    ZerosLimit,
)
from model.training.history import History
from model.training.session import Session

TEN: tuple[Condition, ...] = (
    EpochReached(epoch=100_000_000),
    LossNotFinite(),
    LossLimit(limit=1e6),
    LossRising(epochs=50),
    NormLimit(tensor="dW", layer=1, limit=1e6),
    NormLimit(tensor="A", layer=1, limit=1e9),
    LargestLimit(tensor="W", layer=2, limit=1e6),
    ZerosLimit(tensor="A", layer=1, limit=0.999),
    UpdateRatio(layer=2, low=0, high=100),
    DeadUnits(layer=1, limit=0.99),
)
"""About the epoch, the loss and the tensors; these networks never meet one of them."""

LOSSES = 20
"""Epochs in the history that the engine alone does not write."""


def rows() -> Iterator[Row]:
    """Each as soon as it is measured."""
    with threads(1):
        yield _digits()
        yield _lab()


def _digits() -> Row:
    """The engine alone: the session has no data set with ten classes."""
    bound = engine(DIGITS, *digits_data())
    comparison = compare(_watched(bound), iterations(bound))
    slower = statistics.median(100 * (1 / ratio - 1) for ratio in comparison.ratios)
    detail = f"{_speeds(comparison, 'iterations/s')}; the engine with Breakpoints.check after each"
    what = f"{len(TEN)} conditions not met, digits network: slower by"
    return Row(what, slower, "%", 5, at_least=False, detail=detail)


def _lab() -> Row:
    """Session.run as the window drives it."""
    watched, plain = Session(endless_settings()), Session(endless_settings())
    for condition in TEN:
        watched.add_breakpoint(condition)
    comparison = compare(watched.run, plain.run)
    if watched.hit is not None:
        raise RuntimeError(f"{watched.hit.text}: this condition was to be met by no state")
    pairs = zip(comparison.ours, comparison.peer, strict=True)
    cost = statistics.median(1e6 * (1 / ours - 1 / peer) / len(TEN) for ours, peer in pairs)
    what = f"{len(TEN)} conditions not met, lab network: each"
    detail = f"{_speeds(comparison, 'epochs/s')}; Session.run on both sides"
    return Row(what, cost, "µs", 5, at_least=False, detail=detail)


def _speeds(comparison: Comparison, units: str) -> str:
    ours, plain = (statistics.median(side) for side in (comparison.ours, comparison.peer))
    return f"{ours:,.0f} beside {plain:,.0f} {units} without a breakpoint"


def _watched(bound: Backprop) -> Work:
    history = History()
    for epoch in range(LOSSES):
        history.record(epoch, np.array([1.0, 1.0, 0.5, 0.5]))
    breakpoints = Breakpoints(bound.program)
    for condition in TEN:
        breakpoints.add(condition)

    def work(count: int) -> None:
        with np.errstate(all="ignore"):
            for iteration in range(count):
                exhaust(bound.iteration())
                if breakpoints.check(bound.tensor, iteration, 1, history) is not None:
                    raise RuntimeError("these conditions were to be met by no state")

    return work
