"""One element of a tensor with its actual numbers: the terms that it is made of."""

from dataclasses import dataclass
from typing import NamedTuple

from model.nn.operations import Operation, TensorName


class Element(NamedTuple):
    """One element of a tensor; rows and columns count from 0."""

    tensor: TensorName
    row: int
    column: int


@dataclass(frozen=True)
class Factor:
    """One number of a term and where it comes from; `element` is None for constants such as 1/m.

    `symbol` is plain text without indices: "dZ[2]", "relu′(Z[2])", "−α", "W[2] before".
    """

    symbol: str
    value: float
    element: Element | None


@dataclass(frozen=True)
class Term:
    """A product of factors, or a function of them; `index` is None where there is no sum.

    `function` is empty for a product and otherwise the function's name ("σ", "BCE/m", "BCE′ /m");
    the factors are its arguments then, in their order, for BCE′ z and y. `index` counts from 0.
    """

    index: int | None
    factors: tuple[Factor, ...]
    value: float
    function: str = ""


@dataclass(frozen=True)
class Expansion:
    """`element` = the sum of all terms, computed as `operation` says.

    `terms` are the largest by size, those without an index, such as a bias, behind them; `rest` is
    the sum of the `others` that are not listed, so that the listed terms and `rest` add up to
    `value`. `index` names the summation index ("sample k", "unit j"), empty where there is no sum;
    `count` is the number of terms, `nonzero` of those that are not zero. `overtaken` names a change
    made since, after which the terms no longer give `value`; empty where they do.
    """

    element: Element
    operation: Operation
    value: float
    index: str
    terms: tuple[Term, ...]
    rest: float
    others: int
    count: int
    nonzero: int
    overtaken: str = ""
