"""The losses of a sweep: for each value the median of its runs and the middle half of them."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui.panels.bands_picture import MOST, BandsPicture
from gui.panels.curve_panel import CurvePanel, CurvePicture
from gui.sweep_words import grouping_words, seed_count, seeds_words, so_far_words
from gui.theme import Theme
from gui.widgets.elided_label import SEPARATOR
from model.lab.results import Results


class BandsPanel(CurvePanel):
    """Epoch against loss, a band for each value, labelled at its end; linear or logarithmic."""

    name = "bands"
    title = "Loss bands"
    keys = (
        (("←", "→"), "Median and quartiles of one epoch"),
        (("↑", "↓"), "Highlight the band above or below"),
        (("Esc",), "Let go of the epoch, then of the band"),
        (("0",), "Show everything"),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Epoch", "Loss J (train)", parent)
        self.plot.setAccessibleName("Loss bands of a sweep")
        self.plot.setToolTip(
            "A line is the median of the runs with one value, its band the middle half of them."
            " Point at a line for its numbers, click it to highlight it. The wheel zooms, dragging"
            " moves, 0 shows everything."
        )
        self.plot.set_bare(True)
        self.picture = BandsPicture(self.plot)
        self.plot.clicked.connect(self._on_plot_clicked)

    def show_results(self, results: Results | None) -> None:
        if self.take(results):
            self.picture.highlight(None)
        self.picture.show(results)
        self.plot.set_bare(self.bare)
        self.set_subtitle(self._words())
        self.fit_range()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.picture.recolour()
        self.fit_range()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The labels need another share of the width than on the screen."""
        shown, (x, y) = self._following, self.plot.ranges()
        if shown:
            self.fit_range(area.width() - self.theme.px(70))
        try:
            self.plot.draw_figure(painter, area)
        finally:
            self.plot.set_range(x, y)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_range()

    @property
    def curves(self) -> CurvePicture:
        return self.picture

    @property
    def bare(self) -> bool:
        return not self.picture.bands

    def keys_of_plot(self) -> dict[Qt.Key, Callable[[], object]]:
        return {
            Qt.Key.Key_Left: lambda: self._move(-1),
            Qt.Key.Key_Right: lambda: self._move(1),
            Qt.Key.Key_Up: lambda: self._choose(-1),
            Qt.Key.Key_Down: lambda: self._choose(1),
            Qt.Key.Key_Escape: self._let_go,
        }

    def _move(self, points: int) -> None:
        """Along the highlighted band, or the first one."""
        place = self.picture.highlighted or 0
        last = len(self.picture.bands[place].epochs) - 1
        cursor = self.picture.cursor
        here = cursor[0] if cursor is not None else last - points
        self.picture.point_at((max(0, min(last, here + points)), place))

    def _choose(self, step: int) -> None:
        """The band whose line ends next above or below."""
        order = self.picture.places.order()
        chosen = self.picture.highlighted
        place = order.index(chosen) + step if chosen in order else 0
        if order:
            self.picture.highlight(order[max(0, min(len(order) - 1, place))])

    def _let_go(self) -> None:
        if self.picture.cursor is not None:
            self.picture.point_at(None)
        else:
            self.picture.highlight(None)

    def _words(self) -> str:
        """What a line and its band are."""
        if self._results is None:
            return ""
        results, bands = self._results, len(self._results.bands)
        grouping = grouping_words(results)
        one = seed_count(results) == 1
        parts = (
            f"by {grouping}" if grouping else "",
            f"the best {MOST} of {bands}" if bands > MOST else "",
            "one run each" if one else f"median and middle half of {seeds_words(results)}",
            so_far_words(results),
        )
        return SEPARATOR.join(part for part in parts if part)

    def fit_range(self, width: float | None = None) -> None:
        """`width` of the plot in pixels, where it is not that on the screen."""
        if not self._following or self.bare:
            return
        low, high = self.scaled(*self.picture.bounds())
        last = max(float(band.epochs[-1]) for band in self.picture.bands)
        room = max(1.0, width or self.plot.rect_of_plot.width())
        # The labels stand behind the last epoch; what they say depends on the heights in view.
        # A curve of 1000 epochs begins at 0 and ends at 999.
        self.plot.axes.last_x = max(last + 1, 4.0)
        self.plot.set_range((0.0, last), (low, high))
        free = max(0.3, 1 - self.picture.places.label_room(room) / room)
        end = max(last, 4.0) / free
        self.plot.view.setLimits(xMin=0.0, xMax=end, minXRange=min(end, 4.0))
        self.plot.set_range((0.0, end), (low, high))

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        super()._on_plot_hovered(pixel)
        label = self.picture.places.label_at(pixel)
        place = self.plot.mapToGlobal(pixel.toPoint())
        QToolTip.showText(place, label.whole if label is not None else "", self.plot)

    @Slot(QPointF)
    def _on_plot_clicked(self, pixel: QPointF) -> None:
        near = self.picture.nearest(pixel)
        label = self.picture.places.label_at(pixel)
        band = label.band if label is not None else near[1] if near is not None else None
        self.picture.highlight(None if band == self.picture.highlighted else band)
