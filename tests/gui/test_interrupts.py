"""Ctrl-C in the terminal closes the window and keeps what is kept at any other end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).parents[2]
PATIENCE = 30_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_and_settings_are_kept(
    qtbot: QtBot, tmp_path: Path, number: signal.Signals
) -> None:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    code = "from gui.app import run; import sys; sys.exit(run())"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment) as program:
        try:
            qtbot.waitUntil(lambda: _listens(program.pid), timeout=PATIENCE)
            program.send_signal(number)
            qtbot.waitUntil(lambda: program.poll() is not None, timeout=PATIENCE)
        finally:
            program.kill()
    assert program.returncode == 0
    assert (tmp_path / "backscope" / "settings.json").exists()


def _listens(pid: int) -> bool:
    """Whether the process has a handler of its own for SIGTERM, the last one that is set."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
