"""Where direct labels stand: clear of each other and of the curves, whole inside the plot."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from model.arrays import Array


def place_of(
    label: QSizeF,
    corners: Sequence[QPointF],
    inside: QRectF,
    taken: Sequence[QRectF],
    points: Array,
) -> QRectF | None:
    """The box of a label at the upper left corner that covers fewest curve points, the first best.

    Corners are moved `inside` first; `points` (n, 2) are pixels of the curves. None where the label
    is too large or would touch a `taken` box at each corner.
    """
    if label.width() > inside.width() or label.height() > inside.height():
        return None
    best, fewest = None, len(points) + 1
    for corner in corners:
        box = QRectF(_moved_in(corner, label, inside), label)
        if any(box.intersects(other) for other in taken):
            continue
        hidden = covered(box, points)
        if hidden < fewest:
            best, fewest = box, hidden
        if not hidden:
            break
    return best


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Places in [low, high] as near to the ascending `wanted` as is possible `apart`.

    Neighbours that are too near become one group round their common middle (pool adjacent
    violators); where there is no room for all, they stand evenly between the ends.
    """
    count = len(wanted)
    if count > 1 and apart * (count - 1) > high - low:
        return [float(place) for place in np.linspace(low, high, count)]
    groups: list[tuple[float, int]] = []
    for number, place in enumerate(wanted):
        middle, size = place - number * apart, 1
        while groups and groups[-1][0] > middle:
            other, others = groups.pop()
            middle, size = (middle * size + other * others) / (size + others), size + others
        groups.append((middle, size))
    last = high - apart * (count - 1)
    firsts = [max(low, min(last, middle)) for middle, size in groups for _ in range(size)]
    return [first + number * apart for number, first in enumerate(firsts)]


def _moved_in(corner: QPointF, label: QSizeF, inside: QRectF) -> QPointF:
    return QPointF(
        max(inside.left(), min(corner.x(), inside.right() - label.width())),
        max(inside.top(), min(corner.y(), inside.bottom() - label.height())),
    )


def covered(box: QRectF, points: Array) -> int:
    """How many of the points (n, 2) lie under a box."""
    x, y = points[:, 0], points[:, 1]
    inside = (x > box.left()) & (x < box.right()) & (y > box.top()) & (y < box.bottom())
    return int(inside.sum())
