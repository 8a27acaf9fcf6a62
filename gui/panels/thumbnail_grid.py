"""How thumbnails of equal size fill a panel."""

import math
from typing import Final

from PySide6.QtCore import QSizeF

from gui.panels.thumbnail_picture import FOOT, HEAD, PADDING
from gui.theme import Theme

_WIDEST: Final = 1.45
"""Width of a picture as a multiple of its height, at most."""
_UPRIGHT: Final = 0.8
"""Height of a picture as a multiple of its width, where they scroll."""


def fitting(count: int, room: QSizeF, least: QSizeF, theme: Theme) -> tuple[int, QSizeF]:
    """The number of columns with which the pictures are largest, and the size of a thumbnail.

    Where not all of them fit, as many columns as there is room for, in rows of equal length.
    """
    margin = 2 * theme.px(PADDING)
    lines = theme.px(HEAD) + theme.px(FOOT) + margin
    most = max(1, min(count, int(room.width() // least.width())))

    def size(columns: int, height: float) -> QSizeF:
        widest = _WIDEST * (height - lines) + margin
        return QSizeF(min(room.width() / columns, widest), height)

    whole = []
    for columns in range(1, most + 1):
        height = room.height() / math.ceil(count / columns)
        if height >= least.height():
            found = size(columns, height)
            side = min(found.width() - margin, found.height() - lines)
            whole.append((side, columns, found))
    if whole:
        _, columns, largest = max(whole, key=lambda found: found[:2])
        return columns, largest
    columns = math.ceil(count / math.ceil(count / most))
    high = (room.width() / columns - margin) * _UPRIGHT + lines
    return columns, size(columns, max(least.height(), min(room.height(), high)))
