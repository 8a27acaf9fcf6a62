"""The check of gradients: both buttons, what was found, and of which state it is."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.check_panel import CheckPanel
from gui.panels.check_words import CHECK_NOW, COMPARE, power, title_of
from gui.theme import DARK, LIGHT, Theme
from model.analysis.conventions import Orientation
from model.errors import BackscopeError, FileError, StateError
from model.files.own_comparison import OwnComparison, compared
from model.nn.gradcheck import GradientCheck
from model.training.gradient_check import RunCheck, checked_gradients
from model.training.interventions import set_element
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import Snapshot
from tests.model.own_code import own_arrays, saved


def made_by(session: Session) -> tuple[RunCheck, Snapshot]:
    return checked_gradients(session.current_run), session.snapshot()


def with_difference(made: RunCheck, at: int, difference: float) -> RunCheck:
    tensors = list(made.check.tensors)
    tensors[at] = replace(tensors[at], difference=difference, complex_step=difference)
    return replace(made, check=GradientCheck(tuple(tensors)))


def own(folder: Path, mistaken: bool) -> OwnComparison:
    mistakes = {"dW2": lambda t: t["dZ2"] @ t["A1"].T * len(t["Y"].T)} if mistaken else None
    return compared(saved(folder, own_arrays(mistakes=mistakes)))


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())


@pytest.fixture
def panel(qtbot: QtBot) -> CheckPanel:
    panel = CheckPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(452, 420)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


@pytest.fixture
def qt_dialogs() -> None:
    """File dialogs of Qt's own, which tests can answer."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)


@pytest.fixture
def session() -> Session:
    session = Session(RunSettings())
    session.run(epochs=12)
    return session


def test_an_empty_panel_says_what_it_is_for(panel: CheckPanel) -> None:
    assert panel.message.isVisible()
    assert not panel.marks.isVisible()
    assert not panel.report.isVisible()
    assert not panel.error.isVisible()
    assert not panel.rows_button.isVisible()


def test_a_click_asks_for_one_check_at_a_time(panel: CheckPanel, qtbot: QtBot) -> None:
    asked: list[bool] = []
    panel.check_requested.connect(lambda: asked.append(True))
    click(panel.check_button)
    click(panel.check_button)
    assert asked == [True]
    panel.show_error(StateError("There is nothing to check"))
    click(panel.check_button)
    assert asked == [True, True]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_keyboard_asks_too(panel: CheckPanel, qtbot: QtBot, key: Qt.Key) -> None:
    panel.check_button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(panel.check_requested):
        QTest.keyClick(panel.check_button, key)
    assert panel.check_button.hasFocus()


def test_every_gradient_has_its_mark(panel: CheckPanel, session: Session) -> None:
    made, snapshot = made_by(session)
    panel.show_snapshot(snapshot)
    panel.show_check(made)
    names = [mark.text.text().split()[0] for mark in panel.marks.marks]
    assert names == ["W[1]", "b[1]", "W[2]", "b[2]", "W[3]", "b[3]"]
    assert {mark.sign.text() for mark in panel.marks.marks} == {"✓"}
    assert "unit" in panel.marks.marks[0].toolTip()
    assert "of iteration 12" in panel.footing.text()
    assert "not of the state" not in panel.footing.text()
    assert not panel.failures.isVisible()
    assert not panel.message.isVisible()
    assert panel.check_button.text() == CHECK_NOW


def test_marks_stand_inside_a_narrow_panel(panel: CheckPanel, session: Session) -> None:
    panel.resize(200, 400)
    panel.show_check(made_by(session)[0])
    QApplication.processEvents()
    for mark in panel.marks.marks:
        assert mark.geometry().right() <= panel.width()
    lines = {mark.y() for mark in panel.marks.marks}
    assert len(lines) > 1
    assert panel.footing.y() > panel.marks.y() + max(lines)


def test_a_wrong_one_names_its_worst_element(panel: CheckPanel, session: Session) -> None:
    made = made_by(session)[0]
    panel.show_check(with_difference(made, 2, 0.03))
    assert [mark.sign.text() for mark in panel.marks.marks] == ["✓", "✓", "✗", "✓", "✓", "✓"]
    worst = made.check.tensors[2].worst
    where = f"dW[2] differs most at unit {worst.row + 1}, from {worst.column + 1}"
    assert panel.failures.isVisible()
    assert where in panel.failures.text()


