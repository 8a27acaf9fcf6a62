"""Why this learning rate: what a step from here promises, what it does, and where it goes wrong."""

import math
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from gui.panels import taylor_words as words
from gui.panels.loss_panel import LINEAR, LOG
from gui.panels.panel import Panel, Wants
from gui.panels.taylor_picture import ALPHA, LOSS, TaylorPicture
from gui.panels.taylor_steps import DECREASE, EPOCH, StepsPicture
from gui.panels.taylor_texts import TaylorTexts
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from model.analysis.taylor import TaylorView
from model.training.snapshots import Snapshot

LINE, STEPS = "one step", "per step"


class TaylorPanel(Panel):
    """The loss along −∇J from the present state, or promised and actual decrease of each step.

    `rate_requested` carries a step size, rounded to three digits, that the user wants to train
    with.
    """

    name = "taylor"
    title = "Why this rate"
    wants = Wants.TAYLOR
    keys = (
        (("←", "→"), "The values at one step size, or of one step"),
        (("Shift+←", "Shift+→"), "A tenth of the curve further"),
        (("Home", "End"), "The first or the last point"),
        (("Enter",), "Train with the step size that is pointed at"),
        (("Esc",), "Let go of the point"),
    )

    rate_requested = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._view: TaylorView | None = None
        self._generation: int | None = None
        self._build(theme)
        self._connect()
        self._say()

    def _build(self, theme: Theme) -> None:
        self.plot = PlotWidget(theme, ALPHA, LOSS)
        self.plot.setAccessibleName("Loss along the negative gradient")
        self.plot.setToolTip(
            "Point at the curve, or press ← →, for the losses at a step size. A double click, Enter"
            " or the context menu makes the step size that is pointed at the learning rate."
        )
        self.steps_plot = PlotWidget(theme, EPOCH, DECREASE)
        self.steps_plot.setAccessibleName("Promised and actual decrease of each step")
        self.steps_plot.setToolTip("Point at the curve, or press ← →, for the values of one step.")
        self.picture, self.steps = TaylorPicture(self.plot), StepsPicture(self.steps_plot)
        for plot in self._plots:
            plot.set_bare(True)
        self._part = ChoiceButton("What is shown", (LINE, STEPS), theme)
        self._part.setToolTip(
            "One step from the present weights, or promised and actual decrease of every step"
        )
        self._scale = ChoiceButton("Scale of the step sizes", (LINEAR, LOG), theme)
        self._scale.setToolTip("Scale of the step size axis: linear, or logarithmic")
        self.texts = TaylorTexts(theme, self)
        self._pages = QStackedWidget(self)
        for plot in self._plots:
            self._pages.addWidget(plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(self._pages, 1)
        column.addWidget(self.texts)
        self.setFocusProxy(self.plot)

    def _connect(self) -> None:
        self._part.chosen.connect(self._on_part_chosen)
        self._scale.chosen.connect(self._on_scale_chosen)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)
        self.plot.double_clicked.connect(self._on_plot_double_clicked)
        self.steps_plot.hovered.connect(self._on_steps_plot_hovered)
        self.steps_plot.unhovered.connect(self._on_steps_plot_unhovered)

    @property
    def view(self) -> TaylorView | None:
        """What is drawn."""
        return self._view

    @property
    def per_step(self) -> bool:
        """Whether the second part is shown."""
        return self._part.value == STEPS

    @property
    def logarithmic(self) -> bool:
        """Whether the step size axis counts decades."""
        return self._scale.value == LOG

    def head_widgets(self) -> tuple[QWidget, ...]:
        return self._part, self._scale

    def choose_part(self, part: str) -> None:
        """Show "one step" or "per step"."""
        self._part.choose(part)

    def set_scale(self, scale: str) -> None:
        """Choose "linear" or "log"."""
        self._scale.choose(scale)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw its Taylor view; one without keeps what was drawn of the same run."""
        again = self._generation not in (None, snapshot.generation)
        self._generation = snapshot.generation
        if snapshot.taylor is None and not again:
            return
        full = snapshot.settings.training.batch_size is None
        no_steps = words.NO_STEPS_YET if full else words.MINI_BATCHES
        self._show(snapshot.taylor, _along(snapshot.taylor), no_steps)

    def show_taylor(self, view: TaylorView | None, title: str) -> None:
        """Draw a view that belongs to another run, named by `title`, or the empty state."""
        self._generation = None
        parts = [part for part in (title, _along(view)) if part]
        self._show(view, " · ".join(parts), words.NOT_RECORDED)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._part.apply_theme(theme)
        self._scale.apply_theme(theme)
        for plot in self._plots:
            plot.apply_theme(theme)
        self.texts.apply_theme(theme)
        self._say()
        self.picture.fit()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The plot, and the words below it."""
        height = self.texts.figure_height(painter, area)
        plot = self.steps_plot if self.per_step else self.plot
        plot.draw_figure(painter, area.adjusted(0, 0, 0, -height))
        if height:
            self.texts.draw(painter, area.adjusted(0, area.height() - height, 0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(self.texts.fit(self.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._keys(event.modifiers()).get(Qt.Key(event.key()))
        if act is None or not self._shown.count:
            super().keyPressEvent(event)
        else:
            act()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        line = self.picture.line
        if line is None or self.per_step:
            return
        keyed = event.reason() == QContextMenuEvent.Reason.Keyboard
        pixel = QPointF(self.plot.mapFrom(self, event.pos()))
        menu = self.rate_menu(self.picture.cursor if keyed else line.alpha_at(pixel))
        menu.popup(self.mapToGlobal(QPoint(self.width() // 2, 0)) if keyed else event.globalPos())

    def rate_menu(self, alpha: float | None) -> QMenu:
        """The step sizes to train with: the one pointed at, and the best one on this line."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        best = None if self._view is None else self._view.best
        for value, what in ((alpha, "this step size"), (best, "the best step")):
            if value is not None and 0 < value < math.inf:
                text = f"Train with {what}, α = {words.rate(value)}"
                menu.addAction(text, lambda value=value: self._request(value))
        return menu

    @property
    def _plots(self) -> tuple[PlotWidget, PlotWidget]:
        return self.plot, self.steps_plot

    @property
    def _shown(self) -> TaylorPicture | StepsPicture:
        return self.steps if self.per_step else self.picture

    def _keys(self, modifiers: Qt.KeyboardModifier) -> dict[Qt.Key, Callable[[], None]]:
        far = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        return {
            Qt.Key.Key_Left: lambda: self._move(-1, far),
            Qt.Key.Key_Right: lambda: self._move(1, far),
            Qt.Key.Key_Home: lambda: self._shown.point_to(0),
            Qt.Key.Key_End: lambda: self._shown.point_to(self._shown.count - 1),
            Qt.Key.Key_Escape: self._let_go,
            Qt.Key.Key_Return: self._request_cursor,
            Qt.Key.Key_Enter: self._request_cursor,
        }

    def _show(self, view: TaylorView | None, subtitle: str, no_steps: str) -> None:
        self._view = view
        self.picture.take(view)
        self.steps.take(view, no_steps)
        self._say()
        self.set_subtitle(subtitle)

    def _say(self) -> None:
        """What the numbers of the shown part mean, as far as there is room."""
        self.texts.show_view(self._view, self.per_step)
        self.setAccessibleDescription(self.texts.sentence.text())
        self.setToolTip(self.texts.fit(self.height()))

    def _move(self, way: int, far: bool) -> None:
        """The cursor starts at the present step size, or at the last step."""
        shown = self._shown
        step = way * (max(1, shown.count // 10) if far else 1)
        here = shown.number
        shown.point_to(shown.start if here is None else max(0, min(shown.count - 1, here + step)))

    def _let_go(self) -> None:
        self.picture.point_at(None)
        self.steps.point_at(None)

    def _request_cursor(self) -> None:
        if not self.per_step and self.picture.cursor is not None:
            self._request(self.picture.cursor)

    def _request(self, alpha: float) -> None:
        """Three digits: a step size is pointed at, not measured."""
        rounded = float(f"{alpha:.3g}")
        if rounded > 0:
            self.rate_requested.emit(rounded)

    @Slot(str)
    def _on_part_chosen(self, part: str) -> None:
        plot = self.steps_plot if self.per_step else self.plot
        self._pages.setCurrentWidget(plot)
        self.setFocusProxy(plot)
        self._scale.setVisible(not self.per_step)
        self.heading_changed.emit()
        self._say()

    @Slot(str)
    def _on_scale_chosen(self, scale: str) -> None:
        self.picture.set_log(self.logarithmic)

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        if self.picture.line is not None:
            self.picture.point_at(self.picture.line.alpha_at(pixel))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)

    @Slot(QPointF)
    def _on_plot_double_clicked(self, pixel: QPointF) -> None:
        line = self.picture.line
        if line is not None and self.plot.rect_of_plot.contains(pixel):
            self._request(line.alpha_at(pixel))

    @Slot(QPointF)
    def _on_steps_plot_hovered(self, pixel: QPointF) -> None:
        if self.steps.count:
            self.steps.point_at(self.steps.index_at(pixel))

    @Slot()
    def _on_steps_plot_unhovered(self) -> None:
        self.steps.point_at(None)


def _along(view: TaylorView | None) -> str:
    return "" if view is None else f"epoch {grouped(view.epoch)} · loss along −∇J from here"
