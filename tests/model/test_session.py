"""The session as its user sees it: seeds, epochs, batches, stop rules, wrong calls."""

import math
from collections.abc import Callable
from itertools import count

import numpy as np
import pytest

from model import Network, RunSettings, Session
from model.errors import ArrayError, SettingsError, StateError
from model.nn.backprop import Backprop

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], dict[str, object]]

BATCHES = pytest.mark.parametrize("batch_size", [None, 12, 32, 1000])


def _cross_entropy(network: Network, X: np.ndarray, y: np.ndarray) -> float:
    """The textbook's loss from the probabilities; good for moderate Z."""
    p = network.predict_proba(X)[:, 0]
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


@BATCHES
def test_two_runs_with_one_seed_are_the_same(
    batch_size: int | None, small_settings: Settings, everything: Everything
) -> None:
    settings = small_settings(training={"batch_size": batch_size})
    sessions = [Session(settings), Session(settings)]
    for session in sessions:
        session.run(epochs=20)
    assert everything(sessions[0]) == everything(sessions[1])


def test_another_seed_draws_other_weights_and_another_order(small_settings: Settings) -> None:
    sessions = [
        Session(small_settings(network={"seed": seed}, training={"batch_size": 12}))
        for seed in (1, 2)
    ]
    for session in sessions:
        session.step()
    one, other = sessions
    assert (one.tensor("W", 1) != other.tensor("W", 1)).all()
    assert (one.tensor("X") != other.tensor("X")).any()


@BATCHES
def test_history_belongs_to_the_state_after_k_updates(
    batch_size: int | None, small_settings: Settings
) -> None:
    """Row k of a run against an independent look at the network that stands at epoch k."""
    session = Session(small_settings(training={"batch_size": batch_size}))
    data, networks = session.data, []
    for epoch in range(6):
        assert session.epoch == epoch
        networks.append(session.network)
        session.step("epoch")
    history = session.history
    assert history.rows.shape == (6, 4)
    for k, network in enumerate(networks):
        for X, y, loss, accuracy in (
            (data.X_train, data.y_train, history.loss, history.accuracy),
            (data.X_test, data.y_test, history.test_loss, history.test_accuracy),
        ):
            assert loss[k] == pytest.approx(_cross_entropy(network, X, y), rel=1e-12)
            right = (network.predict_proba(X)[:, 0] >= 0.5) == (y == 1)
            assert accuracy[k] == right.mean()


def test_history_without_a_test_set_says_so(small_settings: Settings) -> None:
    session = Session(small_settings(data={"test_share": 0}))
    session.run(epochs=3)
    assert np.isnan(session.history.test_loss).all()
    assert np.isnan(session.history.test_accuracy).all()
    assert np.isfinite(session.history.loss).all()
    test = session.snapshot().test
    assert math.isnan(test.loss)
    assert math.isnan(test.accuracy)


