"""A settings class becomes a form: sections, rows and fields, all derived from its fields."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Protocol

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.fields.entry_field import EntryField
from gui.widgets.fields.form_row import FormRow
from gui.widgets.fields.wording import in_titles
from gui.widgets.section import Section
from model.errors import SettingsError
from model.settings import Settings
from model.settings_fields import (
    FieldDescription,
    describe,
    group_titles,
    remedy,
    value_at,
    with_changes,
)

Descriptions = Mapping[str, FieldDescription]

_RARE = "rare"
"""The key of the section that holds what is seldom changed."""


class SpecialRows(Protocol):
    """Rows that show several settings in a way of their own; a QWidget as well."""

    paths: tuple[str, ...]
    entered: SignalInstance

    def show_values(self, values: Mapping[str, Any], *, force: bool = False) -> None: ...
    def row_for(self, path: str) -> FormRow: ...
    def tab_chain(self) -> list[QWidget]: ...
    def apply_theme(self, theme: Theme) -> None: ...


class SettingsForm(QWidget):
    """Shows settings, has every entry checked by the settings class and says what was accepted.

    `special` makes rows of their own for the settings in their `paths`. A setting with only one
    choice is not shown, one that is rare stands in a folded section at the end. An entry that is
    refused stands beside its message and changes nothing; the others go on from the last valid
    settings. `requested(before, after)` carries valid settings, `refused` says that an entry was
    none.
    """

    requested = Signal(object, object)
    refused = Signal()

    def __init__(
        self,
        settings: Settings,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        special: tuple[Callable[[Descriptions, Theme], Any], ...] = (),
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.theme = theme
        self._sections: dict[str, Section] = {}
        self._rows: dict[str, Any] = {}
        self._chain: list[QWidget] = []
        self._special = {path: make for make in special for path in make.paths}  # type: ignore[attr-defined]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for group, title in {**group_titles(type(settings)), _RARE: "More"}.items():
            section = Section(title, theme, self, line=bool(self._sections))
            self._sections[group] = section
            column.addWidget(section)
        column.addStretch(1)
        self._sections[_RARE].set_open(False)
        self.show_settings(settings, force=True)

    def show_settings(self, settings: Settings, *, force: bool = False) -> None:
        """Show valid settings; `force` also replaces what is being edited or was refused."""
        self.settings = settings
        shown = {entry.path: entry for entry in describe(settings) if len(entry.choices) != 1}
        self._make_rows(shown)
        for path, row in self._rows.items():
            if isinstance(row, FormRow):
                row.show_value(value_at(settings, path), force=force)
            else:
                row.show_values({p: value_at(settings, p) for p in row.paths}, force=force)
        self._order_tabs()

    def show_error(self, error: SettingsError, settings: Settings) -> bool:
        """An accepted entry was refused elsewhere: mark its row and go back to `settings`.

        False where the error concerns no row.
        """
        words = in_titles(error, describe(self.settings))
        if error.field in self._rows and _has(settings, error.field):
            self._rows[error.field].field.refuse(value_at(settings, error.field))
        self.show_settings(settings)
        row = self.row_for(error.field)
        if row is None:
            return False
        self._unfold(row)
        row.show_error(words)
        return True

    def row_for(self, path: str) -> FormRow | None:
        """The row that shows a setting."""
        row = self._rows.get(path)
        if row is not None:
            return row if isinstance(row, FormRow) else row.row_for(path)
        special = (r for r in self._rows.values() if not isinstance(r, FormRow) and path in r.paths)
        found = next(special, None)
        return found.row_for(path) if found is not None else None

    def section(self, group: str) -> Section:
        """The part of the form that shows a group."""
        return self._sections[group]

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        for part in (*self._sections.values(), *self._rows.values()):
            part.apply_theme(theme)

    def _make_rows(self, shown: Descriptions) -> None:
        """Drop the rows of settings that are gone, add those that came, keep the others."""
        kept = {path: row for path, row in self._rows.items() if self._fits(row, shown.get(path))}
        for path in self._rows.keys() - kept.keys():
            self._drop(self._rows[path])
        rows: dict[str, Any] = {}
        places = dict.fromkeys(self._sections, 0)
        absorbed: set[str] = set()
        for path, description in shown.items():
            if path in absorbed:
                continue
            row = kept.get(path) or self._made(path, shown)
            if isinstance(row, FormRow):
                row.describe(description)
            else:
                absorbed |= set(row.paths)
            rows[path] = row
            section = _section_of(description)
            body = self._sections[section].body
            if body.indexOf(row) != places[section]:
                body.insertWidget(places[section], row)
            places[section] += 1
        self._rows = rows

    def _drop(self, row: QWidget) -> None:
        for section in self._sections.values():
            section.body.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _fits(self, row: Any, description: FieldDescription | None) -> bool:
        """Whether a row can go on showing a setting."""
        if description is None or not isinstance(row, FormRow):
            return description is not None
        old = row.description
        return (old.kind, old.choices) == (description.kind, description.choices)

    def _made(self, path: str, shown: Descriptions) -> Any:
        make = self._special.get(path)
        if make is not None:
            row: Any = make(shown, self.theme)
        else:
            row = FormRow(shown[path], field_for(shown[path], self.theme), self.theme)
        row.entered.connect(self._on_row_entered)
        return row

    def _order_tabs(self) -> None:
        """From the top to the bottom, whenever a field came or went."""
        chain: list[QWidget] = []
        for section in self._sections.values():
            chain.append(section.head)
            for row in self._rows.values():
                if section.isAncestorOf(row):
                    chain += row.tab_chain()
        if chain != self._chain:
            self._chain = chain
            for first, second in pairwise(chain):
                QWidget.setTabOrder(first, second)

    def _unfold(self, row: QWidget) -> None:
        for section in self._sections.values():
            if section.isAncestorOf(row):
                section.set_open(True)

    def _repair(self, changes: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """One other choice that makes the changes possible, with its title; empty if none does."""
        found = remedy(self.settings, changes)
        if found is None:
            return "", {}
        field, word = found
        return f"Use {field.choices[word]}", {**changes, field.path: word}

    @Slot(object, object)
    def _on_row_entered(self, row: FormRow, changes: Mapping[str, Any]) -> None:
        try:
            settings = with_changes(self.settings, changes)
        except SettingsError as error:
            repair, attempt = ("", {}) if error.field in changes else self._repair(changes)
            row.show_error(in_titles(error, describe(self.settings)), repair, attempt)
            self.refused.emit()
            return
        row.clear_error()
        before = self.settings
        self.show_settings(settings)
        if settings != before:
            self.requested.emit(before, settings)


def _section_of(description: FieldDescription) -> str:
    return _RARE if description.rare else description.group


def _has(settings: Settings, path: str) -> bool:
    """Whether these settings have a field of this path."""
    return any(field.path == path for field in describe(settings))


def field_for(description: FieldDescription, theme: Theme) -> Any:
    """The field that suits a setting: a list where it has choices, else a line."""
    if description.choices:
        return ChoiceField(description.choices, theme)
    return EntryField(description, theme)
