"""How long a sweep will take, from the first epochs of two of its runs."""

import time
from dataclasses import dataclass
from typing import Final

from threadpoolctl import threadpool_limits

from model.lab.block import Block
from model.lab.stack import BLOCK, most_of
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import Axis, Variant, variants
from model.training.settings import RunSettings

SECONDS: Final = 0.2
"""For which each of the two is trained, about."""


@dataclass(frozen=True)
class Estimate:
    """The number of runs and about how many seconds they take together."""

    runs: int
    seconds: float


def estimate(plan: SweepPlan, jobs: int = 1, runs: int | None = None) -> Estimate:
    """Measured on this machine, on the runs with the first and with the last values.

    `runs` of the plan are to be carried out, all of them without it. Runs that end early take
    less; `seconds` is 0 where neither of the two is allowed.
    """
    count = plan.count if runs is None else runs
    ends = [_corner(plan, 0), _corner(plan, -1)]
    times = [_seconds(one.settings) for one in ends if one.settings is not None]
    average = sum(times) / len(times) if times else 0.0
    return Estimate(count, average * count / jobs)


def _corner(plan: SweepPlan, place: int) -> Variant:
    axes = [Axis(axis.path, (axis.values[place],)) for axis in plan.axes]
    return next(variants(plan.settings, axes, None if plan.seeds is None else 1))


def _seconds(settings: RunSettings) -> float:
    """A run's share of a stack of its like, from the first epochs."""
    block = Block([settings] * min(BLOCK, most_of(settings)))
    trained, epochs, started = 0, 1, time.perf_counter()
    with threadpool_limits(1):
        while block.running and (time.perf_counter() - started) < SECONDS:
            trained += block.advance(epochs)
            epochs *= 2
    taken = time.perf_counter() - started
    return taken / max(trained, 1) * settings.training.epochs
