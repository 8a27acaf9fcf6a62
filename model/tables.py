"""Looking a name up in a table."""

from collections.abc import Mapping
from typing import TypeVar

from model.errors import SettingsError

E = TypeVar("E")


def entry(table: Mapping[str, E], name: str, kind: str) -> E:
    """The entry of that name; `SettingsError` lists the names there are."""
    try:
        return table[name]
    except KeyError:
        raise SettingsError(
            f"{kind} {name!r} is unknown", f"allowed are {', '.join(table)}", kind
        ) from None
