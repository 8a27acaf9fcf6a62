from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import gui.panels.inspector_findings as module
from gui.panels.inspector_panel import InspectorPanel
from gui.theme import LIGHT
from gui.widgets.error_dialog import ErrorDialog
from gui.widgets.histogram import BINS, bins_of
from gui.widgets.tensor_numbers import facts_of, style_for
from gui.widgets.tensor_table import TensorTable
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from model.training.debug_views import TensorView
from tests.gui.debug_snapshots import stopped_at, tensor_of, with_tensor
from tests.gui.network_snapshots import made_snapshot
from tests.gui.run_snapshots import shows

NAMES = ("X", "Y", "W", "b", "Z", "A", "J", "dA", "dZ", "dW", "db", "ΔW", "Δb")


@pytest.fixture
def panel(qtbot: QtBot) -> InspectorPanel:
    panel = InspectorPanel(LIGHT)
    qtbot.addWidget(panel)
    for action in panel.head_widgets():
        qtbot.addWidget(action)
    panel.resize(452, 300)
    panel.show()
    panel.set_debugging(True)
    return panel


def table_of(panel: InspectorPanel) -> TensorTable:
    return panel.findChild(TensorTable)


def heading(panel: InspectorPanel, section: int, orientation: Qt.Orientation) -> str:
    return table_of(panel).model().headerData(section, orientation)


def facts(panel: InspectorPanel) -> str:
    lines = panel._lines
    return (lines.extremes.text() + " " + lines.norms.text()).replace("&nbsp;", " ")


def test_every_tensor_of_an_iteration_can_be_chosen(panel: InspectorPanel) -> None:
    snapshot = stopped_at("update_b", 3)
    panel.show_snapshot(snapshot)
    for text in NAMES:
        layer = 0 if text in "XYJ" else 2
        panel.show_tensor(text, layer)
        view = tensor_of(snapshot, text.replace("Δ", "update_"), layer)
        assert panel.array is view.array
        assert panel.subtitle.startswith(str(view.name) + " · ")


def test_the_optimisers_own_tensors_are_offered_as_well(panel: InspectorPanel) -> None:
    snapshot = stopped_at("db", 1)
    own = replace(snapshot.program[-1], result=TensorName("m_W", 2))
    snapshot = replace(snapshot, program=(*snapshot.program, own))
    view = TensorView(own.result, np.ones((5, 10)), 411)
    panel.show_snapshot(with_tensor(snapshot, view))
    panel.show_tensor("m_W", 2)
    assert panel.subtitle == "m_W[2] · 5 × 10 · of the last step 411 → 412"
    assert heading(panel, 2, Qt.Orientation.Horizontal) == "from 3"


