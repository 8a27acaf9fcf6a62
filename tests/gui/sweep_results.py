"""Small sweeps that have really been run, for the panels that show them."""

from functools import cache

from model.lab.executors import SerialExecutor
from model.lab.results import Results, results_of
from model.lab.store import Store
from model.lab.sweep import run_sweep
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import axis_of
from model.settings_fields import with_changes
from model.training.settings import RunSettings

RATES = "learning_rate=0.01,0.1,1,1e100"
TABLE = ("initializer=zeros,he", "activation=relu,tanh,sigmoid")


def plan_of(*vary: str, seeds: int | None = 3, epochs: int = 10) -> SweepPlan:
    """Ten epochs on twenty points."""
    base = with_changes(RunSettings(), {"data.n_samples": 20, "training.epochs": epochs})
    return SweepPlan(base, tuple(map(axis_of, vary)), seeds)


@cache
def swept(*vary: str, seeds: int | None = 3, epochs: int = 10) -> Results:
    """The results of a plan, as they are in a store."""
    plan = plan_of(*vary, seeds=seeds, epochs=epochs)
    with Store() as store:
        run_sweep(plan, store, SerialExecutor())
        sweep = store.sweep(plan.spec, "", plan.count)
        return results_of(plan, store.rows(sweep))


def part_of(results: Results, runs: int) -> Results:
    """The same sweep when its first runs had arrived."""
    plan = results.plan
    with Store() as store:
        run_sweep(plan, store, SerialExecutor())
        sweep = store.sweep(plan.spec, "", plan.count)
        return results_of(plan, list(store.rows(sweep))[:runs])
