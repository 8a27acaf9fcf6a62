"""The dialogs of the Help menu: every key and what it does, and what this program is."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

import resources
from gui.actions import COMMANDS, Command
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.keycap import Keycap

_ABOUT: Final = (
    "A desktop debugger for gradient descent and backpropagation. It trains a small network in "
    "plain NumPy, shows it while it learns, and lets you stop anywhere and read every number of "
    "the chain rule."
)


_ORDER: Final = ("Run", "Edit", "File", "View", "Help")


class HelpDialog(QDialog):
    """A titled column above a Close button."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*(theme.px(20),) * 3, theme.px(16))
        self.column.setSpacing(theme.px(16))

    def add_close_button(self) -> None:
        """Close the column with the button that closes the dialog."""
        box = QDialogButtonBox(self)
        box.addButton("Close", QDialogButtonBox.ButtonRole.AcceptRole)
        box.accepted.connect(self.accept)
        self.column.addWidget(box)

    def line(self, text: str, size: float = 13, *, bold: bool = False) -> QLabel:
        """A label that breaks its lines."""
        label = QLabel(text, self)
        weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
        label.setFont(self.theme.font(size, weight=weight))
        label.setWordWrap(True)
        return label


Rows = Sequence[tuple[str, tuple[str, ...], str]]
"""What keys do, the keys, and what there is to say about it."""


class ShortcutsDialog(HelpDialog):
    """The keys of the command table, menu by menu, and those of the panels."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, panels: Sequence[Panel] = ()
    ) -> None:
        super().__init__("Keyboard shortcuts", theme, parent)
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, theme.px(12), 0)
        columns.setSpacing(theme.px(40))
        commands = commands_with_keys()
        sections = {title: _rows_of(commands[title]) for title in _ORDER}
        of_panels = {panel.title: _rows_in(panel) for panel in panels if panel.keys}
        columns.addLayout(self._build_column(sections))
        if of_panels:
            columns.addLayout(self._build_column(of_panels))
        area = QScrollArea(self)
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        wanted = page.sizeHint() + QSize(theme.px(12), 0)
        area.setMinimumSize(wanted.boundedTo(QSize(theme.px(900), theme.px(460))))
        self.column.addWidget(area)
        self.column.addWidget(
            self.line(
                "Tab goes from panel to panel; their keys work in the one that has the focus. Keys"
                " without Ctrl leave text fields alone. Enter presses the focused button.",
                12,
            )
        )
        self.add_close_button()

    def _build_column(self, sections: Mapping[str, Rows]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self.theme.px(6))
        for title, rows in sections.items():
            heading = self.line(title, 13, bold=True)
            column.addWidget(heading)
            column.addLayout(self._build_rows(rows))
            column.addSpacing(self.theme.px(10))
        column.addStretch(1)
        return column

    def _build_rows(self, rows: Rows) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.theme.px(24))
        grid.setVerticalSpacing(self.theme.px(5))
        grid.setColumnStretch(0, 1)
        for row, (words, keys, tip) in enumerate(rows):
            label = QLabel(words, self)
            label.setToolTip(tip)
            grid.addWidget(label, row, 0)
            caps = QHBoxLayout()
            caps.setSpacing(self.theme.px(4))
            caps.addStretch(1)
            for shortcut in keys:
                caps.addWidget(Keycap(shortcut, self.theme, self))
            grid.addLayout(caps, row, 1)
        return grid


class AboutDialog(HelpDialog):
    """Name, version, purpose and licence."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("About Backscope", theme, parent)
        icon = QLabel(self)
        side = theme.px(56)
        picture = QIcon(str(resources.path("backscope.svg"))).pixmap(QSize(side, side))
        icon.setPixmap(picture)
        words = QVBoxLayout()
        words.setSpacing(theme.px(6))
        words.addWidget(self.line(f"Backscope {_version()}".strip(), 17, bold=True))
        words.addWidget(self.line(_ABOUT))
        words.addWidget(self.line("Free software under the MIT licence.", 12))
        row = QHBoxLayout()
        row.setSpacing(theme.px(16))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.column.addLayout(row)
        self.add_close_button()
        self.setMinimumWidth(theme.px(460))


def commands_with_keys() -> dict[str, list[Command]]:
    """The commands that a key reaches, by the menu they stand in."""
    reachable = [c for c in COMMANDS if c.shortcuts]
    ordered = sorted(reachable, key=_section)
    return {title: list(commands) for title, commands in groupby(ordered, key=_section)}


def _rows_of(commands: Sequence[Command]) -> Rows:
    return [(command.text.rstrip("…"), command.shortcuts, command.tip) for command in commands]


def _rows_in(panel: Panel) -> Rows:
    return [(words, keys, f"In the panel “{panel.title}”.") for keys, words in panel.keys]


def _section(command: Command) -> str:
    """The menu's title; what stands in no menu is about the run."""
    return command.menu.partition("/")[0] or "Run"


def _version() -> str:
    try:
        return version("backscope")
    except PackageNotFoundError:
        return ""
