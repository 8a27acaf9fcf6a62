"""The hidden layers, one row each, and the output: rows come and go with the layers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.fields.form_button import FormButton
from gui.widgets.fields.form_row import FormRow
from gui.widgets.fields.layer_field import LayerField
from gui.widgets.fields.small_button import SmallButton
from model.limits import Kind, Limits
from model.settings_fields import FieldDescription

LAYERS, ACTIVATION, OUTPUT = "network.layers", "network.activation", "network.output_activation"


class _LayerRow(FormRow):
    """One hidden layer with the button that removes it."""

    def __init__(
        self,
        number: int,
        descriptions: Mapping[str, FieldDescription],
        theme: Theme,
        parent: QWidget,
    ) -> None:
        layers = descriptions[LAYERS]
        units = replace(layers, kind=Kind.WHOLE, step=1.0, bounds=Limits(minimum=1))
        field = LayerField(units, descriptions[ACTIVATION].choices, theme)
        title = f"Layer {number}"
        self.remove = SmallButton(theme, "✕")
        super().__init__(layers, field, theme, parent, title=title, action=self.remove)
        self.remove.setAccessibleName(f"Remove layer {number}")
        for part, word in ((field.units, "units"), (field.activation, "activation")):
            part.setToolTip(f"{word.capitalize()} of layer {number}.")
            part.setAccessibleName(f"{title}: {word}")

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.remove.apply_theme(theme)


class LayerRows(QWidget):
    """The fields `LAYERS`, `ACTIVATION` and `OUTPUT` as one list; `entered` as of a form's row."""

    paths = (LAYERS, ACTIVATION, OUTPUT)
    entered = Signal(object, object)

    def __init__(
        self,
        descriptions: Mapping[str, FieldDescription],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._descriptions = dict(descriptions)
        self._units: tuple[int, ...] = ()
        self._activations: tuple[str, ...] = ()
        self.rows: list[_LayerRow] = []
        self.add_button = FormButton("Add layer", theme, self)
        self.add_button.clicked.connect(self._on_add_clicked)
        output = self._descriptions[OUTPUT]
        field = ChoiceField(output.choices, theme, prefix="1 \N{MIDDLE DOT} ")
        self.output = FormRow(output, field, theme, self, title="Output")
        self.output.entered.connect(self.entered)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignRight)
        self._column.addWidget(self.output)
        self.apply_theme(theme)

    def show_values(self, values: Mapping[str, Any], *, force: bool = False) -> None:
        """Show the layers of valid settings."""
        self._units = tuple(values[LAYERS])
        activation = values[ACTIVATION]
        hidden = (activation,) * len(self._units) if isinstance(activation, str) else activation
        self._activations = tuple(hidden)
        self._make_rows(len(self._units))
        for row, value in zip(self.rows, self._layers(), strict=True):
            row.show_value(value, force=force)
        self.output.show_value(values[OUTPUT], force=force)
        self._enable()

    def row_for(self, path: str) -> FormRow:
        """Where an error of this setting is shown."""
        return self.output if path == OUTPUT else self.rows[-1]

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        for row in (*self.rows, self.output):
            row.apply_theme(theme)
        self.add_button.apply_theme(theme)
        self._column.setSpacing(theme.px(4))

    def _layers(self) -> list[tuple[int, str]]:
        return list(zip(self._units, self._activations, strict=True))

    def _make_rows(self, count: int) -> None:
        """Add or drop rows at the end; the others keep their fields."""
        while len(self.rows) > count:
            row = self.rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < count:
            row = _LayerRow(len(self.rows) + 1, self._descriptions, self.theme, self)
            row.remove.clicked.connect(self._on_remove_clicked)
            row.entered.connect(self._on_row_entered)
            self._column.insertWidget(len(self.rows), row)
            self.rows.append(row)

    def tab_chain(self) -> list[QWidget]:
        """The fields and buttons from the top to the bottom."""
        chain: list[QWidget] = []
        for row in self.rows:
            chain += [row.remove, row.field.units, row.field.activation]
        return [*chain, self.add_button, self.output.field]

    def _enable(self) -> None:
        bounds = self._descriptions[LAYERS].bounds
        most, least = int(bounds.maximum or 10**6), int(bounds.minimum or 0)
        can_add, can_remove = len(self.rows) < most, len(self.rows) > least
        self.add_button.setEnabled(can_add)
        self.add_button.setToolTip(
            "A hidden layer before the output, like the last one."
            if can_add
            else f"There are at most {most} hidden layers."
        )
        for number, row in enumerate(self.rows, start=1):
            row.remove.setEnabled(can_remove)
            row.remove.setToolTip(
                f"Remove layer {number}." if can_remove else f"At least {least} layer stays."
            )

    def _enter(self, row: FormRow, layers: list[tuple[Any, Any]]) -> None:
        units, activations = zip(*layers, strict=True)
        one = len(set(activations)) == 1
        self.entered.emit(row, {LAYERS: units, ACTIVATION: activations[0] if one else activations})

    @Slot(object, object)
    def _on_row_entered(self, row: _LayerRow, changes: Mapping[str, Any]) -> None:
        layers: list[tuple[Any, Any]] = list(self._layers())
        layers[self.rows.index(row)] = changes[LAYERS]
        self._enter(row, layers)

    @Slot()
    def _on_add_clicked(self) -> None:
        layers = self._layers()
        self._enter(self.rows[-1], [*layers, layers[-1]])

    @Slot()
    def _on_remove_clicked(self) -> None:
        number = next(i for i, row in enumerate(self.rows) if row.remove is self.sender())
        layers = self._layers()
        del layers[number]
        for row in self.rows[number:]:
            row.field.restore()
        self._enter(self.rows[0], layers)
