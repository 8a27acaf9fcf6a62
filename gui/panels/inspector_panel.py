"""The inspector: one tensor of one layer, every element exactly, and what it is like as a whole."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gui.files import Question, told
from gui.panels import inspector_words as words
from gui.panels.inspector_actions import COPY, DebugActions, SmallAction
from gui.panels.inspector_controls import InspectorControls
from gui.panels.inspector_edits import is_parameter, permission
from gui.panels.inspector_facts import InspectorFacts
from gui.panels.inspector_figure import facts_height, fitting_figure
from gui.panels.inspector_reading import Cut, Moment, Part, find, followed, is_computed
from gui.panels.inspector_tensors import FOLLOWED, kinds_in, name_of
from gui.panels.inspector_words import NO_STEP, NOT_COMPUTED
from gui.panels.layer_menu import layer_menu
from gui.panels.panel import WAITING, Panel
from gui.theme import Theme
from gui.widgets.editable_table import EditableTable
from gui.widgets.histogram import Bins, bins_of
from gui.widgets.labels import Line, paint_message
from gui.widgets.numerals import grouped, with_groups
from gui.widgets.tensor_numbers import Facts, facts_of
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
    `tensors_wanted(names)`: what the next snapshot should carry. `element_chosen(element)`: a cell
    is selected. `pin_requested(name)`: the tensor is to stay in sight.
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
    pin_requested = Signal(object)
    edit_requested = Signal(object, float)
    layer_requested = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.debugging = False
        self._snapshot: Snapshot | None = None
        self._array: Array | None = None
        self._facts: Facts | None = None
        self._bins: Bins | None = None
        self._pace: list[str] = []
        self._time = ""
        self._cut = Cut()
        self._told: Element | None = None
        self._followed: TensorName | None = None
        self._controls = InspectorControls(theme)
        self._table = EditableTable(theme)
        self._lines = InspectorFacts(theme, self._table.digits)
        self._message = QLabel(WAITING)
        self._pages = QStackedWidget()
        self._copy, self._actions = SmallAction(COPY, theme), DebugActions(theme)
        self._lay_out()
        self._connect()
        self.apply_theme(theme)

    @property
    def shown(self) -> TensorName:
        """The tensor that is chosen, whether it exists yet or not."""
        return self._controls.name

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
        self._forget_array()
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
        self._controls.choose(TensorName(name_of(name), layer))
        self._table.select_element(row, column)

    @Slot(object)
    def show_element(self, element: Element) -> None:
        """Show an element's tensor and select it."""
        self.show_tensor(*element.tensor, element.row, element.column)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        super().apply_theme(theme)
        for part in (self._controls, self._table, self._lines, self._copy, self._actions):
            part.apply_theme(theme)
        self._message.setFont(theme.font(13))
        self._message.setStyleSheet(f"color: {theme.secondary}; padding: {theme.px(12)}px")
        if layout := self.layout():
            side, gap = theme.px(12), theme.px(6)
            layout.setContentsMargins(side, theme.px(2), side, theme.px(10))
            layout.setSpacing(gap)
        self._show_facts()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The tensor as a table of as many elements as there is room for, and its facts."""
        if self._array is None or self._facts is None:
            paint_message(painter, self._message.text(), area, self.theme)
            return
        side, gap = self.theme.px(8), self.theme.px(4)
        facts = self._facts_in_words(self._array, self._facts)
        table = area.adjusted(side, gap, -side, -facts_height(facts, self.theme))
        model = self._table.tensor
        fitting_figure(model, self._facts.largest, table, self.theme).draw(painter, facts)

    def _lay_out(self) -> None:
        digits = self._lines.digits
        digits.lineEdit().setAccessibleName(digits.accessibleName())
        self._table.setAccessibleName("Elements of the tensor")
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._copy.setEnabled(False)
        self._pages.addWidget(self._message)
        self._pages.addWidget(self._table)
        column = QVBoxLayout(self)
        column.addWidget(self._controls)
        column.addWidget(self._pages, 1)
        column.addWidget(self._lines)

    def _connect(self) -> None:
        self._controls.name_chosen.connect(self._on_controls_name_chosen)
        self._controls.part_chosen.connect(self._on_controls_part_chosen)
        self._lines.digits_changed.connect(self._table.set_digits)
        self._table.element_selected.connect(self._on_table_element_selected)
        self._table.element_edited.connect(self._on_table_element_edited)
        self._table.customContextMenuRequested.connect(self._on_table_menu_requested)
        self._copy.clicked.connect(self._table.copy)
        self._actions.save.clicked.connect(self._on_save_clicked)
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
    def _on_save_clicked(self) -> None:
        self.ask_where_to_save()

    def ask_where_to_save(self) -> QFileDialog:
        """Open the dialog that saves what is shown."""
        question = Question(f"Save {self.shown}", FILTERS, f"{self._file_stem()}.npy")
        return question.ask(self.window(), self.save)

    def save(self, path: Path) -> None:
        """Write what is shown; the user is told where that cannot be done."""
        with told(self):
            if self._array is not None:
                write_tensor(path, self._array)

    def _file_stem(self) -> str:
        """dW2, or dZ1-sample17."""
        name, part = self.shown, self._part()
        after = "" if part.moment is Moment.AFTER else f"-{part.moment.value}"
        sample = f"-sample{part.sample}" if part.sample else ""
        return f"{name.name}{name.layer or ''}{after}{sample}"

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
        find_in = find if self.debugging else followed
        view = find_in(snapshot, self.shown)
        if view is None:
            self._show_nothing(snapshot)
        else:
            self._show_view(snapshot, view)
        self._copy.setEnabled(view is not None)
        self._actions.save.setEnabled(view is not None)
        self._show_facts()

    def _show_nothing(self, snapshot: Snapshot) -> None:
        """A tensor that nobody has computed yet, or one that is on its way here."""
        self._forget_array()
        self.set_subtitle(str(self.shown))
        if not self.debugging:
            self._message.setText(NO_STEP)
        else:
            coming = is_computed(snapshot, self.shown)
            self._message.setText("" if coming else NOT_COMPUTED.format(self.shown))
        self._pages.setCurrentWidget(self._message)

    def _show_view(self, snapshot: Snapshot, view: TensorView) -> None:
        kind = self._controls.kind
        samples = view.array.shape[-1] if kind.has_samples and self.debugging else 0
        self._controls.offer_parts(samples, moments=view.before is not None)
        part = self._part()
        array = self._cut.of(view, part)
        if array is not self._array or self._facts is None:
            self._learn(snapshot, array)
        columns = kind.columns(view.name.layer, part.sample or 1)
        largest = self._facts.largest if self._facts else 0.0
        self._table.show_array(array, largest, str(view.name), columns, kind.rows)
        self._show_permission(snapshot, part)
        self.set_subtitle(self._subtitle_of(snapshot, view, part, array))
        self._pages.setCurrentWidget(self._table)
        self._tell_element()

    def _show_permission(self, snapshot: Snapshot, part: Part) -> None:
        """Let the elements be changed, or say why not."""
        if self.debugging:
            self._table.set_editing(*permission(snapshot, self.shown, part))
        else:
            self._table.set_editing(False)

    def _learn(self, snapshot: Snapshot, array: Array) -> None:
        """Look at every element, once an array."""
        self._array, self._facts = array, facts_of(array)
        self._bins = bins_of(array, self._facts) if self.debugging else None
        layered = 1 <= self.shown.layer <= len(snapshot.layers)
        if layered and snapshot.operation == 0:
            layer = snapshot.layers[self.shown.layer - 1]
            self._pace = words.pace(self._controls.kind, layer)
        else:
            self._pace = []

    def _forget_array(self) -> None:
        self._array = self._facts = self._bins = None
        self._table.close_editor()
        self._controls.offer_parts(samples=0, moments=False)

    def _subtitle_of(self, snapshot: Snapshot, view: TensorView, part: Part, array: Array) -> str:
        kind = self._controls.kind
        if self.debugging:
            time = words.time_of(view, kind, snapshot, part.moment)
        else:
            time = words.followed_time(kind, snapshot)
        self._time = with_groups(time)
        parts = (str(view.name), words.shape_text(array), words.part_words(part), self._time)
        return " · ".join(filter(None, parts))

    def _tell_element(self) -> None:
        """Say which element is selected, wherever it differs from what was said."""
        place = self._table.selected
        if not self.debugging or place is None or self._array is None:
            return
        row, column = place
        element = Element(self.shown, row, column + max(0, self._part().sample - 1))
        if element != self._told:
            self._told = element
            self.element_chosen.emit(element)

    def _show_facts(self) -> None:
        if self._array is None or self._facts is None:
            self._lines.clear()
            return
        items, norms, broken = map(words.line, self._rows_of_facts(self._array, self._facts))
        self._lines.show_facts(items, norms, broken, self._bins)

    def _rows_of_facts(self, array: Array, facts: Facts) -> tuple[list[str], list[str], list[str]]:
        """The range, the norms, and what is not finite; an item may be empty."""
        symbol = self._controls.kind.symbol
        items, broken = words.extremes(array, facts), [words.broken(facts)]
        if not self.debugging:
            return items, [words.norm(symbol, facts), *self._pace], broken
        items[0] = self._time
        broken.append(words.first_broken(facts, self.shown))
        return items, words.spread(symbol, facts) + self._pace, broken

    def _facts_in_words(self, array: Array, facts: Facts) -> list[Line]:
        """The lines beneath the table as plain text, with what only the panel around it says."""
        items, norms, broken = self._rows_of_facts(array, facts)
        if self._snapshot is not None and (self.debugging or self._controls.kind.of_step):
            items.insert(0, f"epoch {grouped(self._snapshot.epoch)}")
        if factor := self._table.tensor.style.factor:
            items.append(f"numbers in the table {factor}")
        rows = ((items, "secondary"), (norms, "secondary"), (broken, "failure"))
        lines = [("   ".join(filter(None, row)), role) for row, role in rows]
        return [line for line in lines if line[0]]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lines beneath the table may need more or fewer rows."""
        self._lines.forget_height()
        self._show_facts()
