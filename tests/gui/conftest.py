"""The whole program for tests: built as `main.py` builds it and driven by real events."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.app import build
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.messages import ExceptionFunnel
from gui.widgets.error_dialog import ErrorDialog
from model.training.snapshots import Snapshot, State

PATIENCE = 20_000
"""Milliseconds until a test gives up; nothing waits that long where all is well."""


@dataclass
class Program:
    """A running Backscope with the gestures of a user."""

    qtbot: QtBot
    window: MainWindow
    controller: Controller

    @property
    def snapshot(self) -> Snapshot:
        """What the panels show."""
        assert self.controller.snapshot is not None
        return self.controller.snapshot

    def activate(self) -> None:
        """Bring the window to the front, where keys reach it."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key wherever the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def until(self, holds: Callable[[], bool]) -> None:
        """Let events pass until something holds."""
        self.qtbot.waitUntil(holds, timeout=PATIENCE)

    def until_state(self, state: State) -> None:
        """Let events pass until the session is in a state."""
        self.until(lambda: self.snapshot.state is state)

    def enter(self, path: str, text: str) -> None:
        """Type a setting into its field of the form and confirm it."""
        row = self.controller.setup.form.row_for(path)
        assert row is not None
        field = row.field
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def click(self, widget: QWidget, point: QPoint | None = None) -> None:
        """Click a widget, in its middle or at a point."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point or widget.rect().center())

    def words(self, dialog: QWidget) -> str:
        """Everything that a dialog says."""
        labels = [label.text() for label in dialog.findChildren(QLabel)]
        return "\n".join(labels + [t.toPlainText() for t in dialog.findChildren(QPlainTextEdit)])

    def error_dialogs(self) -> list[ErrorDialog]:
        """The error dialogs that are open."""
        widgets = QApplication.topLevelWidgets()
        return [w for w in widgets if isinstance(w, ErrorDialog) and w.isVisible()]


def opened(qtbot: QtBot) -> Program:
    """A program whose session is there."""
    _, window, controller = build([])
    program = Program(qtbot, window, controller)
    program.until(lambda: controller.snapshot is not None)
    qtbot.waitExposed(window)
    program.activate()
    return program


def closed(program: Program) -> None:
    """Close the window as a user does and let it go."""
    for dialog in program.error_dialogs():
        dialog.close()
    program.window.close()
    assert not program.controller._thread.isRunning()
    program.window.findChild(ExceptionFunnel).restore()
    program.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def program(qtbot: QtBot) -> Iterator[Program]:
    """Backscope with the lab's settings, idle."""
    program = opened(qtbot)
    yield program
    closed(program)
