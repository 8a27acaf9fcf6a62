"""JSON files that somebody else may have made: one object, and not more of it than makes sense."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

from model.errors import FileError
from model.files.bounded import read_bounded

LARGEST: Final = 1_000_000
"""Bytes; all settings together take about a thousand."""


def read_object(path: Path, what: str, example: str) -> dict[str, Any]:
    """The JSON object in a file; `FileError` names `what` was expected, with an `example`."""
    content = read_bounded(path, LARGEST)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(name for name, _ in pairs)
        twice = next((name for name, count in counts.items() if count > 1), None)
        if twice is not None:
            raise FileError(f"{path.name} has {twice!r} twice", "only one of them would count")
        return dict(pairs)

    try:
        # Editors on Windows put a byte order mark before UTF-8.
        values = json.loads(content.decode("utf-8-sig"), object_pairs_hook=once)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"{path.name} is not JSON: {error.msg} at {place}") from error
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path.name} is not JSON") from error
    if not isinstance(values, dict):
        raise FileError(
            f"{path.name} does not hold {what}", f"an object is needed, as in {example}"
        )
    return values
