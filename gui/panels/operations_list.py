"""The list of operations with its mouse and keys."""

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QWidget

from gui.panels.operations_delegate import MARGIN, ROW, OperationsDelegate
from gui.panels.operations_rows import Kind, Row, Standing, Stop
from gui.theme import Theme
from gui.widgets.labels import paint_message

EMPTY: Final = "The operations of an iteration appear as soon as the data are there."
_AHEAD: Final = 3
"""Lines around the current one that are brought into view with it."""
_NOWHERE: Final = QModelIndex()
_HOW: Final = {
    Standing.DONE: "Click: look at it",
    Standing.CURRENT: "Click: look at it",
    Standing.TO_COME: "Click: run until it is done",
}


class OperationsModel(QAbstractListModel):
    """The lines, each as text, as tooltip and as `Row`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show_rows(self, rows: list[Row]) -> bool:
        """Take on these lines; True where they are others, so that the view forgets its place."""
        if rows == self.rows:
            return False
        if [_identity(row) for row in rows] != [_identity(row) for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return True
        self.rows = rows
        self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        return False

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """The keys pass over headings."""
        if not index.isValid() or self.rows[index.row()].kind is Kind.PHASE:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        """What the view asks for."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, _words(row)))
        return _tooltip(row) if role == Qt.ItemDataRole.ToolTipRole else None

    def place_of(self, kind: Kind, operation: int | None) -> QModelIndex:
        """Where a line stands; nowhere if it is folded away."""
        wanted = (kind, operation)
        places = (i for i, row in enumerate(self.rows) if (row.kind, row.operation) == wanted)
        return self.index(next(places, -1))


class OperationsList(QListView):
    """`run_to_requested`, `operation_chosen` and `breakpoint_toggled` carry an operation's index.

    `fold_toggled`: the lines of the update are to be shown or put away.
    """

    run_to_requested = Signal(int)
    operation_chosen = Signal(int)
    breakpoint_toggled = Signal(int)
    fold_toggled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.operations = OperationsModel(self)
        self.delegate = OperationsDelegate(theme, self)
        self.setModel(self.operations)
        self.setItemDelegate(self.delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Operations of the iteration")
        self.clicked.connect(self._on_clicked)

    def show_rows(self, rows: list[Row], current: int | None) -> None:
        """Show these lines and bring the operation `current` into view; None leaves the place."""
        under, bar = self.row_under_cursor(), self.verticalScrollBar()
        scrolled = bar.value()
        if self.operations.show_rows(rows) and under is not None:
            self.setCurrentIndex(self.operations.place_of(under.kind, under.operation))
            bar.setValue(scrolled)
        place = self.operations.place_of(Kind.OPERATION, current)
        if place.isValid():
            self._bring_into_view(place)

    def _bring_into_view(self, place: QModelIndex) -> None:
        """With some lines around it; the keys start from there."""
        self.setCurrentIndex(place)
        for step in (-_AHEAD, _AHEAD, 0):
            near = self.operations.index(place.row() + step)
            if near.isValid():
                self.scrollTo(near, QAbstractItemView.ScrollHint.EnsureVisible)

    def row_under_cursor(self) -> Row | None:
        """The line at which the keys are."""
        index = self.currentIndex()
        return self.operations.rows[index.row()] if index.isValid() else None

    def act_on(self, row: Row) -> None:
        """What a click does: open or close, look at what is done, or run to what is to come."""
        if row.kind is Kind.FOLD:
            self.fold_toggled.emit()
        elif row.kind is Kind.OPERATION:
            to_come = row.standing is Standing.TO_COME
            signal = self.run_to_requested if to_come else self.operation_chosen
            signal.emit(row.operation)

    def toggle_stop(self, row: Row | None) -> None:
        """A breakpoint at this line, or none; a fold is opened to show the lines."""
        if row is not None and row.kind is Kind.FOLD:
            self.fold_toggled.emit()
        elif row is not None and row.operation >= 0:
            self.breakpoint_toggled.emit(row.operation)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.delegate.apply_theme(theme)
        self.verticalScrollBar().setSingleStep(theme.px(20))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._note_margin(event)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._note_margin(event)
        super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks are two clicks."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.row_under_cursor()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.act_on(row)
        elif event.key() == Qt.Key.Key_F9:
            self.toggle_stop(row)
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyed = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyed else self.indexAt(event.pos())
        row = self.operations.rows[index.row()] if index.isValid() else None
        if row is not None and row.kind is Kind.OPERATION:
            at = self.visualRect(index).center() if keyed else event.pos()
            self.menu_of(row).popup(self.viewport().mapToGlobal(at))

    def menu_of(self, row: Row) -> QMenu:
        """What can be done with an operation."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name, operation = row.text.partition(" = ")[0], row.operation
        to_come = row.standing is Standing.TO_COME
        look = menu.addAction(f"Look at {name}\tEnter" if not to_come else f"Look at {name}")
        look.setEnabled(not to_come)
        look.triggered.connect(lambda: self.operation_chosen.emit(operation))
        go = menu.addAction(_run_text(row) + ("\tEnter" if to_come else ""))
        go.triggered.connect(lambda: self.run_to_requested.emit(operation))
        menu.addSeparator()
        set_one = row.stop is Stop.NONE
        stop = menu.addAction("Set a breakpoint\tF9" if set_one else "Remove the breakpoint\tF9")
        stop.triggered.connect(lambda: self.breakpoint_toggled.emit(operation))
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.operations.rows:
            painter = QPainter(self.viewport())
            paint_message(painter, EMPTY, QRectF(self.viewport().rect()), self.theme)

    def _note_margin(self, event: QMouseEvent) -> None:
        inside = event.position().x() <= self.theme.px(MARGIN)
        if inside != self.delegate.in_margin:
            self.delegate.in_margin = inside
            self.viewport().update()

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self.operations.rows[index.row()]
        if self.delegate.in_margin:
            self.toggle_stop(row)
        else:
            self.act_on(row)


def _identity(row: Row) -> tuple[object, ...]:
    """Lines that agree in this stand in the same place and take the same room."""
    return row.kind, row.operation, row.text, row.first


def _run_text(row: Row) -> str:
    return "Run until it is done" if row.standing is Standing.TO_COME else "Go to where it is done"


def _words(row: Row) -> tuple[str, ...]:
    if row.kind is Kind.PHASE:
        return (row.text.capitalize(),)
    fault = "the first number that is not finite arose here" if row.faulty else ""
    stop = "stopped here" if row.hit else row.stop.value
    return row.text, row.value, row.standing.value, stop, fault


def _tooltip(row: Row) -> str:
    if row.kind is Kind.PHASE:
        return ""
    if row.kind is Kind.FOLD:
        return "Click or press Enter to show or fold the update of each layer."
    about = " · ".join(filter(None, _words(row)[1:]))
    how = f"{_HOW[row.standing]} (Enter). Click in the margin: breakpoint (F9)"
    return f"{row.text}\n{about}\n{how}"
