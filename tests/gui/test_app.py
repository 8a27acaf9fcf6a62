"""The whole program, driven by keyboard and mouse from start to close."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog

from gui.layout_store import read_layout
from model.analysis.expansion import Element
from model.files.weights import read_weights
from model.nn.operations import TensorName
from model.training.settings import RunSettings
from model.training.snapshots import State
from tests.gui.conftest import Program, closed, opened

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def slow(program: Program) -> None:
    """A run that is not over before a test can look at it."""
    program.enter("training.epochs", "90000000")
    program.until(lambda: program.snapshot.settings.training.epochs == 90_000_000)


def test_space_runs_and_pauses_and_every_panel_names_its_epoch(program: Program) -> None:
    assert program.snapshot.state is State.IDLE
    program.key(Qt.Key.Key_Space)
    program.until(lambda: program.snapshot.epoch >= 3)
    program.key(Qt.Key.Key_Space)
    program.until_state(State.PAUSED)
    epoch = program.snapshot.epoch
    assert 0 < epoch < 1000
    for panel in program.window.panels:
        assert f"epoch {epoch}" in panel.subtitle
    assert program.controller.loss.history.epoch == epoch


def test_the_lab_runs_to_its_end_at_full_speed(program: Program) -> None:
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F5)
    program.until_state(State.FINISHED)
    assert program.snapshot.epoch == 1000
    assert 0.25 < program.snapshot.train.loss < 0.36
    assert 0.83 <= program.snapshot.test.accuracy <= 0.885


def test_a_text_field_keeps_its_space(program: Program) -> None:
    field = program.controller.setup.form.row_for("training.learning_rate").field
    field.setFocus()
    program.key(Qt.Key.Key_Space)
    program.key(Qt.Key.Key_Escape)
    program.window.setFocus()
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    assert program.snapshot.state is State.PAUSED


def test_one_step_shows_its_gradients_and_back_takes_them_away(program: Program) -> None:
    inspector = program.controller.inspector
    first = program.snapshot.layers[1].W
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    inspector.show_tensor("dW", 2)
    assert "0 → 1" in inspector.subtitle
    layer = program.snapshot.layers[1]
    np.testing.assert_array_equal(layer.W, first + layer.update_W)
    np.testing.assert_array_equal(layer.update_W, -0.01 * layer.dW)
    program.key(Qt.Key.Key_F10, SHIFT)
    program.until(lambda: program.snapshot.iteration == 0)
    np.testing.assert_array_equal(program.snapshot.layers[1].W, first)


def test_reset_returns_to_the_same_weights_and_new_seed_to_others(program: Program) -> None:
    first = program.snapshot.layers[0].W
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    program.key(Qt.Key.Key_R, CONTROL)
    program.until_state(State.IDLE)
    np.testing.assert_array_equal(program.snapshot.layers[0].W, first)
    program.key(Qt.Key.Key_N, CONTROL)
    seed = RunSettings().network.seed + 1
    program.until(lambda: program.snapshot.settings.network.seed == seed)
    assert not np.array_equal(program.snapshot.layers[0].W, first)


def test_the_learning_rate_changes_in_the_same_run(program: Program) -> None:
    slow(program)
    program.window.setFocus()
    program.key(Qt.Key.Key_Space)
    program.until(lambda: program.snapshot.epoch > 0)
    generation = program.snapshot.generation
    program.enter("training.learning_rate", "0.3")
    program.until(lambda: program.snapshot.settings.training.learning_rate == 0.3)
    assert program.snapshot.generation == generation
    assert program.snapshot.state is State.RUNNING


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("training.learning_rate", "nan"),
        ("training.learning_rate", "-1"),
        ("training.epochs", "0"),
        ("data.noise", "11"),
        ("data.n_samples", "three"),
    ],
)
def test_bad_input_is_refused_where_it_is_entered(program: Program, path: str, text: str) -> None:
    before = program.snapshot.settings
    program.enter(path, text)
    row = program.controller.setup.form.row_for(path)
    assert text in row.complaint.text
    assert "allowed" in row.complaint.text
    program.window.setFocus()
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    assert program.snapshot.settings == before


@pytest.mark.parametrize(
    ("rate", "word"), [("1000", "times its first value"), ("1e100", "infinite")]
)
def test_divergence_is_told_and_the_program_goes_on(program: Program, rate: str, word: str) -> None:
    program.enter("training.learning_rate", rate)
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F5)
    program.until_state(State.FAILED)
    failure = program.snapshot.failure
    assert word in failure.reason
    assert str(failure.epoch) in program.window.status.plain_text()
    assert all(np.isfinite(layer.W).all() for layer in program.snapshot.layers)
    program.key(Qt.Key.Key_R, CONTROL)
    program.until_state(State.IDLE)
    assert not program.error_dialogs()


def test_a_test_set_of_one_class_has_no_auc(program: Program) -> None:
    program.enter("data.n_samples", "4")
    program.until(lambda: len(program.snapshot.data.y_test) == 1)
    program.until(lambda: program.snapshot.test.auc is not None)
    assert np.isnan(program.snapshot.test.auc)
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    assert not program.error_dialogs()


def test_a_click_in_the_boundary_sends_a_sample_through_the_network(program: Program) -> None:
    plot = program.controller.boundary.plot
    program.click(plot.viewport(), QPoint(plot.width() // 2, plot.height() // 2))
    program.until(lambda: program.snapshot.probe is not None)
    assert len(program.snapshot.probe.activations) == 4
    assert "sample" in program.controller.network.subtitle


def test_the_threshold_moves_contour_accuracy_and_matrix_together(program: Program) -> None:
    slider = program.controller.roc.slider
    before = program.snapshot
    slider.setFocus()
    for _ in range(20):
        program.key(Qt.Key.Key_Right)
    program.until(lambda: program.snapshot.threshold == pytest.approx(0.7))
    after = program.snapshot
    predicted = after.test.probability >= 0.7
    assert after.test.accuracy == np.mean(predicted == after.data.y_test)
    assert after.test.confusion != before.test.confusion
    assert "0.70" in program.controller.boundary.subtitle


def test_an_exception_shows_one_dialog_and_training_goes_on(
    program: Program,
) -> None:
    def broken(snapshot: object) -> None:
        raise ZeroDivisionError("planted")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program.controller.loss, "show_snapshot", broken)
        for _ in range(3):
            program.controller.step_requested.emit("iteration")
        program.until(lambda: len(program.error_dialogs()) == 1)
        program.until(lambda: program.snapshot.iteration == 3)
    (dialog,) = program.error_dialogs()
    assert "planted" in program.words(dialog)
    dialog.close()
    program.activate()
    before = program.snapshot.iteration
    program.window.setFocus()
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration > before)


def answer(program: Program, path: Path) -> None:
    """Type a path into the file dialog that is open, and confirm."""
    program.until(lambda: bool(program.window.findChildren(QFileDialog)))
    dialog = program.window.findChildren(QFileDialog)[-1]
    dialog.selectFile(str(path))
    dialog.accept()
    program.until(lambda: not program.window.findChildren(QFileDialog))
    program.activate()


@pytest.fixture
def qt_dialogs() -> None:
    """File dialogs of Qt's own, which tests can type into."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)


