"""Two settings against each other: the median of a quantity for each pair of their values."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from gui.panels.heat_picture import Cell, HeatTablePainter
from gui.panels.sweep_panel import EMPTY, NO_RUN, SweepPanel
from gui.sweep_words import judged_share, listed, seed_count, seeds_words, so_far_words
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.elided_label import SEPARATOR
from gui.widgets.labels import paint_message
from gui.widgets.painted import PaintedWidget
from model.lab.results import Results
from model.lab.summaries import HeatTable

ONE_AXIS: Final = (
    "A table needs two settings that vary, such as initialiser and activation: choose the second"
    " one at “and”, and start a sweep."
)
QUANTITIES: Final = {"loss": "loss", "accuracy": "accuracy", "AUC": "auc", "epochs": "epochs"}
"""What can be chosen, by its word on the button: the name it has in the results."""
_TITLES: Final = {
    "loss": "final loss J (train)",
    "accuracy": "accuracy ({share})",
    "auc": "AUC ({share})",
    "epochs": "epochs",
}
"""`share` is the one that accuracy and AUC are of."""
_ARROWS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class HeatPanel(SweepPanel):
    """The first two settings of a sweep as rows and columns, the seeds behind each cell."""

    name = "heat"
    title = "Heat table"
    keys = (
        (("←", "→", "↑", "↓"), "The numbers of a cell"),
        (("Esc",), "Let go of the cell"),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.grid = HeatGrid(theme, self)
        self._quantity = ChoiceButton("Quantity", tuple(QUANTITIES), theme)
        self._quantity.setToolTip("The quantity whose median stands in the cells")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self.setFocusProxy(self.grid)
        self._quantity.chosen.connect(self._show)
        self._show()

    def head_widgets(self) -> tuple[QWidget, ...]:
        return (self._quantity,)

    @property
    def table(self) -> HeatTable | None:
        """What is drawn."""
        return self.grid.table

    def choose_quantity(self, word: str) -> None:
        """Choose one of `QUANTITIES`, as from its button."""
        self._quantity.choose(word)

    def show_results(self, results: Results | None) -> None:
        self._results = results
        self._show()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._quantity.apply_theme(theme)
        self.grid.apply_theme(theme)

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        self.grid.draw(painter, area)

    def _show(self) -> None:
        results, quantity = self._results, QUANTITIES[self._quantity.value]
        table = results.heat(quantity) if results is not None else None
        empty = EMPTY if results is None else ONE_AXIS if table is None else NO_RUN
        self.grid.show_table(table, empty)
        if results is None or table is None:
            self.set_subtitle("")
            return
        others = results.plan.grouping[2:]
        parts = (
            _cell_words(results, _TITLES[quantity].format(share=judged_share(results))),
            f"over {listed(others)}" if others else "",
            so_far_words(results),
        )
        self.set_subtitle(SEPARATOR.join(part for part in parts if part))


def _cell_words(results: Results, title: str) -> str:
    """What stands in a cell; a median where there are several runs behind it."""
    if seed_count(results) == 1 and len(results.plan.grouping) == 2:
        return f"{title}, one run a cell"
    return f"median {title}, {seeds_words(results)} a cell"


class HeatGrid(PaintedWidget):
    """The table itself; the mouse and the arrow keys point at cells."""

    pointed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.table: HeatTable | None = None
        self.cursor_cell: Cell | None = None
        self._message = EMPTY
        self._painter: HeatTablePainter | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Heat table")

    def show_table(self, table: HeatTable | None, message: str) -> None:
        """Draw this table, or the message where there is none."""
        shape = None if self.table is None else self.table.values.shape
        self.table, self._message = table, message
        if table is None or table.values.shape != shape:
            self.cursor_cell = None
        self._make()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._make()

    def point_at(self, cell: Cell | None) -> None:
        """Read a cell, or none."""
        if cell != self.cursor_cell:
            self.cursor_cell = cell
            self.setAccessibleDescription(self.read_out())
            self.pointed.emit(cell)
            self.update()

    def read_out(self) -> str:
        """The cell under the cursor in words."""
        if self._painter is None or self.cursor_cell is None:
            return ""
        row, column = self.cursor_cell
        names = f"{self._painter.row_names[row]}, {self._painter.column_names[column]}"
        text, note = self._painter.words(row, column)
        return f"{names}: {text}" + (f", {note}" if note else "")

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """The whole table into an area, without the cursor."""
        if self._painter is None or not self._painter.table.values.size:
            paint_message(painter, self._message, area, self.theme)
        else:
            self._painter.paint(painter, area)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, QRectF(self.rect()))
        if self._painter is not None and self.cursor_cell is not None:
            layout = self._painter.layout(QRectF(self.rect()))
            self._painter.paint_cursor(painter, layout.cell(*self.cursor_cell))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        self.point_at(cell)
        QToolTip.showText(event.globalPosition().toPoint(), self.read_out(), self)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self.point_at(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS and self.table is not None and self.table.values.size:
            self._move(*_ARROWS[key])
        elif key == Qt.Key.Key_Escape:
            self.point_at(None)
        else:
            super().keyPressEvent(event)

    def _move(self, down: int, across: int) -> None:
        assert self.table is not None
        if self.cursor_cell is None:
            self.point_at((0, 0))
            return
        rows, columns = self.table.values.shape
        row, column = self.cursor_cell
        to = max(0, min(rows - 1, row + down)), max(0, min(columns - 1, column + across))
        self.point_at(to)

    def _cell_at(self, place: QPointF) -> Cell | None:
        if self._painter is None or not self._painter.table.values.size:
            return None
        return self._painter.layout(QRectF(self.rect())).at(place)

    def _make(self) -> None:
        self._painter = None if self.table is None else HeatTablePainter(self.table, self.theme)
        self.setAccessibleDescription(self.read_out())
        self.update()
