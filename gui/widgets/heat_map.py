"""A quantity over the plane as colours, a probability where nothing else is said."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from gui.theme import Theme
from gui.widgets.plot import PlotWidget
from gui.widgets.plot_layer import HEAT
from model.arrays import Array
from model.training.snapshots import DecisionGrid

_NOT_A_NUMBER = 256
"""The place behind the 256 colours: neither class, told apart by its grey and named in words."""


class HeatMap:
    """A layer that shows a grid with its nodes at the middles of the image's pixels.

    The colours run over the fixed range 0 … 1; `colours` gives them for a theme as (257,) pixels.
    """

    def __init__(
        self, plot: PlotWidget, colours: Callable[[Theme], np.ndarray] | None = None
    ) -> None:
        self._plot = plot
        self._values: tuple[Array, Array, Array] | None = None
        self._image = QImage()
        self._colours_of = colours or heat_colours
        self._colours = self._colours_of(plot.theme)
        self._layer = plot.add_layer(self._paint, HEAT)

    def show_grid(self, grid: DecisionGrid | None) -> None:
        """Draw this grid, or nothing."""
        self.show_values(None if grid is None else (grid.x, grid.y, grid.probability))

    def show_values(self, values: tuple[Array, Array, Array] | None) -> None:
        """Draw x (columns,), y (rows,) and shares 0 … 1 (rows, columns), or nothing."""
        self._values = values if values is not None and values[2].size else None
        self._render()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self._colours = self._colours_of(theme)
        self._render()

    def _render(self) -> None:
        if self._values is not None:
            self._image = heat_image(self._values[2], self._colours)
        self._layer.update()

    def _paint(self, painter: QPainter) -> None:
        if self._values is None:
            return
        plot, (x, y, _) = self._plot, self._values
        target = QRectF(plot.pixel(x[0], y[-1]), plot.pixel(x[-1], y[0]))
        if plot.vector:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, self._enlarged(target.size().toSize() * 2))
            return
        painter.setClipRect(plot.rect_of_plot)
        self._draw(painter, target)

    def _draw(self, painter: QPainter, target: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(self._image.rect())
        painter.drawImage(target, self._image, whole.adjusted(0.5, 0.5, -0.5, -0.5))

    def _enlarged(self, size: QSize) -> QImage:
        """The part between the outer nodes; SVG viewers differ in how they cut an image."""
        image = QImage(size, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        self._draw(painter, QRectF(image.rect()))
        painter.end()
        return image


def heat_colours(theme: Theme) -> np.ndarray:
    """Pixels as 0xffRRGGBB, (257,)."""
    colours = theme.probability_colours().astype(np.uint32)
    packed = 0xFF000000 | colours[:, 0] << 16 | colours[:, 1] << 8 | colours[:, 2]
    return np.append(packed, np.uint32(QColor(theme.zero).rgb())).astype(np.uint32)


def heat_image(probability: Array, colours: np.ndarray) -> QImage:
    """Row 0 of `probability` (rows, columns) is the lowest line of the image."""
    finite = np.isfinite(probability)
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.clip(np.where(finite, probability, 0.0), 0.0, 1.0) * 255
    places = np.where(finite, np.rint(share).astype(np.intp), _NOT_A_NUMBER)
    pixels = np.ascontiguousarray(colours[places[::-1]])
    rows, columns = pixels.shape
    stride = pixels.strides[0]
    return QImage(pixels.data, columns, rows, stride, QImage.Format.Format_RGB32).copy()
