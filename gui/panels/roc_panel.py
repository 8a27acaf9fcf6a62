"""ROC of both shares of the data, and the threshold that is chosen on it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from gui.panels.panel import Panel, Wants
from gui.panels.roc_picture import RocPicture
from gui.panels.roc_strip import UNBOUNDED, RocStrip
from gui.theme import Theme
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.wish import Wish
from model.training.snapshots import Snapshot

_REACH: Final = 14
"""Pixels from the test curve within which a press takes the ring."""
_ROOM: Final = 0.02
"""Margin round the unit square, so that lines along its sides are seen whole."""
_SQUARE: Final = 1.25
"""How much wider than high the plot may be."""
_MIDDLE: Final = 0.5


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
        self.strip = RocStrip(theme)
        self.slider, self.matrix = self.strip.slider, self.strip.matrix
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.plot, 1)
        self._layout.addWidget(self.strip)
        self._layout.addStretch()
        self.setFocusProxy(self.plot)
        self._connect()
        self._restyle()
        self._show_threshold()

    def _connect(self) -> None:
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
        self._restyle()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The plot, and beside it threshold, accuracy and confusion matrix."""
        gap = self.theme.px(16)
        plot = area.adjusted(0, 0, -self.strip.width_in_figure() - 2 * gap, 0)
        self.plot.draw_figure(painter, plot)
        self.strip.draw(painter, QPointF(plot.right() + gap, area.top() + gap))

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
        beside = self.strip.width_in_figure() + self.theme.px(32)
        wide = self.width() - beside > 0.95 * self.height()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._layout.setDirection(across if wide else down)
        self._layout.setStretch(0, 1000)
        self._layout.setStretch(2, 1 if wide else 0)
        widest = self.plot.axes.widest_extent(self.height()) if wide else UNBOUNDED
        self.plot.setMaximumWidth(max(self.plot.minimumWidth(), round(widest)))
        self.strip.arrange(self.width(), self.height(), beside=wide)

    def _restyle(self) -> None:
        self.strip.apply_theme(self.theme)
        self._layout.setSpacing(self.theme.px(4))
        self._arrange()

    def _show_threshold(self) -> None:
        """Everything that follows the threshold."""
        self.picture.set_threshold(self.threshold)
        if self.strip.show_threshold(self.threshold, self.picture.points):
            self._arrange()

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
