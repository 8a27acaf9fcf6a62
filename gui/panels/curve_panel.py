"""What loss bands and learning rates share: a plot of losses with a pointer, keys and a scale."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panels.loss_panel import LINEAR, LOG, linear_range, log_range
from gui.panels.sweep_panel import SweepPanel
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.plot import PlotWidget
from model.lab.results import Results


class CurvePicture(Protocol):
    """The layers of such a plot; what is pointed at is the picture's own kind of place."""

    def point_at(self, cursor: Any) -> None: ...
    def nearest(self, pixel: QPointF) -> Any: ...
    def refresh(self) -> None: ...
    def set_axis(self, *, log: bool, unit: float) -> None: ...


class CurvePanel(SweepPanel):
    """Everything is in view and followed until the user zooms; the losses linear or logarithmic.

    A subclass says what its curves are and when they are bare, what the keys do, and which range
    shows everything.
    """

    def __init__(self, theme: Theme, x_label: str, y_label: str, parent: QWidget | None) -> None:
        super().__init__(theme, parent)
        self._following = True
        self.plot = PlotWidget(theme, x_label, y_label)
        self.plot.view.setMouseEnabled(x=True, y=True)
        self._scale = ChoiceButton("Scale of the loss axis", (LINEAR, LOG), theme)
        self._scale.setToolTip("Scale of the loss axis: linear, or logarithmic for small losses")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setFocusProxy(self.plot)
        self._scale.chosen.connect(self._on_scale_chosen)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)
        self.plot.double_clicked.connect(self._on_plot_double_clicked)
        self.plot.zoomed.connect(self._on_plot_zoomed)

    def head_widgets(self) -> tuple[QWidget, ...]:
        return (self._scale,)

    @property
    def curves(self) -> CurvePicture:
        """What is drawn in the plot."""
        raise NotImplementedError

    @property
    def bare(self) -> bool:
        """Whether there is nothing to point at."""
        raise NotImplementedError

    def keys_of_plot(self) -> dict[Qt.Key, Callable[[], object]]:
        """What the keys do, beside 0."""
        raise NotImplementedError

    def fit_range(self) -> None:
        """Bring everything into view where that is followed."""
        raise NotImplementedError

    @Slot()
    def show_all(self) -> None:
        """Bring everything into view and follow it again."""
        self._following = True
        self.fit_range()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._scale.apply_theme(theme)
        self.plot.apply_theme(theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by_key = {**self.keys_of_plot(), Qt.Key.Key_0: self.show_all}
        does = by_key.get(Qt.Key(event.key()))
        if does is None or self.bare:
            super().keyPressEvent(event)
        else:
            does()

    def take(self, results: Results | None) -> bool:
        """Keep the results; whether they are of another sweep, which is shown as a whole."""
        another = self._results is None or results is None or results.plan != self._results.plan
        self._following = self._following or another
        self._results = results
        return another

    def scaled(self, low: float, high: float, positive: float) -> tuple[float, float]:
        """The range of the chosen scale for losses in low … high; `positive` is the least above 0.

        The picture is given the scale.
        """
        log = self._scale.value == LOG
        low, high, unit = log_range(positive, high) if log else linear_range(low, high)
        self.curves.set_axis(log=log, unit=unit)
        return low, high

    @Slot(str)
    def _on_scale_chosen(self, scale: str) -> None:
        self.show_all()
        self.curves.refresh()

    @Slot()
    def _on_plot_zoomed(self) -> None:
        self._following = False

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        self.curves.point_at(self.curves.nearest(pixel))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.curves.point_at(None)

    @Slot(QPointF)
    def _on_plot_double_clicked(self, pixel: QPointF) -> None:
        self.show_all()
