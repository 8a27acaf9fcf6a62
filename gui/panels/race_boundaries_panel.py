"""The decision boundaries of all runs of a race beside each other."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRectF, QSizeF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panels.race_panel import RacePanel
from gui.panels.race_thumbnail import RaceThumbnail
from gui.panels.run_face import face_of
from gui.panels.thumbnail_grid import fitting
from gui.panels.thumbnail_picture import ThumbnailPainter, label_margins, label_width
from gui.race_words import BETWEEN, axes_words, long_label, short_label
from gui.run_colours import run_colours
from gui.theme import Theme
from gui.widgets.labels import paint_message
from gui.widgets.overlay_scroll import OverlayScrollArea
from gui.widgets.short_names import shortened_parts
from model.lab.race_snapshot import RaceSnapshot

EMPTY: Final = "Choose what varies at the left: every run has its decision boundary here."
_LEAST: Final = (92, 112)
"""Width and height below which a thumbnail is not shrunk: there is a scroll bar then."""
_LONGEST: Final = 170
"""Up to this width a thumbnail is wide enough for its label."""


class RaceBoundariesPanel(RacePanel):
    """One thumbnail a run, as large as the room allows; they wrap, and scroll if need be."""

    name = "race_boundaries"
    title = "Decision boundaries"
    keys = (
        (("←", "→", "↑", "↓"), "The run beside, above or below"),
        (("Enter",), "Highlight the run"),
        (("Shift+Enter",), "Open the run in the debugger"),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._race: RaceSnapshot | None = None
        self._highlighted: int | None = None
        self._painter = ThumbnailPainter()
        self._colours: tuple[QColor, ...] = ()
        self._columns = 1
        self._short: tuple[str, ...] = ()
        self.thumbnails: list[RaceThumbnail] = []
        self._scroll = OverlayScrollArea(self)
        self._page = QWidget()
        self._scroll.setWidget(self._page)
        self._scroll.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)

    def show_race(self, race: RaceSnapshot) -> None:
        for piece in self.pieces(race):
            piece()

    def pieces(self, race: RaceSnapshot) -> Iterator[Callable[[], object]]:
        yield lambda: self._take(race)
        for number in range(len(race.runs)):
            yield partial(self._draw, race, number)

    def _take(self, race: RaceSnapshot) -> None:
        """Room for all runs of this race."""
        before, self._race = self._race, race
        another = before is None or before.generation != race.generation
        if another:
            # Before the thumbnails, which are placed as soon as they can be seen.
            self._short = tuple(short_label(race, run) for run in race.runs)
        if len(self.thumbnails) != len(race.runs):
            self._make_thumbnails(len(race.runs))
        if another:
            for thumbnail, run in zip(self.thumbnails, race.runs, strict=True):
                thumbnail.name(long_label(race, run))
            self._place()
        self.set_subtitle(f"by {axes_words(race.axes)}" if race.axes else "")
        self._colours = run_colours(race, self.theme)

    def _draw(self, race: RaceSnapshot, number: int) -> None:
        face = face_of(race, race.runs[number], self._colours[number])
        self.thumbnails[number].show_face(face)

    def highlight(self, number: int | None) -> None:
        self._highlighted = number
        for at, thumbnail in enumerate(self.thumbnails):
            thumbnail.set_place(framed=at == number, faded=number is not None and at != number)
        if number is not None and number < len(self.thumbnails):
            self._scroll.ensureWidgetVisible(self.thumbnails[number], 0, 0)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for thumbnail in self.thumbnails:
            thumbnail.apply_theme(theme)
        if self._race is not None:
            self.show_race(self._race)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: object) -> None:
        if not self.thumbnails:
            paint_message(QPainter(self), EMPTY, QRectF(self.rect()), self.theme)

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        if not self.thumbnails:
            paint_message(painter, EMPTY, area, self.theme)
            return
        columns, size = fitting(len(self.thumbnails), area.size(), QSizeF(1, 1), self.theme)
        for number, thumbnail in enumerate(self.thumbnails):
            row, column = divmod(number, columns)
            corner = QPoint(round(column * size.width()), round(row * size.height()))
            painter.save()
            thumbnail.paint(painter, QRectF(area.topLeft() + corner, size))
            painter.restore()

    def _make_thumbnails(self, count: int) -> None:
        for thumbnail in self.thumbnails:
            thumbnail.hide()
            thumbnail.deleteLater()
        self.thumbnails = [
            RaceThumbnail(self._painter, self.theme, self._page) for _ in range(count)
        ]
        for thumbnail in self.thumbnails:
            thumbnail.clicked.connect(self._on_thumbnail_clicked)
            thumbnail.opened.connect(self._on_thumbnail_opened)
            thumbnail.walked.connect(self._on_thumbnail_walked)
            thumbnail.show()
        self._scroll.setVisible(count > 0)
        self.highlight(self._highlighted)
        self.update()

    def _place(self) -> None:
        """As large as all of them fit, in rows from left to right."""
        if not self.thumbnails:
            return
        self._columns, size = self._fitting(QSizeF(self.size()))
        for thumbnail, title in zip(
            self.thumbnails, self._titles(size.width() - label_margins(self.theme)), strict=True
        ):
            thumbnail.set_title(title)
        rows = math.ceil(len(self.thumbnails) / self._columns)
        for number, thumbnail in enumerate(self.thumbnails):
            row, column = divmod(number, self._columns)
            thumbnail.setGeometry(
                round(column * size.width()),
                round(row * size.height()),
                round(size.width()),
                round(size.height()),
            )
        self._page.setMinimumHeight(math.floor(rows * size.height()))

    @Slot()
    def _on_thumbnail_clicked(self) -> None:
        number = self._number_of(self.sender())
        self.run_chosen.emit(None if number == self._highlighted else number)

    @Slot()
    def _on_thumbnail_opened(self) -> None:
        self.run_opened.emit(self._number_of(self.sender()))

    @Slot(int)
    def _on_thumbnail_walked(self, key: int) -> None:
        across, down = _STEPS[Qt.Key(key)]
        target = self._number_of(self.sender()) + across + down * self._columns
        if 0 <= target < len(self.thumbnails):
            self.thumbnails[target].setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(self.thumbnails[target], 0, 0)

    def _fitting(self, room: QSizeF) -> tuple[int, QSizeF]:
        """Columns and size of the thumbnails, none narrower than the labels want."""
        theme = self.theme
        widest = max(label_width(n, theme) for n in self._short) + label_margins(theme)
        width = min(theme.px(_LONGEST), max(theme.px(_LEAST[0]), widest))
        count, least = len(self.thumbnails), QSizeF(width, theme.px(_LEAST[1]))
        columns, size = fitting(count, room, least, theme)
        if math.ceil(count / columns) * size.height() > room.height() + 1:
            # The scroll bar lies over the right edge.
            room.setWidth(room.width() - self._scroll.bar.sizeHint().width())
            columns, size = fitting(count, room, least, theme)
        return columns, size

    def _titles(self, room: float) -> list[str]:
        """The labels, or all of them without what the heading says, cut where that is too long."""
        labels = [thumbnail.face.label for thumbnail in self.thumbnails]
        width_of = partial(label_width, theme=self.theme)
        if all(width_of(label) <= room for label in labels):
            return labels
        parts = [name.split(BETWEEN) for name in self._short]
        return shortened_parts(parts, BETWEEN, width_of, room)

    def _number_of(self, thumbnail: QObject) -> int:
        return self.thumbnails.index(thumbnail)  # type: ignore[arg-type]


_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
