"""The race itself below what varies: how many runs there are, and the button that starts them."""

from typing import Final

from PySide6.QtWidgets import QLabel, QWidget

from gui.race_words import seed_words, several_seeds
from gui.theme import Theme
from gui.widgets.fields.complaint import Complaint
from gui.widgets.fields.form_button import FormButton
from gui.widgets.flat_button import FlatButton, Part
from gui.widgets.glyphs import Glyph
from gui.widgets.section import Section
from model.lab.race_snapshot import RaceSnapshot
from model.training.snapshots import State

STALE: Final = "The settings have been changed since this race was set up."
BEFORE: Final = "The race is still the one before that entry."


class RaceSection(Section):
    """How many runs there are, the button that starts and stops them, and what is wrong."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.stale = QLabel(STALE)
        self.stale.setWordWrap(True)
        self.before = QLabel(BEFORE)
        self.before.setWordWrap(True)
        self.before.hide()
        self.renew = FormButton("Take the present settings", theme, parent, wide=True)
        self.renew.setToolTip("Start this race again with the settings of the Train view.")
        self.complaint = Complaint(theme)
        self.button = RaceButton(theme)
        super().__init__("Race", theme, parent)
        for widget in (
            self.note,
            self.complaint,
            self.before,
            self.stale,
            self.renew,
            self.button,
        ):
            self.body.addWidget(widget)
        self.set_stale(False)

    def show_race(self, race: RaceSnapshot) -> None:
        """Follow the race."""
        runs = len(race.runs)
        seeds = "several seeds" if several_seeds(race) else seed_words(race)
        self.note.setText(f"{runs} {'run' if runs == 1 else 'runs'}, {seeds}, in step")
        self.button.show_state(race.state)

    def set_stale(self, stale: bool) -> None:
        """Say that the settings are others by now."""
        self.stale.setVisible(stale)
        self.renew.setVisible(stale)

    def set_before(self, before: bool) -> None:
        """Say that the race is not the one that was entered last."""
        self.before.setVisible(before)

    def show_error(self, message: str) -> None:
        """Say why there is no race."""
        self.complaint.show_message(message)

    def clear_error(self) -> None:
        """Nothing is wrong any more."""
        self.complaint.hide()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for label in (self.note, self.before, self.stale):
            label.setFont(theme.font(12.5))
            label.setStyleSheet(f"color: {theme.secondary}; background: transparent;")
        for part in (self.renew, self.complaint, self.button):
            part.apply_theme(theme)
        self.body.setSpacing(theme.px(6))


class RaceButton(FlatButton):
    """The primary button of the view: run or pause all runs."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, primary=True, parent=parent)
        self._running = False
        self.setToolTip("Let all runs train in step, or stop them all (Space).")
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        self.setSizePolicy(policy)
        self.show_state(State.IDLE)

    def show_state(self, state: State) -> None:
        """Say what a click does."""
        self._running = state is State.RUNNING
        word = "Pause all" if self._running else "Race" if state is State.IDLE else "Go on"
        ended = state in (State.FINISHED, State.FAILED)
        self.setText("Finished" if ended else word)
        self.setAccessibleName(self.text())
        self.setEnabled(not ended)
        self.update()

    def parts(self) -> tuple[Part, ...]:
        glyph = Glyph.PAUSE if self._running else Glyph.RUN
        return (Part(glyph=glyph), Part(self.text()))
