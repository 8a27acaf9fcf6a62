"""Formulas with their numbers: what is written, what it adds up to, and where its links lead."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocumentFragment
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.formula_functions import Functions
from gui.panels.formula_latex import element_latex, operation_latex
from gui.panels.formula_panel import CHOOSE, EMPTY, FormulaPanel
from gui.panels.formula_rows import rows_of
from gui.panels.formula_words import LOSS
from gui.theme import DARK, LIGHT
from gui.widgets.typeset import number_latex, typeset
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from tests.gui.formula_snapshots import at, lab

GRADIENT = Element(TensorName("dW", 2), 4, 1)
OPERATIONS = 31


@pytest.fixture
def panel(qtbot: QtBot) -> FormulaPanel:
    panel = FormulaPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(490, 380)
    panel.show()
    return panel


def element_of(name: TensorName) -> Element:
    return Element(name, 0, 0)


def cells(panel: FormulaPanel) -> list[list[str]]:
    model = panel._terms.terms
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def linked(line) -> list[Element]:
    return line.links.elements


def test_without_an_operation_it_says_how_to_get_one(panel: FormulaPanel) -> None:
    assert panel._message.text() == EMPTY
    assert panel._message.isVisible()
    panel.show_snapshot(replace(lab(0), iteration=0, operation=0))
    assert panel._message.text() == EMPTY
    assert not panel._operation.isVisible()


@pytest.mark.parametrize("operations", range(1, OPERATIONS + 1))
def test_every_operation_is_written_with_its_shapes(panel: FormulaPanel, operations: int) -> None:
    snapshot = lab(operations % OPERATIONS)
    panel.show_snapshot(snapshot)
    operation = snapshot.program[operations - 1]
    latex = operation_latex(operation, Functions.of(snapshot))
    assert panel._operation.pieces[0].latex == latex
    assert panel._operation.accessibleName().startswith(operation.formula)
    assert panel.subtitle == f"{operation.result} just computed"
    assert panel._message.text() == CHOOSE
    rows, columns = np.atleast_2d(snapshot_array(operation.result)).shape
    assert panel._operation.pieces[1].words.endswith(
        "one number" if operation.result.name == "J" else f"{rows} × {columns}"
    )


def snapshot_array(name: TensorName) -> np.ndarray:
    from tests.gui.formula_snapshots import _iterated

    return _iterated()[0].tensor(name)


def test_formulas_are_those_of_the_blackboard() -> None:
    snapshot = at(GRADIENT)
    functions, operation = Functions.of(snapshot), snapshot.expansion.operation
    assert operation_latex(operation, functions) == (
        r"\mathrm{d}W^{[2]} = \mathrm{d}Z^{[2]}\,A^{[1]\mathsf{T}}"
    )
    assert element_latex(operation, functions, GRADIENT, 160) == (
        r"\mathrm{d}W^{[2]}_{5,2} = \sum_{k=1}^{160} \mathrm{d}Z^{[2]}_{5,k}\,A^{[1]}_{2,k}"
    )


def test_the_numbers_shown_multiply_out_and_add_up(panel: FormulaPanel) -> None:
    snapshot = at(GRADIENT)
    panel.show_snapshot(snapshot)
    *terms, rest, total = cells(panel)
    for _, first, second, product in terms:
        assert number(first) * number(second) == pytest.approx(number(product), rel=1e-4)
    shown = sum(number(row[-1]) for row in (*terms, rest))
    assert shown == pytest.approx(number(total[-1]), abs=5e-5)
    scale = {"": 1.0, "×10⁻³": 1e-3, "×10⁻⁶": 1e-6}
    factor = panel._terms.terms.rows.headings[-1].factor
    assert number(total[-1]) * scale[factor] == pytest.approx(snapshot.expansion.value, rel=1e-4)
    others = snapshot.expansion.nonzero - len(terms)
    assert rest[0] == f"… {others} more"
    assert panel.subtitle == "element (5, 2) selected"
    words = panel._element.accessibleName()
    assert words.startswith("dW[2] 5,2 = −0.00")
    assert f"160 terms, {snapshot.expansion.nonzero} not zero" in words


@pytest.mark.parametrize("operations", range(OPERATIONS))
def test_every_operation_is_expanded(panel: FormulaPanel, operations: int) -> None:
    name = lab(1).program[operations].result
    snapshot = at(element_of(name))
    panel.show_snapshot(snapshot)
    assert panel._element.isVisible()
    assert panel._terms.isVisible() == (rows_of(snapshot.expansion, snapshot) is not None)
    assert panel._numbers.isVisible() != panel._terms.isVisible()
    assert not panel.grab().isNull()
    for line in (panel._numbers, panel._origins):
        assert {e.tensor for e in linked(line)} <= {*snapshot.expansion.operation.operands, LOSS[0]}


def test_a_fused_gradient_is_written_as_a_difference(panel: FormulaPanel) -> None:
    element = Element(TensorName("dZ", 3), 0, 7)
    snapshot = at(element)
    panel.show_snapshot(snapshot)
    a, y = (term.factors[0].value for term in snapshot.expansion.terms)
    text = panel._numbers.text()
    assert text.startswith("= (<a")
    assert f"</a> − {-y:.0f}) / 160" in text
    assert f"{a:.6g}" in text


def test_links_lead_one_step_up_and_back_to_the_loss(panel: FormulaPanel, qtbot: QtBot) -> None:
    snapshot = at(GRADIENT)
    panel.show_snapshot(snapshot)
    up, before, loss = linked(panel._origins)
    largest = snapshot.expansion.terms[0]
    assert up == Element(TensorName("dZ", 2), 4, largest.index)
    assert before == Element(TensorName("A", 1), 1, largest.index)
    assert loss == LOSS
    words = QTextDocumentFragment.fromHtml(panel._origins.text()).toPlainText()
    assert "came from dA[2] ⊙ relu′(Z[2])" in words.replace("\N{WORD JOINER}", "")
    with qtbot.waitSignal(panel.element_requested) as asked:
        panel._origins.linkActivated.emit("0")
    assert asked.args == [up]


def test_tab_and_enter_follow_a_link(panel: FormulaPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(at(GRADIENT))
    panel.activateWindow()
    panel._origins.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(panel._origins.hasFocus)
    QTest.keyClick(panel._origins, Qt.Key.Key_Tab)
    with qtbot.waitSignal(panel.element_requested) as asked:
        QTest.keyClick(panel._origins, Qt.Key.Key_Return)
    assert asked.args[0] in linked(panel._origins)


def test_numbers_of_the_table_are_links(panel: FormulaPanel, qtbot: QtBot) -> None:
    snapshot = at(GRADIENT)
    panel.show_snapshot(snapshot)
    table = panel._terms
    second = snapshot.expansion.terms[1].factors[0].element
    with qtbot.waitSignal(panel.element_requested) as asked:
        middle = table.visualRect(table.terms.index(1, 1)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert asked.args == [second]
    table.setFocus()
    table.setCurrentIndex(table.terms.index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_Right)
    with qtbot.waitSignal(panel.element_requested) as asked:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [snapshot.expansion.terms[0].factors[1].element]
    with qtbot.assertNotEmitted(panel.element_requested):
        QTest.mouseClick(
            table.viewport(),
            Qt.MouseButton.LeftButton,
            pos=table.visualRect(table.terms.index(0, 0)).center(),
        )
    exact = table.terms.index(1, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert repr(float(snapshot.expansion.terms[1].factors[0].value)).lstrip("-") in exact


def test_arrows_scroll_to_the_cell_they_reach(panel: FormulaPanel, qtbot: QtBot) -> None:
    panel.resize(490, 150)
    panel.show_snapshot(at(GRADIENT, most=12))
    table, bar = panel._terms, panel._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    table.setFocus()
    table.setCurrentIndex(table.terms.index(0, 1))
    for _ in range(9):
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert bar.value() > 0
    cell = table.visualRect(table.currentIndex()).center()
    seen = table.viewport().mapTo(panel._scroll.viewport(), cell)
    assert panel._scroll.viewport().rect().contains(seen)


def test_data_and_weights_as_drawn_are_no_links(panel: FormulaPanel) -> None:
    snapshot = at(Element(TensorName("Z", 1), 0, 0))
    panel.show_snapshot(replace(snapshot, iteration=0))
    assert linked(panel._origins) == []
    assert "as it was first drawn" in panel._origins.text()
    panel.show_snapshot(snapshot)
    assert linked(panel._origins) == []
    assert "as the iteration found it" in panel._origins.text()
    panel.show_snapshot(replace(snapshot, operation=0))
    assert {e.tensor.name for e in linked(panel._origins)} == {"W", "b"}


def test_the_way_up_leads_back_down(panel: FormulaPanel, qtbot: QtBot) -> None:
    panel.show_snapshot(at(GRADIENT))
    assert not panel._trail.isVisible()
    up = linked(panel._origins)[0]
    panel._origins.linkActivated.emit("0")
    panel.show_snapshot(at(GRADIENT))
    panel.show_snapshot(at(up))
    assert panel._trail.isVisible()
    assert panel._steps.elements == (GRADIENT, up)
    with qtbot.waitSignal(panel.element_requested) as asked:
        panel._trail.linkActivated.emit("0")
    assert asked.args == [GRADIENT]
    panel.show_snapshot(at(GRADIENT))
    assert not panel._trail.isVisible()
    panel.show_snapshot(at(Element(TensorName("Z", 2), 0, 0)))
    assert panel._steps.elements == (Element(TensorName("Z", 2), 0, 0),)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_named(panel: FormulaPanel, bad: float) -> None:
    snapshot = at(GRADIENT)
    first, *others = snapshot.expansion.terms
    factors = (replace(first.factors[0], value=bad), *first.factors[1:])
    terms = (replace(first, factors=factors, value=bad), *others)
    expansion = replace(snapshot.expansion, value=bad, terms=terms)
    panel.show_snapshot(replace(snapshot, expansion=expansion))
    name = {"nan": "NaN", "inf": "+∞", "-inf": "−∞"}[str(bad)]
    assert cells(panel)[0][1] == cells(panel)[0][-1] == name
    assert name in panel._element.accessibleName()
    assert not panel.grab().isNull()


@pytest.mark.parametrize("theme", [LIGHT, DARK.scaled(1.5), LIGHT.scaled(2)])
@pytest.mark.parametrize("width", [200, 490, 1200])
def test_everything_is_inside_at_every_width(
    panel: FormulaPanel, qtbot: QtBot, theme, width: int
) -> None:
    panel.apply_theme(theme)
    panel.resize(width, 300)
    panel.show_snapshot(at(GRADIENT))
    lines = (panel._operation, panel._element)
    qtbot.waitUntil(lambda: all(line._placed(line.width())[1] <= line.height() for line in lines))
    for line in lines:
        for piece in line._placed(line.width())[0]:
            if piece.piece.latex:
                right = piece.at.x() + typeset(piece.piece.latex).width * piece.size
                assert right <= line.width() + 1 or piece.size < piece.piece.size * theme.scale
    parts = [panel._operation, panel._element, panel._origins, panel._terms]
    bottoms = [part.geometry().bottom() for part in parts]
    tops = [part.geometry().top() for part in parts]
    assert all(bottom < top for bottom, top in zip(bottoms, tops[1:], strict=False))


def test_a_formula_takes_on_the_colour_it_is_painted_in(qtbot: QtBot) -> None:
    image = QImage(80, 80, QImage.Format.Format_RGB32)
    formula = typeset("=")
    for colour in ("#ff0000", "#00ff00"):
        image.fill(QColor("#000000"))
        painter = QPainter(image)
        formula.paint(painter, QPointF(5, 70), 80, QColor(colour))
        painter.end()
        pixels = {image.pixelColor(QPoint(30, y)).name() for y in range(80)}
        assert colour in pixels


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (-0.00941404, "-0.009414"),
        (1.5e-9, r"1.5\cdot 10^{-9}"),
        (0.0, "0"),
        (math.nan, r"\mathrm{NaN}"),
        (-math.inf, r"-\infty"),
    ],
)
def test_numbers_in_formulas(value: float, latex: str) -> None:
    assert number_latex(value, 5) == latex


def test_it_follows_a_training_with_an_element_selected(panel: FormulaPanel) -> None:
    """Every snapshot has other numbers, and each of them is the one that is said."""
    snapshot = at(GRADIENT)
    panel.show_snapshot(snapshot)
    panel.grab()
    pictures = []
    for step in range(4):
        expansion = replace(snapshot.expansion, value=snapshot.expansion.value * (1 + step / 7))
        panel.show_snapshot(replace(snapshot, expansion=expansion))
        pictures.append(panel.grab().toImage())
    assert all(one != other for one, other in pairwise(pictures))
