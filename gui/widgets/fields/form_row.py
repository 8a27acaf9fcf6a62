"""One line of a form: a label, a field, and below them what is wrong with the entry."""

from typing import Any, Protocol

from PySide6.QtCore import QEvent, QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.fields.complaint import Complaint
from gui.widgets.fields.wording import description as described
from gui.widgets.fields.wording import tooltip
from model.settings_fields import FieldDescription


class Field(Protocol):
    """What a row needs of a field; every field is a QWidget as well."""

    entered: SignalInstance
    restored: SignalInstance
    failed: bool

    def show_value(self, value: Any, *, force: bool = False) -> None: ...
    def refuse(self, value: Any) -> None: ...
    def set_failed(self, failed: bool) -> None: ...
    def apply_theme(self, theme: Theme) -> None: ...


class FormRow(QWidget):
    """`entered(row, changes)` carries raw values by path.

    Label and field stand beside each other, or below each other where that is too narrow.
    """

    entered = Signal(object, object)

    def __init__(
        self,
        description: FieldDescription,
        field: Any,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        title: str = "",
        action: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._title = title
        self._repair: dict[str, Any] = {}
        self.label = _RowLabel(self)
        self.label.setBuddy(field)
        self.complaint = Complaint(theme, self)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head = QHBoxLayout()
        self._head.setSpacing(0)
        self._head.addWidget(self.label, 1)
        if action is not None:
            self._head.addWidget(action)
        self._line.addLayout(self._head, 1)
        self._line.addWidget(field)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._line)
        self._column.addWidget(self.complaint)
        field.entered.connect(self._on_field_entered)
        field.restored.connect(self.clear_error)
        self.complaint.accepted.connect(self._on_complaint_accepted)
        self.describe(description)
        self.apply_theme(theme)

    def describe(self, description: FieldDescription) -> None:
        """Take on a setting's title, help and limits."""
        self.description = description
        title = self._title or description.title
        self.label.setText(title)
        self.label.setToolTip(tooltip(description))
        self.field.setToolTip(tooltip(description))
        self.field.setAccessibleName(title)
        self.field.setAccessibleDescription(described(description))
        if hasattr(self.field, "describe"):
            self.field.describe(description)

    def show_value(self, value: Any, *, force: bool = False) -> None:
        """Show a valid value; what is being edited or was refused stays unless forced."""
        self.field.show_value(value, force=force)
        if not self.field.failed:
            self.clear_error()

    def show_error(
        self, message: str, repair: str = "", changes: dict[str, Any] | None = None
    ) -> None:
        """Outline the field and say what is wrong; `changes` are entered by the button `repair`."""
        self._repair = changes or {}
        self.field.set_failed(True)
        self.complaint.show_message(message, repair)
        self.field.setAccessibleDescription(message)

    @Slot()
    def clear_error(self) -> None:
        """Nothing is wrong any more."""
        self.field.set_failed(False)
        if not self.complaint.isHidden():
            self.complaint.hide()
            self.field.setAccessibleDescription(described(self.description))

    def tab_chain(self) -> list[QWidget]:
        """What Tab walks through."""
        return [self.field]

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.label.setFont(theme.font(13))
        self.label.colour = QColor(theme.secondary)
        self.label.update()
        self.field.apply_theme(theme)
        self.complaint.apply_theme(theme)
        self._line.setSpacing(theme.px(4))
        self._column.setSpacing(theme.px(4))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def changes(self, raw: Any) -> dict[str, Any]:
        """What the user entered, by path."""
        return {self.description.path: raw}

    def _arrange(self) -> None:
        """Beside each other or below each other."""
        gap = self._line.spacing()
        wanted = self._head.sizeHint().width() + gap + self.field.sizeHint().width()
        direction = QBoxLayout.Direction
        suited = direction.TopToBottom if self.width() < wanted else direction.LeftToRight
        if suited != self._line.direction():
            self._line.setDirection(suited)
            self._column.invalidate()
            self.updateGeometry()

    @Slot(object)
    def _on_field_entered(self, raw: Any) -> None:
        self.entered.emit(self, self.changes(raw))

    @Slot()
    def _on_complaint_accepted(self) -> None:
        self.entered.emit(self, self._repair)


class _RowLabel(QLabel):
    """A label that gives way: it is cut with … before its field is."""

    colour = QColor()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.colour)
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() + 1
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
