"""The losses of all runs of a race over each other."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from gui.panels.loss_panel import LINEAR, LOG, end_of, linear_range, log_range
from gui.panels.loss_picture import TEST, TRAIN
from gui.panels.race_curves import RaceCurves
from gui.panels.race_loss_picture import RaceLossPicture
from gui.panels.race_panel import RacePanel
from gui.race_words import axes_words
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from model.lab.race_snapshot import RaceSnapshot
from model.training.snapshots import State

_FIT_MS: Final = 250
"""The range follows running curves four times a second: it is dearer than the curves."""


class RaceLossPanel(RacePanel):
    """Epoch against the loss of each run, labelled at its end; linear or logarithmic.

    `epoch_requested` carries the epoch at which all runs are to stand.
    """

    name = "race_loss"
    title = "Loss"
    keys = (
        (("←", "→"), "The values of one epoch"),
        (("↑", "↓"), "Highlight the curve above or below"),
        (("Enter",), "Bring all runs to that epoch"),
        (("Esc",), "Let go of the epoch, then of the curve"),
        (("0",), "Show everything"),
    )

    epoch_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.curves = RaceCurves()
        self._following = True
        self.plot = PlotWidget(theme, "Epoch", "Loss J")
        self.plot.setAccessibleName("Loss curves of all runs")
        self.plot.setToolTip(
            "Point at a curve for its values, click it to highlight its run everywhere,"
            " double-click it to open the run in Debug. The context menu brings all runs to an"
            " epoch. The wheel zooms, dragging moves, 0 shows everything."
        )
        self.plot.view.setMouseEnabled(x=True, y=True)
        self.picture = RaceLossPicture(self.plot, self.curves)
        self._share = ChoiceButton("Share of the data", (TRAIN, TEST), theme)
        self._share.setToolTip("The loss on the training set, or on the test set")
        self._scale = ChoiceButton("Scale of the loss axis", (LINEAR, LOG), theme)
        self._scale.setToolTip("Scale of the loss axis: linear, or logarithmic for small losses")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setFocusProxy(self.plot)
        self._timer = QTimer(self, singleShot=True, interval=_FIT_MS)
        self._connect()
        self.plot.set_bare(True)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._fit_range)
        self._share.chosen.connect(self._on_share_chosen)
        self._scale.chosen.connect(self._on_scale_chosen)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)
        self.plot.clicked.connect(self._on_plot_clicked)
        self.plot.double_clicked.connect(self._on_plot_double_clicked)
        self.plot.zoomed.connect(self._on_plot_zoomed)

    def head_widgets(self) -> tuple[QWidget, ...]:
        return self._share, self._scale

    @property
    def logarithmic(self) -> bool:
        """Whether the loss axis counts decades."""
        return self._scale.value == LOG

    def show_race(self, race: RaceSnapshot) -> None:
        another = self.curves.follow(race)
        if another:
            self._following = True
            self.picture.point_at(None)
            self.picture.recolour()
            self.set_subtitle(f"by {axes_words(race.axes)}" if race.axes else "")
        self.plot.set_bare(not race.runs)
        if another or race.state is not State.RUNNING:
            self._fit_range()
        elif not self._timer.isActive():
            self._timer.start()
        self.picture.refresh()

    def highlight(self, number: int | None) -> None:
        self.picture.highlighted = number
        self.picture.refresh()

    @Slot()
    def show_all(self) -> None:
        """Bring everything into view and follow it again."""
        self._following = True
        self._fit_range()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._share.apply_theme(theme)
        self._scale.apply_theme(theme)
        self.plot.apply_theme(theme)
        self.picture.recolour()
        self._fit_range()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        self.plot.draw_figure(painter, area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        does = self._by_key().get(Qt.Key(event.key()))
        if does is None:
            super().keyPressEvent(event)
        else:
            does()

    def _by_key(self) -> dict[Qt.Key, Callable[[], object]]:
        return {
            Qt.Key.Key_Left: lambda: self._move(-1),
            Qt.Key.Key_Right: lambda: self._move(1),
            Qt.Key.Key_Up: lambda: self._choose(-1),
            Qt.Key.Key_Down: lambda: self._choose(1),
            Qt.Key.Key_Return: self._go_to_cursor,
            Qt.Key.Key_Enter: self._go_to_cursor,
            Qt.Key.Key_Escape: self._let_go,
            Qt.Key.Key_0: self.show_all,
        }

    def _move(self, epochs: int) -> None:
        """The cursor is on the highlighted curve, or on the first one."""
        traces = self.curves.traces
        if not traces:
            return
        chosen = self.picture.highlighted
        at = chosen if chosen in traces else next(iter(traces))
        last = traces[at].epoch
        cursor = self.picture.cursor
        here = cursor[0] if cursor is not None else last - epochs
        self.picture.point_at((max(0, min(last, here + epochs)), at))

    def _choose(self, step: int) -> None:
        """The curve whose end is the next one above or below."""
        order = [label.number for label in self.picture.end_labels()]
        if not order:
            return
        chosen = self.picture.highlighted
        place = order.index(chosen) + step if chosen in order else 0
        self.run_chosen.emit(order[max(0, min(len(order) - 1, place))])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = self.plot.mapFrom(self, event.pos())
        epoch = max(0, round(self.plot.position(QPointF(at))[0]))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = f"Bring all runs to epoch {grouped(epoch)}"
        menu.addAction(name, lambda: self.epoch_requested.emit(epoch))
        menu.addAction("Show everything", self.show_all)
        menu.popup(event.globalPos())

    def _go_to_cursor(self) -> None:
        if self.picture.cursor is not None:
            self.epoch_requested.emit(self.picture.cursor[0])

    def _let_go(self) -> None:
        if self.picture.cursor is not None:
            self.picture.point_at(None)
        else:
            self.run_chosen.emit(None)

    @Slot()
    def _fit_range(self) -> None:
        race = self.curves.race
        if not self._following or race is None or not self.curves.traces:
            return
        low, high, positive = self.curves.bounds()
        if self.logarithmic:
            low, high, unit = log_range(positive, high)
        else:
            low, high, unit = linear_range(low, high)
        self.picture.set_axis(log=self.logarithmic, unit=unit)
        # The labels stand behind the last epoch.
        width = max(1.0, self.plot.rect_of_plot.width())
        free = max(0.3, 1 - self.picture.label_room() / width)
        end = max(end_of(race.epoch, race.epochs), race.epoch / free)
        self.plot.view.setLimits(xMin=0.0, xMax=end, minXRange=min(end, 4.0))
        self.plot.set_range((0.0, end), (low, high))

    @Slot(str)
    def _on_share_chosen(self, share: str) -> None:
        self.curves.share = share
        self.show_all()
        self.picture.refresh()

    @Slot(str)
    def _on_scale_chosen(self, scale: str) -> None:
        self.show_all()
        self.picture.refresh()

    @Slot()
    def _on_plot_zoomed(self) -> None:
        self._following = False

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        self.picture.point_at(self.picture.nearest(pixel))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)

    @Slot(QPointF)
    def _on_plot_clicked(self, pixel: QPointF) -> None:
        number = self.picture.run_at(pixel)
        self.run_chosen.emit(None if number == self.picture.highlighted else number)

    @Slot(QPointF)
    def _on_plot_double_clicked(self, pixel: QPointF) -> None:
        number = self.picture.run_at(pixel)
        if number is None:
            self.show_all()
        else:
            self.run_opened.emit(number)
