"""Values as they are typed beside "What varies": choices by their titles, nothing by its word."""

from typing import Final

from gui.race_words import fields
from model.settings_fields import FieldDescription
from model.training.assignments import split_values

_NULL: Final = "null"


def shown(path: str, text: str) -> str:
    """Values of a setting as its field shows them: "full, 200", "He normal, Zeros"."""
    if not text:
        return ""
    titles = {word: title for title, word in _words(fields()[path]).items()}
    return ", ".join(titles.get(value, value) for value in split_values(text))


def typed(path: str, text: str) -> str:
    """The same values by their names; a title may be typed in capitals or not, or as its name."""
    words = {title.lower(): word for title, word in _words(fields()[path]).items()}
    return ", ".join(words.get(value.lower(), value) for value in split_values(text))


def _words(field: FieldDescription) -> dict[str, str]:
    """What may be typed, and what it stands for."""
    nothing = {field.empty: _NULL} if field.empty else {}
    return {title: word for word, title in field.choices.items()} | nothing
