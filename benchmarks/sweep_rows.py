"""A sweep in processes beside scikit-learn's grid search over the same networks and epochs."""

import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.report import Row
from model.data.preparation import prepared
from model.lab.executors import ProcessExecutor
from model.lab.store import Store
from model.lab.sweep import run_sweep
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import Axis
from model.training.settings import RunSettings

JOBS = 2
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
SEEDS = 40
"""200 runs together."""

PEER = "GridSearchCV over MLPClassifier, as many epochs and processes"


def rows(quick: bool) -> Iterator[Row]:
    """The wall time of both, processes started and results stored; once, as each takes minutes."""
    seeds = SEEDS // 10 if quick else SEEDS
    ours, peer = _sweep(seeds), _grid_search(seeds)
    runs, epochs = len(RATES) * seeds, RunSettings().training.epochs
    what = f"{runs} settings × {epochs:,} epochs compared, {JOBS} processes"
    detail = f"{ours:.1f} s beside {peer:.1f} s ({PEER}); one round, wall time"
    yield Row(what, peer / ours, "×", 5, detail=detail)


def _sweep(seeds: int) -> float:
    plan = SweepPlan(RunSettings(), (Axis("training.learning_rate", RATES),), seeds)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "runs.sqlite")) as store:
        started = time.perf_counter()
        progress = run_sweep(plan, store, ProcessExecutor(JOBS))
        taken = time.perf_counter() - started
    if progress.computed != plan.count:
        raise RuntimeError(f"only {progress.computed} of {plan.count} runs were computed")
    return taken


def _grid_search(seeds: int) -> float:
    """One predefined split, nothing fitted again, and no run that ends early."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import GridSearchCV, PredefinedSplit
    from sklearn.neural_network import MLPClassifier

    settings, data = RunSettings(), prepared(RunSettings().data)
    epochs, layers = settings.training.epochs, settings.network.layers
    y = np.concatenate([data.y_train, data.y_test])
    fold = np.repeat([-1, 0], [len(data.y_train), len(data.y_test)])
    network = MLPClassifier(
        hidden_layer_sizes=layers,
        solver="sgd",
        momentum=0,
        alpha=0,
        batch_size=len(data.y_train),
        max_iter=epochs,
        tol=0,
        n_iter_no_change=epochs + 1,
    )
    grid = {"learning_rate_init": list(RATES), "random_state": list(range(seeds))}
    search = GridSearchCV(network, grid, cv=PredefinedSplit(fold), refit=False, n_jobs=JOBS)
    # That no run has converged is what equal work means; the processes read the environment.
    os.environ["PYTHONWARNINGS"] = "ignore"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        started = time.perf_counter()
        search.fit(data.both, y)
        taken = time.perf_counter() - started
    del os.environ["PYTHONWARNINGS"]
    return taken