@pytest.mark.usefixtures("qt_dialogs")
def test_weights_are_saved_and_opened_again(program: Program, tmp_path: Path) -> None:
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    saved = program.snapshot.layers[2].W
    program.key(Qt.Key.Key_S, CONTROL | SHIFT)
    answer(program, tmp_path / "weights.npz")
    program.until((tmp_path / "weights.npz").exists)
    np.testing.assert_array_equal(read_weights(tmp_path / "weights.npz").network.W[2], saved)
    program.key(Qt.Key.Key_R, CONTROL)
    program.until_state(State.IDLE)
    program.key(Qt.Key.Key_O, CONTROL)
    answer(program, tmp_path / "weights.npz")
    program.until(lambda: np.array_equal(program.snapshot.layers[2].W, saved))


@pytest.mark.usefixtures("qt_dialogs")
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_figures_of_every_panel_are_saved(program: Program, tmp_path: Path, suffix: str) -> None:
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    program.controller._save_figures(tmp_path / f"lab.{suffix}")
    names = {path.name for path in tmp_path.glob("lab-*")}
    assert names == {f"lab-{p.name}.{suffix}" for p in program.window.panels}


def test_an_unwritable_place_is_told_and_leaves_nothing(program: Program, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    program.controller._save_weights(blocked / "weights.npz")
    program.until(lambda: len(program.error_dialogs()) == 1)
    assert "weights.npz" in program.words(program.error_dialogs()[0])
    assert blocked.read_text() == "in the way"


def test_settings_and_layout_come_back(program: Program, qtbot, tmp_path: Path) -> None:
    program.enter("training.learning_rate", "0.07")
    program.until(lambda: program.snapshot.settings.training.learning_rate == 0.07)
    program.window.resize(777, 666)
    dock = program.window.host.docks["roc"]
    dock.hide()
    program.window.close()
    again = opened(qtbot)
    assert again.snapshot.settings.training.learning_rate == 0.07
    assert again.window.size().width() == 777
    assert again.window.host.docks["roc"].isHidden()
    closed(again)


def cycles(qtbot, count: int) -> None:
    for _ in range(count):
        program = opened(qtbot)
        program.window.commands.action("speed_max").trigger()
        slow(program)
        program.window.setFocus()
        program.key(Qt.Key.Key_Space)
        program.until(lambda program=program: program.snapshot.epoch > 0)
        closed(program)


def test_open_run_and_close_ten_times(qtbot) -> None:
    cycles(qtbot, 10)


@pytest.mark.soak
def test_open_run_and_close_a_hundred_times(qtbot) -> None:
    cycles(qtbot, 100)


F11, ALT = Qt.Key.Key_F11, Qt.KeyboardModifier.AltModifier


def debugging(program: Program) -> None:
    """The Debug view at the front."""
    program.key(Qt.Key.Key_2, CONTROL)
    program.until(lambda: program.window.view == "debug")


def test_debug_steps_over_every_kind_and_back_to_the_same_numbers(program: Program) -> None:
    debugging(program)
    seen = []
    for modifier, position in (
        (Qt.KeyboardModifier.NoModifier, (0, 1)),
        (ALT, (0, 2)),
        (CONTROL, (0, 6)),
    ):
        program.key(F11, modifier)
        program.until(
            lambda position=position: (
                (program.snapshot.iteration, program.snapshot.operation) == position
            )
        )
        seen.append(program.snapshot.layers[0].W)
    program.key(Qt.Key.Key_F10, CONTROL)
    program.until(lambda: program.snapshot.epoch == 1)
    assert program.snapshot.operation == 0
    program.key(F11, SHIFT)
    program.until(lambda: program.snapshot.operation == 30)
    assert "operation 30 of 31" in program.controller.debugger.operations.subtitle


def test_debug_panels_follow_the_operation(program: Program) -> None:
    debugging(program)
    debugger = program.controller.debugger
    for done in range(1, 32):
        program.key(F11)
        program.until(
            lambda done=done: (
                program.snapshot.operation == done % 31 and program.snapshot.iteration == done // 31
            )
        )
        result = program.snapshot.program[done - 1].result
        program.until(lambda result=result: str(result) in debugger.inspector.subtitle)
        program.until(
            lambda result=result: (
                program.snapshot.expansion is not None
                and program.snapshot.expansion.operation.result == result
            )
        )
        assert debugger.network.subtitle == f"{result} just computed"
        assert debugger.operations.subtitle.startswith(f"operation {done} of 31")
    program.key(F11)
    program.until(lambda: program.snapshot.operation == 1)
    program.key(F11, SHIFT)
    program.until(lambda: program.snapshot.operation == 0)
    assert debugger.network.subtitle == "b[3] just computed"
    assert debugger.operations.heading == "Iteration 0"
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 2)
    assert debugger.operations.heading == "Iteration 1"
    assert debugger.network.subtitle == "epoch 2"


