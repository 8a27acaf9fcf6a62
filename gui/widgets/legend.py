"""The legend of a panel: marks drawn by shape, each with its word; no box over the data."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.panels.panel import LegendEntry, Mark
from gui.theme import Theme
from gui.widgets.painted import PaintedWidget

_FONT: Final = 11.5
_MARK_GAP: Final = 5
_ENTRY_GAP: Final = 8


def legend_width(entries: Sequence[LegendEntry], theme: Theme) -> float:
    """The width that `paint_legend` needs for all entries."""
    gaps = theme.px(_ENTRY_GAP) * max(0, len(entries) - 1)
    return sum(_entry_width(entry, theme) for entry in entries) + gaps


def words_of(entries: Sequence[LegendEntry]) -> str:
    """A legend as text, each mark by its shape."""
    return ", ".join(f"{e.mark.name.lower()}: {e.text}" for e in entries)


def paint_legend(
    painter: QPainter, rect: QRectF, entries: Sequence[LegendEntry], theme: Theme
) -> None:
    """Draw the entries at the right of `rect`, in the middle of its height."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left = rect.right() - legend_width(entries, theme)
    for entry in entries:
        width = _entry_width(entry, theme)
        _paint_entry(painter, QRectF(left, rect.top(), width, rect.height()), entry, theme)
        left += width + theme.px(_ENTRY_GAP)
    painter.restore()


def paint_mark(painter: QPainter, mark: Mark, area: QRectF, colour: QColor, line: float) -> None:
    """Draw one mark in the middle of `area`; lines are `line` wide."""
    painter.setPen(QPen(colour, line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _PAINTERS[mark](painter, area, colour)


class Legend(PaintedWidget):
    """The entries of a panel, for the right of its head."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._entries: tuple[LegendEntry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """The legend as text, each mark by its shape."""
        return words_of(self._entries)

    def set_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show these entries."""
        if entries == self._entries:
            return
        self._entries = entries
        self.setAccessibleName(f"Legend. {self.words}")
        self.setToolTip(self.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = round(legend_width(self._entries, self.theme) + 1) if self._entries else 0
        return QSize(width, self.theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_legend(QPainter(self), QRectF(self.rect()), self._entries, self.theme)


def _entry_width(entry: LegendEntry, theme: Theme) -> float:
    mark = theme.px(_MARK_WIDTHS[entry.mark])
    if not entry.text:
        return mark
    return mark + theme.px(_MARK_GAP) + _words(theme).horizontalAdvance(entry.text)


def _words(theme: Theme) -> QFontMetricsF:
    return QFontMetricsF(_legend_font(theme))


def _legend_font(theme: Theme) -> QFont:
    return theme.font(_FONT)


def _paint_entry(painter: QPainter, area: QRectF, entry: LegendEntry, theme: Theme) -> None:
    width, height = theme.px(_MARK_WIDTHS[entry.mark]), theme.px(9)
    box = QRectF(area.left(), area.center().y() - height / 2, width, height)
    colour = QColor(getattr(theme, entry.role))
    paint_mark(painter, entry.mark, box, colour, 1.4 * theme.scale)
    painter.setPen(QColor(theme.secondary))
    painter.setFont(_legend_font(theme))
    words = area.adjusted(width + theme.px(_MARK_GAP), 0, 2, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, entry.text)


def _square_of(area: QRectF, share: float) -> QRectF:
    side = area.height() * share
    half = QPointF(side / 2, side / 2)
    return QRectF(area.center() - half, area.center() + half)


def _disc(painter: QPainter, area: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(_square_of(area, 0.95))


def _square(painter: QPainter, area: QRectF, colour: QColor) -> None:
    painter.fillRect(_square_of(area, 0.9), colour)


def _ring(painter: QPainter, area: QRectF, colour: QColor) -> None:
    painter.drawEllipse(_square_of(area, 0.9))


def _bar(painter: QPainter, area: QRectF, colour: QColor) -> None:
    height = area.height() * 0.45
    painter.fillRect(
        QRectF(area.left(), area.center().y() - height / 2, area.width(), height), colour
    )


def _line(painter: QPainter, area: QRectF, colour: QColor) -> None:
    y = area.center().y()
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


def _dashed(painter: QPainter, area: QRectF, colour: QColor) -> None:
    pen = QPen(painter.pen())
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([2.6, 1.8])
    painter.setPen(pen)
    _line(painter, area, colour)


def _box(painter: QPainter, area: QRectF, colour: QColor) -> None:
    painter.drawRect(_square_of(area, 0.85))


_MARK_WIDTHS: Final = {
    Mark.DISC: 9,
    Mark.SQUARE: 9,
    Mark.RING: 9,
    Mark.BAR: 9,
    Mark.LINE: 16,
    Mark.DASHED: 16,
    Mark.BOX: 9,
}
_PAINTERS: Final[dict[Mark, Callable[[QPainter, QRectF, QColor], None]]] = {
    Mark.DISC: _disc,
    Mark.SQUARE: _square,
    Mark.RING: _ring,
    Mark.BAR: _bar,
    Mark.LINE: _line,
    Mark.DASHED: _dashed,
    Mark.BOX: _box,
}
