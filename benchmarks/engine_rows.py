"""The engine alone on the lab's network and on the digits, beside plain NumPy and PyTorch."""

import time
from collections.abc import Iterator

import numpy as np

from benchmarks import plain_lab
from benchmarks.environment import installed, threads
from benchmarks.report import Row, ratio_row
from benchmarks.rounds import Work, compare
from benchmarks.torch_peer import torch_work
from model.data.preparation import prepared
from model.nn.backprop import Backprop, exhaust
from model.nn.network import Network
from model.nn.tensors import BatchTensors, GradientTensors
from model.training.settings import RunSettings

RATE = 0.01
STACK = 8
DIGITS = (64, 256, 128, 10)
DIGITS_BATCH = 256


def rows() -> Iterator[Row]:
    """Each as soon as it is measured."""
    with threads(1):
        yield _beside_plain()
        if installed("torch"):
            yield _beside_torch()
        yield _stacked()
    if installed("torch"):
        yield _digits(1, 1.3)
        yield _digits(2, 1.8)


def _beside_plain() -> Row:
    X, Y = lab_data()
    parameters = plain_lab.initialize(plain_lab.LAYERS, seed=0)

    def plain(count: int) -> None:
        plain_lab.train(X.T, Y.T, parameters, RATE, count)

    comparison = compare(engine_work(plain_lab.LAYERS, X, Y), plain)
    return ratio_row("Engine, lab network", comparison, 2.0, "iterations/s", "plain NumPy")


def _beside_torch() -> Row:
    X, Y = lab_data()
    peer = torch_work(plain_lab.LAYERS, X, Y, RATE)
    comparison = compare(engine_work(plain_lab.LAYERS, X, Y), peer)
    name = "PyTorch eager, 1 thread"
    return ratio_row("Engine, lab network", comparison, 3.0, "iterations/s", name)


def _stacked() -> Row:
    """An iteration of the stack is one of each network; so is one of the peer's."""
    X, Y = lab_data()
    singles = [engine_work(plain_lab.LAYERS, X, Y, seed=seed) for seed in range(STACK)]

    def one_after_another(count: int) -> None:
        for single in singles:
            single(count)

    stack = engine_work(plain_lab.LAYERS, X, Y, stack=STACK)
    comparison = compare(stack, one_after_another)
    what, peer = f"{STACK} lab networks stacked", "one after another, 1 thread"
    return ratio_row(what, comparison, 1.4, "network-epochs/s", peer, STACK)


def _digits(count: int, target: float) -> Row:
    """Ten sigmoid outputs with binary cross-entropy on both sides: there is no softmax yet."""
    X, Y = digits_data()
    with threads(count):
        peer = torch_work(DIGITS, X, Y, RATE)
        clock = time.process_time if count == 1 else time.perf_counter
        comparison = compare(engine_work(DIGITS, X, Y), peer, clock)
    what = f"Digits network, float32, BLAS threads: {count}"
    name = f"PyTorch eager, threads: {count}; 10 sigmoid outputs on both sides"
    return ratio_row(what, comparison, target, "iterations/s", name)


def lab_data() -> tuple[np.ndarray, np.ndarray]:
    """X (800, 2) and Y (800, 1), the lab's training set."""
    data = prepared(RunSettings().data)
    return np.array(data.X_train), np.array(data.y_train)[:, None]


def digits_data() -> tuple[np.ndarray, np.ndarray]:
    """X (256, 64) between 0 and 1 and Y (256, 10), one column a digit."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    first = slice(DIGITS_BATCH)
    return (X[first] / 16).astype(np.float32), np.eye(10, dtype=np.float32)[y[first]]


def engine_work(
    sizes: tuple[int, ...], X: np.ndarray, Y: np.ndarray, stack: int = 0, seed: int = 0
) -> Work:
    """Iterations of the engine on one batch; X (m, n_0) and Y (m, n_L) give the precision."""
    return iterations(engine(sizes, X, Y, stack, seed))


def engine(
    sizes: tuple[int, ...], X: np.ndarray, Y: np.ndarray, stack: int = 0, seed: int = 0
) -> Backprop:
    """A network bound to one batch, as `engine_work` trains it."""
    hidden = ["relu"] * (len(sizes) - 2)
    axes = (stack,) if stack else ()
    network = Network.build(sizes, [*hidden, "sigmoid"], dtype=X.dtype, stack=axes)
    network.initialize("he", "zeros", np.random.default_rng(seed))
    batch = BatchTensors(network.architecture, len(X))
    batch.load(X.T, Y.T)
    rate = np.array(RATE, X.dtype)
    return Backprop(network, batch, GradientTensors(network.architecture), rate)


def iterations(bound: Backprop) -> Work:
    """Iterations in one go, as training makes them."""

    def work(count: int) -> None:
        with np.errstate(all="ignore"):
            for _ in range(count):
                exhaust(bound.iteration())

    return work
