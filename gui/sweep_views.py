"""The panels of a sweep's results together: filled, brought out, and what they wish."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui import files
from gui.main_window import MainWindow
from gui.messages import report
from gui.panels.bands_panel import BandsPanel
from gui.panels.heat_panel import HeatPanel
from gui.panels.rates_panel import RatesPanel
from gui.panels.results_panel import ResultsPanel
from gui.panels.sweep_panel import SweepPanel
from gui.widgets.numerals import grouped
from model.files.atomic import write_text
from model.lab.outcome import Fate
from model.lab.results import Results
from model.lab.row import Row
from model.lab.summaries import RATE
from model.lab.variants import label

_EXPORT_VALUES: Final = replace(
    files.EXPORT_RUNS, title="Export the table of values", name="results-by-value.csv"
)


class SweepViews(QObject):
    """Owns the panels; `results` are those that they show.

    `replay_requested` carries settings, the epoch that a run of them has reached, and what to say
    of it.
    """

    replay_requested = Signal(object, int, str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        theme = window.theme
        self._window = window
        self.results: Results | None = None
        self.bands, self.rates = BandsPanel(theme), RatesPanel(theme)
        self.heat, self.table = HeatPanel(theme), ResultsPanel(theme)
        self.table.export_requested.connect(self._on_table_export_requested)
        for panel in self.panels:
            panel.run_opened.connect(self._on_panel_run_opened)

    @property
    def panels(self) -> tuple[SweepPanel, ...]:
        """From the losses to the table."""
        return self.bands, self.rates, self.heat, self.table

    def show(self, results: Results | None) -> None:
        """In every panel; one that cannot draw does not keep the others from drawing."""
        self.results = results
        for panel in self.panels:
            try:
                panel.show_results(results)
            except Exception as error:
                report(error, self._window)

    def bring_out(self) -> None:
        """Bring the panels of the sweep out from behind the race's."""
        if self._window.view != "compare" or self.results is None:
            return
        rate = RATE in self.results.plan.grouping
        for name in ("bands", "rates" if rate else "heat", "results"):
            self._window.show_panel(name)

    @Slot(object)
    def _on_panel_run_opened(self, row: Row) -> None:
        """A run that diverged does so in the epoch after the last it completed."""
        variant, outcome = row.variant, row.outcome
        if variant.settings is None:
            self._window.status.show_message(f"This run never began: {outcome.reason}", "error")
            return
        words = f"{label(variant, seed=True)} at epoch {grouped(outcome.epochs)}"
        further = outcome.fate is Fate.DIVERGED
        self.replay_requested.emit(variant.settings, outcome.epochs + further, words)

    @Slot()
    def _on_table_export_requested(self) -> None:
        if self.results is not None:
            question = _EXPORT_VALUES if self.table.by_value else files.EXPORT_RUNS
            question.ask(self._window, self._export_table)

    def _export_table(self, path: Path) -> None:
        with files.told(self._window):
            write_text(path, self.table.model.csv_text())
            self._window.status.show_message(f"Saved {path.name}")
