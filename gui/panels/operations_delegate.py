"""Draws the lines of the list of operations: margin, rail with marks, formula, shape."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.panels.operations_rows import Kind, Row, Standing, Stop
from gui.style import strong_border
from gui.theme import Theme, blend

Index = QModelIndex | QPersistentModelIndex
ROW: Final = Qt.ItemDataRole.UserRole
"""The role under which the model gives a line's `Row`."""
MARGIN: Final = 20
"""Width of the margin for breakpoints."""
_MARK: Final = 26
"""Where the marks stand."""
_TEXT: Final = 38
"""Where the formulas begin."""
_HEIGHTS: Final = {Kind.PHASE: 25, Kind.OPERATION: 20, Kind.FOLD: 20}
_BETWEEN_LAYERS: Final = 5
_END: Final = 8
"""Clear of the right edge."""
_LEAST: Final = 60
"""Room that a formula keeps before its shape is left out."""


class OperationsDelegate(QStyledItemDelegate):
    """Everything is painted; nothing is styled by the sheet."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.in_margin = False
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self._plain, self._bold = theme.font(12), theme.font(12, weight=QFont.Weight.DemiBold)
        self._mono = theme.mono(10.5)
        self._heading = theme.font(10, weight=QFont.Weight.DemiBold)
        self._heading.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6 * theme.scale)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A layer's first line stands a little apart."""
        return QSize(0, self.theme.px(_HEIGHTS[index.data(ROW).kind]) + self._gap(index))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line."""
        row: Row = index.data(ROW)
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind is Kind.PHASE:
            self._paint_heading(painter, area, row)
        else:
            line = area.adjusted(0, self._gap(index), 0, 0)
            self._paint_ground(painter, line, row, option.state)  # type: ignore[attr-defined]
            self._paint_rail(painter, line, area.top(), row)
            self._paint_stop(painter, line, row, option.state)  # type: ignore[attr-defined]
            self._paint_mark(painter, line, row)
            self._paint_texts(painter, line, row)
        painter.restore()

    def _gap(self, index: Index) -> int:
        """The room above a layer's first line, which the phase's heading has already."""
        row: Row = index.data(ROW)
        if row.kind is Kind.OPERATION and row.first and index.row() > 0:
            above: Row = index.sibling(index.row() - 1, 0).data(ROW)
            return self.theme.px(_BETWEEN_LAYERS) if above.kind is not Kind.PHASE else 0
        return 0

    def _paint_heading(self, painter: QPainter, area: QRectF, row: Row) -> None:
        painter.setFont(self._heading)
        painter.setPen(QColor(self.theme.secondary))
        px = self.theme.px
        words = area.adjusted(px(6), 0, 0, -px(4))
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom, row.text)

    def _paint_ground(
        self, painter: QPainter, line: QRectF, row: Row, state: QStyle.StateFlag
    ) -> None:
        """Current in the accent's tint; stopped or faulty in a little red; under the pointer."""
        theme, radius = self.theme, self.theme.px(4)
        ground = self._ground(row, bool(state & QStyle.StateFlag.State_MouseOver))
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(line, radius, radius)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), theme.px(1)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(line.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _ground(self, row: Row, pointed_at: bool) -> QColor | None:
        if row.standing is Standing.CURRENT:
            return QColor(self.theme.accent_tint)
        if row.hit or row.faulty:
            return blend(self.theme.surface, self.theme.failure, 0.14)
        return QColor(self.theme.field) if pointed_at else None

    def _paint_rail(self, painter: QPainter, line: QRectF, top: float, row: Row) -> None:
        """What joins the marks of a layer."""
        if row.kind is Kind.FOLD or (row.first and row.last):
            return
        across = self.theme.px(_MARK)
        painter.setPen(QPen(strong_border(self.theme), self.theme.px(1)))
        painter.drawLine(
            QPointF(across, line.center().y() if row.first else top),
            QPointF(across, line.center().y() if row.last else line.bottom()),
        )

    def _paint_stop(
        self, painter: QPainter, line: QRectF, row: Row, state: QStyle.StateFlag
    ) -> None:
        """Disc: a breakpoint; ring: a disabled one; with a halo: the one that stopped the run.

        A faint disc shows where a click would set one.
        """
        theme, red = self.theme, QColor(self.theme.failure)
        middle = QPointF(theme.px(MARGIN) / 2, line.center().y())
        radius = 4.0 * theme.scale
        if row.stop is Stop.NONE:
            offered = self.in_margin and bool(state & QStyle.StateFlag.State_MouseOver)
            if not offered or row.kind is not Kind.OPERATION:
                return
            red = blend(self.theme.surface, self.theme.failure, 0.35)
        enabled = row.stop is not Stop.DISABLED
        painter.setPen(QPen(red, 1.4 * theme.scale))
        painter.setBrush(red if enabled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, radius - 0.7, radius - 0.7)
        if row.hit:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, radius + 2.5 * theme.scale, radius + 2.5 * theme.scale)

    def _paint_mark(self, painter: QPainter, line: QRectF, row: Row) -> None:
        """Disc: done; larger: just done; ring: to come; cross: something not finite arose here."""
        theme = self.theme
        middle = QPointF(theme.px(_MARK), line.center().y())
        radius = {Standing.CURRENT: 3.6}.get(row.standing, 2.6) * theme.scale
        if row.faulty:
            self._paint_cross(painter, middle, 3.2 * theme.scale)
            return
        colour = QColor(theme.accent if row.standing is Standing.CURRENT else theme.secondary)
        hollow = row.standing is Standing.TO_COME
        painter.setBrush(self._beneath(row) if hollow else colour)
        pen = QPen(blend(theme.surface, theme.secondary, 0.6), 1.1 * theme.scale)
        painter.setPen(pen if hollow else QPen(Qt.PenStyle.NoPen))
        painter.drawEllipse(middle, radius, radius)

    def _beneath(self, row: Row) -> QColor:
        return self._ground(row, False) or QColor(self.theme.surface)

    def _paint_cross(self, painter: QPainter, middle: QPointF, half: float) -> None:
        painter.setPen(QPen(QColor(self.theme.failure), 1.8 * self.theme.scale))
        for side in (-half, half):
            painter.drawLine(middle + QPointF(-half, side), middle + QPointF(half, -side))

    def _paint_texts(self, painter: QPainter, line: QRectF, row: Row) -> None:
        theme, px = self.theme, self.theme.px
        room = line.adjusted(px(_TEXT), 0, -px(_END), 0)
        value = QFontMetricsF(self._mono).horizontalAdvance(row.value) + px(8) if row.value else 0.0
        if room.width() - value < px(_LEAST):
            value = 0.0
        if value:
            painter.setFont(self._mono)
            painter.setPen(self._colour(row, QColor(theme.secondary)))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, int(flags), row.value)
        font = self._bold if row.standing is Standing.CURRENT or row.hit else self._plain
        painter.setFont(font)
        painter.setPen(self._colour(row, QColor(theme.text)))
        text = QFontMetricsF(font).elidedText(
            row.text, Qt.TextElideMode.ElideRight, room.width() - value
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)

    def _colour(self, row: Row, plain: QColor) -> QColor:
        """Accent for the current line, dimmed for what is to come."""
        if row.standing is Standing.CURRENT:
            return QColor(self.theme.accent)
        dim = row.standing is Standing.TO_COME and not (row.hit or row.faulty)
        return blend(self.theme.surface, self.theme.secondary, 0.85) if dim else plain
