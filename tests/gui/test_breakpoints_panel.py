"""The breakpoints' panel and the diagnosis card, by mouse and keyboard."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.breakpoints_panel import BreakpointsPanel
from gui.theme import DARK, LIGHT, Theme
from gui.widgets.diagnosis_card import DiagnosisCard, facts_of, title_of
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.fields.entry_field import EntryField
from model.analysis.expansion import Element
from model.errors import SettingsError
from model.nn.operations import Operation, Phase, TensorName
from model.training.condition_kinds import CONDITIONS
from model.training.conditions import LossLimit, NormLimit, UpdateRatio
from model.training.debug_views import BreakpointView, Diagnosis, Hit
from model.training.session import Session
from model.training.snapshots import Snapshot
from tests.gui.run_snapshots import lab_snapshot, picture_of, shows

PROGRAM = Session().current_run.program
LOSS = BreakpointView(1, "loss above 2", True, 3, None)
LINE = BreakpointView(2, PROGRAM[17].formula, True, 0, 17)
RATIO = BreakpointView(4, "‖ΔW‖/‖W‖ outside 1e−06 to 0.1, any layer", False, 1, None)


def snapshot(*views: BreakpointView, hit: Hit | None = None, operation: int = 7) -> Snapshot:
    return replace(
        lab_snapshot(),
        program=PROGRAM,
        iteration=412,
        operation=operation,
        breakpoints=views,
        hit=hit,
    )


@pytest.fixture
def panel(qtbot: QtBot) -> BreakpointsPanel:
    panel = BreakpointsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(300, 320)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def field(panel: BreakpointsPanel, name: str) -> QWidget:
    row = panel.form.form.row_for(f"condition.{name}")
    assert row is not None
    return row.field


def choose(panel: BreakpointsPanel, name: str, title: str) -> None:
    """Choose in a list as a user does, with the arrow keys."""
    box = field(panel, name)
    assert isinstance(box, ChoiceField)
    box.setFocus()
    steps = box.findText(title) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert box.currentText() == title


def enter(panel: BreakpointsPanel, name: str, text: str) -> EntryField:
    entry = field(panel, name)
    assert isinstance(entry, EntryField)
    entry.setFocus()
    entry.selectAll()
    QTest.keyClicks(entry, text)
    return entry


def test_empty_list_says_what_to_do(panel: BreakpointsPanel) -> None:
    assert panel.message.isVisible()
    assert "F9" in panel.message.text()
    panel.show_snapshot(snapshot())
    assert panel.message.isVisible()
    assert panel.subtitle == ""
    panel.show_snapshot(snapshot(LOSS))
    assert not panel.message.isVisible()
    panel.show_snapshot(snapshot())
    assert panel.message.isVisible()


def test_rows_say_text_hits_and_whether_they_are_on(panel: BreakpointsPanel) -> None:
    panel.show_snapshot(snapshot(LOSS, LINE, RATIO))
    rows = list(panel.rows.values())
    assert [row.text.text for row in rows] == [LOSS.text, LINE.text, RATIO.text]
    assert [row.check.isChecked() for row in rows] == [True, True, False]
    assert [row.hits.text() for row in rows] == ["3×", "", "1×"]
    assert rows[0].hits.toolTip() == "It has stopped the run 3 times."
    assert panel.subtitle == "3 · 1 off"
    assert [row.y() for row in rows] == sorted(row.y() for row in rows)


def test_rows_follow_the_session_and_keep_their_widgets(
    panel: BreakpointsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(snapshot(LOSS, LINE))
    first = panel.rows[1]
    panel.show_snapshot(snapshot(replace(LOSS, enabled=False, hits=4), RATIO))
    assert panel.rows[1] is first
    assert list(panel.rows) == [1, 4]
    assert not first.check.isChecked()
    assert first.hits.text() == "4×"


def test_tick_and_cross_are_wishes_by_mouse(panel: BreakpointsPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(snapshot(LOSS, RATIO))
    with qtbot.waitSignal(panel.enabled_requested) as off:
        click(panel.rows[1].check, QPoint(8, panel.rows[1].check.height() // 2))
    assert off.args == [1, False]
    with qtbot.waitSignal(panel.delete_requested) as gone:
        click(panel.rows[4].remove)
    assert gone.args == [4]
    assert list(panel.rows) == [1, 4]


def test_keys_walk_toggle_and_delete(panel: BreakpointsPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(snapshot(LOSS, LINE, RATIO))
    panel.rows[1].check.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    assert panel.rows[1].check.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert panel.rows[2].check.hasFocus()
    with qtbot.waitSignal(panel.enabled_requested) as off:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert off.args == [2, False]
    with qtbot.waitSignal(panel.delete_requested) as gone:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert gone.args == [2]
    panel.show_snapshot(snapshot(LOSS, RATIO))
    assert panel.rows[4].check.hasFocus()
    panel.show_snapshot(snapshot(LOSS))
    assert panel.rows[1].check.hasFocus()


def test_hit_is_red_and_says_value_and_place(panel: BreakpointsPanel, qtbot: QtBot) -> None:
    hit = Hit(1, LOSS.text, "2.31")
    panel.show_snapshot(snapshot(LOSS, LINE, hit=hit))
    row = panel.rows[1]
    assert row.is_hit
    assert row.stop.text == "2.31 at operation 7 of iteration 412"
    assert row.accessibleName() == "loss above 2: 2.31 at operation 7 of iteration 412"
    assert panel.subtitle == "stopped: loss above 2"
    qtbot.waitUntil(lambda: row.height() > panel.rows[2].height())
    bar = QPointF(LIGHT.px(3) / 2, row.height() / 2)
    assert shows(picture_of(row), LIGHT.failure, bar)
    assert not shows(picture_of(panel.rows[2]), LIGHT.failure, bar)
    panel.show_snapshot(snapshot(LOSS, LINE, operation=8))
    assert not row.is_hit
    assert not row.stop.isVisible()


def test_hit_between_iterations_and_of_an_operation(panel: BreakpointsPanel) -> None:
    panel.show_snapshot(snapshot(LOSS, hit=Hit(1, "epoch 412 reached", "412"), operation=0))
    assert panel.rows[1].stop.text == "412 at iteration 412"
    panel.show_snapshot(snapshot(LINE, hit=Hit(2, LINE.text, ""), operation=18))
    assert panel.rows[2].stop.text == "at operation 18 of iteration 412"


def test_hit_far_down_is_scrolled_to(panel: BreakpointsPanel, qtbot: QtBot) -> None:
    views = [replace(LOSS, number=number) for number in range(1, 31)]
    panel.show_snapshot(snapshot(*views))
    assert panel.rows[30].visibleRegion().isEmpty()
    panel.show_snapshot(snapshot(*views, hit=Hit(30, LOSS.text, "2.31")))
    qtbot.waitUntil(lambda: not panel.rows[30].stop.visibleRegion().isEmpty())


def test_condition_is_added_from_the_form(panel: BreakpointsPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(snapshot())
    click(panel.add_button)
    assert panel.form.isVisible()
    assert field(panel, "kind").hasFocus()
    choose(panel, "kind", "Norm of a tensor")
    enter(panel, "layer", "2")
    enter(panel, "limit", "0.5")
    with qtbot.waitSignal(panel.add_requested) as added:
        click(panel.form.add_button)
    assert added.args == [NormLimit(tensor="dW", layer=2, limit=0.5)]
    assert not panel.form.isVisible()
    assert panel.add_button.hasFocus()


@pytest.mark.parametrize("kind", CONDITIONS)
def test_every_kind_has_a_form_and_can_be_added(
    kind: str, panel: BreakpointsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(snapshot())
    panel.open_form()
    choose(panel, "kind", CONDITIONS[kind].title)
    parameters = set(CONDITIONS[kind].settings.model_fields) - {"kind"}
    assert all(field(panel, name).toolTip() for name in parameters)
    assert all(field(panel, name).accessibleName() for name in parameters)
    with qtbot.waitSignal(panel.add_requested) as added:
        click(panel.form.add_button)
    assert added.args == [CONDITIONS[kind].settings()]


def test_layer_that_is_not_there_is_refused_beside_its_field(
    panel: BreakpointsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(snapshot())
    panel.open_form()
    choose(panel, "kind", "Norm of a tensor")
    enter(panel, "layer", "9")
    with qtbot.assertNotEmitted(panel.add_requested):
        click(panel.form.add_button)
    row = panel.form.form.row_for("condition.layer")
    assert row is not None
    assert row.complaint.text == "There is no dW[9] in this network. There are the layers 1 to 3."
    enter(panel, "layer", "3")
    with qtbot.waitSignal(panel.add_requested) as added:
        click(panel.form.add_button)
    assert added.args[0].layer == 3


def test_entry_outside_its_limits_is_refused_and_can_be_mended(
    panel: BreakpointsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(snapshot())
    panel.open_form()
    choose(panel, "kind", "Update against weight")
    enter(panel, "high", "-1")
    with qtbot.assertNotEmitted(panel.add_requested):
        click(panel.form.add_button)
    assert panel.form.isVisible()
    enter(panel, "high", "0.01")
    with qtbot.waitSignal(panel.add_requested) as added:
        click(panel.form.add_button)
    assert added.args == [UpdateRatio(high=0.01)]


def test_escape_and_cancel_leave_everything_as_it_was(
    panel: BreakpointsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(snapshot(LOSS))
    with qtbot.assertNotEmitted(panel.add_requested):
        for leave in (
            lambda: click(panel.form.cancel_button),
            lambda: QTest.keyClick(panel.form.add_button, Qt.Key.Key_Escape),
        ):
            panel.open_form()
            leave()
            assert not panel.form.isVisible()
            assert panel.add_button.isVisible()


def test_refusal_of_the_session_opens_the_form_again(panel: BreakpointsPanel) -> None:
    panel.show_error(SettingsError("there is no W[3] here", "There are W[1] and W[2]."))
    row = panel.form.form.row_for("condition.kind")
    assert row is not None
    assert panel.form.isVisible()
    assert row.complaint.text.startswith("There is no W[3] here. There are")


def test_form_stays_while_snapshots_come(panel: BreakpointsPanel) -> None:
    panel.open_form()
    entry = enter(panel, "limit", "3.5")
    panel.show_snapshot(snapshot(LOSS))
    panel.show_snapshot(snapshot(LOSS, RATIO))
    assert entry.text() == "3.5"
    assert entry.hasFocus()


@pytest.mark.parametrize("theme", [LIGHT, DARK.scaled(1.5), LIGHT.scaled(2.0)])
def test_nothing_is_cut_off_in_any_theme(
    theme: Theme, panel: BreakpointsPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(snapshot(LOSS, RATIO, hit=Hit(1, LOSS.text, "2.31")))
    panel.apply_theme(theme)
    panel.resize(panel.sizeHint())
    qtbot.waitUntil(lambda: panel.rows[1].width() > theme.px(200))
    for row in panel.rows.values():
        right = row.remove.mapTo(panel, row.remove.rect().topRight()).x()
        assert right < panel.width()
    qtbot.waitUntil(lambda: panel.rows[1].text.shown == LOSS.text)
    stop = panel.rows[1].stop
    qtbot.waitUntil(lambda: stop.shown == stop.text)


DIAGNOSIS = Diagnosis(
    PROGRAM[2],
    (2, 16),
    math.inf,
    (
        (TensorName("W", 2), -4e199, 1.8e199),
        (TensorName("A", 1), 0.0, 8.3e198),
        (TensorName("b", 2), math.nan, math.nan),
    ),
    "Overflow: products of W[2] and A[1] exceed the largest 64-bit number.",
    411,
)


@pytest.fixture
def card(qtbot: QtBot) -> DiagnosisCard:
    card = DiagnosisCard(LIGHT)
    qtbot.addWidget(card)
    card.resize(400, 240)
    card.show_diagnosis(DIAGNOSIS)
    return card


def test_card_tells_what_where_and_from_what(card: DiagnosisCard) -> None:
    assert card.isVisible()
    assert card.title.text() == "Z[2] became infinite"
    assert card.cause.text() == DIAGNOSIS.cause
    assert facts_of(DIAGNOSIS) == (
        ("Operation 3", "Z[2] = W[2] A[1] + b[2]"),
        ("First element", "unit 3, sample 17 = +∞"),
        ("From W[2]", "−4e+199 … +1.8e+199"),
        ("From A[1]", "0 … +8.3e+198"),
        ("From b[2]", "NaN"),
    )


def test_card_offers_the_way_back_and_the_element(card: DiagnosisCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.good_state_requested) as back:
        click(card.back_button)
    assert back.args == [411]
    with qtbot.waitSignal(card.show_requested) as shown:
        QTest.keyClick(card.show_button, Qt.Key.Key_Return)
    assert shown.args == [Element(TensorName("Z", 2), 2, 16)]


def test_card_goes_with_its_diagnosis_and_names_j_and_biases(card: DiagnosisCard) -> None:
    loss = Operation(6, Phase.LOSS, 0, TensorName("J"), (), "J = mean BCE(A[3], Y)")
    of_loss = replace(DIAGNOSIS, operation=loss, element=(0, 0), value=math.nan, operands=())
    card.show_diagnosis(of_loss)
    assert title_of(of_loss) == card.title.text() == "J is not a number"
    assert facts_of(of_loss)[1] == ("First element", "NaN")
    bias = replace(of_loss, operation=PROGRAM[10], element=(4, 0))
    assert facts_of(bias)[1] == ("First element", "unit 5 = NaN")
    card.show_diagnosis(None)
    assert not card.isVisible()


@pytest.mark.parametrize("theme", [DARK, LIGHT.scaled(2.0)])
def test_card_shows_all_of_its_text_in_any_theme(
    theme: Theme, card: DiagnosisCard, qtbot: QtBot
) -> None:
    card.apply_theme(theme)
    card.resize(theme.px(300), card.heightForWidth(theme.px(300)))
    qtbot.waitUntil(lambda: card.cause.height() >= card.cause.heightForWidth(card.cause.width()))
    assert card.rect().contains(card.back_button.geometry())
    assert card.rect().contains(card.show_button.geometry())
    assert shows(
        picture_of(card),
        theme.failure,
        QPointF(theme.px(19), card.title.geometry().center().y()),
        theme.px(4),
    )


def test_limits_of_the_first_condition_are_the_table_s(panel: BreakpointsPanel) -> None:
    panel.open_form()
    assert panel.form.condition == LossLimit()
