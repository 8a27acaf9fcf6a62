"""What is asked before Qt is loaded: whether a display answers."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.preconditions import missing_display

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere there is always a display"
)


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Path]:
    """A folder in which a Wayland display listens."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        yield tmp_path


def test_no_display_is_said() -> None:
    assert "no display" in missing_display({})
    assert "no display" in missing_display({"DISPLAY": "", "QT_QPA_PLATFORM": ""})


@pytest.mark.parametrize(
    "display", [":7777", ":7777.0", "unix:7777", "127.0.0.1:7777", "nonsense", ":x", "/nowhere/x:0"]
)
def test_display_that_does_not_answer_is_named(display: str) -> None:
    assert missing_display({"DISPLAY": display}) == f"the display {display} does not answer"


@pytest.mark.parametrize("prefix", ["\0", ""])
def test_local_display_answers_at_its_socket(prefix: str, tmp_path: Path) -> None:
    number = 40_000 + int.from_bytes(str(tmp_path).encode()) % 9973
    address = f"/tmp/.X11-unix/X{number}"
    if not prefix and not Path("/tmp/.X11-unix").is_dir():
        pytest.skip("no folder for the sockets of displays")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(prefix + address)
        try:
            server.listen()
            assert missing_display({"DISPLAY": f":{number}.0"}) == ""
        finally:
            Path(address).unlink(missing_ok=True)


def test_display_of_another_machine_answers_at_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        assert missing_display({"DISPLAY": f"127.0.0.1:{number}"}) == ""


def test_wayland_display_answers_at_its_socket(runtime: Path) -> None:
    there = {"XDG_RUNTIME_DIR": str(runtime)}
    assert missing_display(there | {"WAYLAND_DISPLAY": "wayland-7"}) == ""
    assert missing_display(there | {"WAYLAND_DISPLAY": str(runtime / "wayland-7")}) == ""
    assert "wayland-8" in missing_display(there | {"WAYLAND_DISPLAY": "wayland-8"})


def test_one_display_that_answers_is_enough(runtime: Path) -> None:
    wayland = {"XDG_RUNTIME_DIR": str(runtime), "WAYLAND_DISPLAY": "wayland-7"}
    assert missing_display(wayland | {"DISPLAY": ":7777"}) == ""
    assert missing_display(wayland | {"DISPLAY": ":7777", "QT_QPA_PLATFORM": "xcb"}) != ""


def test_platform_without_a_display_needs_none() -> None:
    assert missing_display({"QT_QPA_PLATFORM": "offscreen"}) == ""
    assert missing_display({"QT_QPA_PLATFORM": "offscreen:size=9x9", "DISPLAY": ":7777"}) == ""
