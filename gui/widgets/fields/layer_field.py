"""Units and activation of one hidden layer in one box: "10 · ReLU"."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.fields.box import HEIGHT, PADDING, WIDTH, paint_box
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.fields.entry_field import EntryField
from model.settings_fields import FieldDescription


class LayerField(QWidget):
    """A value is (units, activation); `entered` carries one with what the user made of it."""

    entered = Signal(object)
    restored = Signal()

    def __init__(
        self,
        units: FieldDescription,
        choices: dict[str, str],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value: tuple[Any, Any] = (0, "")
        self.units = EntryField(units, theme, self, flat=True)
        self.activation = ChoiceField(choices, theme, self, flat=True)
        self._dot = QLabel("\N{MIDDLE DOT}", self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        for widget, stretch in ((self.units, 1), (self._dot, 0), (self.activation, 0)):
            self._row.addWidget(widget, stretch)
        self.units.entered.connect(self._on_units_entered)
        self.activation.entered.connect(self._on_activation_entered)
        self.units.restored.connect(self.restored)
        self.activation.restored.connect(self.restored)
        for child in (self.units, self.activation):
            child.installEventFilter(self)
        self.setFocusProxy(self.units)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.apply_theme(theme)

    @property
    def failed(self) -> bool:
        """Whether one of the two is refused."""
        return self.units.failed or self.activation.failed

    def show_value(self, value: tuple[int, str], *, force: bool = False) -> None:
        """Show valid units and activation."""
        self._value = value
        self.units.show_value(value[0], force=force)
        self.activation.show_value(value[1], force=force)

    def set_failed(self, failed: bool) -> None:
        """Outline both as refused, or not."""
        self.units.set_failed(failed)
        self.update()

    def refuse(self, value: tuple[int, str]) -> None:
        """The units are refused; `value` is what Escape brings back."""
        self._value = value
        self.units.refuse(value[0])
        self.update()

    def restore(self) -> None:
        """Go back to the last valid values."""
        self.units.restore()
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.units.apply_theme(theme)
        self.activation.apply_theme(theme)
        self._dot.setFont(theme.font(13))
        self._dot.setStyleSheet(f"color: {theme.text}; background: transparent;")
        self._dot.setContentsMargins(theme.px(1), 0, theme.px(4), 0)
        self._row.setContentsMargins(theme.px(PADDING), 0, 0, 0)
        self.setFixedHeight(theme.px(HEIGHT))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        wanted = super().sizeHint()
        return wanted.expandedTo(QSize(self.theme.px(WIDTH), wanted.height()))

    def eventFilter(self, watched: object, event: Any) -> bool:
        """The box follows the focus of what is in it."""
        if event.type() in (event.Type.FocusIn, event.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self.units.hasFocus() or self.activation.hasFocus()
        painter = QPainter(self)
        paint_box(painter, self, self.theme, focused=focused, failed=self.failed)

    @Slot(object)
    def _on_units_entered(self, units: Any) -> None:
        self.entered.emit((units, self._value[1]))

    @Slot(object)
    def _on_activation_entered(self, activation: Any) -> None:
        self.entered.emit((self._value[0], activation))
