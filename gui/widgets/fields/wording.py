"""What fields say: tooltips and errors, in titles instead of the names of settings files."""

import re
from collections.abc import Iterable
from html import escape

from gui.widgets.numerals import with_groups
from model.errors import SettingsError
from model.settings_fields import FieldDescription


def allowed(field: FieldDescription) -> str:
    """What a field allows, as a sentence; empty where its choices say so."""
    if field.choices or not field.limits:
        return ""
    word = f" {field.unit}" if is_word(field.unit) else ""
    empty = f", or empty: {field.empty}" if field.empty else ""
    zero = f"; 0: {field.zero}" if field.zero else ""
    return f"Allowed: {with_groups(field.limits)}{word}{empty}{zero}."


def description(field: FieldDescription) -> str:
    """Help and limits in plain text, for a screen reader."""
    return " ".join(filter(None, (field.help, allowed(field))))


def tooltip(field: FieldDescription) -> str:
    """Help, limits and keys as rich text, which wraps."""
    keys = "" if field.choices else "↑ and ↓ change it, Esc takes an entry back."
    parts = filter(None, (field.help, allowed(field), keys))
    return "".join(f"<p>{escape(part)}</p>" for part in parts)


def is_word(unit: str) -> bool:
    """Whether a unit can stand behind a number ("samples"), unlike a symbol ("α")."""
    return len(unit) > 1


def sentences(*parts: str) -> str:
    """Parts of a message, those that are there, each as a sentence: "No such value. Try 1."."""
    said = (part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    return " ".join(part[:1].upper() + part[1:] for part in said)


def in_titles(error: SettingsError, fields: Iterable[FieldDescription]) -> str:
    """An error's message with the titles of the settings and of their choices.

    What concerns a whole group names the group first and its settings without their path; a name
    without an underscore may be a word of the sentence as well.
    """
    fields = tuple(fields)
    own = tuple(field for field in fields if field.path == error.field)
    message = _choices_named(error.message, fields)
    group = [field for field in fields if field.group == error.field]
    if error.field and group:
        message = message.removeprefix(f"{error.field}: ")
        for field in group:
            if "_" in field.name:
                message = re.sub(rf"(?<![\w.]){field.name}(?!\w)", field.title, message)
        message = message[:1].upper() + message[1:]
    concerned = [field for field in (own or fields) if field.path in message]
    concerned += [f for f in fields for one in own if one.only and {*one.only} <= {*f.choices}]
    for field in concerned:
        message = message.replace(field.path, field.title)
        for name, title in field.choices.items():
            message = re.sub(rf"(?<!\w)'?{re.escape(name)}'?(?!\w)", title, message)
    return with_groups(message)


def _choices_named(message: str, fields: Iterable[FieldDescription]) -> str:
    """ "name=circles", as a command line has it, as the field and the choice of a form."""
    for field in fields:
        for name, title in field.choices.items():
            message = message.replace(f"{field.name}={name}", f"{field.title} “{title}”")
    return message
