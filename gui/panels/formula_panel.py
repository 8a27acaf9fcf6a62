"""The formula panel: an operation as on the blackboard, and one element with its numbers."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.panels.formula_digits import digits_of
from gui.panels.formula_functions import Functions, meaning, remark
from gui.panels.formula_latex import at, element_latex, operation_latex
from gui.panels.formula_line import FormulaLine, Piece
from gui.panels.formula_links import LinkLine
from gui.panels.formula_room import shortened
from gui.panels.formula_rows import rows_of
from gui.panels.formula_terms import HEAD_HEIGHT, ROW_HEIGHT, TermsTable
from gui.panels.formula_trail import Trail
from gui.panels.formula_words import (
    batch_columns,
    count_text,
    current_operation,
    numbers_line,
    origins,
    plain,
    shapes,
    subtitle,
)
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.numerals import MINUS, rounded
from gui.widgets.overlay_scroll import OverlayScrollArea
from gui.widgets.typeset import number_latex
from model.analysis.expansion import Element, Expansion
from model.nn.operations import Operation
from model.training.snapshots import Snapshot

EMPTY: Final = "Step into an iteration (F11) to see its formulas."
CHOOSE: Final = (
    "Choose an element, in a table of the inspector or a weight in the diagram, to see its numbers."
)
OVERTAKEN: Final = (
    "{}. The numbers that stand here now no longer give this value; the next iteration computes it"
    " anew."
)


class FormulaPanel(Panel):
    """The operation, the element's formula, its largest terms and where they came from.

    `element_requested(Element)`: this element is to be taken apart instead.
    """

    name = "formula"
    title = "Formula"

    element_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._snapshot: Snapshot | None = None
        self._operation = FormulaLine(theme)
        self._trail = LinkLine(theme, "Way up the chain")
        self._element = FormulaLine(theme)
        self._numbers = LinkLine(theme, "The formula with its numbers")
        self._terms = TermsTable(theme)
        self._origins = LinkLine(theme, "Where the factors came from")
        self._message = QLabel(EMPTY)
        self._steps = Trail()
        self._lay_out()
        for source in (self._trail, self._numbers, self._terms, self._origins):
            source.element_requested.connect(self._on_element_requested)
        self._terms.reached.connect(self._on_terms_reached)
        self.apply_theme(theme)

    def sizeHint(self) -> QSize:
        """Room for two formulas and a few terms."""
        return QSize(self.theme.px(490), self.theme.px(230))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(90))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height has room for another number of terms."""
        super().resizeEvent(event)
        self._show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the operation done last, or the element that was taken apart."""
        self._snapshot = snapshot
        self._steps.arrive(snapshot.expansion.element if snapshot.expansion else None)
        self._show()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        super().apply_theme(theme)
        for part in (self._operation, self._element, self._terms):
            part.apply_theme(theme)
        for line, size in ((self._trail, 11.5), (self._numbers, 13.0), (self._origins, 11.5)):
            line.set_look(theme, size)
        self._message.setFont(theme.font(13))
        self._message.setStyleSheet(f"color: {theme.secondary}")
        if layout := self._sheet.layout():
            side = theme.px(14)
            layout.setContentsMargins(side, theme.px(4), side, theme.px(10))
            layout.setSpacing(theme.px(6))
        self._show()

    def _lay_out(self) -> None:
        self._sheet = QWidget()
        column = QVBoxLayout(self._sheet)
        for part in (
            self._operation,
            self._trail,
            self._element,
            self._numbers,
            self._origins,
            self._terms,
            self._message,
        ):
            column.addWidget(part)
        column.setStretchFactor(self._message, 1)
        column.addStretch(0)
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._scroll = OverlayScrollArea()
        self._scroll.setWidget(self._sheet)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    def _show(self) -> None:
        snapshot = self._snapshot
        operation = current_operation(snapshot) if snapshot else None
        expansion = snapshot.expansion if snapshot else None
        self._operation.setVisible(operation is not None)
        if expansion is None:
            self._hide(self._trail, self._element, self._numbers, self._terms, self._origins)
        message = _message(operation, expansion)
        self._message.setVisible(bool(message))
        self._message.setText(message)
        self.set_subtitle(subtitle(snapshot) if snapshot else "")
        if snapshot is None or operation is None:
            return
        functions = Functions.of(snapshot)
        self._show_operation(operation, functions, snapshot)
        if expansion is not None:
            self._show_element(expansion, functions, snapshot)

    def _hide(self, *parts: QWidget) -> None:
        for part in parts:
            part.setVisible(False)

    def _show_operation(
        self, operation: Operation, functions: Functions, snapshot: Snapshot
    ) -> None:
        sizes, what = shapes(operation, snapshot), meaning(operation, functions)
        why = remark(operation, functions)
        pieces = [
            Piece(operation_latex(operation, functions), size=19),
            Piece(words=sizes, role="secondary", size=12),
        ]
        if what is not None:
            pieces.append(Piece(what.latex, role="secondary", size=14))
        if why:
            pieces.append(Piece(words=why, role="secondary", size=12))
        spoken = (operation.formula, sizes, what.words if what is not None else "", why)
        self._operation.set_pieces(tuple(pieces), "; ".join(filter(None, spoken)))

    def _show_element(self, expansion: Expansion, functions: Functions, snapshot: Snapshot) -> None:
        summands = expansion.count - sum(term.index is None for term in expansion.terms)
        latex = element_latex(expansion.operation, functions, expansion.element, summands)
        if latex == operation_latex(expansion.operation, functions):
            latex = at(expansion.element)
        digits = digits_of(expansion, functions, batch_columns(snapshot))
        self._trail.show_line(self._steps.line)
        self._origins.show_line(lambda links: origins(expansion, snapshot, links))
        rows = rows_of(shortened(expansion, self._room_for_terms(expansion)), snapshot)
        shown = rows.digits if rows is not None else digits.result
        value, count = expansion.value, count_text(expansion)
        pieces = [
            Piece(latex),
            Piece("=", tied=True),
            Piece(number_latex(value, shown, bold=True), role="accent"),
        ]
        if count:
            pieces.append(Piece(words=count, role="secondary", size=12))
        spoken = f"{plain(expansion.element)} = {rounded(value, shown)}"
        self._element.set_pieces(tuple(pieces), "; ".join(filter(None, (spoken, count))))
        self._element.setVisible(True)
        if expansion.overtaken:
            self._hide(self._numbers, self._terms, self._origins)
            return
        self._numbers.show_line(
            lambda links: numbers_line(expansion, snapshot, links, digits.operands)
        )
        if rows is not None:
            self._terms.set_rows(rows)
        self._terms.setVisible(rows is not None)

    def _room_for_terms(self, expansion: Expansion) -> int:
        """How many terms have room above the rest of the sum and the sum."""
        px, area = self.theme.px, self._scroll.viewport()
        width = area.width() - 2 * px(14)
        parts = (self._operation, self._trail, self._element, self._origins)
        shown = [part for part in parts if not part.isHidden()]
        taken = sum(part.heightForWidth(width) + px(6) for part in shown) + px(14 + HEAD_HEIGHT)
        single = sum(term.index is None for term in expansion.terms)
        return (area.height() - taken) // px(ROW_HEIGHT) - 2 - single

    @Slot(object)
    def _on_element_requested(self, element: Element) -> None:
        self._steps.follow(element)
        self.element_requested.emit(element)

    @Slot(int, int)
    def _on_terms_reached(self, x: int, y: int) -> None:
        """The cell that the arrows came to is scrolled into sight."""
        place = self._terms.pos()
        self._scroll.ensureVisible(place.x() + x, place.y() + y)


def _message(operation: Operation | None, expansion: Expansion | None) -> str:
    """What stands in place of numbers; empty where they are shown."""
    if operation is None:
        return EMPTY
    if expansion is None:
        return CHOOSE
    return OVERTAKEN.format(expansion.overtaken).replace("-", MINUS) if expansion.overtaken else ""
