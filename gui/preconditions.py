"""What a window needs before Qt is loaded: a PySide6 that works and a display that answers."""

import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Final

from model.errors import BackscopeError

DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""The variables that decide where Qt draws on Linux."""

_PATIENCE: Final = 1.0
"""Seconds in which a display has to answer."""

_Environment = Mapping[str, str]


def check_qt() -> None:
    """Refuse the pair that aborts: void calls of PySide6 6.12 drop references to None there."""
    if sys.version_info >= (3, 12):
        return
    try:
        installed = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        return
    if tuple(map(int, installed.split(".")[:2])) >= (6, 12):
        raise BackscopeError(
            f"PySide6 {installed} crashes on Python {sys.version_info[0]}.{sys.version_info[1]}",
            "install 'PySide6-Essentials>=6.10,<6.11', or use Python 3.12",
        )


def missing_display(environment: _Environment) -> str:
    """Why no window can be shown, as a clause; empty where one can.

    Only Linux is asked. Qt ends the whole process where it finds no display, so that it is too
    late to ask once its application is made.
    """
    if not sys.platform.startswith("linux"):
        return ""
    named = [environment[name] for name in DISPLAYS if environment.get(name)]
    if not named:
        return "there is no display for the window"
    wished = environment.get("QT_QPA_PLATFORM") or ";".join(_PLATFORMS)
    platforms = (name.partition(":")[0] for name in wished.split(";"))
    if any(_PLATFORMS.get(name, _needs_none)(environment) for name in platforms):
        return ""
    return f"the display {' or '.join(named)} does not answer"


def _x11(environment: _Environment) -> bool:
    return any(map(_answers, _x11_addresses(environment.get("DISPLAY", ""))))


def _x11_addresses(display: str) -> Iterator[str | tuple[str, int]]:
    """Where the server of "host:number.screen" listens; no host is this machine."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not (number.isascii() and number.isdecimal()):
        return
    if host.startswith("/"):
        yield from (display, host)
    elif host.rpartition("/")[2] in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        yield from (f"\0{path}", path)
    else:
        yield host.rpartition("/")[2].strip("[]"), 6000 + int(number)


def _wayland(environment: _Environment) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and _answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/"), name)))


def _needs_none(environment: _Environment) -> bool:
    return True


def _answers(address: str | tuple[str, int]) -> bool:
    """Whether somebody listens at the path of a socket, or at a host and its port."""
    try:
        if not isinstance(address, str):
            socket.create_connection(address, _PATIENCE).close()
            return True
        with closing(socket.socket(socket.AF_UNIX)) as local:
            local.settimeout(_PATIENCE)
            local.connect(address)
            return True
    except (OSError, ValueError, OverflowError):
        return False


_PLATFORMS: Final[dict[str, Callable[[_Environment], bool]]] = {
    "xcb": _x11,
    "wayland": _wayland,
    "wayland-egl": _wayland,
}
"""Those of Qt's platforms that need a display; the others draw without one."""
