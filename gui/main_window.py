"""The window: menus, top bar, panels and status line, and what concerns nothing but the window."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

import resources
from gui import style
from gui.commands import Commands
from gui.layout_store import Layout, layout_path, read_layout, write_layout
from gui.menus import fill_menu_bar, put_first
from gui.panels.panel import Panel, Wants
from gui.theme import CHOICES, LIGHT, Theme, Themed, chosen_theme, next_scale
from gui.widgets.arrangements import TRAIN, Arrangement
from gui.widgets.dock_host import DockHost
from gui.widgets.focus_order import next_in_front
from gui.widgets.help_dialogs import AboutDialog, ShortcutsDialog
from gui.widgets.status_line import StatusLine
from gui.widgets.top_bar import TopBar
from model.training.snapshots import Snapshot, State

if TYPE_CHECKING:
    from model.lab.race_snapshot import RaceSnapshot

_SIZE: Final = QSize(1280, 800)
_LEAST: Final = QSize(720, 480)
_MARGIN: Final = 8


class MainWindow(QMainWindow):
    """Carries out what concerns the window alone and passes on all other wishes.

    `command_requested` names a command of the table that somebody else carries out (run, step,
    save_figures, speed_60, …); `view_shown` names the view that has come to the front;
    `panels_shown_changed` says that `wants` or the set of visible panels may be another;
    `first_painted` comes once, when the user can see the window, and `closed` once, when it is
    about to go.
    """

    command_requested = Signal(str)
    view_shown = Signal(str)
    panels_shown_changed = Signal()
    theme_changed = Signal(object)
    closed = Signal()
    first_painted = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._choice = "system"
        self._painted = False
        self._snapshot: Snapshot | None = None
        self._race: RaceSnapshot | None = None
        self.commands = Commands(self)
        self.top_bar = TopBar(self.commands, theme, self)
        self.host = DockHost(theme, TRAIN, self)
        self.hosts = {"train": self.host}
        self._pages: dict[str, QWidget] = {"train": self.host}
        self._saved_docks: dict[str, bytes] = {}
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.host)
        self.status = StatusLine(theme, self)
        self.panels: tuple[Panel, ...] = ()
        self._own = self._own_commands()
        self._menus = fill_menu_bar(self.menuBar(), self.commands)
        self.setWindowTitle("Backscope")
        self.setWindowIcon(QIcon(str(resources.path("backscope.svg"))))
        self._lay_out()
        self._connect()
        self.apply_theme(theme)

    def add_panels(self, setup: QWidget, panels: Iterable[Panel]) -> None:
        """Take in the settings and the panels, and arrange them; to be called once."""
        self.panels = tuple(panels)
        self.host.add(self.panels, setup)
        self._list_panels()

    def add_view(
        self,
        name: str,
        arrangement: Arrangement,
        panels: Iterable[Panel],
        banner: QWidget | None = None,
    ) -> None:
        """Another arrangement of panels, with a banner above it."""
        host = DockHost(self.theme, arrangement, self)
        self.hosts[name] = host
        added = tuple(panels)
        self.panels = (*self.panels, *added)
        host.add(added)
        host.panels_shown_changed.connect(self.panels_shown_changed)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        if banner is not None:
            column.addWidget(banner)
        column.addWidget(host, 1)
        self._stack.addWidget(page)
        self._pages[name] = page
        host.apply_theme(self.theme)
        if docks := self._saved_docks.get(name):
            host.restore(docks)

    def show_view(self, name: str) -> None:
        """Bring a view to the front."""
        self._stack.setCurrentWidget(self._pages[name])
        self.commands.action(f"{name}_view").setChecked(True)
        self.top_bar.show_view(name)
        self._list_panels()
        self._show_front()
        self.view_shown.emit(name)
        self.panels_shown_changed.emit()

    def show_panel(self, name: str) -> None:
        """Bring a panel of the view at the front out, from behind others too."""
        dock = self.hosts[self.view].docks[name]
        dock.show()
        dock.raise_()

    @property
    def view(self) -> str:
        """The name of the view at the front."""
        return next(n for n, page in self._pages.items() if page is self._stack.currentWidget())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Bring commands, top bar and status line to this state; panels are told by others.

        In the Compare view they are the race's.
        """
        self._snapshot = snapshot
        if self.view != "compare":
            self._show_front()

    def show_race(self, race: "RaceSnapshot") -> None:
        """The same for a race, as soon as the Compare view is at the front."""
        self._race = race
        if self.view == "compare":
            self._show_front()

    def _show_front(self) -> None:
        """What is at the front has the commands, the top bar and the status line."""
        if self.view == "compare":
            self._show_race()
        elif self._snapshot is not None:
            self._show_session(self._snapshot)

    def _show_session(self, snapshot: Snapshot) -> None:
        self.commands.show_state(
            snapshot.state, past=(snapshot.iteration, snapshot.operation) > (0, 0)
        )
        self._show_undo(snapshot)
        self.top_bar.show_snapshot(snapshot)
        self.status.show_snapshot(snapshot)

    def _show_race(self) -> None:
        """Until the race is there only the commands follow, so that none goes to the session."""
        race = self._race
        state, past = (race.state, race.epoch > 0) if race is not None else (State.IDLE, False)
        self.commands.show_state(state, past=past, racing=True)
        if race is not None:
            # A start does not wait for the words of a race.
            from gui.race_readings import race_standing

            self.top_bar.show_race(race)
            self.status.show_standing(race_standing(race))

    def _show_undo(self, snapshot: Snapshot) -> None:
        """Undo names what it would take back."""
        action = self.commands.action("undo")
        action.setText(f"&Undo {snapshot.undo or 'the last change'}")
        action.setEnabled(bool(snapshot.undo) and snapshot.state != State.RUNNING)

    def wants(self) -> Wants:
        """The derived pictures that the visible panels need."""
        wanted = Wants.NOTHING
        for panel in self.panels:
            if panel.isVisible():
                wanted |= panel.wants
        return wanted

    def apply_theme(self, theme: Theme) -> None:
        """Restyle everything, open docks, menus and panels among it."""
        for host in self.hosts.values():
            host.remember()
        self.theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.apply_theme(app, theme)
        self.commands.apply_theme(theme)
        parts: tuple[Themed, ...] = (self.top_bar, *self.hosts.values(), self.status)
        for part in parts:
            part.apply_theme(theme)
        margin = theme.px(_MARGIN)
        self._frame.setContentsMargins(margin, margin, margin, margin)
        self.theme_changed.emit(theme)

    def choose_theme(self, choice: str, scale: float | None = None) -> None:
        """Take the colours of this choice, at this scale or the present one."""
        self._choice = choice if choice in CHOICES else "system"
        self.commands.action(f"theme_{self._choice}").setChecked(True)
        theme = chosen_theme(self._choice, scale or self.theme.scale)
        if theme != self.theme:
            self.apply_theme(theme)

    def save_layout(self, path: Path | None = None) -> None:
        """Keep size, docks, theme and scale; raises FileError where that cannot be done."""
        layout = Layout(
            geometry=bytes(self.saveGeometry().data()),
            docks=self.host.state(),
            debug_docks=self._docks_of("debug"),
            compare_docks=self._docks_of("compare"),
            theme=self._choice,
            scale=self.theme.scale,
            speed=self.commands.chosen("speed"),
        )
        write_layout(path or layout_path(), layout)

    def restore_layout(self, path: Path | None = None) -> None:
        """Bring back what `save_layout` kept, as far as it is usable; after `add_panels`."""
        layout = read_layout(path or layout_path())
        self.choose_theme(layout.theme, layout.scale)
        self.commands.action(layout.speed).setChecked(True)
        if layout.geometry:
            self.restoreGeometry(QByteArray(layout.geometry))
        if layout.docks:
            self.host.restore(layout.docks)
        self._saved_docks = {"debug": layout.debug_docks, "compare": layout.compare_docks}

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # When this pass, and with it every panel, has been drawn.
            QTimer.singleShot(0, self, self.first_painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key whose command rests says why."""
        if why := self.commands.why_not(QKeySequence(event.keyCombination())):
            self.status.show_message(why)
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab and its way back pass over the panels that lie behind others.

        Qt asks too where the widget with the focus has just been hidden: docks may then be on
        their way from place to place, and what can be seen of them cannot be asked for.
        """
        focused = QApplication.focusWidget()
        if focused is not None and not focused.isVisible():
            return super().focusNextPrevChild(next)
        widget = next_in_front(self, forward=next)
        if widget is not None:
            reasons = Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.TabFocusReason
            widget.setFocus(reasons[next])
        return widget is not None

    def _list_panels(self) -> None:
        """The menu has the panels of the view at the front, and no others."""
        menu = self._menus["View/Panels"]
        for host in self.hosts.values():
            for action in host.toggle_actions():
                menu.removeAction(action)
        put_first(menu, self.hosts[self.view].toggle_actions())

    def _reset_layout(self) -> None:
        self.hosts[self.view].arrange()

    def _docks_of(self, name: str) -> bytes:
        """The arrangement of a view, as it was saved where it has not been opened."""
        host = self.hosts.get(name)
        return host.state() if host else self._saved_docks.get(name, b"")

    def _own_commands(self) -> dict[str, Callable[[], object]]:
        """What the window carries out itself."""
        themes = {f"theme_{name}": lambda name=name: self.choose_theme(name) for name in CHOICES}
        return {
            "quit": self.close,
            "train_view": lambda: self.show_view("train"),
            "reset_layout": self._reset_layout,
            "larger": lambda: self._rescale(next_scale(self.theme.scale, 1)),
            "smaller": lambda: self._rescale(next_scale(self.theme.scale, -1)),
            "normal_size": lambda: self._rescale(1.0),
            "full_screen": self._toggle_full_screen,
            "shortcuts": lambda: ShortcutsDialog(self.theme, self, self.panels).open(),
            "about": lambda: AboutDialog(self.theme, self).open(),
            **themes,
        }

    def _lay_out(self) -> None:
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._frame = QVBoxLayout()
        self._frame.addWidget(self._stack)
        column.addWidget(self.top_bar)
        column.addLayout(self._frame, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)
        self.setMinimumSize(_LEAST)
        self.resize(_SIZE)

    def _connect(self) -> None:
        for action in self.commands.actions_without_menu():
            self.addAction(action)
        self.commands.triggered.connect(self._on_commands_triggered)
        self.host.panels_shown_changed.connect(self.panels_shown_changed)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_hints_color_scheme_changed)

    def _rescale(self, scale: float) -> None:
        self.apply_theme(self.theme.scaled(scale))
        self.status.show_message(f"Type and lines at {100 * scale:.0f} %")

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.commands.action("full_screen").setChecked(self.isFullScreen())

    @Slot(str)
    def _on_commands_triggered(self, id: str) -> None:
        own = self._own.get(id)
        if own is not None:
            own()
        else:
            self.command_requested.emit(id)

    @Slot()
    def _on_hints_color_scheme_changed(self) -> None:
        if self._choice == "system":
            self.choose_theme("system")
