"""The one way by which the user hears of an error, from whichever thread it comes."""

import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gui.theme import LIGHT, Theme
from gui.widgets.error_dialog import ErrorDialog


def report(error: BaseException, parent: QWidget | None = None) -> ErrorDialog:
    """Show the error without waiting for an answer, or count it into the dialog that is open.

    An exception in a paint event comes again with each repaint: it must not multiply dialogs.
    """
    dialog = _open_dialog()
    if dialog is not None:
        dialog.add(error)
        return dialog
    dialog = ErrorDialog(error, _theme_of(parent), parent)
    dialog.open()
    return dialog


def install_excepthook(window: QWidget) -> "ExceptionFunnel":
    """Report uncaught exceptions of all threads in `window`, as long as it exists."""
    return ExceptionFunnel(window)


class ExceptionFunnel(QObject):
    """Takes the place of Python's hooks; `restore` gives them back."""

    caught = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._hooks = (sys.excepthook, threading.excepthook)
        self.caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def restore(self) -> None:
        """Put the hooks back that stood before."""
        sys.excepthook, threading.excepthook = self._hooks

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isValid(self) and issubclass(kind, Exception):
            self.caught.emit(error.with_traceback(trace))
        else:
            self._hooks[0](kind, error, trace)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._hook(args.exc_type, args.exc_value, args.exc_traceback)

    @Slot(object)
    def _on_caught(self, error: BaseException) -> None:
        try:
            report(error, self._window)
        except Exception as second:
            # Reporting it again would fail again: the terminal is what is left.
            sys.__excepthook__(type(second), second, second.__traceback__)


def _open_dialog() -> ErrorDialog | None:
    widgets = QApplication.topLevelWidgets()
    return next((w for w in widgets if isinstance(w, ErrorDialog) and w.isVisible()), None)


def _theme_of(parent: QWidget | None) -> Theme:
    theme = getattr(parent.window() if parent else None, "theme", None)
    return theme if isinstance(theme, Theme) else LIGHT
