"""The history's gradient norms: what they are, on every path, and as they are sent."""

from collections.abc import Callable

import numpy as np
import pytest

from model import Network, RunSettings, Session
from model.data.dataset import Dataset
from model.training.batches import Batches
from model.training.history import History
from model.training.history_part import HistoryPart

Settings = Callable[..., RunSettings]

BATCHES = pytest.mark.parametrize("batch_size", [None, 12])


def _norms(network: Network, data: Dataset, batch_size: int | None, epoch: int) -> list[float]:
    """Of the first batch of an epoch, by the network's own gradients."""
    batches = Batches(data, batch_size, 5, np.dtype(float))
    order = batches.samples(epoch * batches.per_epoch) if batch_size else slice(None)
    _, dW, db = network.loss_and_gradients(data.X_train[order], data.y_train[order])
    return [float(np.sqrt((w**2).sum() + (c**2).sum())) for w, c in zip(dW, db, strict=True)]


@BATCHES
def test_gradient_norms_are_of_the_update_that_leaves_the_epoch(
    batch_size: int | None, small_settings: Settings
) -> None:
    session = Session(small_settings(training={"batch_size": batch_size}))
    expected = []
    for epoch in range(5):
        expected.append(_norms(session.network, session.data, batch_size, epoch))
        session.step("epoch")
    assert session.history.gradient_norms.shape == (5, 3)
    np.testing.assert_allclose(session.history.gradient_norms, expected, rtol=1e-10)


@BATCHES
def test_gradient_norms_are_the_same_bits_on_every_way(
    batch_size: int | None, small_settings: Settings
) -> None:
    settings = small_settings(training={"batch_size": batch_size})
    straight, wandering = Session(settings), Session(settings)
    straight.run(epochs=20)
    wandering.run(epochs=9)
    wandering.go_to_epoch(4)
    for _ in range(50):
        wandering.step("operation")
    wandering.back("epoch")
    wandering.run(epochs=20 - wandering.epoch)
    expected = straight.history.gradient_norms
    assert np.isfinite(expected).all()
    assert wandering.history.gradient_norms.tobytes() == expected.tobytes()


@BATCHES
def test_branch_has_its_own_gradient_norms(
    batch_size: int | None, small_settings: Settings
) -> None:
    session = Session(small_settings(training={"batch_size": batch_size}))
    session.run(epochs=10)
    first = session.history.gradient_norms
    session.go_to_epoch(4)
    session.change_layer("zero", 1)
    session.run(epochs=6)
    branch = session.history.gradient_norms
    np.testing.assert_array_equal(branch[:4], first[:4])
    assert (branch[4:] != first[4:]).any(axis=1).all()
    session.choose_branch(0)
    np.testing.assert_array_equal(session.history.gradient_norms, first)


def test_abandoned_iteration_leaves_no_gradient_norm() -> None:
    session = Session(RunSettings.model_validate({"training": {"learning_rate": 1e100}}))
    session.run()
    assert session.state == "failed"
    assert session.history.gradient_norms.shape == (session.epoch, 3)


def test_single_precision_gradients_do_not_overflow() -> None:
    settings = {"network": {"dtype": "float32"}, "training": {"learning_rate": 1e12}}
    session = Session(RunSettings.model_validate(settings))
    session.run()
    norms = session.history.gradient_norms
    assert np.isfinite(norms).all()
    assert norms.max() > 1e20


def test_history_grows_with_its_norms() -> None:
    history = History()
    for epoch in range(3000):
        history.record(epoch, np.full(4, epoch), np.array([epoch**2, 4.0]))
    np.testing.assert_array_equal(history.gradient_norms[:, 0], np.arange(3000))
    np.testing.assert_array_equal(history.rows[:, 3], np.arange(3000))
    np.testing.assert_array_equal(history.gradient_norms_at(np.array([7, 2999]))[:, 1], [2, 2])
    history.cut(10)
    assert history.gradient_norms.shape == (10, 2)
    assert history.copy(5).gradient_norms.shape == (5, 2)
    assert history.until(20).gradient_norms.shape == (10, 2)


def test_follower_has_the_norms_that_are_sent() -> None:
    """From a run of two layers, then from one of three, then without any."""
    follower, source = History(), History()
    for epoch in range(2000):
        source.record(epoch, np.zeros(4), np.array([epoch, 1.0]))
    follower.apply(source.part(0, 1500))
    follower.apply(source.part(1200, 2000))
    np.testing.assert_array_equal(follower.gradient_norms, source.gradient_norms)
    np.testing.assert_array_equal(source.part(4, 6).gradient_norms, [[2, 1], [5**0.5, 1]])
    follower.apply(HistoryPart(0, np.zeros((2, 4)), np.full((2, 3), 9.0)))
    np.testing.assert_array_equal(follower.gradient_norms, np.full((2, 3), 3.0))
    follower.apply(HistoryPart(2, np.zeros((3, 4))))
    assert np.isnan(follower.gradient_norms[2:]).all()
    assert follower.rows.shape == (5, 4)
