"""The settings of the session as a form; every accepted entry is a wish for other settings."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.forms import SettingsForm
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.fields.complaint import Complaint
from gui.widgets.fields.form_button import FormButton
from gui.widgets.fields.layer_rows import LayerRows
from gui.widgets.overlay_scroll import OverlayScrollArea
from model.errors import SettingsError
from model.settings_fields import changed_paths
from model.training.changes import LIVE
from model.training.settings import RunSettings
from model.training.snapshots import Snapshot

AT_ONCE: Final = "Takes effect at once."
NEW_RUN: Final = "Starts a new run from the same seed."
NEW_SEED: Final = "Starts a new run from seed {seed}."
SAME: Final = "These are the lab’s settings."
REST: Final = "Changes apply at once."
REFUSED: Final = "Nothing was changed."


class SetupPanel(Panel):
    """Data, network and training as sections of fields, with what the last change did below.

    `settings_requested` carries whole, valid RunSettings. The panel has no ground of its own.
    """

    name = "setup"
    title = "Setup"

    settings_requested = Signal(object)
    reset_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        settings = RunSettings()
        self.form = SettingsForm(settings, theme, special=(LayerRows,))
        self.form.requested.connect(self._on_form_requested)
        self.form.refused.connect(self._on_form_refused)
        self._shown: RunSettings = settings
        self._outdated: list[RunSettings] = []
        self._scroll = OverlayScrollArea(self)
        self._scroll.setWidget(self.form)
        self._foot = _Foot(theme, self)
        self._foot.lab_button.clicked.connect(self._on_lab_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._foot)
        self.apply_theme(theme)

    @property
    def settings(self) -> RunSettings:
        """The valid settings on the screen."""
        settings = self.form.settings
        assert isinstance(settings, RunSettings)
        return settings

    @property
    def note(self) -> str:
        """What the last change did."""
        return self._foot.note.text()

    def show_settings(self, settings: RunSettings) -> None:
        """Show settings without asking for them; a text that is being edited stays."""
        self._shown = settings
        self._outdated.clear()
        self.form.show_settings(settings)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session, except where a snapshot is older than the last entry."""
        settings = snapshot.settings
        if settings is self._shown and not self._outdated:
            return
        if settings == self.settings:
            self._shown = settings
            self._outdated.clear()
        elif settings not in self._outdated:
            self.show_settings(settings)

    def ask_for(self, settings: RunSettings) -> None:
        """Show settings and ask for them, as if they had been entered."""
        before = self.settings
        self.form.show_settings(settings, force=True)
        if before != self.settings:
            self._on_form_requested(before, self.settings)

    def show_error(self, error: SettingsError) -> None:
        """The session refused an entry: its field says why and the rest goes back."""
        self._outdated.clear()
        if self.form.show_error(error, self._shown):
            self._foot.show_note(REFUSED)
        else:
            self._foot.show_error(error)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.setMinimumWidth(theme.px(160))
        self.form.apply_theme(theme)
        self._foot.apply_theme(theme)

    @Slot(object, object)
    def _on_form_requested(self, before: RunSettings, settings: RunSettings) -> None:
        self._outdated.append(before)
        self._foot.show_note(effect(before, settings))
        self.settings_requested.emit(settings)

    @Slot()
    def _on_form_refused(self) -> None:
        self._foot.show_note(REFUSED)

    @Slot()
    def _on_lab_clicked(self) -> None:
        if self.settings == RunSettings():
            self._foot.show_note(SAME)
        self.ask_for(RunSettings())
        self.reset_requested.emit()


def effect(before: RunSettings, after: RunSettings) -> str:
    """What a change of settings does to the run, in a sentence."""
    changed = set(changed_paths(before, after))
    if changed <= {f"training.{name}" for name in LIVE}:
        return AT_ONCE
    if "network.seed" in changed:
        return NEW_SEED.format(seed=after.network.seed)
    return NEW_RUN


class _Foot(QWidget):
    """What stays in sight below the form: the note and the way back to the lab's settings."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.note = QLabel(REST, self)
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.note.setToolTip("What the last change did to the run.")
        self.note.setAccessibleName("Effect of the last change")
        self.complaint = Complaint(theme, self)
        self.lab_button = FormButton("Load the lab’s settings", theme, self, height=30, wide=True)
        self.lab_button.setToolTip("Back to the experiment of the lab’s sheet: every setting.")
        self._column = QVBoxLayout(self)
        for widget in (self.note, self.complaint, self.lab_button):
            self._column.addWidget(widget)

    def show_note(self, text: str) -> None:
        """Say what a change did."""
        self.complaint.hide()
        self.note.show()
        self.note.setText(text)

    def show_error(self, error: SettingsError) -> None:
        """Say why a change was refused, where that concerns no field."""
        self.note.hide()
        self.complaint.show_message(" ".join(filter(None, (error.message, error.hint))))

    def apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.note.setFont(theme.font(11.5))
        # Room for the longest note, so that the form keeps its height whatever is said here.
        self.note.setMinimumHeight(2 * QFontMetrics(theme.font(11.5)).lineSpacing())
        self.note.setStyleSheet(f"color: {theme.secondary}; background: transparent;")
        self.complaint.apply_theme(theme)
        self.lab_button.apply_theme(theme)
        gap, side = theme.px(8), theme.px(12)
        self._column.setContentsMargins(side, gap, side, side)
        self._column.setSpacing(gap)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawLine(0, 0, self.width(), 0)
