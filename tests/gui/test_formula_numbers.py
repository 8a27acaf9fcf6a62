"""The numbers that the formula panel shows, read and computed with as a reader would."""

import math
import re
from functools import cache

import numpy as np
import pytest
from PySide6.QtGui import QTextDocumentFragment
from pytestqt.qtbot import QtBot

from gui.panels.formula_functions import put_in
from gui.panels.formula_panel import FormulaPanel
from gui.theme import LIGHT
from model.analysis.expansion import Element
from model.nn.activations import ACTIVATIONS
from model.nn.losses import LOSSES
from model.nn.operations import TensorName
from model.training.session import Session
from model.training.settings import RunSettings
from model.training.snapshots import Snapshot, View

SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SQUARED = {"training": {"loss": "half_squared_error"}, "network": {"output_activation": "tanh"}}
CASES = {"lab": {}, "squared": SQUARED, "single": {"network": {"dtype": "float32"}}}
LEAST = {"lab": 6, "squared": 6, "single": 4}
"""Significant digits that must agree; single precision has not computed more."""


@pytest.fixture
def panel(qtbot: QtBot) -> FormulaPanel:
    panel = FormulaPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(490, 380)
    panel.show()
    return panel


@cache
def session_of(case: str) -> Session:
    """Some way into a run, all but the last operation of an iteration done."""
    session = Session(RunSettings.model_validate(CASES[case]))
    session.go_to(37, 30)
    return session


NAMES = [operation.result for operation in session_of("lab").current_run.program[:30]]


def snapshot_of(case: str, element: Element) -> Snapshot:
    return session_of(case).snapshot(View(element=element))


def elements(case: str, name: TensorName) -> list[Element]:
    """A few of a tensor."""
    generator = np.random.default_rng(5)
    rows, columns = np.atleast_2d(session_of(case).tensor(name.name, name.layer)).shape
    places = zip(generator.integers(0, rows, 6), generator.integers(0, columns, 6), strict=True)
    return [Element(name, int(row), int(column)) for row, column in places]


def computed(line: str) -> float:
    """What Python makes of a line of numbers."""
    text = re.sub(r"</?a[^>]*>", "", line).removeprefix("= ").replace("−", "-").replace("×", "*")
    text = re.sub(r"e<sup>(.*?)</sup>", r"exp(\1)", text)
    text = re.sub(r"·10<sup>(.*?)</sup>", r"*10.0**(\1)", text)
    text = text.replace("[", "(").replace("]", ")")
    known = {"exp": np.exp, "tanh": np.tanh}
    known |= {"σ": lambda z: 1 / (1 + np.exp(-z)), "relu": lambda z: max(0.0, z)}
    return float(eval(text, known))


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def places(text: str) -> int:
    return len(text.strip().partition(".")[2].partition("e")[0])


def scale(factor: str) -> float:
    """10⁻³ from ×10⁻³."""
    return 10.0 ** int((factor.removeprefix("×10") or "0").translate(SUPERSCRIPT))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", NAMES, ids=str)
def test_what_is_shown_gives_the_result_at_the_digits_shown(
    name: TensorName, case: str, panel: FormulaPanel
) -> None:
    for element in elements(case, name):
        snapshot = snapshot_of(case, element)
        assert snapshot.expansion is not None
        assert not snapshot.expansion.overtaken
        panel.show_snapshot(snapshot)
        spoken = panel._element.accessibleName().partition(" = ")[2].partition(";")[0]
        result = number(spoken)
        assert result == pytest.approx(
            snapshot.expansion.value, rel=0.5 * 10.0 ** (1 - LEAST[case])
        )
        if panel._terms.isVisible():
            assert_adds_up(panel, result, element)
            continue
        value = computed(panel._numbers.text()) + 0.0
        digits = range(6, LEAST[case] - 1, -1)
        assert any(f"{value:.{n}g}" == f"{result:.{n}g}" for n in digits), (
            f"{element}: {panel._numbers.text()} is {value!r}, not {result}"
        )