def test_debug_formula_goes_on_behind_a_chosen_element(program: Program) -> None:
    debugging(program)
    debugger = program.controller.debugger
    for _ in range(5):
        before = program.snapshot.operation
        program.key(F11, ALT)
        program.until(lambda before=before: program.snapshot.operation > before)
    made = program.snapshot.program[program.snapshot.operation - 1].result
    program.until(lambda: debugger.inspector.array is not None)
    table = debugger.inspector.sheet.table
    program.click(table.viewport(), table.visualRect(table.model().index(0, 0)).center())
    program.until(lambda: program.snapshot.expansion.element.tensor == made)
    debugger.operations.list.setFocus()
    program.key(F11)
    program.until(lambda: program.snapshot.expansion.element.tensor != made)
    assert program.snapshot.expansion.operation.index == program.snapshot.operation - 1


def test_run_until_runs_stops_there_and_keeps_no_breakpoint(program: Program) -> None:
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F9, CONTROL)
    program.until(lambda: program.window.view == "debug")
    panel = program.controller.debugger.breakpoints
    program.until(panel.form.isVisible)
    assert panel.form.add_button.text() == "Run until then"
    field = panel.form.form.row_for("condition.kind").field
    field.setFocus()
    steps = field.findData("epoch_reached") - field.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(field, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    entry = panel.form.form.row_for("condition.epoch").field
    entry.setFocus()
    entry.selectAll()
    QTest.keyClicks(entry, "37")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    program.click(panel.form.add_button)
    program.until(lambda: program.snapshot.hit is not None)
    assert (program.snapshot.epoch, program.snapshot.state) == (37, State.PAUSED)
    program.until(lambda: not program.snapshot.breakpoints)
    assert program.snapshot.hit is not None
    program.key(Qt.Key.Key_F5)
    program.until_state(State.FINISHED)


def test_debug_scrubs_and_a_change_in_the_past_begins_a_branch(program: Program) -> None:
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F5)
    program.until_state(State.FINISHED)
    debugging(program)
    debugger = program.controller.debugger
    debugger.time.epoch_requested.emit(40)
    program.until(lambda: program.snapshot.epoch == 40)
    assert program.snapshot.future is not None
    assert len(program.snapshot.future.rows) == 960
    program.window.show_view("train")
    program.enter("training.learning_rate", "0.5")
    program.until(lambda: program.snapshot.undo == "α = 0.5")
    assert [branch.number for branch in program.snapshot.branches] == [0]
    program.window.setFocus()
    program.key(Qt.Key.Key_Z, CONTROL)
    program.until(lambda: program.snapshot.branch == 0)
    assert program.snapshot.settings.training.learning_rate == 0.01


