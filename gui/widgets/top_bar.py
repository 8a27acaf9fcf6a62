"""The bar at the top: the run's commands, how far it is, and the three views."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.actions import RUN_PAUSE
from gui.commands import Commands
from gui.theme import Theme
from gui.widgets.command_button import ROOMY, SHAPES, SMALLEST, WITHOUT_KEYS, CommandButton
from gui.widgets.epoch_label import EpochLabel
from gui.widgets.grain_button import GRAINS, GrainButton
from gui.widgets.menu_button import MenuButton
from gui.widgets.segmented_control import SegmentedControl
from model.training.snapshots import Snapshot

if TYPE_CHECKING:
    from model.lab.race_snapshot import RaceSnapshot

Part = CommandButton | GrainButton | MenuButton | EpochLabel | SegmentedControl

HEIGHT: Final = 48
_MARGIN: Final = 12
_VIEWS_IN_LIST: Final = SMALLEST + 1
"""The view at the front alone, with a list of the others."""
_WITHOUT_SPEED: Final = SMALLEST + 2
"""The menu has the speeds too."""
_WITHOUT_EPOCH: Final = SMALLEST + 3
"""The last resort; the status line has the epoch too."""


class TopBar(QWidget):
    """Shows as much of each button as the window is wide enough for."""

    def __init__(self, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._commands = commands
        self._fitted: tuple[object, ...] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.run_button = self._button(RUN_PAUSE, primary=True, keycap=True)
        self.step_button = self._button("step", keycap=True, shape_last=True)
        self.back_button = self._button("back", keycap=True)
        self.grain = GrainButton(commands, theme, self)
        self.grain.hide()
        self.grain.grain_chosen.connect(self._on_grain_chosen)
        self.buttons = (
            self.run_button,
            self.step_button,
            self.back_button,
            self._button("reset"),
            self._button("new_seed"),
        )
        self.speed = MenuButton("Speed", commands.group("speed"), theme, self)
        self.speed.setToolTip("How many epochs a second are trained.")
        self.epoch = EpochLabel(theme, self)
        self.views = SegmentedControl("View", commands.group("view"), theme, self)
        self.view_list = MenuButton("View", commands.group("view"), theme, self)
        self.view_list.setToolTip("Which of the views is at the front.")
        self.view_list.set_labelled(False)
        self._row = self._lay_out()
        self.apply_theme(theme)

    def show_view(self, view: str) -> None:
        """While debugging the steps are those of the chosen grain, elsewhere iterations."""
        self.grain.setVisible(view == "debug")
        self._step_by(self.grain.grain if view == "debug" else "iteration")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show this state of the session."""
        self._show_progress("Epoch", snapshot.epoch, snapshot.settings.training.epochs)

    def show_race(self, race: "RaceSnapshot") -> None:
        """Show this state of a race."""
        runs = f"{len(race.runs)} run{'s' if len(race.runs) != 1 else ''}"
        self._show_progress(f"{runs}, epoch", race.epoch, race.epochs)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        for widget in self._parts():
            widget.apply_theme(theme)
        self._row.setContentsMargins(theme.px(_MARGIN), 0, theme.px(_MARGIN), 0)
        self._row.setSpacing(theme.px(8))
        self.setFixedHeight(theme.px(HEIGHT))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.theme.px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(self.theme.border))

    def _show_progress(self, what: str, epoch: int, epochs: int) -> None:
        self.epoch.set_progress(epoch, epochs, what)
        self.run_button.set_glyph(self._commands.glyph(RUN_PAUSE))
        self._fit()

    def _button(self, id: str, **look: bool) -> CommandButton:
        commands = self._commands
        return CommandButton(
            commands.action(id), self.theme, commands.glyph(id), parent=self, **look
        )

    def _lay_out(self) -> QHBoxLayout:
        row = QHBoxLayout(self)
        for button in self.buttons:
            row.addWidget(button)
        row.insertWidget(row.indexOf(self.back_button), self.grain)
        row.addWidget(self.speed)
        row.addSpacing(self.theme.px(8))
        row.addWidget(self.epoch)
        row.addStretch(1)
        row.addWidget(self.views)
        row.addWidget(self.view_list)
        return row

    def _parts(self) -> tuple[Part, ...]:
        return (*self.buttons, self.grain, self.speed, self.epoch, self.views, self.view_list)

    def _fit(self) -> None:
        """Take the roomiest of the forms that is no wider than the bar."""
        epoch = self.epoch.label, self.epoch.widest
        words = self.run_button.text(), self.step_button.text(), self.grain.isHidden()
        need = (self.width(), self.theme.scale, *words, *epoch)
        if need == self._fitted:
            return
        self._fitted = need
        for room in range(ROOMY, _WITHOUT_EPOCH + 1):
            self._set_room(room)
            if self._wanted_width() <= self.width():
                return

    @Slot(str)
    def _on_grain_chosen(self, grain: str) -> None:
        self._step_by(grain)

    def _step_by(self, grain: str) -> None:
        pair = (self.step_button, self.back_button)
        for button, id in zip(pair, GRAINS[grain], strict=True):
            button.set_action(self._commands.action(id))
        self._fit()

    def _set_room(self, room: int) -> None:
        for button in self.buttons:
            button.set_room(room)
        self.speed.set_labelled(room <= WITHOUT_KEYS)
        self.epoch.set_labelled(room < SHAPES)
        self.speed.setVisible(room < _WITHOUT_SPEED)
        self.views.setVisible(room < _VIEWS_IN_LIST)
        self.view_list.setVisible(room >= _VIEWS_IN_LIST)
        self.epoch.setVisible(room < _WITHOUT_EPOCH)

    def _wanted_width(self) -> int:
        widgets = [widget for widget in self._parts() if not widget.isHidden()]
        widths = sum(widget.sizeHint().width() for widget in widgets)
        return widths + self.theme.px(8) * (len(widgets) + 2) + 2 * self.theme.px(_MARGIN)
