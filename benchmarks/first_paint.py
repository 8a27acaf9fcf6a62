"""One start of a window: `python -m benchmarks.first_paint backscope` or `… bare`.

Prints the clock's reading when the window has been painted and its controls are enabled; whoever
started the process knows when that was.
"""

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

READY = Callable[[], bool]


class Watch(QObject):
    """Looks after each paint whether the window can be used, and then leaves."""

    def __init__(self, app: QApplication, ready: READY) -> None:
        super().__init__()
        self._app, self._ready = app, ready
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Never keeps an event for itself."""
        if event.type() == QEvent.Type.Paint and self._ready():
            self._app.removeEventFilter(self)
            QTimer.singleShot(0, self, self._leave)
        return False

    def _leave(self) -> None:
        print(time.monotonic(), flush=True)
        self._app.quit()


def backscope() -> None:
    """The window as `python main.py` opens it."""
    from gui.actions import RUN_PAUSE
    from gui.app import build

    app, window, controller = build([])
    action = window.commands.action(RUN_PAUSE)
    watch = Watch(app, lambda: action.isEnabled() and window.isVisible())
    app.exec()
    controller.shut_down()
    del watch


def bare() -> None:
    """A main window with one empty plot and nothing else."""
    import pyqtgraph as pg

    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(pg.PlotWidget())
    window.resize(1280, 800)
    watch = Watch(app, window.isVisible)
    window.show()
    app.exec()
    del watch


WINDOWS = {"backscope": backscope, "bare": bare}

if __name__ == "__main__":
    WINDOWS[sys.argv[1]]()
