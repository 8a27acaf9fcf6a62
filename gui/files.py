"""What the window reads and writes: figures, weights, and the settings of the last start."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.messages import report
from gui.panels.panel import Panel
from model.errors import BackscopeError, FileError
from model.files.settings_json import read_settings, write_settings
from model.training.settings import RunSettings


@dataclass(frozen=True)
class Question:
    """One file dialog: its title, its kinds of files, and the name to save under if it saves.

    Where it names `several` files at once, whoever saves them asks before it replaces any.
    """

    title: str
    filters: tuple[str, ...]
    name: str = ""
    several: bool = False

    def ask(self, parent: QWidget, answered: Callable[[Path], object]) -> QFileDialog:
        """Open the dialog without waiting; `answered` hears of the chosen path, if there is one."""
        dialog = QFileDialog(parent, self.title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(self.filters)
        if self.name:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(_suffix(self.filters[0]))
            dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_suffix(kind)))
            dialog.selectFile(self.name)
            dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, self.several)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: answered(Path(name)))
        dialog.open()
        return dialog


def ask_for_folder(parent: QWidget, title: str, answered: Callable[[Path], object]) -> QFileDialog:
    """Let a folder be chosen without waiting."""
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.fileSelected.connect(lambda name: answered(Path(name)))
    dialog.open()
    return dialog


SAVE_FIGURES: Final = Question(
    "Save figures: one file for each panel, named after it",
    ("PNG picture (*.png)", "SVG drawing (*.svg)", "PDF document (*.pdf)"),
    "backscope.png",
    several=True,
)
SAVE_WEIGHTS: Final = Question("Save weights", ("NumPy archive (*.npz)",), "weights.npz")
EXPORT_RUNS: Final = Question("Export the table of runs", ("Table (*.csv)",), "runs.csv")
OPEN_WEIGHTS: Final = Question("Open weights", ("NumPy archive (*.npz)", "All files (*)"))
OPEN_STORE: Final = Question("Open stored results", ("Results (*.sqlite)", "All files (*)"))


@contextmanager
def told(parent: QWidget) -> Iterator[None]:
    """Whatever cannot be done in the block is told to the user."""
    try:
        yield
    except BackscopeError as error:
        report(error, parent)


def with_pictures(panels: Iterable[Panel]) -> list[Panel]:
    """Those that have something to show."""
    return [panel for panel in panels if panel.has_picture]


def figure_paths(panels: Iterable[Panel], path: Path) -> list[Path]:
    """Where the panels' pictures go: `path` with a panel's name behind its stem."""
    return [path.with_name(f"{path.stem}-{panel.name}{path.suffix}") for panel in panels]


def confirm_replacing(parent: QWidget, paths: list[Path], agreed: Callable[[], object]) -> None:
    """Ask whether files may be replaced, without waiting; `agreed` at once where there are none."""
    if not paths:
        agreed()
        return
    names = ", ".join(path.name for path in paths)
    confirm(parent, "Replace the figures that are there?", names, "Replace", agreed)


def confirm(
    parent: QWidget, question: str, words: str, yes: str, agreed: Callable[[], object]
) -> QMessageBox:
    """Ask a question without waiting; `agreed` hears of it where the answer is `yes`.

    What is asked about cannot be undone or costs much: Enter alone cancels.
    """
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setText(question)
    box.setInformativeText(words)
    box.setStandardButtons(QMessageBox.StandardButton.Cancel)
    box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.accepted.connect(agreed)
    box.open()
    return box


def save_figures(panels: Sequence[Panel], path: Path) -> list[str]:
    """One picture a panel, in light colours as a report wants them; the names written.

    Raises `FileError` for an unknown kind of file or where a picture cannot be written.
    """
    from gui.figures import save_figure

    paths = figure_paths(panels, path)
    for panel, target in zip(panels, paths, strict=True):
        save_figure(panel, target)
    return [target.name for target in paths]


def last_settings() -> tuple[RunSettings, BackscopeError | None]:
    """The settings of the last start, or the lab's and the reason why those could not be used."""
    path = _settings_path()
    if not path.exists():
        return RunSettings(), None
    try:
        return read_settings(path, RunSettings), None
    except BackscopeError as error:
        message = f"The settings of the last start cannot be used: {error.message}"
        return RunSettings(), FileError(message, "the lab's settings are loaded instead")


def save_last_settings(settings: RunSettings) -> None:
    """Keep the settings for the next start; raises `FileError`."""
    path = _settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{path.parent} cannot be made: {error.strerror}") from error
    write_settings(path, settings)


def _settings_path() -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder) / "backscope" / "settings.json"


def _suffix(name_filter: str) -> str:
    """ "png" of "PNG picture (*.png)"."""
    return name_filter.rpartition(".")[2].removesuffix(")")
