"""Takes one element of any tensor apart into the terms that it was computed from.

Products are computed here a second time, one by one, so that they can be looked at; sums are taken
in double precision. What comes out agrees with the engine's own number to rounding.
"""

from typing import Final

import numpy as np

from model.analysis.expansion import Element, Expansion
from model.analysis.expansion_rules import RULES
from model.analysis.terms import Lookup, Sight
from model.arrays import Array, Indices
from model.errors import StateError
from model.nn.network import Architecture
from model.nn.operations import Operation, TensorName, program
from model.nn.optimizers import Optimizer

MOST: Final = 12
"""Terms that are listed unless somebody wants more."""


def expanded(
    tensor: Lookup,
    architecture: Architecture,
    optimizer: Optimizer,
    element: Element,
    *,
    learning_rate: float,
    before: Lookup | None = None,
    most: int = MOST,
) -> Expansion:
    """The `most` largest terms of an element, and the sum of the others.

    `tensor` gives every tensor as the iteration that computed the element left it, `before` every W
    and b as that iteration found it: None where it has not come to its update. `learning_rate` is
    that of the layer, 0 where the layer is frozen. Networks in a stack are looked at one at a time:
    a lookup gives two axes.

    `StateError` where no operation computed the tensor, `ArrayError` for a place outside it.
    """
    operation = _operation(architecture, optimizer, element.tensor, before is not None)
    sight = Sight(tensor, before or tensor, architecture, optimizer, learning_rate)
    value = sight.value(element)
    with np.errstate(all="ignore"):
        total = RULES[element.tensor.name](sight, element)
        order = _by_size(total.values)
        listed, others = order[:most], order[most:]
        rest = float(total.values[others].sum(dtype=np.float64))
    every = (*total.values, *(term.value for term in total.single))
    return Expansion(
        element,
        operation,
        value,
        total.index,
        (*(total.term(int(place)) for place in listed), *total.single),
        rest,
        len(others),
        len(every),
        int(np.count_nonzero(every)),
    )


def _operation(
    architecture: Architecture, optimizer: Optimizer, name: TensorName, updated: bool
) -> Operation:
    operations = program(architecture, optimizer)
    found = next((operation for operation in operations if operation.result == name), None)
    if found is None:
        raise StateError(f"{name} is not computed by an operation", "choose one of the program's")
    if name.name in ("W", "b") and not updated:
        raise StateError(f"{name} is as it was drawn", "make a step first")
    return found


def _by_size(values: Array) -> Indices:
    """Places from the largest magnitude to the smallest; what is not finite comes first."""
    size = np.where(np.isnan(values), np.inf, np.abs(values))
    return np.argsort(-size, kind="stable")
