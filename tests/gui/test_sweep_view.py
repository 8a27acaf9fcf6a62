"""Sweeps in the whole program, driven by real events."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from gui.panels.results_panel import RUNS, VALUES
from gui.sweep_worker import SweepJob, SweepWorker
from gui.widgets.fields.form_row import FormRow
from model.errors import BackscopeError
from model.lab.executors import Blocks, Cancelled, Finished, SerialExecutor
from model.lab.store import Store
from model.training.snapshots import State
from tests.gui.conftest import Program, closed, opened

RATES = "0.01, 0.1, 1e100"


class Lab:
    """The Compare view with a small experiment, and the gestures of a user there."""

    def __init__(self, program: Program) -> None:
        self.program = program
        program.enter("data.n_samples", "20")
        program.enter("training.epochs", "10")
        program.until(lambda: program.snapshot.settings.training.epochs == 10)
        program.window.commands.action("compare_view").trigger()
        racing = program.controller.racing
        assert racing is not None
        self.vary, self.sweeper = racing.comparer.vary, racing.sweeper
        # In this process; what processes do is tested apart.
        self.sweeper.worker._executor_of = lambda job: SerialExecutor()
        program.until(lambda: racing.race is not None)
        self.enter(self.vary.values, RATES)
        self.enter(self.sweeper.section.seeds_row, "3")

    def enter(self, row: FormRow, text: str) -> None:
        row.field.setFocus()
        row.field.selectAll()
        QTest.keyClicks(row.field, text)
        QTest.keyClick(row.field, Qt.Key.Key_Return)

    def sweep(self) -> None:
        """Press the button and wait for the end."""
        self.program.click(self.sweeper.section.button)
        assert self.sweeper.running
        self.program.until(lambda: not self.sweeper.running)
        self.program.until(lambda: bool(self.sweeper.stored._sweeps))

    @property
    def lines(self) -> list[str]:
        listed = self.sweeper.stored.list
        return [listed.item(row).text() for row in range(listed.count())]

    def box(self) -> QMessageBox:
        """The question that is asked."""
        found: list[QMessageBox] = []

        def asked() -> bool:
            widgets = QApplication.topLevelWidgets()
            found[:] = [w for w in widgets if isinstance(w, QMessageBox) and w.isVisible()]
            return bool(found)

        self.program.until(asked)
        return found[0]

    def answer(self, word: str) -> None:
        button = next(b for b in self.box().buttons() if b.text().replace("&", "") == word)
        self.program.click(button)


class Halting(SerialExecutor):
    """One run at a time, and after some of them nothing until the job is cancelled."""

    def __init__(self, job: SweepJob, after: int) -> None:
        self._job, self._after = job, after

    def block(self, count: int) -> int:
        return 1

    def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
        for done, finished in enumerate(super().run(blocks, cancelled), 1):
            yield finished
            if done == self._after:
                self._job.cancelled.wait(20)


class Silent(SerialExecutor):
    """A cluster that does not answer."""

    def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
        raise BackscopeError("no cluster answers at tcp://127.0.0.1:9", "is it running?")
        yield


@pytest.fixture
def lab(program: Program) -> Lab:
    return Lab(program)


def shown(lab: Lab, name: str) -> bool:
    dock = lab.program.window.hosts["compare"].docks[name]
    return not dock.visibleRegion().isEmpty()


def test_nothing_is_looked_up_or_made_before_a_sweep_is_started(
    program: Program, user_folder: Path
) -> None:
    assert program.controller.racing is None
    lab = Lab(program)
    program.until(lambda: lab.sweeper._file is not None)
    assert lab.sweeper.section.button.text() == "Start sweep of 9 runs"
    assert not (user_folder / "xdg_data_home" / "backscope").exists()
    assert lab.sweeper.stored.list.isHidden()


def test_the_button_counts_what_the_rows_ask_for(lab: Lab) -> None:
    button = lab.sweeper.section.button
    assert button.text() == "Start sweep of 9 runs"
    lab.enter(lab.vary.values, "0.1, 1")
    assert button.text() == "Start sweep of 6 runs"
    lab.enter(lab.sweeper.section.seeds_row, "500")
    assert button.text() == "Start sweep of 1\N{NARROW NO-BREAK SPACE}000 runs"
    lab.vary.vary.field.entered.emit("network.seed")
    assert button.text() == "Start sweep of 5 runs"
    assert not lab.sweeper.section.seeds_row.isEnabled()


def test_a_sweep_is_shown_kept_and_listed(lab: Lab, user_folder: Path) -> None:
    lab.sweep()
    results = lab.sweeper.views.results
    assert results is not None
    assert len(results.rows) == 9
    assert lab.sweeper.section.note.text().startswith("Done: 9 of 9 runs in ")
    assert lab.sweeper.section.note.text().endswith("3 diverged.")
    assert lab.lines == ["learning_rate, 3 seeds · 9"]
    assert lab.sweeper.views.table.model.rowCount() == 3
    assert lab.sweeper.views.bands.picture.bands == results.bands
    lab.program.until(lambda: shown(lab, "bands") and shown(lab, "rates") and shown(lab, "results"))
    with Store(user_folder / "xdg_data_home/backscope/results.sqlite", create=False) as store:
        assert [sweep.done for sweep in store.sweeps()] == [9]
    lab.sweep()
    assert "9 reused" in lab.sweeper.section.note.text()
    assert lab.lines == ["learning_rate, 3 seeds · 9"]


def test_what_was_typed_and_not_entered_is_swept(lab: Lab) -> None:
    field = lab.program.controller.racing.comparer.vary.values.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.1, 0.2")
    lab.sweep()
    values = {
        dict(row.variant.varied)["training.learning_rate"] for row in lab.sweeper.views.results.rows
    }
    assert values == {0.1, 0.2}


def test_a_run_is_opened_in_the_debugger_at_its_last_epoch(lab: Lab) -> None:
    lab.sweep()
    lab.sweeper.views.table.show_kind(RUNS)
    table, model = lab.sweeper.views.table.table, lab.sweeper.views.table.model
    table.setFocus()
    table.selectRow(4)
    QTest.keyClick(table, Qt.Key.Key_Return)
    program = lab.program
    program.until(lambda: program.window.view == "debug" and program.snapshot.epoch == 10)
    row = model.items[4]
    settings = program.snapshot.settings
    assert (settings.training.learning_rate, settings.network.seed) == (0.1, 1)
    assert program.snapshot.train.loss == row.outcome.train.loss


def test_a_run_that_diverged_is_opened_where_it_did(lab: Lab) -> None:
    lab.sweep()
    lab.sweeper.views.table.show_kind(RUNS)
    lab.sweeper.views._on_panel_run_opened(lab.sweeper.views.table.model.items[8])
    program = lab.program
    program.until(lambda: program.window.view == "debug")
    program.until_state(State.FAILED)


def test_a_cancelled_sweep_is_listed_as_it_stands_and_resumed(lab: Lab) -> None:
    worker: SweepWorker = lab.sweeper.worker
    worker._executor_of = lambda job: Halting(job, after=4)
    lab.program.click(lab.sweeper.section.button)
    lab.program.until(lambda: "· 4 of 9" in "".join(lab.lines) or bool(lab.sweeper.views.results))
    lab.program.until(lambda: lab.sweeper.section.bar.value() >= 1)
    lab.program.click(lab.sweeper.section.button)
    lab.program.until(lambda: not lab.sweeper.running)
    assert "Cancelled: " in lab.sweeper.section.note.text()
    lab.program.until(lambda: not lab.sweeper.stored.resume_action.isHidden())
    there = int(lab.lines[0].rpartition("· ")[2].partition(" of")[0])
    assert 1 <= there < 9
    worker._executor_of = lambda job: SerialExecutor()
    lab.program.click(lab.sweeper.stored.resume_action)
    lab.program.until(lambda: not lab.sweeper.running)
    assert f"{there} reused" in lab.sweeper.section.note.text()
    lab.program.until(lambda: lab.lines == ["learning_rate, 3 seeds · 9"])


def test_the_window_closes_in_the_middle_of_a_sweep_and_loses_nothing(
    qtbot: QtBot, user_folder: Path
) -> None:
    program = opened(qtbot)
    lab = Lab(program)
    lab.sweeper.worker._executor_of = lambda job: Halting(job, after=5)
    program.click(lab.sweeper.section.button)
    path = user_folder / "xdg_data_home/backscope/results.sqlite"

    def kept() -> int:
        if not path.exists():
            return 0
        with Store(path) as store:
            return sum(sweep.done for sweep in store.sweeps())

    program.until(lambda: kept() == 5)
    program.window.close()
    assert not any(thread.isRunning() for thread in lab.sweeper._threads)
    closed(program)
    assert kept() == 5


def test_a_sweep_that_fails_after_some_runs_keeps_them(lab: Lab) -> None:
    class Breaking(Halting):
        def run(self, blocks: Blocks, cancelled: Cancelled) -> Finished:
            for done, finished in enumerate(SerialExecutor().run(blocks, cancelled), 1):
                yield finished
                if done == 2:
                    raise BackscopeError("the cluster has gone")

    lab.sweeper.worker._executor_of = lambda job: Breaking(job, after=2)
    lab.program.click(lab.sweeper.section.button)
    lab.program.until(lambda: not lab.sweeper.running)
    lab.program.until(lambda: "· 2 of 9" in "".join(lab.lines))
    lab.program.until(lambda: len(lab.sweeper.views.results.rows) == 2)
    assert lab.sweeper.section.complaint.text == "The cluster has gone."


def test_a_table_is_saved_under_a_name_that_says_of_what(lab: Lab, tmp_path: Path) -> None:
    lab.sweep()
    for kind, name in ((VALUES, "results-by-value.csv"), (RUNS, "runs.csv")):
        lab.sweeper.views.table.show_kind(kind)
        lab.program.click(lab.sweeper.views.table.head_widgets()[-1])
        dialog = next(d for d in lab.program.window.findChildren(QFileDialog) if d.isVisible())
        assert [Path(path).name for path in dialog.selectedFiles()] == [name]
        dialog.fileSelected.emit(str(tmp_path / name))
        dialog.close()
    heads = [
        (tmp_path / f).read_text().splitlines()[0] for f in ("results-by-value.csv", "runs.csv")
    ]
    assert "loss_p5,loss_p25,loss_median,loss_p75,loss_p95" in heads[0]
    assert heads[1].startswith("run,training.learning_rate,seed,train_loss")


def test_a_huge_grid_is_asked_about(lab: Lab) -> None:
    lab.enter(lab.sweeper.section.seeds_row, "100000")
    lab.program.click(lab.sweeper.section.button)
    words = lab.program.words(lab.box())
    assert "Run all 300\N{NARROW NO-BREAK SPACE}000 of them?" in words
    assert "They take about" in words
    lab.answer("Cancel")
    assert not lab.sweeper.running


def test_a_sweep_is_deleted_after_a_question(lab: Lab) -> None:
    lab.sweep()
    lab.sweeper.stored.list.setFocus()
    QTest.keyClick(lab.sweeper.stored.list, Qt.Key.Key_Delete)
    assert "learning_rate, 3 seeds · 9" in lab.program.words(lab.box())
    lab.answer("Delete")
    lab.program.until(lambda: lab.lines == [])
    assert lab.sweeper.views.results is None
    assert lab.sweeper.views.table.model.rowCount() == 0
    assert lab.sweeper.section.note.text() == ""


def test_a_file_that_is_no_store_is_named_and_the_old_one_stays(lab: Lab, tmp_path: Path) -> None:
    lab.sweep()
    letter = tmp_path / "letter.sqlite"
    letter.write_text("Dear grandmother, this is not a database. " * 30)
    lab.sweeper.look_requested.emit(letter, True)
    lab.program.until(lambda: lab.sweeper.stored.complaint.text != "")
    assert lab.sweeper.stored.complaint.text.startswith("Letter.sqlite is no SQLite file")
    assert lab.lines == ["learning_rate, 3 seeds · 9"]
    lab.sweep()
    assert lab.lines == ["learning_rate, 3 seeds · 9"]


def test_another_file_is_opened_with_its_own_sweeps(lab: Lab, tmp_path: Path) -> None:
    lab.sweep()
    other = tmp_path / "other.sqlite"
    with Store(other) as store:
        store.sweep(lab.sweeper.views.results.plan.spec, "elsewhere", 9)
    lab.program.click(lab.sweeper.stored.file_action)
    dialog = lab.program.window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(other))
    dialog.close()
    lab.program.until(lambda: lab.lines == ["elsewhere · 0 of 9"])
    assert lab.sweeper.views.results is None


def test_a_sweep_is_exported_with_its_figures(lab: Lab, tmp_path: Path) -> None:
    lab.sweep()
    sweep = lab.sweeper.stored.chosen
    assert sweep is not None
    lab.sweeper.export_requested.emit(lab.sweeper._file, sweep.id, tmp_path / "out")
    wanted = {"runs.csv", "curves.csv", "runs.json", "bands.png", "bands.svg", "rates.png"}
    lab.program.until(
        lambda: (
            wanted <= {path.name for path in (tmp_path / "out").glob("*.*")}
            and "Wrote" in lab.program.window.status.message
        )
    )
    assert len(json.loads((tmp_path / "out" / "runs.json").read_text())["runs"]) == 9
    assert "![rates](rates.png)" in (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")


def test_a_cluster_that_does_not_answer_is_said_beside_its_field(lab: Lab) -> None:
    lab.sweeper.worker._executor_of = lambda job: Silent()
    lab.enter(lab.sweeper.section.cluster_row, "tcp://127.0.0.1:9")
    lab.program.click(lab.sweeper.section.button)
    lab.program.until(lambda: not lab.sweeper.running)
    row = lab.sweeper.section.cluster_row
    assert row.complaint.text == "No cluster answers at tcp://127.0.0.1:9. Is it running?"
    lab.program.until(lambda: lab.sweeper.views.results is None)
    assert lab.lines == []
    assert lab.program.error_dialogs() == []
