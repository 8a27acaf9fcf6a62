"""Where the windows of the measurements open: an X server of their own, else no screen at all."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1280x800x24"


@contextmanager
def display() -> Iterator[tuple[str, dict[str, str]]]:
    """The display in words, and the environment of a process that draws there.

    Its settings and layout are read from and written to a folder that goes away.
    """
    with tempfile.TemporaryDirectory() as home:
        folders = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), home)
        environment = {**os.environ, **folders}
        if shutil.which("Xvfb") is None:
            yield "Qt's offscreen platform", {**environment, "QT_QPA_PLATFORM": "offscreen"}
            return
        with _server() as name:
            yield f"Xvfb {SIZE}", {**environment, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}


@contextmanager
def _server() -> Iterator[str]:
    """The name of a display that nobody else uses; the server itself finds a free number."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, pass_fds=[write], stdout=quiet, stderr=quiet)
    os.close(write)
    try:
        with os.fdopen(read, encoding="ascii") as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
