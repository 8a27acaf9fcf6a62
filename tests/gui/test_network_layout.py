import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.panels.network_captions import fitting, layer_words
from gui.panels.network_keys import along_weights, beside, tensor_of
from gui.panels.network_layout import Edge, Fold, Frame, Unit, folded, laid_out

FRAME = Frame(left=50, top=4, right=510, bottom=330, radius=11.5, pitch=15)
LAB = (2, 10, 5, 1)


@given(units=st.integers(1, 1000), rows=st.integers(3, 12))
def test_fold_keeps_both_ends_and_leaves_a_row_for_its_mark(units: int, rows: int) -> None:
    shown = folded(units, rows)
    if units <= rows:
        assert shown == tuple(range(units))
    else:
        assert len(shown) == rows - 1
        assert shown[0] == 0
        assert shown[-1] == units - 1
        assert sorted(set(shown)) == list(shown)


@given(sizes=st.lists(st.integers(1, 400), min_size=2, max_size=22))
def test_everything_stands_inside_the_frame_without_overlap(sizes: list[int]) -> None:
    layout = laid_out(tuple(sizes), FRAME)
    for column, units in zip(layout.columns, sizes, strict=True):
        slots = [*column.y] if column.fold_y is None else sorted([*column.y, column.fold_y])
        assert len(column.shown) + len(column.hidden) == units
        assert not set(column.shown) & set(column.hidden)
        assert len(slots) <= 12
        assert all(FRAME.top <= y <= FRAME.bottom for y in slots)
        assert np.all(np.diff(slots) >= 2 * layout.radius - 1e-9)
        assert FRAME.left - 1e-9 <= column.x <= FRAME.right + 1e-9


def test_the_hidden_units_stand_between_the_shown_ones() -> None:
    column = laid_out((256, 1), FRAME).columns[0]
    assert column.fold_y is not None
    before = [unit for unit, y in zip(column.shown, column.y, strict=True) if y < column.fold_y]
    after = [unit for unit, y in zip(column.shown, column.y, strict=True) if y > column.fold_y]
    assert before[-1] + 1 == column.hidden[0]
    assert after[0] - 1 == column.hidden[-1]
    assert column.height_of(100) == column.fold_y


def test_a_low_picture_folds_more() -> None:
    low = Frame(20, 4, 280, 80, 11.5, 15)
    assert len(laid_out((10, 10), low).columns[0].shown) < 10


def test_edges_come_in_the_order_of_the_matrices() -> None:
    layout = laid_out((2, 40, 3), FRAME)
    first, second = (np.arange(80).reshape(40, 2), np.arange(120).reshape(3, 40))
    picked = [(first, second)[edge.layer - 1][edge.row, edge.column] for edge in layout.edges]
    shown = layout.columns[1].shown
    expected = [*first[np.ix_(shown, (0, 1))].ravel(), *second[np.ix_(range(3), shown)].ravel()]
    assert picked == expected


def test_an_edge_is_found_along_its_whole_curve() -> None:
    layout = laid_out((1, 2, 1), FRAME)
    for edge, curve in zip(layout.edges, layout.curves, strict=True):
        for x, y in curve[4:-4]:
            assert layout.edge_at(x, y + 1, reach=5) == edge
    assert layout.edge_at(280, 167, reach=5) is None


def test_a_unit_and_a_fold_are_found_where_they_stand() -> None:
    layout = laid_out((2, 256, 1), FRAME)
    column = layout.columns[1]
    assert layout.unit_at(column.x + 3, column.y[-1], 2) == Unit(1, 255)
    assert layout.unit_at(column.x + 60, column.y[-1], 2) is None
    assert column.fold_y is not None
    assert layout.fold_at(column.x, column.fold_y, 8) == Fold(1)
    assert layout.fold_at(column.x, column.y[0], 8) is None


def test_captions_say_all_where_there_is_room() -> None:
    words = layer_words(LAB, ("relu", "relu", "sigmoid"))
    lines = fitting(words, 300, 8, lambda text: 6 * len(text))
    assert lines == [
        ("input · 2",),
        ("layer 1 · 10 · ReLU",),
        ("layer 2 · 5 · ReLU",),
        ("output · 1 · Sigmoid",),
    ]
    narrow = fitting(words, 300, 8, lambda text: 6 * len(text), 50)
    assert narrow[3] == ("output · 1 · σ",)


def test_captions_use_the_words_of_the_settings() -> None:
    words = layer_words(LAB, ("leaky_relu", "identity", "tanh"))
    assert [layer.activation for layer in words[1:]] == ["Leaky ReLU", "Identity", "Tanh"]
    assert [layer.symbol for layer in words[1:]] == ["Leaky ReLU", "Identity", "Tanh"]


@given(layers=st.integers(1, 20), distance=st.integers(8, 300))
def test_neighbouring_captions_never_touch(layers: int, distance: int) -> None:
    sizes = (2, *[1000] * layers, 1)
    words = layer_words(sizes, ["leaky_relu"] * (layers + 1))
    lines = fitting(words, distance, 4, lambda text: 6 * len(text))
    ends = [
        (at * distance - half, at * distance + half)
        for at, line in enumerate(lines)
        if line
        for half in [3 * max(map(len, line))]
    ]
    assert all(left[1] < right[0] for left, right in itertools.pairwise(ends))
    assert lines[0]


def test_arrows_stop_at_the_ends_and_go_to_the_nearest_height() -> None:
    layout = laid_out(LAB, FRAME)
    assert beside(None, layout, 1, 0) == Unit(0, 0)
    assert beside(Unit(0, 0), layout, 0, -1) == Unit(0, 0)
    assert beside(Unit(0, 0), layout, -1, 0) == Unit(0, 0)
    assert beside(Unit(1, 9), layout, 1, 0) == Unit(2, 4)
    assert beside(Unit(3, 0), layout, 1, 0) == Unit(3, 0)


def test_arrows_step_over_a_fold() -> None:
    layout = laid_out((2, 256, 1), FRAME)
    hidden = layout.columns[1].hidden
    below = beside(Unit(1, hidden[0] - 1), layout, 0, 1)
    assert below == Unit(1, hidden[-1] + 1)


def test_weights_of_a_unit_are_walked_in_a_circle() -> None:
    layout = laid_out(LAB, FRAME)
    first = along_weights(Unit(1, 3), layout, 1)
    second = along_weights(first, layout, 1)
    assert (first, second) == (Edge(1, 3, 0), Edge(1, 3, 1))
    assert along_weights(second, layout, 1) == first
    assert along_weights(Unit(0, 1), layout, 1) == Unit(0, 1)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Edge(2, 4, 1), ("W", 2, 4, 1)),
        (Unit(1, 3), ("b", 1, 3, 0)),
        (Unit(0, 1), ("W", 1, -1, 1)),
        (Fold(1), ("W", 1, 6, -1)),
    ],
)
def test_each_part_opens_its_tensor(part: Edge | Unit | Fold, expected: tuple) -> None:
    assert tensor_of(part, laid_out((2, 256, 5, 1), FRAME)) == expected
