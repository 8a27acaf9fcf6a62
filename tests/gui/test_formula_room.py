from dataclasses import replace

import pytest

from gui.panels.formula_room import LEAST_TERMS, shortened
from model.analysis.expansion import Element, Expansion, Factor, Term
from model.nn.operations import Operation, Phase, TensorName


def made(values: list[float], bias: float = 0.5) -> Expansion:
    """Z = Σ w a + b with these products."""
    name = TensorName("Z", 1)
    terms = [Term(at, (Factor("w", value, None),), value) for at, value in enumerate(values)]
    single = Term(None, (Factor("b[1]", bias, None),), bias)
    operation = Operation(0, Phase.FORWARD, 1, name, (), "Z[1] = W[1] X + b[1]")
    total = sum(values) + bias + 1.0
    return Expansion(
        Element(name, 0, 0), operation, total, "unit j", (*terms, single), 1.0, 4, 10, 10
    )


@pytest.mark.parametrize(("most", "kept"), [(9, 5), (5, 5), (3, 3), (0, LEAST_TERMS), (-4, 2)])
def test_what_is_left_out_is_in_the_rest(most: int, kept: int) -> None:
    whole = made([5.0, -4.0, 3.0, 2.0, 1.0])
    short = shortened(whole, most)
    assert [t.value for t in short.terms] == [*[5.0, -4.0, 3.0, 2.0, 1.0][:kept], 0.5]
    assert sum(t.value for t in short.terms) + short.rest == pytest.approx(whole.value)
    assert short.others == 4 + 5 - kept


def test_nothing_changes_where_there_is_room() -> None:
    whole = made([2.0, 1.0])
    assert shortened(whole, 2) is whole
    assert shortened(replace(whole, terms=()), 0).terms == ()
