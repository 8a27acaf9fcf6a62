"""Why a number is no longer finite: a table of the usual causes and what points to each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from model.arrays import Array
from model.nn.operations import Operation, TensorName
from model.number_words import number_words

Operands = tuple[tuple[TensorName, Array], ...]

LARGE: Final = 1e3
"""A weight entered by hand is no cause up to here: training does not draw or find much larger."""


class Edit(NamedTuple):
    """Weights changed by hand: in the user's words, and their largest magnitude."""

    title: str
    size: float

    def outweighs(self, learning_rate: float | None) -> bool:
        """Whether it is large, and larger than what such a learning rate does to weights."""
        return self.size > max(LARGE, learning_rate or 0.0)


@dataclass(frozen=True)
class Evidence:
    """One element that is not finite, and the parts of the operands that it was computed from."""

    operation: Operation
    value: np.floating[Any]
    operands: Operands
    learning_rate: float | None
    edit: Edit | None = None

    @property
    def name(self) -> str:
        """What is computed, without its layer."""
        return self.operation.result.name

    @cached_property
    def given(self) -> tuple[TensorName, float] | None:
        """The first operand that is not finite itself, with its first such value."""
        for name, array in self.operands:
            values = array[~np.isfinite(array)]
            if values.size:
                return name, float(values[0])
        return None

    @cached_property
    def terms(self) -> Array:
        """The products that were summed up, in the precision of the run."""
        (_, a), (_, b), *rest = self.operands
        with np.errstate(all="ignore"):
            products = a * b
            return np.concatenate([products, *(array for _, array in rest)])

    @property
    def is_product(self) -> bool:
        """Whether it is a sum of products."""
        return self.name in ("Z", "dW") or (
            self.name == "dA" and self.operation.operands[0].name == "W"
        )

    def size(self, index: int) -> str:
        """The largest magnitude in an operand."""
        array = self.operands[index][1]
        finite = np.abs(array[np.isfinite(array)])
        return _number(float(np.max(finite, initial=0.0)))


@dataclass(frozen=True)
class Cause:
    """One usual cause: whether the evidence points to it, and the sentence that says so."""

    name: str
    applies: Callable[[Evidence], bool]
    sentence: Callable[[Evidence], str]


def _zero_times_infinity(evidence: Evidence) -> bool:
    if not evidence.is_product or len(evidence.operands) < 2:
        return False
    (_, a), (_, b) = evidence.operands[:2]
    return bool(((a == 0) & np.isinf(b) | (b == 0) & np.isinf(a)).any())


def _infinities_cancel(evidence: Evidence) -> bool:
    return (
        evidence.is_product
        and bool(np.isnan(evidence.value))
        and bool(np.isposinf(evidence.terms).any() and np.isneginf(evidence.terms).any())
    )


def _from_given(evidence: Evidence) -> str:
    assert evidence.given is not None
    name, value = evidence.given
    held = f"{name} held {_number(value)} before this iteration computed anything"
    if name.name in ("X", "Y"):
        return f"{held}: the data are at fault, not the training."
    if name.name in ("W", "b"):
        return f"{held}: it was entered or loaded so."
    return (
        f"{name} already holds {_number(value)}, and whatever is computed from it cannot be finite."
    )


def _from_zero_times_infinity(evidence: Evidence) -> str:
    (first, _), (second, _) = evidence.operands[:2]
    return f"0 · ∞ in the product of {first} and {second}: one is infinite where the other is 0."


def _from_infinities(evidence: Evidence) -> str:
    (first, _), (second, _) = evidence.operands[:2]
    return (
        f"∞ − ∞: products of {first} (up to {evidence.size(0)}) and {second} (up to"
        f" {evidence.size(1)}) overflow with both signs. {_too_large(evidence)}"
    )


def _from_rate(evidence: Evidence) -> str:
    rate, edited = evidence.learning_rate, _edited(evidence)
    named = f" of {_number(rate)}" if rate is not None else ""
    gradient = evidence.operands[0][0]
    return (
        f"{gradient} is finite, but the step is not: the learning rate{named} times a gradient of"
        f" {evidence.size(0)} exceeds {_limit(evidence)}."
        f" {edited or 'Take a much smaller learning rate.'}"
    )


def _from_step(evidence: Evidence) -> str:
    name = evidence.operation.result
    return (
        f"{name} and its step are finite, but their sum exceeds {_limit(evidence)}."
        f" {_edited(evidence) or 'Take a much smaller learning rate.'}"
    )


def _from_product(evidence: Evidence) -> str:
    (first, _), (second, _) = evidence.operands[:2]
    exceeds = "add up to more than" if np.isfinite(evidence.terms).all() else "exceed"
    return (
        f"Overflow: products of {first} (up to {evidence.size(0)}) and {second} (up to"
        f" {evidence.size(1)}) {exceeds} {_limit(evidence)}. {_too_large(evidence)}"
    )


def _from_loss(evidence: Evidence) -> str:
    name = evidence.operands[0][0]
    return (
        f"Overflow in the loss: with {name} up to {evidence.size(0)} the sum over the samples"
        f" exceeds {_limit(evidence)}. {_too_large(evidence)}"
    )


def _from_sum(evidence: Evidence) -> str:
    name = evidence.operands[0][0]
    return (
        f"Overflow in a sum: the elements of {name}, up to {evidence.size(0)}, add up to more than"
        f" {_limit(evidence)}. {_too_large(evidence)}"
    )


def _from_element(evidence: Evidence) -> str:
    names = " and ".join(str(name) for name, _ in evidence.operands)
    return (
        f"{names} {'are' if len(evidence.operands) > 1 else 'is'} finite, but the result is beyond"
        f" {_limit(evidence)}. {_too_large(evidence)}"
    )


CAUSES: Final = (
    Cause("zero times infinity", _zero_times_infinity, _from_zero_times_infinity),
    Cause("not finite before", lambda e: e.given is not None, _from_given),
    Cause("infinity minus infinity", _infinities_cancel, _from_infinities),
    Cause("learning rate", lambda e: e.name.startswith("update_"), _from_rate),
    Cause("step", lambda e: e.name in ("W", "b"), _from_step),
    Cause("loss", lambda e: e.name == "J", _from_loss),
    Cause("product", lambda e: e.is_product, _from_product),
    Cause("sum", lambda e: e.name == "db", _from_sum),
    Cause("element", lambda e: True, _from_element),
)
"""In this order; the first that applies is named."""


def _limit(evidence: Evidence) -> str:
    kind = np.finfo(evidence.value.dtype)
    return f"the largest {kind.bits}-bit number, {_number(float(kind.max))}"


def _number(value: float) -> str:
    """Two digits: the size matters here."""
    return number_words(value, 2)


def _too_large(evidence: Evidence) -> str:
    """The cause behind every overflow."""
    if edited := _edited(evidence):
        return edited
    rate = evidence.learning_rate
    named = f", {_number(rate)}," if rate is not None else ""
    return f"Usually the weights have grown because the learning rate{named} is too large."


def _edited(evidence: Evidence) -> str:
    """The change by hand with which it began, if one did."""
    edit = evidence.edit
    if edit is None or not edit.outweighs(evidence.learning_rate):
        return ""
    return f"It began with a change made by hand: {edit.title}. Undo takes it back."
