"""The place of the panels: their first arrangement, and how it is kept and brought back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Final
from zlib import crc32

from PySide6.QtCore import (
    QChildEvent,
    QCoreApplication,
    QEvent,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.arrangements import TRAIN, Arrangement, Plan
from gui.widgets.dock_record import Record, Saved, from_bytes, to_bytes
from gui.widgets.panel_dock import PanelDock, SetupDock

_AREA: Final = Qt.DockWidgetArea.LeftDockWidgetArea
_ACROSS: Final = Qt.Orientation.Horizontal
_DOWN: Final = Qt.Orientation.Vertical
_UNKNOWN: Final = 0.0
"""The scale of an arrangement of another day."""


class DockHost(QMainWindow):
    """Holds the docks inside the window's margins.

    A main window of its own, because Qt lays docks out only in one, and only up to its very edge.
    All docks stand in one area: they then keep their proportions when the window grows. Where the
    room calls for another plan the docks follow, unless the user has arranged them; the way back
    finds all as it was left. Only what the user does changes the shares of the room that the docks
    take; a window that has been larger and smaller in between shows them as before.
    """

    panels_shown_changed = Signal()

    def __init__(
        self, theme: Theme, arrangement: Arrangement = TRAIN, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._arrangement = arrangement
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        self._docks: dict[str, PanelDock | SetupDock] = {}
        self._plan: Plan | None = None
        self._left_width: float = arrangement.left_width
        self._left: dict[tuple[Plan, float], Record] = {}
        self._restored = False
        self._touched = False
        self._were_hidden: set[str] = set()
        self._rescale = QTimer(self, singleShot=True, interval=0)
        self._rescale.timeout.connect(self._on_rescale_timeout)
        self._follow = QTimer(self, singleShot=True, interval=0)
        self._follow.timeout.connect(self._on_follow_timeout)

    @property
    def docks(self) -> dict[str, PanelDock | SetupDock]:
        """Every dock by its name; the settings are "setup"."""
        return self._docks

    @property
    def _left_dock(self) -> PanelDock | SetupDock:
        return self._docks[self._arrangement.left]

    def add(self, panels: Iterable[Panel], setup: QWidget | None = None) -> None:
        """Take these in and arrange them; the settings have a dock without a head."""
        if setup is not None:
            self._docks["setup"] = SetupDock(setup, self.theme, self)
        self._docks |= {panel.name: PanelDock(panel, self.theme, self) for panel in panels}
        for dock in self._docks.values():
            dock.visibilityChanged.connect(self._on_dock_visibility_changed)
        self.arrange()

    def toggle_actions(self) -> list[QAction]:
        """One checkable action a dock, to show or hide it."""
        return [dock.toggleViewAction() for dock in self._docks.values()]

    def arrange(self) -> None:
        """Put every dock back to its first place and size, as the room allows."""
        self._left_width = self._arrangement.left_width
        for dock in self._docks.values():
            dock.show()
        self._arrange(self._fitting_plan() if self.isVisible() else self._arrangement.plans[0][1])

    def remember(self) -> None:
        """Keep the arrangement as it is; to be called before a style of another scale moves it.

        One that is about to change is not kept.
        """
        if self._plan is None or self._rescale.isActive() or self._follow.isActive():
            return
        record = None if self._touched else self._record_of(self._plan)
        shares = record or Record(b"", self._widths(self._plan), self._heights(self._plan))
        self._touched = False
        self._left.pop((self._plan, self.theme.scale), None)
        state = bytes(self.saveState(self._version).data())
        self._left[self._plan, self.theme.scale] = replace(shares, state=state)

    def apply_theme(self, theme: Theme) -> None:
        """Restyle every dock; the settings keep their width in the theme's own pixels."""
        rescaled = theme.scale != self.theme.scale
        self.theme = theme
        for dock in self._docks.values():
            dock.apply_theme(theme)
        if rescaled and self._plan is not None:
            self._rescale.start()

    def state(self) -> bytes:
        """The arrangement as bytes: what is shown, and where the room has forced another plan upon
        the user's own also that.
        """
        normal = self._arrangement.plans[0][1]
        forced = self._plan is not None and self._plan != normal
        shown = bytes(self.saveState(self._version).data())
        own = self._record_of(normal) if forced else None
        return to_bytes(Saved(shown, self._left_width, own))

    def restore(self, state: bytes) -> bool:
        """Bring an arrangement back; False, and nothing changed, where the bytes are not one."""
        saved = from_bytes(state)
        self._restored = saved is not None and self.restoreState(saved.shown, self._version)
        if saved is None or not self._restored:
            return False
        self._left_width = saved.left_width
        normal = self._arrangement.plans[0][1]
        stacks = [len(row) for row in self._rows(normal)]
        if saved.own is not None and [len(row) for row in saved.own.widths] == stacks:
            self._left[normal, _UNKNOWN] = saved.own
        return True

    @property
    def _version(self) -> int:
        """Of the saved arrangement; one of other docks would leave these piled up anywhere."""
        return crc32(" ".join(self._docks).encode()) & 0x7FFFFFFF

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.MouseButtonRelease and self._plan is not None:
            self._note_left_width()
            self._touched = True
            self._follow.start()
        return handled

    def childEvent(self, event: QChildEvent) -> None:
        super().childEvent(event)
        bar = event.child()
        if event.type() == QEvent.Type.ChildPolished and isinstance(bar, QTabBar):
            # Whole words with arrows beside them: of words cut to a letter none can be told.
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._plan is not None:
            self._follow.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._plan is None and self._docks:
            QTimer.singleShot(0, self, self._start)

    def _arrange(self, plan: Plan) -> None:
        hidden = self._hidden()
        for dock in self._docks.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        rows = self._rows(plan)
        self.addDockWidget(_AREA, self._left_dock)
        self._place(rows)
        self._show_all_but(hidden)
        for stack in chain.from_iterable(rows):
            stack[0].raise_()
        widths = [[self._share(stack) for stack in row] for row in rows]
        first = Record(b"", widths, list(self._arrangement.heights[: len(rows)]))
        self._take_sizes(rows, first)
        if self.isVisible():
            self._plan, self._touched = plan, False
            self._left.pop((plan, self.theme.scale), None)
            self._left[plan, self.theme.scale] = first
            self._follow.start()

    def _rows(self, plan: Plan) -> list[list[list[QDockWidget]]]:
        """The plan's docks, as far as they are there."""
        rows = [[self._stack(names) for names in row] for row in plan]
        filled = [[stack for stack in row if stack] for row in rows]
        return [row for row in filled if row]

    def _stack(self, names: Iterable[str]) -> list[QDockWidget]:
        return [self._docks[name] for name in names if name in self._docks]

    def _place(self, rows: list[list[list[QDockWidget]]]) -> None:
        """Set-up at the left, the rows below each other, each from left to right."""
        if not rows:
            return
        self.splitDockWidget(self._left_dock, rows[0][0][0], _ACROSS)
        for above, below in pairwise(rows):
            self.splitDockWidget(above[0][0], below[0][0], _DOWN)
        for row in rows:
            for left, right in pairwise(row):
                self.splitDockWidget(left[0], right[0], _ACROSS)
        for stack in chain.from_iterable(rows):
            for front, behind in pairwise(stack):
                self.tabifyDockWidget(front, behind)

    def _fitting_plan(self) -> Plan:
        """The first plan for which there is room at the present size and scale.

        A banner above the docks takes of their height, not of their plan: it goes as it came.
        """
        width = self.width() / self.theme.scale - self._arrangement.left_width
        height = self._room.height() / self.theme.scale
        return next(
            plan
            for least, plan in self._arrangement.plans
            if width >= least[0] and height >= least[1]
        )

    @Slot()
    def _start(self) -> None:
        """Arrange in the room there is, which is known only once the window can be seen."""
        plan = self._fitting_plan()
        shown = self._shown_plan() if self._restored else plan
        self._plan = plan
        if not self._restored:
            self._arrange(plan)
            return
        self._hide_stray_tabs()
        if shown is None:
            self._note_left_width()
        elif shown == plan:
            self._keep_left_width()
        else:
            self._change(plan)

    def _hide_stray_tabs(self) -> None:
        """WORKAROUND: restoreState leaves a tab bar without a place, in the upper left corner."""
        for bar in self.findChildren(QTabBar):
            if bar.pos() == QPoint(0, 0):
                bar.hide()

    @Slot()
    def _on_rescale_timeout(self) -> None:
        """Change the plan where the scale calls for it, the user's own arrangement included."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        plan = self._fitting_plan()
        if plan != self._plan:
            self._change(plan)
        else:
            self._keep_left_width()

    @Slot()
    def _on_follow_timeout(self) -> None:
        """The window or a panel has another size: follow, or remember what the user made of it."""
        shown, plan = self._shown_plan(), self._fitting_plan()
        if shown == plan:
            self._plan = plan
            record = self._record_of(plan)
            if record is not None and not self._touched:
                self._take_sizes(self._rows(plan), record)
            self.remember()
        elif shown is not None and plan != self._plan:
            # What is shown is squeezed by now: it is not remembered.
            self._change(plan)

    def _change(self, plan: Plan) -> None:
        """Take another plan, as it was left if it was there before; what is hidden stays so."""
        hidden, record = self._hidden(), self._record_of(plan)
        self._plan = plan
        if record is not None and self.restoreState(record.state, self._version):
            self._show_all_but(hidden)
            # Qt's part of it alone would give all that a larger window has more to one dock.
            self._take_sizes(self._rows(plan), record)
            self._touched = False
            # Once more when Qt has laid out what it restored.
            self._follow.start()
        else:
            self._arrange(plan)

    def _record_of(self, plan: Plan) -> Record | None:
        """How a plan was left, best at this very scale."""
        latest = [record for (of, _), record in self._left.items() if of == plan]
        return self._left.get((plan, self.theme.scale)) or (latest[-1] if latest else None)

    def _take_sizes(self, rows: list[list[list[QDockWidget]]], record: Record) -> None:
        """Share the room as it was shared then."""
        for row, widths in zip(rows, record.widths, strict=True):
            self._set_widths(row, widths)
        self._set_heights(rows, record.heights)

    @property
    def _room(self) -> QWidget:
        """What the docks and a banner above them stand in."""
        return self.parentWidget() or self

    def _widths(self, plan: Plan) -> list[list[int]]:
        """The widths of each row's stacks."""
        return [[_place(stack).width() for stack in row] for row in self._rows(plan)]

    def _heights(self, plan: Plan) -> list[int]:
        """The heights of the rows."""
        shown = [
            [dock for stack in row for dock in _shown(stack)] or row[0] for row in self._rows(plan)
        ]
        return [_place(docks).height() for docks in shown]

    def _note_left_width(self) -> None:
        """Only what the user makes of it: a larger window widens the settings as well."""
        if self._left_dock.isVisible():
            self._left_width = self._left_dock.width() / self.theme.scale

    def _keep_left_width(self) -> None:
        """Give the settings their width; what stands beside them keeps its proportions."""
        shown = self._shown_plan()
        for row in self._rows(shown) if shown is not None else [[]]:
            self._set_widths(row, [_place(stack).width() for stack in row])

    def _hidden(self) -> set[str]:
        """The docks that the user has hidden."""
        return {name for name, dock in self._docks.items() if dock.isHidden()}

    def _show_all_but(self, hidden: set[str]) -> None:
        for name, dock in self._docks.items():
            dock.setVisible(name not in hidden)

    def _shown_plan(self) -> Plan | None:
        """The plan after which the docks stand; None where the user has arranged them."""
        if any(dock.isFloating() for dock in self._docks.values()):
            return None
        known = [plan for _, plan in self._arrangement.plans]
        plans = [self._plan or known[0], *known]
        return next((plan for plan in plans if self._stands_as(plan)), None)

    def _stands_as(self, plan: Plan) -> bool:
        """Whether the stacks are those of the plan, each row below the one before."""
        rows = [[_shown(stack) for stack in row] for row in self._rows(plan)]
        rows = [stacks for row in rows if (stacks := [stack for stack in row if stack])]
        stacks = list(chain.from_iterable(rows))
        alone = all(_together(self, stack) for stack in stacks)
        places = [[_place(stack) for stack in row] for row in rows]
        across = all(a.right() < b.left() for row in places for a, b in pairwise(row))
        down = all(a[0].bottom() < b[0].top() for a, b in pairwise(places))
        setup = self._left_dock
        left = setup.isHidden() or all(setup.x() < place.left() for row in places for place in row)
        return alone and across and down and left

    def _set_heights(self, rows: list[list[list[QDockWidget]]], shares: Sequence[int]) -> None:
        """The rows' heights in these shares; hidden rows take none."""
        shown = [[dock for stack in row for dock in _shown(stack)] for row in rows]
        pairs = [(docks[0], share) for docks, share in zip(shown, shares, strict=False) if docks]
        whole = sum(share for _, share in pairs)
        room = self.height() - self.theme.px(8) * (len(pairs) - 1)
        heights = [max(1, room * share // whole) for _, share in pairs]
        self.resizeDocks([dock for dock, _ in pairs], heights, _DOWN)

    def _set_widths(self, row: list[list[QDockWidget]], shares: list[int]) -> None:
        """The settings' width, and the rest in these shares; hidden stacks take none."""
        pairs = [
            (shown[0], share)
            for stack, share in zip(row, shares, strict=True)
            if (shown := _shown(stack))
        ]
        setup = 0 if self._left_dock.isHidden() else self.theme.px(self._left_width)
        gaps = len(pairs) - self._left_dock.isHidden()
        room = self.width() - setup - self.theme.px(8) * gaps
        whole = sum(share for _, share in pairs)
        widths = [max(1, room * share // whole) for _, share in pairs]
        docks = [self._left_dock, *(dock for dock, _ in pairs)]
        self.resizeDocks(docks, [setup, *widths], _ACROSS)

    def _share(self, stack: list[QDockWidget]) -> int:
        """The width of a stack beside others."""
        plan = self._arrangement
        return plan.widths[stack[0].objectName()] if len(stack) == 1 else plan.stack_width

    @Slot(bool)
    def _on_dock_visibility_changed(self, visible: bool) -> None:
        if self._plan is not None:
            hidden = self._hidden()
            self._touched |= hidden != self._were_hidden
            self._were_hidden = hidden
            self._follow.start()
        self.panels_shown_changed.emit()


def _shown(stack: list[QDockWidget]) -> list[QDockWidget]:
    return [dock for dock in stack if not dock.isHidden()]


def _together(host: QMainWindow, stack: list[QDockWidget]) -> bool:
    """Whether these docks, and no others that are shown, lie behind each other."""
    others = [dock for dock in host.tabifiedDockWidgets(stack[0]) if not dock.isHidden()]
    return set(others) == set(stack[1:])


def _place(stack: list[QDockWidget]) -> QRect:
    """Where a stack is: those behind the front one are kept outside the window."""
    return next((d.geometry() for d in stack if d.geometry().right() > 0), stack[0].geometry())
