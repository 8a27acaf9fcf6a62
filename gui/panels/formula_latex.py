"""Every operation as LaTeX, as a whole and for one element: one rule a result."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gui.panels.formula_functions import Functions, put_in
from model.analysis.expansion import Element
from model.nn.operations import Operation, TensorName


def operation_latex(operation: Operation, functions: Functions) -> str:
    """ "dW^{[2]} = dZ^{[2]} A^{[1]T}"."""
    rule = _RULES[operation.result.name]
    return f"{symbol(operation.result)} {rule.sign} {rule.whole(operation, functions)}"


def element_latex(
    operation: Operation, functions: Functions, element: Element, summands: int
) -> str:
    """The same for one element, with `summands` products under the sum."""
    rule = _RULES[operation.result.name]
    right = rule.element(_Place(operation, functions, element, summands))
    return f"{at(element)} {rule.sign} {right}"


def symbol(name: TensorName, sub: str = "", *, transposed: bool = False) -> str:
    """A tensor's sign with its layer, and with indices where there are any."""
    letter = name.name.replace("update_", "")
    if letter[0] == "d":
        letter = rf"\mathrm{{d}}{letter[1:]}"
    if name.name.startswith("update_"):
        letter = rf"\Delta {letter}"
    layer = f"[{name.layer}]" if name.layer else ""
    turned = r"\mathsf{T}" if transposed else ""
    up = f"^{{{layer}{turned}}}" if layer or turned else ""
    down = f"_{{{sub}}}" if sub else ""
    return f"{letter}{up}{down}"


def at(element: Element) -> str:
    """An element with its indices from 1; a bias has one index, the loss none."""
    return symbol(element.tensor, indices(element))


def indices(element: Element) -> str:
    """The indices of an element as they are written on the board."""
    name = element.tensor.name
    if name == "J":
        return ""
    if name in _COLUMNS:
        return str(element.row + 1)
    return f"{element.row + 1},{element.column + 1}"


_COLUMNS: Final = ("b", "db", "update_b")
"""Tensors that are a single column."""


@dataclass(frozen=True)
class _Place:
    """An element of an operation's result; `i` and `k` are its indices, from 1."""

    operation: Operation
    functions: Functions
    element: Element
    summands: int

    @property
    def i(self) -> int:
        return self.element.row + 1

    @property
    def k(self) -> int:
        return self.element.column + 1

    def operand(self, number: int, *sub: object) -> str:
        """An operand with these indices, or with the element's own."""
        name = self.operation.operands[number]
        return symbol(name, ",".join(map(str, sub)) or indices(self.element))

    def total(self, index: str) -> str:
        """Σ over an index."""
        return rf"\sum_{{{index}=1}}^{{{self.summands}}}"


@dataclass(frozen=True)
class _Rule:
    """The right hand side of an operation: as a whole, and for one element."""

    whole: Callable[[Operation, Functions], str]
    element: Callable[[_Place], str]
    sign: str = "="


def _function(name: str, *arguments: str) -> str:
    return rf"\mathrm{{{name}}}({', '.join(arguments)}\,)"


def _slope(name: str, argument: str) -> str:
    return rf"\mathrm{{{name}}}^{{\prime}}({argument}\,)"


def _Z(operation: Operation, functions: Functions) -> str:
    W, before, b = operation.operands
    return rf"{symbol(W)}\,{symbol(before)} + {symbol(b)}"


def _Z_element(place: _Place) -> str:
    W, before = place.operand(0, place.i, "j"), place.operand(1, "j", place.k)
    return rf"{place.total('j')} {W}\,{before} + {place.operand(2, place.i)}"


def _A(operation: Operation, functions: Functions) -> str:
    name = functions.activation(operation.layer).short
    return _function(name, symbol(operation.operands[0]))


def _A_element(place: _Place) -> str:
    name = place.functions.activation(place.operation.layer).short
    return _function(name, place.operand(0))


def _J(operation: Operation, functions: Functions) -> str:
    A, Y = (symbol(name, "i,k") for name in operation.operands)
    return rf"\frac{{1}}{{m}}\sum_{{i,k}} {_function(functions.loss.short, A, Y)}"


def _dA(operation: Operation, functions: Functions) -> str:
    first, second = operation.operands
    if second.name == "Y":
        above, A = functions.loss.short, symbol(TensorName("A", operation.layer))
        return rf"\frac{{1}}{{m}}\,\frac{{\partial\,\mathrm{{{above}}}}}{{\partial {A}}}"
    return rf"{symbol(first, transposed=True)}\,{symbol(second)}"


def _dA_element(place: _Place) -> str:
    if place.operation.operands[1].name == "Y":
        loss = place.functions.loss
        letters = {loss.source.lower(): place.operand(0), "y": place.operand(1)}
        return rf"\frac{{1}}{{m}}\left[{put_in(loss.slope, letters)}\right]"
    W, dZ = place.operand(0, "i", place.i), place.operand(1, "i", place.k)
    return rf"{place.total('i')} {W}\,{dZ}"


def _dZ(operation: Operation, functions: Functions) -> str:
    first, second = map(symbol, operation.operands)
    if operation.operands[1].name == "Y":
        return rf"\frac{{1}}{{m}}\,({first} - {second})"
    return rf"{first} \odot {_slope(functions.activation(operation.layer).short, second)}"


def _dZ_element(place: _Place) -> str:
    first, second = place.operand(0), place.operand(1)
    if place.operation.operands[1].name == "Y":
        return rf"\frac{{1}}{{m}}\,({first} - {second})"
    name = place.functions.activation(place.operation.layer).short
    return rf"{first} \cdot {_slope(name, second)}"


def _dW(operation: Operation, functions: Functions) -> str:
    dZ, before = operation.operands
    return rf"{symbol(dZ)}\,{symbol(before, transposed=True)}"


def _dW_element(place: _Place) -> str:
    dZ, before = place.operand(0, place.i, "k"), place.operand(1, place.k, "k")
    return rf"{place.total('k')} {dZ}\,{before}"


def _db(operation: Operation, functions: Functions) -> str:
    return rf"\sum_{{k}} {symbol(operation.operands[0], ':,k')}"


def _db_element(place: _Place) -> str:
    return f"{place.total('k')} {place.operand(0, place.i, 'k')}"


def _update(operation: Operation, functions: Functions) -> str:
    return rf"{{-}}\alpha\,{symbol(operation.operands[0])}"


def _parameter(operation: Operation, functions: Functions) -> str:
    first, second = map(symbol, operation.operands)
    return f"{first} + {second}"


_UPDATE: Final = _Rule(_update, lambda place: rf"{{-}}\alpha\,{place.operand(0)}")
_PARAMETER: Final = _Rule(
    _parameter, lambda place: f"{place.operand(0)} + {place.operand(1)}", r"\leftarrow"
)
_RULES: Final = {
    "Z": _Rule(_Z, _Z_element),
    "A": _Rule(_A, _A_element),
    "J": _Rule(_J, lambda place: _J(place.operation, place.functions)),
    "dA": _Rule(_dA, _dA_element),
    "dZ": _Rule(_dZ, _dZ_element),
    "dW": _Rule(_dW, _dW_element),
    "db": _Rule(_db, _db_element),
    "update_W": _UPDATE,
    "update_b": _UPDATE,
    "W": _PARAMETER,
    "b": _PARAMETER,
}
"""By the name of the result."""
