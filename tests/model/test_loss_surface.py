"""Loss surfaces: every point is the loss of that network, and the path lies where it went."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from model import Network, RunSettings, Session
from model.analysis.landscape import Landscape
from model.analysis.loss_surface import LossSurface, Plane, SurfaceRequest
from model.analysis.planes import directions, place_of
from model.analysis.surface_maker import Standpoint, loss_surface, surface_by_rows
from model.arrays import unpacked
from model.errors import ArrayError, SettingsError, StateError
from model.nn.operations import TensorName

MakeNetwork = Callable[..., Network]

W1, B2 = TensorName("W", 1), TensorName("b", 2)


@pytest.fixture
def network(random_network: MakeNetwork) -> Network:
    return random_network((3, 5, 4, 1), ("tanh", "relu", "sigmoid"), "binary_cross_entropy")


@pytest.fixture
def landscape(network: Network) -> Landscape:
    X = np.random.default_rng(6).normal(size=(70, 3))
    return Landscape(network.architecture, X, (X[:, 0] > X[:, 1]) * 1.0)


def _surface(
    landscape: Landscape, parameters: np.ndarray, request: SurfaceRequest, **path: Any
) -> LossSurface:
    standpoint = Standpoint(parameters, generation=3, iteration=8, epoch=4, **path)
    return loss_surface(request, landscape, standpoint)


@pytest.mark.parametrize("plane", Plane)
def test_every_point_is_the_loss_there(
    landscape: Landscape, network: Network, plane: Plane
) -> None:
    """The middle, the edges and the corners, with rows going along y."""
    request = SurfaceRequest(plane, (W1, 0, 1), (B2, 2, 0), seed=5)
    surface = _surface(landscape, network.parameters, request)
    across, up = directions(request, landscape, network.parameters).vectors
    assert surface.loss.shape == (31, 31)
    assert surface.x[15] == surface.y[15] == 0.0
    assert surface.loss[15, 15] == pytest.approx(landscape.loss(network.parameters), rel=1e-12)
    for row, column in ((0, 0), (0, 30), (30, 0), (30, 30), (15, 0), (30, 15), (7, 22)):
        there = network.parameters + surface.x[column] * across + surface.y[row] * up
        assert surface.loss[row, column] == pytest.approx(landscape.loss(there), rel=1e-12)
    assert (surface.generation, surface.iteration, surface.request) == (3, 8, request)
    for name in ("x", "y", "loss", "path", "path_epochs", "off_plane"):
        assert not getattr(surface, name).flags.writeable


def test_a_surface_in_pieces_is_of_the_state_where_it_began(
    landscape: Landscape, network: Network
) -> None:
    whole = _surface(landscape, network.parameters, SurfaceRequest(side=5))
    rows = surface_by_rows(
        SurfaceRequest(side=5), landscape, Standpoint(network.parameters, 3, 8, 4)
    )
    for _ in range(5):
        next(rows)
        network.parameters += 1.0
        landscape.gradient(network.parameters)
    with pytest.raises(StopIteration) as end:
        next(rows)
    np.testing.assert_array_equal(end.value.value.loss, whole.loss)


def test_two_weights_are_those_that_are_named(landscape: Landscape, network: Network) -> None:
    request = SurfaceRequest(Plane.TWO_WEIGHTS, (W1, 4, 2), (B2, 3, 0), reach=0.5, side=5)
    surface = _surface(landscape, network.parameters, request)
    twin = network.copy()
    twin.W[0][4, 2] += 0.25
    twin.b[1][3, 0] -= 0.5
    np.testing.assert_array_equal(surface.x, [-0.5, -0.25, 0.0, 0.25, 0.5])
    assert surface.loss[0, 3] == pytest.approx(landscape.loss(twin.parameters), rel=1e-12)
    assert surface.x_title == "change of W[1] 5,3"
    assert surface.y_title == "change of b[2] 4,1"


def test_two_weights_reach_beyond_zero(landscape: Landscape, network: Network) -> None:
    network.W[0][0, 0] = -40.0
    request = SurfaceRequest(Plane.TWO_WEIGHTS)
    surface = _surface(landscape, network.parameters, request)
    assert surface.x[-1] == pytest.approx(60.0)
    assert surface.y[-1] == 1.0


def test_place_in_the_vector_of_every_element(network: Network) -> None:
    marked = np.arange(network.parameters.size, dtype=float)
    views = unpacked(marked, network.architecture.parameter_shapes)
    for at, view in enumerate(views):
        tensor = TensorName("Wb"[at % 2], at // 2 + 1)
        for (row, column), place in np.ndenumerate(view):
            assert place_of(network.architecture, (tensor, row, column)) == place


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ((TensorName("W", 4), 0, 0), r"no weight or bias W\[4\]"),
        ((TensorName("W", 0), 0, 0), "no weight or bias W"),
        ((TensorName("dW", 1), 0, 0), r"no weight or bias dW\[1\]"),
        ((W1, 5, 0), r"W\[1\] has no element 6,1"),
        ((W1, 0, 3), r"W\[1\] has no element 1,4"),
        ((W1, -1, 0), r"W\[1\] has no element"),
        ((B2, 0, 1), r"b\[2\] has no element 1,2"),
    ],
)
def test_elements_that_are_not_there_are_refused(
    landscape: Landscape, network: Network, element: Any, message: str
) -> None:
    with pytest.raises(ArrayError, match=message) as caught:
        _surface(landscape, network.parameters, SurfaceRequest(Plane.TWO_WEIGHTS, second=element))
    assert caught.value.hint


@pytest.mark.parametrize(
    "request_",
    [
        SurfaceRequest(Plane.TWO_WEIGHTS, (W1, 0, 0), (W1, 0, 0)),
        SurfaceRequest(side=30),
        SurfaceRequest(side=1),
        SurfaceRequest(side=1001),
        SurfaceRequest(reach=0.0),
        SurfaceRequest(reach=-1.0),
        SurfaceRequest(reach=math.inf),
        SurfaceRequest(reach=math.nan),
    ],
)
def test_requests_that_cannot_be_are_refused(
    landscape: Landscape, network: Network, request_: SurfaceRequest
) -> None:
    with pytest.raises(SettingsError):
        _surface(landscape, network.parameters, request_)


def test_first_direction_is_downhill_and_the_second_at_right_angles(
    landscape: Landscape, network: Network
) -> None:
    plane = directions(SurfaceRequest(), landscape, network.parameters)
    _, gradient = landscape.gradient(network.parameters)
    np.testing.assert_allclose(plane.vectors @ plane.vectors.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(plane.vectors[0], -gradient / np.linalg.norm(gradient))
    assert "−∇J" in plane.titles[0]
    assert "curvature" in plane.titles[1]


def test_second_direction_bends_most(landscape: Landscape, network: Network) -> None:
    """Among 200 directions at right angles to the gradient none bends the loss as much."""
    plane = directions(SurfaceRequest(), landscape, network.parameters)
    here, gradient = landscape.gradient(network.parameters)
    h = 1e-3

    def bend(vector: np.ndarray) -> float:
        both = landscape.along(network.parameters, vector[None, :], np.array([[h], [-h]]))
        return float(both.sum() - 2 * here) / h**2

    most = abs(bend(plane.vectors[1]))
    generator = np.random.default_rng(1)
    for _ in range(200):
        other = generator.normal(size=landscape.size)
        other -= (other @ gradient) / (gradient @ gradient) * gradient
        assert abs(bend(other / np.linalg.norm(other))) < most


@pytest.mark.parametrize("plane", [Plane.GRADIENT_CURVATURE, Plane.TWO_WEIGHTS])
def test_zero_weights_have_a_surface(landscape: Landscape, plane: Plane) -> None:
    """Without a gradient eigenvectors and chance span the plane."""
    surface = _surface(landscape, np.zeros(landscape.size), SurfaceRequest(plane))
    assert np.isfinite(surface.loss).all()
    assert surface.loss[15, 15] == pytest.approx(math.log(2.0))


def test_a_flat_loss_has_a_plane_all_the_same() -> None:
    """Neither gradient nor curvature: J = 0 wherever the ReLU is dead."""
    network = Network.from_arrays(
        [[[-1.0]], [[0.0]]], [[-1.0], [-5.0]], ["relu", "relu"], "half_squared_error"
    )
    landscape = Landscape(network.architecture, [[1.0], [2.0]], [0.0, 0.0])
    plane = directions(SurfaceRequest(), landscape, network.parameters)
    np.testing.assert_allclose(plane.vectors @ plane.vectors.T, np.eye(2), atol=1e-12)


def test_random_directions_are_as_long_as_the_weights_of_each_unit(
    landscape: Landscape, network: Network
) -> None:
    network.W[1][2] = 0.0
    plane = directions(SurfaceRequest(Plane.RANDOM, seed=1), landscape, network.parameters)
    for vector in plane.vectors:
        views = unpacked(vector, network.architecture.parameter_shapes)
        for W, scaled in zip(network.W, views[0::2], strict=True):
            norms = np.linalg.norm(W, axis=1)
            np.testing.assert_allclose(np.linalg.norm(scaled, axis=1), norms, rtol=1e-12)
        assert not any(bias.any() for bias in views[1::2])


def test_random_directions_belong_to_the_seed(landscape: Landscape, network: Network) -> None:
    requests = [SurfaceRequest(Plane.RANDOM, seed=seed) for seed in (1, 1, 2)]
    first, again, other = (_surface(landscape, network.parameters, r).loss for r in requests)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_random_directions_of_zero_weights_are_refused(landscape: Landscape) -> None:
    with pytest.raises(StateError, match="All weights are 0"):
        _surface(landscape, np.zeros(landscape.size), SurfaceRequest(Plane.RANDOM))


def test_filter_normalised_surface_does_not_see_how_units_are_scaled(
    random_network: MakeNetwork,
) -> None:
    """A ReLU layer times 10 and the next divided by 10 is the same function (Li et al., 2018)."""
    network = random_network((3, 5, 1), ("relu", "sigmoid"), "binary_cross_entropy")
    network.b[0][...] = 0.0
    X = np.random.default_rng(6).normal(size=(70, 3))
    landscape = Landscape(network.architecture, X, (X[:, 0] > X[:, 1]) * 1.0)
    request = SurfaceRequest(Plane.RANDOM, seed=4, side=7)
    before = _surface(landscape, network.parameters, request)
    network.W[0][...] *= 10.0
    network.W[1][...] /= 10.0
    after = _surface(landscape, network.parameters, request)
    np.testing.assert_allclose(after.loss, before.loss, rtol=1e-9)


@pytest.mark.parametrize("plane", Plane)
def test_path_is_projected_and_its_distance_told(
    landscape: Landscape, network: Network, plane: Plane
) -> None:
    """States put at known places of the plane and off it come back as they were put."""
    request = SurfaceRequest(plane, seed=2)
    across, up = directions(request, landscape, network.parameters).vectors
    aside = np.random.default_rng(9).normal(size=landscape.size)
    span = np.linalg.qr(np.array([across, up]).T)[0]
    aside -= span @ (span.T @ aside)
    aside /= np.linalg.norm(aside)
    places = np.array([[7.0, -3.0], [2.0, 1.0], [0.5, 0.0]])
    off = np.array([4.0, 0.0, 0.25])
    states = network.parameters + places @ np.array([across, up]) + off[:, None] * aside
    epochs = np.array([0, 2, 3])
    surface = _surface(
        landscape, network.parameters, request, path_states=states, path_epochs=epochs
    )
    np.testing.assert_allclose(surface.path, [*places, [0.0, 0.0]], atol=1e-10)
    np.testing.assert_allclose(surface.off_plane, [*off, 0.0], atol=1e-10)
    np.testing.assert_array_equal(surface.path_epochs, [0, 2, 3, 4])
    assert surface.x[-1] == pytest.approx(7.0 * 1.2)
    assert surface.y[-1] >= 3.6 - 1e-9


def test_present_state_is_not_doubled(landscape: Landscape, network: Network) -> None:
    states = np.array([network.parameters + 1.0, network.parameters])
    surface = _surface(
        landscape, network.parameters, SurfaceRequest(), path_states=states, path_epochs=[0, 4]
    )
    np.testing.assert_array_equal(surface.path_epochs, [0.0, 4.0])
    np.testing.assert_array_equal(surface.path[-1], [0.0, 0.0])


def test_without_a_path_there_is_the_present_state(landscape: Landscape, network: Network) -> None:
    surface = _surface(landscape, network.parameters, SurfaceRequest())
    np.testing.assert_array_equal(surface.path, [[0.0, 0.0]])
    np.testing.assert_array_equal(surface.off_plane, [0.0])
    np.testing.assert_array_equal(surface.path_epochs, [4.0])


def test_a_path_from_very_far_leaves_a_picture_of_here(
    landscape: Landscape, network: Network
) -> None:
    """What was not finite is left out, what was astronomic is off the picture."""
    states = np.tile(network.parameters, (3, 1))
    states[0, 0] = math.nan
    states[1] += 1e250
    surface = _surface(
        landscape,
        network.parameters,
        SurfaceRequest(),
        path_states=states,
        path_epochs=np.arange(3),
    )
    np.testing.assert_array_equal(surface.path_epochs, [1.0, 2.0])
    assert np.isfinite(surface.x).all()
    assert surface.x[-1] <= 1e3 * max(1.0, np.linalg.norm(network.parameters) / 4)


def test_overflow_is_infinite_and_no_warning() -> None:
    network = Network.build((2, 3, 1), ("relu", "identity"), "half_squared_error")
    network.parameters[...] = 1.0
    landscape = Landscape(network.architecture, np.ones((4, 2)), np.zeros(4))
    request = SurfaceRequest(Plane.TWO_WEIGHTS, reach=1e200)
    surface = _surface(landscape, network.parameters, request)
    assert surface.loss[-1, -1] == math.inf
    assert math.isfinite(surface.loss[15, 15])


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_weights_that_are_not_finite_are_refused(
    landscape: Landscape, network: Network, value: float
) -> None:
    network.parameters[3] = value
    with pytest.raises(StateError, match="not finite") as caught:
        _surface(landscape, network.parameters, SurfaceRequest())
    assert caught.value.hint


@pytest.mark.parametrize("plane", [Plane.GRADIENT_CURVATURE, Plane.RANDOM])
def test_weights_whose_squares_overflow_have_no_plane(
    landscape: Landscape, network: Network, plane: Plane
) -> None:
    network.parameters *= 1e298
    with pytest.raises(StateError, match="so large that no plane") as caught:
        _surface(landscape, network.parameters, SurfaceRequest(plane))
    assert caught.value.hint


def test_a_path_from_where_no_distance_is_a_number_is_left_out(
    landscape: Landscape, network: Network
) -> None:
    states = np.array([network.parameters * 1e307, network.parameters * 0.9])
    surface = _surface(
        landscape,
        network.parameters,
        SurfaceRequest(),
        path_states=states,
        path_epochs=np.arange(2),
    )
    np.testing.assert_array_equal(surface.path_epochs[-2:], [1.0, 4.0])
    assert np.isfinite(surface.path).all()
    assert np.isfinite(surface.x).all()


def test_two_huge_weights_have_a_plane_without_a_loss() -> None:
    network = Network.build((2, 3, 1), ("relu", "identity"), "half_squared_error")
    network.parameters[...] = 1e298
    landscape = Landscape(network.architecture, np.ones((4, 2)), np.zeros(4))
    surface = _surface(landscape, network.parameters, SurfaceRequest(Plane.TWO_WEIGHTS))
    assert np.isfinite(surface.x).all()
    assert not np.isfinite(surface.loss).any()


def test_path_of_another_shape_is_refused(landscape: Landscape, network: Network) -> None:
    for states, epochs in ((np.zeros((2, 3)), [0, 1]), (np.zeros((2, landscape.size)), [0])):
        with pytest.raises(ArrayError, match="path_states"):
            _surface(
                landscape,
                network.parameters,
                SurfaceRequest(),
                path_states=states,
                path_epochs=epochs,
            )


def test_surface_of_a_float32_run_without_a_test_set(
    small_settings: Callable[..., RunSettings],
) -> None:
    """The way from the first weights: the loss at its beginning is the recorded one, all told."""
    settings = small_settings(data={"test_share": 0.0}, network={"dtype": "float32"})
    session = Session(settings)
    states = [session.network.parameters.copy()]
    for _ in range(3):
        session.run(epochs=10)
        states.append(session.network.parameters.copy())
    data = session.data
    landscape = Landscape(session.network.architecture, data.X_train, data.y_train)
    surface = _surface(
        landscape,
        session.network.parameters,
        replace(SurfaceRequest(), side=11),
        path_states=np.array(states),
        path_epochs=np.arange(0, 40, 10),
    )
    assert surface.loss.dtype == np.float64
    assert surface.path.shape == (4, 2)
    places = zip(surface.path, surface.off_plane, strict=True)
    lengths = [math.hypot(*place, off) for place, off in places]
    moved = [float(np.linalg.norm(state - states[-1])) for state in states]
    np.testing.assert_allclose(lengths, moved, rtol=1e-5, atol=1e-6)
    assert all(before > after for before, after in pairwise(lengths))
