from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.operations_delegate import MARGIN, ROW
from gui.panels.operations_panel import OperationsPanel
from gui.panels.operations_rows import Kind, Row, Standing, Stop
from gui.theme import DARK, LIGHT
from gui.widgets.panel_head import PanelHead
from model.arrays import frozen
from model.data.datasets import DATA_SETS
from model.nn.operations import TensorName, program
from model.nn.optimizers import OPTIMIZERS
from model.training.debug_views import BreakpointView, Diagnosis, Hit, TensorView
from model.training.session import Session
from model.training.settings import NetworkSettings, RunSettings
from model.training.snapshots import Snapshot
from tests.gui.run_snapshots import differs_from_surface, picture_of, shows

DW2, DZ1 = 13, 16
"""dW[2] and dZ[1] among the lab's 31 operations."""


@cache
def stopped(operation: int = DW2 + 1, layers: tuple[int, ...] = (10, 5)) -> Snapshot:
    """Three updates made and some operations of the next."""
    data = DATA_SETS["moons"].settings(n_samples=200)
    session = Session(RunSettings(data=data, network=NetworkSettings(layers=layers)))
    session.run(epochs=3)
    optimizer = OPTIMIZERS[session.settings.training.optimizer]
    lines = program(session.network.architecture, optimizer)
    return replace(session.snapshot(), operation=operation, program=lines)


def with_breakpoints(snapshot: Snapshot, hit: Hit | None = None) -> Snapshot:
    """An enabled one on dZ[1], a disabled one on db[3], and a condition."""
    points = (
        BreakpointView(1, "dZ[1]", True, 2, DZ1),
        BreakpointView(2, "db[3]", False, 0, 10),
        BreakpointView(3, "loss above 2", True, 0, None),
    )
    return replace(snapshot, breakpoints=points, hit=hit)


@pytest.fixture
def panel(qtbot: QtBot) -> OperationsPanel:
    panel = OperationsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(300, 560)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def rows_of(panel: OperationsPanel) -> list[Row]:
    return panel.list.operations.rows


def row_of(panel: OperationsPanel, text: str) -> Row:
    """The line that begins with these words."""
    return next(row for row in rows_of(panel) if row.text.startswith(text))


def place_of(panel: OperationsPanel, text: str) -> QPoint:
    """The middle of a line."""
    model = panel.list.operations
    index = model.index(rows_of(panel).index(row_of(panel, text)))
    return panel.list.visualRect(index).center()


