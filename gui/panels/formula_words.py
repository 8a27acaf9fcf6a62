"""What the formula panel says in words beside the formulas: shapes, counts, where numbers are from.

Rich text, in which every number that has a history is a link; `Links` knows where they lead.
"""

import re
from dataclasses import replace
from html import escape
from typing import Final

from gui.panels.formula_functions import Functions
from gui.panels.formula_latex import indices
from gui.panels.inspector_tensors import kind_of
from gui.widgets.numerals import MINUS, grouped, rounded
from model.analysis.expansion import Element, Expansion, Factor, Term
from model.nn.losses import Loss
from model.nn.operations import Operation, Phase, TensorName
from model.training.snapshots import Snapshot

LOSS: Final = Element(TensorName("J"), 0, 0)
PER_SAMPLE: Final = "′ /m"
"""The end of the name of a loss's slope."""


class Links:
    """The elements behind the links of one line of rich text."""

    def __init__(self, colour: str) -> None:
        self._colour = colour
        self.elements: list[Element] = []

    def link(self, text: str, element: Element) -> str:
        """A link to an element; `text` is rich text already."""
        self.elements.append(element)
        number = len(self.elements) - 1
        style = f"color:{self._colour}; text-decoration:none"
        return f'<a href="{number}" style="{style}">{text}</a>'

    def at(self, address: str) -> Element:
        """Where a link leads."""
        return self.elements[int(address)]


def current_operation(snapshot: Snapshot) -> Operation | None:
    """The operation of the expansion, else the last one done; None before the first."""
    if snapshot.expansion is not None:
        return snapshot.expansion.operation
    if not snapshot.program or not (snapshot.operation or snapshot.iteration):
        return None
    return snapshot.program[snapshot.operation - 1]


def subtitle(snapshot: Snapshot) -> str:
    """Which element is selected, or what was computed."""
    operation = current_operation(snapshot)
    if operation is None:
        return ""
    if snapshot.expansion is None:
        return f"{operation.result} just computed"
    element = snapshot.expansion.element
    if element.tensor.name == "J":
        return "the loss selected"
    if snapshot.samples is not None and kind_of(element.tensor.name).has_samples:
        return f"unit {element.row + 1}, sample {snapshot.samples[element.column] + 1} selected"
    return f"element ({element.row + 1}, {element.column + 1}) selected"


def plain(element: Element) -> str:
    """ "dW[2] 5,2" for whoever hears it."""
    return f"{element.tensor} {indices(element)}".strip()


def rich(element: Element) -> str:
    """The same with small indices."""
    sub = indices(element)
    return f"{element.tensor}<sub>{sub}</sub>" if sub else str(element.tensor)


def shapes(operation: Operation, snapshot: Snapshot) -> str:
    """ "(5 × 800)(800 × 10) → 5 × 10"."""
    layers, name, layer = snapshot.layers, operation.result.name, operation.layer
    sizes = (layers[0].W.shape[1], *(len(view.b) for view in layers))
    head = name == "dA" and layer == len(layers)
    return _SHAPES["dZ" if head else name].format(
        n=sizes[layer] if layer else sizes[-1],
        before=sizes[layer - 1],
        after=sizes[min(layer + 1, len(layers))],
        m=batch_columns(snapshot),
    )


_SHAPES: Final = {
    "Z": "({n} × {before})({before} × {m}) + {n} × 1 → {n} × {m}",
    "A": "{n} × {m}",
    "J": "{n} × {m} → one number",
    "dA": "({n} × {after})({after} × {m}) → {n} × {m}",
    "dZ": "{n} × {m}",
    "dW": "({n} × {m})({m} × {before}) → {n} × {before}",
    "db": "{n} × {m} → {n} × 1",
    "update_W": "{n} × {before}",
    "update_b": "{n} × 1",
    "W": "{n} × {before}",
    "b": "{n} × 1",
}
"""By the name of the result: n units of the layer, those before and after it, m samples."""