def test_a_vanished_gradient_is_told_by_the_complex_step(
    panel: CheckPanel, session: Session
) -> None:
    """Beside J nothing is left of it in a central difference, which decides nothing then."""
    made, _ = made_by(session)
    tensors = list(made.check.tensors)
    tensors[1] = replace(tensors[1], difference=0.76, complex_step=3e-16)
    panel.show_check(replace(made, check=GradientCheck(tuple(tensors))))
    mark = panel.marks.marks[1]
    assert (mark.sign.text(), mark.text.text()) == ("✓", "b[1] 3·10⁻¹⁶")
    assert "too small for such a difference" in mark.toolTip()
    assert not panel.failures.isVisible()


def test_a_difference_that_is_no_number_is_wrong(panel: CheckPanel, session: Session) -> None:
    panel.show_check(with_difference(made_by(session)[0], 1, math.nan))
    mark = panel.marks.marks[1]
    assert (mark.sign.text(), mark.text.text()) == ("✗", "b[1] NaN")


def test_a_check_of_another_state_stands_back(panel: CheckPanel, session: Session) -> None:
    made, snapshot = made_by(session)
    panel.show_snapshot(snapshot)
    panel.show_check(made)
    fresh = panel.marks.marks[0].text.styleSheet()
    session.step()
    panel.show_snapshot(session.snapshot())
    assert "of iteration 12" in panel.footing.text()
    assert "not of the state shown" in panel.footing.text()
    assert panel.marks.marks[0].text.styleSheet() != fresh
    session.back()
    panel.show_snapshot(session.snapshot())
    assert "not of the state" not in panel.footing.text()
    assert panel.marks.marks[0].text.styleSheet() == fresh


def test_an_edit_at_the_same_iteration_makes_it_another_state(
    panel: CheckPanel, session: Session
) -> None:
    made, snapshot = made_by(session)
    panel.show_snapshot(snapshot)
    panel.show_check(made)
    session.intervene(set_element(session.network, "b", 1, 0, 0, 0.5))
    panel.show_snapshot(session.snapshot())
    assert "not of the state shown" in panel.footing.text()


@pytest.mark.usefixtures("qt_dialogs")
def test_a_file_is_chosen_in_a_dialog(panel: CheckPanel, qtbot: QtBot, tmp_path: Path) -> None:
    path = saved(tmp_path, own_arrays())
    asked: list[tuple[object, object]] = []
    panel.own_requested.connect(lambda *what: asked.append(what))
    click(panel.own_button)
    dialog = panel.findChild(QFileDialog)
    assert dialog is not None
    dialog.selectFile(str(path))
    dialog.accept()
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [(path, None)]
    assert panel.own_button.text() != COMPARE


def test_the_first_wrong_tensor_of_a_file_is_told(panel: CheckPanel, tmp_path: Path) -> None:
    comparison = own(tmp_path, mistaken=True)
    panel.show_own(comparison)
    assert panel.report.verdict.text().startswith("✗ own.npz")
    assert "First wrong tensor: dW2" in panel.report.findings.text()
    table = panel.report.table
    assert table.rowCount() == len(comparison.check.findings)
    lines = {table.item(at, 0).text(): table.item(at, 3).text() for at in range(table.rowCount())}
    assert lines["dW2"].startswith("✗")
    assert lines["dZ2"].startswith("✓")
    assert panel.own_button.text() == COMPARE
    assert not panel.message.isVisible()


def test_a_right_file_agrees(panel: CheckPanel, tmp_path: Path) -> None:
    panel.show_own(own(tmp_path, mistaken=False))
    assert panel.report.verdict.text().startswith("✓")
    assert "agree" in panel.report.verdict.text()


def test_words_that_a_file_lacks_come_from_the_settings(panel: CheckPanel, tmp_path: Path) -> None:
    arrays = own_arrays("relu")
    del arrays["activations"]
    panel.show_own(compared(saved(tmp_path, arrays), settings=RunSettings()))
    assert "settings of this run: activations" in panel.report.premises.text()


