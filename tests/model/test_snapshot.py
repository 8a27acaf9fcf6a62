"""Snapshots: frozen, of one moment, and complete."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from model import RunSettings, Session
from model.nn.operations import TensorName
from model.training.history import History
from model.training.snapshots import View

Settings = Callable[..., RunSettings]


def _arrays(record: Any) -> list[np.ndarray]:
    """Every array in a record and in what it holds."""
    if isinstance(record, np.ndarray):
        return [record]
    if isinstance(record, tuple | list):
        return [array for item in record for array in _arrays(item)]
    if is_dataclass(record):
        return [array for field in fields(record) for array in _arrays(getattr(record, field.name))]
    return []


@pytest.fixture
def session(small_settings: Settings) -> Session:
    session = Session(small_settings())
    session.run(epochs=10)
    return session


def test_snapshot_is_read_only_and_stays_as_it_is(session: Session) -> None:
    x = tuple(session.data.X_train[0])
    snapshot = session.snapshot(View(grid=10, roc=True, probe=x))
    arrays = _arrays(snapshot)
    assert len(arrays) > 30
    assert not any(array.flags.writeable for array in arrays)
    before = [array.copy() for array in arrays]
    session.run(epochs=5)
    for array, was in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, was)


def test_snapshot_gradients_are_those_of_the_step_that_led_here(session: Session) -> None:
    layers, network = session.snapshot().layers, session.network
    session.back()
    before = session.network
    _, dW, db = before.loss_and_gradients(session.data.X_train, session.data.y_train)
    for l, layer in enumerate(layers, start=1):
        assert layer.dW is not None
        assert layer.update_b is not None
        np.testing.assert_array_equal(layer.W, network.W[l - 1])
        np.testing.assert_allclose(layer.dW, dW[l - 1], rtol=1e-12, atol=1e-16)
        np.testing.assert_allclose(layer.db, db[l - 1], rtol=1e-12, atol=1e-16)
        np.testing.assert_array_equal(before.W[l - 1] + layer.update_W, layer.W)
        np.testing.assert_array_equal(layer.update_b, -0.5 * layer.db)


def test_snapshot_gradient_norm_is_over_all_weights_and_biases(session: Session) -> None:
    snapshot = session.snapshot()
    squares = sum((a**2).sum() for layer in snapshot.layers for a in (layer.dW, layer.db))
    assert snapshot.gradient_norm == pytest.approx(squares**0.5, rel=1e-12)


def test_snapshot_before_the_first_step_has_no_gradients(small_settings: Settings) -> None:
    session = Session(small_settings())
    for _ in range(2):
        snapshot = session.snapshot(View(grid=5, roc=True))
        assert (snapshot.epoch, len(snapshot.history.rows)) == (0, 0)
        assert np.isnan(snapshot.gradient_norm)
        assert all(layer.dW is None and layer.update_W is None for layer in snapshot.layers)
        assert np.isfinite(snapshot.train.loss)
        session.run(epochs=2)
        session.go_to(0)


@pytest.mark.parametrize("batch_size", [None, 12])
def test_looking_changes_nothing(
    batch_size: int | None,
    small_settings: Settings,
    everything: Callable[[Session], dict[str, object]],
) -> None:
    """Also between two operations, where the gradients are half made."""
    settings = small_settings(training={"batch_size": batch_size})
    looked, alone = Session(settings), Session(settings)
    for _ in range(100):
        looked.snapshot(View(grid=3, roc=True, probe=(0.1, 0.2)))
        assert everything(looked) == everything(alone)
        looked.step("operation")
        alone.step("operation")


def test_history_followed_by_parts_is_the_whole(session: Session) -> None:
    """Also where the session went back in between."""
    followed, since = History(), 0
    for move in (lambda: session.run(epochs=30), lambda: session.go_to(12), session.step):
        move()
        part = session.snapshot(since=min(since, session.epoch)).history
        followed.apply(part)
        since = session.epoch
        np.testing.assert_array_equal(followed.rows, session.history.rows)


@pytest.mark.parametrize("batch_size", [None, 12])
def test_the_past_knows_the_loss_at_the_last_recorded_epoch(
    batch_size: int | None, small_settings: Settings
) -> None:
    """It has no row yet: that is written when the epoch is left."""
    session = Session(small_settings(training={"batch_size": batch_size}))
    session.run(epochs=10)
    assert np.isnan(session.snapshot().future_loss)
    end = session.snapshot().train.loss
    for move in (lambda: session.go_to_epoch(3), lambda: session.step("phase")):
        move()
        assert session.snapshot().future_loss == pytest.approx(end, rel=1e-12)
    session.set_element(TensorName("W", 1), 0, 0, 0.5)
    assert np.isnan(session.snapshot().future_loss)
    session.undo()
    assert session.snapshot().future_loss == pytest.approx(end, rel=1e-12)
    session.go_to_epoch(10)
    session.step("operation")
    session.set_element(TensorName("W", 1), 0, 0, 0.5)
    session.step("epoch")
    session.go_to_epoch(3)
    changed = session.snapshot().future_loss
    session.go_to_epoch(11)
    assert changed == pytest.approx(session.snapshot().train.loss, rel=1e-12)
    session.set_element(TensorName("W", 1), 0, 0, 1.5)
    session.go_to_epoch(3)
    assert np.isnan(session.snapshot().future_loss)


def test_probe_shows_a_samples_way_through_the_network(session: Session) -> None:
    data = session.data
    x = data.X_test[3]
    probe = session.snapshot(View(probe=tuple(x))).probe
    assert probe is not None
    assert probe.label == int(data.y_test[3])
    np.testing.assert_allclose(probe.raw, data.raw(x))
    a = x
    for W, b, A, g in zip(
        session.network.W,
        session.network.b,
        probe.activations[1:],
        (np.tanh, np.tanh, lambda z: 1 / (1 + np.exp(-z))),
        strict=True,
    ):
        a = g(W @ a + b[:, 0])
        np.testing.assert_allclose(A, a, rtol=1e-12)
    assert probe.probability == pytest.approx(float(a[0]), rel=1e-12)


def test_probe_away_from_every_sample_has_no_label(session: Session) -> None:
    probe = session.snapshot(View(probe=(9.0, 9.0))).probe
    assert probe is not None
    assert probe.label is None
    assert session.snapshot(View(probe=(9.0,))).probe is None


def test_generation_tells_one_run_from_the_next(session: Session) -> None:
    generations = [session.snapshot().generation]
    session.go_to(3)
    generations.append(session.snapshot().generation)
    session.reset()
    generations.append(session.snapshot().generation)
    assert generations[0] == generations[1] < generations[2]
