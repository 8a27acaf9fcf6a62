"""The Taylor view: what it promises is what happens, on problems whose answer is known."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from model import Network, RunSettings, Session
from model.analysis import curvature, taylor_maker
from model.analysis.line_search import search
from model.analysis.taylor import TaylorView
from model.analysis.taylor_maker import STEPS, TaylorMaker, steps_taken
from model.errors import ArrayError
from model.nn.backprop import Backprop, exhaust

MakeNetwork = Callable[..., Network]


def _least_squares() -> tuple[Network, np.ndarray, np.ndarray]:
    """No hidden layer, identity, half squared error: J is quadratic."""
    generator = np.random.default_rng(8)
    X = generator.normal(size=(50, 3)) * [1.0, 2.0, 0.5]
    y = X @ [1.0, -2.0, 0.5] + 0.3 + generator.normal(size=50)
    network = Network.build((3, 1), ("identity",), "half_squared_error")
    network.parameters[...] = [0.5, 1.0, -1.0, 2.0]
    return network, X, y[:, None]


def _view(network: Network, X: np.ndarray, y: np.ndarray, alpha: float = 0.1) -> TaylorView:
    return TaylorMaker(network.architecture, X, y).view(network.parameters, 0, alpha)


@pytest.fixture
def lab(small_settings: Callable[..., RunSettings]) -> Session:
    session = Session(small_settings())
    session.run(epochs=30)
    return session


def _of(session: Session, **more: object) -> TaylorView:
    data = session.data
    maker = TaylorMaker(session.network.architecture, data.X_train, data.y_train)
    rate = session.settings.training.learning_rate
    return maker.view(session.network.parameters, session.epoch, rate, **more)  # type: ignore[arg-type]


def test_on_a_quadratic_problem_the_prediction_is_exact() -> None:
    """Best is ‖∇J‖² / ∇JᵀH∇J, and the loss is back where it was at twice that."""
    network, X, y = _least_squares()
    view = _view(network, X, y)
    extended = np.column_stack([X, np.ones(len(X))])
    H = extended.T @ extended / len(X)
    gradient = extended.T @ (extended @ network.parameters - y[:, 0]) / len(X)
    assert view.squared_norm == pytest.approx(gradient @ gradient, rel=1e-12)
    assert view.curvature == pytest.approx(
        gradient @ H @ gradient / (gradient @ gradient), rel=1e-7
    )
    np.testing.assert_allclose(view.quadratic, view.actual, rtol=1e-6)
    assert view.best == pytest.approx(1 / view.curvature, rel=2e-3)
    assert view.rising == pytest.approx(2 / view.curvature, rel=2e-3)
    values = np.linalg.eigvalsh(H)
    assert view.eigenvalue == pytest.approx(values[-1], rel=1e-7)
    assert view.bound == pytest.approx(2 / values[-1], rel=1e-7)


@pytest.mark.parametrize(("share", "diverges"), [(0.99, False), (1.01, True)])
def test_gradient_descent_diverges_beyond_the_bound(
    bound: Callable[..., Backprop], share: float, diverges: bool
) -> None:
    """Below it every step lowers the loss; beyond it the loss grows without end."""
    network, X, y = _least_squares()
    alpha = share * _view(network, X, y).bound
    training = bound(network, X.T, y.T, alpha)
    losses = []
    for _ in range(1500):
        exhaust(training.iteration())
        losses.append(float(training.batch.J))
    if diverges:
        assert losses[-1] > 1e6 * losses[0]
    else:
        assert (np.diff(losses) <= 1e-12).all()
        extended = np.column_stack([X, np.ones(len(X))])
        _, squares, *_ = np.linalg.lstsq(extended, y[:, 0])
        assert losses[-1] == pytest.approx(squares[0] / 2 / len(X), rel=1e-6)


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu"])
def test_predictions_agree_with_finite_differences(
    random_network: MakeNetwork, hidden: str
) -> None:
    """Slope and bend of J along −∇J at 0, by differences of J alone; each to 1e-6 of J."""
    network = random_network((2, 6, 4, 1), (hidden, hidden, "sigmoid"), "binary_cross_entropy")
    generator = np.random.default_rng(3)
    X = generator.normal(size=(60, 2))
    y = (X[:, 0] > 0.2) * 1.0
    view = _view(network, X, y)
    maker = TaylorMaker(network.architecture, X, y)
    _, gradient = maker.landscape.gradient(network.parameters)
    h = 1e-4 / math.sqrt(view.squared_norm)
    J = {k: maker.landscape.loss(network.parameters - k * h * gradient) for k in range(-2, 3)}
    slope = (J[-2] - 8 * J[-1] + 8 * J[1] - J[2]) / (12 * h)
    bend = (-J[-2] + 16 * J[-1] - 30 * J[0] + 16 * J[1] - J[2]) / (12 * h * h)
    assert -view.squared_norm == pytest.approx(slope, rel=1e-6)
    second = view.curvature * view.squared_norm
    assert second == pytest.approx(bend, rel=1e-6, abs=1e-6 * view.squared_norm)
    alphas = view.alphas
    np.testing.assert_allclose(view.promised, view.loss + alphas * slope, rtol=1e-6)
    np.testing.assert_allclose(
        view.quadratic, view.promised + 0.5 * alphas**2 * bend, rtol=1e-6, atol=1e-6
    )


def test_a_small_step_does_what_is_promised(lab: Session) -> None:
    """J(α) leaves the line as α², and the parabola as α³."""
    view = _of(lab)
    data = lab.data
    maker = TaylorMaker(lab.network.architecture, data.X_train, data.y_train)
    theta = lab.network.parameters
    _, gradient = maker.landscape.gradient(theta)

    def errors(alpha: float) -> tuple[float, float]:
        actual = maker.landscape.loss(theta - alpha * gradient)
        line = view.loss - alpha * view.squared_norm
        parabola = line + 0.5 * alpha**2 * view.curvature * view.squared_norm
        return abs(actual - line), abs(actual - parabola)

    alpha = view.best / 20
    (line, parabola), (half_line, half_parabola) = errors(alpha), errors(alpha / 2)
    assert line / half_line == pytest.approx(4, rel=0.2)
    assert parabola / half_parabola == pytest.approx(8, rel=0.2)


def test_actual_is_the_loss_of_a_network_that_made_the_step(lab: Session) -> None:
    view = _of(lab)
    data, twin = lab.data, lab.network.copy()
    _, dW, db = lab.network.loss_and_gradients(data.X_train, data.y_train)
    for alpha, actual in zip(view.alphas[::10], view.actual[::10], strict=True):
        for mine, own, gradient in zip(
            (*twin.W, *twin.b), (*lab.network.W, *lab.network.b), (*dW, *db), strict=True
        ):
            mine[...] = own - alpha * gradient
        expected, *_ = twin.loss_and_gradients(data.X_train, data.y_train)
        assert actual == pytest.approx(expected, rel=1e-12)


def test_next_loss_is_what_the_session_finds_after_its_step(lab: Session) -> None:
    view = _of(lab)
    lab.run(epochs=2)
    assert view.epoch == 30
    assert view.loss == pytest.approx(lab.history.loss[30], rel=1e-12)
    assert view.next_loss == pytest.approx(lab.history.loss[31], rel=1e-12)


def test_marks_lie_on_the_curve(lab: Session) -> None:
    view = _of(lab)
    losses = dict(zip(view.alphas, view.actual, strict=True))
    assert view.alphas[0] == 0.0
    assert (np.diff(view.alphas) > 0).all()
    assert losses[view.alpha] == pytest.approx(view.next_loss, rel=1e-12)
    before = view.actual[view.alphas < view.rising]
    assert losses[view.best] <= before.min() * (1 + 1e-7)
    assert losses[view.rising] > view.loss
    assert (before <= view.loss * (1 + 1e-12)).all()
    assert 0 < view.best < view.rising < view.alphas[-1] < 1.5 * view.rising


def test_present_network_stays_and_arrays_are_read_only(lab: Session) -> None:
    before = lab.network.parameters.copy()
    view = _of(lab, losses=lab.history.loss, squared_norms=np.ones(30))
    np.testing.assert_array_equal(lab.network.parameters, before)
    for name in ("alphas", "actual", "promised", "quadratic", "steps", "actual_steps"):
        assert not getattr(view, name).flags.writeable
    assert len(view.steps) == len(view.promised_steps) == len(view.actual_steps) == 29


def test_a_rate_far_beyond_is_not_on_the_axis() -> None:
    network, X, y = _least_squares()
    near = _view(network, X, y).rising
    for times, shown in ((0.5, True), (3.0, True), (5.9, True), (20.0, False), (1e200, False)):
        view = _view(network, X, y, times * near)
        assert (view.alphas[-1] >= view.alpha) == shown
        assert view.rising == pytest.approx(near, rel=2e-3)
        assert view.alphas[-1] >= near
    assert view.next_loss == math.inf


@pytest.mark.parametrize("output", ["sigmoid", "identity"])
def test_zero_weights_are_a_saddle(output: str) -> None:
    """With as many samples of either class nothing moves: no step helps or harms."""
    loss = {"sigmoid": "binary_cross_entropy", "identity": "half_squared_error"}[output]
    network = Network.build((2, 4, 1), ("tanh", output), loss)
    X = np.random.default_rng(0).normal(size=(20, 2))
    y = np.repeat([0.0, 1.0], 10) if output == "sigmoid" else np.repeat([-1.0, 1.0], 10)
    view = _view(network, X, y)
    assert (view.squared_norm, view.best, view.rising) == (0.0, 0.0, math.inf)
    assert math.isnan(view.curvature)
    for losses in (view.actual, view.promised, view.quadratic):
        np.testing.assert_array_equal(losses, [view.loss] * 2)
    assert view.next_loss == view.loss
    # Only b[2] has curvature: a (1 − a) = 1/4, or 1 for the squared error.
    assert view.eigenvalue == pytest.approx(0.25 if output == "sigmoid" else 1.0, rel=1e-6)
    assert view.bound == pytest.approx(8.0 if output == "sigmoid" else 2.0, rel=1e-6)


def test_a_dead_network_still_has_its_output_bias() -> None:
    """All ReLUs at 0: J depends on b[2] alone, ½(b − y)² with curvature 1."""
    network = Network.from_arrays(
        [-np.ones((3, 2)), np.ones((1, 3))],
        [-np.ones(3), np.zeros(1)],
        ["relu", "identity"],
        "half_squared_error",
    )
    view = _view(network, np.ones((4, 2)), np.full(4, 3.0), alpha=0.5)
    assert view.squared_norm == pytest.approx(9.0)
    assert view.eigenvalue == pytest.approx(1.0, rel=1e-6)
    assert view.best == pytest.approx(1.0, rel=2e-3)
    assert view.rising == pytest.approx(2.0, rel=2e-3)
    assert view.next_loss == pytest.approx(0.5 * 1.5**2)


def test_no_curvature_is_invented_for_a_network_that_is_far_out_and_dead() -> None:
    """λ is right up to weights of 1e7; at 1e15 differences cannot tell, and say nothing."""
    settings = RunSettings.model_validate({"training": {"learning_rate": 1000.0}})
    session = Session(settings)
    session.run(epochs=2)
    view = _of(session)
    # By differences of all 98 columns of the Hessian with a step of 1e-6.
    assert view.eigenvalue == pytest.approx(2099866, rel=1e-4)
    assert view.bound == pytest.approx(2 / 2099866, rel=1e-4)
    session.run(epochs=3)
    assert np.linalg.norm(session.network.parameters) > 1e15
    view = _of(session)
    assert math.isfinite(view.loss)
    for number in (view.eigenvalue, view.bound, view.curvature):
        assert math.isnan(number)


def test_an_eigenvalue_that_is_not_found_yet_is_not_told(
    lab: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert math.isfinite(_of(lab).bound)
    monkeypatch.setattr(taylor_maker, "PRODUCTS", 1)
    monkeypatch.setattr(curvature, "UNSURE", 0.05)
    view = _of(lab)
    assert view.residual > 0.05
    assert math.isnan(view.eigenvalue)
    assert math.isnan(view.bound)


def test_a_loss_that_falls_for_ever_has_no_best_step() -> None:
    """One point that can be told with any certainty: J = log(1 + e^−z), z → ∞ along −∇J."""
    network = Network.from_arrays([[[0.1]]], [[0.0]], ["sigmoid"])
    view = _view(network, np.array([[1.0]]), np.array([1.0]))
    assert view.rising == math.inf
    assert view.actual[-1] < 0.1 * view.loss
    assert math.isfinite(view.alphas[-1])
    assert (np.diff(view.actual) < 0).all()
    assert view.best > view.alphas[-1]


def test_a_search_that_begins_beyond_the_valley_comes_back_to_it() -> None:
    """φ = (α − 1)² from first steps a thousand times too long or too short."""
    for first in (1e3, 1e-3):
        line = search(lambda a: (a - 1.0) ** 2, 1.0, first, 1e6, 0.0)
        assert line.best == pytest.approx(1.0, rel=2e-3)
        assert line.rising == pytest.approx(2.0, rel=2e-3)
        assert line.alphas[-1] == pytest.approx(2.3, rel=0.15)


def test_a_search_takes_what_is_no_number_for_a_rise() -> None:
    def loss(alphas: np.ndarray) -> np.ndarray:
        return np.where(alphas < 3.0, -alphas, np.nan)

    line = search(loss, 0.0, 0.1, 1e6, 1.0)
    assert line.rising == pytest.approx(3.0, rel=1e-3)
    assert line.best == pytest.approx(3.0, rel=1e-3)


def test_a_search_on_a_plateau_ends() -> None:
    flat = search(np.zeros_like, 0.0, 0.1, 100.0, 0.01)
    assert (flat.best, flat.rising) == (0.0, math.inf)
    step = search(lambda a: np.where(a < 1.0, 1.0 - a, 0.0), 1.0, 0.1, 1e5, 0.01)
    assert step.rising == math.inf
    assert step.best == pytest.approx(1.0, rel=0.7)
    assert step.alphas[-1] < 20


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300, 1e160])
def test_where_nothing_is_finite_the_view_says_nan(value: float) -> None:
    network = Network.build((2, 4, 1), ("relu", "identity"), "half_squared_error")
    network.parameters[...] = 1.0
    network.W[1][...] = value
    view = _view(network, np.ones((5, 2)), np.zeros(5))
    assert not math.isfinite(view.loss)
    assert not math.isfinite(view.squared_norm)
    for number in (view.best, view.rising, view.curvature, view.eigenvalue, view.bound):
        assert math.isnan(number)
    assert np.isnan(view.actual).all()
    np.testing.assert_array_equal(view.alphas, [0.0, 0.1])


def test_the_next_view_recovers_from_one_that_was_not_finite() -> None:
    network, X, y = _least_squares()
    maker = TaylorMaker(network.architecture, X, y)
    first = maker.view(network.parameters, 0, 0.1)
    maker.view(np.full(4, math.nan), 1, 0.1)
    again = maker.view(network.parameters, 2, 0.1)
    assert again.eigenvalue == pytest.approx(first.eigenvalue, rel=1e-9)
    np.testing.assert_array_equal(again.actual, first.actual)


def test_frozen_layers_promise_nothing(random_network: MakeNetwork) -> None:
    network = random_network((2, 3, 1), ("tanh", "sigmoid"), "binary_cross_entropy")
    X = np.random.default_rng(2).normal(size=(30, 2))
    y = (X[:, 0] > 0) * 1.0
    maker = TaylorMaker(network.architecture, X, y)
    _, dW, db = network.loss_and_gradients(X, y)
    view = maker.view(network.parameters, 0, 0.1, frozen_layers={1})
    assert view.squared_norm == pytest.approx(float((dW[1] ** 2).sum() + (db[1] ** 2).sum()))
    whole = maker.view(network.parameters, 0, 0.1)
    assert whole.squared_norm > view.squared_norm


def test_a_float32_run_is_looked_at_in_float64(
    small_settings: Callable[..., RunSettings],
) -> None:
    session = Session(small_settings(network={"dtype": "float32"}))
    session.run(epochs=20)
    view = _of(session)
    session.run(epochs=2)
    assert view.actual.dtype == np.float64
    assert view.next_loss == pytest.approx(session.history.loss[21], rel=1e-5)
    assert view.bound > 0


def test_mini_batches_and_no_test_set_change_nothing(
    small_settings: Callable[..., RunSettings],
) -> None:
    """The view is of all training samples."""
    settings = small_settings(data={"test_share": 0.0}, training={"batch_size": 12})
    session = Session(settings)
    session.run(epochs=3)
    view = _of(session)
    expected, *_ = session.network.loss_and_gradients(session.data.X_train, session.data.y_train)
    assert view.loss == expected
    assert view.steps.shape == (0,)


def test_steps_by_hand() -> None:
    losses = np.array([1.0, 0.7, 0.6, 0.65])
    norms = np.array([4.0, 2.0, np.nan, 3.0])
    steps, promised, actual = steps_taken(losses, norms, 0.1)
    np.testing.assert_array_equal(steps, [0, 1, 2])
    np.testing.assert_allclose(promised, [0.4, 0.2, np.nan])
    np.testing.assert_allclose(actual, [0.3, 0.1, -0.05])
    _, promised, _ = steps_taken(losses, norms, np.array([0.1, 0.5, 0.5, 0.5]))
    np.testing.assert_allclose(promised, [0.4, 1.0, np.nan])


@pytest.mark.parametrize("n", [0, 1])
def test_without_two_losses_there_is_no_step(n: int) -> None:
    for array in steps_taken(np.ones(n), np.ones(n), 0.1):
        assert array.shape == (0,)


def test_many_steps_are_thinned_and_stay_what_they_are() -> None:
    losses = np.cumsum(np.random.default_rng(1).normal(size=5002))
    steps, _, actual = steps_taken(losses, np.ones(5001), 0.1)
    assert len(steps) <= STEPS + 1
    assert (steps[0], steps[-1]) == (0, 5000)
    places = steps.astype(int)
    np.testing.assert_array_equal(actual, losses[places] - losses[places + 1])
    later, *_ = steps_taken(np.append(losses, 1.0), np.ones(5002), 0.1)
    assert set(steps[:-1]) <= set(later)


def test_samples_that_do_not_fit_are_refused() -> None:
    network, X, y = _least_squares()
    with pytest.raises(ArrayError):
        TaylorMaker(network.architecture, X[:0], y[:0])
    maker = TaylorMaker(network.architecture, X, y)
    with pytest.raises(ArrayError, match=r"\(5,\); \(4,\) is needed"):
        maker.view(np.zeros(5), 0, 0.1)