def batch_columns(snapshot: Snapshot) -> int:
    """m of the iteration whose tensors are shown; the last batch of an epoch may be short."""
    n_train = len(snapshot.data.X_train)
    size = min(snapshot.settings.training.batch_size or n_train, n_train)
    iteration = max(snapshot.iteration - (snapshot.operation == 0), 0)
    start = iteration % -(-n_train // size) * size
    return min(size, n_train - start)


def count_text(expansion: Expansion) -> str:
    """ "800 terms, 165 not zero"; empty where there is no sum."""
    if not expansion.index:
        return ""
    terms = "1 term" if expansion.count == 1 else f"{grouped(expansion.count)} terms"
    return (
        terms
        if expansion.nonzero == expansion.count
        else f"{terms}, {grouped(expansion.nonzero)} not zero"
    )


def numbers_line(expansion: Expansion, snapshot: Snapshot, links: Links, digits: int) -> str:
    """The formula with its numbers put in, where it is no sum over an index."""
    if expansion.index:
        return ""
    write = _Writer(snapshot, links, digits)
    terms = expansion.terms
    if terms[0].function.endswith(PER_SAMPLE):
        loss = Functions.of(snapshot).loss
        return f"= [{write.put_in(loss, terms[0])}] / {batch_columns(snapshot)}"
    constants = {term.factors[-1].symbol for term in terms if len(term.factors) > 1}
    if len(terms) > 1 and constants == {"1/m"}:
        firsts = [write.number(term.factors[0], first=not at) for at, term in enumerate(terms)]
        return f"= ({' '.join(firsts)}) / {batch_of(terms[0].factors[-1])}"
    return "= " + " ".join(write.term(term, first=not at) for at, term in enumerate(terms))


def batch_of(share: Factor) -> int:
    """m from 1/m."""
    return round(1 / share.value)


def origins(expansion: Expansion, snapshot: Snapshot, links: Links) -> str:
    """Where the factors came from, one step up the chain, and the way back to the loss."""
    lines = []
    seen: set[TensorName] = set()
    for factor in _largest_first(expansion):
        if factor.element is not None and factor.element.tensor not in seen:
            seen.add(factor.element.tensor)
            lines.append(_origin(factor.element, snapshot, links))
    phase = expansion.operation.phase
    if phase in (Phase.BACKWARD, Phase.UPDATE):
        lines.append(f"all of it from the loss&nbsp;{links.link('J', LOSS)}")
    return "&nbsp;&nbsp;· ".join(lines)


def reachable(element: Element, snapshot: Snapshot) -> bool:
    """Whether an operation computed it, so that it can be taken apart in its turn.

    Amid an iteration only what it has made itself still stands beside what it was made from.
    """
    name = element.tensor
    if name.name in ("W", "b") and not snapshot.operation:
        return snapshot.iteration > 0
    if name.name in ("W", "b"):
        return any(o.result == name for o in snapshot.program[: snapshot.operation])
    return name.name not in ("X", "Y")


def _largest_first(expansion: Expansion) -> list[Factor]:
    return [factor for term in expansion.terms for factor in term.factors]


def _origin(element: Element, snapshot: Snapshot, links: Links) -> str:
    name = element.tensor
    if name.name in ("X", "Y"):
        what = "the features" if name.name == "X" else "the targets"
        return f"{name}: {what}"
    if not reachable(element, snapshot):
        found = "as the iteration found it" if snapshot.iteration else "as it was first drawn"
        return f"{rich(element)}: {found}"
    made = next((o.formula for o in snapshot.program if o.result == name), f"{name} = {name}")
    _, _, right = made.partition(" = ")
    return f"{rich(element)} came from {links.link(_unbroken(right), element)}"


class _Writer:
    """Writes numbers with so many significant digits, those with a history as links."""

    def __init__(self, snapshot: Snapshot, links: Links, digits: int) -> None:
        self._snapshot, self._links, self._digits = snapshot, links, digits

    def term(self, term: Term, *, first: bool) -> str:
        """A product, or a function with its argument."""
        if term.function:
            return f"{escape(term.function)}({self.number(term.factors[0])})"
        head, *others = term.factors
        factors = [self.number(head, first=first), *map(self.number, others)]
        return " × ".join(factors)

    def put_in(self, loss: Loss, term: Term) -> str:
        """The slope of a loss with the numbers in place of z or a, and of y."""
        given = dict(zip((loss.source.lower(), "y"), term.factors, strict=True))
        spread = loss.slope.replace(")(", ") × (").replace("y (", "y × (")

        def number(found: re.Match[str]) -> str:
            power, minus, letter = found.groups()
            factor = given[letter]
            if power:
                turned = replace(factor, value=-factor.value) if minus else factor
                return f"e<sup>{self.number(turned)}</sup>"
            text = self.number(factor)
            return f"({text})" if factor.value < 0 else text

        return _LETTER.sub(number, spread)

    def number(self, factor: Factor, *, first: bool = True) -> str:
        """A number, behind its sign with a space where something stands before it."""
        taken_away = not first and factor.symbol.startswith(MINUS)
        text = rounded(-factor.value if taken_away else factor.value, self._digits)
        mantissa, _, exponent = text.partition("e")
        if exponent:
            power = str(int(exponent.replace(MINUS, "-"))).replace("-", MINUS)
            text = f"{mantissa}·10<sup>{power}</sup>"
        sign = ""
        if not first:
            sign = f"{MINUS} " if taken_away or text.startswith(MINUS) else "+ "
            text = text.lstrip(MINUS + "+")
        if factor.element is not None and reachable(factor.element, self._snapshot):
            text = self._links.link(text, factor.element)
        return sign + text


_LETTER: Final = re.compile(r"(?:(e\^)(−?))?\b([ayz])\b")


def _unbroken(formula: str) -> str:
    """A formula as rich text that stays on one line."""
    return escape(formula).replace(" ", "&nbsp;").replace("′", "′\N{WORD JOINER}")
