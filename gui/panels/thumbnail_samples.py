"""The samples over the small pictures of a race, drawn once for all pictures that share them."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF

from gui.panels.boundary_samples import CAPS, draw_dots
from gui.theme import Theme
from model.data.dataset import Dataset
from model.training.snapshots import DecisionGrid

_MOST: Final = 250
"""Samples drawn: more of them would hide the colours of a small picture."""
_SIZE: Final = 4.5
_SMALLER: Final = 42
"""Pixels of width for each pixel of a dot, in pictures that are smaller than usual."""
_KEPT: Final = 40
"""Pixmaps kept; the runs of a race mostly share one."""


class SamplesPixmaps:
    """Pixmaps of the test set, or of the training set where there is no test set."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], tuple[Dataset, QPixmap]] = {}

    def pixmap(self, data: Dataset, grid: DecisionGrid, size: QSize, theme: Theme) -> QPixmap:
        """The samples on nothing, for a picture of this size over the grid's rectangle."""
        corners = (grid.x[0], grid.x[-1], grid.y[0], grid.y[-1])
        key = (id(data), *map(float, corners), size.toTuple(), theme.name, theme.scale)
        if key not in self._made:
            while len(self._made) >= _KEPT:
                self._made.pop(next(iter(self._made)))
            # The data are kept beside it, so that their id is not given to others.
            self._made[key] = data, _drawn(data, grid, size, theme)
        return self._made[key][1]


def _drawn(data: Dataset, grid: DecisionGrid, size: QSize, theme: Theme) -> QPixmap:
    X, y = (data.X_test, data.y_test) if len(data.y_test) else (data.X_train, data.y_train)
    shown = np.linspace(0, len(y) - 1, min(len(y), _MOST)).astype(int)
    X, y = X[shown], y[shown]
    across = (X[:, 0] - grid.x[0]) / (grid.x[-1] - grid.x[0]) * size.width()
    up = size.height() - (X[:, 1] - grid.y[0]) / (grid.y[-1] - grid.y[0]) * size.height()
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for label, cap, role, share in CAPS:
        mine = zip(across[y == label].tolist(), up[y == label].tolist(), strict=True)
        points = QPolygonF([QPointF(*at) for at in mine])
        dot = min(_SIZE * theme.scale, size.width() / _SMALLER) * share
        draw_dots(
            painter, points, QColor(theme.surface), dot + min(1.5 * theme.scale, dot / 2), cap
        )
        draw_dots(painter, points, QColor(getattr(theme, role)), dot, cap)
    painter.end()
    return pixmap
