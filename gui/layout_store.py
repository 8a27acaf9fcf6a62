"""The window's arrangement on disk, as JSON.

Not QSettings: reading an .ini file through it executes a pickle that somebody put there, even
where a `type` is named.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSaveFile, QStandardPaths

from gui.actions import FIRST_SPEED, SPEEDS
from gui.theme import CHOICES, SCALES
from model.errors import FileError

_LARGEST: Final = 1_000_000
"""Bytes; a real file has a few thousand."""


@dataclass(frozen=True)
class Layout:
    """What comes back at the next start: place and size, docks, theme, scale and speed."""

    geometry: bytes = b""
    docks: bytes = b""
    debug_docks: bytes = b""
    compare_docks: bytes = b""
    theme: str = "system"
    scale: float = 1.0
    speed: str = FIRST_SPEED


def layout_path() -> Path:
    """Where this user's arrangement is kept."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder) / "backscope" / "window.json"


def write_layout(path: Path, layout: Layout) -> None:
    """Write whole or not at all; raises FileError where that cannot be done."""
    text = json.dumps(asdict(layout), default=_encoded, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"The window's layout could not be saved: {error}.") from error
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise FileError(f"The window's layout could not be saved: {file.errorString()}.")
    file.write(text.encode())
    if not file.commit():
        raise FileError(f"The window's layout could not be saved: {file.errorString()}.")


def read_layout(path: Path) -> Layout:
    """What was saved; whatever is missing or is not what it should be is taken as never saved."""
    try:
        if path.stat().st_size > _LARGEST:
            return Layout()
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Layout()
    if not isinstance(content, dict):
        return Layout()
    return Layout(
        geometry=_decoded(content.get("geometry")),
        docks=_decoded(content.get("docks")),
        debug_docks=_decoded(content.get("debug_docks")),
        compare_docks=_decoded(content.get("compare_docks")),
        theme=_one_of(content.get("theme"), CHOICES, "system"),
        scale=_one_of(content.get("scale"), SCALES, 1.0),
        speed=_one_of(content.get("speed"), SPEEDS, FIRST_SPEED),
    )


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decoded(value: Any) -> bytes:
    if not isinstance(value, str):
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _one_of(value: Any, allowed: Any, otherwise: Any) -> Any:
    return value if isinstance(value, (str, float, int)) and value in allowed else otherwise
