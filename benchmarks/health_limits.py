"""`python -m benchmarks.health_limits [--quick]`: what separates failing runs from healthy ones.

For each rule of layer health the farthest that any run goes which is well, and how far each
failing run goes at least: the limits in `model.analysis.health_limits` lie between the two.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.environment import threads
from benchmarks.health_runs import FAILING, HEALTHY, LAB, Trial
from model.analysis.health_advice import RULES, Rule, advice
from model.analysis.health_evidence import Evidence, evidence

SEEDS = {"lab": 50, "healthy": 5, "failing": 20}


@dataclass
class Course:
    """One run: how far each rule's measure went towards being wrong, and what was said when."""

    farthest: dict[str, float] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    alarms: int = 0
    states: int = 0

    def note(self, state: Evidence, epoch: int) -> None:
        """Take in one state."""
        for rule in RULES:
            numbers = [number for _, number in rule.measure(state) if not math.isnan(number)]
            if numbers:
                known = [self.farthest[rule.kind]] if rule.kind in self.farthest else []
                self.farthest[rule.kind] = worst(rule, [*known, *numbers])
        found = advice(state)
        for each in found:
            self.first.setdefault(each.kind, epoch)
        self.alarms += bool(found)
        self.states += 1


def worst(rule: Rule, numbers: Sequence[float]) -> float:
    """The one that is wrong first, should the limit be moved towards it."""
    return max(numbers) if rule.wrong(math.inf, rule.limit) else min(numbers)


def course(trial: Trial, seed: int) -> Course:
    """Every epoch's state of a trial's run."""
    noted, session = Course(), trial.session(seed)
    run = session.current_run
    while True:
        with np.errstate(all="ignore"):
            run.evaluate_epoch()
            noted.note(evidence(run), run.epoch)
        if run.epoch >= trial.epochs or session.state == "failed":
            return noted
        session.run(epochs=1)


def main() -> None:
    """Print the table; `--quick` takes a tenth of the seeds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.health_limits", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the seeds")
    share = 10 if parser.parse_args().quick else 1
    counts = {name: -(-count // share) for name, count in SEEDS.items()}
    with threads(1):
        for line in _well((LAB,), counts["lab"]):
            print(line, flush=True)
        for line in _well(HEALTHY, counts["healthy"]):
            print(line, flush=True)
        for line in _failing(counts["failing"]):
            print(line, flush=True)


def _well(trials: Sequence[Trial], seeds: int) -> Iterator[str]:
    """The farthest of all, rule by rule, and every false alarm."""
    everything: list[Course] = []
    for trial in trials:
        courses = [course(trial, seed) for seed in range(seeds)]
        everything += courses
        alarms, states = sum(c.alarms for c in courses), sum(c.states for c in courses)
        kinds = Counter(kind for c in courses for kind in c.first)
        said = ", ".join(f"{kind} in {count}" for kind, count in kinds.items())
        yield f"{trial.name:<40} {alarms:>6} of {states:,} states with a warning  {said}"
    for rule in RULES:
        reached = [c.farthest[rule.kind] for c in everything if rule.kind in c.farthest]
        if reached:
            yield f"    {rule.kind:<20} limit {rule.limit:<8g} reached {worst(rule, reached):.3g}"


def _failing(seeds: int) -> Iterator[str]:
    """For each trial the kinds due, how far the mildest seed goes, and the epoch of the first."""
    for trial in FAILING:
        courses = [course(trial, seed) for seed in range(seeds)]
        firsts = [min((c.first[k] for k in trial.kinds if k in c.first), default=-1)
                  for c in courses]  # fmt: skip
        seen = [first for first in firsts if first >= 0]
        yield (
            f"{trial.name:<40} recognised {len(seen)} of {seeds},"
            f" from epoch {min(seen, default=-1)} to {max(seen, default=-1)}"
        )
        for rule in RULES:
            reached = [c.farthest[rule.kind] for c in courses if rule.kind in c.farthest]
            if rule.kind in trial.kinds and reached:
                mildest = min(reached) if worst(rule, [0.0, 1.0]) else max(reached)
                yield f"    {rule.kind:<20} limit {rule.limit:<8g} at least {mildest:.3g}"


if __name__ == "__main__":
    main()