def test_debug_stops_at_a_breakpoint_and_names_it(program: Program) -> None:
    debugging(program)
    debugger = program.controller.debugger
    debugger.operations.breakpoint_toggled.emit(13)
    program.until(lambda: len(program.snapshot.breakpoints) == 1)
    program.key(Qt.Key.Key_F5)
    program.until(lambda: program.snapshot.hit is not None)
    assert (program.snapshot.iteration, program.snapshot.operation) == (0, 14)
    assert "dW[2]" in program.snapshot.hit.text


def test_debug_shows_where_a_number_became_infinite(program: Program) -> None:
    program.enter("training.learning_rate", "1e100")
    debugging(program)
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F5)
    program.until_state(State.FAILED)
    diagnosis = program.controller.debugger.diagnosis
    assert diagnosis.isVisible()
    assert str(program.snapshot.diagnosis.operation.result) in program.words(diagnosis)
    diagnosis.good_state_requested.emit(program.snapshot.diagnosis.good)
    program.until_state(State.PAUSED)
    program.until(lambda: not diagnosis.isVisible())


def places_of(program: Program) -> dict[str, bool]:
    """Which panels of the Debug view can be seen, none behind another."""
    docks = program.window.hosts["debug"].docks
    return {name: not dock.visibleRegion().isEmpty() for name, dock in docks.items()}


def test_debug_keeps_its_places_through_a_failure_and_the_next_start(
    program: Program, tmp_path: Path
) -> None:
    program.window.resize(1024, 700)
    debugging(program)
    wanted = ("operations", "network", "inspector", "formula", "time")
    program.until(lambda: all(places_of(program)[name] for name in wanted))
    program.window.show_view("train")
    program.enter("training.learning_rate", "1e30")
    program.window.setFocus()
    debugging(program)
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F5)
    program.until_state(State.FAILED)
    program.until(program.controller.debugger.diagnosis.isVisible)
    QApplication.processEvents()
    assert all(places_of(program)[name] for name in wanted)
    host = program.window.hosts["debug"]
    behind = {"taylor", "surface"}
    assert {d.objectName() for d in host.tabifiedDockWidgets(host.docks["formula"])} == behind
    program.click(program.controller.debugger.diagnosis.show_button)
    result = program.snapshot.diagnosis.operation.result
    program.until(lambda: program.snapshot.expansion.element.tensor == result)
    program.window.save_layout(tmp_path / "layout.json")
    assert host.restore(read_layout(tmp_path / "layout.json").debug_docks)
    assert {d.objectName() for d in host.tabifiedDockWidgets(host.docks["formula"])} == behind


def test_debug_tool_bar_steps_by_what_is_chosen(program: Program) -> None:
    bar = program.window.top_bar
    assert bar.step_button.text() == "Step"
    assert bar.grain.isHidden()
    debugging(program)
    assert next(p.text for p in bar.step_button.parts()) == "Operation"
    assert "F11" in [p.text for p in bar.step_button.parts()]
    program.click(bar.step_button)
    program.until(lambda: program.snapshot.operation == 1)
    program.click(bar.grain)
    program.until(bar.grain.menu.isVisible)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(bar.grain.menu, key)
    assert bar.grain.grain == "phase"
    program.click(bar.step_button)
    program.until(lambda: program.snapshot.operation == 6)
    program.click(bar.back_button)
    program.until(lambda: program.snapshot.operation == 0)
    program.window.show_view("train")
    assert (bar.step_button.text(), bar.grain.isHidden()) == ("Step", True)
    program.click(bar.step_button)
    program.until(lambda: program.snapshot.iteration == 1)


