"""Assignments NAME=VALUE as a user types them: names found, values read, settings made."""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from model.errors import SettingsError
from model.settings import S, Settings, Variants, variants_of
from model.settings_fields import FieldDescription, describe, remedy, value_at, with_changes

ALIASES: Final = {"seed": "network.seed"}
"""Last parts of several paths that mean one of them all the same."""

NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
"""Numbers that JSON does not know, such as .5 and 5. and +5."""

_OPENING, _CLOSING = "[{(", "]})"


def assigned(settings: S, assignments: Iterable[str]) -> S:
    """`settings` with assignments such as "learning_rate=0.1" carried out, checked as a whole.

    The last one counts where a name is assigned twice. Raises `SettingsError` for an assignment
    that cannot be read, an unknown or ambiguous name and a value that is not allowed; where one
    other choice would allow it, the hint names that.
    """
    changes: dict[str, Any] = {}
    for text in assignments:
        name, value = split_assignment(text)
        changes[path_of(name, type(settings))] = value_of(value)
    return changed(settings, changes)


def changed(settings: S, changes: Mapping[str, Any]) -> S:
    """`settings` with the values of some paths replaced, checked as a whole.

    Raises `SettingsError` for a value that is not allowed and for a setting that the chosen variant
    of its group does not have; where one other choice would allow it, the hint names that.
    """
    _check_owners(settings, changes)
    changes = _variants_first(changes, type(settings))
    try:
        return with_changes(settings, changes)
    except SettingsError as error:
        hint = error.hint or _remedy_text(settings, changes, error)
        raise SettingsError(error.message, hint, error.field) from error


def split_assignment(text: str) -> tuple[str, str]:
    """Name and value of "name=value"; `SettingsError` where one of them is missing."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not name or not equals or not value:
        hint = "null is the value for nothing" if name and equals else "as in learning_rate=0.1"
        raise SettingsError(f"{text!r} is not of the form NAME=VALUE", hint, name)
    return name, value


def path_of(name: str, kind: type[Settings]) -> str:
    """The path of a setting from its path or from its last part where that is unique.

    Raises `SettingsError` with the candidates, or with names that are alike.
    """
    paths = [field.path for field in describe(kind)]
    if name in paths:
        return name
    found = [path for path in paths if path.rpartition(".")[2] == name]
    if ALIASES.get(name) in found:
        return ALIASES[name]
    if len(found) == 1:
        return found[0]
    if found:
        raise SettingsError(f"{name!r} is ambiguous", f"there are {', '.join(found)}", name)
    inside = [path for path in paths if path.startswith(f"{name}.")]
    if inside:
        raise SettingsError(f"{name!r} is a group of settings", f"it has {', '.join(inside)}", name)
    raise SettingsError(f"there is no setting {name!r}", _alike(name, paths), name)


def value_of(text: str) -> Any:
    """A value from JSON or bare words: 0.1, null, [10, 5], relu, [relu, tanh]."""
    text = text.strip()
    value = _item_of(text)
    if value is text and text.startswith("[") and text.endswith("]"):
        return [_item_of(item) for item in split_values(text[1:-1])]
    return value


def split_values(text: str) -> list[str]:
    """The values of a list "0.01,0.1" or "[10,5],[20]"; brackets and quotes protect commas."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif not quoted:
            depth += (character in _OPENING) - (character in _CLOSING)
        if character == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _item_of(text: str) -> Any:
    """A value from JSON, a number as people write it (.5), or else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return float(text) if NUMBER.fullmatch(text) else text


def _remedy_text(settings: Settings, changes: Mapping[str, Any], error: SettingsError) -> str:
    """The other choice with which the changes would be allowed, as it is typed."""
    found = None if error.field in changes else remedy(settings, changes)
    if found is None:
        return ""
    field, word = found
    names = [other.name for other in describe(type(settings))]
    name = field.name if names.count(field.name) == 1 else field.path
    return f"{name}={word} would allow it"


def _alike(name: str, paths: list[str]) -> str:
    """The settings whose names resemble `name`, all of them where none does."""
    last_parts = {path.rpartition(".")[2]: path for path in paths}
    near = get_close_matches(name.lower(), [*paths, *last_parts], n=3)
    if near:
        return f"near are {', '.join(dict.fromkeys(last_parts.get(n, n) for n in near))}"
    return f"there are {', '.join(paths)}"


def _variants_first(changes: Mapping[str, Any], kind: type[Settings]) -> dict[str, Any]:
    """What chooses the variant of a group comes first: it brings that variant's defaults."""
    keys = {f"{group}.{variants.key}" for group, variants in _variants(kind).items()}
    return dict(sorted(changes.items(), key=lambda change: change[0] not in keys))


def _check_owners(settings: Settings, changes: Mapping[str, Any]) -> None:
    """Refuse a setting that the chosen variant of its group does not have."""
    variants = _variants(type(settings))
    for field in _owned(type(settings)):
        if field.path not in changes:
            continue
        key = variants[field.group].key
        path = f"{field.group}.{key}"
        chosen = changes.get(path, value_at(settings, path))
        if chosen in list(variants[field.group].classes) and chosen not in field.only:
            owners = " and ".join(field.only)
            raise SettingsError(
                f"{field.path}: {chosen} has no such setting",
                f"only {owners} has it: {key}={field.only[0]}",
                field.path,
            )


@cache
def _owned(kind: type[Settings]) -> tuple[FieldDescription, ...]:
    """The settings that only some variants of their group have."""
    return tuple(field for field in describe(kind) if field.only)


def _variants(kind: type[Settings]) -> dict[str, Variants]:
    """The groups that have variants."""
    found = {name: variants_of(field) for name, field in kind.model_fields.items()}
    return {name: variants for name, variants in found.items() if variants is not None}
