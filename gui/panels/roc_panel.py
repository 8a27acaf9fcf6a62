"""ROC of both shares of the data, and the threshold that is chosen on it."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from gui.panels.panel import Panel, Wants
from gui.panels.roc_picture import RocPicture
from gui.theme import Theme
from gui.widgets.confusion_matrix import ConfusionMatrix
from gui.widgets.numerals import grouped
from gui.widgets.operating_points import OperatingPoints
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, threshold_text
from gui.widgets.wish import Wish
from model.training.snapshots import Snapshot

_REACH: Final = 14
"""Pixels from the test curve within which a press takes the ring."""
_ROOM: Final = 0.02
"""Margin round the unit square, so that lines along its sides are seen whole."""
_SQUARE: Final = 1.25
"""How much wider than high the plot may be."""
_LOWEST: Final = 150
"""Pixels of height below which a plot with its axes' texts shows nothing any more."""
_MIDDLE: Final = 0.5
_WIDEST_WORDS: Final = ("threshold 0.0000", "accuracy 100.0 %")

_FORMS: Final = ((False, False), (True, False), (True, True))
"""Whether the matrix has tight columns and the words stand in two rows, the best form first."""
_UNBOUNDED: Final = 16_777_215
"""Qt's own QWIDGETSIZE_MAX, which PySide does not export."""


