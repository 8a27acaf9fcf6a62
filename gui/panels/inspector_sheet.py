"""The inspector's sheet: the table of a tensor, and what is known of it in lines beneath."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from gui.panels import inspector_words as words
from gui.panels.inspector_edits import permission
from gui.panels.inspector_facts import InspectorFacts
from gui.panels.inspector_figure import facts_height, fitting_figure
from gui.panels.inspector_findings import Findings, as_lines
from gui.panels.inspector_reading import Cut, Part, sample_numbers
from gui.panels.inspector_tensors import Kind, is_probability
from gui.panels.panel import WAITING
from gui.theme import Theme
from gui.widgets.editable_table import EditableTable
from gui.widgets.labels import paint_message
from gui.widgets.numerals import with_groups
from model.training.debug_views import TensorView
from model.training.snapshots import Snapshot

_ROW_HEIGHT: Final = 21
"""Pixels before scaling; in a debugger rows count."""
_ALL_LINES: Final = 66
"""Pixels before scaling that the facts take with their histogram."""
_LOW: Final = 210
"""Pixels before scaling of height below which the table needs the room of the lines."""


class InspectorSheet(QWidget):
    """Shows one array with its `findings`, or a message where there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.findings: Findings | None = None
        self.title = ""
        """Which tensor, which part of it, and of which time."""
        self.numbers: tuple[int, ...] = ()
        """Which samples the columns are, where that is not plain from their place."""
        self._time = ""
        self._cut = Cut()
        self.table = EditableTable(theme, row_height=_ROW_HEIGHT)
        self.lines = InspectorFacts(theme, self.table.digits)
        self.message = QLabel(WAITING)
        self._pages = QStackedWidget()
        self._lay_out()

    def show_message(self, text: str) -> None:
        """Say why there is no table."""
        self.forget()
        self.message.setText(text)
        self._pages.setCurrentWidget(self.message)
        self.write()

    def show_view(
        self, snapshot: Snapshot, view: TensorView, kind: Kind, part: Part, *, debugging: bool
    ) -> None:
        """Show a part of a tensor; selection and place in the table stay while the shape does."""
        array, name = self._cut.of(view, part), view.name
        if self.findings is None or array is not self.findings.array:
            self.findings = Findings.of(name, kind, array, snapshot, debugging=debugging)
        self.numbers = sample_numbers(view, part)
        columns, largest = kind.columns(name.layer, self.numbers), self.findings.facts.largest
        chances = is_probability(snapshot, name)
        self.table.show_array(array, largest, str(name), columns, kind.rows, probabilities=chances)
        self.table.set_editing(*(permission(snapshot, name, part) if debugging else (False,)))
        if debugging:
            time = words.time_of(view, kind, snapshot, part.moment)
        else:
            time = words.followed_time(kind, snapshot)
        self._time = with_groups(time)
        parts = (str(name), words.shape_text(array), words.part_words(part, self.numbers))
        self.title = " · ".join(filter(None, (*parts, self._time)))
        self._pages.setCurrentWidget(self.table)
        self._fit_lines()
        self.write()

    def forget(self) -> None:
        """The array is of the past."""
        self.findings = None
        self.table.close_editor()

    def write(self) -> None:
        """Write the lines, in as many rows as they need."""
        if self.findings is None:
            self.lines.clear()
            return
        rows = self.findings.rows(self._time, self.numbers)
        items, norms, broken = map(words.line, rows)
        single = self.findings.array.size == 1
        bins = None if single else self.findings.bins
        if self.lines.low:
            norms = words.line([*rows[0][1:3], *rows[1][1:2]])
        self.lines.show_facts(items, norms, broken, bins, self.table.delegate.middle)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.table.apply_theme(theme)
        self.lines.apply_theme(theme)
        self.message.setFont(theme.font(13))
        self.message.setStyleSheet(f"color: {theme.secondary}; padding: {theme.px(12)}px")
        if layout := self.layout():
            layout.setSpacing(theme.px(6))
        self.write()

    def paint_figure(self, painter: QPainter, area: QRectF, above: str) -> None:
        """The table as far as there is room, and its facts, the words `above` first."""
        if self.findings is None:
            paint_message(painter, self.message.text(), area, self.theme)
            return
        items, norms, broken = self.findings.rows(self._time, self.numbers)
        factor = self.table.tensor.style.factor
        items = [above, *items, f"numbers in the table {factor}" if factor else ""]
        facts = as_lines((items, norms, broken))
        side, gap = self.theme.px(8), self.theme.px(4)
        table = area.adjusted(side, gap, -side, -facts_height(facts, self.theme))
        ground = self.table.delegate.ground
        fitting_figure(self.table.tensor, ground, table, self.theme).draw(painter, facts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lines beneath the table may need more or fewer rows, and leave it two at least."""
        self._fit_lines()
        self.lines.forget_height()
        self.write()

    def _fit_lines(self) -> None:
        """One line in a low panel, if the table has more rows than room beside all of them."""
        room = self.height() - self.theme.px(_ALL_LINES)
        crowded = self.table.wanted_height(self.width()) > room
        self.lines.set_low(crowded and self.height() < self.theme.px(_LOW))

    def _lay_out(self) -> None:
        digits = self.lines.digits
        digits.lineEdit().setAccessibleName(digits.accessibleName())
        self.table.setAccessibleName("Elements of the tensor")
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.lines.digits_changed.connect(self.table.set_digits)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self._pages.addWidget(self.message)
        self._pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages, 1)
        column.addWidget(self.lines)
