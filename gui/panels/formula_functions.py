"""The functions in a network's formulas: which they are, and what they mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from model.nn.activations import ACTIVATIONS, Activation
from model.nn.losses import LOSSES, Loss
from model.nn.operations import Operation
from model.training.snapshots import Snapshot


@dataclass(frozen=True)
class Functions:
    """The functions that stand in a network's formulas; item 0 is layer 1."""

    activations: tuple[Activation, ...]
    loss: Loss

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Functions":
        """Those of the session's network."""
        return cls(
            tuple(ACTIVATIONS[layer.activation] for layer in snapshot.layers),
            LOSSES[snapshot.settings.training.loss],
        )

    def activation(self, layer: int) -> Activation:
        """g of a layer, counted from 1."""
        return self.activations[layer - 1]


@dataclass(frozen=True)
class Meaning:
    """What a function is, set and in plain words: "relu(z) = max(0, z)"."""

    latex: str
    words: str


def meaning(operation: Operation, functions: Functions) -> Meaning | None:
    """Of the function in an operation's formula; None where there is none."""
    loss, name = functions.loss, operation.result.name
    if name == "J":
        return _meaning(rf"\mathrm{{{loss.short}}}(a, y)", f"{loss.short}(a, y)", loss.formula)
    if name == "dA" and operation.operands[1].name == "Y":
        left = rf"\partial\,\mathrm{{{loss.short}}}/\partial a"
        return _meaning(left, f"∂{loss.short}/∂a", loss.slope)
    if name == "A":
        g = functions.activation(operation.layer)
        return _meaning(rf"\mathrm{{{g.short}}}(z)", f"{g.short}(z)", g.formula)
    if name == "dZ" and operation.operands[1].name == "Z":
        g = functions.activation(operation.layer)
        left = rf"\mathrm{{{g.short}}}^{{\prime}}(z)"
        return _meaning(left, f"{g.short}′(z)", g.derivative)
    return None


def remark(operation: Operation, functions: Functions) -> str:
    """Why dZ of the output is not computed from dA; empty elsewhere."""
    if operation.result.name != "dZ" or operation.operands[1].name != "Y":
        return ""
    name = functions.activation(operation.layer).name
    return _DIRECTLY.get(name, "").format(dA=operation.result._replace(name="dA"))


_DIRECTLY: Final = {
    "sigmoid": "directly: {dA} ⊙ σ′ loses the gradient where the sigmoid saturates",
    "identity": "directly: the derivative of the identity is 1, so that it is {dA}",
}
"""By the output activation of a canonical pair."""


def put_in(text: str, letters: Mapping[str, str]) -> str:
    """Plain text of the tables as LaTeX, with `letters` in place of its own.

    "1 / (1 + e^−z)" has its power raised.
    """
    raised = _POWER.sub(r"^{\1\2}", text.replace("−", "{-}", 1) if text[0] == "−" else text)
    known = _WORDS | dict(letters)
    words = _WORD.sub(lambda found: known.get(found[0], found[0]), raised)
    return words.translate(_SIGNS)


_POWER: Final = re.compile(r"\^(−?)(\w)")
_WORD: Final = re.compile(r"[^\W\d_]+")
_WORDS: Final = {
    **{name: rf"\{name} " for name in ("log", "max", "tanh")},
    **{name: rf"\ \mathrm{{{name}}}\ " for name in ("if", "else")},
}
_SIGNS: Final = str.maketrans({"−": "-", "½": r"\tfrac{1}{2}\,", "²": "^{2}"})


def _meaning(latex: str, words: str, text: str) -> Meaning:
    return Meaning(f"{latex} = {put_in(text, {})}", f"{words} = {text}")
