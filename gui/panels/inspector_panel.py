"""The inspector: one tensor of one layer, every element exactly, and what it is like as a whole."""

from html import escape
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.panels.inspector_figure import facts_height, fitting_figure
from gui.panels.inspector_tensors import (
    TENSORS,
    broken,
    columns_of,
    extremes,
    norms,
    subtitle,
)
from gui.panels.panel import WAITING, Panel
from gui.theme import Theme
from gui.widgets.choice_chips import Choice, ChoiceChips
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.labels import Line, paint_message
from gui.widgets.numerals import grouped
from gui.widgets.tensor_numbers import Facts, facts_of
from gui.widgets.tensor_table import TensorTable
from model.arrays import Array
from model.training.snapshots import Snapshot

NO_STEP: Final = "No step has been made yet: press Step (F10) or Run (Space)"


class InspectorPanel(Panel):
    """W, b, their gradients and their updates as a table that follows the training.

    `tensor_shown(name, layer)`: another tensor is in sight, layers counted from 1.
    """

    name = "inspector"
    title = "Inspector"
    keys = (
        (("←", "→", "↑", "↓"), "The next element of the table"),
        (("Ctrl+C",), "Copy the selection, or the whole tensor"),
    )

    tensor_shown = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._snapshot: Snapshot | None = None
        self._array: Array | None = None
        self._facts: Facts | None = None
        self._chips = ChoiceChips(
            "Tensor",
            [Choice(tensor.name, tensor.name, tensor.help) for tensor in TENSORS.values()],
            FlowLayout(),
            theme,
            wide=5,
        )
        self._layers = QComboBox()
        self._digits = QSpinBox()
        self._table = TensorTable(theme)
        self._message = QLabel(WAITING)
        self._pages = QStackedWidget()
        self._extremes = QLabel()
        self._norms = QLabel()
        self._copy = QToolButton()
        self._set_up_controls()
        self._lay_out()
        self._connect()
        self.apply_theme(theme)

    def head_widgets(self) -> tuple[QWidget, ...]:
        """The action that copies."""
        return (self._copy,)

    def sizeHint(self) -> QSize:
        """Room for five columns of the lab's dW[2]."""
        return QSize(self.theme.px(370), self.theme.px(280))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(140))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session; selection and place stay while the shape does."""
        self._snapshot = snapshot
        self._set_layer_count(len(snapshot.layers))
        self._refresh()

    def show_tensor(self, name: str, layer: int, row: int = -1, column: int = -1) -> None:
        """Show a tensor by name (W, b, dW, db, ΔW, Δb) and layer from 1, and select an element.

        Rows and columns count from 0; −1 stands for a whole row or column, both for no selection.
        """
        self._chips.choose(name)
        if 1 <= layer <= self._layers.count():
            self._layers.setCurrentIndex(layer - 1)
        self._table.select_element(row, column)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        super().apply_theme(theme)
        self._chips.apply_theme(theme)
        self._table.apply_theme(theme)
        for control in (self._layers, self._digits):
            control.setFont(theme.font(11.5))
            control.setStyleSheet(f"padding: 0 {theme.px(5)}px")
            control.setFixedHeight(theme.px(22))
        self._copy.setFont(theme.font(11.5))
        self._copy.setStyleSheet(f"padding: {theme.px(1)}px {theme.px(2)}px")
        self._message.setFont(theme.font(13))
        self._message.setStyleSheet(f"color: {theme.secondary}; padding: {theme.px(12)}px")
        for line in (self._extremes, self._norms):
            line.setFont(theme.font(11))
            line.setStyleSheet(f"color: {theme.secondary}")
        self._forget_height()
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
        facts = self._facts_in_words()
        table = area.adjusted(side, gap, -side, -facts_height(facts, self.theme))
        model = self._table.tensor
        fitting_figure(model, self._facts.largest, table, self.theme).draw(painter, facts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lines beneath the table may need more or fewer rows."""
        self._forget_height()
        self._show_facts()

    def _set_up_controls(self) -> None:
        self._layers.setToolTip("Layer whose tensor is shown")
        self._layers.setAccessibleName("Layer")
        self._digits.setRange(1, 15)
        self._digits.setValue(self._table.digits)
        self._digits.setSuffix(" digits")
        self._digits.setToolTip("Digits behind the point (a cell's tooltip and Copy are exact)")
        for part in (self._digits, self._digits.lineEdit()):
            part.setAccessibleName("Digits behind the point")
        self._table.setAccessibleName("Elements of the tensor")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._extremes.setAccessibleName("Shape, smallest, largest and mean element")
        self._norms.setAccessibleName("Norm, and elements that are not finite")
        for line in (self._extremes, self._norms):
            line.setTextFormat(Qt.TextFormat.RichText)
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            line.setWordWrap(True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy.setText("copy")
        self._copy.setToolTip("Copy the selection, or the whole tensor, with exact values (Ctrl+C)")
        self._copy.setAccessibleName("Copy the selection or the whole tensor")
        self._copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy.setEnabled(False)

    def _lay_out(self) -> None:
        controls = self._chips.layout()
        if controls is not None:
            controls.addWidget(self._layers)
        self._pages.addWidget(self._message)
        self._pages.addWidget(self._table)
        column = QVBoxLayout(self)
        column.addWidget(self._chips)
        column.addWidget(self._pages, 1)
        column.addWidget(self._extremes)
        foot = QHBoxLayout()
        foot.addWidget(self._norms, 1)
        foot.addWidget(self._digits, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._chips.chosen.connect(self._on_chips_chosen)
        self._layers.currentIndexChanged.connect(self._on_layers_changed)
        self._digits.valueChanged.connect(self._table.set_digits)
        self._copy.clicked.connect(self._table.copy)

    @Slot(str)
    def _on_chips_chosen(self, name: str) -> None:
        self._show_another()

    @Slot(int)
    def _on_layers_changed(self, index: int) -> None:
        self._show_another()

    def _show_another(self) -> None:
        self._forget_height()
        self._refresh()
        self.tensor_shown.emit(self._chips.value, self._layers.currentIndex() + 1)

    def _set_layer_count(self, count: int) -> None:
        if count == self._layers.count():
            return
        place = min(max(self._layers.currentIndex(), 0), count - 1)
        self._layers.blockSignals(True)
        self._layers.clear()
        self._layers.addItems([f"layer {layer}" for layer in range(1, count + 1)])
        self._layers.setCurrentIndex(place)
        self._layers.blockSignals(False)
        self._forget_height()

    def _refresh(self) -> None:
        snapshot, index = self._snapshot, self._layers.currentIndex()
        if snapshot is None or index < 0:
            return
        tensor, layer = TENSORS[self._chips.value], index + 1
        array = tensor.read(snapshot.layers[index])
        self.set_subtitle(subtitle(tensor, layer, array, snapshot))
        self._copy.setEnabled(array is not None)
        if array is None:
            self._array = self._facts = None
            self._message.setText(NO_STEP)
        else:
            if array is not self._array or self._facts is None:
                self._array, self._facts = array, facts_of(array)
            title = f"{tensor.name}[{layer}]"
            columns = columns_of(tensor, layer)
            self._table.show_array(array, self._facts.largest, title, columns)
        self._pages.setCurrentWidget(self._message if array is None else self._table)
        self._show_facts()

    def _show_facts(self) -> None:
        self._digits.setVisible(self._array is not None)
        if self._snapshot is None or self._array is None or self._facts is None:
            self._extremes.clear()
            self._norms.clear()
            return
        view = self._snapshot.layers[self._layers.currentIndex()]
        tensor = TENSORS[self._chips.value]
        self._extremes.setText(_line(extremes(self._array, self._facts)))
        text = _line(norms(tensor, self._facts, view))
        if warning := broken(self._facts):
            text += f'<br><b style="color:{self.theme.failure}">{_line([warning])}</b>'
        self._norms.setText(text)
        self._keep_height()

    def _facts_in_words(self) -> list[Line]:
        """The lines beneath the table as plain text."""
        assert self._snapshot is not None
        assert self._array is not None
        assert self._facts is not None
        view, tensor = (
            self._snapshot.layers[self._layers.currentIndex()],
            TENSORS[self._chips.value],
        )
        epoch = [f"epoch {grouped(self._snapshot.epoch)}"] if tensor.of_step else []
        rows = ([*epoch, *extremes(self._array, self._facts)], norms(tensor, self._facts, view))
        lines: list[Line] = [("   ".join(items), "secondary") for items in rows]
        warning = broken(self._facts)
        return [*lines, (warning, "failure")] if warning else lines

    def _keep_height(self) -> None:
        """The lines never give height back while numbers change: the table must not jump."""
        for line in (self._extremes, self._norms):
            wanted = line.heightForWidth(line.width())
            if wanted > line.minimumHeight():
                line.setMinimumHeight(wanted)

    def _forget_height(self) -> None:
        for line in (self._extremes, self._norms):
            line.setMinimumHeight(0)


def _line(items: list[str]) -> str:
    """Items that may stand on several lines, but are not divided themselves."""
    return "&nbsp; ".join(escape(item).replace(" ", "&nbsp;") for item in items)
