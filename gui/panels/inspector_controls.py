"""The row above the inspector's table: which tensor, which layer, which sample, before or after."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from gui.panels.inspector_reading import ALL, Moment, Part
from gui.panels.inspector_tensors import FOLLOWED, Kind, kind_of, name_of
from gui.theme import Theme
from gui.widgets.choice_chips import Choice, ChoiceChips
from gui.widgets.flow_layout import FlowLayout
from model.nn.operations import TensorName

_MOMENTS: Final = (
    Choice(Moment.AFTER.value, "after", "The values after the last update"),
    Choice(Moment.BEFORE.value, "before", "The values before the last update"),
    Choice(Moment.DIFFERENCE.value, "difference", "What the last update added: after − before"),
)


class InspectorControls(QWidget):
    """Chips for the tensors and what belongs to a choice; rows break where the width ends.

    `name_chosen`: another tensor or layer. `part_chosen`: another sample or moment of it.
    """

    name_chosen = Signal()
    part_chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._kinds: tuple[Kind, ...] = ()
        self.layers = QComboBox()
        self.sample = QSpinBox()
        self.moments = ChoiceChips("Side of the update", _MOMENTS, QHBoxLayout(), theme, wide=5)
        self._set_up()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.chips = self._made_chips(FOLLOWED)
        self.layers.currentIndexChanged.connect(self._on_layers_changed)
        self.sample.valueChanged.connect(self._on_sample_changed)
        self.moments.chosen.connect(self._on_moments_chosen)
        self.offer_parts(samples=0, moments=False)

    @property
    def name(self) -> TensorName:
        """The tensor that is chosen."""
        kind = self.kind
        return TensorName(kind.name, self.layers.currentIndex() + 1 if kind.layered else 0)

    @property
    def kind(self) -> Kind:
        """The chosen tensor without its layer."""
        return kind_of(name_of(self.chips.value))

    @property
    def part(self) -> Part:
        """The part that is chosen of those on offer."""
        moment = Moment(self.moments.value) if not self.moments.isHidden() else Moment.AFTER
        return Part(moment, self.sample.value() if not self.sample.isHidden() else ALL)

    def choose(self, name: TensorName) -> None:
        """Choose a tensor that is on offer and tell, where it is another."""
        if name == self.name or kind_of(name.name) not in self._kinds:
            return
        with QSignalBlocker(self.chips), QSignalBlocker(self.layers):
            self.chips.choose(kind_of(name.name).symbol)
            if 1 <= name.layer <= self.layers.count():
                self.layers.setCurrentIndex(name.layer - 1)
        self._show_layers()
        self.name_chosen.emit()

    def offer_kinds(self, kinds: tuple[Kind, ...]) -> None:
        """Let choose among these tensors; the choice stays where it can."""
        if kinds == self._kinds:
            return
        chosen, old = self.chips.value, self.chips
        self.chips = self._made_chips(kinds)
        if chosen in {kind.symbol for kind in kinds}:
            with QSignalBlocker(self.chips):
                self.chips.choose(chosen)
        old.hide()
        old.deleteLater()
        self._show_layers()

    def offer_layers(self, count: int) -> None:
        """Let choose among layers 1 … count."""
        if count == self.layers.count():
            return
        place = min(max(self.layers.currentIndex(), 0), count - 1)
        with QSignalBlocker(self.layers):
            self.layers.clear()
            self.layers.addItems([f"layer {layer}" for layer in range(1, count + 1)])
            self.layers.setCurrentIndex(place)

    def offer_parts(self, samples: int, moments: bool, shuffled: bool = False) -> None:
        """Let choose one of some samples, where there are any, and a side of the update.

        In a shuffled batch a column's number is not the sample's.
        """
        if samples:
            with QSignalBlocker(self.sample):
                self.sample.setMaximum(samples)
                self.sample.setPrefix("column " if shuffled else "sample ")
        self.sample.setVisible(samples > 1)
        self.moments.setVisible(moments)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.chips.apply_theme(theme)
        self.moments.apply_theme(theme)
        for control in (self.layers, self.sample):
            style_small(control, theme)

    def _set_up(self) -> None:
        self.layers.setToolTip("Layer whose tensor is shown")
        self.layers.setAccessibleName("Layer")
        self.sample.setMinimum(ALL)
        self.sample.setSpecialValueText("all samples")
        self.sample.setAccessibleName("Sample, or all of them")
        self.sample.setToolTip("One sample of the batch, by its column; 0 shows all samples")
        self.sample.setKeyboardTracking(False)
        self.sample.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _made_chips(self, kinds: tuple[Kind, ...]) -> ChoiceChips:
        """Chips with the other controls behind them in the same flow."""
        self._kinds = kinds
        choices = [Choice(kind.symbol, kind.symbol, kind.help) for kind in kinds]
        chips = ChoiceChips("Tensor", choices, FlowLayout(), self.theme, wide=2)
        if flow := chips.layout():
            for control in (self.layers, self.sample, self.moments):
                flow.addWidget(control)
        chips.chosen.connect(self._on_chips_chosen)
        self._column.addWidget(chips)
        return chips

    def _show_layers(self) -> None:
        self.layers.setEnabled(self.kind.layered)

    @Slot(str)
    def _on_chips_chosen(self, symbol: str) -> None:
        self._show_layers()
        self.name_chosen.emit()

    @Slot(int)
    def _on_layers_changed(self, index: int) -> None:
        self.name_chosen.emit()

    @Slot(int)
    def _on_sample_changed(self, number: int) -> None:
        self.part_chosen.emit()

    @Slot(str)
    def _on_moments_chosen(self, moment: str) -> None:
        self.part_chosen.emit()


def style_small(control: QComboBox | QSpinBox, theme: Theme) -> None:
    """The look of a control among chips."""
    control.setFont(theme.font(11.5))
    control.setStyleSheet(f"padding: 0 {theme.px(5)}px")
    control.setFixedHeight(theme.px(22))
