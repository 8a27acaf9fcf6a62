"""The loss around the present weights: a plane to look at, computed on request."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.panels import surface_words as words
from gui.panels.inspector_actions import SmallAction
from gui.panels.panel import Panel
from gui.panels.surface_elements import ElementFields, shapes_of
from gui.panels.surface_picture import SurfacePicture
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.colour_bar import ColourBar
from gui.widgets.elided_label import SEPARATOR, ElidedLabel
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from model.analysis.loss_surface import LossSurface, Plane, SurfaceRequest
from model.errors import BackscopeError
from model.training.snapshots import Snapshot, State

Standing = tuple[int, int, SurfaceRequest]
"""Generation, iteration and plane of a surface."""

_TEXT: Final = 11.5
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_LOW: Final = 150
"""Pixels of height before scaling below which the plot needs the room of the line below it."""


class SurfacePanel(Panel):
    """A loss surface, of which state it is, and the controls of its plane.

    `surface_requested` carries a SurfaceRequest; each is answered by `show_surface` or
    `show_error`, and there is one at a time for the same state and plane.
    """

    name = "surface"
    title = "Loss surface"
    keys = (
        (("R",), "Compute the surface of the present state"),
        (("F",), "Follow the present state, or not"),
        (("N",), "New random directions"),
        (("←", "→", "↑", "↓"), "Loss and position of a point"),
        (("Esc",), "Let go of the point"),
    )

    surface_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._snapshot: Snapshot | None = None
        self._asked: Standing | None = None
        self._refused: Standing | None = None
        self._request = SurfaceRequest()
        self._build(theme)
        self._connect()
        self._restyle()

    def _build(self, theme: Theme) -> None:
        self.plot = PlotWidget(theme, "", "", grid_above=True)
        self.plot.setAccessibleName("Loss surface")
        self.plot.setToolTip(
            "Colours and lines are the loss on a plane through the present weights; the white line"
            " is the way that led there. Point anywhere, or press the arrow keys, for the numbers."
        )
        self.plot.set_bare(True)
        self.picture = SurfacePicture(self.plot)
        self.bar = ColourBar("Loss J", self.plot, theme, self)
        self._plane = ChoiceButton("Plane", tuple(words.PLANES), theme)
        self._plane.setToolTip("The two directions that span the plane")
        self.again = SmallAction(words.AGAIN, theme)
        self.follow = SmallAction(words.FOLLOW, theme)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.refresh_action = SmallAction(words.REFRESH, theme)
        self.elements = ElementFields(self._request.first, self._request.second, theme, self)
        self.error, self.caption = QLabel(self), ElidedLabel(self)
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setMinimumWidth(1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.plot, 1)
        row.addWidget(self.bar)
        self._column = QVBoxLayout(self)
        self._rows = tuple(QHBoxLayout() for _ in range(3))
        for line, widget in zip(self._rows, (self.elements, self.error, self.caption), strict=True):
            line.addWidget(widget)
        self._column.addLayout(self._rows[0])
        self._column.addLayout(row, 1)
        self._column.addLayout(self._rows[1])
        self._column.addLayout(self._rows[2])
        self.elements.hide()
        self.error.hide()
        self.again.hide()
        self.setFocusProxy(self.plot)

    def _connect(self) -> None:
        self._plane.chosen.connect(self._on_plane_chosen)
        self.again.clicked.connect(self._on_again_clicked)
        self.follow.toggled.connect(self._on_follow_toggled)
        self.refresh_action.clicked.connect(self.ask)
        self.elements.changed.connect(self._on_elements_changed)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)

    @property
    def request(self) -> SurfaceRequest:
        """The plane that is chosen."""
        return self._request

    @property
    def stale(self) -> bool:
        """Whether what is drawn is of another state or plane than the one that is wanted."""
        return self._drawn() != self._wanted()

    def head_widgets(self) -> tuple[QWidget, ...]:
        return self._plane, self.again, self.follow, self.refresh_action

    def choose_plane(self, plane: Plane) -> None:
        """Choose a plane, as from its button."""
        self._plane.choose(next(word for word, entry in words.PLANES.items() if entry is plane))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Only notes whether the surface still belongs to what is shown, and may ask for another.

        A running session is not followed: each surface would be old before it is there.
        """
        first = self._snapshot is None
        self._snapshot = snapshot
        shapes = shapes_of(snapshot)
        if first or self._request.plane is Plane.TWO_WEIGHTS:
            self.elements.set_shapes(shapes)
            self._take_elements()
        self._say_standing()
        self._catch_up()

    @Slot(object)
    def show_surface(self, surface: LossSurface) -> None:
        """The answer to `surface_requested`."""
        self._asked = self._refused = None
        self._say_error("")
        self.picture.take(surface)
        self.bar.show_scale(self.picture.scale)
        parts = (words.range_text(surface), words.path_text(surface))
        self.caption.set_text(SEPARATOR.join(part for part in parts if part))
        self._say_standing()
        self._catch_up()

    @Slot(object)
    def show_error(self, error: BackscopeError) -> None:
        """The surface could not be computed; what was drawn before stays."""
        self._refused, self._asked = self._asked or self._wanted(), None
        hint = f" {error.hint[:1].upper()}{error.hint[1:]}." if error.hint else ""
        self._say_error(f"✗ {error.message.rstrip('.')}.{hint}")
        self._say_standing()

    @Slot()
    def ask(self) -> None:
        """Ask for the surface of the present state, unless that is being computed."""
        wanted = self._wanted()
        if wanted is None or wanted == self._asked:
            return
        self._asked = wanted
        self._say_standing()
        self.surface_requested.emit(self._request)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for part in (self._plane, self.again, self.follow, self.refresh_action, self.elements):
            part.apply_theme(theme)
        self.plot.apply_theme(theme)
        self.bar.apply_theme(theme)
        self.picture.apply_theme(theme)
        self._restyle()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """Plot, colour bar and the line below them."""
        font = self.theme.font(_TEXT)
        line = 1.6 * QFontMetricsF(font).height()
        wide = self.bar.width_of(area.height())
        plot = area.adjusted(0, 0, -wide, -line)
        self.plot.draw_figure(painter, plot)
        # The frame for this size is known after the axes were laid out for it only.
        self.plot.axes.lay_out(plot.size(), *self.plot.ranges(), self.theme)
        frame = self.plot.rect_of_plot.translated(plot.topLeft())
        self.plot.lay_out()
        self.bar.draw(painter, QRectF(plot.right(), frame.top(), wide, frame.height()))
        painter.setFont(font)
        painter.setPen(QColor(self.theme.secondary))
        below = QRectF(area.left() + line / 2, area.bottom() - line, area.width() - line, line)
        text = QFontMetricsF(font).elidedText(
            self.caption.text, Qt.TextElideMode.ElideRight, below.width()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS and self.picture.surface is not None:
            self._move(*_ARROWS[key])
        elif (act := self._keys().get(key)) is not None and not event.modifiers():
            act()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.caption.setVisible(self.height() >= self.theme.px(_LOW))

    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        return {
            Qt.Key.Key_R: self.ask,
            Qt.Key.Key_F: self.follow.toggle,
            Qt.Key.Key_N: self._on_again_clicked,
            Qt.Key.Key_Escape: lambda: self.picture.point_at(None),
        }

    def _wanted(self) -> Standing | None:
        snapshot = self._snapshot
        if snapshot is None:
            return None
        return snapshot.generation, snapshot.iteration, self._request

    def _drawn(self) -> Standing | None:
        surface = self.picture.surface
        if surface is None:
            return None
        return surface.generation, surface.iteration, surface.request

    def _catch_up(self) -> None:
        """Ask by itself where the run stands, and never again for what was refused."""
        standing = self._snapshot is not None and self._snapshot.state is not State.RUNNING
        idle = self._asked is None and self._wanted() != self._refused
        if self.follow.isChecked() and standing and idle and self.stale and self.isVisible():
            self.ask()

    def _say_standing(self) -> None:
        """Of which state the surface is, and whether another is on its way."""
        surface, snapshot = self.picture.surface, self._snapshot
        waiting = self._asked is not None
        note = ""
        if surface is not None and snapshot is not None and self.stale:
            moved = (surface.generation, surface.iteration) != (
                snapshot.generation,
                snapshot.iteration,
            )
            stale = words.stale_text(surface, snapshot.epoch) if moved else ""
            note = words.COMPUTING if waiting else stale or words.OTHER_PLANE
        self.picture.say(message=words.COMPUTING if waiting else words.EMPTY, note=note)
        if surface is not None:
            epoch = words.epoch_of(surface)
            of = [] if epoch is None else [f"epoch {grouped(epoch)}"]
            self.set_subtitle(SEPARATOR.join([*of, surface.request.plane.value]))

    def _say_error(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _take_elements(self) -> None:
        fields = self.elements
        self._request = replace(self._request, first=fields.first.place, second=fields.second.place)

    def _move(self, across: int, up: int) -> None:
        """The cursor starts at the present state, in the middle, and stays on the grid."""
        surface = self.picture.surface
        assert surface is not None
        if self.picture.cursor is None:
            self.picture.point_at(self.picture.node_at(self.plot.pixel(0.0, 0.0)))
            return
        column, row = self.picture.cursor
        most_across, most_up = len(surface.x) - 1, len(surface.y) - 1
        self.picture.point_at(
            (max(0, min(most_across, column + across)), max(0, min(most_up, row + up)))
        )

    def _restyle(self) -> None:
        theme = self.theme
        self._column.setContentsMargins(0, theme.px(2), 0, theme.px(4))
        self._column.setSpacing(theme.px(2))
        self.caption.set_look(theme.font(_TEXT), QColor(theme.secondary))
        side = theme.px(12)
        for line in self._rows:
            line.setContentsMargins(side, 0, theme.px(8), 0)
        self.error.setFont(theme.font(_TEXT))
        self.error.setStyleSheet(f"color: {theme.failure};")

    @Slot(str)
    def _on_plane_chosen(self, word: str) -> None:
        plane = words.PLANES[word]
        self._request = replace(self._request, plane=plane)
        self.elements.setVisible(plane is Plane.TWO_WEIGHTS)
        self.again.setVisible(plane is Plane.RANDOM)
        self.heading_changed.emit()
        self.ask()

    @Slot()
    def _on_elements_changed(self) -> None:
        self._take_elements()
        self.ask()

    @Slot()
    def _on_again_clicked(self) -> None:
        if self._request.plane is Plane.RANDOM:
            self._request = replace(self._request, seed=self._request.seed + 1)
            self.ask()

    @Slot(bool)
    def _on_follow_toggled(self, checked: bool) -> None:
        self._catch_up()

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        self.picture.point_at(self.picture.node_at(pixel))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)
