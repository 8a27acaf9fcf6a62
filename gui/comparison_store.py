"""What varies in the Compare view, kept for the next start."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gui.layout_store import layout_path
from model.errors import FileError
from model.files.atomic import write_text
from model.files.json_object import read_object


def comparison_path() -> Path:
    """Where this user's comparison is kept, beside the arrangement of the window."""
    return layout_path().with_name("comparison.json")


def write_comparison(path: Path, entries: Mapping[str, Any]) -> None:
    """Write whole or not at all; raises `FileError` where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{path.parent} cannot be made: {error.strerror}") from error
    write_text(path, json.dumps(dict(entries), indent=1) + "\n")


def read_comparison(path: Path) -> dict[str, Any]:
    """What was kept; nothing where there is no such file, or none that can be read."""
    try:
        return read_object(path, "what varies", '{"vary": "training.learning_rate"}')
    except FileError:
        return {}
