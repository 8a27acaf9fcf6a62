"""The section that starts a sweep over what varies, shows how far it is, and ends it."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from gui.panels.sweep_fields import CLUSTER, PROCESSES, SEEDS, rows, taken
from gui.sweep_words import counts_words, progress_words, runs_words
from gui.theme import Theme
from gui.widgets.fields.complaint import Complaint
from gui.widgets.fields.form_button import FormButton
from gui.widgets.fields.form_row import FormRow
from gui.widgets.section import Section
from model.lab.sweep import Progress

STARTING: Final = "Starting the processes …"
CONNECTING: Final = "Asking the cluster …"
ENDING: Final = "Cancelling …"
_START: Final = "Start sweep"
_HEIGHT: Final = 30
_ABOVE: Final = "The seeds are those above."


class SweepSection(Section):
    """`start_requested` and `cancel_requested` are the button's wishes, `changed` says that the
    number of runs may be another.
    """

    start_requested = Signal()
    cancel_requested = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        self.rows = self.seeds_row, self.processes_row, self.cluster_row = rows(theme)
        self._wanted: dict[str, Any] = {
            field.path: field.default for field in (SEEDS, PROCESSES, CLUSTER)
        }
        self.running = False
        self._names: tuple[str, ...] = (_START,)
        self.note, self.counts = QLabel(), QLabel()
        self.bar = QProgressBar()
        self.complaint = Complaint(theme)
        self.button = FormButton(_START, theme, parent, height=_HEIGHT, wide=True)
        super().__init__("Sweep", theme, parent)
        for row in self.rows:
            row.entered.connect(self._on_row_entered)
            row.show_value(self._wanted[row.description.path], force=True)
        self._lay_out()
        self.button.clicked.connect(self._on_button_clicked)
        self._show_running(False)

    @property
    def seeds(self) -> int:
        """How many seeds each value is run with."""
        return int(self._wanted[SEEDS.path])

    @property
    def processes(self) -> int | None:
        """How many processes there are to be, None for as many as there are cores."""
        return self._wanted[PROCESSES.path]  # type: ignore[no-any-return]

    @property
    def cluster(self) -> str | None:
        """The address of a cluster, None for this machine."""
        return self._wanted[CLUSTER.path]  # type: ignore[no-any-return]

    def commit(self) -> bool:
        """Take on what has been typed; whether every entry is allowed."""
        for row in self.rows:
            row.field.commit()
        return not any(row.field.failed for row in self.rows)

    def show_count(self, runs: int | None, problem: str = "") -> None:
        """Say how many runs a sweep would have; None and why, where there can be none."""
        words = "" if runs is None else runs_words(runs)
        self._names = (f"Start sweep of {words}", f"Start {words}") if words else (_START,)
        tip = "Train all combinations with all seeds; what is stored already is not run again."
        if not self.running:
            self.button.name(*self._names)
            self.button.setEnabled(runs is not None)
            self.button.setToolTip(problem or tip)

    def show_seeds_vary(self, vary: bool) -> None:
        """Where the seed itself varies above, its values are the seeds."""
        self.seeds_row.describe(replace(SEEDS, help=_ABOVE) if vary else SEEDS)
        self.seeds_row.setEnabled(not (vary or self.running))

    def begin(self) -> None:
        """A sweep has been asked for."""
        self.complaint.hide()
        self.cluster_row.clear_error()
        self.note.setText(STARTING if self.cluster is None else CONNECTING)
        self.counts.setText("")
        self.bar.setRange(0, 0)
        self._show_running(True)

    def show_progress(self, progress: Progress) -> None:
        """Follow it."""
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        if self.button.isEnabled():
            self.note.setText(progress_words(progress))
        self.bar.setAccessibleDescription(progress_words(progress))
        self.counts.setText(counts_words(progress))
        self.counts.setVisible(bool(self.counts.text()))

    def show_cancelling(self) -> None:
        """The wish to end it is on its way."""
        self.note.setText(ENDING)
        self.button.setEnabled(False)

    def end(self, words: str) -> None:
        """It is over; `words` say how far it came."""
        self._show_running(False)
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def show_error(self, message: str, *, cluster: bool = False) -> None:
        """It could not go on: the cluster's row says why, or the section."""
        if cluster:
            self.cluster_row.show_error(message)
        else:
            self.complaint.show_message(message)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for part in (*self.rows, self.complaint, self.button):
            part.apply_theme(theme)
        for label in (self.note, self.counts):
            label.setFont(theme.font(12.5))
            label.setStyleSheet(f"color: {theme.secondary}; background: transparent;")
        self.bar.setFixedHeight(theme.px(6))
        radius = theme.px(3)
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {theme.field}; border: none;"
            f" border-radius: {radius}px; }}"
            f" QProgressBar::chunk {{ background: {theme.accent}; border-radius: {radius}px; }}"
        )
        self.body.setSpacing(theme.px(6))

    def _lay_out(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the sweep")
        for label in (self.note, self.counts):
            label.setWordWrap(True)
        parts = (*self.rows, self.bar, self.note, self.counts, self.complaint, self.button)
        for part in parts:
            self.body.addWidget(part)

    def _show_running(self, running: bool) -> None:
        self.running = running
        self.bar.setVisible(running)
        self.note.setVisible(running)
        self.counts.setVisible(running and bool(self.counts.text()))
        for row in self.rows:
            row.setEnabled(not running)
        self.button.setEnabled(True)
        if running:
            self.button.name("Cancel")
            self.button.setToolTip("End the sweep; the runs that are finished are kept.")
        else:
            self.button.name(*self._names)
            self.changed.emit()

    @Slot()
    def _on_button_clicked(self) -> None:
        if self.running:
            self.cancel_requested.emit()
        elif self.commit():
            self.start_requested.emit()

    @Slot(object, object)
    def _on_row_entered(self, row: FormRow, changes: dict[str, Any]) -> None:
        """Take on an entry, or say what is wrong with it."""
        field = row.description
        try:
            value = taken(field, changes[field.path])
        except ValueError as error:
            row.field.refuse(self._wanted[field.path])
            row.show_error(str(error))
            return
        self._wanted[field.path] = value
        row.clear_error()
        row.show_value(value, force=True)
        self.changed.emit()
