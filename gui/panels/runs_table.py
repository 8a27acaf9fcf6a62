"""The table of runs with its mouse, keys and menu."""

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from gui.panels.run_columns import Column
from gui.theme import Theme

ROW_HEIGHT: Final = 26
_PADDING: Final = 6


class Lines(Protocol):
    """What the table needs of its model, which is a QAbstractItemModel as well.

    `order` holds the numbers of what is listed, from the top down.
    """

    order: list[int]

    @property
    def columns(self) -> Sequence[Column]: ...
    def index(self, row: int, column: int, /) -> QModelIndex: ...
    def resort(self) -> None: ...
    def text_of(self, rows: list[int]) -> str: ...


class RunsTable(QTableView):
    """`run_chosen` carries the number of the run whose row was selected, None for none.

    `run_opened` follows a double click, Enter or the menu; `export_requested` the menu.
    """

    run_chosen = Signal(object)
    run_opened = Signal(int)
    export_requested = Signal()

    def __init__(self, model: Lines, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = model
        self._telling = True
        self.opening = "Open in Debug"
        """What the menu calls a double click."""
        self._number: int | None = None
        self.setModel(model)  # type: ignore[arg-type]
        self.setAccessibleName("Runs")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.doubleClicked.connect(self._on_double_clicked)
        self.apply_theme(theme)

    @property
    def chosen(self) -> int | None:
        """The number of the run whose row is selected."""
        rows = self.selectionModel().selectedRows()
        return self.runs.order[rows[0].row()] if rows else None

    def choose(self, number: int | None) -> None:
        """Select a run's row without telling."""
        self._number = number
        if number == self.chosen:
            return
        self._telling = False
        try:
            if number is None or number not in self.runs.order:
                self.clearSelection()
            else:
                index = self.runs.index(self.runs.order.index(number), 0)
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
                self.scrollTo(index)
        finally:
            self._telling = True

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        side = theme.px(_PADDING)
        self.setFont(theme.font(13))
        self.horizontalHeader().setFont(theme.font(13, weight=QFont.Weight.DemiBold))
        self.setStyleSheet(
            f"QTableView::item {{ padding: 0 {side}px; border-bottom: 1px solid {theme.grid}; }}"
            f" QHeaderView::section {{ padding: 0 {side}px; color: {theme.text};"
            f" font-size: {theme.px(13)}px; border-bottom: 1px solid {theme.border}; }}"
            f" QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: {theme.px(9)}px; }}"
        )
        self.verticalHeader().setMinimumSectionSize(theme.px(8))
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(theme.px(ROW_HEIGHT))
        self.fit_columns()

    def fit_columns(self) -> None:
        """Share the width among the columns; none is narrower than its heading.

        Where there is too little for long values, the longest give way.
        """
        columns = self.runs.columns
        if not columns:
            return
        heads = QFontMetrics(self.horizontalHeader().font()).horizontalAdvance
        cells = QFontMetrics(self.font()).horizontalAdvance
        spare = self.theme.px(2 * _PADDING + 18)
        least = [max(heads(c.title), cells(c.sample)) + spare for c in columns]
        whole = sum(column.weight for column in columns)
        width = self.viewport().width()
        slack = [wide - heads(c.title) - spare for wide, c in zip(least, columns, strict=True)]
        for number in sorted(range(len(columns)), key=lambda at: -slack[at]):
            least[number] -= min(slack[number], max(0, sum(least) - width))
        free = max(0, width - sum(least))
        for number, column in enumerate(columns):
            extra = int(free * column.weight / whole)
            self.setColumnWidth(number, least[number] + extra)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_row()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.key() == Qt.Key.Key_Escape:
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one = self.chosen is not None
        menu.addAction(self.opening, self._open).setEnabled(one)
        menu.addSeparator()
        menu.addAction("Copy row", self.copy_row).setEnabled(one)
        menu.addAction("Copy all rows", self.copy_all)
        menu.addAction("Export CSV…", self.export_requested.emit)
        menu.popup(event.globalPos())

    def copy_row(self) -> None:
        """The selected row, or all of them, on the clipboard."""
        chosen = self.chosen
        if chosen is None:
            self.copy_all()
        else:
            self._copy([self.runs.order.index(chosen)])

    def copy_all(self) -> None:
        """Every row on the clipboard."""
        self._copy(list(range(len(self.runs.order))))

    def _copy(self, rows: list[int]) -> None:
        QApplication.clipboard().setText(self.runs.text_of(rows))

    def _open(self) -> None:
        if self.chosen is not None:
            self.run_opened.emit(self.chosen)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        self._open()

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, now: QItemSelection, before: QItemSelection) -> None:
        if self._telling:
            self._number = self.chosen
            self.run_chosen.emit(self._number)

    def begin_anew(self) -> None:
        """The model has other rows or columns."""
        self.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.fit_columns()

    def write(self) -> None:
        """Put the rows in order; the run that was selected stays so."""
        chosen = self._number
        self.runs.resort()
        if chosen != self.chosen:
            self.choose(chosen)
