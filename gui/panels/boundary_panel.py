"""The probability over the plane of the two features, and the samples on it."""

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panels.boundary_picture import BoundaryPicture, view_of
from gui.panels.boundary_samples import Place, Sample
from gui.panels.panel import WAITING, LegendEntry, Mark, Panel, Wants
from gui.readings import percent
from gui.theme import Theme
from gui.widgets.labels import Line
from gui.widgets.numerals import grouped, named, rounded, subscript
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import threshold_text
from gui.widgets.wish import Wish
from model.analysis.decision_grid import probability_at
from model.data.dataset import Dataset
from model.training.snapshots import Snapshot

_LEGEND: Final = (
    LegendEntry(Mark.DISC, "negative", "0"),
    LegendEntry(Mark.SQUARE, "positive", "1"),
    LegendEntry(Mark.RING, "text", "wrong"),
)
_REACH: Final = 9
"""Pixels within which a click means the sample."""
_STEPS: Final = 50
"""Presses of an arrow key from one edge to the other."""
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class BoundaryPanel(Panel):
    """Heat map, contour at the threshold, train and test samples.

    `probe_requested` carries the place (x₁, x₂), scaled, whose way through the network the user
    wants to see, or None.
    """

    name = "boundary"
    title = "Decision boundary"
    wants = Wants.GRID
    keys = (
        (("←", "→", "↑", "↓"), "Point at a place"),
        (("Shift+←", "Shift+↑"), "The same in small steps"),
        (("Enter",), "Follow the point through the network"),
        (("Esc",), "Let go of the point"),
    )

    probe_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._snapshot: Snapshot | None = None
        self._data: Dataset | None = None
        self._probe: Wish[Place | None] = Wish(None)
        self.plot = PlotWidget(theme, "Feature 1", "Feature 2", grid_above=True)
        self.plot.setAccessibleName("Decision boundary")
        self.plot.setToolTip(
            "Test samples are discs (class 0) and squares (class 1), train samples small × (class"
            " 0) and + (class 1); rings mark test samples on the wrong side. Point anywhere for the"
            " probability there. Click, or move with the arrow keys and press Enter, to follow a"
            " point through the network; Esc lets go of it."
        )
        self.picture = BoundaryPicture(self.plot)
        self.plot.set_bare(True)
        self.picture.message = WAITING
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.setFocusProxy(self.plot)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)
        self.plot.clicked.connect(self._on_plot_clicked)

    def legend(self) -> tuple[LegendEntry, ...]:
        return _LEGEND

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.set_subtitle(_subtitle(snapshot))
        flat = snapshot.data.X_train.shape[1] == 2
        if snapshot.data is not self._data:
            self._take_data(snapshot.data, flat)
        if flat:
            self._take_state(snapshot)
        self.picture.refresh_texts()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.picture.apply_theme(theme)
        self.plot.apply_theme(theme)

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        self.plot.draw_figure(painter, area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.picture.message:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_cursor(_ARROWS[key], 0.2 if fine else 1.0)
        elif (act := self._keys().get(key)) is not None:
            act()
        else:
            super().keyPressEvent(event)

    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        return {
            Qt.Key.Key_Return: self._probe_cursor,
            Qt.Key.Key_Enter: self._probe_cursor,
            Qt.Key.Key_Escape: self._let_go,
        }

    def _take_data(self, data: Dataset, flat: bool) -> None:
        """Other samples: draw them, and forget what was selected among the old ones."""
        self._data = data
        self._probe = Wish(None)
        self.picture.selected = self.picture.cursor = self.picture.pointed = None
        count = data.X_train.shape[1]
        self.picture.message = "" if flat else _no_plane(count)
        self.picture.samples.show(data if flat else None)
        self.picture.shares = flat
        self.picture.show_grid(None)
        if flat:
            note = " (standardised)" if data.scaling == "standard" else ""
            self.plot.set_labels(*(f"{name}{note}" for name in data.feature_names))
        self.plot.set_bare(not flat)

    def _take_state(self, snapshot: Snapshot) -> None:
        picture, data, grid = self.picture, snapshot.data, snapshot.grid
        view = view_of(data, grid)
        self.plot.set_range((view.left(), view.right()), (view.top(), view.bottom()))
        picture.show_grid(grid)
        predicted = snapshot.test.probability >= snapshot.threshold
        picture.samples.show_wrong(predicted != (data.y_test >= 0.5))
        probe = snapshot.probe
        self._probe.settle(None if probe is None else tuple(map(float, probe.x)))
        picture.notes = [*_notes(snapshot), *picture.samples.notes()]
        self._select(self._probe.value)
        self._read_out(picture.cursor)

    def _read_out(self, place: Place | None) -> None:
        """Say what is at a place: of a sample within reach its own numbers."""
        picture = self.picture
        sample = None if place is None else self._sample_at(place)
        picture.pointed = sample.place if sample else place
        picture.read_out = [] if place is None else self._describe(picture.pointed or place, sample)

    def _describe(self, place: Place, sample: Sample | None) -> list[Line]:
        """Scaled and raw coordinates and the very probability at a place."""
        assert self._snapshot is not None
        data = self._snapshot.data
        x = np.array(place)
        lines: list[Line] = [(sample.words, "secondary")] if sample else []
        for number, (scaled, raw) in enumerate(zip(x, data.raw(x), strict=True), start=1):
            text = f"x{subscript(number)} {rounded(scaled, 4, sign=True)}"
            if data.scaling != "none":
                text += f"  (raw {rounded(raw, 4, sign=True)})"
            lines.append((text, "secondary"))
        return [*lines, (f"p {rounded(self._probability(place), 6)}", "text")]

    def _probability(self, place: Place) -> float:
        assert self._snapshot is not None
        return probability_at(self._snapshot.layers, np.array(place))

    def _select(self, place: Place | None) -> None:
        """Mark the point that is followed through the network, with its numbers beside it."""
        self.picture.selected, self.picture.selected_words = place, []
        if place is None or self._snapshot is None:
            return
        coordinates = ", ".join(rounded(value, 3, sign=True) for value in place)
        sample = self.picture.samples.near(place, 1.0)
        self.picture.selected_words = [
            (f"p {rounded(self._probability(place), 4)}", "text"),
            (f"x ({coordinates})", "secondary"),
            *([(sample.words, "secondary")] if sample and sample.place == place else []),
        ]

    def _sample_at(self, place: Place) -> Sample | None:
        """The sample that the pointer means, if it means one."""
        return self.picture.samples.near(place, self.theme.px(_REACH))

    def _point_at(self, place: Place | None) -> None:
        if self._snapshot is None or self.picture.message:
            return
        self.picture.cursor = place
        self._read_out(place)
        words = "; ".join(text for text, _ in self.picture.read_out)
        self.plot.setAccessibleDescription(words)
        self.picture.refresh_texts()

    def _move_cursor(self, way: tuple[int, int], size: float) -> None:
        """The cursor starts at the selected point, or else in the middle, and stays in view."""
        (left, right), (low, high) = self.plot.ranges()
        start = self.picture.cursor or self._probe.value
        if start is None:
            self._point_at(((left + right) / 2, (low + high) / 2))
            return
        x = start[0] + way[0] * size * (right - left) / _STEPS
        y = start[1] + way[1] * size * (high - low) / _STEPS
        self._point_at((max(left, min(right, x)), max(low, min(high, y))))

    def _probe_cursor(self) -> None:
        if self.picture.cursor is not None:
            self._probe_at(self.picture.cursor)

    def _probe_at(self, place: Place) -> None:
        """Select the sample there, or the place itself; the selected one again lets go of it."""
        sample = self._sample_at(place)
        wished = sample.place if sample else (float(place[0]), float(place[1]))
        selected = self._probe.value
        same = selected is not None and self._near(selected, wished)
        self._request(None if same else wished)

    def _near(self, one: Place, other: Place) -> bool:
        """Whether two places are the same mark on the screen."""
        apart = self.plot.pixel(*one) - self.plot.pixel(*other)
        return apart.manhattanLength() < self.theme.px(3)

    def _request(self, place: Place | None) -> None:
        self._probe.ask(place)
        self._select(place)
        self.picture.refresh_texts()
        self.probe_requested.emit(place)

    def _let_go(self) -> None:
        """Esc: first the selected point, then the cursor."""
        if self._probe.value is not None:
            self._request(None)
        else:
            self._point_at(None)

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        self._point_at(self.plot.position(pixel))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self._point_at(None)

    @Slot(QPointF)
    def _on_plot_clicked(self, pixel: QPointF) -> None:
        if self._snapshot is not None and not self.picture.message:
            self._probe_at(self.plot.position(pixel))


def _subtitle(snapshot: Snapshot) -> str:
    parts = [f"epoch {grouped(snapshot.epoch)}"]
    if len(snapshot.data.y_test):
        parts.append(f"test {percent(snapshot.test.accuracy)}")
        if snapshot.threshold != 0.5:
            parts.append(f"p ≥ {threshold_text(snapshot.threshold)}")
    else:
        parts.append("no test set")
    return " · ".join(parts)


def _no_plane(count: int) -> str:
    features = "feature" if count == 1 else "features"
    return (
        f"The decision boundary is drawn over two features; this data set has {count} {features}."
    )


def _notes(snapshot: Snapshot) -> list[Line]:
    """What the picture cannot show by itself."""
    if snapshot.grid is None or not snapshot.grid.probability.size:
        return []
    probability, threshold = snapshot.grid.probability, snapshot.threshold
    bad = probability[~np.isfinite(probability)]
    if bad.size:
        where = f"at {bad.size} of {probability.size} places (grey)"
        return [(f"p is {named(bad[0])} {where}", "failure")]
    if snapshot.grid.contour:
        return []
    side = "below" if probability.max() < threshold else "above"
    return [(f"p is {side} {threshold_text(threshold)} everywhere here", "text")]
