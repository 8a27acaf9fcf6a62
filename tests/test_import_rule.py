"""What import-linter cannot see of the import rule: `main.py`, and folders it would skip."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("gui", "model", "resources")
MAIN_MAY_IMPORT = {"gui", "model", "typer", "rich"}


def _imported(source: str) -> set[str]:
    """The top-level packages that `source` imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or ".").split(".")[0])
    return names


def test_main_imports_gui_and_model() -> None:
    imported = _imported((ROOT / "main.py").read_text(encoding="utf-8"))
    assert imported - sys.stdlib_module_names <= MAIN_MAY_IMPORT


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_code_is_a_package(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    assert folders
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
