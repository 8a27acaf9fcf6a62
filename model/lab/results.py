"""What a sweep leaves: its runs, their statistics and the bands of their curves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from model.lab.loss_bands import LossBand, LossBands
from model.lab.outcome import NO_CURVES
from model.lab.row import Row
from model.lab.summaries import RATE, HeatTable, Rates, Summary, heat_table, rates, summaries
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import Axis


@dataclass(frozen=True)
class Results:
    """A sweep as far as it has come; every array is read-only.

    `rows` are its runs by number, without their curves: a store has those, `bands` what a figure
    shows of them. `summaries` has one entry for each combination of values, over the seeds.
    """

    plan: SweepPlan
    rows: tuple[Row, ...]
    summaries: tuple[Summary, ...]
    bands: tuple[LossBand, ...]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """What varies."""
        return self.plan.axes

    @property
    def rates(self) -> Rates | None:
        """Learning rate against loss, None where the rate does not vary."""
        return rates(self.rows) if RATE in self.plan.grouping else None

    def heat(self, quantity: str = "loss") -> HeatTable | None:
        """The table over the first two axes, None where there are fewer."""
        paths = self.plan.grouping[:2]
        return heat_table(self.rows, *paths, quantity) if len(paths) == 2 else None


def results_of(plan: SweepPlan, rows: Iterable[Row]) -> Results:
    """From rows with their curves, which are read once, one after the other."""
    bands, kept = LossBands(plan.grouping, plan.epochs), []
    for row in rows:
        bands.add(row)
        kept.append(replace(row, outcome=replace(row.outcome, curves=NO_CURVES)))
    return Results(plan, tuple(kept), summaries(kept, plan.grouping), bands.bands)
