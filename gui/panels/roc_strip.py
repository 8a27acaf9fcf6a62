"""Beside or below the ROC curve: the threshold with its slider, accuracy and confusion matrix."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.confusion_matrix import ConfusionMatrix
from gui.widgets.operating_points import OperatingPoints
from gui.widgets.ticks import AXIS_TEXT, threshold_text

UNBOUNDED: Final = 16_777_215
"""Qt's own QWIDGETSIZE_MAX, which PySide does not export."""
_LOWEST: Final = 150
"""Pixels of height below which a plot with its axes' texts shows nothing any more."""
_WIDEST_WORDS: Final = ("threshold 0.0000", "accuracy 100.0 %")
_FORMS: Final = ((False, False), (True, False), (True, True))
"""Whether the matrix has tight columns and the words stand in two rows, the best form first."""


class RocStrip(QWidget):
    """As much of them as there is room for without cutting a number off."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.matrix = ConfusionMatrix(theme)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.label, self.accuracy = QLabel(), QLabel()
        self.controls = QWidget()
        self._threshold, self._rate = 0.5, ""
        self._tested = self._stacked = False
        self._matrix_size = QSize()
        self._build()

    def show_threshold(self, threshold: float, points: OperatingPoints | None) -> bool:
        """What follows a threshold; whether there is more or less to be arranged than before."""
        self._threshold = threshold
        self.slider.blockSignals(True)
        self.slider.setValue(round(100 * threshold))
        self.slider.blockSignals(False)
        accuracy = points.accuracy(threshold) if points is not None else math.nan
        defined = not math.isnan(accuracy)
        self._rate = f"accuracy {100 * accuracy:.1f} %" if defined else _without_accuracy(points)
        if points is not None and defined:
            self.matrix.show_counts(points.counts(threshold))
        before = self._tested, self._matrix_size
        self._tested, self._matrix_size = defined, self.matrix.sizeHint()
        self._write_words()
        return before != (self._tested, self._matrix_size)

    def arrange(self, width: int, height: int, *, beside: bool) -> None:
        """Stand `beside` a plot in a panel of this size, or below it."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        px, matrix = self.theme.px, self.matrix
        matrix.set_tight(False)
        self._row.setDirection(down if beside else across)
        self._row.setStretch(0, 0 if beside else 1)
        self._row.setStretch(2, 1 if beside else 0)
        self.controls.setMaximumWidth(matrix.sizeHint().width() if beside else UNBOUNDED)
        margins = (0, px(24), px(16), px(24)) if beside else (px(12), 0, px(6), px(6))
        self._row.setContentsMargins(*margins)
        room = width - margins[0] - margins[2]
        fitting = [form for form in _FORMS if beside or self._width_of(*form) <= room]
        tight, self._stacked = fitting[0] if fitting else (True, self._words_width() > room)
        matrix.set_tight(tight and not beside)
        low = not beside and height - matrix.sizeHint().height() < px(_LOWEST)
        self.controls.setVisible(not low)
        matrix.setVisible(bool(fitting) and self._tested and not low)
        self._write_words()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.matrix.apply_theme(theme)
        self._row.setSpacing(theme.px(8))
        self._column.setSpacing(theme.px(2))
        for label in (self.label, self.accuracy):
            label.setFont(theme.font(AXIS_TEXT + 0.5))

    def width_in_figure(self) -> int:
        """Of the matrix with roomy columns."""
        tight = self.matrix.tight
        self.matrix.set_tight(False)
        width = self.matrix.sizeHint().width()
        self.matrix.set_tight(tight)
        return width

    def draw(self, painter: QPainter, corner: QPointF) -> None:
        """All of it into a figure, from a corner on."""
        tight = self.matrix.tight
        self.matrix.set_tight(False)
        font = self.theme.font(AXIS_TEXT)
        line = QFontMetricsF(font).height() * 1.3
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        words = ("Test set", *(w.text().replace("\n", " ") for w in (self.label, self.accuracy)))
        for number, text in enumerate(words, start=1):
            painter.drawText(corner + QPointF(0, number * line), text)
        if self._tested:
            self.matrix.draw(painter, corner + QPointF(0, (len(words) + 1) * line))
        self.matrix.set_tight(tight)

    def _build(self) -> None:
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName("Threshold in hundredths")
        self.slider.setToolTip(
            "A sample is taken for class 1 from this probability up. ← → move it by 0.01,"
            " a double click or 0 goes back to 0.50."
        )
        self.label.setBuddy(self.slider)
        self.accuracy.setToolTip("Share of the test samples told right at this threshold")
        self._column = QVBoxLayout(self.controls)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.label, self.slider, self.accuracy):
            widget.setMinimumWidth(1)
            self._column.addWidget(widget)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addWidget(self.controls, 1, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self.matrix, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch()

    def _width_of(self, tight: bool, stacked: bool) -> float:
        """What words and matrix take beside each other."""
        self.matrix.set_tight(tight)
        return self._words_width(stacked) + self.theme.px(12) + self.matrix.sizeHint().width()

    def _words_width(self, stacked: bool = False) -> float:
        """The widest of the words that may come, in one row or in two."""
        metrics = QFontMetricsF(self.label.font())
        texts = [words.split()[0] if stacked else words for words in _WIDEST_WORDS]
        return max(metrics.horizontalAdvance(text) for text in texts)

    def _write_words(self) -> None:
        """In two rows where one is too long."""
        for label, words in (
            (self.label, f"threshold {threshold_text(self._threshold)}"),
            (self.accuracy, self._rate),
        ):
            first, _, rest = words.partition(" ")
            label.setText(f"{first}\n{rest}" if self._stacked else words)


def _without_accuracy(points: OperatingPoints | None) -> str:
    """Why there is none; nothing is said before the data are there."""
    if points is None:
        return ""
    return "accuracy not defined" if len(points.y) else "no test set"
