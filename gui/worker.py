"""Training in a thread of its own: what the window wishes of the session."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QThread, QTimer, Signal, SignalInstance, Slot

from gui.sliced_worker import SLICE, SlicedWorker, reported
from model.errors import BackscopeError, SettingsError
from model.training.settings import RunSettings
from model.training.snapshots import View
from model.training.transitions import Command

if TYPE_CHECKING:
    from model.analysis.conventions import Orientation
    from model.analysis.loss_surface import SurfaceRequest
    from model.nn.network import Network
    from model.training.session import Session

DEBUGGING: Final = (
    "begin",
    "go_to",
    "go_to_epoch",
    "choose_branch",
    "set_element",
    "change_layer",
    "undo",
    "delete_branch",
    "add_breakpoint",
    "toggle_breakpoint",
    "enable_breakpoint",
    "remove_breakpoint",
)
"""Commands of the session that the debugger gives, by their names there."""

AT_REST: Final = frozenset(
    {"go_to", "go_to_epoch", "choose_branch", "set_element", "change_layer", "undo"}
)
"""Those for which a run is paused first."""


class Worker(SlicedWorker):
    """Owns the session in its thread; hears wishes by signals and answers with snapshots."""

    gradients_checked = Signal(object)
    own_compared = Signal(object)
    check_refused = Signal(object)
    condition_refused = Signal(object)
    surface_made = Signal(object)
    surface_refused = Signal(object)

    INTERVAL = 1 / 13
    """Smooth to look at, and a small share of the time: drawing holds Python's lock."""
    EVERY_EPOCH = True

    def __init__(self) -> None:
        super().__init__(View())
        self._session: Session | None = None
        self._surface: Iterator[None] = iter(())
        self._branch_sent = 0

    @Slot(object)
    @reported
    def open(self, settings: RunSettings) -> None:
        """Make the session."""
        # Loaded here, in this thread and behind the first picture: a start does not wait for it.
        from model.training.session import Session

        self._session = Session(settings)
        self._take_up(self._session)

    @Slot(str)
    @reported
    def step(self, kind: str) -> None:
        """Forward by an operation, layer, phase, iteration or epoch."""
        if self._may(Command.STEP):
            self._the_session.step(kind)
        self._follow()

    @Slot(str)
    @reported
    def back(self, kind: str) -> None:
        """Back by one of the same kinds; at the beginning there is nothing to do."""
        session = self._the_session
        if self._may(Command.BACK) and (session.iteration, session.operation) > (0, 0):
            session.back(kind)
        self._follow()

    @Slot(str, object)
    @reported
    def command(self, name: str, arguments: tuple[Any, ...]) -> None:
        """One of the session's `DEBUGGING` commands; its refusal is reported like any error."""
        if name not in DEBUGGING:
            raise ValueError(f"{name} is no command of the debugger")
        if self._running and name in AT_REST:
            self._the_session.pause()
        try:
            getattr(self._the_session, name)(*arguments)
        except SettingsError as refused:
            self.condition_refused.emit(refused)
        self._follow()

    @Slot(object)
    @reported
    def edit(self, settings: RunSettings) -> None:
        """Other settings; refused ones leave the session as it is."""
        if self._session is None:
            self.open(settings)
        elif settings != self._session.settings:
            self._session.edit(settings)
            self._follow()

    @Slot(object, int)
    @reported
    def replay(self, settings: RunSettings, epochs: int) -> None:
        """A run from its seed's first weights, brought to an epoch as fast as that goes."""
        if self._running:
            self._the_session.pause()
        self._the_session.edit(settings, afresh=True)
        if epochs:
            self._the_session.begin(epochs)
            self._hurried = True
        self._follow()

    @Slot(object)
    @reported
    def load(self, network: "Network") -> None:
        """Start from other weights."""
        self._the_session.load_parameters(network)
        self._follow()

    @Slot()
    @reported
    def check_gradients(self) -> None:
        """Answer with a `RunCheck` of the run where it stands."""
        from model.training.gradient_check import checked_gradients

        self._answer(
            lambda: checked_gradients(self._the_session.current_run), self.gradients_checked
        )

    @Slot(object, object)
    @reported
    def compare_own(self, path: Path, orientation: "Orientation | None") -> None:
        """Answer with an `OwnComparison` of a file."""
        from model.files.own_comparison import compared

        settings = RunSettings() if self._session is None else self._session.settings
        self._answer(lambda: compared(path, orientation, settings), self.own_compared)

    @Slot(object)
    @reported
    def make_surface(self, request: "SurfaceRequest") -> None:
        """Answer with a `LossSurface`, made in slices; the one that is being made is given up."""
        self._surface = self._surfaced(request)
        self._go_on_with_surface()

    @Slot()
    def close(self) -> None:
        """Stop and leave the thread's event loop."""
        self.stop()
        QThread.currentThread().quit()

    def _known(self) -> int:
        """Less on another branch than that of the last snapshot: up to where the two part."""
        return min(super()._known(), self._the_session.epochs_shared(self._branch_sent))

    def _send(self) -> None:
        super()._send()
        self._branch_sent = self._the_session.branch

    def _surfaced(self, request: "SurfaceRequest") -> Iterator[None]:
        """Row by row up to the answer, whatever that is."""
        try:
            surface = yield from self._the_session.surface_by_rows(request)
        except BackscopeError as refused:
            self.surface_refused.emit(refused)
        except Exception:
            self.surface_refused.emit(BackscopeError("The surface could not be computed"))
            raise
        else:
            self.surface_made.emit(surface)

    @Slot()
    @reported
    def _go_on_with_surface(self) -> None:
        """So many rows as a slice has time for; what else goes on has its turn between two."""
        end = time.perf_counter() + SLICE
        for _ in self._surface:
            if time.perf_counter() > end:
                QTimer.singleShot(0, self, self._go_on_with_surface)
                return

    def _answer(self, made: Callable[[], object], answered: SignalInstance) -> None:
        """Whoever asked for a check hears of its end, whatever that is."""
        try:
            answered.emit(made())
        except BackscopeError as refused:
            self.check_refused.emit(refused)
        except Exception:
            self.check_refused.emit(BackscopeError("The check could not be made"))
            raise

    @property
    def _the_session(self) -> "Session":
        if self._session is None:
            raise RuntimeError("the session could not be made: change the settings first")
        return self._session
