"""settings.json: the settings of a run, by the names they have everywhere."""

import json
from pathlib import Path
from typing import Final

from model.errors import SettingsError
from model.files.atomic import write_text
from model.files.json_object import read_object
from model.settings import S, Settings, checked

EXAMPLE: Final = '{"training": {"learning_rate": 0.1}}'


def write_settings(path: Path, settings: Settings) -> None:
    """Write all settings, defaults included; raises `FileError`."""
    write_text(path, json.dumps(settings.model_dump(mode="json"), indent=2) + "\n")


def read_settings(path: Path, kind: type[S]) -> S:
    """The settings in a file, with the defaults for those that it does not name.

    Raises `FileError` where there are none to be read and `SettingsError` for one that is not
    allowed.
    """
    try:
        return checked(kind, read_object(path, "settings", EXAMPLE))
    except SettingsError as error:
        raise SettingsError(f"{path.name}: {error.message}", error.hint, error.field) from error
