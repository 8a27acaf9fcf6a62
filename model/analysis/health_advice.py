"""What is wrong with a network and what to try: a table of rules."""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.analysis import health_limits as limits
from model.analysis.health_evidence import AHEAD, FALLEN, RECENT, Evidence, LayerEvidence
from model.analysis.layer_health import Advice
from model.number_words import number_words, share_words

Readings = Iterator[tuple[int, float]]
"""A layer, 0 for the whole network, and what was measured of it."""


@dataclass(frozen=True)
class Rule:
    """One way to be unwell: where `wrong(number, limit)` holds of what `measure` yields.

    NaN is never wrong. `sentence` is filled in with layer, number, limit, units, activation, last
    (the number of layers), rate and learners (who hardly learns where no gradient passes through
    the layer); `words` writes number and limit. Of rules that are `general` none speaks where
    another tells the cause.
    """

    kind: str
    measure: Callable[[Evidence], Readings]
    limit: float
    wrong: Callable[[float, float], bool]
    words: Callable[[float], str]
    sentence: str
    remedy: str
    general: bool = False


def advice(evidence: Evidence) -> tuple[Advice, ...]:
    """Everything that is wrong with a state, in the order of `RULES`."""
    found = [
        (rule, _advice(rule, evidence, layer, number))
        for rule in RULES
        for layer, number in rule.measure(evidence)
        if rule.wrong(number, rule.limit)
    ]
    special = [advice for rule, advice in found if not rule.general]
    return tuple(special or [advice for _, advice in found])


def _advice(rule: Rule, evidence: Evidence, layer: int, number: float) -> Advice:
    of_layer = evidence.layers[layer - 1]
    sentence = rule.sentence.format(
        layer=layer,
        number=rule.words(number),
        limit=rule.words(rule.limit),
        units=of_layer.units,
        activation=of_layer.activation,
        last=len(evidence.layers),
        rate=_short(evidence.learning_rate),
        learners="it hardly learns" if layer == 1 else "it and the layers before it hardly learn",
    )
    return Advice(rule.kind, layer, sentence, rule.remedy, number, rule.limit)


def _hidden(number: Callable[[LayerEvidence], float]) -> Callable[[Evidence], Readings]:
    """A measure of every hidden layer."""
    return lambda evidence: (
        (layer.layer, number(layer)) for layer in evidence.layers if layer.hidden
    )


def _whole(number: Callable[[Evidence], float]) -> Callable[[Evidence], Readings]:
    """A measure of the whole network."""
    return lambda evidence: iter([(0, number(evidence))])


def _dead(evidence: Evidence) -> Readings:
    """Equal units die together; that they are equal is then what is wrong.

    A unit behind the first layer comes back when those before it move, unless its whole layer is
    dead and hands them no gradient. That often happens in the first few epochs: they are waited
    for.
    """
    early = evidence.epoch < limits.DEAD_FROM
    for layer in evidence.layers:
        returns = early and layer.layer > 1 and layer.dead_share < 1
        if layer.hidden and not returns and not layer.difference <= limits.DIFFERENCE:
            yield layer.layer, layer.dead_share


def _vanishing(evidence: Evidence) -> Readings:
    """Where the slopes do it: what small weights do is told of the output."""
    if evidence.slopes < limits.VANISHING:
        yield 1, evidence.handed_back


def _saturated(evidence: Evidence) -> Readings:
    """Nothing where the loss is well below that of a constant output: enough gradient arrives."""
    if not evidence.left < FALLEN:
        yield from _hidden(lambda layer: layer.saturated_share)(evidence)


def _largest_gradient(evidence: Evidence) -> Readings:
    norms = evidence.gradient_norms
    if len(norms):
        largest = int(np.argmax(norms))
        yield largest + 1, float(norms[largest])


def _short(number: float) -> str:
    """Two digits, but whole numbers as they are: 100 rather than 1e+02."""
    return number_words(number, 4 if 10 <= abs(number) < 10_000 else 2)


RULES: Final = (
    Rule(
        "equal units",
        _hidden(lambda layer: layer.difference),
        limits.DIFFERENCE,
        operator.le,
        share_words,
        "Layer {layer}: its {units} units are all the same. Their weights and biases differ by"
        " {number} of their size; at {limit} or less they compute one and the same thing, get the"
        " same gradient and can never part.",
        "Draw the first weights at random: He for ReLU, Xavier for tanh and sigmoid.",
    ),
    Rule(
        "rising loss",
        _whole(lambda evidence: evidence.rise),
        limits.RISE,
        operator.gt,
        _short,
        f"In the last {RECENT} epochs the loss was up to {{number}} times its first value; above"
        " {limit} times the learning rate of {rate} is too large.",
        "Reset, and train with a tenth of the learning rate.",
    ),
    Rule(
        "exploding gradient",
        _largest_gradient,
        limits.GRADIENT,
        operator.gt,
        _short,
        "Layer {layer}: the gradient has grown to a norm of {number}; above {limit} it explodes.",
        "Take smaller first weights (Xavier or He), standard scaling of the data, or a smaller"
        " learning rate.",
    ),
    Rule(
        "vanishing gradient",
        _vanishing,
        limits.VANISHING,
        operator.lt,
        _short,
        "Layer {layer}: the gradient vanishes on its way back. dZ is {number} of its size in layer"
        " {last}; below {limit} the first layers hardly learn.",
        "Take fewer layers, or ReLU or tanh instead of sigmoid in the hidden ones.",
    ),
    Rule(
        "dead units",
        _dead,
        limits.DEAD,
        operator.ge,
        share_words,
        "Layer {layer}: {number} of its {units} ReLU units are dead, 0 for every training sample,"
        " and get no gradient; from {limit} on the layer may have too few left to learn with.",
        "Reset with a smaller learning rate or other first weights, or use leaky ReLU.",
    ),
    Rule(
        "saturated units",
        _saturated,
        limits.SATURATED,
        operator.gt,
        share_words,
        "Layer {layer}: {number} of its outputs lie where {activation} is flat and lets almost no"
        " gradient through; above {limit} {learners}.",
        "Take smaller first weights (Xavier), standard scaling of the data, or a smaller learning"
        " rate.",
    ),
    Rule(
        "frozen layers",
        _whole(lambda evidence: evidence.frozen_share),
        limits.FROZEN,
        operator.ge,
        share_words,
        "{number} of the {last} layers are frozen: at {limit} nothing can move, whatever the"
        " learning rate.",
        "Let at least one layer learn again.",
    ),
    Rule(
        "constant output",
        _whole(lambda evidence: evidence.output_spread),
        limits.SPREAD,
        operator.lt,
        _short,
        "The output is nearly the same for every sample: its standard deviation is {number}; below"
        " {limit} the network tells nothing apart.",
        "Take fewer layers, larger first weights (He or Xavier rather than small normal ones), or a"
        " larger learning rate.",
        general=True,
    ),
    Rule(
        "standstill",
        _whole(lambda evidence: evidence.pace),
        limits.PACE,
        operator.lt,
        share_words,
        "The network hardly moves: the present gradient promises to take {number} of the loss away"
        f" in the next {AHEAD:,} epochs; below {{limit}} a learning rate of {{rate}} is too small.",
        "Take a larger learning rate.",
        general=True,
    ),
)
