"""settings.json: the settings of a run, by the names they have everywhere."""

import json
from pathlib import Path
from typing import Any

from model.errors import FileError, SettingsError
from model.files.atomic import write_text
from model.files.bounded import read_bounded
from model.settings import S, Settings, checked

LARGEST = 1_000_000
"""Bytes; all settings together take about a thousand."""


def write_settings(path: Path, settings: Settings) -> None:
    """Write all settings, defaults included; raises `FileError`."""
    write_text(path, json.dumps(settings.model_dump(mode="json"), indent=2) + "\n")


def read_settings(path: Path, kind: type[S]) -> S:
    """The settings in a file, with the defaults for those that it does not name.

    Raises `FileError` where there are none to be read and `SettingsError` for one that is not
    allowed.
    """
    try:
        return checked(kind, _read_object(path))
    except SettingsError as error:
        raise SettingsError(f"{path.name}: {error.message}", error.hint, error.field) from error


def _read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file."""
    content = read_bounded(path, LARGEST)
    try:
        # Editors on Windows put a byte order mark before UTF-8.
        values = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"{path.name} is not JSON: {error.msg} at {place}") from error
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path.name} is not JSON") from error
    if not isinstance(values, dict):
        raise FileError(
            f"{path.name} does not hold settings",
            'an object is needed, as in {"training": {"learning_rate": 0.1}}',
        )
    return values
