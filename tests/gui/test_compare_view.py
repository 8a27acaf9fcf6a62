"""The Compare view as a user meets it: keys and clicks in the whole program."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gui.theme import DARK
from model.lab.outcome import Fate
from model.lab.variants import axis_of
from model.settings_fields import with_changes
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import State
from tests.gui.conftest import closed, opened

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def compare(program):
    """The Compare view with a short race of three learning rates, idle."""
    small = {"data.n_samples": 120, "training.epochs": 60}
    program.controller.setup.ask_for(with_changes(RunSettings(), small))
    program.until(lambda: program.snapshot.settings.training.epochs == 60)
    program.key(Qt.Key.Key_3, CTRL)
    program.until(lambda: race_of(program) is not None)
    enter(program, vary(program).values, "0.01, 0.5, 1e100")
    program.until(lambda: len(race_of(program).runs) == 3)
    program.window.setFocus()
    return program


def racing(program):
    assert program.controller.racing is not None
    return program.controller.racing


def race_of(program):
    return racing(program).race


def comparer(program):
    return racing(program).comparer


def vary(program):
    return comparer(program).vary


def enter(program, row, text):
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, text)
    QTest.keyClick(row.field, Qt.Key.Key_Return)


def until_epoch(program, epoch):
    program.until(lambda: race_of(program).epoch == epoch)


def finish(program):
    program.window.commands.action("speed_max").trigger()
    program.key(Qt.Key.Key_F5)
    program.until(lambda: race_of(program).state is State.FINISHED)
    program.until(lambda: comparer(program).runs.runs.race is race_of(program))


def test_ctrl_3_opens_the_view_with_a_race_of_the_settings_at_rest(program):
    program.key(Qt.Key.Key_3, CTRL)
    program.until(lambda: race_of(program) is not None)
    assert program.window.view == "compare"
    race = race_of(program)
    assert (race.state, race.epoch) == (State.IDLE, 0)
    assert race.base == program.snapshot.settings
    program.until(lambda: race_of(program).runs[0].grid is not None)
    assert race_of(program).runs[0].grid.probability.shape == (40, 40)
    assert program.window.top_bar.epoch.accessibleName() == "5 runs, epoch 0 of 1000"
    assert "press Space" in program.window.status.plain_text()


def test_keys_run_pause_step_and_walk_back_the_race_and_not_the_session(compare):
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    compare.key(Qt.Key.Key_F10, CTRL)
    until_epoch(compare, 2)
    compare.key(Qt.Key.Key_F10, SHIFT)
    until_epoch(compare, 1)
    compare.key(Qt.Key.Key_Space)
    compare.until(lambda: race_of(compare).state is State.RUNNING)
    compare.key(Qt.Key.Key_F6)
    compare.until(lambda: race_of(compare).state is State.PAUSED)
    compare.key(Qt.Key.Key_R, CTRL)
    until_epoch(compare, 0)
    assert (compare.snapshot.epoch, compare.snapshot.state) == (0, State.IDLE)


def test_commands_bar_and_line_are_those_of_what_is_at_the_front(compare):
    window = compare.window
    finish(compare)
    assert not window.commands.action("step").isEnabled()
    assert not window.commands.action("undo").isEnabled()
    assert "3 runs, epoch 60 of 60" in window.top_bar.epoch.accessibleName()
    line = window.status.plain_text()
    assert "in step, epoch 60" in line
    assert "2 finished" in line
    assert "1 diverged" in line
    assert "same seed, same batch order" in line
    compare.key(Qt.Key.Key_1, CTRL)
    assert window.commands.action("step").isEnabled()
    assert window.top_bar.epoch.accessibleName() == "Epoch 0 of 60"
    assert "press Space to train" in window.status.plain_text()


def test_switching_views_pauses_what_goes_to_the_back(compare):
    compare.controller.setup.ask_for(
        with_changes(compare.controller.settings, {"training.epochs": 10_000_000})
    )
    racing(compare)._renew()
    compare.key(Qt.Key.Key_Space)
    compare.until(lambda: race_of(compare).state is State.RUNNING)
    compare.key(Qt.Key.Key_1, CTRL)
    compare.until(lambda: race_of(compare).state is State.PAUSED)
    compare.key(Qt.Key.Key_Space)
    compare.until_state(State.RUNNING)
    compare.key(Qt.Key.Key_3, CTRL)
    compare.until_state(State.PAUSED)
    assert race_of(compare).state is State.PAUSED


def test_the_window_closes_while_a_race_runs(compare):
    endless = with_changes(compare.controller.settings, {"training.epochs": 10_000_000})
    compare.controller.setup.ask_for(endless)
    racing(compare)._renew()
    compare.window.commands.action("speed_max").trigger()
    compare.key(Qt.Key.Key_Space)
    compare.until(lambda: race_of(compare).epoch > 3)


def test_figures_of_the_view_are_saved(compare, tmp_path):
    from gui.figures import save_figure

    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    for panel in comparer(compare).panels[1:]:
        for suffix in ("png", "svg", "pdf"):
            path = tmp_path / f"{panel.name}.{suffix}"
            save_figure(panel, path)
            assert path.stat().st_size > 2000


def test_all_runs_go_to_the_epoch_that_is_pointed_at(compare):
    finish(compare)
    panel = comparer(compare).loss
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    for _ in range(20):
        QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.picture.cursor == (40, 0)
    QTest.keyClick(panel.plot, Qt.Key.Key_Return)
    until_epoch(compare, 40)
    assert race_of(compare).state is State.PAUSED
    assert [run.epoch for run in race_of(compare).runs][:2] == [40, 40]


def test_the_runs_give_the_losses_of_sessions_alone(compare):
    finish(compare)
    for run in race_of(compare).runs[:2]:
        session = Session(run.variant.settings)
        session.run()
        trace = comparer(compare).loss.curves.traces[run.variant.number]
        np.testing.assert_allclose(trace.values, session.history.loss, rtol=1e-12)


def test_a_run_chosen_anywhere_stands_out_everywhere(compare):
    view = comparer(compare)
    compare.click(view.boundaries.thumbnails[1])
    assert view.boundaries.thumbnails[1].framed
    assert view.loss.picture.highlighted == 1
    assert view.runs.table.chosen == 1
    assert view.view().taylor == 1
    QTest.keyClick(view.runs.table, Qt.Key.Key_Up)
    assert [t.framed for t in view.boundaries.thumbnails] == [True, False, False]
    QTest.keyClick(view.runs.table, Qt.Key.Key_Escape)
    assert view.loss.picture.highlighted is None
    assert view.view().taylor == 0  # the first one is explained where none stands out


def test_why_this_rate_is_told_of_the_run_that_stands_out(compare):
    finish(compare)
    view = comparer(compare)
    compare.click(view.boundaries.thumbnails[1])
    compare.until(lambda: view.taylor.view is not None and view.taylor.view.alpha == 0.5)
    run = race_of(compare).runs[1]
    assert view.taylor.view.epoch == run.epoch
    assert view.taylor.view.loss == pytest.approx(run.train_loss, rel=1e-9)
    assert "0.5" in view.taylor.subtitle


def test_another_grid_forgets_the_highlight(compare):
    view = comparer(compare)
    compare.click(view.boundaries.thumbnails[2])
    vary(compare).vary.field.entered.emit("network.activation")
    compare.until(lambda: len(race_of(compare).runs) == 5)
    compare.until(lambda: len(view.boundaries.thumbnails) == 5)
    assert view.highlighted is None
    assert not any(t.framed or t.faded for t in view.boundaries.thumbnails)


def test_other_values_while_the_last_run_stands_out_draw_the_new_race(compare):
    view = comparer(compare)
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    compare.click(view.boundaries.thumbnails[2])
    compare.until(lambda: race_of(compare).taylor_run == 2)
    enter(compare, vary(compare).values, "0.1, 0.2")
    compare.until(lambda: len(race_of(compare).runs) == 2)
    compare.until(lambda: race_of(compare).taylor_run == 0)
    assert view.highlighted is None
    assert compare.error_dialogs() == []
    compare.until(lambda: "0.1" in view.taylor.subtitle)


def test_what_stands_out_stays_so_over_a_visit_to_debug(compare):
    view = comparer(compare)
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    compare.click(view.boundaries.thumbnails[1])
    compare.key(Qt.Key.Key_2, CTRL)
    compare.until(lambda: compare.window.view == "debug")
    compare.key(Qt.Key.Key_3, CTRL)
    compare.until(lambda: compare.window.view == "compare")
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 2)
    compare.until(lambda: view.runs.runs.race.epoch == 2)
    assert view.highlighted == 1
    assert view.boundaries.thumbnails[1].framed
    assert view.runs.table.chosen == 1
    assert view.loss.picture.highlighted == 1


def test_a_run_that_was_opened_in_debug_still_stands_out_afterwards(compare):
    view = comparer(compare)
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    QTest.mouseDClick(view.boundaries.thumbnails[1], Qt.MouseButton.LeftButton)
    compare.until(lambda: compare.window.view == "debug")
    compare.until(lambda: compare.snapshot.epoch == 1)
    compare.key(Qt.Key.Key_3, CTRL)
    compare.until(lambda: compare.window.view == "compare")
    assert view.highlighted == 1
    assert view.boundaries.thumbnails[1].framed
    assert view.runs.table.chosen == 1


def test_a_race_set_up_anew_has_the_settings_of_now(compare):
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    compare.key(Qt.Key.Key_1, CTRL)
    compare.enter("training.epochs", "40")
    compare.until(lambda: compare.snapshot.settings.training.epochs == 40)
    compare.key(Qt.Key.Key_3, CTRL)
    assert vary(compare).race_section.stale.isVisible()
    assert "epochs 40" in vary(compare).base_note.text()
    enter(compare, vary(compare).values, "0.1, 0.2")
    compare.until(lambda: race_of(compare).epochs == 40)
    assert race_of(compare).base == compare.controller.settings
    assert not vary(compare).race_section.stale.isVisible()


def test_another_race_stands_at_its_beginning_while_the_one_before_ran(compare):
    endless = with_changes(compare.controller.settings, {"training.epochs": 10_000_000})
    compare.controller.setup.ask_for(endless)
    racing(compare)._renew()
    compare.key(Qt.Key.Key_Space)
    compare.until(lambda: race_of(compare).epoch > 3)
    vary(compare).vary.field.entered.emit("network.initializer")
    compare.until(lambda: race_of(compare).axes[0].path == "network.initializer")
    assert (race_of(compare).state, race_of(compare).epoch) == (State.IDLE, 0)


def test_the_longest_run_says_how_many_epochs_there_are(compare):
    vary(compare).vary.field.entered.emit("training.epochs")
    compare.until(lambda: race_of(compare).axes[0].path == "training.epochs")
    enter(compare, vary(compare).values, "20, 70, 30")
    compare.until(lambda: race_of(compare).epochs == 70)
    assert "epoch 0 of 70" in compare.window.top_bar.epoch.accessibleName()


def test_a_step_size_that_is_pointed_at_becomes_one_more_run_or_the_rate_of_all(compare):
    view = comparer(compare)
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    compare.until(lambda: view.taylor.view is not None and view.taylor.view.epoch == 1)
    QTest.keyClick(view.taylor.plot, Qt.Key.Key_End)
    QTest.keyClick(view.taylor.plot, Qt.Key.Key_Return)
    compare.until(lambda: len(race_of(compare).runs) == 4)
    added = race_of(compare).axes[0].values[-1]
    assert added > 0.01
    before = compare.controller.settings.training.learning_rate
    vary(compare).vary.field.entered.emit("network.initializer")
    compare.until(lambda: race_of(compare).axes[0].path == "network.initializer")
    compare.until(lambda: view.taylor.view is not None and view.taylor.view.alpha == before)
    QTest.keyClick(view.taylor.plot, Qt.Key.Key_End)
    QTest.keyClick(view.taylor.plot, Qt.Key.Key_Return)
    compare.until(lambda: compare.controller.settings.training.learning_rate != before)
    rate = compare.controller.settings.training.learning_rate
    assert "learning rate" in vary(compare).base_note.text()
    assert vary(compare).race_section.stale.isVisible()
    assert rate > 0


def test_the_steps_of_a_race_say_that_no_gradients_are_recorded(compare):
    view = comparer(compare)
    compare.key(Qt.Key.Key_F10)
    compare.until(lambda: view.taylor.view is not None and view.taylor.view.epoch == 1)
    view.taylor.choose_part("per step")
    assert "records no gradients" in view.taylor.steps.message


def test_a_refused_entry_stops_the_sweep_until_escape(compare):
    section = racing(compare).sweeper.section
    enter(compare, vary(compare).values, "abc, -1")
    assert not section.button.isEnabled()
    assert "runs" not in section.button.text()
    QTest.keyClick(vary(compare).values.field, Qt.Key.Key_Escape)
    assert section.button.isEnabled()
    assert "60 runs" in section.button.text()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("network.initializer", "same seed, same batch order"),
        ("training.batch_size", "same seed, each with its own batches"),
        ("data.seed", "same seed, each with its own data"),
    ],
)
def test_the_line_says_what_the_runs_share(compare, path, words):
    vary(compare).vary.field.entered.emit(path)
    compare.until(lambda: race_of(compare).axes[0].path == path)
    compare.until(lambda: words in compare.window.status.plain_text())


def test_a_run_opens_in_the_debugger_at_its_present_state(compare):
    for _ in range(7):
        compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 7)
    run = race_of(compare).runs[1]
    compare.window.commands.action("speed_1").trigger()
    view = comparer(compare)
    view.runs.table.choose(1)
    QTest.keyClick(view.runs.table, Qt.Key.Key_Return)
    compare.until(lambda: compare.snapshot.epoch == 7)
    assert compare.window.view == "debug"
    assert compare.snapshot.settings == run.variant.settings
    assert compare.snapshot.state is State.PAUSED
    assert compare.snapshot.train.loss == pytest.approx(run.train_loss, rel=1e-12)
    assert compare.controller.settings == run.variant.settings
    compare.key(Qt.Key.Key_3, CTRL)
    assert race_of(compare).epoch == 7


def test_a_diverged_run_opens_where_it_failed(compare):
    finish(compare)
    run = race_of(compare).runs[2]
    assert run.fate is Fate.DIVERGED
    QTest.mouseDClick(comparer(compare).boundaries.thumbnails[2], Qt.MouseButton.LeftButton)
    compare.until_state(State.FAILED)
    assert compare.snapshot.failure.epoch == run.epoch
    assert compare.snapshot.diagnosis is not None
    assert compare.window.view == "debug"


def test_a_run_opens_from_its_seed_even_after_other_weights_were_loaded(compare):
    network = Session(with_changes(compare.controller.settings, {"network.seed": 99})).network
    compare.controller.load_requested.emit(network)
    compare.until(lambda: compare.snapshot.opened_weights)
    comparer(compare).runs.table.choose(0)
    QTest.keyClick(comparer(compare).runs.table, Qt.Key.Key_Return)
    compare.until(lambda: not compare.snapshot.opened_weights)
    assert compare.snapshot.train.loss == race_of(compare).runs[0].train_loss


def test_a_new_seed_starts_another_race_and_leaves_the_settings(compare):
    before = race_of(compare)
    compare.key(Qt.Key.Key_N, CTRL)
    compare.until(lambda: race_of(compare).generation > before.generation)
    seeds = {run.variant.settings.network.seed for run in race_of(compare).runs}
    assert seeds == {before.base.network.seed + 1}
    assert compare.controller.settings.network.seed == before.base.network.seed


def test_changed_settings_are_taken_at_once_before_the_start_and_offered_after_it(compare):
    compare.key(Qt.Key.Key_1, CTRL)
    compare.enter("training.epochs", "50")
    compare.until(lambda: compare.snapshot.settings.training.epochs == 50)
    compare.key(Qt.Key.Key_3, CTRL)
    compare.until(lambda: race_of(compare).epochs == 50)
    compare.window.setFocus()
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    compare.key(Qt.Key.Key_1, CTRL)
    compare.enter("training.epochs", "40")
    compare.until(lambda: compare.snapshot.settings.training.epochs == 40)
    compare.key(Qt.Key.Key_3, CTRL)
    renew = vary(compare).race_section.renew
    assert renew.isVisible()
    assert race_of(compare).epoch == 1
    compare.click(renew)
    compare.until(lambda: race_of(compare).epochs == 40 and race_of(compare).epoch == 0)
    assert not renew.isVisible()


def test_a_race_that_the_worker_refuses_is_said_beside_the_values(compare):
    racing(compare).open_requested.emit(RunSettings(), (axis_of("learning_rate=-1"),), None)
    section = vary(compare).race_section
    compare.until(lambda: section.complaint.text != "")
    assert "None of the runs is possible" in section.complaint.text
    assert compare.error_dialogs() == []


def test_snapshots_of_an_older_race_are_dropped(compare):
    race = race_of(compare)
    racing(compare)._on_worker_snapshot_made(replace(race, generation=race.generation - 1, epoch=9))
    assert race_of(compare).epoch == 0


def test_the_target_is_looked_for_again(compare):
    finish(compare)
    enter_target = comparer(compare).runs.target_field
    enter_target.setFocus()
    enter_target.selectAll()
    QTest.keyClicks(enter_target, "0.5")
    QTest.keyClick(enter_target, Qt.Key.Key_Return)
    losses = comparer(compare).loss.curves.traces[1].values
    first = int(np.flatnonzero(np.asarray(losses) <= 0.5)[0])
    compare.until(lambda: race_of(compare).runs[1].reached == first)
    table = comparer(compare).runs.runs
    compare.until(lambda: table.item(1, 6).text() == str(first))


def test_the_table_is_exported_digit_for_digit(compare, tmp_path):
    finish(compare)
    compare.click(comparer(compare).runs.head_widgets()[-1])
    compare.until(lambda: compare.window.findChild(QFileDialog) is not None)
    dialog = compare.window.findChild(QFileDialog)
    path = tmp_path / "runs.csv"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    losses = [float(row["train_loss"]) for row in rows]
    assert losses[:2] == [run.train_loss for run in race_of(compare).runs[:2]]


def test_an_export_that_cannot_be_written_is_told(compare, tmp_path):
    racing(compare)._export(tmp_path / "none" / "runs.csv")
    compare.until(lambda: len(compare.error_dialogs()) == 1)
    assert "runs.csv" in compare.words(compare.error_dialogs()[0])


def test_a_panel_that_cannot_draw_is_reported_and_the_others_go_on(compare, monkeypatch):
    def broken(race):
        raise ZeroDivisionError("no boundaries today")

    monkeypatch.setattr(comparer(compare).boundaries, "pieces", lambda race: [lambda: broken(race)])
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 1)
    compare.until(lambda: len(compare.error_dialogs()) == 1)
    table = comparer(compare).runs.runs
    compare.until(lambda: table.race.epoch == 1)
    monkeypatch.undo()
    compare.error_dialogs()[0].close()
    compare.activate()
    compare.key(Qt.Key.Key_F10)
    until_epoch(compare, 2)


def test_theme_and_scale_reach_every_panel(compare):
    compare.window.apply_theme(DARK.scaled(1.25))
    for panel in comparer(compare).panels:
        assert panel.theme == DARK.scaled(1.25)
    assert comparer(compare).boundaries.thumbnails[0].theme == DARK.scaled(1.25)


def test_the_arrangement_is_kept(compare, tmp_path):
    window = compare.window
    window.hosts["compare"].docks["runs"].hide()
    window.save_layout(tmp_path / "window.json")
    window.hosts["compare"].docks["runs"].show()
    window.restore_layout(tmp_path / "window.json")
    docks = window._saved_docks["compare"]
    window.hosts["compare"].restore(docks)
    assert window.hosts["compare"].docks["runs"].isHidden()


def test_every_panel_has_a_name_and_its_keys_are_listed(compare):
    for panel in comparer(compare).panels:
        assert panel.accessibleName()
    assert all(panel.keys for panel in comparer(compare).panels[1:])


def test_what_varies_is_kept_for_the_next_start(compare, qtbot):
    entries = vary(compare).entries
    assert entries["values"] == "0.01, 0.5, 1e100"
    compare.window.close()
    again = opened(qtbot)
    try:
        again.key(Qt.Key.Key_3, CTRL)
        again.until(lambda: race_of(again) is not None)
        assert vary(again).entries == entries
        assert len(race_of(again).runs) == 3
    finally:
        closed(again)