def test_outside_the_debugger_only_what_every_snapshot_carries_is_offered(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(stopped_at("dZ", 2))
    with qtbot.waitSignal(panel.tensors_wanted) as wanted:
        panel.set_debugging(False)
    assert wanted.args == [()]
    assert panel.shown.name in ("W", "b", "dW", "db", "update_W", "update_b")
    assert panel._actions.sizeHint().width() <= 0


def test_headings_say_unit_sample_or_feature(panel: InspectorPanel) -> None:
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    panel.show_snapshot(stopped_at("dW", 2))
    assert (heading(panel, 2, across), heading(panel, 0, down)) == ("from 3", "unit 1")
    panel.show_tensor("Z", 2)
    assert (heading(panel, 16, across), heading(panel, 4, down)) == ("sample 17", "unit 5")
    panel.show_tensor("X", 0)
    assert (heading(panel, 0, across), heading(panel, 1, down)) == ("sample 1", "x₂")


def test_it_follows_the_operations_until_another_tensor_is_chosen(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(stopped_at("dZ", 2))
    assert panel.shown == ("dZ", 2)
    with qtbot.waitSignal(panel.tensors_wanted) as wanted:
        panel.show_snapshot(stopped_at("dW", 2))
    assert wanted.args == [(TensorName("dW", 2),)]
    QTest.mouseClick(panel._controls.chips.button("Z"), Qt.MouseButton.LeftButton)
    panel.show_snapshot(stopped_at("db", 2))
    assert panel.shown == ("Z", 2)
    QTest.mouseClick(panel._actions.follow, Qt.MouseButton.LeftButton)
    assert panel.shown == ("db", 2)


@pytest.mark.parametrize(
    ("stop", "shown", "words"),
    [
        (("dW", 2), ("dW", 2), "before the update, step 412 → 413"),
        (("dW", 2), ("dW", 1), "of the last step 411 → 412"),
        (("update_W", 2), ("dW", 2), "of the step 412 → 413"),
        (("W", 1), ("W", 1), "after the step 412 → 413"),
        (("dW", 2), ("W", 1), "after the step 411 → 412"),
        (("dW", 2), ("X", 0), "of the batch"),
    ],
)
def test_it_says_of_which_step_a_tensor_is(
    panel: InspectorPanel, stop: tuple[str, int], shown: tuple[str, int], words: str
) -> None:
    panel.show_snapshot(stopped_at(*stop))
    panel.show_tensor(*shown)
    assert panel.subtitle.endswith(f" · {words}")


def test_a_tensor_that_was_never_computed_says_so(panel: InspectorPanel) -> None:
    panel.show_snapshot(stopped_at("dZ", 2, iteration=0))
    panel.show_tensor("dW", 1)
    assert panel.sheet.message.text().startswith("dW[1] has not been computed yet")
    assert not panel._actions.save.isEnabled()


def test_before_after_and_difference(panel: InspectorPanel) -> None:
    snapshot = stopped_at("b", 3)
    before, after = np.array([[1.0, 2.0], [3.0, np.inf]]), np.array([[1.5, 2.0], [2.0, np.inf]])
    view = replace(tensor_of(snapshot, "W", 2), array=after, before=before)
    panel.show_snapshot(with_tensor(snapshot, view))
    panel.show_tensor("W", 2)
    moments = panel._controls.moments
    for moment, expected in (("before", before), ("after", after)):
        moments.choose(moment)
        np.testing.assert_array_equal(panel.array, expected)
    moments.choose("difference")
    np.testing.assert_array_equal(panel.array, [[0.5, 0.0], [-1.0, np.nan]])
    assert "difference made by the step 412 → 413" in panel.subtitle
    panel.show_tensor("dW", 2)
    assert moments.isHidden()


def test_one_sample_is_a_column_and_its_element_is_the_tensors_own(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    snapshot = stopped_at("dZ", 2)
    panel.show_snapshot(snapshot)
    panel._controls.sample.setValue(17)
    np.testing.assert_array_equal(panel.array, tensor_of(snapshot, "dZ", 2).array[:, 16:17])
    assert np.shares_memory(panel.array, tensor_of(snapshot, "dZ", 2).array)
    assert heading(panel, 0, Qt.Orientation.Horizontal) == "sample 17"
    table = table_of(panel)
    with qtbot.waitSignal(panel.element_chosen) as chosen:
        place = table.visualRect(table.model().index(3, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [Element(TensorName("dZ", 2), 3, 16)]


def test_a_smaller_batch_keeps_the_sample_inside(panel: InspectorPanel) -> None:
    panel.show_snapshot(stopped_at("dZ", 2))
    panel._controls.sample.setValue(40)
    panel.show_snapshot(stopped_at("dZ", 2, samples=8))
    assert panel.array.shape == (5, 1)
    assert panel._controls.part.sample == 8


def test_an_element_is_announced_once_and_again_for_another_tensor(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    chosen: list[Element] = []
    panel.element_chosen.connect(chosen.append)
    panel.show_snapshot(stopped_at("dW", 2))
    assert chosen == [Element(TensorName("dW", 2), 0, 0)]
    panel.show_element(Element(TensorName("dW", 2), 4, 1))
    panel.show_snapshot(stopped_at("dW", 2))
    QTest.keyClick(table_of(panel), Qt.Key.Key_Right)
    panel.show_tensor("W", 2)
    names = [TensorName("dW", 2)] * 2 + [TensorName("W", 2)]
    assert chosen[1:] == [Element(name, 4, c) for name, c in zip(names, (1, 2, 2), strict=True)]


def test_each_operation_brings_an_element_that_is_framed_and_the_chosen_one_returns(
    panel: InspectorPanel,
) -> None:
    chosen: list[Element] = []
    panel.element_chosen.connect(chosen.append)
    table = table_of(panel)
    panel.show_snapshot(stopped_at("dW", 2))
    place = table.visualRect(table.model().index(0, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    for result, layer in (("db", 2), ("dA", 1), ("dW", 2)):
        panel.show_snapshot(stopped_at(result, layer))
        assert table.selected is None
        frame = table.visualRect(table.model().index(*table.delegate.marked))
        image = table.viewport().grab().toImage()
        inside = QPointF(frame.left() + 2, frame.center().y())
        assert shows(image, LIGHT.accent, inside, 2)
    assert chosen[1:] == [
        Element(TensorName("dW", 2), 0, 1),
        Element(TensorName("db", 2), 0, 0),
        Element(TensorName("dA", 1), 0, 0),
        Element(TensorName("dW", 2), 0, 1),
    ]
    assert len(table.copied_text().splitlines()) == 5


def test_the_element_is_of_the_sample_that_is_shown(panel: InspectorPanel) -> None:
    chosen: list[Element] = []
    panel.element_chosen.connect(chosen.append)
    panel.show_snapshot(stopped_at("Z", 2))
    spin = panel._controls.sample
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "5")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert chosen[-1] == Element(TensorName("Z", 2), 0, 4)


def test_nothing_to_explain_in_a_tensor_that_is_not_there(panel: InspectorPanel) -> None:
    chosen: list[Element | None] = []
    panel.element_chosen.connect(chosen.append)
    panel.show_snapshot(stopped_at("Z", 1, iteration=0))
    panel.show_tensor("dW", 2)
    assert chosen[-1] is None


def test_small_tensors_share_a_factor_that_is_shown(panel: InspectorPanel) -> None:
    snapshot = stopped_at("dW", 1)
    view = replace(tensor_of(snapshot, "dW", 1), array=np.array([[0.0106, -1e-9], [0, -0.0025]]))
    panel.show_snapshot(with_tensor(snapshot, view))
    model = table_of(panel).model()
    texts = [model.index(row, column).data() for row in (0, 1) for column in (0, 1)]
    assert texts == ["+10.6000", "−0.0000", "0", "−2.5000"]
    assert table_of(panel)._factor.text() == "×10⁻³"
    assert table_of(panel)._factor.isVisible()
    assert ": +0.0106\n" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize("largest", [5e-324, 1e-306, 3e-5, 0.0999, 1e5, 1.7e308])
def test_every_magnitude_has_a_factor_that_leaves_it_readable(largest: float) -> None:
    style = style_for(largest, 4, common_factor=True)
    number = float(style.text(largest).replace("−", "-"))
    assert number * 10.0**style.power == pytest.approx(largest, rel=0.05)
    assert len(style.text(-largest)) <= style.width + 1


def test_no_factor_where_numbers_are_plain() -> None:
    assert [style_for(x, 4, common_factor=True).factor for x in (0.0, 0.1, 99999.0)] == [""] * 3


def test_facts_worked_by_hand(panel: InspectorPanel) -> None:
    snapshot = stopped_at("dW", 1)
    array = np.array([[3.0, -4.0], [0.0, 0.0]])
    panel.show_snapshot(with_tensor(snapshot, replace(tensor_of(snapshot, "dW", 1), array=array)))
    for item in ("min −4", "max +3", "mean −0.25", "std 2.49", "‖dW‖ 5", "50 % zeros"):
        assert item in facts(panel)


def test_what_is_not_finite_is_counted_with_its_first_place(panel: InspectorPanel) -> None:
    snapshot = stopped_at("Z", 1)
    array = np.array([[1.0, 2.0, 3.0], [0.0, np.nan, -np.inf]])
    panel.show_snapshot(with_tensor(snapshot, replace(tensor_of(snapshot, "Z", 1), array=array)))
    assert "2 not finite: 1 NaN, 1 ∞" in facts(panel)
    assert "first at Z[1] (2, 2)" in facts(panel)
    assert panel._lines.histogram._bins.non_finite == 2
    assert not panel.grab().isNull()


def test_the_histogram_counts_as_numpy_does() -> None:
    array = np.random.default_rng(3).normal(size=(40, 50))
    bins = bins_of(array, facts_of(array))
    expected, _ = np.histogram(array, bins=BINS)
    assert np.abs(bins.counts - expected).sum() <= 2
    assert bins.counts.sum() == array.size


@pytest.mark.parametrize(
    "array",
    [
        np.full((2, 2), np.nan),
        np.full((3, 1), 7.0),
        np.zeros((1, 1)),
        np.array([[-1.7e308, 1.7e308]]),
        np.array([[0.0, 5e-324]]),
        np.zeros((0, 4)),
    ],
)
def test_a_histogram_survives_every_tensor(panel: InspectorPanel, array: np.ndarray) -> None:
    bins = bins_of(array, facts_of(array))
    assert bins.counts.sum() + bins.non_finite == array.size
    panel._lines.histogram.show_bins(bins)
    assert not panel._lines.histogram.grab().isNull()
    assert panel._lines.histogram.text_at(3.0)


def test_pin_asks_for_the_tensor_that_is_shown(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(stopped_at("dZ", 2))
    with qtbot.waitSignal(panel.pin_requested) as asked:
        QTest.mouseClick(panel._actions.pin, Qt.MouseButton.LeftButton)
    assert asked.args == [TensorName("dZ", 2)]


def test_save_writes_exactly_what_is_shown(
    panel: InspectorPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    panel.show_snapshot(stopped_at("dZ", 2))
    panel._controls.sample.setValue(3)
    dialog = panel.ask_where_to_save()
    qtbot.addWidget(dialog)
    dialog.fileSelected.emit(str(tmp_path / "dZ.csv"))
    read = np.loadtxt(tmp_path / "dZ.csv", delimiter=",", ndmin=2)
    np.testing.assert_array_equal(read, panel.array)
    dialog.close()


def test_a_file_that_cannot_be_written_is_told(panel: InspectorPanel, tmp_path: Path) -> None:
    panel.show_snapshot(stopped_at("dZ", 2))
    panel.save(tmp_path / "missing" / "dZ.npy")
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog)]
    assert len([dialog for dialog in dialogs if dialog.isVisible()]) == 1
    for dialog in dialogs:
        dialog.close()


@pytest.mark.parametrize("shape", [(1000, 1000), (10, 100_000)])
def test_scrolling_a_large_tensor_looks_only_at_what_is_seen(
    panel: InspectorPanel, monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
) -> None:
    """Cells painted and elements examined are counted: neither depends on the array's size."""
    snapshot = stopped_at("Z", 1)
    array = np.random.default_rng(1).normal(size=shape)
    looks: list[int] = []
    known = module.facts_of
    monkeypatch.setattr(module, "facts_of", lambda a: looks.append(a.size) or known(a))
    snapshot = with_tensor(snapshot, replace(tensor_of(snapshot, "Z", 1), array=array))
    for _ in range(3):
        panel.show_snapshot(snapshot)
    assert looks == [array.size]
    assert table_of(panel).tensor.array is array
    table = table_of(panel)
    painted: list[object] = []
    paint = table.delegate.paint
    monkeypatch.setattr(
        table.delegate, "paint", lambda *given: painted.append(given) or paint(*given)
    )
    area, header = table.viewport().rect(), table.horizontalHeader()
    rows = area.height() // table.verticalHeader().defaultSectionSize() + 2
    seen = rows * (area.width() // header.defaultSectionSize() + 2)
    for bar in (table.horizontalScrollBar(), table.verticalScrollBar()):
        for share in (0.3, 0.9, 1.0):
            painted.clear()
            bar.setValue(round(share * bar.maximum()))
            table.viewport().repaint()
            assert len(painted) <= seen
    assert looks == [array.size]


def test_a_data_set_of_one_point_and_no_program_are_survived(panel: InspectorPanel) -> None:
    panel.show_snapshot(stopped_at("dZ", 1, (1, 1), samples=1))
    assert panel.subtitle.startswith("dZ[1] · 1 × 1")
    panel.show_snapshot(made_snapshot(iteration=0))
    panel.show_tensor("dZ", 1)
    assert panel.sheet.message.isVisible()


def test_a_low_panel_leaves_its_height_to_the_table(panel: InspectorPanel) -> None:
    snapshot = stopped_at("dZ", 2)
    panel.show_snapshot(snapshot)
    panel.show()
    lines = panel.sheet.lines
    panel.resize(500, 420)
    QApplication.processEvents()
    assert lines.extremes.isVisible()
    assert lines.norms.toolTip() == ""
    panel.resize(500, 200)
    QApplication.processEvents()
    assert not lines.extremes.isVisible()
    assert not lines.histogram.isVisible()
    assert "min" in lines.norms.toolTip()


def test_of_a_single_number_there_is_nothing_more_to_tell(panel: InspectorPanel) -> None:
    panel.show_snapshot(stopped_at("J", 0))
    panel.show_tensor("J", 0)
    lines = panel.sheet.lines
    assert "min" not in lines.extremes.text()
    assert lines.norms.text() == ""
    assert not lines.histogram.isVisible()


def test_probabilities_are_coloured_around_one_half(panel: InspectorPanel) -> None:
    snapshot = stopped_at("A", 3)
    view = replace(tensor_of(snapshot, "A", 3), array=np.array([[0.1, 0.5, 0.9, 0.5]]))
    panel.show_snapshot(with_tensor(snapshot, view))
    panel.show_tensor("A", 3)
    delegate = table_of(panel).delegate
    assert snapshot.layers[-1].activation == "sigmoid"
    assert delegate.ground(0.1) == LIGHT.diverging(-0.4, 0.5)
    assert delegate.ground(0.5) == LIGHT.diverging(0.0, 1.0)
    panel.show_tensor("A", 2)
    assert delegate.ground(0.5) != LIGHT.diverging(0.0, 1.0)


def test_most_of_a_low_panel_is_the_table(panel: InspectorPanel) -> None:
    """The panel's place in the first arrangement of the Debug view is 448 × 249."""
    panel.resize(448, 249)
    panel.show_snapshot(stopped_at("dZ", 2))
    QApplication.processEvents()
    table = table_of(panel)
    assert table.height() > 0.5 * panel.height()
    assert table.viewport().height() >= 4 * table.rowHeight(0)
    assert "min" in panel.sheet.lines.norms.text()