def test_short_last_batch_is_averaged_over_its_own_size(small_settings: Settings) -> None:
    """32 samples in batches of 12: the third holds 8, and its gradient is a mean over those 8."""
    session = Session(small_settings(training={"batch_size": 12}))
    sizes, columns = [], []
    for _ in range(3):
        before = session.network
        session.step("iteration")
        X, Y = session.tensor("X"), session.tensor("Y")
        sizes.append(X.shape[1])
        columns += [tuple(x) for x in X.T]
        loss, dW, db = before.loss_and_gradients(X.T, Y.T)
        assert float(session.tensor("J")) == pytest.approx(loss, rel=1e-14)
        assert float(session.tensor("J")) == pytest.approx(
            _cross_entropy(before, X.T, Y[0]), rel=1e-12
        )
        for l in (1, 2, 3):
            np.testing.assert_allclose(session.tensor("dW", l), dW[l - 1], rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(session.tensor("db", l), db[l - 1], rtol=1e-12, atol=1e-15)
    assert sizes == [12, 12, 8]
    assert sorted(columns) == sorted(tuple(x) for x in session.data.X_train)
    session.step("iteration")
    assert session.tensor("X").shape[1] == 12


def test_batches_come_in_another_order_each_epoch(small_settings: Settings) -> None:
    session = Session(small_settings(training={"batch_size": 12}))
    first = []
    for _ in range(3):
        session.step("iteration")
        first.append(session.tensor("X"))
        session.step("epoch")
    assert (first[0] != first[1]).any()
    assert (first[1] != first[2]).any()


def test_batch_as_large_as_the_training_set_is_the_full_batch(
    small_settings: Settings, everything: Everything
) -> None:
    runs = []
    for size in (None, 32, 5000):
        session = Session(small_settings(training={"batch_size": size}))
        session.run(epochs=4)
        runs.append(everything(session))
    assert runs[0] == runs[1] == runs[2]


@BATCHES
def test_reset_restores_the_first_weights_bit_for_bit(
    batch_size: int | None, small_settings: Settings, everything: Everything
) -> None:
    session = Session(small_settings(training={"batch_size": batch_size}))
    beginning = everything(session)
    session.run(epochs=5)
    after = everything(session)
    session.reset()
    assert session.state == "idle"
    assert everything(session) == beginning
    session.run(epochs=5)
    assert everything(session) == after


def test_reset_keeps_loaded_weights(small_settings: Settings) -> None:
    session = Session(small_settings())
    loaded = session.network
    loaded.parameters[...] = np.linspace(-1, 1, loaded.parameters.size)
    wanted = loaded.parameters.copy()
    session.load_parameters(loaded)
    loaded.parameters[...] = 0.0
    assert session.state == "idle"
    np.testing.assert_array_equal(session.network.parameters, wanted)
    session.run(epochs=3)
    session.reset()
    np.testing.assert_array_equal(session.network.parameters, wanted)


def test_loaded_weights_that_do_not_fit_change_nothing(
    small_settings: Settings, everything: Everything
) -> None:
    session = Session(small_settings())
    session.run(epochs=3)
    before, generation = everything(session), session.generation
    with pytest.raises(ArrayError):
        session.load_parameters(Network.build((3, 4, 3, 1), ("tanh", "tanh", "sigmoid")))
    assert everything(session) == before
    assert (session.state, session.generation) == ("paused", generation)


def test_run_goes_to_the_epochs_of_the_settings(small_settings: Settings) -> None:
    session = Session(small_settings(training={"epochs": 7}))
    session.run()
    assert (session.state, session.epoch) == ("finished", 7)
    assert session.finished_because == "reached 7 epochs"
    session.run()
    assert (session.state, session.epoch) == ("finished", 7)


@BATCHES
def test_run_with_a_number_goes_on_by_as_many_whatever_the_settings_say(
    batch_size: int | None, small_settings: Settings
) -> None:
    session = Session(small_settings(training={"epochs": 7, "batch_size": batch_size}))
    states = []
    for epochs in (3, 2, 10):
        session.run(epochs=epochs)
        states.append((session.epoch, str(session.state)))
    assert states == [(3, "paused"), (5, "paused"), (15, "finished")]
    session.run()
    assert session.epoch == 15


def test_run_stops_when_the_loss_has_stayed_flat(small_settings: Settings) -> None:
    """The first epoch at which the last 4 changes of the loss are all below the tolerance."""
    tolerance, patience = 2e-3, 4
    session = Session(small_settings(training={"tolerance": tolerance, "patience": patience}))
    session.run()
    assert session.state == "finished"
    loss = session.history.loss
    flat = np.abs(np.diff(loss)) < tolerance
    windows = np.lib.stride_tricks.sliding_window_view(flat, patience).all(axis=1)
    assert list(np.flatnonzero(windows)) == [len(windows) - 1]
    assert session.epoch < 1000
    assert session.finished_because == (
        f"converged at epoch {session.epoch}: the loss changed by less than 0.002 for 4 epochs"
    )


def test_converged_run_goes_on_where_asked_again(small_settings: Settings) -> None:
    session = Session(small_settings(training={"tolerance": 2e-3, "patience": 4}))
    session.run()
    first = session.epoch
    session.run()
    assert session.epoch == first
    session.run(epochs=3)
    assert (session.state, session.epoch) == ("paused", first + 3)
    session.run()
    assert session.state == "finished"
    session.step()
    assert session.state == "paused"
    assert session.finished_because == ""


def test_tolerance_zero_never_stops_early(small_settings: Settings) -> None:
    """A network of zeros with tanh has no gradient but the output's bias: soon nothing moves."""
    session = Session(
        small_settings(network={"initializer": "zeros"}, training={"epochs": 300, "patience": 1})
    )
    session.run()
    assert session.epoch == 300


def test_unknown_kind_of_step_is_refused_with_those_there_are(small_settings: Settings) -> None:
    session = Session(small_settings())
    for command in (session.step, session.back):
        with pytest.raises(SettingsError, match="'batch' is unknown") as caught:
            command("batch")
        assert "operation, layer, phase, iteration, epoch" in caught.value.hint
    assert session.state == "idle"


@pytest.mark.parametrize(("iteration", "operation"), [(-1, 0), (3, -1), (3, 31), (3, 400)])
def test_go_to_nowhere_is_refused(
    iteration: int, operation: int, small_settings: Settings, everything: Everything
) -> None:
    session = Session(small_settings())
    session.run(epochs=5)
    before = everything(session)
    with pytest.raises(StateError, match=r"There is no operation|must not be negative"):
        session.go_to(iteration, operation)
    assert everything(session) == before


def test_going_back_before_the_beginning_is_refused(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.step("operation")
    session.back("epoch")
    assert (session.iteration, session.operation) == (0, 0)
    with pytest.raises(StateError, match="This is the beginning"):
        session.back("operation")


def test_advance_takes_about_the_seconds_it_is_given(small_settings: Settings) -> None:
    """A clock that ticks once a look: half a second is over after five epochs of a tenth."""
    ticks = count()
    session = Session(small_settings(), clock=lambda: next(ticks) / 10)
    session.begin()
    session.advance(0.5)
    assert (session.state, session.epoch) == ("running", 5)


def test_speed_is_that_of_late_and_zero_where_nothing_runs(small_settings: Settings) -> None:
    now = [0.0]
    session = Session(small_settings(), clock=lambda: now[0])
    assert session.epochs_per_second == 0.0
    session.begin()
    for seconds, epochs in ((0.25, 50), (0.25, 50), (0.5, 20), (0.5, 20)):
        now[0] += seconds
        session.advance(60.0, epochs=epochs)
    assert session.epochs_per_second == pytest.approx(40.0)
    assert session.snapshot().epochs_per_second == pytest.approx(40.0)
    session.pause()
    assert session.epochs_per_second == 0.0


def test_float32_run_stays_in_float32(small_settings: Settings) -> None:
    session = Session(small_settings(network={"dtype": "float32"}))
    session.run(epochs=3)
    for name in ("W", "Z", "dA", "dW", "update_b"):
        assert session.tensor(name, 2).dtype == np.float32
    assert session.history.loss.dtype == np.float64


def test_epoch_history_grows_past_its_first_room(small_settings: Settings) -> None:
    """Every one of 3,000 epochs is there, and a longer run begins with the shorter one."""
    session = Session(small_settings(training={"learning_rate": 0.01}))
    session.run(epochs=900)
    first = session.history.rows.copy()
    session.run(epochs=2100)
    rows = session.history.rows
    assert rows.shape == (3000, 4)
    assert np.isfinite(rows).all()
    np.testing.assert_array_equal(rows[:900], first)


@pytest.mark.parametrize("bad", [2.5, "3", -1, None])
def test_counts_are_whole_numbers_from_0(bad: object, small_settings: Settings) -> None:
    session = Session(small_settings())
    with pytest.raises(StateError, match=r"whole number|negative"):
        session.go_to(bad)  # type: ignore[arg-type]
    if bad is not None:
        with pytest.raises(StateError, match=r"whole number|negative"):
            session.run(epochs=bad)  # type: ignore[arg-type]
    assert session.state == "idle"


def test_an_interrupt_leaves_a_whole_iteration_behind(
    small_settings: Settings, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, straight = Session(small_settings()), Session(small_settings())
    session.run(epochs=3)
    whole = Backprop.evaluate_losses

    def interrupted(bound: Backprop) -> None:
        monkeypatch.setattr(Backprop, "evaluate_losses", whole)
        raise KeyboardInterrupt

    monkeypatch.setattr(Backprop, "evaluate_losses", interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.run(epochs=5)
    assert session.state == "paused"
    straight.run(epochs=3)
    assert everything(session) == everything(straight)
    session.run(epochs=2)
    straight.run(epochs=2)
    assert everything(session) == everything(straight)
