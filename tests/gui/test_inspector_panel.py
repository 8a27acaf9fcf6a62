from itertools import pairwise
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import style
from gui.panels.inspector_panel import InspectorPanel
from gui.panels.inspector_words import NO_STEP
from gui.panels.panel import WAITING
from gui.theme import DARK, LIGHT, contrast
from gui.widgets.tensor_numbers import facts_of, norm_of, style_for
from gui.widgets.tensor_table import TensorTable
from tests.gui.network_snapshots import made_snapshot, with_layer


@pytest.fixture
def panel(qtbot: QtBot) -> InspectorPanel:
    panel = InspectorPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(372, 280)
    panel.show()
    return panel


def table_of(panel: InspectorPanel) -> TensorTable:
    return panel.findChild(TensorTable)


def cell(panel: InspectorPanel, row: int, column: int, role=Qt.ItemDataRole.DisplayRole) -> str:
    model = table_of(panel).model()
    return model.index(row, column).data(role)


def headings(panel: InspectorPanel, orientation: Qt.Orientation) -> list[str]:
    model = table_of(panel).model()
    across = orientation == Qt.Orientation.Horizontal
    count = model.columnCount() if across else model.rowCount()
    return [model.headerData(section, orientation) for section in range(count)]


def facts(panel: InspectorPanel) -> str:
    return (panel._lines.extremes.text() + " " + panel._lines.norms.text()).replace("&nbsp;", " ")


def test_without_data_it_says_what_comes(panel: InspectorPanel) -> None:
    assert panel.sheet.message.isVisible()
    assert panel.sheet.message.text() == WAITING
    panel.show_tensor("dW", 2, 1, 1)
    assert not panel.head_widgets()[0].isEnabled()


def test_before_the_first_step_gradients_say_how_to_get_them(panel: InspectorPanel) -> None:
    panel.show_snapshot(made_snapshot(iteration=0))
    panel.show_tensor("dW", 2)
    assert panel.sheet.message.text() == NO_STEP
    assert panel.sheet.message.isVisible()
    assert panel.subtitle == "dW[2]"
    panel.show_snapshot(made_snapshot(iteration=1))
    assert table_of(panel).isVisible()
    assert panel.subtitle == "dW[2] · 5 × 10 · step 0 → 1"


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("W", "W"), ("b", "b"), ("dW", "dW"), ("db", "db"), ("ΔW", "update_W"), ("Δb", "update_b")],
)
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_every_tensor_of_every_layer_is_shown_exactly(
    panel: InspectorPanel, name: str, attribute: str, layer: int
) -> None:
    snapshot = made_snapshot()
    panel.show_snapshot(snapshot)
    panel.show_tensor(name, layer)
    array = getattr(snapshot.layers[layer - 1], attribute)
    model = table_of(panel).model()
    assert (model.rowCount(), model.columnCount()) == array.shape
    tip = cell(panel, 0, 0, Qt.ItemDataRole.ToolTipRole)
    assert tip.endswith(f"{array[0, 0]:+}".replace("-", "−"))
    assert tip.startswith(f"{name}[{layer}], unit 1")
    assert panel.subtitle.startswith(f"{name}[{layer}] · {array.shape[0]} × {array.shape[1]}")
    assert panel.subtitle.endswith("epoch 412" if name in "Wb" else "step 411 → 412")


def test_headings_say_from_where_to_where(panel: InspectorPanel) -> None:
    panel.show_snapshot(made_snapshot())
    panel.show_tensor("W", 1)
    assert headings(panel, Qt.Orientation.Horizontal) == ["from x₁", "from x₂"]
    panel.show_tensor("W", 2)
    assert headings(panel, Qt.Orientation.Horizontal)[:2] == ["from 1", "from 2"]
    assert headings(panel, Qt.Orientation.Vertical)[-1] == "unit 5"
    panel.show_tensor("db", 2)
    assert headings(panel, Qt.Orientation.Horizontal) == ["db"]


def test_an_element_is_selected_and_scrolled_to(panel: InspectorPanel) -> None:
    panel.show_snapshot(made_snapshot((2, 100, 100, 1)))
    panel.show_tensor("W", 2, 90, 80)
    table = table_of(panel)
    index = table.currentIndex()
    assert (index.row(), index.column()) == (90, 80)
    assert table.viewport().rect().intersects(table.visualRect(index))
    assert table.copied_text() == repr(float(panel.array[90, 80]))
    panel.show_tensor("W", 2, -1, 3)
    assert {i.column() for i in table.selectedIndexes()} == {3}
    assert len(table.selectedIndexes()) == 100
    panel.show_tensor("W", 2, 7, -1)
    assert {i.row() for i in table.selectedIndexes()} == {7}


