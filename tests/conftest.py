"""Every test runs without a screen, on one BLAS thread, in a home of its own.

Nothing here imports Qt: the tests of `model` pass where Qt is not installed.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
USER_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")

# Read once, when NumPy and Qt are imported, so a fixture would come too late.
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
if "BACKSCOPE_REAL_WINDOW" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

if find_spec("PySide6") is None:
    collect_ignore = ["gui"]


@pytest.fixture(autouse=True)
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that takes the place of the user's configuration; QSettings land in it."""
    folder = tmp_path / "home"
    for name in USER_FOLDERS:
        monkeypatch.setenv(name, str(folder / name.lower()))
    _redirect_qt_settings(folder / USER_FOLDERS[0].lower())
    return folder


def _redirect_qt_settings(folder: Path) -> None:
    """QSettings reads the environment only once, so Qt is told again for each test."""
    if "PySide6.QtCore" not in sys.modules:
        return
    from PySide6.QtCore import QSettings

    for file_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(file_format, QSettings.Scope.UserScope, str(folder))
