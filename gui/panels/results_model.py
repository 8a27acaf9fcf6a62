"""The runs of a sweep, or its values, as the lines of a table: sorted, filtered, written on demand.

Unlike a race a sweep may have very many runs, so that only what is seen is ever written.
"""

import math
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPixmap

from gui.panels.result_columns import run_columns, value_columns, value_file_columns
from gui.panels.results_filter import Item, has_all, terms_of, unknown
from gui.panels.run_columns import Column, csv_text, sort_key
from gui.panels.sweep_colours import group_colours
from gui.race_words import FAILED, FATE_GLYPHS
from gui.theme import Theme
from gui.widgets.glyphs import dot_pixmap, glyph_pixmap
from model.lab.outcome import Fate
from model.lab.results import Results
from model.lab.row import Row
from model.lab.summaries import Summary, Varied, group_of
from model.lab.variants import label

Index = QModelIndex | QPersistentModelIndex
_UP: Final = Qt.SortOrder.AscendingOrder
_ITEM = Qt.ItemDataRole
_NO_PARENT: Final = QModelIndex()


class ResultsModel(QAbstractTableModel):
    """`order` holds the places of the items in `items` that are shown, from the top down.

    With `by_value` a line is a combination of values, else a run; `state` and `terms` are what
    lines are filtered by, None and empty for all.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._results: Results | None = None
        self._colours: dict[Varied, QColor] = {}
        self._marks: dict[object, QPixmap] = {}
        self._sorted: tuple[int, Qt.SortOrder] = (0, _UP)
        self.by_value = True
        self.state: Fate | None = None
        self.terms: tuple[str, ...] = ()
        self.items: tuple[Item, ...] = ()
        self.columns: tuple[Column, ...] = ()
        self.order: list[int] = []

    def show_results(self, results: Results | None) -> None:
        """Take on results; `resort` puts them into the table."""
        self._results = results
        self._take()
        self.resort()

    def choose(
        self, *, by_value: bool | None = None, state: Fate | None = None, words: str = ""
    ) -> None:
        """Show values or runs, and of the runs only some; None for `by_value` keeps the kind."""
        if by_value is not None and by_value != self.by_value:
            self.by_value, self._sorted = by_value, (0, _UP)
        self.state, self.terms = state, terms_of(words)
        self._take()
        self.resort()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self._theme = theme
        self._marks.clear()
        self._take()
        self.resort()

    def resort(self) -> None:
        """Filter and order the lines by the column that was chosen last."""
        self.beginResetModel()
        results, (number, order) = self._results, self._sorted
        shown = [place for place, item in enumerate(self.items) if self._passes(item)]
        if results is not None and number < len(self.columns):
            column = self.columns[number]
            last = [place for place in shown if self._stands_last(column, self.items[place])]
            behind = set(last)
            first = [place for place in shown if place not in behind]
            first.sort(
                key=lambda place: self._key(column, results, self.items[place]),
                reverse=order is not _UP,
            )
            shown = [*first, *last]
        self.order = shown
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = _UP) -> None:
        """Order the lines by a column."""
        self._sorted = (column, order)
        self.resort()

    def text_of(self, rows: list[int]) -> str:
        """Lines as they are written, under the headings, columns by tabs."""
        head = "\t".join(column.title for column in self.columns)
        texts = (
            [column.text(self._results, self.item_at(row)) for column in self.columns]
            for row in rows
        )
        return "\n".join((head, *map("\t".join, texts)))

    def csv_text(self) -> str:
        """The lines in their present order, every number digit for digit.

        Of values with the percentiles, which the table has no room for.
        """
        results = self._results
        columns = self.columns
        if self.by_value and results is not None:
            columns = value_file_columns(results)
        return csv_text(columns, results, map(self.item_at, range(len(self.order))))

    @property
    def unknown_term(self) -> str:
        """A term of the filter that no line has at all, empty where there is none."""
        results = self._results
        return "" if results is None else unknown(results, self.items, self.terms)

    def item_at(self, row: int) -> Item:
        """What a line is about."""
        return self.items[self.order[row]]

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _ITEM.DisplayRole) -> Any:
        made = self._by_role().get(_ITEM(role))
        if made is None or not index.isValid():
            return None
        return made(self.columns[index.column()], self.item_at(index.row()))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ITEM.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        return {
            _ITEM.DisplayRole: column.title,
            _ITEM.ToolTipRole: f"{column.tip} Click to sort.",
            _ITEM.TextAlignmentRole: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        }.get(_ITEM(role))

    def _by_role(self) -> dict[Qt.ItemDataRole, Callable[[Column, Item], Any]]:
        return {
            _ITEM.DisplayRole: lambda column, item: column.text(self._results, item),
            _ITEM.ToolTipRole: lambda column, item: _tip(item),
            _ITEM.DecorationRole: self._mark,
            _ITEM.ForegroundRole: self._ink,
        }

    def _take(self) -> None:
        results = self._results
        if results is None:
            self.items, self.columns, self._colours = (), (), {}
            return
        self.items = results.summaries if self.by_value else results.rows
        self.columns = (value_columns if self.by_value else run_columns)(results)
        self._colours = group_colours(results, self._theme)

    def _passes(self, item: Item) -> bool:
        if isinstance(item, Row) and self.state not in (None, item.outcome.fate):
            return False
        return self._results is None or has_all(self._results, item, self.terms)

    def _key(self, column: Column, results: Results, item: Item) -> tuple[Any, ...]:
        """Numbers by their size, what else varies in the order of the plan."""
        value = column.value(results, item)
        axis = next((axis for axis in results.axes if axis.path == column.name), None)
        if axis is None or isinstance(value, int | float):
            return sort_key(column, results, item)
        return (2, axis.values.index(value))

    def _stands_last(self, column: Column, item: Item) -> bool:
        """What has no number, whichever way the table is sorted."""
        value = column.value(self._results, item)
        return value is None or (isinstance(value, float) and math.isnan(value))

    def _mark(self, column: Column, item: Item) -> QPixmap | None:
        """The colour of the value before its line, and the sign of how a run ended."""
        if column is self.columns[0]:
            colour = self._colours[self._group(item)].name()
            return self._kept(colour, lambda: dot_pixmap(QColor(colour), self._theme.px(10)))
        if column.name != "state" or not isinstance(item, Row):
            return None
        fate = item.outcome.fate
        ink = QColor(self._theme.failure if fate in FAILED else self._theme.secondary)
        return self._kept(fate, lambda: glyph_pixmap(FATE_GLYPHS[fate], ink, self._theme.px(11)))

    def _ink(self, column: Column, item: Item) -> QColor | None:
        failed = isinstance(item, Row) and column.name == "state" and item.outcome.fate in FAILED
        return QColor(self._theme.failure) if failed else None

    def _group(self, item: Item) -> Varied:
        if isinstance(item, Summary):
            return item.varied
        assert self._results is not None
        return group_of(item, self._results.plan.grouping)

    def _kept(self, key: object, make: Callable[[], QPixmap]) -> QPixmap:
        if key not in self._marks:
            self._marks[key] = make()
        return self._marks[key]


def _tip(item: Item) -> str:
    if isinstance(item, Summary):
        return "Double-click, or press Enter, to see its runs."
    return "\n".join(filter(None, (label(item.variant, seed=True), item.outcome.reason)))
