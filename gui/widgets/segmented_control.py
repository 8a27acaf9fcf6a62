"""A row of joined buttons of which one is chosen."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from gui.style import faint
from gui.theme import Theme
from gui.widgets.flat_button import HEIGHT
from gui.widgets.painted import PaintedButton


class Segment(PaintedButton):
    """One choice; `position` is 0 for the first, −1 for the last, 1 between."""

    def __init__(self, action: QAction, position: int, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._action = action
        self._position = position
        self.setCheckable(True)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._on_action_changed)
        self._on_action_changed()

    def sizeHint(self) -> QSize:
        font = self.theme.font(13, weight=QFont.Weight.DemiBold)
        width = QFontMetricsF(font).horizontalAdvance(self.text()) + 2 * self.theme.px(14)
        return QSize(round(width + 0.5), self.theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, chosen = self.theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = theme.accent_tint if chosen else theme.field if self._hovered() else theme.surface
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(QColor(fill))
        painter.drawPath(self._outline())
        painter.setPen(self._ink())
        weight = QFont.Weight.DemiBold if chosen else QFont.Weight.Normal
        painter.setFont(theme.font(13, weight=weight))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
            painter.drawRoundedRect(inner, theme.px(4), theme.px(4))

    def _outline(self) -> QPainterPath:
        """The segment's border, round only where the whole row ends."""
        radius, width = self.theme.px(6), self.width()
        left = 0.5 if self._position == 0 else -0.5
        box = QRectF(left, 0.5, width - left - 0.5, self.height() - 1)
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        if self._position != 0:
            path = path.united(_rectangle(box.adjusted(0, 0, -radius, 0)))
        if self._position != -1:
            path = path.united(_rectangle(box.adjusted(radius, 0, 0, 0)))
        return path.simplified()

    def _hovered(self) -> bool:
        return self.underMouse() and self.isEnabled()

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return faint(self.theme)
        return QColor(self.theme.accent if self.isChecked() else self.theme.secondary)

    @Slot()
    def _on_action_changed(self) -> None:
        word = self._action.text().replace("&", "")
        self.setText(word)
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(word)
        self.setAccessibleDescription(self._action.toolTip())


class SegmentedControl(QWidget):
    """The actions of a group side by side; the arrow keys go from one to the next."""

    def __init__(
        self, name: str, actions: list[QAction], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        last = len(actions) - 1
        for index, action in enumerate(actions):
            position = -1 if index == last else min(index, 1)
            segment = Segment(action, position, theme, self)
            self._group.addButton(segment, index)
            row.addWidget(segment)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        for segment in self.findChildren(Segment):
            segment.apply_theme(theme)


def _rectangle(area: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(area)
    return path
