"""Which two weights span a surface: a tensor with unit and input, once for each axis."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from gui.theme import Theme
from gui.widgets.flow_layout import FlowLayout
from model.nn.operations import TensorName
from model.training.snapshots import Snapshot

Place = tuple[TensorName, int, int]
Shapes = Mapping[TensorName, tuple[int, int]]


class ElementField(QWidget):
    """One element of W or b of any layer; numbers count from 1 on the screen, from 0 elsewhere.

    `changed` follows every choice of the user.
    """

    changed = Signal()

    def __init__(self, axis: str, place: Place, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._shapes: dict[TensorName, tuple[int, int]] = {}
        self._tensors: list[TensorName] = []
        self._axis, self._from = QLabel(axis, self), QLabel("←", self)
        self.tensor, self.unit, self.input = QComboBox(self), QSpinBox(self), QSpinBox(self)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        named = ((self.tensor, "tensor"), (self.unit, "unit"), (self.input, "where from"))
        for widget, what in named:
            widget.setAccessibleName(f"{axis} axis: {what}")
            widget.setToolTip(f"The {what} of the weight along the {axis} axis; ↑ ↓ change it")
        for part in self._parts:
            row.addWidget(part)
        for field in (self.unit, self.input):
            field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
            field.setMinimum(1)
            field.setMaximum(10_000)
            field.setKeyboardTracking(False)
        self.show_place(place)
        self.tensor.activated.connect(self._on_tensor_activated)
        self.unit.valueChanged.connect(self._on_value_changed)
        self.input.valueChanged.connect(self._on_value_changed)
        self.apply_theme(theme)

    @property
    def _parts(self) -> tuple[QWidget, ...]:
        return self._axis, self.tensor, self.unit, self._from, self.input

    @property
    def place(self) -> Place:
        """The chosen element; a bias has one column."""
        tensor = self._tensor()
        column = 0 if tensor.name == "b" else self.input.value() - 1
        return tensor, self.unit.value() - 1, column

    def show_place(self, place: Place) -> None:
        """Show an element as the chosen one; nobody is told."""
        tensor, row, column = place
        if tensor not in self._tensors:
            self._add(tensor)
        self.tensor.setCurrentIndex(self._tensors.index(tensor))
        for field, value in ((self.unit, row), (self.input, column)):
            field.blockSignals(True)
            field.setValue(value + 1)
            field.blockSignals(False)
        self._limit()

    def set_shapes(self, shapes: Shapes) -> None:
        """What there is to choose from; an element that is not there gives way to the nearest."""
        if dict(shapes) == self._shapes:
            return
        place = self.place
        self._shapes = dict(shapes)
        self._tensors = []
        self.tensor.clear()
        for tensor in shapes:
            self._add(tensor)
        first = next(iter(shapes))
        self.show_place(place if place[0] in shapes else (first, *place[1:]))

    def apply_theme(self, theme: Theme) -> None:
        """Take on another scale."""
        self._row.setSpacing(theme.px(4))
        for part in self._parts:
            part.setFont(theme.font(11.5))
        for field in (self.tensor, self.unit, self.input):
            field.setFixedHeight(theme.px(24))
        for number in (self.unit, self.input):
            number.setFixedWidth(theme.px(36))
        self.tensor.setFixedWidth(theme.px(66))
        # The sheet's own padding would leave no room for the text.
        self.setStyleSheet(f"QComboBox, QSpinBox {{ padding: 0 0 0 {theme.px(5)}px; }}")
        for label in (self._axis, self._from):
            label.setStyleSheet(f"color: {theme.secondary};")

    def _tensor(self) -> TensorName:
        return self._tensors[self.tensor.currentIndex()]

    def _add(self, tensor: TensorName) -> None:
        self._tensors.append(tensor)
        self.tensor.addItem(str(tensor))

    def _limit(self) -> None:
        tensor = self._tensor()
        rows, columns = self._shapes.get(tensor, (10_000, 10_000))
        for field, most in ((self.unit, rows), (self.input, columns)):
            field.blockSignals(True)
            field.setMaximum(most)
            field.blockSignals(False)
        for widget in (self._from, self.input):
            widget.setVisible(tensor.name != "b")

    @Slot()
    def _on_tensor_activated(self) -> None:
        self._limit()
        self.changed.emit()

    @Slot()
    def _on_value_changed(self) -> None:
        self.changed.emit()


class ElementFields(QWidget):
    """Both elements, below each other where the panel is narrow."""

    changed = Signal()

    def __init__(self, first: Place, second: Place, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.first = ElementField("x", first, theme, self)
        self.second = ElementField("y", second, theme, self)
        self._flow = FlowLayout(self)
        for field in (self.first, self.second):
            self._flow.addWidget(field)
            field.changed.connect(self.changed)
        self.apply_theme(theme)

    def set_shapes(self, shapes: Shapes) -> None:
        """What there is to choose from."""
        self.first.set_shapes(shapes)
        self.second.set_shapes(shapes)

    def apply_theme(self, theme: Theme) -> None:
        """Take on another scale."""
        self._flow.setSpacing(theme.px(8))
        for field in (self.first, self.second):
            field.apply_theme(theme)


def shapes_of(snapshot: Snapshot) -> dict[TensorName, tuple[int, int]]:
    """Every W and b of the network with its shape."""
    found = {}
    for l, layer in enumerate(snapshot.layers, start=1):
        found[TensorName("W", l)] = (layer.W.shape[0], layer.W.shape[1])
        found[TensorName("b", l)] = (layer.b.shape[0], 1)
    return found