class RocPanel(Panel):
    """Test and train curve, AUC, threshold, confusion matrix and accuracy of the test set.

    `threshold_requested` carries the threshold that the user chooses, 0 … 1.
    """

    name = "roc"
    title = "ROC"
    wants = Wants.ROC
    keys = (
        (("←", "→"), "The threshold at the next point of the test curve"),
        (("Home", "End"), "Threshold 1 or 0"),
    )

    threshold_requested = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._threshold: Wish[float] = Wish(_MIDDLE)
        self._held = False
        self._tested = self._stacked = False
        self.plot = PlotWidget(theme, "False positive rate", "True positive rate")
        self.plot.axes.widest = _SQUARE
        self.plot.set_bare(True)
        self.plot.set_range((-_ROOM, 1 + _ROOM), (-_ROOM, 1 + _ROOM))
        self.plot.setAccessibleName("ROC curve")
        self.plot.setToolTip(
            "Drag the ring along the test curve, or press ← →, to choose the threshold."
            " A double click on it, or 0, goes back to 0.50."
        )
        self.picture = RocPicture(self.plot)
        self.matrix = ConfusionMatrix(theme)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self._label, self._accuracy = QLabel(), QLabel()
        self._rate = ""
        self._matrix_size = QSize()
        self._build()
        self.setFocusProxy(self.plot)
        self._restyle()
        self._show_threshold()

    def _build(self) -> None:
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName("Threshold in hundredths")
        self.slider.setToolTip(
            "A sample is taken for class 1 from this probability up. ← → move it by 0.01,"
            " a double click or 0 goes back to 0.50."
        )
        self._label.setBuddy(self.slider)
        self._accuracy.setToolTip("Share of the test samples told right at this threshold")
        self._controls = QWidget()
        column = self._column = QVBoxLayout(self._controls)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._label, self.slider, self._accuracy):
            widget.setMinimumWidth(1)
            column.addWidget(widget)
        self._strip = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._strip.addWidget(self._controls, 1, Qt.AlignmentFlag.AlignVCenter)
        self._strip.addWidget(self.matrix, 0, Qt.AlignmentFlag.AlignVCenter)
        self._strip.addStretch()
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.plot, 1)
        self._layout.addLayout(self._strip)
        self._layout.addStretch()
        self.slider.installEventFilter(self)
        self.slider.valueChanged.connect(self._on_slider_value_changed)
        self.plot.pressed.connect(self._on_plot_pressed)
        self.plot.dragged.connect(self._on_plot_dragged)
        self.plot.released.connect(self._on_plot_released)
        self.plot.double_clicked.connect(self._on_plot_double_clicked)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)

    @property
    def threshold(self) -> float:
        """The threshold that is shown."""
        return self._threshold.value

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.set_subtitle(f"epoch {grouped(snapshot.epoch)}")
        self.plot.set_bare(False)
        self.picture.take(snapshot)
        if not self._held and not self.slider.isSliderDown():
            self._threshold.settle(snapshot.threshold)
        self._show_threshold()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.plot.apply_theme(theme)
        self.matrix.apply_theme(theme)
        self._restyle()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The plot, and beside it threshold, accuracy and confusion matrix."""
        tight = self.matrix.tight
        self.matrix.set_tight(False)
        matrix, gap = self.matrix.sizeHint(), self.theme.px(16)
        plot = area.adjusted(0, 0, -matrix.width() - 2 * gap, 0)
        self.plot.draw_figure(painter, plot)
        left, top = plot.right() + gap, area.top() + gap
        font = self.theme.font(AXIS_TEXT)
        line = QFontMetricsF(font).height() * 1.3
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        words = ("Test set", *(w.text().replace("\n", " ") for w in (self._label, self._accuracy)))
        for number, text in enumerate(words, start=1):
            painter.drawText(QPointF(left, top + number * line), text)
        if self._tested:
            self.matrix.draw(painter, QPointF(left, top + (len(words) + 1) * line))
        self.matrix.set_tight(tight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        act = self._keys().get(key) if self.picture.defined else None
        if key == Qt.Key.Key_0:
            self._request(_MIDDLE)
        elif act is None:
            super().keyPressEvent(event)
        else:
            act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click on the slider goes back to the middle."""
        if watched is self.slider and event.type() == QEvent.Type.MouseButtonDblClick:
            self._request(_MIDDLE)
            return True
        return super().eventFilter(watched, event)

    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        return {
            Qt.Key.Key_Left: lambda: self._move_along(-1),
            Qt.Key.Key_Right: lambda: self._move_along(1),
            Qt.Key.Key_Home: lambda: self._request(1.0),
            Qt.Key.Key_End: lambda: self._request(0.0),
        }

    def _arrange(self) -> None:
        """The strip stands beside the plot where the panel is wide, else below it."""
        self.matrix.set_tight(False)
        beside = self.matrix.sizeHint().width() + self.theme.px(32)
        wide = self.width() - beside > 0.95 * self.height()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._layout.setDirection(across if wide else down)
        self._layout.setStretch(0, 1000)
        self._layout.setStretch(2, 1 if wide else 0)
        self._strip.setDirection(down if wide else across)
        self._strip.setStretch(0, 0 if wide else 1)
        self._strip.setStretch(2, 1 if wide else 0)
        widest = self.plot.axes.widest_extent(self.height()) if wide else _UNBOUNDED
        self.plot.setMaximumWidth(max(self.plot.minimumWidth(), round(widest)))
        self._controls.setMaximumWidth(self.matrix.sizeHint().width() if wide else _UNBOUNDED)
        self._fit_strip(wide)
        self._write_words()

    def _fit_strip(self, wide: bool) -> None:
        """Beside the plot all of it, below it as much as has room without cutting a number off."""
        px, matrix = self.theme.px, self.matrix
        margins = (0, px(24), px(16), px(24)) if wide else (px(12), 0, px(6), px(6))
        self._strip.setContentsMargins(*margins)
        room = self.width() - margins[0] - margins[2]
        fitting = [form for form in _FORMS if wide or self._strip_width(*form) <= room]
        tight, self._stacked = fitting[0] if fitting else (True, self._words_width() > room)
        self.matrix.set_tight(tight and not wide)
        low = not wide and self.height() - matrix.sizeHint().height() < px(_LOWEST)
        self._controls.setVisible(not low)
        self.matrix.setVisible(bool(fitting) and self._tested and not low)

    def _strip_width(self, tight: bool, stacked: bool) -> float:
        """What words and matrix take beside each other."""
        self.matrix.set_tight(tight)
        return self._words_width(stacked) + self.theme.px(12) + self.matrix.sizeHint().width()

    def _words_width(self, stacked: bool = False) -> float:
        """The widest of the words that may come, in one row or in two."""
        metrics = QFontMetricsF(self._label.font())
        texts = [words.split()[0] if stacked else words for words in _WIDEST_WORDS]
        return max(metrics.horizontalAdvance(text) for text in texts)

    def _restyle(self) -> None:
        self._strip.setSpacing(self.theme.px(8))
        self._layout.setSpacing(self.theme.px(4))
        self._column.setSpacing(self.theme.px(2))
        for label in (self._label, self._accuracy):
            label.setFont(self.theme.font(AXIS_TEXT + 0.5))
        self._arrange()

    def _show_threshold(self) -> None:
        """Everything that follows the threshold."""
        threshold, points = self.threshold, self.picture.points
        self.picture.set_threshold(threshold)
        self.slider.blockSignals(True)
        self.slider.setValue(round(100 * threshold))
        self.slider.blockSignals(False)
        accuracy = points.accuracy(threshold) if points is not None else math.nan
        defined = not math.isnan(accuracy)
        missing = _without_accuracy(points)
        self._rate = f"accuracy {100 * accuracy:.1f} %" if defined else missing
        if points is not None and defined:
            self.matrix.show_counts(points.counts(threshold))
        if (defined, self.matrix.sizeHint()) != (self._tested, self._matrix_size):
            self._tested, self._matrix_size = defined, self.matrix.sizeHint()
            self._arrange()
        self._write_words()

    def _write_words(self) -> None:
        """In two rows where one is too long."""
        for label, words in (
            (self._label, f"threshold {threshold_text(self.threshold)}"),
            (self._accuracy, self._rate),
        ):
            first, _, rest = words.partition(" ")
            label.setText(f"{first}\n{rest}" if self._stacked else words)

    def _request(self, threshold: float) -> None:
        if threshold != self.threshold:
            self._threshold.ask(threshold)
            self._show_threshold()
            self.threshold_requested.emit(threshold)

    def _take_step(self, pixel: QPointF) -> None:
        """The threshold of the point of the curve nearest to the pointer."""
        points = self.picture.points
        if points is not None and self.picture.defined:
            self._request(points.threshold_of(self.picture.nearest_step(pixel)[0]))

    def _move_along(self, steps: int) -> None:
        """To the next point of the test curve, left or right."""
        ring, points = self.picture.ring(), self.picture.points
        if ring is not None and points is not None:
            last = len(points.steps()[0]) - 1
            step = self.picture.nearest_step(ring)[0] + steps
            self._request(points.threshold_of(max(0, min(last, step))))

    @Slot(int)
    def _on_slider_value_changed(self, hundredths: int) -> None:
        self._request(hundredths / 100)

    @Slot(QPointF)
    def _on_plot_pressed(self, pixel: QPointF) -> None:
        if self._within_reach(pixel):
            self._held = True
            self.picture.point_at(None)
            self._take_step(pixel)

    def _within_reach(self, pixel: QPointF) -> bool:
        """Whether a pixel means the ring or the curve it moves along."""
        ring = self.picture.ring()
        if ring is None:
            return False
        near = min((ring - pixel).manhattanLength(), self.picture.nearest_step(pixel)[1])
        return near <= self.theme.px(_REACH)

    @Slot(QPointF)
    def _on_plot_double_clicked(self, pixel: QPointF) -> None:
        if self._within_reach(pixel):
            self._request(_MIDDLE)

    @Slot(QPointF)
    def _on_plot_dragged(self, pixel: QPointF) -> None:
        if self._held:
            self._take_step(pixel)

    @Slot()
    def _on_plot_released(self) -> None:
        self._held = False

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        if self._held or not self.picture.defined:
            return
        step, distance = self.picture.nearest_step(pixel)
        self.picture.point_at(step if distance <= 2 * self.theme.px(_REACH) else None)

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)


def _without_accuracy(points: OperatingPoints | None) -> str:
    """Why there is none; nothing is said before the data are there."""
    if points is None:
        return ""
    return "accuracy not defined" if len(points.y) else "no test set"
