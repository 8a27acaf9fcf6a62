"""The menu bar, built from the command table."""

from typing import Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.actions import COMMANDS
from gui.commands import Commands

TITLES: Final = {
    "File": "&File",
    "Edit": "&Edit",
    "Run": "&Run",
    "View": "&View",
    "Help": "&Help",
    "Run/Speed": "&Speed",
    "Run/Step": "Step b&y",
    "Run/Back": "&Back by",
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
        give_letters(menu)
    return menus


def give_letters(menu: QMenu) -> None:
    """Underline a letter of each entry that has none, another one for each of a menu."""
    entries = [action for action in menu.actions() if action.text()]
    taken = {_letter(action.text()) for action in entries}
    for action in entries:
        if not _letter(action.text()):
            action.setText(_with_letter(action.text(), taken))
            taken.add(_letter(action.text()))


def put_first(menu: QMenu, actions: list[QAction]) -> None:
    """Insert these above what the menu has already."""
    first = menu.actions()[0]
    for action in actions:
        menu.insertAction(first, action)
    give_letters(menu)


def _letter(text: str) -> str:
    """What is underlined in a text, in lower case; empty where nothing is."""
    _, mark, after = text.partition("&")
    return after[:1].lower() if mark else ""


def _with_letter(text: str, taken: set[str]) -> str:
    """The text with its first letter of a word, or else its first letter at all, that is free."""
    starts = [at for at in range(len(text)) if at == 0 or text[at - 1] == " "]
    for at in (*starts, *range(len(text))):
        if text[at].isalnum() and text[at].lower() not in taken:
            return f"{text[:at]}&{text[at:]}"
    return text


def _add_below(menus: dict[str, QMenu], path: str) -> QMenu:
    parent = menus[path.rpartition("/")[0]]
    menus[path] = parent.addMenu(TITLES[path])
    return menus[path]
