from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.widgets.label_places import place_of, spread

INSIDE = QRectF(0, 0, 100, 100)
SIZE = QSizeF(20, 10)
NO_POINTS = np.empty((0, 2))


def test_the_first_corner_is_taken_where_nothing_is_in_the_way() -> None:
    corners = [QPointF(10, 10), QPointF(50, 50)]
    assert place_of(SIZE, corners, INSIDE, [], NO_POINTS) == QRectF(10, 10, 20, 10)


def test_a_corner_outside_is_moved_in() -> None:
    box = place_of(SIZE, [QPointF(95, -5)], INSIDE, [], NO_POINTS)
    assert box == QRectF(80, 0, 20, 10)


def test_a_label_gives_way_to_another_and_to_a_curve() -> None:
    corners = [QPointF(10, 10), QPointF(50, 50), QPointF(10, 80)]
    taken = [QRectF(0, 0, 15, 15)]
    curve = np.array([[55.0, 55.0], [60.0, 55.0]])
    assert place_of(SIZE, corners, INSIDE, taken, curve) == QRectF(10, 80, 20, 10)


def test_a_curve_is_covered_rather_than_a_label() -> None:
    curve = np.array([[55.0, 55.0]])
    taken = [QRectF(0, 0, 15, 15)]
    corners = [QPointF(10, 10), QPointF(50, 50)]
    assert place_of(SIZE, corners, INSIDE, taken, curve) == QRectF(50, 50, 20, 10)


@pytest.mark.parametrize("label", [QSizeF(101, 10), QSizeF(10, 101)])
def test_a_label_without_room_is_left_out(label: QSizeF) -> None:
    assert place_of(label, [QPointF(0, 0)], INSIDE, [], NO_POINTS) is None
    assert place_of(SIZE, [QPointF(0, 0)], INSIDE, [INSIDE], NO_POINTS) is None


def test_places_that_are_too_near_are_moved_apart_round_their_middle() -> None:
    assert spread([50.0, 50.0], 10, 0, 100) == [45.0, 55.0]
    assert spread([10.0, 50.0, 52.0], 10, 0, 100) == [10.0, 46.0, 56.0]
    assert spread([98.0, 99.0], 10, 0, 100) == [90.0, 100.0]
    assert spread([1.0, 2.0, 3.0], 60, 0, 100) == [0.0, 50.0, 100.0]


@settings(derandomize=True, max_examples=200)
@given(st.lists(st.floats(-50, 150), max_size=8))
def test_spread_places_are_in_order_apart_and_inside(places: list[float]) -> None:
    found = spread(sorted(places), 10, 0, 100)
    assert len(found) == len(places)
    assert all(0 <= place <= 100 for place in found)
    assert all(b - a >= 10 - 1e-9 for a, b in pairwise(found))
