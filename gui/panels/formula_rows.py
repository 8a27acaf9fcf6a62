"""The terms of a sum as headings and rows of text, ready for a table."""

from dataclasses import dataclass
from typing import Final

from gui.panels.formula_columns import SIGNIFICANT, adding_up, multiplying_out
from gui.panels.formula_latex import indices, symbol
from gui.panels.formula_words import reachable
from gui.widgets.numerals import exact, grouped, subscript
from gui.widgets.tensor_numbers import Style
from model.analysis.expansion import Element, Expansion, Factor, Term
from model.training.snapshots import Snapshot

FIGURE_SPACE: Final = "\N{FIGURE SPACE}"
"""Fills up a number, so that points stand below each other."""


@dataclass(frozen=True)
class Heading:
    """Of a column: a formula or else words, then the factor common to the column's numbers."""

    latex: str
    words: str
    factor: str = ""


@dataclass(frozen=True)
class Cell:
    """A text; `spoken` is the exact value with its name, `element` is where a number leads."""

    text: str
    spoken: str
    element: Element | None = None
    role: str = "text"


@dataclass(frozen=True)
class Rows:
    """A table whose sum has so many significant `digits`."""

    headings: tuple[Heading, ...]
    cells: tuple[tuple[Cell, ...], ...]
    digits: int = SIGNIFICANT


def rows_of(expansion: Expansion, snapshot: Snapshot) -> Rows | None:
    """The largest terms, what is left of the sum, and the sum; None where there is no sum."""
    indexed = [term for term in expansion.terms if term.index is not None]
    if not expansion.index or not indexed:
        return None
    total, under, digits = adding_up(expansion)
    styles = multiplying_out(indexed, total)
    widths = range(len(styles))
    product = len(styles) > 1
    cells = [_term(term, styles, total, expansion, snapshot) for term in indexed]
    blank = (Cell("", ""),) * (len(styles) - (not product))
    singles = [term for term in expansion.terms if term.index is None]
    cells += [_single(term, blank, total, snapshot) for term in singles]
    if expansion.others:
        cells.append(_rest(expansion, blank, total))
    text = under.text(expansion.value) + FIGURE_SPACE * (total.digits - under.digits)
    value = Cell(text, f"sum {exact(expansion.value)}", None, "accent")
    cells.append((Cell("sum", "sum", None, "secondary"), *blank, value))
    headings = [Heading("", _index_words(expansion))]
    headings += [
        _heading(indexed[0].factors[at], expansion, styles[at] if product else total)
        for at in widths
    ]
    if product:
        word = indexed[0].function or "product"
        headings.append(Heading("", word, total.factor))
    return Rows(tuple(headings), tuple(cells), digits)


def _index_words(expansion: Expansion) -> str:
    return "output, sample k" if _outputs(expansion) else expansion.index


def _outputs(expansion: Expansion) -> bool:
    """Whether the terms of a loss run over several outputs."""
    if expansion.element.tensor.name != "J":
        return False
    return any(f.element and f.element.row > 0 for t in expansion.terms for f in t.factors)


def _heading(factor: Factor, expansion: Expansion, style: Style) -> Heading:
    """The factor with the index that runs, and with the element's own."""
    if factor.element is None:
        return Heading("", factor.symbol, style.factor)
    letter = expansion.index[-1]
    at = expansion.element
    fixed = {
        ("Z", "W"): f"{at.row + 1},{letter}",
        ("Z", "A"): f"{letter},{at.column + 1}",
        ("Z", "X"): f"{letter},{at.column + 1}",
        ("dA", "W"): f"{letter},{at.row + 1}",
        ("dA", "dZ"): f"{letter},{at.column + 1}",
        ("dW", "dZ"): f"{at.row + 1},{letter}",
        ("dW", "A"): f"{at.column + 1},{letter}",
        ("dW", "X"): f"{at.column + 1},{letter}",
        ("db", "dZ"): f"{at.row + 1},{letter}",
    }
    sub = fixed.get((at.tensor.name, factor.element.tensor.name), f"i,{letter}")
    return Heading(symbol(factor.element.tensor, sub), factor.symbol, style.factor)


def _term(
    term: Term, styles: list[Style], total: Style, expansion: Expansion, snapshot: Snapshot
) -> tuple[Cell, ...]:
    place = term.index or 0
    samples = snapshot.samples if expansion.index == "sample k" else None
    number = (place if samples is None else int(samples[place])) + 1
    words = str(number)
    if _outputs(expansion) and term.factors[0].element is not None:
        words = f"{term.factors[0].element.row + 1}, {number}"
    index = Cell(words, f"{expansion.index[:-2]} {words}", None, "secondary")
    if len(term.factors) == 1:
        return index, _factor(term.factors[0], total, snapshot)
    factors = (_factor(f, style, snapshot) for f, style in zip(term.factors, styles, strict=True))
    name = term.function or "product"
    return index, *factors, Cell(total.text(term.value), f"{name} {exact(term.value)}")


def _factor(factor: Factor, style: Style, snapshot: Snapshot) -> Cell:
    element = factor.element
    text = style.text(factor.value)
    if element is None:
        return Cell(text, f"{factor.symbol} = {exact(factor.value)}")
    if element.tensor.name == "Y" and factor.value in (0.0, 1.0):
        text = f"{factor.value:.0f}"
    spoken = f"{element.tensor} ({indices(element).replace(',', ', ')}) = {exact(factor.value)}"
    return Cell(text, spoken, element if reachable(element, snapshot) else None)


def _single(
    term: Term, blank: tuple[Cell, ...], total: Style, snapshot: Snapshot
) -> tuple[Cell, ...]:
    """A bias: its name where the index stands, its value among the products."""
    factor = term.factors[0]
    sub = subscript(factor.element.row + 1) if factor.element else ""
    name = f"{factor.symbol}{sub}"
    return Cell(name, name, None, "secondary"), *blank, _factor(factor, total, snapshot)


def _rest(expansion: Expansion, blank: tuple[Cell, ...], total: Style) -> tuple[Cell, ...]:
    listed = sum(term.value != 0 for term in expansion.terms)
    others = expansion.nonzero - listed
    zeros = expansion.others - others
    words = f"… {grouped(others)} more" if others else f"… {grouped(zeros)} zero{'s' * (zeros > 1)}"
    spoken = f"{grouped(others)} more that are not zero, {grouped(zeros)} that are"
    return (
        Cell(words, spoken, None, "secondary"),
        *blank,
        Cell(total.text(expansion.rest), f"their sum {exact(expansion.rest)}", None, "text"),
    )
