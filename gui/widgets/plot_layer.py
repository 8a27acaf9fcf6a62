"""A drawing over a whole plot, in pixels."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

Paint = Callable[[QPainter], None]
GRID_BELOW, HEAT, GRID_ABOVE = -10, -8, -6
"""Heights of the layers under the data, which begin at 0."""


class Plane(Protocol):
    """What a layer lies over."""

    extent: QSizeF


class Layer(QGraphicsObject):
    """One drawing over the whole plot, in pixels; `cached` keeps its pixels until `update()`."""

    def __init__(self, plot: "Plane", paint: Paint, z: float, cached: bool) -> None:
        super().__init__()
        self._plot = plot
        self.draw = paint
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        if cached:
            self.setCacheMode(QGraphicsObject.CacheMode.DeviceCoordinateCache)

    def boundingRect(self) -> QRectF:
        return QRectF(QPointF(0, 0), self._plot.extent)

    def resized(self) -> None:
        """The plot has another size, so has this layer."""
        self.prepareGeometryChange()
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self.draw(painter)
