"""What varies between the runs of a race, and the race itself."""

from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panels.race_panel import RacePanel
from gui.panels.race_section import RaceSection
from gui.panels.vary_proposals import proposal
from gui.panels.vary_rows import (
    FIRST,
    NOTHING,
    seeds_row,
    setting_row,
    values_row,
)
from gui.race_words import fields
from gui.theme import Theme
from gui.widgets.fields.form_row import FormRow
from gui.widgets.fields.wording import in_titles
from gui.widgets.overlay_scroll import OverlayScrollArea
from model.errors import SettingsError
from model.lab.race import MOST
from model.lab.race_snapshot import RaceSnapshot
from model.lab.variants import SEED, Axis, axis_of, count_of_runs
from model.training.assignments import changed
from model.training.settings import RunSettings

TOO_MANY: Final = (
    "These are {count} runs; a race shows at most {most}. A sweep runs as many as you like."
)
TWICE: Final = "This setting varies already: choose another one, or nothing."


class VaryPanel(RacePanel):
    """`race_requested(axes, seeds)` carries what varies, checked as far as that needs no data, and
    the number of seeds, None for the settings' own; `run_requested` is the button's wish to run or
    to pause; `renew_requested` asks for the same race with the settings as they are.

    `base` are the settings that all runs share; `add_section` takes more sections below the
    race's.
    """

    name = "vary"
    title = "What varies"

    race_requested = Signal(object, object)
    run_requested = Signal()
    renew_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.vary, self.also = (
            setting_row(theme, "Vary", optional=False),
            setting_row(theme, "and", optional=True),
        )
        self.values, self.also_values = values_row(theme), values_row(theme)
        self.seeds = seeds_row(theme)
        self.rows = (self.vary, self.values, self.also, self.also_values, self.seeds)
        self._wanted: dict[FormRow, Any] = {
            self.vary: FIRST,
            self.values: proposal(FIRST),
            self.also: NOTHING,
            self.also_values: "",
            self.seeds: 1,
        }
        self.base = RunSettings()
        self.race_section = RaceSection(theme, self)
        self._sections: list[QWidget] = [self.race_section]
        self._lay_out()
        for row in self.rows:
            row.entered.connect(self._on_row_entered)
        self.race_section.button.clicked.connect(self.run_requested)
        self.race_section.renew.clicked.connect(self.renew_requested)
        self._write()
        self.apply_theme(theme)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """What varies; `SettingsError` where a value is none."""
        pairs = [(self._wanted[self.vary], self._wanted[self.values])]
        if self._wanted[self.also] != NOTHING:
            pairs.append((self._wanted[self.also], self._wanted[self.also_values]))
        return tuple(axis_of(f"{path}={text}") for path, text in pairs)

    @property
    def seed_count(self) -> int | None:
        """How many seeds each combination has, None for the settings' own."""
        count = int(self._wanted[self.seeds])
        return count if count > 1 else None

    def ask(self) -> None:
        """Ask for the race that the rows describe, as if it had just been entered."""
        self._on_row_entered(self.seeds, {self.seeds.description.path: self._wanted[self.seeds]})

    def show_race(self, race: RaceSnapshot) -> None:
        self.race_section.show_race(race)

    def highlight(self, number: int | None) -> None:
        """A run that stands out changes nothing here."""

    def show_error(self, error: SettingsError) -> None:
        """The race was refused: the row that it concerns says why, or else the section below."""
        message = in_titles(error, fields().values())
        hint = f" {error.hint}" if error.hint else ""
        row = self._row_of(error.field)
        if row is not None:
            row.show_error(message + hint)
        else:
            self.race_section.show_error(message + hint)

    def set_stale(self, stale: bool) -> None:
        """Say that the race does not have the present settings, and offer one that has."""
        self.race_section.set_stale(stale)

    def add_section(self, section: QWidget) -> None:
        """Put another section below, with a theme of its own."""
        self._column.insertWidget(self._column.count() - 1, section)
        self._sections.append(section)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.setMinimumWidth(theme.px(160))
        for part in (*self.rows, *self._sections):
            part.apply_theme(theme)  # type: ignore[attr-defined]
        side = theme.px(12)
        self._form.setContentsMargins(side, theme.px(2), side, theme.px(10))
        self._form.setSpacing(theme.px(5))

    def _lay_out(self) -> None:
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._form = QVBoxLayout()
        for row in self.rows:
            self._form.addWidget(row)
        self._column.addLayout(self._form)
        self._column.addWidget(self.race_section)
        self._column.addStretch(1)
        scroll = OverlayScrollArea(self)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _write(self) -> None:
        for row in self.rows:
            row.show_value(self._wanted[row], force=True)
        self.also_values.setVisible(self._wanted[self.also] != NOTHING)

    def _row_of(self, path: str) -> FormRow | None:
        """The row with the values of a setting; that of the seeds where these count them."""
        for setting, values in ((self.vary, self.values), (self.also, self.also_values)):
            if path and self._wanted[setting] == path:
                return values
        return self.seeds if path == SEED else None

    @Slot(object, object)
    def _on_row_entered(self, row: FormRow, changes: dict[str, Any]) -> None:
        """Take on an entry and ask for its race, or say what is wrong with it."""
        raw = next(iter(changes.values()))
        if not self._takes(row, raw):
            return
        self._wanted[row] = raw
        for setting, values in ((self.vary, self.values), (self.also, self.also_values)):
            if row is setting:
                self._wanted[values] = "" if raw == NOTHING else proposal(raw)
                values.show_value(self._wanted[values], force=True)
        row.show_value(raw, force=True)
        row.clear_error()
        self.also_values.setVisible(self._wanted[self.also] != NOTHING)
        self._request(row)

    def _takes(self, row: FormRow, raw: Any) -> bool:
        """Whether an entry makes sense by itself; its row says why not."""
        problem = ""
        other = {self.vary: self.also, self.also: self.vary}.get(row)
        if other is not None and raw == self._wanted[other]:
            problem = TWICE
        elif row is self.seeds and not (isinstance(raw, int) and 1 <= raw <= MOST):
            problem = f"{raw} is not allowed: enter 1 to {MOST} seeds."
        elif row in (self.values, self.also_values) and not raw:
            problem = "Enter at least one value."
        if problem:
            row.field.refuse(self._wanted[row])
            row.show_error(problem)
        return not problem

    def _check_values(self, axis: Axis) -> None:
        """`SettingsError` for what can be no value of the setting.

        One that only does not go with the other settings makes a run that is marked as refused.
        """
        for value in axis.values:
            try:
                changed(self.base, {axis.path: value})
            except SettingsError as error:
                if error.field == axis.path:
                    raise

    def _request(self, row: FormRow) -> None:
        self.race_section.clear_error()
        try:
            axes, seeds = self.axes, self.seed_count
            count = count_of_runs(axes, seeds)
            for axis in axes:
                self._check_values(axis)
        except SettingsError as error:
            self.show_error(error)
            return
        if count > MOST:
            row.show_error(TOO_MANY.format(count=count, most=MOST))
            return
        self.race_requested.emit(axes, seeds)
