"""The inspector: one tensor of one layer, every element exactly, and what it is like as a whole."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.files import Question, told
from gui.panels import inspector_words as words
from gui.panels.inspector_actions import COPY, DebugActions, SmallAction
from gui.panels.inspector_controls import InspectorControls
from gui.panels.inspector_edits import is_parameter
from gui.panels.inspector_reading import Part, find, followed, is_computed
from gui.panels.inspector_sheet import InspectorSheet
from gui.panels.inspector_tensors import FOLLOWED, kinds_in, name_of
from gui.panels.inspector_words import NO_STEP, NOT_COMPUTED
from gui.panels.layer_menu import layer_menu
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.numerals import grouped
from model.analysis.expansion import Element
from model.arrays import Array
from model.files.tensors import write_tensor
from model.nn.operations import TensorName
from model.training.debug_views import TensorView
from model.training.snapshots import Snapshot

FILTERS = ("NumPy array (*.npy)", "Table of numbers (*.csv)")


class InspectorPanel(Panel):
    """A tensor as a table that follows the training, or when debugging the operations.

    `tensor_shown(name, layer)`: another tensor is in sight, by symbol, layers counted from 1.
    `tensors_wanted(names)`: what the next snapshot should carry. `element_chosen(element)`: the
    selected cell, else the one last selected in this tensor or its first, framed in the table; None
    where nothing is there. `element_pressed`: the user selected it just now.
    `pin_requested(name)`: the tensor is to stay in sight.
    `edit_requested(element, value)`: another weight or bias is wished for.
    `layer_requested(wish, layer)`: one of "zero", "redraw", "freeze" and "free". All but the first
    come only while debugging, the last two while nothing runs.
    """

    name = "inspector"
    title = "Inspector"
    keys = (
        (("←", "→", "↑", "↓"), "The next element of the table"),
        (("Ctrl+C",), "Copy the selection, or the whole tensor"),
        (("Enter",), "Change the weight or bias (Debug, paused)"),
    )

    tensor_shown = Signal(str, int)
    tensors_wanted = Signal(object)
    element_chosen = Signal(object)
    element_pressed = Signal()
    pin_requested = Signal(object)
    edit_requested = Signal(object, float)
    layer_requested = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.debugging = False
        self._snapshot: Snapshot | None = None
        self._told: Element | None = None
        self._places: dict[TensorName, Element] = {}
        self._followed: TensorName | None = None
        self._controls, self.sheet = InspectorControls(theme), InspectorSheet(theme)
        self._table, self._lines = self.sheet.table, self.sheet.lines
        self._copy, self._actions = SmallAction(COPY, theme), DebugActions(theme)
        self._lay_out()
        self._connect()
        self.apply_theme(theme)

    @property
    def shown(self) -> TensorName:
        """The tensor that is chosen, whether it exists yet or not."""
        return self._controls.name

    @property
    def array(self) -> Array | None:
        """The part of it that is in sight, (rows, columns); None where it does not exist yet."""
        return self.sheet.findings.array if self.sheet.findings is not None else None

    @property
    def wanted(self) -> tuple[TensorName, ...]:
        """What snapshots should carry for this panel."""
        return (self.shown,) if self.debugging else ()

    def head_widgets(self) -> tuple[QWidget, ...]:
        """The action that copies, and those of a debugger."""
        return (self._copy, self._actions)

    def sizeHint(self) -> QSize:
        """Room for five columns of the lab's dW[2]."""
        return QSize(self.theme.px(370), self.theme.px(280))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(140))

    def set_debugging(self, debugging: bool) -> None:
        """Offer every tensor of the iteration, or those that every snapshot carries."""
        if debugging == self.debugging:
            return
        self.debugging = debugging
        self._followed = None
        self._actions.show_actions(debugging)
        self._table.set_common_factor(debugging)
        self._lines.forget_height()
        self._controls.offer_parts(samples=0, moments=False)
        self.sheet.forget()
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)
        self.heading_changed.emit()
        self.tensors_wanted.emit(self.wanted)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session; selection and place stay while the shape does."""
        self._snapshot = snapshot
        before = self.shown
        self._controls.offer_layers(len(snapshot.layers))
        self._controls.offer_kinds(kinds_in(snapshot) if self.debugging else FOLLOWED)
        if self.shown != before:
            self._lines.forget_height()
            self._want()
        self._follow(snapshot)
        self._refresh()

    def show_tensor(self, name: str, layer: int, row: int = -1, column: int = -1) -> None:
        """Show a tensor by name (W, dW, ΔW or update_W, …) and layer from 1; select an element.

        Rows and columns count from 0; −1 stands for a whole row or column, both for no selection.
        """
        tensor = TensorName(name_of(name), layer)
        if row >= 0 and column >= 0:
            self._places[tensor] = Element(tensor, row, column)
        self._controls.choose(tensor)
        self._table.select_element(row, column)

    @Slot(object)
    def show_element(self, element: Element) -> None:
        """Show an element's tensor and select it."""
        self.show_tensor(*element.tensor, element.row, element.column)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        super().apply_theme(theme)
        for part in (self._controls, self.sheet, self._copy, self._actions):
            part.apply_theme(theme)
        if layout := self.layout():
            side = theme.px(12)
            layout.setContentsMargins(side, theme.px(2), side, theme.px(10))
            layout.setSpacing(theme.px(6))

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The tensor as a table of as many elements as there is room for, and its facts."""
        dated = self._snapshot is not None and (self.debugging or self._controls.kind.of_step)
        epoch = f"epoch {grouped(self._snapshot.epoch)}" if self._snapshot and dated else ""
        self.sheet.paint_figure(painter, area, epoch)

    def _lay_out(self) -> None:
        self._copy.setEnabled(False)
        column = QVBoxLayout(self)
        column.addWidget(self._controls)
        column.addWidget(self.sheet, 1)

    def _connect(self) -> None:
        self._controls.name_chosen.connect(self._on_controls_name_chosen)
        self._controls.part_chosen.connect(self._on_controls_part_chosen)
        self._table.element_selected.connect(self._on_table_element_selected)
        self._table.clicked.connect(self.element_pressed)
        self._table.element_edited.connect(self._on_table_element_edited)
        self._table.customContextMenuRequested.connect(self._on_table_menu_requested)
        self._copy.clicked.connect(self._table.copy)
        self._actions.save.clicked.connect(self.ask_where_to_save)
        self._actions.pin.clicked.connect(self._on_pin_clicked)
        self._actions.follow.toggled.connect(self._on_follow_toggled)

    @Slot()
    def _on_controls_name_chosen(self) -> None:
        if self._followed != self.shown:
            self._actions.follow.setChecked(False)
        self._lines.forget_height()
        self._refresh()
        name = self.shown
        self.tensor_shown.emit(self._controls.kind.symbol, name.layer)
        self._want()

    @Slot()
    def _on_controls_part_chosen(self) -> None:
        self._lines.forget_height()
        self._refresh()

    @Slot(int, int)
    def _on_table_element_selected(self, row: int, column: int) -> None:
        self._tell_element()

    @Slot(int, int, float)
    def _on_table_element_edited(self, row: int, column: int, value: float) -> None:
        self.edit_requested.emit(Element(self.shown, row, column), value)

    @Slot(QPoint)
    def _on_table_menu_requested(self, at: QPoint) -> None:
        """What can be done with the layer of a weight or a bias."""
        snapshot = self._snapshot
        if not self.debugging or snapshot is None or not is_parameter(self.shown):
            return
        menu = layer_menu(self, self.shown.layer, snapshot, self.layer_requested)
        menu.popup(self._table.viewport().mapToGlobal(at))

    @Slot(bool)
    def _on_follow_toggled(self, following: bool) -> None:
        self._followed = None
        if following and self._snapshot is not None:
            self._follow(self._snapshot)

    @Slot()
    def _on_pin_clicked(self) -> None:
        self.pin_requested.emit(self.shown)

    @Slot()
    def ask_where_to_save(self) -> QFileDialog:
        """Open the dialog that saves what is shown."""
        stem = words.file_stem(self.shown, self._part(), self.sheet.numbers)
        question = Question(f"Save {self.shown}", FILTERS, f"{stem}.npy")
        return question.ask(self.window(), self.save)

    def save(self, path: Path) -> None:
        """Write what is shown; the user is told where that cannot be done."""
        with told(self):
            if self.array is not None:
                write_tensor(path, self.array)

    def _want(self) -> None:
        if self.debugging:
            self.tensors_wanted.emit(self.wanted)

    def _part(self) -> Part:
        return self._controls.part if self.debugging else Part()

    def _follow(self, snapshot: Snapshot) -> None:
        """Choose the result of an operation as it becomes the current one."""
        if not (self.debugging and self._actions.follow.isChecked() and snapshot.operation):
            return
        result = snapshot.program[snapshot.operation - 1].result
        if result != self._followed:
            self._followed = result
            self._controls.choose(result)

    def _refresh(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        view = (find if self.debugging else followed)(snapshot, self.shown)
        if view is None:
            self._show_nothing(snapshot)
        else:
            self._show_view(snapshot, view)
        self._copy.setEnabled(view is not None)
        self._actions.save.setEnabled(view is not None)

    def _show_nothing(self, snapshot: Snapshot) -> None:
        """A tensor that nobody has computed yet, or one that is on its way here."""
        self._controls.offer_parts(samples=0, moments=False)
        self.set_subtitle(str(self.shown))
        message = NO_STEP
        if self.debugging:
            coming = is_computed(snapshot, self.shown)
            message = "" if coming else NOT_COMPUTED.format(self.shown)
        self.sheet.show_message(message)
        if message:
            self._tell_element()

    def _show_view(self, snapshot: Snapshot, view: TensorView) -> None:
        kind = self._controls.kind
        samples = view.array.shape[-1] if kind.has_samples and self.debugging else 0
        moments, shuffled = view.before is not None, view.samples is not None
        self._controls.offer_parts(samples, moments, shuffled)
        self.sheet.show_view(snapshot, view, kind, self._part(), debugging=self.debugging)
        self.set_subtitle(self.sheet.title)
        self._tell_element()

    def _tell_element(self) -> None:
        """Say which element is selected or marked, wherever it differs from what was said."""
        if not self.debugging:
            return
        element = self._element_in_sight()
        if element != self._told:
            self._told = element
            self.element_chosen.emit(element)

    def _element_in_sight(self) -> Element | None:
        """The selected element; else the last one of this tensor or its first, which is marked."""
        array, place = self.array, self._table.selected
        if array is None or not array.size:
            return None
        first = max(0, self._part().sample - 1)
        if place is None:
            known = self._places.get(self.shown, Element(self.shown, 0, first))
            row, column = known.row, known.column - first
            inside = row < array.shape[0] and 0 <= column < array.shape[1]
            place = (row, column) if inside else (0, 0)
            self._table.mark(place)
        else:
            self._table.mark(None)
        element = Element(self.shown, place[0], place[1] + first)
        self._places[self.shown] = element
        return element
