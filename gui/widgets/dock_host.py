"""The place of the panels: their first arrangement, and how it is kept and brought back."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.panel_dock import SETUP_WIDTH, PanelDock, SetupDock

_ROWS: Final = (("network", "boundary"), ("loss", "roc", "inspector"))
_WIDTHS: Final = {"network": 560, "boundary": 452, "loss": 332, "roc": 300, "inspector": 372}
_HEIGHTS: Final = (396, 306)
_VERSION: Final = 1
"""Of the saved arrangement; a state saved with another number is not restored."""

_AREA: Final = Qt.DockWidgetArea.LeftDockWidgetArea
_ACROSS: Final = Qt.Orientation.Horizontal
_DOWN: Final = Qt.Orientation.Vertical


class DockHost(QMainWindow):
    """Holds the docks inside the window's margins.

    A main window of its own, because Qt lays docks out only in one, and only up to its very edge.
    All docks stand in one area: they then keep their proportions when the window grows.
    """

    panels_shown_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        self._docks: dict[str, PanelDock | SetupDock] = {}
        self._arranged = False

    @property
    def docks(self) -> dict[str, PanelDock | SetupDock]:
        """Every dock by its name; the settings are "setup"."""
        return self._docks

    def add(self, setup: QWidget, panels: Iterable[Panel]) -> None:
        """Take these in and arrange them."""
        self._docks["setup"] = SetupDock(setup, self.theme, self)
        self._docks |= {panel.name: PanelDock(panel, self.theme, self) for panel in panels}
        for dock in self._docks.values():
            dock.visibilityChanged.connect(self._on_dock_visibility_changed)
        self.arrange()

    def toggle_actions(self) -> list[QAction]:
        """One checkable action a dock, to show or hide it."""
        return [dock.toggleViewAction() for dock in self._docks.values()]

    def arrange(self) -> None:
        """Put every dock back to its first place and size."""
        for dock in self._docks.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        rows = [[self._docks[name] for name in row if name in self._docks] for row in _ROWS]
        rows = [row for row in rows if row]
        self.addDockWidget(_AREA, self._docks["setup"])
        self._place(rows)
        for dock in self._docks.values():
            dock.show()
        self._set_sizes()

    def apply_theme(self, theme: Theme) -> None:
        """Restyle every dock; the settings keep their width in the theme's own pixels."""
        rescaled = theme.scale != self.theme.scale
        self.theme = theme
        for dock in self._docks.values():
            dock.apply_theme(theme)
        if rescaled and self._docks:
            self.resizeDocks([self._docks["setup"]], [theme.px(SETUP_WIDTH)], _ACROSS)

    def state(self) -> QByteArray:
        """The arrangement as bytes."""
        return self.saveState(_VERSION)

    def restore(self, state: QByteArray) -> bool:
        """Bring an arrangement back; False, and nothing changed, where the bytes are not one."""
        restored = self.restoreState(state, _VERSION)
        self._arranged = self._arranged or restored
        return restored

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._arranged:
            self._arranged = True
            QTimer.singleShot(0, self, self._set_sizes)

    def _place(self, rows: list[list[QDockWidget]]) -> None:
        """Set-up at the left, the rows below each other, each from left to right."""
        if not rows:
            return
        self.splitDockWidget(self._docks["setup"], rows[0][0], _ACROSS)
        for above, below in zip(rows, rows[1:], strict=False):
            self.splitDockWidget(above[0], below[0], _DOWN)
        for row in rows:
            for left, right in zip(row, row[1:], strict=False):
                self.splitDockWidget(left, right, _ACROSS)

    @Slot()
    def _set_sizes(self) -> None:
        """The proportions of the first arrangement, in the room there is."""
        self._set_row_sizes()
        firsts = [self._docks[row[0]] for row in _ROWS if row[0] in self._docks]
        self.resizeDocks(firsts, list(_HEIGHTS[: len(firsts)]), _DOWN)

    def _set_row_sizes(self) -> None:
        setup = self.theme.px(SETUP_WIDTH)
        room = max(1, self.width() - setup)
        for row in _ROWS:
            names = [name for name in row if name in self._docks]
            whole = sum(_WIDTHS[name] for name in names) or 1
            docks = [self._docks["setup"], *(self._docks[name] for name in names)]
            widths = [setup, *(max(1, room * _WIDTHS[name] // whole) for name in names)]
            self.resizeDocks(docks, widths, _ACROSS)

    @Slot(bool)
    def _on_dock_visibility_changed(self, visible: bool) -> None:
        self.panels_shown_changed.emit()
