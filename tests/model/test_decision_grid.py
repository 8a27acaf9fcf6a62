"""The decision grid: the network's own outputs, and a contour that lies on the threshold."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from model import RunSettings, Session
from model.analysis.decision_grid import contour, probability_at
from model.training.snapshots import DecisionGrid, View


@pytest.fixture(scope="module")
def session(small_settings: Callable[..., RunSettings]) -> Session:
    session = Session(small_settings())
    session.run(epochs=100)
    return session


def _grid(session: Session, size: int, threshold: float = 0.5) -> DecisionGrid:
    grid = session.snapshot(View(threshold=threshold, grid=size)).grid
    assert grid is not None
    return grid


def test_grid_covers_the_range_of_the_data_and_one_more_on_each_side(session: Session) -> None:
    grid, both = _grid(session, 30), session.data.both
    for axis, along in enumerate((grid.x, grid.y)):
        assert along.shape == (30,)
        assert along[0] == pytest.approx(both[:, axis].min() - 1.0)
        assert along[-1] == pytest.approx(both[:, axis].max() + 1.0)


def test_grid_values_are_the_networks_outputs(session: Session) -> None:
    """Row by y, column by x."""
    grid = _grid(session, 40)
    network = session.network
    for row, column in ((0, 0), (3, 37), (39, 0), (20, 21)):
        x = [[grid.x[column], grid.y[row]]]
        assert grid.probability[row, column] == pytest.approx(
            network.predict_proba(x)[0, 0], rel=1e-12
        )
    assert grid.probability.shape == (40, 40)


@pytest.mark.parametrize("threshold", [0.5, 0.2, 0.9])
def test_contour_lies_on_the_threshold(session: Session, threshold: float) -> None:
    """On the grid's own interpolation exactly, in the network to the fineness of the grid."""
    grid = _grid(session, 100, threshold)
    assert grid.contour
    between = RegularGridInterpolator((grid.y, grid.x), grid.probability)
    for line in grid.contour:
        assert line.shape[1] == 2
        assert between(line[:, ::-1]) == pytest.approx(threshold, abs=1e-9)
        assert session.network.predict_proba(line)[:, 0] == pytest.approx(threshold, abs=0.01)


def test_contour_is_empty_where_no_value_crosses_the_level(session: Session) -> None:
    assert _grid(session, 20, threshold=1.0).contour == ()


def test_contour_passes_by_what_is_no_number() -> None:
    x = y = np.arange(5.0)
    values = np.tile(x, (5, 1))
    values[2, 1] = np.nan
    lines = contour(x, y, values, 1.5)
    assert lines
    assert all(line[:, 0] == pytest.approx(1.5) for line in lines)
    assert contour(x, y, np.full((5, 5), np.nan), 0.5) == ()


def test_grid_follows_the_weights_and_the_size(session: Session) -> None:
    first = _grid(session, 20)
    session.step("epoch")
    later = _grid(session, 20)
    assert (first.probability != later.probability).any()
    assert _grid(session, 25).probability.shape == (25, 25)
    assert session.snapshot().grid is None


def test_grid_is_read_only(session: Session) -> None:
    grid = _grid(session, 20)
    for array in (grid.x, grid.y, grid.probability, *grid.contour):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_probability_at_a_point_is_the_networks(session: Session) -> None:
    x = np.array([0.3, -0.4])
    found = probability_at(session.snapshot().layers, x)
    assert found == pytest.approx(session.network.predict_proba([x])[0, 0], rel=1e-14)
