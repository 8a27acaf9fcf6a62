"""Time as a place: the loss curve of all that was recorded, with a handle to go anywhere on it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from gui.panels.loss_panel import LINEAR, LOG, linear_range, log_range
from gui.panels.panel import LegendEntry, Mark, Panel
from gui.panels.time_curves import TimeCurves
from gui.panels.time_menu import branch_menu, epoch_menu
from gui.panels.time_picture import TimePicture
from gui.panels.time_scrub import Scrubber
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import nice_ceiling
from model.training.snapshots import Snapshot, State

HOW: Final = "drag to any epoch; everything above follows"
_FIT_MS: Final = 250
"""The range follows a running curve four times a second, as on the loss panel."""
_LEAST_EPOCHS: Final = 20
"""The shortest axis."""


class TimePanel(Panel):
    """Past, future and the other branches of the run.

    `epoch_requested` carries an epoch that was recorded, one at a time: the next follows when a
    snapshot stands at it. `branch_chosen` and `branch_deleted` carry a branch's number.
    """

    name = "time"
    title = "Time"
    keys = (
        (("←", "→"), "One epoch back or on"),
        (("Page Up", "Page Down"), "A twentieth of the run back or on (also Shift+← →)"),
        (("Home", "End"), "The first or the last recorded epoch"),
        (("↑", "↓"), "Point at another branch"),
        (("Enter",), "Go to the branch that is pointed at"),
        (("Del",), "Delete the branch that is pointed at"),
        (("Esc",), "Point at no branch"),
    )

    epoch_requested = Signal(int)
    branch_chosen = Signal(int)
    branch_deleted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.curves = TimeCurves()
        self.scrubber = Scrubber(self)
        self._epochs = 1
        self._pressed_branch: int | None = None
        self._legend: tuple[LegendEntry, ...] = ()
        self._build(theme)
        self._connect()

    def _build(self, theme: Theme) -> None:
        self.plot = PlotWidget(theme, "", "")
        self.plot.setAccessibleName("Time line: loss of every epoch")
        self.plot.setToolTip(
            "Drag, or press ← → (with Shift further), Page Up and Down, Home and End, to go to an"
            " epoch. ↑ ↓ point at a branch, Enter goes to it, Del deletes it."
        )
        self.plot.set_bare(True)
        self.picture = TimePicture(self.plot, self.curves)
        self._scale = ChoiceButton("Scale of the loss axis", (LINEAR, LOG), theme)
        self._scale.setToolTip("Scale of the loss axis: linear, or logarithmic for small losses")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.setFocusProxy(self.plot)
        self.set_subtitle(HOW)
        self._timer = QTimer(self, singleShot=True, interval=_FIT_MS)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._fit_range)
        self._scale.chosen.connect(self._on_scale_chosen)
        self.scrubber.requested.connect(self.epoch_requested)
        self.scrubber.moved.connect(self._show_epoch)
        self.plot.pressed.connect(self._on_plot_pressed)
        self.plot.dragged.connect(self._on_plot_dragged)
        self.plot.released.connect(self._on_plot_released)
        self.plot.clicked.connect(self._on_plot_clicked)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)

    @property
    def logarithmic(self) -> bool:
        """Whether the loss axis counts decades."""
        return self._scale.value == LOG

    def head_widgets(self) -> tuple[QWidget, ...]:
        return (self._scale,)

    def legend(self) -> tuple[LegendEntry, ...]:
        """The dashed curves only where there are some."""
        entries = [LegendEntry(Mark.LINE, "text", "loss J")]
        if self.curves.recorded > self.curves.epoch or self.curves.branches:
            entries.append(LegendEntry(Mark.DASHED, "secondary", "recorded"))
        return tuple(entries)

    def set_scale(self, scale: str) -> None:
        """Choose "linear" or "log"."""
        self._scale.choose(scale)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        again = self.curves.take(snapshot)
        epochs = max(snapshot.settings.training.epochs, 1)
        again = again or epochs != self._epochs
        self._epochs = epochs
        if again:
            self.scrubber.reset(snapshot.epoch)
        else:
            self.scrubber.settle(snapshot.epoch)
        self.picture.failure = snapshot.failure
        if self.picture.chosen not in self.curves.branches:
            self.picture.chosen = None
        self.plot.set_bare(False)
        if again or snapshot.state != State.RUNNING:
            self._fit_range()
        elif not self._timer.isActive():
            self._timer.start()
        self._say_where(snapshot)
        self._show_epoch()

    def sizeHint(self) -> QSize:
        """A strip along the bottom of the window."""
        return QSize(self.theme.px(800), self.theme.px(120))

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._scale.apply_theme(theme)
        self.plot.apply_theme(theme)

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        self.plot.draw_figure(painter, area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        act = self._keys(far).get(Qt.Key(event.key()))
        if act is None or self.curves.empty:
            super().keyPressEvent(event)
        else:
            act()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyed = event.reason() == QContextMenuEvent.Reason.Keyboard
        pixel = QPointF(self.plot.mapFrom(self, event.pos()))
        number = self.picture.chosen if keyed else self.picture.branch_at(pixel)
        menu = self.menu_at(number, self.scrubber.epoch if keyed else self._epoch_at(pixel))
        menu.popup(self.mapToGlobal(QPoint(self.width() // 2, 0)) if keyed else event.globalPos())

    def menu_at(self, number: int | None, epoch: int) -> QMenu:
        """What can be done with a branch, or where none is meant with an epoch."""
        curves = self.curves.branches
        if number in curves:
            return branch_menu(self, curves[number].view, self.branch_chosen, self.branch_deleted)
        views = [curve.view for curve in curves.values()]
        menu = epoch_menu(self, epoch, views, self.branch_chosen, self.branch_deleted)
        menu.actions()[0].triggered.connect(lambda: self._go_to(epoch))
        menu.actions()[0].setEnabled(not self.curves.empty and epoch != self.scrubber.epoch)
        return menu

    def _keys(self, far: bool) -> dict[Qt.Key, Callable[[], None]]:
        page = max(1, self.curves.recorded // 20)
        step = page if far else 1
        return {
            Qt.Key.Key_Left: lambda: self._go_by(-step),
            Qt.Key.Key_Right: lambda: self._go_by(step),
            Qt.Key.Key_PageUp: lambda: self._go_by(-page),
            Qt.Key.Key_PageDown: lambda: self._go_by(page),
            Qt.Key.Key_Home: lambda: self._go_to(0),
            Qt.Key.Key_End: lambda: self._go_to(self.curves.recorded),
            Qt.Key.Key_Up: lambda: self._point_at_branch(-1),
            Qt.Key.Key_Down: lambda: self._point_at_branch(1),
            Qt.Key.Key_Escape: lambda: self.picture.choose(None),
            Qt.Key.Key_Return: lambda: self._with_branch(self.branch_chosen),
            Qt.Key.Key_Enter: lambda: self._with_branch(self.branch_chosen),
            Qt.Key.Key_Delete: lambda: self._with_branch(self.branch_deleted),
        }

    def _go_by(self, epochs: int) -> None:
        self._go_to(self.scrubber.epoch + epochs)

    def _go_to(self, epoch: int) -> None:
        self.scrubber.ask(max(0, min(self.curves.recorded, epoch)))

    def _point_at_branch(self, step: int) -> None:
        numbers = [None, *self.curves.branches]
        chosen = self.picture.chosen
        place = numbers.index(chosen) if chosen in numbers else 0
        self.picture.choose(numbers[(place + step) % len(numbers)])

    def _with_branch(self, signal: SignalInstance) -> None:
        if self.picture.chosen is not None:
            signal.emit(self.picture.chosen)

    @Slot()
    def _show_epoch(self) -> None:
        """The handle at the wished epoch, before the rest of the window has followed."""
        self.picture.epoch = min(self.scrubber.epoch, self.curves.recorded)
        self.picture.held = self.scrubber.held
        self.plot.setAccessibleDescription(self.picture.read_out(self.picture.epoch))
        self.picture.refresh()

    def _say_where(self, snapshot: Snapshot) -> None:
        recorded = self.curves.recorded
        past = recorded > snapshot.epoch
        of = f"{grouped(snapshot.epoch)} of {grouped(recorded)}"
        where = f"the past: epoch {of} recorded" if past else HOW
        names = [b.name for b in snapshot.branches if b.number == snapshot.branch]
        if names and self.curves.branches:
            where += f" · on branch “{names[0]}”"
        self.set_subtitle(where)
        if (legend := self.legend()) != self._legend:
            self._legend = legend
            self.heading_changed.emit()

    @Slot()
    def _fit_range(self) -> None:
        if self.curves.empty:
            return
        end = axis_end(self.curves.last_epoch(), self._epochs)
        lowest, highest, positive = self.curves.bounds()
        if self.logarithmic:
            low, high, unit = log_range(positive, highest)
        else:
            low, high, unit = linear_range(lowest, highest)
        self.picture.set_axis(log=self.logarithmic, unit=unit)
        self.plot.set_range((0.0, end), (low, high))

    def _epoch_at(self, pixel: QPointF) -> int:
        return max(0, min(self.curves.recorded, round(self.plot.position(pixel)[0])))

    @Slot(str)
    def _on_scale_chosen(self, scale: str) -> None:
        self._fit_range()
        self.picture.refresh()

    @Slot(QPointF)
    def _on_plot_pressed(self, pixel: QPointF) -> None:
        if self.curves.empty:
            return
        self._pressed_branch = self.picture.branch_at(pixel)
        if self._pressed_branch is None:
            self._hold(pixel)

    @Slot(QPointF)
    def _on_plot_dragged(self, pixel: QPointF) -> None:
        if self.scrubber.held:
            self._hold(pixel)

    @Slot()
    def _on_plot_released(self) -> None:
        self.scrubber.held = False
        self._show_epoch()

    @Slot(QPointF)
    def _on_plot_clicked(self, pixel: QPointF) -> None:
        if self._pressed_branch is not None:
            self.branch_chosen.emit(self._pressed_branch)

    def _hold(self, pixel: QPointF) -> None:
        self.scrubber.held = True
        self.picture.point_at(None)
        self._go_to(self._epoch_at(pixel))
        self._show_epoch()

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        if self.curves.empty or self.scrubber.held:
            return
        branch = self.picture.branch_at(pixel)
        self.picture.choose(branch)
        self.picture.point_at(None if branch is not None else self._epoch_at(pixel))
        shape = Qt.CursorShape.SplitHCursor
        self.plot.viewport().setCursor(
            shape if branch is None else Qt.CursorShape.PointingHandCursor
        )

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)


def axis_end(last: int, epochs: int) -> float:
    """Where the axis ends: a round number from the last recorded epoch on.

    Not the run's own end from the start: eleven epochs of a thousand would be a dot.
    """
    if last > epochs:
        return nice_ceiling(last)
    room = max(last, _LEAST_EPOCHS)
    decade = 10 ** (len(str(room)) - 1)
    return float(min(epochs, next(n * decade for n in (1, 2, 5, 10) if n * decade >= room)))
