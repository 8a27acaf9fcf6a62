"""Which lines of a sweep's table a few words mean: whole words of a cell, or "name=value"."""

import re
from collections.abc import Sequence
from typing import Any, Final

from gui.panels.run_columns import exact
from gui.race_words import value_text
from gui.widgets.numerals import MINUS
from model.lab.outcome import Fate
from model.lab.results import Results
from model.lab.row import Row
from model.lab.summaries import Summary, Varied
from model.lab.variants import SEED

HOW: Final = (
    "Only lines with all of these words, each a whole word of a cell: “he” finds He, not finished."
    " “learning_rate=8 seed=3” looks in the columns of these names."
)
_BETWEEN: Final = re.compile(r"[^\w.+\-]+")

Item = Row | Summary


def value_terms(varied: Varied) -> str:
    """What to type for the runs of one value: "learning_rate=0.1"."""
    return " ".join(f"{_short(path)}={_written(value)}" for path, value in varied)


def terms_of(text: str) -> tuple[str, ...]:
    """What is typed: a term for each space."""
    return tuple(_plain(text).split())


def has_all(results: Results, item: Item, terms: Sequence[str]) -> bool:
    """Whether the line of an item has every term."""
    return not terms or all(map(_Line(results, item).has, terms))


def unknown(results: Results, items: Sequence[Item], terms: Sequence[str]) -> str:
    """The first term that no item has; empty where each has its lines, or there is no term."""
    lines = [_Line(results, item) for item in items] if terms else []
    return next((term for term in terms if not any(line.has(term) for line in lines)), "")


class _Line:
    """What a line may be found by."""

    def __init__(self, results: Results, item: Item) -> None:
        varied = item.varied if isinstance(item, Summary) else item.variant.varied
        self._values = {path: (value_text(path, value), _written(value)) for path, value in varied}
        self._remarks: tuple[str, ...] = ()
        if isinstance(item, Row):
            self._values[SEED] = (str(results.plan.seed_of(item.variant)),) * 2
            self._values["state"] = (item.outcome.fate.value,) * 2
            if item.outcome.fate is Fate.REFUSED:
                self._remarks = (item.outcome.reason,)

    def has(self, term: str) -> bool:
        name, sign, value = term.partition("=")
        if not sign:
            return _number(term) in self._words
        wanted = _number(value)
        texts = [
            text.replace(" ", "")
            for path, (shown, written) in self._values.items()
            if name in (path, _short(path))
            for text in (shown, written)
        ]
        return any(_number(_plain(text)) == wanted for text in texts)

    @property
    def _words(self) -> set[str]:
        texts = [text for pair in self._values.values() for text in pair]
        found = {_short(path) for path in self._values}
        for text in (*texts, *self._remarks):
            found.update(_BETWEEN.split(_plain(text)))
        return set(map(_number, found))


def _short(path: str) -> str:
    return path.rpartition(".")[2]


def _written(value: Any) -> str:
    """As it is entered; what is nothing is null."""
    return "null" if value is None else exact(value)


def _plain(text: str) -> str:
    return text.lower().replace(MINUS, "-")


def _number(word: str) -> str:
    """Numbers in one way of writing: 1e2 is 100."""
    try:
        return repr(float(word))
    except ValueError:
        return word
