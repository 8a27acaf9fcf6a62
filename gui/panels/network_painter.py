"""Draws a prepared network picture with the numbers of one snapshot."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter

from gui.panels.network_edges import EdgePainter, Shows
from gui.panels.network_layout import Edge, Part
from gui.panels.network_numbers import ShownNumbers
from gui.panels.network_picture import NetworkPicture
from gui.panels.network_spotlight import Spotlight, SpotlightPainter
from gui.panels.network_units import UnitPainter
from gui.theme import Theme


class NetworkPainter:
    """The drawing itself; holds only what follows from the theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._edges = EdgePainter(theme)
        self._units = UnitPainter(theme)
        self._spotlight = SpotlightPainter(theme)

    def paint(
        self,
        painter: QPainter,
        picture: NetworkPicture,
        numbers: ShownNumbers,
        shows: Shows,
        lit: Part | None = None,
        light: Spotlight | None = None,
    ) -> None:
        """Draw everything; `lit` stands out in the accent colour.

        With a `light` the operation in it stands out from all the rest, whatever `shows` says.
        """
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if light is None:
            edge = lit if isinstance(lit, Edge) else None
            self._edges.paint(painter, picture, numbers, shows, edge)
            self._units.paint(painter, picture, numbers, lit)
        else:
            self._spotlight.paint(painter, picture, numbers, light, lit)
        self._paint_captions(painter, picture)
        painter.restore()

    def _paint_captions(self, painter: QPainter, picture: NetworkPicture) -> None:
        painter.setFont(picture.caption_font)
        painter.setPen(QColor(self.theme.secondary))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        for layer, lines in enumerate(picture.captions):
            if lines:
                box = picture.caption_rect(layer).adjusted(-1, 0, 1, 0)
                painter.drawText(box, int(flags) | Qt.TextFlag.TextDontClip, "\n".join(lines))
