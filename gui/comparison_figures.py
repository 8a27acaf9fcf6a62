"""The figures of a sweep as files, for reports: with a window or without."""

from collections.abc import Sequence
from pathlib import Path

from gui.figures import save_pictures
from gui.panels.bands_panel import BandsPanel
from gui.panels.heat_panel import HeatPanel
from gui.panels.rates_panel import RatesPanel
from gui.panels.sweep_panel import SweepPanel
from model.lab.results import Results


def save_comparison_figures(
    results: Results, folder: Path, formats: Sequence[str] = ("png", "svg")
) -> list[Path]:
    """Write `bands`, and `rates` and `heat` where they say something, into an existing folder.

    Returns the files; raises `FileError` where one cannot be written. Needs no display.
    """

    def show(panel: SweepPanel) -> None:
        panel.show_results(results)

    return list(save_pictures(_kinds(results), show, folder, formats))


def _kinds(results: Results) -> list[type[SweepPanel]]:
    kinds: list[type[SweepPanel]] = [BandsPanel] if results.bands else []
    if results.rates is not None:
        kinds.append(RatesPanel)
    if results.heat() is not None:
        kinds.append(HeatPanel)
    return kinds
