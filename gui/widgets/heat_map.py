"""A probability over the plane as colours."""

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from gui.theme import Theme
from gui.widgets.plot import HEAT, PlotWidget
from model.arrays import Array
from model.training.snapshots import DecisionGrid

_NOT_A_NUMBER = 256
"""The place behind the 256 colours: neither class, told apart by its grey and named in words."""


class HeatMap:
    """A layer that shows a grid with its nodes at the middles of the image's pixels.

    The colours run over the fixed range 0 … 1.
    """

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self._grid: DecisionGrid | None = None
        self._image = QImage()
        self._colours = _colours(plot.theme)
        self._layer = plot.add_layer(self._paint, HEAT)

    def show_grid(self, grid: DecisionGrid | None) -> None:
        """Draw this grid, or nothing."""
        self._grid = grid if grid is not None and grid.probability.size else None
        self._render()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self._colours = _colours(theme)
        self._render()

    def _render(self) -> None:
        if self._grid is not None:
            self._image = _image(self._grid.probability, self._colours)
        self._layer.update()

    def _paint(self, painter: QPainter) -> None:
        if self._grid is None:
            return
        plot, grid = self._plot, self._grid
        corner = plot.pixel(grid.x[0], grid.y[-1])
        target = QRectF(corner, plot.pixel(grid.x[-1], grid.y[0]))
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


def _colours(theme: Theme) -> np.ndarray:
    """Pixels as 0xffRRGGBB, (257,)."""
    colours = theme.probability_colours().astype(np.uint32)
    packed = 0xFF000000 | colours[:, 0] << 16 | colours[:, 1] << 8 | colours[:, 2]
    return np.append(packed, np.uint32(QColor(theme.zero).rgb())).astype(np.uint32)


def _image(probability: Array, colours: np.ndarray) -> QImage:
    """Row 0 of `probability` (rows, columns) is the lowest line of the image."""
    finite = np.isfinite(probability)
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.clip(np.where(finite, probability, 0.0), 0.0, 1.0) * 255
    places = np.where(finite, np.rint(share).astype(np.intp), _NOT_A_NUMBER)
    pixels = np.ascontiguousarray(colours[places[::-1]])
    rows, columns = pixels.shape
    stride = pixels.strides[0]
    return QImage(pixels.data, columns, rows, stride, QImage.Format.Format_RGB32).copy()
