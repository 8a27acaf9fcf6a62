"""The table of a sweep: its numbers are never cut, it is scrolled where they have no room."""

from typing import Final

from PySide6.QtGui import QFontMetrics

from gui.panels.runs_table import RunsTable

_BESIDE: Final = 26
"""Pixels of a cell beside its text."""


class ResultsTable(RunsTable):
    """In the table of a race, which shows all of its columns at once, long values give way."""

    def fit_columns(self) -> None:
        super().fit_columns()
        width_of, beside = QFontMetrics(self.font()).horizontalAdvance, self.theme.px(_BESIDE)
        for number, column in enumerate(self.runs.columns):
            needed = width_of(column.sample) + beside
            if self.columnWidth(number) < needed:
                self.setColumnWidth(number, needed)