def test_a_key_that_does_nothing_says_why(program: Program) -> None:
    debugging(program)
    program.window.setFocus()
    program.key(Qt.Key.Key_F9)
    assert "choose an operation" in program.window.status.plain_text()
    program.key(Qt.Key.Key_F11, SHIFT)
    assert "not available before training has begun" in program.window.status.plain_text()


def test_debug_expands_the_chosen_element_into_its_numbers(program: Program) -> None:
    debugging(program)
    debugger = program.controller.debugger
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    debugger.inspector.show_tensor("dW", 2, 4, 1)
    chosen = Element(TensorName("dW", 2), 4, 1)
    program.until(lambda: program.snapshot.expansion.element == chosen)
    expansion = program.snapshot.expansion
    assert expansion.value == program.snapshot.layers[1].dW[4, 1]
    total = sum(term.value for term in expansion.terms) + expansion.rest
    assert total == pytest.approx(expansion.value, rel=1e-9)


def test_several_epochs_are_run_and_then_it_pauses(program: Program) -> None:
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F5, CONTROL)
    program.until(lambda: bool(program.window.findChildren(QInputDialog)))
    dialog = program.window.findChildren(QInputDialog)[0]
    dialog.setIntValue(37)
    dialog.accept()
    program.until(lambda: program.snapshot.epoch == 37)
    assert program.snapshot.state is State.PAUSED


def test_debug_checks_gradients_numerically_and_somebody_elses(program: Program) -> None:
    debugging(program)
    check = program.controller.debugger.check
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    program.window.show_panel("check")
    program.click(check.check_button)
    program.until(lambda: "of iteration 1" in check.footing.text())
    program.key(Qt.Key.Key_F10)
    program.until(lambda: "not of" in check.footing.text())
    examples = Path(__file__).parents[2] / "resources" / "examples"
    check.own_requested.emit(examples / "broken_backprop.npz", None)
    program.until(lambda: "First wrong tensor" in program.words(check))
    assert "dZ2" in program.words(check)
    check.own_requested.emit(Path(__file__), None)
    program.until(lambda: bool(check.error.text()))
    assert not program.error_dialogs()


def test_debug_changes_weights_and_layers_and_undoes_them(program: Program) -> None:
    debugging(program)
    debugger = program.controller.debugger
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.iteration == 1)
    before = program.snapshot.layers[1].W
    debugger.inspector.edit_requested.emit(Element(TensorName("W", 2), 4, 1), 0.75)
    program.until(lambda: program.snapshot.layers[1].W[4, 1] == 0.75)
    assert program.snapshot.undo == "W[2] 5,2 = 0.75"
    debugger.network.layer_requested.emit("zero", 2)
    program.until(lambda: not program.snapshot.layers[1].W.any())
    debugger.network.layer_requested.emit("redraw", 2)
    program.until(lambda: bool(program.snapshot.layers[1].W.any()))
    debugger.network.layer_requested.emit("freeze", 2)
    program.until(lambda: program.snapshot.frozen_layers == (2,))
    for title in ("layer 2 drawn again", "layer 2 set to zero", "W[2] 5,2", ""):
        program.activate()
        program.key(Qt.Key.Key_Z, CONTROL)
        program.until(lambda title=title: program.snapshot.undo.startswith(title))
    program.until(lambda: program.snapshot.undo == "")
    np.testing.assert_array_equal(program.snapshot.layers[1].W, before)


def test_debug_shows_health_the_rate_and_the_surface_of_the_session(program: Program) -> None:
    program.window.commands.action("debug_view").trigger()
    program.key(Qt.Key.Key_F10)
    program.until(lambda: program.snapshot.epoch == 1)
    view = program.controller.debugger
    program.window.show_panel("health")
    program.until(lambda: view.health.view is not None and view.health.view.epoch == 1)
    program.window.show_panel("taylor")
    program.until(lambda: view.taylor.view is not None and view.taylor.view.epoch == 1)
    assert view.taylor.view.alpha == 0.01
    program.window.show_panel("surface")
    program.until(lambda: view.surface.picture.surface is not None and not view.surface.stale)
    assert view.surface.picture.surface.iteration == 1
    view.taylor.rate_requested.emit(0.25)
    program.until(lambda: program.snapshot.settings.training.learning_rate == 0.25)


def test_advice_is_told_in_the_status_line_of_every_view(program: Program) -> None:
    program.enter("training.learning_rate", "30")
    for _ in range(4):
        program.key(Qt.Key.Key_F10)
    program.until(lambda: "⚠ rising loss" in program.window.status.plain_text())
