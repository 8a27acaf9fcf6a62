"""Where the iteration is: its operations like source lines, done, current and to come."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panels.operations_list import OperationsList
from gui.panels.operations_rows import listed_iteration, place_of, rows_of
from gui.panels.panel import LegendEntry, Mark, Panel
from gui.theme import Theme
from gui.widgets.numerals import grouped
from model.training.snapshots import Snapshot

Moment = tuple[int, int, int, int]


class OperationsPanel(Panel):
    """The operations of an iteration by phase and layer, with breakpoints.

    `run_to_requested` carries how many operations are to be done: of the iteration under way, or
    between two iterations of the next one (all of them: the iteration is complete).
    `operation_chosen` and `breakpoint_toggled` carry an operation's index.
    """

    name = "operations"
    title = "Operations"
    keys = (
        (("↑", "↓"), "The operation before or after"),
        (("Enter",), "Run until it is done, or look at it where it is"),
        (("F9",), "Set or remove a breakpoint on it"),
    )

    run_to_requested = Signal(int)
    operation_chosen = Signal(int)
    breakpoint_toggled = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._snapshot: Snapshot | None = None
        self._moment: Moment | None = None
        self._opened = False
        self.list = OperationsList(theme)
        self.list.run_to_requested.connect(self._on_list_run_to_requested)
        self.list.operation_chosen.connect(self.operation_chosen)
        self.list.breakpoint_toggled.connect(self.breakpoint_toggled)
        self.list.fold_toggled.connect(self._on_list_fold_toggled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        self.setFocusProxy(self.list)
        self.apply_theme(theme)

    @property
    def heading(self) -> str:
        """Which iteration is listed, by the number of updates before it."""
        if self._snapshot is None:
            return self.title
        return f"Iteration {grouped(listed_iteration(self._snapshot))}"

    def legend(self) -> tuple[LegendEntry, ...]:
        """How many breakpoints there are, conditions among them."""
        breakpoints = self._snapshot.breakpoints if self._snapshot else ()
        if not breakpoints:
            return ()
        count = len(breakpoints)
        text = "1 breakpoint" if count == 1 else f"{count} breakpoints"
        mark = Mark.DISC if any(b.enabled for b in breakpoints) else Mark.RING
        return (LegendEntry(mark, "failure", text),)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        moment = (snapshot.generation, snapshot.branch, snapshot.iteration, snapshot.operation)
        moved, self._moment = moment != self._moment, moment
        head = self.heading, self.legend()
        self._snapshot = snapshot
        rows = rows_of(snapshot, self._opened)
        self.list.show_rows(rows, place_of(snapshot) if moved else None)
        self.set_subtitle(_subtitle(snapshot))
        if head != (self.heading, self.legend()):
            self.heading_changed.emit()

    def toggle_breakpoint(self) -> bool:
        """A breakpoint at the line under the cursor, or none; False where no line is chosen."""
        row = self.list.row_under_cursor()
        self.list.toggle_stop(row)
        return row is not None

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.list.apply_theme(theme)

    def sizeHint(self) -> QSize:
        """Room for a formula of the lab with its shape."""
        return QSize(self.theme.px(300), self.theme.px(400))

    @Slot(int)
    def _on_list_run_to_requested(self, operation: int) -> None:
        self.run_to_requested.emit(operation + 1)

    @Slot()
    def _on_list_fold_toggled(self) -> None:
        self._opened = not self._opened
        if self._snapshot is not None:
            self.list.show_rows(rows_of(self._snapshot, self._opened), None)


def _subtitle(snapshot: Snapshot) -> str:
    if not snapshot.program:
        return ""
    return " · ".join(filter(None, (_place(snapshot), _reason(snapshot))))


def _place(snapshot: Snapshot) -> str:
    """Between two iterations all lines belong to the step that led here, or that broke."""
    if snapshot.operation:
        last = snapshot.operation == len(snapshot.program)
        return f"operation {snapshot.operation} of {len(snapshot.program)}{' · the last' * last}"
    listed = listed_iteration(snapshot)
    step = f"step {listed} → {listed + 1}"
    if snapshot.diagnosis is not None:
        return f"{step} broke at {snapshot.diagnosis.operation.result} and was taken back"
    if not snapshot.iteration:
        return "nothing computed yet"
    return f"complete · {step}"


def _reason(snapshot: Snapshot) -> str:
    """Which breakpoint stopped the run, and the value that met its condition."""
    if snapshot.hit is None:
        return ""
    value = f" ({snapshot.hit.value})" if snapshot.hit.value else ""
    return f"stopped: {snapshot.hit.text}{value}"
