"""The composition root: application, window and controller, and how they come and go."""

import sys
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from gui import files
from gui.controller import Controller
from gui.interrupts import Interrupts
from gui.main_window import MainWindow
from gui.messages import install_excepthook, report
from gui.theme import LIGHT


def build(arguments: Sequence[str]) -> tuple[QApplication, MainWindow, Controller]:
    """Everything but the event loop; the session is made once the window can be seen."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication([sys.argv[0], *arguments])
    app.setApplicationName("backscope")
    app.setApplicationDisplayName("Backscope")
    pg.setConfigOptions(imageAxisOrder="row-major", antialias=True)
    window = MainWindow(LIGHT)
    install_excepthook(window)
    settings, refused = files.last_settings()
    controller = Controller(window, settings)
    window.restore_layout()
    window.show()
    window.setFocus()
    window.first_painted.connect(controller.start)
    if refused is not None:
        report(refused, window)
    return app, window, controller


def run(arguments: Sequence[str] = ()) -> int:
    """Show the window and stay until it is closed; the exit status of the event loop."""
    app, window, controller = build(arguments)
    Interrupts(window)
    try:
        return app.exec()
    finally:
        controller.shut_down()
        window.deleteLater()
