"""What varies between the runs of a race, and the race itself."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.base_words import base_lines, base_words
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
from gui.panels.vary_values import shown, typed
from gui.race_words import fields
from gui.theme import Theme
from gui.widgets.fields.form_row import FormRow
from gui.widgets.fields.values import plain
from gui.widgets.fields.wording import in_titles, sentences
from gui.widgets.overlay_scroll import OverlayScrollArea
from model.errors import SettingsError
from model.lab.race import MOST
from model.lab.race_snapshot import RaceSnapshot
from model.lab.variants import SEED, Axis, axis_of, count_of_runs
from model.training.assignments import changed, split_values
from model.training.settings import RunSettings

TOO_MANY: Final = (
    "These are {count} runs; a race shows at most {most}. A sweep runs as many as you like."
)
TWICE: Final = "This setting varies already: choose another one, or nothing."
ENTRIES: Final = ("vary", "values", "and", "and values", "seeds")
"""The rows from the top to the bottom, as a file names them."""
REFUSED: Final = "an entry above is not allowed"


class VaryPanel(RacePanel):
    """`race_requested(axes, seeds)` carries what varies, checked as far as that needs no data, and
    the number of seeds, None for the settings' own; `run_requested` is the button's wish to run or
    to pause; `renew_requested` asks for the same race with the settings as they are; `changed`
    says that `axes` may be others.

    An entry that is refused changes nothing, and Escape takes it back. `add_section` takes more
    sections below the race's.
    """

    name = "vary"
    title = "What varies"

    race_requested = Signal(object, object)
    run_requested = Signal()
    renew_requested = Signal()
    changed = Signal()

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
        self._asked: tuple[tuple[Axis, ...], int | None] | None = None
        self._base = RunSettings()
        self.base_note = QLabel()
        self.base_note.setWordWrap(True)
        self.race_section = RaceSection(theme, self)
        self._sections: list[QWidget] = [self.race_section]
        self._lay_out()
        for row in self.rows:
            row.entered.connect(self._on_row_entered)
            row.field.restored.connect(self._on_field_restored)
        self.race_section.button.clicked.connect(self._on_button_clicked)
        self.race_section.renew.clicked.connect(self.renew_requested)
        self._write()
        self.apply_theme(theme)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """What varies; `SettingsError` where an entry is refused."""
        if self._refused:
            raise SettingsError(REFUSED, "correct it, or press Escape there")
        return self._axes(self._wanted)

    @property
    def seed_count(self) -> int | None:
        """How many seeds each combination has, None for the settings' own."""
        return self._count(self._wanted)

    @property
    def entries(self) -> dict[str, Any]:
        """What the rows ask for, as `restore` takes it."""
        return {name: self._wanted[row] for name, row in zip(ENTRIES, self.rows, strict=True)}

    def restore(self, entries: Mapping[str, Any]) -> None:
        """Take on what was kept, without asking for its race; nothing of it where it is no good."""
        wanted = {row: entries.get(name) for name, row in zip(ENTRIES, self.rows, strict=True)}
        known = all(wanted[row] in [*row.field.choices] for row in (self.vary, self.also))
        texts = all(isinstance(wanted[row], str) for row in (self.values, self.also_values))
        seeds = wanted[self.seeds]
        if not (known and texts and type(seeds) is int and 1 <= seeds <= MOST):
            return
        try:
            count_of_runs(self._axes(wanted), self._count(wanted))
        except SettingsError:
            return
        self._wanted = wanted
        self._write()
        self.changed.emit()

    @property
    def base(self) -> RunSettings:
        """The settings that all runs of the next race or sweep share."""
        return self._base

    @base.setter
    def base(self, base: RunSettings) -> None:
        self._base = base
        self._show_base()

    def ask(self) -> None:
        """Ask for the race that the rows describe, as if it had just been entered."""
        self._on_row_entered(self.seeds, {self.seeds.description.path: self._wanted[self.seeds]})

    def commit(self) -> bool:
        """Take on what has been typed; whether every entry is allowed."""
        for row in (self.values, self.also_values, self.seeds):
            row.field.commit()
        return not self._refused

    def add_value(self, path: str, value: float) -> bool:
        """Let a setting take one more value, where it varies; whether it does."""
        for setting, values in ((self.vary, self.values), (self.also, self.also_values)):
            if self._wanted[setting] == path:
                text = f"{self._wanted[values]}, {plain(value)}"
                self._on_row_entered(values, {values.description.path: text})
                return True
        return False

    def show_race(self, race: RaceSnapshot) -> None:
        self.race_section.show_race(race)

    def highlight(self, number: int | None) -> None:
        """A run that stands out changes nothing here."""

    def show_error(self, error: SettingsError) -> None:
        """The race was refused: the row that it concerns says why, or else the section below."""
        row = self._row_of(error.field)
        (row or self.race_section).show_error(_words(error))
        self._follow_refusals()
        self.race_section.set_before(True)

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
        self.base_note.setFont(theme.font(11.5))
        self.base_note.setStyleSheet(f"color: {theme.secondary}; background: transparent;")
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
        self._form.addWidget(self.base_note)
        self._column.addLayout(self._form)
        self._column.addWidget(self.race_section)
        self._column.addStretch(1)
        scroll = OverlayScrollArea(self)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _write(self) -> None:
        """Show what is wanted, and the base without it."""
        for row in self.rows:
            row.show_value(self._shown(row), force=True)
        self.also_values.setVisible(self._wanted[self.also] != NOTHING)
        self._show_base()

    def _show_base(self) -> None:
        several = [SEED] if self.seed_count is not None else []
        varied = [self._wanted[self.vary], self._wanted[self.also], *several]
        self.base_note.setText(f"Base: {base_words(self._base, varied)}.")
        self.base_note.setToolTip(
            f"The settings that all runs share, those of the Train view:\n"
            f"{base_lines(self._base, varied)}"
        )

    def _shown(self, row: FormRow) -> Any:
        """What a row shows of what is wanted."""
        setting = {self.values: self.vary, self.also_values: self.also}.get(row)
        raw = self._wanted[row]
        return raw if setting is None else shown(self._wanted[setting], raw)

    def _axes(self, wanted: dict[FormRow, Any]) -> tuple[Axis, ...]:
        pairs = [(wanted[self.vary], wanted[self.values])]
        if wanted[self.also] != NOTHING:
            pairs.append((wanted[self.also], wanted[self.also_values]))
        return tuple(axis_of(f"{path}={text}") for path, text in pairs)

    def _count(self, wanted: dict[FormRow, Any]) -> int | None:
        count = int(wanted[self.seeds])
        return count if count > 1 else None

    @property
    def _refused(self) -> bool:
        """Whether a row shows an entry that is not allowed."""
        return any(row.field.failed for row in self.rows)

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
        self.race_section.clear_error()
        try:
            wanted = self._with(row, raw)
            axes = self._axes(wanted)
            count_of_runs(axes, self._count(wanted))
            for axis in axes:
                self._check_values(axis)
        except SettingsError as error:
            row.field.refuse(self._shown(row))
            row.show_error(_words(error))
            self._follow_refusals()
            return
        self._wanted = wanted
        for changed_row in self._with_values(row):
            changed_row.clear_error()
            changed_row.show_value(self._shown(changed_row), force=True)
        self.also_values.setVisible(wanted[self.also] != NOTHING)
        self._show_base()
        self._follow_refusals()
        if not self._refused:
            self._request()

    def _with(self, row: FormRow, raw: Any) -> dict[FormRow, Any]:
        """What is wanted with an entry; `SettingsError` for one that makes no sense by itself."""
        other = {self.vary: self.also, self.also: self.vary}.get(row)
        setting = {self.values: self.vary, self.also_values: self.also}.get(row)
        if other is not None and raw == self._wanted[other]:
            raise SettingsError(TWICE)
        if row is self.seeds and not (isinstance(raw, int) and 1 <= raw <= MOST):
            entered = "" if raw in ("", None) else f"{raw} is not allowed: "
            raise SettingsError(f"{entered}enter 1 to {MOST} seeds")
        if setting is not None and not raw:
            raise SettingsError("enter at least one value")
        if setting is not None and "" in split_values(str(raw)):
            raise SettingsError("a value is missing beside a comma")
        if setting is not None:
            return {**self._wanted, row: typed(self._wanted[setting], str(raw))}
        wanted = {**self._wanted, row: raw}
        for values in self._with_values(row)[1:]:
            wanted[values] = "" if raw == NOTHING else proposal(raw)
        return wanted

    def _with_values(self, row: FormRow) -> tuple[FormRow, ...]:
        """A row, and that of its values where it chooses a setting."""
        values = {self.vary: self.values, self.also: self.also_values}.get(row)
        return (row,) if values is None else (row, values)

    def _check_values(self, axis: Axis) -> None:
        """`SettingsError` for what can be no value of the setting.

        One that only does not go with the other settings makes a run that is marked as refused.
        """
        for value in axis.values:
            try:
                changed(self._base, {axis.path: value})
            except SettingsError as error:
                if error.field == axis.path:
                    raise

    def _request(self) -> None:
        """Ask for the race of what is wanted, or say that only a sweep can have it."""
        self._asked = axes, seeds = self.axes, self.seed_count
        count = count_of_runs(axes, seeds)
        if count > MOST:
            self.race_section.show_error(TOO_MANY.format(count=count, most=MOST))
            self.race_section.set_before(True)
        else:
            self.race_requested.emit(axes, seeds)

    def _follow_refusals(self) -> None:
        """Whoever shows what would be run hears of every entry, also of one that is no more."""
        self.race_section.set_before(self._refused)
        self.changed.emit()

    @Slot()
    def _on_field_restored(self) -> None:
        """The last valid entry is back; another row may have changed what is asked for."""
        self._follow_refusals()
        if not self._refused and (self.axes, self.seed_count) != self._asked:
            self._request()

    @Slot()
    def _on_button_clicked(self) -> None:
        """What is typed and not yet entered belongs to the race."""
        if self.commit():
            self.run_requested.emit()


def _words(error: SettingsError) -> str:
    """What is wrong with an entry, in sentences with the titles of the settings."""
    titled = (
        in_titles(SettingsError(part, "", error.field), fields().values())
        for part in (error.message, error.hint)
    )
    return sentences(*titled)