def click(panel: OperationsPanel, text: str, *, margin: bool = False) -> None:
    at = place_of(panel, text)
    if margin:
        at.setX(MARGIN // 2)
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_the_lines_are_the_program_by_phase(panel: OperationsPanel) -> None:
    snapshot = stopped()
    panel.show_snapshot(snapshot)
    rows = rows_of(panel)
    phases = [row.text for row in rows if row.kind is Kind.PHASE]
    assert phases == ["FORWARD", "LOSS", "BACKWARD", "UPDATE"]
    lines = [row.text for row in rows if row.kind is Kind.OPERATION]
    assert lines == [operation.formula for operation in snapshot.program[:19]]
    assert rows[-1].text.startswith("ΔW Δb W b of each layer")
    assert rows[-1].value == "12"


def test_layers_begin_and_end_within_their_phase(panel: OperationsPanel) -> None:
    panel.show_snapshot(stopped())
    assert [row.text[:5] for row in rows_of(panel) if row.kind is Kind.OPERATION and row.first] == [
        "Z[1] ",
        "Z[2] ",
        "Z[3] ",
        "J = m",
        "dA[3]",
        "dA[2]",
        "dA[1]",
    ]


def test_the_last_operation_done_is_the_current_one(panel: OperationsPanel) -> None:
    panel.show_snapshot(stopped())
    standings = [row.standing for row in rows_of(panel) if row.kind is Kind.OPERATION]
    assert standings[:DW2] == [Standing.DONE] * DW2
    assert standings[DW2] is Standing.CURRENT
    assert set(standings[DW2 + 1 :]) == {Standing.TO_COME}
    assert (panel.heading, panel.subtitle) == ("Iteration 3", "operation 14 of 31")


def test_between_two_iterations_the_list_is_the_last_step(panel: OperationsPanel) -> None:
    panel.show_snapshot(stopped(0))
    assert {row.standing for row in rows_of(panel) if row.kind is Kind.OPERATION} == {Standing.DONE}
    assert (panel.heading, panel.subtitle) == ("Iteration 2", "complete · step 2 → 3")


def test_before_the_first_step_everything_is_to_come(panel: OperationsPanel) -> None:
    panel.show_snapshot(replace(stopped(0), iteration=0, epoch=0))
    assert {row.standing for row in rows_of(panel)} == {Standing.TO_COME}
    assert panel.subtitle == "nothing computed yet"


def test_shapes_and_the_loss_stand_at_the_right(panel: OperationsPanel) -> None:
    J = TensorView(TensorName("J"), frozen(np.array([[0.24612345]])), 3)
    panel.show_snapshot(replace(stopped(), tensors=(J,)))
    values = {text: row_of(panel, text).value for text in ("Z[1]", "dW[2]", "db[3]", "J")}
    assert values == {"Z[1]": "10×160", "dW[2]": "5×10", "db[3]": "1×1", "J": "0.2461"}


def test_the_loss_of_an_earlier_iteration_is_not_shown_as_this_ones(panel: OperationsPanel) -> None:
    J = TensorView(TensorName("J"), frozen(np.array([[0.24612345]])), 2)
    panel.show_snapshot(replace(stopped(2), tensors=(J,)))
    assert row_of(panel, "J").value == "1×1"


@pytest.mark.parametrize(
    ("iteration", "operation", "samples"), [(3, 4, 10), (3, 0, 50), (4, 0, 10), (4, 4, 50)]
)
def test_a_short_last_batch_has_its_own_shape(
    panel: OperationsPanel, iteration: int, operation: int, samples: int
) -> None:
    """160 samples in batches of 50: the fourth one of an epoch has 10."""
    snapshot = stopped(operation)
    training = snapshot.settings.training.model_copy(update={"batch_size": 50})
    settings = snapshot.settings.model_copy(update={"training": training})
    panel.show_snapshot(replace(snapshot, settings=settings, iteration=iteration))
    assert row_of(panel, "A[1]").value == f"10×{samples}"


def test_a_click_runs_to_what_is_to_come_and_looks_at_what_is_done(
    panel: OperationsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(stopped())
    with (
        qtbot.waitSignal(panel.run_to_requested) as run,
        qtbot.assertNotEmitted(panel.operation_chosen),
    ):
        click(panel, "dZ[1]")
    assert run.args == [DZ1 + 1]
    for text, index in (("Z[1]", 0), ("dW[2]", DW2)):
        with (
            qtbot.waitSignal(panel.operation_chosen) as chosen,
            qtbot.assertNotEmitted(panel.run_to_requested),
        ):
            click(panel, text)
        assert chosen.args == [index]


def test_a_click_in_the_margin_toggles_a_breakpoint_and_nothing_else(
    panel: OperationsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(stopped())
    with (
        qtbot.waitSignal(panel.breakpoint_toggled) as toggled,
        qtbot.assertNotEmitted(panel.run_to_requested),
        qtbot.assertNotEmitted(panel.operation_chosen),
    ):
        click(panel, "dZ[1]", margin=True)
    assert toggled.args == [DZ1]


def test_the_keys_walk_over_headings_run_look_and_stop(
    panel: OperationsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(stopped(6))
    panel.list.setFocus()
    under = panel.list.row_under_cursor()
    assert under is not None
    assert under.text.startswith("A[3]")
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.run_to_requested) as run:
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert run.args == [7]
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    with qtbot.waitSignal(panel.operation_chosen) as chosen:
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert chosen.args == [5]
    with qtbot.waitSignal(panel.breakpoint_toggled) as toggled:
        QTest.keyClick(panel.list, Qt.Key.Key_F9)
    assert toggled.args == [5]
    with qtbot.waitSignal(panel.breakpoint_toggled) as again:
        panel.toggle_breakpoint()
    assert again.args == [5]


def test_breakpoints_are_disc_ring_and_halo(panel: OperationsPanel) -> None:
    snapshot = with_breakpoints(stopped(DZ1), Hit(1, "dZ[1]", ""))
    panel.show_snapshot(snapshot)
    assert row_of(panel, "dZ[1]").stop is Stop.ENABLED
    assert row_of(panel, "dZ[1]").hit
    assert row_of(panel, "db[3]").stop is Stop.DISABLED
    assert not row_of(panel, "db[3]").hit
    image = picture_of(panel)
    enabled, disabled = (
        QPointF(MARGIN / 2, place_of(panel, text).y()) for text in ("dZ[1]", "db[3]")
    )
    assert shows(image, LIGHT.failure, enabled, 1)
    assert not shows(image, LIGHT.failure, disabled, 1)
    assert shows(image, LIGHT.failure, disabled, 4)
    assert [entry.text for entry in panel.legend()] == ["3 breakpoints"]
    assert panel.subtitle == "operation 16 of 31 · stopped: dZ[1]"


def test_a_condition_that_stopped_the_run_is_said_with_its_value(panel: OperationsPanel) -> None:
    panel.show_snapshot(with_breakpoints(stopped(), Hit(3, "loss above 2", "2.31")))
    assert panel.subtitle.endswith("stopped: loss above 2 (2.31)")
    assert not any(row.hit for row in rows_of(panel) if row.kind is Kind.OPERATION)


def test_the_operation_that_made_something_not_finite_is_marked(panel: OperationsPanel) -> None:
    snapshot = stopped(9)
    made = Diagnosis(snapshot.program[8], (0, 0), float("nan"), (), "", 2)
    panel.show_snapshot(replace(snapshot, diagnosis=made))
    assert [row.operation for row in rows_of(panel) if row.faulty] == [8]
    said = panel.list.operations.place_of(Kind.OPERATION, 8).data(
        Qt.ItemDataRole.AccessibleTextRole
    )
    assert "not finite" in said


def test_an_iteration_that_broke_is_listed_before_anybody_walks_to_it(
    panel: OperationsPanel, qtbot: QtBot
) -> None:
    """The run stands before it with the tensors of the one before, of which nothing is shown."""
    J = TensorView(TensorName("J"), frozen(np.array([[0.6931]])), 0)
    between = replace(stopped(9), operation=0, tensors=(J,))
    panel.show_snapshot(between)
    assert row_of(panel, "J").value == "0.6931"
    made = Diagnosis(between.program[8], (0, 0), float("nan"), (), "", 2)
    panel.show_snapshot(replace(between, diagnosis=made))
    lines = [row for row in rows_of(panel) if row.kind is Kind.OPERATION]
    assert {row.standing for row in lines} == {Standing.TO_COME}
    assert [row.operation for row in lines if row.faulty] == [8]
    assert row_of(panel, "J").value == "1×1"
    k, result = between.iteration, between.program[8].result
    assert panel.subtitle == f"step {k} → {k + 1} broke at {result} and was taken back"
    with qtbot.waitSignal(panel.run_to_requested) as asked:
        panel.list.act_on(next(row for row in lines if row.faulty))
    assert asked.args == [9]


def test_the_update_is_folded_until_it_is_opened_or_under_way(
    panel: OperationsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(stopped())
    folded = len(rows_of(panel))
    click(panel, "ΔW Δb")
    assert len(rows_of(panel)) == folded + 12
    assert row_of(panel, "ΔW Δb").text.endswith("▾")
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert len(rows_of(panel)) == folded
    under = panel.list.row_under_cursor()
    assert under is not None
    assert under.kind is Kind.FOLD
    panel.show_snapshot(stopped(22))
    assert row_of(panel, "W[1] = ").standing is Standing.CURRENT
    assert not any(row.kind is Kind.FOLD for row in rows_of(panel))


def test_a_fold_shows_that_there_is_a_breakpoint_in_it(panel: OperationsPanel) -> None:
    point = BreakpointView(1, "b[3]", True, 0, 30)
    panel.show_snapshot(replace(stopped(), breakpoints=(point,)))
    assert rows_of(panel)[-1].stop is Stop.ENABLED


def test_in_a_deep_network_the_current_line_is_scrolled_to(
    panel: OperationsPanel, qtbot: QtBot
) -> None:
    deep = stopped(1, (4,) * 20)
    count = len(deep.program)
    assert count == 211
    for operation in (count // 2, count - 1, 1, 40):
        panel.show_snapshot(replace(deep, operation=operation))
        at = panel.list.operations.place_of(Kind.OPERATION, operation - 1)
        around = (at.siblingAtRow(at.row() + step) for step in (-3, 0, 3))
        rects = [panel.list.visualRect(place) for place in around if place.isValid()]
        seen = panel.list.viewport().rect()
        assert all(seen.contains(rect) for rect in rects), operation


def test_scrolling_away_is_left_alone_until_the_place_changes(panel: OperationsPanel) -> None:
    deep = stopped(100, (4,) * 20)
    panel.show_snapshot(deep)
    panel.list.verticalScrollBar().setValue(0)
    panel.show_snapshot(with_breakpoints(deep))
    assert panel.list.verticalScrollBar().value() == 0
    panel.show_snapshot(replace(deep, operation=101))
    assert panel.list.verticalScrollBar().value() > 0


def test_what_can_be_done_with_a_line_is_in_its_menu(panel: OperationsPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(with_breakpoints(stopped()))
    done = panel.list.menu_of(row_of(panel, "Z[1]"))
    qtbot.addWidget(done)
    words = [action.text().partition("\t")[0] for action in done.actions() if action.text()]
    assert words == ["Look at Z[1]", "Go to where it is done", "Set a breakpoint"]
    with qtbot.waitSignal(panel.run_to_requested) as run:
        done.actions()[1].trigger()
    assert run.args == [1]
    stop = panel.list.menu_of(row_of(panel, "dZ[1]"))
    qtbot.addWidget(stop)
    assert stop.actions()[-1].text().startswith("Remove the breakpoint")
    assert not stop.actions()[0].isEnabled()


def test_the_head_names_the_iteration(panel: OperationsPanel, qtbot: QtBot) -> None:
    head = PanelHead(panel, LIGHT)
    qtbot.addWidget(head)
    assert head._title.text == "Operations"
    panel.show_snapshot(stopped())
    assert head._title.text == "Iteration 3"


def test_empty_then_themes_and_scales(panel: OperationsPanel) -> None:
    assert differs_from_surface(picture_of(panel))
    panel.show_snapshot(stopped())
    model = panel.list.operations
    place = model.place_of(Kind.OPERATION, DW2)
    assert place.data(ROW).standing is Standing.CURRENT
    before = panel.list.visualRect(place)
    left = QPoint(before.left() + 6, before.center().y())
    assert picture_of(panel).pixelColor(left) == QColor(LIGHT.accent_tint)
    panel.resize(450, 840)
    panel.apply_theme(DARK.scaled(1.5))
    image = picture_of(panel)
    after = panel.list.visualRect(place)
    assert after.height() > before.height()
    spot = QPoint(after.left() + 6, after.center().y())
    assert image.pixelColor(spot) == QColor(DARK.accent_tint)
