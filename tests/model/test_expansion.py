"""An element taken apart: the terms add up to the number in the table, factors lead one step up."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Network
from model.analysis.expanding import expanded
from model.analysis.expansion import Element, Expansion
from model.analysis.expansion_rules import UPDATES
from model.errors import ArrayError, StateError
from model.nn.activations import ACTIVATIONS
from model.nn.backprop import Backprop, exhaust
from model.nn.losses import LOSSES
from model.nn.operations import TensorName
from model.nn.optimizers import OPTIMIZERS
from model.nn.tensors import BatchTensors, GradientTensors

RATE = 0.3
HEADS = [
    (loss.name, output) for loss in LOSSES.values() for output in loss.only or tuple(ACTIVATIONS)
]


@dataclass
class Trained:
    """A network after one iteration, and its parameters before."""

    bound: Backprop
    first: Network

    def before(self, name: TensorName) -> np.ndarray:
        return getattr(self.first, name.name)[name.layer - 1]

    def array(self, name: TensorName) -> np.ndarray:
        return np.atleast_2d(self.bound.tensor(name))

    def expand(self, element: Element, most: int = 12) -> Expansion:
        return expanded(
            self.bound.tensor,
            self.first.architecture,
            self.bound.optimizer,
            element,
            learning_rate=RATE,
            before=self.before,
            most=most,
        )

    def operand(self, element: Element) -> float:
        """The number that went into the iteration's operations."""
        parameter = element.tensor.name in ("W", "b")
        array = self.before(element.tensor) if parameter else self.array(element.tensor)
        return float(array[element.row, element.column])


def trained(network: Network, X: object, Y: object) -> Trained:
    architecture, samples = network.architecture, np.asarray(X, network.architecture.dtype)
    batch = BatchTensors(architecture, samples.shape[1])
    batch.load(samples, np.asarray(Y, architecture.dtype))
    first = network.copy()
    rate = np.asarray(RATE, architecture.dtype)
    backprop = Backprop(network, batch, GradientTensors(architecture), rate)
    with np.errstate(all="ignore"):
        exhaust(backprop.iteration())
    return Trained(backprop, first)


@st.composite
def networks(draw: st.DrawFn) -> Trained:
    """Any activations, loss, depth, widths, number of samples and precision."""
    loss, output = draw(st.sampled_from(HEADS))
    depth = draw(st.integers(1, 3))
    sizes = tuple(draw(st.integers(1, 4)) for _ in range(depth + 1))
    hidden = [draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in range(depth - 1)]
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    generator = np.random.default_rng(draw(st.integers(0, 2**16)))
    network = Network.build(sizes, [*hidden, output], loss, dtype)
    network.parameters[...] = generator.normal(0, 1, network.parameters.shape)
    m = draw(st.integers(1, 30))
    classes = draw(st.booleans())
    Y = (
        generator.integers(0, 2, (sizes[-1], m))
        if classes
        else generator.uniform(0, 1, (sizes[-1], m))
    )
    return trained(network, generator.normal(size=(sizes[0], m)), Y)


def any_element(draw: st.DataObject, case: Trained) -> Element:
    name = draw.draw(st.sampled_from([operation.result for operation in case.bound.program]))
    rows, columns = case.array(name).shape
    return Element(
        name, draw.draw(st.integers(0, rows - 1)), draw.draw(st.integers(0, columns - 1))
    )


@given(networks(), st.data(), st.integers(0, 15))
def test_listed_terms_and_the_rest_add_up_to_the_number_in_the_table(
    case: Trained, data: st.DataObject, most: int
) -> None:
    element = any_element(data, case)
    expansion = case.expand(element, most)
    every = case.expand(element, 1000)
    size = sum(abs(term.value) for term in every.terms)
    rounding = (every.count + 4) * float(np.finfo(case.first.architecture.dtype).eps) * size
    assert expansion.value == case.array(element.tensor)[element.row, element.column]
    assert math.fsum([term.value for term in expansion.terms] + [expansion.rest]) == pytest.approx(
        expansion.value, rel=0, abs=rounding + 1e-300
    )
    assert len(expansion.terms) + expansion.others == expansion.count == len(every.terms)
    assert expansion.nonzero == sum(term.value != 0 for term in every.terms)
    assert every.rest == every.others == 0


@given(networks(), st.data())
def test_factors_multiply_out_and_lead_one_step_up(case: Trained, data: st.DataObject) -> None:
    element = any_element(data, case)
    expansion = case.expand(element, 1000)
    for term in expansion.terms:
        if not term.function:
            assert term.value == pytest.approx(math.prod(f.value for f in term.factors), rel=1e-12)
        for factor in term.factors:
            if factor.element is None:
                continue
            assert factor.element.tensor in expansion.operation.operands
            if factor.symbol.lstrip("−") == str(factor.element.tensor):
                sign = -1 if factor.symbol.startswith("−") else 1
                assert factor.value == sign * case.operand(factor.element)


@given(networks(), st.data())
def test_terms_of_a_sum_are_the_largest_first(case: Trained, data: st.DataObject) -> None:
    element = any_element(data, case)
    few, every = case.expand(element, 3), case.expand(element, 1000)
    summed = [abs(term.value) for term in every.terms if term.index is not None]
    assert summed == sorted(summed, reverse=True)
    assert [term for term in few.terms if term.index is not None] == [
        term for term in every.terms if term.index is not None
    ][:3]
    assert bool(every.index) == bool(summed)


