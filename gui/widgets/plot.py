"""The plot that the panels share: a themed canvas that tells of the mouse in pixels."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen

from gui.theme import Theme
from gui.widgets.plot_canvas import PlotCanvas

_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
"""Who came here by the keyboard needs to see where the keys go."""


class PlotWidget(PlotCanvas):
    """Two axes and the layers between them.

    Signals give positions in pixels: `hovered` inside the plot, `unhovered` when the pointer leaves
    it, `pressed`, `dragged`, `released` for the left button, `clicked` for a press without a
    movement; `zoomed` says that the user changed the range.
    """

    hovered = Signal(QPointF)
    unhovered = Signal()
    pressed = Signal(QPointF)
    dragged = Signal(QPointF)
    released = Signal()
    clicked = Signal(QPointF)
    double_clicked = Signal(QPointF)
    zoomed = Signal()

    def __init__(
        self, theme: Theme, x_label: str, y_label: str, *, grid_above: bool = False
    ) -> None:
        super().__init__(theme, x_label, y_label, grid_above=grid_above)
        self._press: QPointF | None = None
        self._by_key = False
        self.view.sigRangeChangedManually.connect(self._on_view_zoomed)
        self.add_layer(self._paint_focus, 100)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        inside = self.rect_of_plot.contains(event.position())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self._press = event.position()
            self.pressed.emit(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._press is not None:
            self.dragged.emit(event.position())
        if self.rect_of_plot.contains(event.position()):
            self.hovered.emit(event.position())
        else:
            self.unhovered.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        press, self._press = self._press, None
        if press is not None:
            self.released.emit()
            if (event.position() - press).manhattanLength() < 4:
                self.clicked.emit(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.double_clicked.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.unhovered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys belong to the panel, not to the scroll area that this is."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_key = event.reason() in _BY_KEY
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.refresh()

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip is for the axes; between them the read-out speaks."""
        if isinstance(event, QHelpEvent) and self.rect_of_plot.contains(event.pos()):
            return True
        return super().viewportEvent(event)

    def _paint_focus(self, painter: QPainter) -> None:
        if self._by_key and self.hasFocus() and not self.vector:
            painter.setPen(QPen(QColor(self.theme.accent), self.theme.px(1)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect_of_plot.adjusted(-1, -1, 1, 1))

    def _on_view_zoomed(self) -> None:
        self.zoomed.emit()
