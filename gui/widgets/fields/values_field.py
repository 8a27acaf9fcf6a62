"""A line for several values, as wide as its text where there is room."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent

from gui.widgets.fields.box import HEIGHT, PADDING, WIDTH
from gui.widgets.fields.entry_field import EntryField
from model.training.assignments import split_values


class ValuesField(EntryField):
    """Its row puts it below its label where both do not fit beside each other.

    Where its text is too long even then, the first and the last value stand for all, or the first
    alone, unless somebody types there.
    """

    def sizeHint(self) -> QSize:
        return QSize(max(self.theme.px(WIDTH), self._width_of(self._plain)), self.theme.px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not (self.hasFocus() or self._edited or self.failed):
            self._write()

    @property
    def _plain(self) -> str:
        """All values."""
        return str(self._value or "")

    def _width_of(self, text: str) -> int:
        metrics = QFontMetrics(self.theme.font(13))
        return metrics.horizontalAdvance(text) + self.theme.px(2 * PADDING + 4)

    def _write(self) -> None:
        """As it is typed, so that it reads as it is entered."""
        text = self._plain
        if not self.hasFocus() and self._width_of(text) > self.width():
            first, *_, last = split_values(text)
            text = f"{first} … {last}"
            if self._width_of(text) > self.width():
                text = f"{first} …"
        if text != self.text():
            self.setText(text)
