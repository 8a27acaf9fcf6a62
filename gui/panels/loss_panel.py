"""Training and test loss of every epoch."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.panels.loss_picture import TEST, TRAIN, LossPicture
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT, nice_ceiling
from gui.widgets.trace import Trace
from model.nn.losses import LOSSES
from model.training.history import History
from model.training.snapshots import Snapshot, State

LINEAR, LOG = "linear", "log"
_FIT_MS: Final = 250
"""The range follows a running curve four times a second: it is dearer than the curve itself."""
_LEAST_PART: Final = 20
"""The axis shows the whole run from this part of it on."""
_SOON: Final = 1000
"""Epochs that pass in a moment, so that a run of some thousands has its whole axis at once."""
_PLAIN: Final = (1e-3, 1e5)
"""Largest losses whose ticks are written without a power of ten."""

_HEADROOM: Final = 1.02
"""The highest point lies a little below the frame, where its whole width is seen."""


class LossPanel(Panel):
    """Epoch against both losses, linear or logarithmic, with every epoch there to be read."""

    name = "loss"
    title = "Loss"
    keys = (
        (("←", "→"), "The values of one epoch"),
        (("Shift+←", "Shift+→"), "A twentieth of the run further"),
        (("Home", "End"), "The first or the present epoch"),
        (("+", "−"), "Zoom in or out"),
        (("0",), "Show the whole curve"),
        (("Esc",), "Let go of the epoch"),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._traces = {TRAIN: Trace(), TEST: Trace()}
        self._generation: int | None = None
        self._epochs = 1
        self._following = True
        self._build(theme)

    def _build(self, theme: Theme) -> None:
        self.plot = PlotWidget(theme, "Epoch", "Loss J")
        self.plot.setAccessibleName("Loss curve")
        self.plot.setToolTip(
            "Point at the curve, or press ← →, for the exact values of an epoch."
            " The wheel or + − zooms, dragging moves, a double click or 0 shows everything."
        )
        self.plot.view.setMouseEnabled(x=True, y=True)
        self.picture = LossPicture(self.plot)
        self._scale = ChoiceButton("Scale of the loss axis", (LINEAR, LOG), theme)
        self._scale.setToolTip("Scale of the loss axis: linear, or logarithmic for small losses")
        self._fit = QToolButton()
        self._fit.setText("fit")
        self._fit.setAutoRaise(True)
        self._fit.setAccessibleName("Show the whole curve")
        self._fit.setToolTip("Show the whole curve again")
        self._fit.setFont(theme.font(AXIS_TEXT))
        self._fit.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.setFocusProxy(self.plot)
        self._timer = QTimer(self, singleShot=True, interval=_FIT_MS)
        self._connect()
        self.plot.set_bare(True)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._on_timer_timeout)
        self._scale.chosen.connect(self._on_scale_chosen)
        self._fit.clicked.connect(self.show_all)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)
        self.plot.zoomed.connect(self._on_plot_zoomed)
        self.plot.double_clicked.connect(self.show_all)

    @property
    def logarithmic(self) -> bool:
        """Whether the loss axis counts decades."""
        return self._scale.value == LOG

    @property
    def history(self) -> History:
        """The recorded epochs as far as snapshots have told of them."""
        return self._history

    def head_widgets(self) -> tuple[QWidget, ...]:
        return self._fit, self._scale

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._history.apply(snapshot.history)
        again = snapshot.generation != self._generation
        epochs = max(snapshot.settings.training.epochs, 1)
        if again or epochs != self._epochs:
            self._generation, self._epochs, self._following = snapshot.generation, epochs, True
            self._fit.hide()
        self._take(snapshot)
        loss = LOSSES[snapshot.settings.training.loss].title.lower()
        self.set_subtitle(f"epoch {grouped(snapshot.epoch)} · {loss}")
        if again or snapshot.state != State.RUNNING:
            self._fit_range()
        elif not self._timer.isActive():
            self._timer.start()
        self.picture.refresh()

    @Slot()
    def show_all(self) -> None:
        """Bring the whole run into view and follow it again."""
        self._following = True
        self._fit.hide()
        self._fit_range()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._scale.apply_theme(theme)
        self._fit.setFont(theme.font(AXIS_TEXT))
        self.plot.apply_theme(theme)

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        self._fit_range()
        self.plot.draw_figure(painter, area)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_cursor(step * (max(1, self._epochs // 20) if far else 1))
        elif (act := self._keys().get(Qt.Key(event.key()))) is not None:
            act()
        else:
            super().keyPressEvent(event)

    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        return {
            Qt.Key.Key_Home: lambda: self.picture.point_at(0),
            Qt.Key.Key_End: lambda: self.picture.point_at(self.picture.last_epoch),
            Qt.Key.Key_Escape: lambda: self.picture.point_at(None),
            Qt.Key.Key_Plus: lambda: self._zoom(0.8),
            Qt.Key.Key_Minus: lambda: self._zoom(1.25),
            Qt.Key.Key_0: self.show_all,
        }

    def _move_cursor(self, epochs: int) -> None:
        """The cursor starts at the present epoch."""
        start = self.picture.cursor
        last = self.picture.last_epoch
        self.picture.point_at(last if start is None else max(0, min(last, start + epochs)))

    def _zoom(self, factor: float) -> None:
        self.plot.view.scaleBy((factor, factor))
        self._on_plot_zoomed()

    def _take(self, snapshot: Snapshot) -> None:
        """Both curves up to the present state, whose own loss is the last point."""
        rows, start = min(snapshot.epoch, self._history.epoch), snapshot.history.start
        history, traces = self._history, self._traces
        traces[TRAIN].follow(history.loss[:rows], snapshot.train.loss, start)
        traces[TEST].follow(history.test_loss[:rows], snapshot.test.loss, start)
        tested = len(snapshot.data.y_test) > 0
        shown = traces if tested else {TRAIN: traces[TRAIN]}
        self.picture.take(shown, snapshot.failure)
        self.plot.set_bare(False)

    def _fit_range(self) -> None:
        if not self._following or not self.picture.traces:
            return
        end = end_of(self.picture.last_epoch, self._epochs)
        bounds = [trace.bounds() for trace in self.picture.traces.values()]
        lows, highs, positives = zip(*bounds, strict=True)
        if self.logarithmic:
            low, high, unit = log_range(min(positives), max(highs))
        else:
            low, high, unit = linear_range(min(lows), max(highs))
        self.picture.set_axis(log=self.logarithmic, unit=unit)
        self.plot.view.setLimits(xMin=0.0, xMax=end, minXRange=min(end, 4.0))
        self.plot.set_range((0.0, end), (low, high))

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._fit_range()

    @Slot(str)
    def _on_scale_chosen(self, scale: str) -> None:
        self.show_all()
        self.picture.refresh()

    @Slot()
    def _on_plot_zoomed(self) -> None:
        self._following = False
        self._fit.show()

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        epoch = round(self.plot.position(pixel)[0])
        self.picture.point_at(max(0, min(self.picture.last_epoch, epoch)))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)


def end_of(last: int, epochs: int) -> float:
    """Where the epoch axis ends: at the run's own end, unless the curve would be a mere line then.

    Until it has covered a part of the run that can be seen, the axis grows in steps with it.
    """
    if last > epochs:
        return nice_ceiling(last)
    seen = max(last, _SOON)
    if epochs <= _LEAST_PART * seen:
        return float(epochs)
    power = 10.0 ** math.floor(math.log10(seen))
    return next(step * power for step in (2.0, 5.0, 10.0) if step * power >= 1.1 * seen)


def linear_range(low: float, high: float) -> tuple[float, float, float]:
    """Low, high and the power of ten that both are counted in: even 1e300 has its place then."""
    if high < low:
        return 0.0, 1.0, 1.0
    largest = max(abs(low), abs(high))
    plain = largest == 0 or _PLAIN[0] <= largest <= _PLAIN[1]
    unit = 1.0 if plain else 10.0 ** math.floor(math.log10(largest))
    top = nice_ceiling(_HEADROOM * high / unit) if high > 0 else 0.0
    bottom = -nice_ceiling(-low / unit) if low < 0 else 0.0
    return (bottom, top, unit) if top > bottom else (0.0, 1.0, unit)


def log_range(lowest: float, highest: float) -> tuple[float, float, float]:
    """The exponents of the smallest and largest loss above 0, with a little room."""
    if highest < lowest:
        return -1.0, 0.0, 1.0
    low, high = math.log10(lowest), math.log10(highest)
    room = max(0.05, 0.05 * (high - low))
    return low - room, high + room, 1.0
