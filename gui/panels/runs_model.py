"""The runs of a race as items of a table: sorted by any column, failed ones at the end."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPixmap, QStandardItem, QStandardItemModel

from gui.panels.run_columns import Column, columns_of, csv_text, sort_key, stands_last
from gui.race_words import FAILED, FATE_GLYPHS, long_label
from gui.run_colours import run_colours
from gui.theme import Theme
from gui.widgets.glyphs import dot_pixmap, glyph_pixmap
from model.lab.race_snapshot import RaceRun, RaceSnapshot

_UP: Final = Qt.SortOrder.AscendingOrder
_ITEM = Qt.ItemDataRole


class RunsModel(QStandardItemModel):
    """`order` holds the numbers of the runs from the top to the bottom of the table.

    The cells are items with texts, written where they change, so that a repaint needs no Python:
    it would wait for the training thread at every cell.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._target = 0.0
        self._sorted: tuple[int, Qt.SortOrder] = (0, _UP)
        self._colours: tuple[QColor, ...] = ()
        self._marks: dict[object, QPixmap] = {}
        self.race: RaceSnapshot | None = None
        self.columns: tuple[Column, ...] = ()
        self.order: list[int] = []

    def show_race(self, race: RaceSnapshot, target: float) -> bool:
        """Take on a snapshot, written by `resort`; whether the table has other rows or columns."""
        before = self.race
        another = before is None or (before.axes, len(before.runs)) != (race.axes, len(race.runs))
        if another or before is None or before.generation != race.generation:
            self._colours = run_colours(race, self._theme)
        self.race = race
        columns = columns_of(race, target)
        another = another or len(columns) != len(self.columns)
        if another or target != self._target:
            self._target, self.columns = target, columns
            self._make_cells(another)
        return another

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self._theme = theme
        self._marks.clear()
        if self.race is not None:
            self._colours = run_colours(self.race, theme)
            self.resort()

    def run_at(self, row: int) -> RaceRun:
        """The run in a row."""
        assert self.race is not None
        return self.race.runs[self.order[row]]

    def resort(self) -> None:
        """Write the rows in the order of the column that was chosen last."""
        column, order = self._sorted
        race = self.race
        if race is None or column >= len(self.columns):
            return
        chosen = self.columns[column]
        numbers = range(len(race.runs))
        last = [n for n in numbers if stands_last(chosen, race, race.runs[n])]
        kept = [n for n in numbers if n not in last]
        kept.sort(key=lambda n: sort_key(chosen, race, race.runs[n]), reverse=order is not _UP)
        self.order = [*kept, *last]
        for row in range(len(self.order)):
            self._write_row(race, row)

    def sort(self, column: int, order: Qt.SortOrder = _UP) -> None:
        """Order the rows by a column."""
        self._sorted = (column, order)
        self.resort()

    def csv_text(self) -> str:
        """The table in its present order, every number digit for digit."""
        assert self.race is not None
        return csv_text(self.columns, self.race, map(self.run_at, self._rows))

    def text_of(self, rows: list[int]) -> str:
        """Rows as they are written, under the headings, columns by tabs."""
        head = "\t".join(column.title for column in self.columns)
        columns = range(len(self.columns))
        lines = ("\t".join(self.item(row, column).text() for column in columns) for row in rows)
        return "\n".join((head, *lines))

    @property
    def _rows(self) -> range:
        return range(len(self.order))

    def _make_cells(self, another: bool) -> None:
        assert self.race is not None
        if another:
            self.clear()
            self._sorted = (0, _UP)
            self.setRowCount(len(self.race.runs))
        self.setColumnCount(len(self.columns))
        for number, column in enumerate(self.columns):
            heading = QStandardItem(column.title)
            heading.setToolTip(f"{column.tip} Click to sort.")
            heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(number, heading)
        if another:
            for row in range(len(self.race.runs)):
                for number in range(len(self.columns)):
                    item = QStandardItem()
                    item.setEditable(False)
                    self.setItem(row, number, item)
        self.resort()

    def _write_row(self, race: RaceSnapshot, row: int) -> None:
        run = self.run_at(row)
        tip = "\n".join(filter(None, (long_label(race, run), run.reason)))
        for number, column in enumerate(self.columns):
            item = self.item(row, number)
            _set(item, _ITEM.DisplayRole, column.text(race, run))
            _set(item, _ITEM.ToolTipRole, tip)
            if column.name == "run":
                self._mark(item, self._colours[self.order[row]].name(), self._dot)
            elif column.name == "state":
                self._write_state(item, run)

    def _write_state(self, item: QStandardItem, run: RaceRun) -> None:
        """The sign of the end, and red letters for a failure."""
        failed = run.fate in FAILED
        self._mark(item, run.fate if run.fate in FATE_GLYPHS else None, lambda _: self._sign(run))
        ink = QColor(self._theme.failure if failed else self._theme.text)
        if item.foreground().color() != ink:
            item.setForeground(ink)

    def _mark(self, item: QStandardItem, key: str | None, make: Callable[[str], QPixmap]) -> None:
        """A small picture before the text, the same one for the same key."""
        if item.data(_ITEM.UserRole) == key and (key is None or key in self._marks):
            return
        if key is not None and key not in self._marks:
            self._marks[key] = make(key)
        item.setData(key, _ITEM.UserRole)
        item.setData(self._marks[key] if key is not None else None, _ITEM.DecorationRole)

    def _dot(self, colour: str) -> QPixmap:
        return dot_pixmap(QColor(colour), self._theme.px(10))

    def _sign(self, run: RaceRun) -> QPixmap:
        ink = self._theme.failure if run.fate in FAILED else self._theme.secondary
        return glyph_pixmap(FATE_GLYPHS[run.fate], QColor(ink), self._theme.px(11))


def _set(item: QStandardItem, role: Qt.ItemDataRole, text: str) -> None:
    if item.data(role) != text:
        item.setData(text, role)