def test_arrows_move_in_the_table_and_the_row_stays_in_sight(
    panel: CheckPanel, tmp_path: Path
) -> None:
    panel.resize(452, 160)
    panel.show_own(own(tmp_path, mistaken=True))
    QApplication.processEvents()
    table = panel.report.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(table.rowCount()):
        QTest.keyClick(table, Qt.Key.Key_Down)
    QApplication.processEvents()
    assert table.currentRow() == table.rowCount() - 1
    cell = table.visualItemRect(table.currentItem())
    middle = table.viewport().mapTo(panel, cell.center())
    assert panel.rect().contains(middle)


def test_all_is_copied(panel: CheckPanel, session: Session, tmp_path: Path) -> None:
    made = made_by(session)[0]
    panel.show_check(made)
    panel.show_own(own(tmp_path, mistaken=True))
    panel.own_button.setFocus()
    QTest.keyClick(panel.own_button, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QApplication.clipboard().text()
    assert title_of(made.check.tensors[0]) in text
    assert "First wrong tensor: dW2" in text
    QApplication.clipboard().clear()
    click(panel.copy)
    assert QApplication.clipboard().text() == text
    table = panel.report.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().startswith("tensor\tshape")


def test_an_error_stays_beside_what_was_found(panel: CheckPanel, session: Session) -> None:
    panel.show_check(made_by(session)[0])
    panel.show_error(FileError("own.npz cannot be read", "is it an .npz?"))
    assert panel.error.isVisible()
    assert "own.npz cannot be read" in panel.error.text()
    assert panel.marks.isVisible()
    assert not panel.rows_button.isVisible()
    panel.show_check(made_by(session)[0])
    assert not panel.error.isVisible()


def test_an_open_orientation_is_asked_for(panel: CheckPanel, qtbot: QtBot, tmp_path: Path) -> None:
    arrays = own_arrays(sizes=(3, 3, 3), m=3)
    path = saved(tmp_path, {key: arrays[key] for key in ("X", "Y", "W1", "b1", "W2", "b2", "dW1")})
    panel._compare(path)
    with pytest.raises(BackscopeError) as refused:
        compared(path)
    panel.show_error(refused.value)
    assert panel.rows_button.isVisible()
    assert "--" not in panel.error.text()
    with qtbot.waitSignal(panel.own_requested) as answer:
        click(panel.columns_button)
    assert answer.args == [path, Orientation.COLUMNS]


@pytest.mark.parametrize("theme", [LIGHT, DARK.scaled(2.0)])
def test_it_follows_the_theme(
    panel: CheckPanel, session: Session, tmp_path: Path, theme: Theme
) -> None:
    panel.show_check(with_difference(made_by(session)[0], 0, 0.5))
    panel.show_own(own(tmp_path, mistaken=True))
    panel.apply_theme(theme)
    first, second = panel.marks.marks[:2]
    assert theme.failure in first.sign.styleSheet()
    assert theme.accent in second.sign.styleSheet()
    QApplication.processEvents()
    table = panel.report.table
    assert table.rowHeight(0) == theme.px(22)
    assert table.height() >= table.rowCount() * theme.px(22)
    assert table.font().pixelSize() == theme.mono(11.5).pixelSize()


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.2e-11, "3·10⁻¹¹"), (0.0, "0"), (math.nan, "NaN"), (math.inf, "+∞"), (2.0, "2·10⁰")],
)
def test_differences_are_powers_of_ten(value: float, text: str) -> None:
    assert power(value) == text


def test_the_check_leaves_the_run_as_it_is(session: Session) -> None:
    session.step("operation", 9)
    before = session.network.parameters.copy(), session.tensor("dZ", 3)
    made = checked_gradients(session.current_run)
    assert made.check.agrees
    assert made.samples == made.batch
    assert np.array_equal(session.network.parameters, before[0])
    assert np.array_equal(session.tensor("dZ", 3), before[1])
    assert session.operation == 9


def test_a_mini_batch_is_what_is_checked() -> None:
    settings = RunSettings()
    training = settings.training.model_copy(update={"batch_size": 32})
    session = Session(settings.model_copy(update={"training": training}))
    session.step("iteration", 3)
    made = checked_gradients(session.current_run)
    assert (made.batch, made.iteration, made.check.agrees) == (32, 3, True)


def test_a_network_that_is_too_large_is_refused() -> None:
    settings = RunSettings()
    network = settings.network.model_copy(update={"layers": (150, 150)})
    session = Session(settings.model_copy(update={"network": network}))
    with pytest.raises(StateError, match="too many"):
        checked_gradients(session.current_run)
