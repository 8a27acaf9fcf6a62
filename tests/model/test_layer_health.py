"""Layer health: histograms, norms and shares by hand, and the gradient norms over time."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import RunSettings, Session
from model.analysis.health_evidence import (
    Evidence,
    constant_loss,
    dead_share,
    difference,
    evidence,
    saturated_share,
)
from model.analysis.health_maker import POINTS, HealthMaker, thinned
from model.analysis.histograms import BINS, Histograms, round_above
from model.analysis.layer_health import HealthView
from model.nn.losses import LOSSES

Settings = Callable[..., RunSettings]
Everything = Callable[[Session], dict[str, object]]


def _view(session: Session) -> HealthView:
    run = session.current_run
    run.evaluate_epoch()
    return HealthMaker(run).view()


def _evidence(session: Session) -> Evidence:
    session.current_run.evaluate_epoch()
    return evidence(session.current_run)


def test_histogram_counts_by_hand() -> None:
    """Up to 2 in forty bins of 0.1: a lower edge belongs to its bin, the last edge to the last."""
    histogram = Histograms().of("W", np.array([[-1.95, 0.0, 0.05], [0.1499, 2.0, 2.0]]))
    counts = np.zeros(BINS)
    counts[[0, 20, 21, 39]] = 1, 2, 1, 2
    np.testing.assert_array_equal(histogram.counts, counts)
    np.testing.assert_allclose(histogram.edges, np.linspace(-2, 2, BINS + 1), atol=1e-15)
    assert histogram.outside == 0


def test_histogram_counts_what_is_not_finite_outside() -> None:
    histogram = Histograms().of("W", np.array([np.nan, np.inf, -np.inf, 0.3]))
    assert (histogram.counts.sum(), histogram.outside) == (1, 3)
    assert histogram.edges[-1] == 0.5


def test_histogram_range_grows_at_once_and_shrinks_late() -> None:
    histograms = Histograms()

    def end(key: str, largest: float) -> float:
        return float(histograms.of(key, np.array([0.0, -largest])).edges[-1])

    ends = [end("W", largest) for largest in (0.9, 1.1, 0.11, 0.09)]
    assert ends == [1.0, 2.0, 2.0, 0.1]
    assert end("other", 3.0) == 5.0
    assert end("nothing", 0.0) == 1.0


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=50),
    st.sampled_from([np.float64, np.float32]),
)
def test_histogram_loses_no_number(values: list[float], dtype: type) -> None:
    with np.errstate(over="ignore"):
        array = np.array(values).astype(dtype)
    with np.errstate(all="ignore"):
        histogram = Histograms().of("W", array)
    assert histogram.counts.sum() + histogram.outside == array.size
    finite = array[np.isfinite(array)]
    assert np.isfinite(histogram.edges).all()
    assert (np.abs(finite) <= histogram.edges[-1]).all()
    assert not histogram.counts.flags.writeable
    assert not histogram.edges.flags.writeable


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=200))
def test_histogram_agrees_with_numpy(values: list[float]) -> None:
    """But for values within rounding of an edge."""
    width = 2 / BINS
    safe = [v for v in values if abs(v / width - round(v / width)) > 1e-9]
    histogram = Histograms().of("tanh", np.array(safe), (-1.0, 1.0))
    expected, _ = np.histogram(safe, BINS, (-1, 1))
    np.testing.assert_array_equal(histogram.counts, expected)


@pytest.mark.parametrize(
    ("value", "above"),
    [
        (1.0, 1.0),
        (1.01, 2.0),
        (3.0, 5.0),
        (6.0, 10.0),
        (0.03, 0.05),
        (2e-5, 2e-5),
        (5e-324, 5e-324),
    ],
)
def test_round_number_above(value: float, above: float) -> None:
    assert round_above(value) == above


def test_dead_units_by_hand() -> None:
    assert dead_share(np.array([[0, 0, 0], [0, 0, 1e-300], [0, 0, 0], [1, 1, 1]])) == 0.5


def test_saturated_share_by_hand() -> None:
    """1 − a² < 0.01 from |a| = 0.995 on; 4a(1 − a) < 0.01 from a = 0.99749 on, and below 1 − a."""
    tanh = np.array([[0.994, 0.996], [-0.996, 0.0]])
    sigmoid = np.array([[0.0024, 0.0026, 0.5, 0.9976, 0.9974]])
    assert saturated_share(tanh, "tanh") == 0.5
    assert saturated_share(sigmoid, "sigmoid") == pytest.approx(0.4)
    assert np.isnan(saturated_share(tanh, "relu"))


def test_difference_of_units_by_hand() -> None:
    """Rows (3, 4) and (3, 0): their mean (3, 2), distances 2 and 2, so √8 of √34."""
    assert difference(np.array([[3.0, 4.0], [3.0, 0.0]])) == pytest.approx((8 / 34) ** 0.5)
    assert difference(np.full((4, 2), 0.3)) == pytest.approx(0, abs=1e-15)
    assert difference(np.zeros((4, 2))) == 0
    assert np.isnan(difference(np.ones((1, 2))))


def test_best_constant_output_by_hand() -> None:
    """One of four is 1: the entropy of ¼, and half the variance, 3/32."""
    Y = np.array([[1.0, 0.0, 0.0, 0.0]])
    entropy = -0.25 * np.log(0.25) - 0.75 * np.log(0.75)
    assert constant_loss(LOSSES["binary_cross_entropy"], Y) == pytest.approx(entropy, rel=1e-14)
    assert constant_loss(LOSSES["half_squared_error"], Y) == pytest.approx(3 / 32, rel=1e-14)
    soft = constant_loss(LOSSES["binary_cross_entropy"], np.array([[0.1, 0.4]]))
    assert soft == pytest.approx(-0.25 * np.log(0.25) - 0.75 * np.log(0.75), rel=1e-14)
    with np.errstate(all="ignore"):
        assert constant_loss(LOSSES["binary_cross_entropy"], np.ones((1, 5))) == 0


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("steps", [0, 14])
def test_way_back_against_the_slopes(
    batch_size: int | None, steps: int, small_settings: Settings
) -> None:
    """dZ[l] = dA[l] ⊙ (1 − A[l]²): the tensors that stand to be read, each of its own batch."""
    session = Session(small_settings(training={"batch_size": batch_size}))
    assert np.isnan(_evidence(session).handed_back)
    session.run(epochs=3)
    for _ in range(steps):
        session.step("operation")
    dZ, dA = ([session.tensor(name, l) for l in (1, 2, 3)] for name in ("dZ", "dA"))

    def size(gradient: np.ndarray) -> float:
        each_sample = gradient * gradient.shape[1]
        return float(np.sqrt(np.mean(each_sample**2)))

    found = _evidence(session)
    assert found.handed_back == pytest.approx(size(dZ[0]) / size(dZ[2]), rel=1e-12)
    slopes = size(dZ[0]) / size(dA[0]) * size(dZ[1]) / size(dA[1])
    assert found.slopes == pytest.approx(slopes, rel=1e-12)


@pytest.mark.parametrize("batch_size", [None, 12])
@pytest.mark.parametrize("steps", [0, 7, 23, 29])
def test_layers_are_those_of_the_present_epoch(
    batch_size: int | None, steps: int, small_settings: Settings
) -> None:
    """Against NumPy, amid an iteration, where W are as it found them."""
    session = Session(small_settings(training={"batch_size": batch_size}))
    session.run(epochs=2)
    network = session.network
    A = session.data.X_train.T
    for _ in range(steps):
        session.step("operation")
    view = _view(session)
    assert view.epoch == 2
    for l, layer in enumerate(view.layers, start=1):
        W, b = network.W[l - 1], network.b[l - 1]
        A = [np.tanh, np.tanh, lambda z: 1 / (1 + np.exp(-z))][l - 1](W @ A + b)
        assert layer.norm_W == pytest.approx(np.linalg.norm(W), rel=1e-12)
        assert layer.norm_A == pytest.approx(np.linalg.norm(A), rel=1e-12)
        assert layer.norm_dW == pytest.approx(np.linalg.norm(session.tensor("dW", l)), rel=1e-12)
        assert layer.A.counts.sum() == A.size
        assert layer.W.counts.sum() == layer.dW.counts.sum() == W.size
        assert np.isnan(layer.dead_share)
    assert [layer.activation for layer in view.layers] == ["tanh", "tanh", "sigmoid"]


@pytest.mark.parametrize("operations", [0, 5, 29])
def test_update_ratio_is_of_the_last_step(operations: int, small_settings: Settings) -> None:
    """‖ΔW‖ over ‖W‖ as that step found it, whether or not the next is under way."""
    session = Session(small_settings())
    session.run(epochs=3)
    W, last = session.network.W, [session.tensor("update_W", l) for l in (1, 2, 3)]
    for _ in range(operations):
        session.step("operation")
    for l, layer in enumerate(_view(session).layers, start=1):
        update = session.tensor("update_W", l)
        done = operations and (update != last[l - 1]).any()
        before = W[l - 1] if done else W[l - 1] - last[l - 1]
        expected = np.linalg.norm(update) / np.linalg.norm(before)
        assert layer.update_ratio == pytest.approx(expected, rel=1e-9)


def test_nothing_is_left_before_the_first_step(small_settings: Settings) -> None:
    view = _view(Session(small_settings()))
    assert (view.epoch, view.epochs.size, view.gradient_norms.size) == (0, 0, 0)
    for layer in view.layers:
        assert layer.dW is None
        assert np.isnan([layer.norm_dW, layer.update_ratio]).all()
        assert layer.norm_W > 0


def test_view_is_read_only_and_changes_nothing(
    small_settings: Settings, everything: Everything
) -> None:
    session = Session(small_settings())
    session.run(epochs=5)
    before = everything(session)
    view = _view(session)
    arrays = [view.epochs, view.gradient_norms]
    arrays += [a for l in view.layers for h in (l.W, l.A, l.dW) for a in (h.counts, h.edges)]
    assert not any(array.flags.writeable for array in arrays)
    assert everything(session) == before


def test_wide_layers_are_looked_at_in_part(small_settings: Settings) -> None:
    """Of 300 × 320 outputs every second sample's; shares of dead units are of all samples."""
    settings = small_settings(
        data={"n_samples": 400}, network={"layers": [300], "activation": "relu"}
    )
    session = Session(settings)
    session.run(epochs=1)
    layer = _view(session).layers[0]
    assert layer.A.counts.sum() == 300 * 160


@pytest.mark.parametrize("count", [0, 1, 2, 999, 1000, 1001, 2000, 2001, 123_457])
def test_thinned_epochs_begin_and_end_where_the_run_does(count: int) -> None:
    epochs = thinned(count)
    assert len(epochs) <= POINTS
    assert len(epochs) >= min(count, POINTS // 2)
    if count:
        assert (epochs[0], epochs[-1]) == (0, count - 1)
        assert len(set(np.diff(epochs)[:-1])) <= 1


def test_gradient_norms_over_time_are_the_historys(small_settings: Settings) -> None:
    session = Session(small_settings())
    session.run(epochs=1500)
    session.go_to(1200)
    view = _view(session)
    assert view.epochs[-1] == 1199
    np.testing.assert_array_equal(
        view.gradient_norms, session.history.gradient_norms[view.epochs.astype(int)]
    )
