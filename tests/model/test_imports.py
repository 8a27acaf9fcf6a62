"""What importing `model` costs and needs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FORBIDDEN_IN_A_LIGHT_IMPORT = ("PySide6", "shiboken6", "pyqtgraph", "sklearn", "scipy", "joblib")

REFUSE_QT = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ImportError(f"{name} is not installed here")

sys.meta_path.insert(0, Refuse())
"""


def _python(code: str) -> str:
    """What a fresh interpreter prints when it runs `code` in the top folder."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("package", FORBIDDEN_IN_A_LIGHT_IMPORT)
def test_import_model_does_not_load(package: str) -> None:
    assert _python(f"import sys, model; print({package!r} in sys.modules)").strip() == "False"


def test_import_model_is_fast() -> None:
    """Beside NumPy and pydantic, which it needs, importing it takes less than half a second."""
    code = (
        "import time, numpy, pydantic; start = time.perf_counter(); import model;"
        "print(time.perf_counter() - start)"
    )
    assert min(float(_python(code)) for _ in range(3)) < 0.5


def test_public_face_imports_where_qt_is_not_installed() -> None:
    code = REFUSE_QT + "from model import Network, RunSettings, Session, train; print('here')"
    assert _python(code).strip() == "here"


def test_train_runs_where_qt_is_not_installed() -> None:
    code = REFUSE_QT + (
        "from model import RunSettings, train\n"
        "settings = RunSettings.model_validate({'training': {'epochs': 3}})\n"
        "print(len(train(settings).history.loss))"
    )
    assert int(_python(code)) >= 3
