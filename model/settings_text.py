"""All settings as plain text, for a terminal: name, title, default and what is allowed."""

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from model.settings import Settings
from model.settings_fields import FieldDescription, describe, group_titles

NAME, TITLE, VALUES = 25, 17, 31
"""Widths of the columns; with two spaces between them and before them they fill 79 characters."""

INDENT: Final = " " * (2 + NAME + 2 + TITLE + 2)


def settings_text(kind: type[Settings]) -> tuple[str, ...]:
    """One paragraph a group: its title and the lines of its settings."""
    fields = describe(kind)
    return tuple(
        "\n".join([title, *(line for f in fields if f.group == group for line in _lines(f))])
        for group, title in group_titles(kind).items()
    )


def _lines(field: FieldDescription) -> Iterator[str]:
    first, *rest = textwrap.wrap(_values(field), VALUES)
    yield f"  {field.path:<{NAME}}  {field.title:<{TITLE}}  {first}"
    for line in rest:
        yield INDENT + line


def _values(field: FieldDescription) -> str:
    """ "0.01; above 0": the default, what is allowed, and which variants have the setting."""
    allowed = ", ".join(field.choices) or field.limits
    only = f"only {', '.join(field.only)}" if field.only else ""
    default = _word(field.default)
    if field.default is None:
        default = f"null ({field.empty or 'nothing'})"
    elif field.zero and field.default == 0:
        default = f"0 ({field.zero})"
    return "; ".join(filter(None, (default, allowed, only)))


def _word(value: Any) -> str:
    return f"[{','.join(map(str, value))}]" if isinstance(value, tuple) else str(value)
