"""How far the run is: "Epoch 412 / 1 000"."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.numerals import grouped
from gui.widgets.painted import PaintedWidget

_TIP: Final = "Passes over the training data so far, and when the run ends."


class EpochLabel(PaintedWidget):
    """Painted text of a constant width, so that a running count moves nothing beside it.

    It stays empty until the length of the run is known.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._epoch, self._epochs = 0, 0
        self.label = "Epoch"
        self._labelled = True
        self.setToolTip(_TIP)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    @property
    def value(self) -> str:
        """The bold part; beyond the end that was asked for the epoch alone."""
        if self._epoch > self._epochs:
            return grouped(self._epoch)
        return f"{grouped(self._epoch)} / {grouped(self._epochs)}"

    @property
    def widest(self) -> str:
        """The longest number that there is room for."""
        return grouped(max(self._epoch, self._epochs, 1))

    def set_progress(self, epoch: int, epochs: int, label: str = "Epoch") -> None:
        """Show this epoch of so many; `label` says of what."""
        if (epoch, epochs, label) == (self._epoch, self._epochs, self.label):
            return
        before = self.label, len(self.widest)
        self._epoch, self._epochs, self.label = epoch, epochs, label
        beyond = f"{epoch - epochs} beyond the {epochs} asked for" if epoch > epochs else ""
        self.setAccessibleName(f"{label} {epoch}{f', {beyond}' if beyond else f' of {epochs}'}")
        self.setToolTip(f"{_TIP}{f' This is {beyond}.' if beyond else ''}")
        if (self.label, len(self.widest)) != before:
            self.updateGeometry()
        self.update()

    def set_labelled(self, labelled: bool) -> None:
        """Show the word before the numbers, or the numbers alone."""
        self._labelled = labelled
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self._bold_width(f"{self.widest} / {self.widest}") + self._label_width()
        return QSize(round(width + 2), self.theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._epochs:
            return
        painter = QPainter(self)
        painter.setPen(QColor(self.theme.text))
        area = QRectF(self.rect())
        if self._labelled:
            painter.setFont(self.theme.font())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.label)
        painter.setFont(self._bold())
        value = area.adjusted(self._label_width(), 0, 0, 0)
        painter.drawText(value, Qt.AlignmentFlag.AlignVCenter, self.value)

    def _label_width(self) -> float:
        if not self._labelled:
            return 0.0
        return QFontMetricsF(self.theme.font()).horizontalAdvance(self.label) + self.theme.px(5)

    def _bold_width(self, text: str) -> float:
        return QFontMetricsF(self._bold()).horizontalAdvance(text)

    def _bold(self) -> QFont:
        return self.theme.font(13, weight=QFont.Weight.DemiBold)
