"""The network as a picture that follows the session: drawn, laid out, made into a figure."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.panels.network_edges import Shows
from gui.panels.network_focus import Focus, focus_of
from gui.panels.network_focus import legend as focus_legend
from gui.panels.network_heading import LEGENDS, SAMPLE_AND_LEGEND
from gui.panels.network_layout import Edge, Part, Unit
from gui.panels.network_numbers import ShownNumbers, focused_numbers, shown_numbers
from gui.panels.network_painter import NetworkPainter
from gui.panels.network_picture import NetworkPicture
from gui.panels.network_spotlight import Spotlight
from gui.panels.panel import WAITING, LegendEntry, Panel
from gui.theme import Theme
from model.training.snapshots import Probe, Snapshot


class NetworkCanvas(Panel):
    """Draws the snapshot that was shown last, as far as it changed since the last time."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.shows = Shows.BOTH
        self.debugging = False
        self._snapshot: Snapshot | None = None
        self._numbers: ShownNumbers | None = None
        self._light: Spotlight | None = None
        self._picture: NetworkPicture | None = None
        self._painter = NetworkPainter(theme)

    @property
    def lit(self) -> Part | None:
        """The part that stands out."""
        return None

    @property
    def focus(self) -> Focus | None:
        """The operation that stands out while debugging."""
        if not self.debugging or self._snapshot is None:
            return None
        return focus_of(self._snapshot)

    def legend(self) -> tuple[LegendEntry, ...]:
        """The operation's tensors, or what the switch lets through.

        A sample's values need their room.
        """
        if (focus := self.focus) is not None:
            return focus_legend(focus)
        return () if self._is_crowded() else LEGENDS[self.shows]

    def sizeHint(self) -> QSize:
        """Room for the lab's network."""
        return QSize(self.theme.px(560), self.theme.px(360))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(120))

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self._painter = NetworkPainter(theme)
        self._picture = None
        self._forget_numbers()
        super().apply_theme(theme)

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The picture at any size, without what the mouse lights up."""
        painter.save()
        painter.translate(area.topLeft())
        if self._snapshot is None:
            self._paint_empty(painter, QRectF(0, 0, area.width(), area.height()))
        else:
            picture = NetworkPicture.of(self._snapshot, area.width(), area.height(), self.theme)
            numbers = shown_numbers(self._snapshot, picture.layout)
            light = self._spotlight(self._snapshot, picture, numbers)
            self._painter.paint(painter, picture, numbers, self.shows, light=light)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the current state."""
        painter = QPainter(self)
        if (shown := self._shown) is None:
            self._paint_empty(painter, QRectF(self.rect()))
        else:
            picture = self._current_picture(shown)
            if self._numbers is None:
                self._numbers = shown_numbers(shown, picture.layout)
                self._light = self._spotlight(shown, picture, self._numbers)
            self._painter.paint(painter, picture, self._numbers, self.shows, self.lit, self._light)
        painter.end()

    @property
    def _shown(self) -> Snapshot | None:
        """What is drawn: the session's state, with what the user is about to change in it."""
        return self._snapshot

    @property
    def _probe(self) -> Probe | None:
        return self._snapshot.probe if self._snapshot is not None else None

    def _is_crowded(self) -> bool:
        return self._probe is not None and self.width() < self.theme.px(SAMPLE_AND_LEGEND)

    def _current_picture(self, snapshot: Snapshot) -> NetworkPicture:
        if self._picture is None:
            self._picture = NetworkPicture.of(snapshot, self.width(), self.height(), self.theme)
        return self._picture

    def _spotlight(
        self, snapshot: Snapshot, picture: NetworkPicture, numbers: ShownNumbers
    ) -> Spotlight | None:
        focus = self.focus
        if focus is None:
            return None
        return Spotlight(focus, focused_numbers(numbers, snapshot, picture.layout, focus))

    def _forget_numbers(self) -> None:
        self._numbers = self._light = None

    def _part_at(self, point: QPointF) -> Part | None:
        if self._snapshot is None:
            return None
        return self._current_picture(self._snapshot).part_at(point)

    def _place_of(self, part: Part) -> QPoint:
        if self._snapshot is None:
            return QPoint()
        layout = self._current_picture(self._snapshot).layout
        if isinstance(part, Edge):
            middle = layout.curves[layout.edges.index(part)].mean(axis=0)
            return QPoint(round(middle[0]), round(middle[1]))
        column = layout.columns[part.layer]
        height = column.height_of(part.index) if isinstance(part, Unit) else column.fold_y
        return QPoint(round(column.x), round(height or 0.0))

    def _paint_empty(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self.theme.font(13))
        painter.setPen(QColor(self.theme.secondary))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        margin = self.theme.px(12)
        painter.drawText(area.adjusted(margin, margin, -margin, -margin), int(flags), WAITING)
