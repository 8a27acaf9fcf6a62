"""How many samples of each class were taken for which class: two rows, two columns."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.panels.panel import Mark
from gui.theme import Theme
from gui.widgets.legend import paint_mark
from gui.widgets.painted import PaintedWidget
from gui.widgets.ticks import AXIS_TEXT

Counts = tuple[int, int, int, int]
"""True negative, false positive, false negative, true positive."""

_HEAD: Final = 16
_ROW: Final = 20
_COLUMN, _TIGHT_COLUMN = 44, 30
_CLASSES: Final = ((Mark.DISC, "negative"), (Mark.SQUARE, "positive"))


class ConfusionMatrix(PaintedWidget):
    """Actual classes as rows, predicted ones as columns; what was told right is tinted."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._counts: Counts = (0, 0, 0, 0)
        self._tight = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Confusion matrix of the test set")

    @property
    def tight(self) -> bool:
        """Whether the columns are no wider than their numbers."""
        return self._tight

    def set_tight(self, tight: bool) -> None:
        """Columns no wider than their numbers."""
        if tight != self._tight:
            self._tight = tight
            self.updateGeometry()
            self.update()

    def show_counts(self, counts: Counts) -> None:
        """Show (true negative, false positive, false negative, true positive)."""
        if counts == self._counts and self.toolTip():
            return
        self._counts = counts
        tn, fp, fn, tp = counts
        text = (
            f"Test set: of {tn + fp} samples of class 0, {fp} were taken for class 1;"
            f" of {tp + fn} samples of class 1, {fn} were taken for class 0."
        )
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self.theme.px
        width = self._side() + 2 * self._column()
        return QSize(math.ceil(width) + px(2), px(_HEAD) + 2 * px(_ROW))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.draw(QPainter(self), QPointF(0, 0))

    def draw(self, painter: QPainter, corner: QPointF) -> None:
        """The matrix with its upper left corner there; it takes `sizeHint()`."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(corner)
        self._draw_heads(painter)
        for row in range(2):
            for column in range(2):
                self._draw_cell(painter, row, column)
        painter.restore()

    def _font(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        return self.theme.font(AXIS_TEXT, weight=weight)

    def _side(self) -> float:
        """The width of the rows' heads: the word, a mark and the class."""
        words = QFontMetricsF(self._font()).horizontalAdvance("predicted")
        return max(words + self.theme.px(6), self._actual() + self.theme.px(38))

    def _actual(self) -> float:
        return QFontMetricsF(self._font()).horizontalAdvance("actual")

    def _column(self) -> float:
        bold = QFontMetricsF(self._font(QFont.Weight.DemiBold))
        most = str(max(sum(self._counts[:2]), sum(self._counts[2:])))
        widest = bold.horizontalAdvance("0" * len(most))
        if self._tight:
            return max(self.theme.px(_TIGHT_COLUMN), widest + self.theme.px(8))
        return max(self.theme.px(_COLUMN), widest + self.theme.px(12))

    def _cell(self, row: int, column: int) -> QRectF:
        px = self.theme.px
        top = px(_HEAD) + row * px(_ROW)
        width = self._column()
        box = QRectF(self._side() + column * width, top, width, px(_ROW))
        return box.adjusted(1, 1, -1, -1)

    def _draw_heads(self, painter: QPainter) -> None:
        px = self.theme.px
        words = self._actual()
        for number in range(2):
            above = QPointF(self._cell(0, number).center().x(), px(_HEAD) / 2 - 1)
            self._draw_class(painter, above, number)
            beside = QPointF(words + px(20), self._cell(number, 0).center().y())
            self._draw_class(painter, beside, number)
        flags = Qt.AlignmentFlag.AlignVCenter
        self._write(painter, QRectF(0, 0, self._side(), px(_HEAD) - 2), "predicted", flags)
        rows = QRectF(0, px(_HEAD), words, 2 * px(_ROW))
        self._write(painter, rows, "actual", flags)

    def _draw_class(self, painter: QPainter, centre: QPointF, number: int) -> None:
        """The mark of a class with its number behind."""
        px = self.theme.px
        mark, role = _CLASSES[number]
        half = px(9) / 2
        box = QRectF(centre.x() - px(11), centre.y() - half, px(9), px(9))
        paint_mark(painter, mark, box, QColor(getattr(self.theme, role)), self.theme.scale)
        text = QRectF(centre.x() + px(3), centre.y() - px(8), px(14), px(16))
        self._write(painter, text, str(number), Qt.AlignmentFlag.AlignVCenter)

    def _draw_cell(self, painter: QPainter, row: int, column: int) -> None:
        box = self._cell(row, column)
        right = row == column
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.setBrush(QColor(self.theme.accent_tint if right else self.theme.surface))
        painter.drawRoundedRect(box, self.theme.px(3), self.theme.px(3))
        painter.setPen(QColor(self.theme.text))
        painter.setFont(self._font(QFont.Weight.DemiBold if right else QFont.Weight.Normal))
        count = str(self._counts[2 * row + column])
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), count)

    def _write(self, painter: QPainter, box: QRectF, text: str, flags: Qt.AlignmentFlag) -> None:
        painter.setPen(QColor(self.theme.secondary))
        painter.setFont(self._font())
        painter.drawText(box, int(flags | Qt.AlignmentFlag.AlignVCenter), text)
