"""The program as a user starts it: a process of its own with a window on an X server."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from model.files.weights import read_weights
from model.training.session import Session

ROOT = Path(__file__).parents[2]
PATIENCE = 30_000
GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
picture = app.primaryScreen().grabWindow(0)
sys.exit(not picture.save(sys.argv[1]))
"""

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")),
        reason="needs Xvfb and xdotool",
    ),
]


@pytest.fixture
def display() -> Iterator[str]:
    """An X server with one screen of 1280 × 800."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        yield f":{number}"
        server.terminate()


class Desktop:
    """The program on a display, with the hands of a user."""

    def __init__(self, display: str, home: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(home),
        }
        self.program = subprocess.Popen(
            [sys.executable, "main.py"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def xdotool(self, *words: str) -> str:
        """One command of xdotool and its answer, empty where it found nothing."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        self.qtbot.waitUntil(holds, timeout=PATIENCE)

    def find(self, name: str) -> str:
        """The number of the window of that name, as soon as it is there; it gets the keys."""
        found: list[str] = []

        def there() -> bool:
            found[:] = self.xdotool("search", "--onlyvisible", "--name", name).split()
            return bool(found)

        self.until(there)
        self.xdotool("windowfocus", "--sync", found[-1])
        return found[-1]

    def picture(self, path: Path) -> "np.ndarray":
        """The screen as (rows, columns, 3) red, green, blue."""
        from PySide6.QtGui import QImage

        subprocess.run(
            [sys.executable, "-c", GRAB, str(path)], env=self.environment, check=True, timeout=60
        )
        image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
        rows = np.array(image.constBits()).reshape(image.height(), -1)
        return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


@pytest.fixture
def desktop(display: str, tmp_path: Path, qtbot: QtBot) -> Iterator[Desktop]:
    """The program, started."""
    desktop = Desktop(display, tmp_path / "config", qtbot)
    yield desktop
    if desktop.program.poll() is None:
        desktop.program.kill()
    desktop.program.communicate()


def share_of(colour: str, picture: "np.ndarray") -> float:
    """Share of the pixels that have exactly this colour."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return float((picture == wanted).all(axis=-1).mean())


def test_a_lab_from_start_to_saved_weights(desktop: Desktop, tmp_path: Path) -> None:
    window = desktop.find("^Backscope$")
    desktop.until(lambda: share_of(LIGHT.positive, desktop.picture(tmp_path / "a.png")) > 0.001)
    for _ in range(5):
        desktop.xdotool("key", "--window", window, "F10")
    desktop.xdotool("key", "ctrl+shift+s")
    desktop.find("Save weights")
    saved = tmp_path / "after.npz"
    desktop.xdotool("type", str(saved))
    desktop.xdotool("key", "Return")
    desktop.until(saved.exists)
    session = Session()
    session.run(epochs=5)
    for mine, theirs in zip(session.network.W, read_weights(saved).network.W, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    desktop.find("^Backscope$")
    desktop.xdotool("key", "space")
    running = desktop.picture(tmp_path / "b.png")
    for colour in (LIGHT.accent, LIGHT.positive, LIGHT.negative, LIGHT.window):
        assert share_of(colour, running) > 0.0005, colour
    desktop.xdotool("key", "ctrl+q")
    desktop.until(lambda: desktop.program.poll() is not None)
    output, errors = desktop.program.communicate()
    assert (desktop.program.returncode, output, errors) == (0, "", "")
    assert (tmp_path / "config" / "backscope" / "settings.json").exists()