def assert_adds_up(panel: FormulaPanel, result: float, element: Element) -> None:
    rows = panel._terms.terms.rows
    *parts, total = [row[-1].text for row in rows.cells]
    unit = scale(rows.headings[-1].factor)
    shown = math.fsum(map(number, parts))
    assert f"{shown:.{places(total)}f}" == f"{number(total):.{places(total)}f}", element
    assert number(total) * unit == pytest.approx(result, rel=1e-12)
    if rows.headings[-1].words != "product":
        return
    units = [scale(heading.factor) for heading in rows.headings[1:-1]]
    for _, *factors, product in rows.cells:
        if not factors[0].text:
            continue
        given = zip(factors, units, strict=True)
        value = math.prod(number(cell.text) * each for cell, each in given) / unit + 0.0
        style = f".{places(product.text)}{'e' if 'e' in product.text else 'f'}"
        assert format(value, style) == format(number(product.text), style), element


def test_the_derivative_of_the_loss_is_written_out_with_its_numbers(panel: FormulaPanel) -> None:
    panel.show_snapshot(snapshot_of("lab", Element(TensorName("dA", 3), 0, 0)))
    spoken = panel._operation.accessibleName()
    assert "∂BCE/∂a = (1 − y)(1 + e^z) − y (1 + e^−z)" in spoken
    assert "(1 + e^{z})" in panel._operation.pieces[2].latex
    text = QTextDocumentFragment.fromHtml(panel._numbers.text()).toPlainText()
    y = int(session_of("lab").tensor("Y")[0, 0])
    z = f"{abs(session_of('lab').tensor('Z', 3)[0, 0]):.6f}"[:5]
    power = rf"\(1 \+ e−?{z}\d*\)"
    assert re.fullmatch(rf"= \[\(1 − {y}\) × {power} − {y} × {power}\] / 800", text), text
    assert {element.tensor for element in panel._numbers.links.elements} == {("Z", 3)}


def test_the_squared_error_is_written_out_too(panel: FormulaPanel) -> None:
    panel.show_snapshot(snapshot_of("squared", Element(TensorName("dA", 3), 0, 0)))
    text = QTextDocumentFragment.fromHtml(panel._numbers.text()).toPlainText()
    assert re.fullmatch(r"= \[\(?−?[\d.]+\)? − [01]\] / 800", text), text


def test_the_fused_gradient_says_why_dA_is_not_used(panel: FormulaPanel) -> None:
    panel.show_snapshot(snapshot_of("lab", Element(TensorName("dZ", 3), 0, 0)))
    words = [piece.words for piece in panel._operation.pieces]
    assert "directly: dA[3] ⊙ σ′ loses the gradient where the sigmoid saturates" in words


def test_powers_of_e_are_set_not_typed(panel: FormulaPanel) -> None:
    panel.show_snapshot(snapshot_of("lab", Element(TensorName("A", 3), 0, 0)))
    assert [piece.latex for piece in panel._operation.pieces][-1].endswith("1 / (1 + e^{-z})")
    assert not any("e^" in piece.words for piece in panel._operation.pieces)


@pytest.mark.parametrize(
    "text",
    [f for a in ACTIVATIONS.values() for f in (a.formula, a.derivative)]
    + [f for loss in LOSSES.values() for f in (loss.formula, loss.slope)],
)
def test_every_function_of_the_tables_is_set(text: str) -> None:
    latex = put_in(text, {})
    assert latex.isascii()
    assert latex.count("{") == latex.count("}")


def test_an_operand_that_was_changed_since_is_named(panel: FormulaPanel) -> None:
    session = Session()
    session.step("iteration", 2)
    session.step("operation", 3)
    element = Element(TensorName("Z", 2), 0, 0)
    panel.show_snapshot(session.snapshot(View(element=element)))
    assert panel._terms.isVisible()
    session.set_element(TensorName("W", 2), 0, 0, -3.0)
    panel.show_snapshot(session.snapshot(View(element=element)))
    assert panel._element.isVisible()
    assert not panel._terms.isVisible()
    assert not panel._origins.isVisible()
    assert "W[2] 1,1 = −3: changed after Z[2] was computed" in panel._message.text()
    assert panel.subtitle == "element (1, 1) selected"
    session.undo()
    panel.show_snapshot(session.snapshot(View(element=element)))
    assert panel._terms.isVisible()
    assert not panel._message.isVisible()
