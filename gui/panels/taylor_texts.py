"""The numbers and the sentence below the Taylor view."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.panels import taylor_words as words
from gui.theme import Theme
from model.analysis.taylor import TaylorView

_NUMBERS_FROM: Final = 210
_SENTENCE_FROM: Final = 150
"""Pixels of the panel's height before scaling from which there is room for them."""
_TEXT: Final = 11.5
_LINES: Final = 2
"""Room that is kept for the sentence, so that the plot does not move with its length."""


class TaylorTexts(QWidget):
    """Says of one view what its numbers are and what they mean for the learning rate."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._some = False
        self.numbers, self.sentence = QLabel(self), QLabel(self)
        self._column = QVBoxLayout(self)
        for label in self._labels:
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._column.addWidget(label)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.apply_theme(theme)

    def show_view(self, view: TaylorView | None, per_step: bool) -> None:
        """Speak of the present step, or `per_step` of the last ones; nothing without a view."""
        self._some = view is not None
        numbers = sentence = ""
        if view is not None:
            numbers = words.numbers_line(view)
            sentence = words.steps_sentence(view) if per_step else words.sentence(view)
        self.numbers.setText(numbers)
        self.sentence.setText(sentence)

    def fit(self, height: int) -> str:
        """Give way to the plot in a panel that is `height` low; returns what is hidden then.

        The sentence stays longer than the numbers.
        """
        px = self.theme.px
        for label, least in ((self.numbers, _NUMBERS_FROM), (self.sentence, _SENTENCE_FROM)):
            label.setVisible(self._some and height >= px(least))
        self.setVisible(not self.sentence.isHidden())
        return "\n".join(label.text() for label in self._labels if label.isHidden())

    def figure_height(self, painter: QPainter, area: QRectF) -> float:
        """The height that `draw` needs at the width of `area`."""
        if not self._some:
            return 0.0
        painter.setFont(self.theme.font(_TEXT))
        wrap = int(Qt.TextFlag.TextWordWrap)
        return painter.boundingRect(self._inside(area), wrap, self._text()).height() + self._gap

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Both into `area`, for a file."""
        painter.setFont(self.theme.font(_TEXT))
        painter.setPen(QColor(self.theme.text))
        inside = self._inside(area).adjusted(0, self._gap / 2, 0, 0)
        painter.drawText(inside, int(Qt.TextFlag.TextWordWrap), self._text())

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme, side = theme, theme.px(12)
        self._column.setSpacing(theme.px(2))
        self._column.setContentsMargins(side, 0, side, theme.px(6))
        for label, ink in ((self.numbers, theme.secondary), (self.sentence, theme.text)):
            label.setFont(theme.font(_TEXT))
            label.setStyleSheet(f"color: {ink};")
        self.sentence.setMinimumHeight(_LINES * QFontMetrics(theme.font(_TEXT)).height())

    @property
    def _labels(self) -> tuple[QLabel, QLabel]:
        return self.numbers, self.sentence

    @property
    def _gap(self) -> int:
        return self.theme.px(12)

    def _inside(self, area: QRectF) -> QRectF:
        return area.adjusted(self._gap, 0, -self._gap, 0)

    def _text(self) -> str:
        return "\n".join(label.text() for label in self._labels if label.text())
