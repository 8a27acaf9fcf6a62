"""The Debug view: its panels, what they wish of the session, and what they want to see of it."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from gui.last_operation import LastOperation
from gui.main_window import MainWindow
from gui.panels.breakpoints_panel import BreakpointsPanel
from gui.panels.check_panel import CheckPanel
from gui.panels.formula_panel import FormulaPanel
from gui.panels.health_panel import HealthPanel
from gui.panels.inspector_panel import InspectorPanel
from gui.panels.network_focus import part_of
from gui.panels.network_panel import NetworkPanel
from gui.panels.operations_panel import OperationsPanel
from gui.panels.panel import Panel
from gui.panels.pinned_panel import PinnedPanel
from gui.panels.surface_panel import SurfacePanel
from gui.panels.taylor_panel import TaylorPanel
from gui.panels.time_panel import TimePanel
from gui.run_until import RunUntil
from gui.widgets.arrangements import DEBUG
from gui.widgets.diagnosis_card import DiagnosisCard
from model.analysis.expansion import Element
from model.nn.operations import Operation, TensorName
from model.training.conditions import Condition
from model.training.snapshots import Snapshot, View


class Debugger(QObject):
    """Made when the Debug view is first opened, so that a start does not wait for it.

    `command_requested` carries the name and the arguments of one of the worker's `DEBUGGING`
    commands; `view_changed` says that `view` asks for something else.
    """

    command_requested = Signal(str, object)
    view_changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        theme = window.theme
        self._window = window
        self._snapshot: Snapshot | None = None
        self._element: Element | None = None
        self._last, self._until = LastOperation(), RunUntil()
        self.operations, self.time = OperationsPanel(theme), TimePanel(theme)
        self.network, self.inspector = NetworkPanel(theme), InspectorPanel(theme)
        self.formula, self.pinned = FormulaPanel(theme), PinnedPanel(theme)
        self.breakpoints, self.diagnosis = BreakpointsPanel(theme), DiagnosisCard(theme)
        self.check, self.health = CheckPanel(theme), HealthPanel(theme)
        self.taylor, self.surface = TaylorPanel(theme), SurfacePanel(theme)
        for panel in (self.network, self.inspector):
            panel.set_debugging(True)
        window.add_view("debug", DEBUG, self.panels, self.diagnosis)
        window.theme_changed.connect(self.diagnosis.apply_theme)
        self._connect()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels of the view, the list of operations first."""
        return (
            self.operations,
            self.network,
            self.inspector,
            self.formula,
            self.pinned,
            self.breakpoints,
            self.check,
            self.health,
            self.taylor,
            self.surface,
            self.time,
        )

    def view(self, view: View) -> View:
        """`view` with the tensors and the element that the panels want to see."""
        made = self._made
        now = () if made is None else (made.result, *made.operands)
        wanted = (*self.inspector.wanted, *self.pinned.wanted, *now, TensorName("J"))
        return replace(view, tensors=tuple(dict.fromkeys(wanted)), element=self._element)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take note of a state; the panels are told by the controller."""
        before = self._made
        self._last.follow(snapshot)
        self._snapshot = self._last.seen(snapshot)
        self.diagnosis.show_diagnosis(snapshot.diagnosis)
        if self._made != before:
            self.view_changed.emit()
        if (number := self._until.over(snapshot)) is not None:
            self._ask("remove_breakpoint", number)

    def seen_by(self, panel: Panel, snapshot: Snapshot) -> Snapshot:
        """What a panel is to show: those about operations keep the last one of an iteration."""
        own = (self.operations, self.network, self.inspector, self.formula, self.pinned)
        return self._last.seen(snapshot) if panel in own else snapshot

    def run_until(self) -> None:
        """Let the user choose what the next run is to stop at."""
        self._window.show_panel("breakpoints")
        self.breakpoints.open_until()

    @property
    def _made(self) -> Operation | None:
        """The operation that was done last."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.program:
            return None
        return snapshot.program[snapshot.operation - 1]

    def _connect(self) -> None:
        for signal, slot in (
            (self.operations.run_to_requested, self._on_operations_run_to_requested),
            (self.operations.operation_chosen, self._on_operations_operation_chosen),
            (self.operations.breakpoint_toggled, self._on_operations_breakpoint_toggled),
            (self.time.epoch_requested, self._on_time_epoch_requested),
            (self.time.branch_chosen, self._on_time_branch_chosen),
            (self.time.branch_deleted, self._on_time_branch_deleted),
            (self.inspector.tensors_wanted, self._on_panel_tensors_wanted),
            (self.pinned.tensors_wanted, self._on_panel_tensors_wanted),
            (self.inspector.element_chosen, self._on_panel_element_chosen),
            (self.inspector.element_pressed, self._bring_formula),
            (self.pinned.element_chosen, self._on_panel_element_chosen),
            (self.pinned.element_chosen, self._bring_formula),
            (self.network.element_requested, self._bring_formula),
            (self.inspector.pin_requested, self.pinned.pin),
            (self.network.tensor_requested, self.inspector.show_tensor),
            (self.network.element_requested, self._on_panel_element_requested),
            (self.formula.element_requested, self._on_panel_element_requested),
            (self.inspector.edit_requested, self._on_panel_edit_requested),
            (self.inspector.layer_requested, self._on_panel_layer_requested),
            (self.network.edit_requested, self._on_panel_edit_requested),
            (self.network.layer_requested, self._on_panel_layer_requested),
            (self.breakpoints.add_requested, self._on_breakpoints_add_requested),
            (self.breakpoints.until_requested, self._on_breakpoints_until_requested),
            (self.breakpoints.enabled_requested, self._on_breakpoints_enabled_requested),
            (self.breakpoints.delete_requested, self._on_breakpoints_delete_requested),
            (self.diagnosis.good_state_requested, self._on_diagnosis_good_state_requested),
            (self.diagnosis.show_requested, self._on_diagnosis_show_requested),
        ):
            signal.connect(slot)

    def _ask(self, name: str, *arguments: object) -> None:
        self.command_requested.emit(name, arguments)

    @Slot(int)
    def _on_operations_run_to_requested(self, done: int) -> None:
        """`done` operations of the iteration under way, or of the next between two."""
        if self._snapshot is not None:
            iteration = self._snapshot.iteration
            whole = done >= len(self._snapshot.program)
            self._ask("go_to", *((iteration + 1, 0) if whole else (iteration, done)))

    @Slot(int)
    def _on_operations_operation_chosen(self, index: int) -> None:
        if self._snapshot is not None:
            result = self._snapshot.program[index].result
            self.inspector.show_tensor(result.name, result.layer)

    @Slot(int)
    def _on_operations_breakpoint_toggled(self, index: int) -> None:
        self._ask("toggle_breakpoint", index)

    @Slot(int)
    def _on_time_epoch_requested(self, epoch: int) -> None:
        self._ask("go_to_epoch", epoch)

    @Slot(int)
    def _on_time_branch_chosen(self, number: int) -> None:
        self._ask("choose_branch", number)

    @Slot(int)
    def _on_time_branch_deleted(self, number: int) -> None:
        self._ask("delete_branch", number)

    @Slot(object)
    def _on_panel_tensors_wanted(self, names: tuple[TensorName, ...]) -> None:
        self.view_changed.emit()

    @Slot(object)
    def _on_panel_element_chosen(self, element: Element | None) -> None:
        self._element = element
        layers = len(self._snapshot.layers) if self._snapshot is not None else 0
        self.network.mark(part_of(element, layers) if element is not None else None)
        self.view_changed.emit()

    @Slot()
    def _bring_formula(self) -> None:
        """The numbers of what was chosen come out from behind, unless they would hide it."""
        docks = self._window.hosts["debug"].docks
        formula = docks["formula"]
        chosen = docks["inspector"], docks["pinned"]
        behind = self._window.hosts["debug"].tabifiedDockWidgets(formula)
        if not formula.isHidden() and not any(dock in behind for dock in chosen):
            formula.raise_()

    @Slot(object)
    def _on_panel_element_requested(self, element: Element) -> None:
        self.inspector.show_element(element)
        self._on_panel_element_chosen(element)

    @Slot(object, float)
    def _on_panel_edit_requested(self, element: Element, value: float) -> None:
        self._ask("set_element", *element, value)

    @Slot(str, int)
    def _on_panel_layer_requested(self, wish: str, layer: int) -> None:
        self._ask("change_layer", wish, layer)

    @Slot(object)
    def _on_breakpoints_add_requested(self, condition: Condition) -> None:
        self._ask("add_breakpoint", condition)

    @Slot(object)
    def _on_breakpoints_until_requested(self, condition: Condition) -> None:
        self._until.begin(self._snapshot)
        self._ask("add_breakpoint", condition)
        self._ask("begin")

    @Slot(int, bool)
    def _on_breakpoints_enabled_requested(self, number: int, enabled: bool) -> None:
        self._ask("enable_breakpoint", number, enabled)

    @Slot(int)
    def _on_breakpoints_delete_requested(self, number: int) -> None:
        self._ask("remove_breakpoint", number)

    @Slot(int)
    def _on_diagnosis_good_state_requested(self, iteration: int) -> None:
        self._ask("go_to", iteration)

    @Slot(object)
    def _on_diagnosis_show_requested(self, element: Element) -> None:
        """Walk to the operation that made it, and look at the element."""
        if self._snapshot is not None and self._snapshot.diagnosis is not None:
            done = self._snapshot.diagnosis.operation.index + 1
            # The whole iteration would be taken back again: before its end it stands to be read.
            last = len(self._snapshot.program) - 1
            self._ask("go_to", self._snapshot.iteration, min(done, last))
        self._on_panel_element_requested(element)
        self._bring_formula()
