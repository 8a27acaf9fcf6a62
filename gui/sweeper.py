"""The sweeps of the Compare view: what the user wishes of them, and what their panels show."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gui import files
from gui.main_window import MainWindow
from gui.messages import report
from gui.panels.stored_section import StoredSection, sweep_words
from gui.panels.sweep_section import SweepSection
from gui.panels.vary_panel import VaryPanel
from gui.store_worker import (
    Estimated,
    Exported,
    OpenedSweep,
    StoreContents,
    StoreWorker,
    default_store,
    plan_in,
)
from gui.sweep_views import SweepViews
from gui.sweep_words import counts_words, runs_words
from gui.sweep_worker import SweepEnd, SweepJob, SweepWorker
from gui.widgets.numerals import grouped
from model.errors import BackscopeError, FileError, SettingsError
from model.files.number_text import duration_text
from model.lab.results import Results
from model.lab.store import StoredSweep
from model.lab.sweep import Progress
from model.lab.sweep_plan import SweepPlan
from model.lab.variants import SEED
from model.training.settings import RunSettings

MANY_RUNS: Final = 10_000
"""A sweep of more of them is asked about first."""


class Sweeper(QObject):
    """Owns the views, the sections and the two threads of sweeps; made with the Compare view.

    `replay_requested` carries settings, the epoch that a run of them has reached, and what to say
    of it: the session is to stand there.
    """

    run_requested = Signal(object)
    look_requested = Signal(object, bool)
    open_requested = Signal(object, int)
    delete_requested = Signal(object, int)
    tidy_requested = Signal(object, int)
    export_requested = Signal(object, int, object)
    estimate_requested = Signal(object, object)

    replay_requested = Signal(object, int, str)

    def __init__(self, window: MainWindow, settings: Callable[[], RunSettings]) -> None:
        super().__init__(window)
        theme = window.theme
        self._window, self._settings = window, settings
        self._vary: VaryPanel | None = None
        self._job: SweepJob | None = None
        self._file: Path | None = None
        self._going: int | None = None
        """The number of the sweep that goes on, or has been the last to."""
        self._wanted: int | None = None
        """The sweep whose results are on the screen, or on their way there."""
        self.views = SweepViews(window)
        self.section = SweepSection(theme, window)
        self.stored = StoredSection(theme, window)
        self.worker, self.store_worker = SweepWorker(), StoreWorker()
        self._threads = [
            self._started("sweep", self.worker),
            self._started("stored results", self.store_worker),
        ]
        self._connect()

    @property
    def running(self) -> bool:
        """Whether a sweep goes on."""
        return self._job is not None

    def attach(self, vary: VaryPanel) -> None:
        """Put the sections below what varies, and follow that."""
        self._vary = vary
        vary.add_section(self.section)
        vary.add_section(self.stored)
        vary.changed.connect(self._count)
        self._count()

    def enter(self) -> None:
        """The view has come to the front: what is stored is looked up the first time."""
        if self._file is None:
            self._show_file(default_store(), wanted=False)

    def cancel(self) -> None:
        """End the sweep soon; what is finished is kept."""
        if self._job is not None:
            self._job.cancelled.set()
            self.section.show_cancelling()

    def shut_down(self) -> None:
        """End whatever goes on and wait for the threads."""
        self.cancel()
        if self.running:
            # A cluster that does not answer is waited for some seconds: not before a dead window.
            self._window.hide()
        self.store_worker.closing.set()
        for thread in self._threads:
            thread.quit()
        for thread in self._threads:
            thread.wait()

    def _started(self, name: str, worker: QObject) -> QThread:
        thread = QThread(self)
        thread.setObjectName(name)
        worker.moveToThread(thread)
        thread.finished.connect(worker.deleteLater)
        thread.start()
        return thread

    def _connect(self) -> None:
        worker, store, section, stored = self.worker, self.store_worker, self.section, self.stored
        for signal, slot in (
            (self.run_requested, worker.run),
            (worker.began, self._on_worker_began),
            (worker.progressed, self._on_worker_progressed),
            (worker.results_made, self._on_worker_results_made),
            (worker.ended, self._on_worker_ended),
            (worker.failed, self._on_worker_failed),
            (self.look_requested, store.look),
            (self.open_requested, store.open),
            (self.delete_requested, store.delete),
            (self.tidy_requested, store.tidy),
            (self.export_requested, store.export),
            (self.estimate_requested, store.estimate),
            (store.listed, self._on_store_listed),
            (store.opened, self._on_store_opened),
            (store.exported, self._on_store_exported),
            (store.estimated, self._on_store_estimated),
            (store.failed, self._on_store_failed),
            (section.start_requested, self._on_section_start_requested),
            (section.cancel_requested, self.cancel),
            (section.changed, self._count),
            (stored.open_requested, self._on_stored_open_requested),
            (stored.resume_requested, self._on_stored_resume_requested),
            (stored.delete_requested, self._on_stored_delete_requested),
            (stored.export_requested, self._on_stored_export_requested),
            (stored.file_requested, self._on_stored_file_requested),
            (self.views.replay_requested, self.replay_requested),
        ):
            signal.connect(slot)

    def _plan(self) -> SweepPlan:
        """What the rows at the left ask for; raises `SettingsError`."""
        assert self._vary is not None
        axes = self._vary.axes
        vary_seed = any(axis.path == SEED for axis in axes)
        return SweepPlan(self._settings(), axes, None if vary_seed else self.section.seeds)

    @Slot()
    def _count(self) -> None:
        """Say on the button how many runs there would be."""
        if self._vary is None:
            return
        try:
            plan = self._plan()
        except SettingsError as error:
            self.section.show_count(None, error.message)
            return
        self.section.show_seeds_vary(plan.seeds is None)
        self.section.show_count(plan.count)

    @Slot()
    def _on_section_start_requested(self) -> None:
        """What was typed beside it and not yet entered counts: a button takes no focus."""
        if self._vary is None or not self._vary.commit():
            return
        try:
            plan = self._plan()
        except SettingsError as error:
            self.section.show_error(_sentence(error))
            return
        if plan.count > MANY_RUNS:
            self.estimate_requested.emit(plan, self.section.processes)
        else:
            self._start(plan)

    @Slot(object)
    def _on_store_estimated(self, found: Estimated) -> None:
        """Nobody starts a million runs by mistake."""
        processes = "one process" if found.jobs == 1 else f"{found.jobs} processes"
        lasts = duration_text(found.estimate.seconds)
        question = f"Run all {grouped(found.estimate.runs)} of them?"
        words = f"They take about {lasts} with {processes}. You may cancel and resume at any time."
        files.confirm(self._window, question, words, "Run them", lambda: self._start(found.plan))

    def _start(self, plan: SweepPlan, name: str = "") -> None:
        if self._job is not None:
            return
        section = self.section
        store = self._file or default_store()
        self._file = store
        self._job = SweepJob(plan, store, section.processes, section.cluster, name)
        self._going = None
        section.begin()
        self.stored.set_running(True)
        self.run_requested.emit(self._job)

    @Slot(int)
    def _on_worker_began(self, sweep: int) -> None:
        assert self._job is not None
        self._wanted = self._going = sweep
        self.views.show(None)
        self.views.show(Results(self._job.plan, (), (), ()))
        self.views.bring_out()
        self._show_file(self._job.store, wanted=True)

    @Slot(object)
    def _on_worker_progressed(self, progress: Progress) -> None:
        self.section.show_progress(progress)
        if self._going is not None:
            self.stored.follow(self._going, progress.done)

    @Slot(object)
    def _on_worker_results_made(self, results: Results) -> None:
        """Draw, unless the user looks at another sweep meanwhile."""
        job = self._job
        try:
            if self._wanted == self._going:
                self.views.show(results)
        finally:
            if job is not None:
                # The next ones when this is on the screen and other events had their turn.
                QTimer.singleShot(0, self, job.drawn.set)

    @Slot(object)
    def _on_worker_ended(self, end: SweepEnd) -> None:
        job = self._release()
        done, last = end.progress, "Cancelled: " if end.cancelled else "Done: "
        words = f"{last}{grouped(done.done)} of {runs_words(done.total)}"
        counts = counts_words(done)
        words += f" in {duration_text(done.seconds)}"
        self.section.end(words + (f" · {counts}" if counts else "") + ".")
        if end.cancelled and self._wanted == end.sweep:
            # The store has runs too that were not reached this time.
            self.open_requested.emit(job.store, end.sweep)

    @Slot(object)
    def _on_worker_failed(self, error: Exception) -> None:
        job = self._release(failed=True)
        self.section.end("")
        if not isinstance(error, BackscopeError):
            report(error, self._window)
            return
        of_store = isinstance(error, FileError | SettingsError)
        self.section.show_error(_sentence(error), cluster=job.cluster is not None and not of_store)

    def _release(self, *, failed: bool = False) -> SweepJob:
        """The sweep is over: others may be started, and the list has new numbers."""
        job, self._job = self._job, None
        assert job is not None
        self.stored.set_running(False)
        if job.store == self._file:
            if failed and self._going is not None:
                self.tidy_requested.emit(job.store, self._going)
            else:
                self.look_requested.emit(job.store, False)
        return job

    def _show_file(self, path: Path, *, wanted: bool) -> None:
        self._file = path
        self.look_requested.emit(path, wanted)

    @Slot(object)
    def _on_store_listed(self, contents: StoreContents) -> None:
        if contents.path != self._file:
            self._file = contents.path
            self._forget()
        self.stored.show_contents(contents)
        there = {sweep.id for sweep in contents.sweeps}
        if self._wanted is not None:
            self.stored.choose(self._wanted)
            if self._wanted not in there:
                self._forget()
        if self._going not in there and not self.running:
            # Nothing is said of how far a sweep came that is gone.
            self.section.end("")

    def _forget(self) -> None:
        """What is on the screen is not in the list."""
        self._wanted = None
        self.views.show(None)

    @Slot(object)
    def _on_stored_open_requested(self, sweep: StoredSweep) -> None:
        if self._file is not None:
            self._wanted = sweep.id
            self.open_requested.emit(self._file, sweep.id)

    @Slot(object)
    def _on_store_opened(self, opened: OpenedSweep) -> None:
        if opened.sweep.id == self._wanted:
            self.views.show(opened.results)
            self.views.bring_out()

    @Slot(object)
    def _on_stored_resume_requested(self, sweep: StoredSweep) -> None:
        try:
            plan = plan_in(sweep)
        except BackscopeError as error:
            self.stored.show_error(_sentence(error))
            return
        self._start(plan, sweep.name)

    @Slot(object)
    def _on_stored_delete_requested(self, sweep: StoredSweep) -> None:
        file = self._file
        words = "Runs that belong to another sweep too are kept. This cannot be undone."
        files.confirm(
            self._window,
            f"Delete {sweep_words(sweep)} runs?",
            words,
            "Delete",
            lambda: self.delete_requested.emit(file, sweep.id),
        )

    @Slot(object)
    def _on_stored_export_requested(self, sweep: StoredSweep) -> None:
        file = self._file
        files.ask_for_folder(
            self._window,
            "Export the sweep into a folder",
            lambda folder: self.export_requested.emit(file, sweep.id, folder),
        )

    @Slot(object)
    def _on_store_exported(self, exported: Exported) -> None:
        """The figures are drawn here, where widgets are."""
        from gui.comparison_figures import save_comparison_figures
        from model.files.comparison_summary import write_comparison_summary

        results, folder = exported.results, exported.folder
        with files.told(self._window):
            figures = save_comparison_figures(results, folder)
            pictures = [path.name for path in figures if path.suffix == ".png"]
            write_comparison_summary(folder / "summary.md", results, pictures)
            count = len(exported.names) + len(figures)
            self._window.status.show_message(f"Wrote {count} files to {folder}")

    @Slot()
    def _on_stored_file_requested(self) -> None:
        files.OPEN_STORE.ask(self._window, lambda path: self.look_requested.emit(path, True))

    @Slot(object)
    def _on_store_failed(self, error: Exception) -> None:
        if isinstance(error, BackscopeError):
            self.stored.show_error(_sentence(error))
        else:
            report(error, self._window)


def _sentence(error: BackscopeError) -> str:
    """Message and hint as two sentences."""
    parts: Iterable[str] = (error.message, error.hint)
    return " ".join(
        f"{part[:1].upper()}{part[1:]}{'' if part.endswith(('.', '?')) else '.'}"
        for part in parts
        if part
    )