def test_live_numbers_keep_selection_and_place_and_announce_only_what_is_seen(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(made_snapshot((2, 300, 300, 1), seed=1))
    panel.show_tensor("W", 2, 150, 150)
    table = table_of(panel)
    before = (table.verticalScrollBar().value(), table.horizontalScrollBar().value())
    later = made_snapshot((2, 300, 300, 1), seed=2)
    with (
        qtbot.assertNotEmitted(table.model().modelReset),
        qtbot.waitSignal(table.model().dataChanged) as changed,
    ):
        panel.show_snapshot(later)
    first, last = changed.args[0], changed.args[1]
    assert first.row() <= 150 <= last.row()
    assert (last.row() - first.row()) < 30
    assert (last.column() - first.column()) < 30
    assert (table.verticalScrollBar().value(), table.horizontalScrollBar().value()) == before
    assert table.currentIndex().row() == 150
    assert table.copied_text() == repr(float(later.layers[1].W[150, 150]))


def test_another_shape_resets_the_table(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(made_snapshot())
    with qtbot.waitSignal(table_of(panel).model().modelReset):
        panel.show_snapshot(made_snapshot((2, 4, 1)))
    assert table_of(panel).model().rowCount() == 4


def test_a_network_with_fewer_layers_shows_its_last(panel: InspectorPanel) -> None:
    panel.show_snapshot(made_snapshot())
    panel.show_tensor("W", 3)
    panel.show_snapshot(made_snapshot((2, 4, 1)))
    assert panel.subtitle.startswith("W[2] · 1 × 4")


def test_copy_gives_numbers_that_read_back_bit_for_bit(panel: InspectorPanel, qtbot: QtBot) -> None:
    snapshot = made_snapshot()
    panel.show_snapshot(snapshot)
    panel.show_tensor("dW", 2)
    copy = panel.head_widgets()[0]
    qtbot.addWidget(copy)
    copy.show()
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    rows = [line.split("\t") for line in QApplication.clipboard().text().split("\n")]
    np.testing.assert_array_equal(np.array(rows, dtype=float), snapshot.layers[1].dW)


def test_ctrl_c_copies_what_is_selected(panel: InspectorPanel) -> None:
    snapshot = made_snapshot()
    panel.show_snapshot(snapshot)
    panel.show_tensor("W", 2, 1, 2)
    table = table_of(panel)
    QTest.keyClick(table, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    a, b = snapshot.layers[1].W[1, 2:4].tolist()
    assert QApplication.clipboard().text() == f"{a!r}\t{b!r}"


def test_a_scattered_selection_keeps_its_places(panel: InspectorPanel) -> None:
    W = np.array([[1.0, 2.0], [3.0, 4.0]])
    panel.show_snapshot(with_layer(made_snapshot((2, 2, 1)), 1, W=W))
    table = table_of(panel)
    table.select_element(0, 0)
    other = table.visualRect(table.model().index(1, 1)).center()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, control, other)
    assert table.copied_text() == "1.0\t\n\t4.0"


def test_facts_of_a_tensor_worked_by_hand(panel: InspectorPanel) -> None:
    snapshot = made_snapshot((2, 2, 1))
    dW, update = np.array([[3.0, -4.0], [0.0, 0.0]]), np.array([[-0.03, 0.04], [0.0, 0.0]])
    W = np.array([[30.0, 40.0], [0.0, 0.0]])
    panel.show_snapshot(with_layer(snapshot, 1, W=W, dW=dW, update_W=update))
    panel.show_tensor("dW", 1)
    text = facts(panel)
    for item in ("2 × 2", "min −4", "max +3", "mean −0.25", "‖dW‖ 5", "‖α dW‖ / ‖W‖ 0.001 healthy"):
        assert item in text


def test_weights_of_zero_have_no_ratio(panel: InspectorPanel) -> None:
    panel.show_snapshot(made_snapshot(zero=True))
    panel.show_tensor("dW", 2)
    assert "not defined, W = 0" in facts(panel)


def test_non_finite_elements_are_shown_counted_and_left_out_of_the_facts(
    panel: InspectorPanel,
) -> None:
    W = np.array([[np.nan, 1.0], [-np.inf, 3.0]])
    panel.show_snapshot(with_layer(made_snapshot((2, 2, 1)), 1, W=W))
    assert cell(panel, 0, 0) == "NaN"
    assert cell(panel, 1, 0) == "−∞"
    assert "2 not finite: 1 NaN, 1 ∞" in facts(panel)
    assert "mean +2" in facts(panel)
    assert table_of(panel).delegate.ground(np.nan) == QColor(LIGHT.failure)
    panel.show_snapshot(with_layer(made_snapshot((2, 2, 1)), 1, W=np.full((2, 2), np.nan)))
    assert "4 not finite: 4 NaN" in facts(panel)
    assert not panel.grab().isNull()


def test_chips_and_layers_obey_the_keyboard(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(made_snapshot())
    panel.activateWindow()
    chip = panel._controls.chips.button("W")
    chip.setFocus()
    qtbot.waitUntil(chip.hasFocus)
    with qtbot.waitSignal(panel.tensor_shown) as shown:
        QTest.keyClick(chip, Qt.Key.Key_Right)
    assert shown.args == ["b", 1]
    with qtbot.waitSignal(panel.tensor_shown) as shown:
        QTest.keyClick(panel._controls.layers, Qt.Key.Key_Down)
    assert shown.args == ["b", 2]
    assert panel.subtitle.startswith("b[2] · 5 × 1")


def test_digits_are_adjustable(panel: InspectorPanel) -> None:
    W = np.array([[0.123456789, -2.0], [0.0, 1e-9]])
    panel.show_snapshot(with_layer(made_snapshot((2, 2, 1)), 1, W=W))
    assert [cell(panel, 0, 0), cell(panel, 0, 1)] == ["+0.1235", "−2.0000"]
    assert [cell(panel, 1, 0), cell(panel, 1, 1)] == ["0", "+1.0e−09"]
    QTest.keyClick(panel._lines.digits, Qt.Key.Key_Up)
    QTest.keyClick(panel._lines.digits, Qt.Key.Key_Up)
    assert cell(panel, 0, 0) == "+0.123457"


def test_no_number_is_wider_than_its_style_says() -> None:
    for largest, digits in ((0.5, 1), (0.5, 4), (99999.4, 4), (1e5, 3), (1e-7, 6), (0.0, 2)):
        style = style_for(largest, digits)
        for value in (largest, -largest, largest / 3, 1e-9 * largest, 0.0, np.nan, -np.inf):
            assert len(style.text(value)) <= style.width, (largest, digits, value)


def test_a_tensor_of_tiny_or_huge_numbers_is_written_with_exponents() -> None:
    assert style_for(3.2e-5, 4).text(-3.21e-5) == "−3.21e−05"
    assert style_for(4e7, 4).text(4e7) == "+4.00e+07"


def test_norm_neither_overflows_nor_underflows() -> None:
    assert norm_of(np.array([3e200, 4e200])) == pytest.approx(5e200)
    assert norm_of(np.array([3e-200, 4e-200])) == pytest.approx(5e-200)
    assert facts_of(np.array([[1e308, 1e308]])).norm == pytest.approx(np.sqrt(2) * 1e308)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_on_every_ground_has_enough_contrast(panel: InspectorPanel, theme) -> None:
    panel.apply_theme(theme)
    delegate = table_of(panel).delegate
    delegate.limit = 1.0
    for value in [*np.linspace(-1, 1, 401), np.nan]:
        ground = delegate.ground(value)
        assert contrast(theme.readable_on(ground), ground) >= 4.5


def test_signs_are_coloured_and_the_largest_is_full(panel: InspectorPanel) -> None:
    W = np.array([[2.0, -2.0], [0.0, 1.0]])
    panel.show_snapshot(with_layer(made_snapshot((2, 2, 1)), 1, W=W))
    table = table_of(panel)
    image = table.viewport().grab().toImage()
    for row, column, colour in ((0, 0, LIGHT.positive), (0, 1, LIGHT.negative), (1, 0, LIGHT.zero)):
        corner = table.visualRect(table.model().index(row, column)).topLeft() + QPoint(6, 4)
        assert image.pixelColor(corner) == QColor(colour)


@pytest.mark.parametrize("size", [(300, 250), (120, 80), (1400, 900)])
@pytest.mark.parametrize("theme", [LIGHT, DARK.scaled(1.75)])
def test_controls_stay_inside_at_every_size(
    panel: InspectorPanel, size: tuple[int, int], theme
) -> None:
    panel.apply_theme(theme)
    panel.resize(*size)
    panel.show_snapshot(made_snapshot())
    panel.grab()
    buttons = [panel._controls.chips.button(name) for name in ("W", "b", "dW", "db", "ΔW", "Δb")]
    assert all(button.geometry().right() <= panel._controls.chips.width() for button in buttons)
    assert all(
        left.geometry().intersected(right.geometry()).isEmpty() for left, right in pairwise(buttons)
    )


def test_a_million_elements_follow_the_training(panel: InspectorPanel) -> None:
    """Some 5 ms; the limit leaves room for a busy machine."""
    snapshots = [made_snapshot((1000, 1000, 1), seed=seed) for seed in range(2)]
    seconds = []
    for at in range(8):
        start = perf_counter()
        panel.show_snapshot(snapshots[at % 2])
        panel.repaint()
        table_of(panel).verticalScrollBar().setValue(at * 40)
        seconds.append(perf_counter() - start)
    assert min(seconds) < 0.05


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_headings_have_the_size_of_the_scale(qapp, qtbot, scale):
    theme = LIGHT.scaled(scale)
    style.apply_theme(qapp, theme)
    panel = InspectorPanel(theme)
    qtbot.addWidget(panel)
    panel.show()
    for header in (panel._table.horizontalHeader(), panel._table.verticalHeader()):
        assert header.font().pixelSize() == theme.px(11)
    style.apply_theme(qapp, LIGHT)
