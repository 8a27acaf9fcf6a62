"""Where the terms of an element come from: tensors by name, and sums laid out in columns."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from model.analysis.expansion import Element, Factor, Term
from model.arrays import Array
from model.errors import ArrayError
from model.nn.network import Architecture
from model.nn.operations import TensorName
from model.nn.optimizers import Optimizer

Lookup = Callable[[TensorName], Array]
"""The tensor of that name, (rows, columns); J may be ()."""


@dataclass(frozen=True)
class Sight:
    """Where the numbers are found."""

    tensor: Lookup
    before: Lookup
    architecture: Architecture
    optimizer: Optimizer
    learning_rate: float

    def array(self, name: TensorName) -> Array:
        """A tensor with two axes."""
        return np.atleast_2d(self.tensor(name))

    def parameter(self, name: TensorName) -> Array:
        """A W or b as the iteration found it."""
        return self.before(name)

    def value(self, element: Element) -> float:
        """The number in the table."""
        array = self.array(element.tensor)
        rows, columns = array.shape
        if not (0 <= element.row < rows and 0 <= element.column < columns):
            place = f"({element.row + 1}, {element.column + 1})"
            raise ArrayError(f"{element.tensor} is {rows} × {columns}: there is no element {place}")
        return float(array[element.row, element.column])

    def factor(self, element: Element, sign: str = "") -> Factor:
        """An element as a factor, with its sign turned where `sign` is "−"."""
        value = self.value(element)
        return Factor(f"{sign}{element.tensor}", -value if sign else value, element)

    def input(self, layer: int) -> TensorName:
        """What goes into a layer: X into the first."""
        return TensorName("A", layer - 1) if layer > 1 else TensorName("X")

    @property
    def samples(self) -> int:
        """m, of the batch that the iteration saw."""
        return int(self.array(TensorName("Y")).shape[-1])

    def share(self) -> Factor:
        """The constant 1/m."""
        return Factor("1/m", 1.0 / self.samples, None)


@dataclass(frozen=True)
class Column:
    """One factor of every term of a sum: its values (count,) and the element behind each."""

    symbol: str
    values: Array
    element: Callable[[int], Element]

    def factor(self, place: int) -> Factor:
        return Factor(self.symbol, float(self.values[place]), self.element(place))


@dataclass(frozen=True)
class Sum:
    """What an element is the sum of: terms in columns, and `single` ones that have no index.

    `period` is what the index runs up to where the terms run over outputs as well.
    """

    single: tuple[Term, ...] = ()
    index: str = ""
    columns: tuple[Column, ...] = ()
    values: Array = field(default_factory=lambda: np.zeros(0))
    function: str = ""
    period: int | None = None

    def term(self, place: int) -> Term:
        factors = tuple(column.factor(place) for column in self.columns)
        index = place % self.period if self.period else place
        return Term(index, factors, float(self.values[place]), self.function)


def product(*factors: Factor) -> Term:
    value = float(np.prod([factor.value for factor in factors], dtype=np.float64))
    return Term(None, factors, value)


def dot(index: str, *columns: Column, single: tuple[Term, ...] = ()) -> Sum:
    """The sum over products of what stands beside each other in the columns."""
    values = np.prod([column.values.astype(np.float64) for column in columns], axis=0)
    return Sum(single, index, columns, values)


def row_of(name: TensorName, array: Array, row: int) -> Column:
    return Column(str(name), array[row], lambda k: Element(name, row, k))


def column_of(name: TensorName, array: Array, column: int) -> Column:
    return Column(str(name), array[:, column], lambda j: Element(name, j, column))
