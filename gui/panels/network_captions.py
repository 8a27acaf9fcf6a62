"""What stands beneath the layers of a network, as long as the room allows."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gui.widgets.numerals import grouped
from model.nn.activations import ACTIVATIONS

Lines = tuple[str, ...]

FROZEN = "frozen"


@dataclass(frozen=True)
class LayerWords:
    """The words for one layer: its place, its units, its activation (empty for the input).

    `symbol` is the activation's sign where it has one, else its title too; `frozen` says that the
    layer is left out of the updates.
    """

    place: str
    short_place: str
    units: str
    activation: str
    symbol: str
    frozen: str = ""


Form = Callable[[LayerWords], Lines]


def layer_words(
    sizes: Sequence[int], activations: Sequence[str], frozen: Collection[int] = ()
) -> list[LayerWords]:
    """Words for the input and every layer; `activations` are names of `model.nn.activations`."""
    last = len(sizes) - 1
    words = [LayerWords("input", "in", grouped(sizes[0]), "", "")]
    for layer, (units, name) in enumerate(zip(sizes[1:], activations, strict=True), start=1):
        place, short = ("output", "out") if layer == last else (f"layer {layer}", str(layer))
        words.append(
            LayerWords(
                place,
                short,
                grouped(units),
                activation_title(name),
                _symbol(name),
                FROZEN if layer in frozen else "",
            )
        )
    return words


def activation_title(name: str) -> str:
    """The word that the settings show."""
    entry = ACTIVATIONS.get(name)
    return name if entry is None else entry.title


def _symbol(name: str) -> str:
    """σ for the sigmoid; abbreviations such as "lrelu" are nobody's word."""
    entry = ACTIVATIONS.get(name)
    return activation_title(name) if entry is None or entry.short.isascii() else entry.short


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _stacked(*parts: str) -> Lines:
    """One below the other; only a last line that says nothing is left out."""
    return parts if parts[-1] else parts[:-1]


def _one_line(words: LayerWords) -> Lines:
    return (_joined(words.place, words.units, words.activation, words.frozen),)


def _two_lines(words: LayerWords) -> Lines:
    return (words.place, _joined(words.units, words.activation, words.frozen))


def _three_lines(words: LayerWords) -> Lines:
    return _stacked(words.place, words.units, words.activation, words.frozen)


def _short(words: LayerWords) -> Lines:
    return _stacked(words.short_place, words.units, words.activation, words.frozen)


def _with_symbol(form: Form) -> Form:
    """The same form with the activation's sign."""
    return lambda words: form(replace(words, activation=words.symbol))


def _shortest(words: LayerWords) -> Lines:
    return _stacked(words.short_place, words.units, words.frozen)


FORMS: tuple[Form, ...] = (
    _one_line,
    _with_symbol(_one_line),
    _two_lines,
    _with_symbol(_two_lines),
    _three_lines,
    _with_symbol(_three_lines),
    _short,
    _with_symbol(_short),
    _shortest,
)


def fitting(
    words: Sequence[LayerWords],
    distance: float,
    gap: float,
    measure: Callable[[str], float],
    side: float = math.inf,
) -> list[Lines]:
    """The longest form in which neighbours `distance` apart stay `gap` from each other.

    `side` is the room beyond the middle of the last caption. Where even the shortest form is too
    wide, layers between the ends lose theirs, evenly.
    """
    for form in FORMS:
        lines = [form(layer) for layer in words]
        end = max(map(measure, lines[-1])) / 2
        if end <= side and _fits(lines, distance, gap, measure):
            return lines
    stride = 2
    while stride < len(lines) and not _fits(lines[::stride], stride * distance, gap, measure):
        stride += 1
    return [line if layer % stride == 0 else () for layer, line in enumerate(lines)]


def _fits(
    lines: Sequence[Lines], distance: float, gap: float, measure: Callable[[str], float]
) -> bool:
    widths = [max(map(measure, line)) for line in lines]
    return all((left + right) / 2 + gap <= distance for left, right in pairwise(widths))
