"""The form in which a condition is entered, derived from the settings of its kind."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.forms import SettingsForm
from gui.theme import Theme
from gui.widgets.fields.entry_field import EntryField
from gui.widgets.fields.form_button import FormButton
from gui.widgets.flat_button import FlatButton
from model.errors import SettingsError
from model.nn.operations import Operation
from model.settings_fields import describe
from model.training.condition_kinds import BreakpointSettings, places
from model.training.conditions import Condition

GROUP = "condition"
_ADD: Final = ("Add", "Add this breakpoint", "Stop the run where this becomes true.")
_UNTIL: Final = (
    "Run until then",
    "Run until this becomes true",
    "Run from here and stop where this becomes true; it is not kept as a breakpoint.",
)


class BreakpointForm(QWidget):
    """One condition with the buttons that add it or leave it.

    `accepted` carries a condition that fits the network; `cancelled` changes nothing.
    """

    accepted = Signal(object)
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._program: tuple[Operation, ...] = ()
        self.once = False
        """Whether the condition is for one run only, which then begins."""
        self.form = SettingsForm(BreakpointSettings(), theme, self)
        self.form.section("rare").hide()
        self.add_button = FlatButton(theme, primary=True, parent=self)
        self.cancel_button = FormButton("Cancel", theme, self, height=30)
        self.cancel_button.setToolTip("Close the form; nothing is added (Esc).")
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.cancel_button)
        self._buttons.addWidget(self.add_button)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.form)
        self._column.addLayout(self._buttons)
        self.set_once(False)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.cancel_button.clicked.connect(self.cancelled)
        self.apply_theme(theme)

    @property
    def condition(self) -> Condition:
        """The valid condition on the screen."""
        settings = self.form.settings
        assert isinstance(settings, BreakpointSettings)
        return settings.condition

    def set_once(self, once: bool) -> None:
        """Word the button for a breakpoint that stays, or for one run until the condition holds."""
        self.once = once
        text, name, tip = _UNTIL if once else _ADD
        self.add_button.setText(text)
        self.add_button.setAccessibleName(name)
        self.add_button.setToolTip(tip)
        self.add_button.updateGeometry()

    def show_program(self, program: tuple[Operation, ...]) -> None:
        """What a condition can be about."""
        self._program = program

    def show_error(self, error: SettingsError) -> None:
        """The condition is refused: say why beside the field that it concerns."""
        words = " ".join(
            filter(None, (f"{error.message[:1].upper()}{error.message[1:]}.", error.hint))
        )
        field = f"{GROUP}.{error.field or 'kind'}"
        self.form.show_error(SettingsError(words, "", field), self.form.settings)

    def enter(self) -> None:
        """Put the focus into the first field."""
        row = self.form.row_for(f"{GROUP}.kind")
        assert row is not None
        row.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.form.apply_theme(theme)
        self.add_button.apply_theme(theme)
        self.cancel_button.apply_theme(theme)
        side = theme.px(12)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(4))
        self._buttons.setContentsMargins(side, 0, side, 0)
        self._buttons.setSpacing(theme.px(8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)

    def _entries(self) -> list[EntryField]:
        """The lines of the present kind of condition."""
        rows = (self.form.row_for(setting.path) for setting in describe(self.form.settings))
        return [row.field for row in rows if row is not None and isinstance(row.field, EntryField)]

    @Slot()
    def _on_add_clicked(self) -> None:
        """What is still being typed counts; what is refused keeps the form open."""
        fields = self._entries()
        for field in fields:
            field.commit()
        refused = next((field for field in fields if field.failed), None)
        if refused is not None:
            refused.setFocus()
            return
        try:
            if self._program:
                places(self.condition, self._program)
        except SettingsError as error:
            self.show_error(error)
            return
        self.accepted.emit(self.condition)
