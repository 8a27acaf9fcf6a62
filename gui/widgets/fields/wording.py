"""What fields say: tooltips and errors, in titles instead of the names of settings files."""

import re
from collections.abc import Iterable
from html import escape

from gui.widgets.fields.values import grouped
from model.errors import SettingsError
from model.settings_fields import FieldDescription


def allowed(field: FieldDescription) -> str:
    """What a field allows, as a sentence; empty where its choices say so."""
    if field.choices or not field.limits:
        return ""
    word = f" {field.unit}" if is_word(field.unit) else ""
    empty = f", or empty: {field.empty}" if field.empty else ""
    return f"Allowed: {grouped(field.limits)}{word}{empty}."


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


def in_titles(error: SettingsError, fields: Iterable[FieldDescription]) -> str:
    """An error's message with the titles of the settings and of their choices."""
    fields = tuple(fields)
    own = tuple(field for field in fields if field.path == error.field)
    message = error.message
    concerned = [field for field in (own or fields) if field.path in message]
    for field in concerned:
        message = message.replace(field.path, field.title)
        for name, title in field.choices.items():
            message = re.sub(rf"(?<!\w)'?{re.escape(name)}'?(?!\w)", title, message)
    return grouped(message)
