"""Between the Debug view and the worker, as the controller is between the others."""

from PySide6.QtCore import QObject, Signal

from gui.debugger import Debugger
from gui.main_window import MainWindow
from gui.worker import Worker


class DebugController(QObject):
    """Owns the Debug view.

    `view_changed` says that the view asks for something else; `rate_requested` carries a learning
    rate that is to be trained with.
    """

    view_changed = Signal()
    rate_requested = Signal(float)

    def __init__(self, window: MainWindow, worker: Worker) -> None:
        super().__init__(window)
        self._window = window
        self.debugger = Debugger(window)
        self._connect(worker)

    def _connect(self, worker: Worker) -> None:
        debugger = self.debugger
        check, surface = debugger.check, debugger.surface
        for signal, slot in (
            (debugger.command_requested, worker.command),
            (debugger.view_changed, self.view_changed),
            (worker.condition_refused, debugger.breakpoints.show_error),
            (check.check_requested, worker.check_gradients),
            (check.own_requested, worker.compare_own),
            (worker.gradients_checked, check.show_check),
            (worker.own_compared, check.show_own),
            (worker.check_refused, check.show_error),
            (surface.surface_requested, worker.make_surface),
            (worker.surface_made, surface.show_surface),
            (worker.surface_refused, surface.show_error),
            (debugger.taylor.rate_requested, self.rate_requested),
        ):
            signal.connect(slot)

    def toggle_breakpoint(self) -> None:
        """At the operation under the cursor of the list."""
        if not self.debugger.operations.toggle_breakpoint():
            self._window.status.show_message(
                "Breakpoint: choose an operation in the list of the Debug view first"
            )
