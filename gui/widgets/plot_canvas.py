"""Axes, grid and layers in pixels, and the way between pixels and coordinates.

Everything is painted by layers in pixels, so that the same code draws the screen and a figure of
another size; pyqtgraph's ViewBox holds the range and does the panning and zooming.
"""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsView

from gui.theme import Theme
from gui.widgets.axes import Axes
from gui.widgets.plot_layer import GRID_ABOVE, GRID_BELOW, Layer, Paint
from model.arrays import Array

_LONG = 3000
"""Points from which on a line is drawn with fewer strokes."""
_VEIL = 120
"""Strength of grid lines over colours."""


class PlotCanvas(pg.GraphicsView):
    """Two axes and the layers between them."""

    def __init__(
        self, theme: Theme, x_label: str, y_label: str, *, grid_above: bool = False
    ) -> None:
        super().__init__(background=None)
        self.theme = theme
        self.vector = False
        self.extent = QSizeF(1, 1)
        self.axes = Axes(x_label, y_label)
        self._bare = False
        self._layers: list[Layer] = []
        self._grid_above = grid_above
        self._build()
        self.apply_theme(theme)

    def _build(self) -> None:
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(80, 60)
        self.setAntialiasing(True)
        self.frame = pg.GraphicsWidget()
        self.setCentralItem(self.frame)
        self.view = pg.ViewBox(parent=self.frame, enableMenu=False, defaultPadding=0)
        self.view.disableAutoRange()
        self.view.setMouseEnabled(x=False, y=False)
        self.view.sigRangeChanged.connect(self._on_view_range_changed)
        self.add_layer(self._paint_axes, GRID_BELOW)
        self.add_layer(self._paint_grid, GRID_ABOVE if self._grid_above else GRID_BELOW)

    def setAccessibleName(self, name: str) -> None:
        """Name the viewport too, which is what takes the focus for a screen reader."""
        super().setAccessibleName(name)
        self.viewport().setAccessibleName(name)

    def add_layer(self, paint: Paint, z: float = 0, *, cached: bool = False) -> Layer:
        """A drawing between the axes; layers with a higher `z` lie above."""
        layer = Layer(self, paint, z, cached)
        layer.setParentItem(self.frame)
        self._layers.append(layer)
        return layer

    @property
    def rect_of_plot(self) -> QRectF:
        """What lies between the axes, in pixels."""
        return self.axes.rect

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What is shown, ((x low, x high), (y low, y high))."""
        (x0, x1), (y0, y1) = self.view.viewRange()
        return (x0, x1), (y0, y1)

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show this part of the plane; nothing happens where it is shown already."""
        if self.ranges() != (x, y):
            self.view.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=False)

    def set_y_axis(self, *, log: bool, unit: float = 1.0) -> None:
        """With `log`, y is an exponent of ten; tick texts are y times `unit`."""
        if (log, unit) != (self.axes.log, self.axes.unit):
            self.axes.log, self.axes.unit = log, unit
            self.lay_out()

    def set_labels(self, x_label: str, y_label: str) -> None:
        """Name both quantities."""
        if (x_label, y_label) != self.axes.labels:
            self.axes.labels = (x_label, y_label)
            self.lay_out()

    def set_bare(self, bare: bool) -> None:
        """Without axes and grid, for a picture that has nothing to show."""
        if bare != self._bare:
            self._bare = bare
            self.refresh()

    def pixels(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Coordinates as pixels, element by element; non-finite ones stay so."""
        (x0, x1), (y0, y1) = self.ranges()
        rect = self.rect_of_plot
        with np.errstate(over="ignore", invalid="ignore"):
            across = rect.left() + (np.asarray(x, float) - x0) * (rect.width() / (x1 - x0))
            up = rect.bottom() - (np.asarray(y, float) - y0) * (rect.height() / (y1 - y0))
        return across, up

    def pixel(self, x: float, y: float) -> QPointF:
        """One point in pixels."""
        across, up = self.pixels(np.array([x]), np.array([y]))
        return QPointF(float(across[0]), float(up[0]))

    def position(self, pixel: QPointF) -> tuple[float, float]:
        """The coordinates under a pixel."""
        (x0, x1), (y0, y1) = self.ranges()
        rect = self.rect_of_plot
        x = x0 + (pixel.x() - rect.left()) / rect.width() * (x1 - x0)
        y = y0 + (rect.bottom() - pixel.y()) / rect.height() * (y1 - y0)
        return x, y

    def path(self, x: Array, y: Array) -> QPainterPath:
        """A line through the points, with gaps where they are not finite.

        Drawn into a file, the line ends at the frame: SVG knows no clipping here.
        """
        across, up = self.pixels(x, y)
        if self.vector:
            rect = self.rect_of_plot.adjusted(-1, -1, 1, 1)
            inside = (up >= rect.top()) & (up <= rect.bottom())
            inside &= (across >= rect.left()) & (across <= rect.right())
            up = np.where(inside, up, np.nan)
        limit = 1e6
        return pg.arrayToQPath(
            np.clip(across, -limit, limit), np.clip(up, -limit, limit), connect="finite"
        )

    def stroke(self, painter: QPainter, path: QPainterPath, pen: QPen, width: float) -> None:
        """Draw a long line of `width` pixels before scaling.

        Qt strokes a line wider than one pixel some fifty times more slowly, so on the screen a wide
        line is several thin ones, less than a pixel apart.
        """
        wide = width * self.theme.scale
        pen.setWidthF(wide if self.vector else 1.0)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        apart = 0.25 if path.elementCount() < _LONG else 0.5
        passes = 1 if self.vector else max(1, round((wide - 1) / apart) + 1)
        for number in range(passes):
            shift = (number - (passes - 1) / 2) * apart
            painter.translate(shift, shift)
            painter.drawPath(path)
            painter.translate(-shift, -shift)

    def clip(self, painter: QPainter) -> None:
        """Keep what follows between the axes."""
        painter.setClipRect(self.rect_of_plot)

    def lay_out(self) -> None:
        """Place the plot between its axes' texts."""
        self.axes.lay_out(self.extent, *self.ranges(), self.theme)
        self.view.setGeometry(self.rect_of_plot)
        self.refresh()

    def refresh(self) -> None:
        """Draw every layer again."""
        for layer in self._layers:
            layer.resized()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.setBackground(QColor(theme.surface))
        self.lay_out()

    def draw_figure(self, painter: QPainter, area: QRectF) -> None:
        """Draw all layers into `area`, as vectors and without the focus frame."""
        shown = self.extent
        painter.save()
        painter.translate(area.topLeft())
        self.vector, self.extent = True, area.size()
        try:
            self.lay_out()
            for layer in sorted(self._layers, key=lambda layer: layer.zValue()):
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                layer.draw(painter)
                painter.restore()
        finally:
            self.vector, self.extent = False, shown
            self.lay_out()
            painter.restore()

    def _paint_grid(self, painter: QPainter) -> None:
        if not self._bare:
            colour = QColor(self.theme.surface if self._grid_above else self.theme.grid)
            colour.setAlpha(_VEIL if self._grid_above else 255)
            self.axes.paint_grid(painter, self.pixel, QPen(colour, self.theme.px(1)))

    def _paint_axes(self, painter: QPainter) -> None:
        if not self._bare:
            self.axes.paint_texts(painter, self.pixel, self.extent, self.theme)

    def _on_view_range_changed(self) -> None:
        self.lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "view"):
            self.extent = QSizeF(self.size())
            self.lay_out()
