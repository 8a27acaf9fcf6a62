"""Draws the cells of a tensor: the value's colour, and the number readable on it."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.theme import Theme
from gui.widgets.tensor_model import Index, TensorModel


class TintedDelegate(QStyledItemDelegate):
    """A cell's ground is its value on the diverging map, red where it is not finite.

    The map's middle is at `middle`, its ends `limit` away; `marked` is a cell that has a frame
    without being selected.
    """

    def __init__(self, theme: Theme, model: TensorModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.limit, self.middle = 0.0, 0.0
        self.marked: tuple[int, int] | None = None
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.font: QFont = theme.mono(11)

    def ground(self, value: float) -> QColor:
        """The colour of a cell."""
        if not np.isfinite(value):
            return QColor(self.theme.failure)
        return self.theme.diverging(float(value) - self.middle, self.limit)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, number, and a frame where the cell is selected."""
        value = self.model.array[index.row(), index.column()]
        ground = self.ground(value)
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, self.theme.px(3), self.theme.px(3))
        painter.setFont(self.font)
        painter.setPen(self.theme.readable_on(ground))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.model.style.text(value))
        marked = (index.row(), index.column()) == self.marked
        if marked or state & QStyle.StateFlag.State_Selected:
            self._frame(painter, box, ground)
        painter.restore()

    def _frame(self, painter: QPainter, box: QRectF, ground: QColor) -> None:
        """Accent outside, the surface inside: seen on every ground."""
        width = 2.0 * self.theme.scale
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, inset, stroke in (
            (QColor(self.theme.surface), width, width),
            (QColor(self.theme.accent), width / 2 - 0.5, width),
        ):
            painter.setPen(QPen(colour, stroke))
            frame = box.adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(frame, self.theme.px(3), self.theme.px(3))