def small() -> Trained:
    """Two inputs, one ReLU unit, one sigmoid; four samples."""
    network = Network.from_arrays([[[1.0, -2.0]], [[3.0]]], [[0.5], [-1.0]], ["relu", "sigmoid"])
    return trained(network, [[1.0, 2.0, 0.0, 1.0], [0.0, 0.5, 1.0, 1.0]], [[1.0, 0.0, 1.0, 0.0]])


def rounded(expansion: Expansion) -> list[tuple[object, ...]]:
    return [
        (term.index, *(factor.symbol for factor in term.factors), round(term.value, 6))
        for term in expansion.terms
    ]


def test_weighted_input_by_hand() -> None:
    """Z[1] = 1 · 2 − 2 · 0.5 + 0.5, with W and b before their update."""
    expansion = small().expand(Element(TensorName("Z", 1), 0, 1))
    assert rounded(expansion) == [
        (0, "W[1]", "X", 2.0),
        (1, "W[1]", "X", -1.0),
        (None, "b[1]", 0.5),
    ]
    assert expansion.value == 1.5
    assert expansion.index == "input j"
    assert [f.element for f in expansion.terms[1].factors] == [
        Element(TensorName("W", 1), 0, 1),
        Element(TensorName("X"), 1, 1),
    ]


def test_gradient_of_a_weight_by_hand() -> None:
    """Z[1] = 1.5, 1.5, −1.5, −0.5; A[2] = σ(3 · 1.5 − 1) twice, then σ(−1) twice."""
    case = small()
    active, dead = (1 / (1 + math.exp(-z)) for z in (3.5, -1.0))
    gradient = case.expand(Element(TensorName("dW", 2), 0, 0), most=1)
    assert gradient.index == "sample k"
    assert (gradient.count, gradient.nonzero, gradient.others) == (4, 2, 3)
    assert gradient.terms[0].index == 1
    assert [factor.value for factor in gradient.terms[0].factors] == pytest.approx(
        [active / 4, 1.5]
    )
    assert gradient.rest == pytest.approx((active - 1) / 4 * 1.5)
    head = case.expand(Element(TensorName("dZ", 2), 0, 2))
    assert rounded(head) == [
        (None, "A[2]", "1/m", round(dead / 4, 6)),
        (None, "−Y", "1/m", -0.25),
    ]


def test_update_and_parameter_by_hand() -> None:
    case = small()
    gradient = float(case.array(TensorName("dW", 1))[0, 0])
    update = case.expand(Element(TensorName("update_W", 1), 0, 0))
    assert rounded(update) == [(None, "−α", "dW[1]", round(-RATE * gradient, 6))]
    weight = case.expand(Element(TensorName("W", 1), 0, 0))
    assert rounded(weight) == [
        (None, "W[1] before", 1.0),
        (None, "ΔW[1]", round(-RATE * gradient, 6)),
    ]
    assert weight.terms[0].factors[0].element is None


def test_functions_name_themselves_and_their_arguments() -> None:
    case = small()
    activation = case.expand(Element(TensorName("A", 2), 0, 0)).terms[0]
    assert (activation.function, activation.factors[0].symbol) == ("σ", "Z[2]")
    loss = case.expand(Element(TensorName("J"), 0, 0))
    assert {term.function for term in loss.terms} == {"BCE/m"}
    assert loss.terms[0].factors[0].element == Element(TensorName("A", 2), 0, 1)
    assert loss.terms[0].value == pytest.approx(math.log1p(math.exp(3.5)) / 4)
    slope = case.expand(Element(TensorName("dZ", 1), 0, 3)).terms[0].factors[1]
    assert (slope.symbol, slope.value) == ("relu′(Z[1])", 0.0)
    assert slope.element == Element(TensorName("Z", 1), 0, 3)


def test_loss_of_several_outputs_names_the_sample() -> None:
    network = Network.from_arrays([np.eye(2)], [[0.0, 0.0]], ["identity"], "half_squared_error")
    loss = trained(network, [[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]], np.zeros((2, 3))).expand(
        Element(TensorName("J"), 0, 0)
    )
    assert [(term.index, term.value) for term in loss.terms[:3]] == [
        (0, 1.5),
        (2, 4 / 6),
        (1, 1 / 6),
    ]
    assert loss.terms[0].factors[0].element == Element(TensorName("A", 1), 1, 0)


def test_terms_that_are_not_finite_come_first() -> None:
    network = Network.from_arrays([[[1.0, 1.0, 1.0]]], [[0.0]], ["identity"], "half_squared_error")
    case = trained(network, [[5.0], [math.nan], [math.inf]], [[0.0]])
    expansion = case.expand(Element(TensorName("Z", 1), 0, 0), most=2)
    assert [term.index for term in expansion.terms] == [1, 2, None]
    assert math.isnan(expansion.value)
    assert expansion.rest == 5.0


def test_data_and_weights_as_drawn_have_no_terms() -> None:
    case = small()
    with pytest.raises(StateError, match="X is not computed"):
        case.expand(Element(TensorName("X"), 0, 0))
    with pytest.raises(StateError, match="as it was drawn"):
        expanded(
            case.bound.tensor,
            case.first.architecture,
            case.bound.optimizer,
            Element(TensorName("W", 1), 0, 0),
            learning_rate=RATE,
        )


@pytest.mark.parametrize(("row", "column"), [(1, 0), (0, 4), (-1, 0)])
def test_a_place_outside_the_tensor_is_named(row: int, column: int) -> None:
    with pytest.raises(
        ArrayError, match=rf"1 × 4: there is no element \({row + 1}, {column + 1}\)"
    ):
        small().expand(Element(TensorName("dZ", 2), row, column))


def test_every_optimiser_has_a_rule() -> None:
    assert UPDATES.keys() == OPTIMIZERS.keys()
