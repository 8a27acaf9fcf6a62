"""The menu bar, built from the command table."""

from typing import Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.actions import COMMANDS
from gui.commands import Commands

TITLES: Final = {
    "File": "&File",
    "Run": "&Run",
    "View": "&View",
    "Help": "&Help",
    "Run/Speed": "&Speed",
    "View/Panels": "&Panels",
    "View/Theme": "&Theme",
}
"""Every menu by its path, with the letter that opens it."""


def fill_menu_bar(bar: QMenuBar, commands: Commands) -> dict[str, QMenu]:
    """Add every menu and command; the menus by their paths."""
    menus = {path: bar.addMenu(title) for path, title in TITLES.items() if "/" not in path}
    for command in COMMANDS:
        if command.menu:
            menu = menus.get(command.menu) or _add_below(menus, command.menu)
            if command.gap:
                menu.addSeparator()
            menu.addAction(commands.action(command.id))
    for menu in menus.values():
        menu.setToolTipsVisible(True)
    return menus


def put_first(menu: QMenu, actions: list[QAction]) -> None:
    """Insert these above what the menu has already."""
    first = menu.actions()[0]
    for action in actions:
        menu.insertAction(first, action)


def _add_below(menus: dict[str, QMenu], path: str) -> QMenu:
    parent = menus[path.rpartition("/")[0]]
    menus[path] = parent.addMenu(TITLES[path])
    return menus[path]
