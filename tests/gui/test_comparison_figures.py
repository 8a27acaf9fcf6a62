import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from gui.comparison_figures import save_comparison_figures
from gui.theme import LIGHT
from model.errors import FileError
from tests.gui.sweep_results import RATES, TABLE, part_of, swept

ROOT = Path(__file__).parents[2]


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_figures_are_those_that_say_something(qtbot: QtBot, tmp_path: Path) -> None:
    rates = save_comparison_figures(swept(RATES), tmp_path)
    assert names(rates) == ["bands.png", "bands.svg", "rates.png", "rates.svg"]
    table = save_comparison_figures(swept(*TABLE), tmp_path)
    assert names(table) == ["bands.png", "bands.svg", "heat.png", "heat.svg"]
    both = swept("learning_rate=0.1,1", "activation=relu,tanh", seeds=2)
    assert len(save_comparison_figures(both, tmp_path)) == 6
    seeds = swept("network.seed=1,2", seeds=None)
    assert names(save_comparison_figures(seeds, tmp_path, ["png"])) == ["bands.png"]
    assert save_comparison_figures(part_of(swept(*TABLE), 0), tmp_path, ["png"]) != []


def test_pictures_are_light_sharp_and_not_empty(qtbot: QtBot, tmp_path: Path) -> None:
    both = swept("learning_rate=0.1,1", "activation=relu,tanh", seeds=2)
    for path in save_comparison_figures(both, tmp_path, ["png"]):
        image = QImage(str(path))
        assert (image.width(), image.height()) == (1920, 1440)
        assert image.pixelColor(2, 2) == QColor(LIGHT.surface)
        colours = {
            image.pixelColor(x, y).name() for x in range(0, 1920, 8) for y in range(0, 1440, 8)
        }
        assert len(colours) > 10


def test_drawings_name_axes_title_and_seeds(qtbot: QtBot, tmp_path: Path) -> None:
    both = swept("learning_rate=0.1,1", "activation=relu,tanh", seeds=2)
    save_comparison_figures(both, tmp_path, ["svg"])
    wanted = {
        "bands": ("Loss bands", "Epoch", "Loss J", "2 seeds"),
        "rates": ("Learning rates", "Learning rate ", "Final loss J", "2 seeds", "stable"),
        "heat": ("Heat table", "Learning rate", "Activation", "2 seeds", "median final loss J"),
    }
    for name, words in wanted.items():
        path = tmp_path / f"{name}.svg"
        assert QSvgRenderer(str(path)).isValid()
        text = path.read_text(encoding="utf-8")
        assert all(word in text for word in words), name


def test_a_folder_that_cannot_be_written_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(FileError):
        save_comparison_figures(swept(RATES), tmp_path / "nowhere")


def test_no_display_is_needed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.gui.sweep_results import swept\n"
        "from gui.comparison_figures import save_comparison_figures\n"
        "save_comparison_figures(swept('learning_rate=0.1,1', seeds=2), Path(sys.argv[1]))"
    )
    unset = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {key: value for key, value in os.environ.items() if key not in unset}
    environment["PYTHONPATH"] = str(ROOT)
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, env=environment, cwd=ROOT
    )
    assert sorted(path.name for path in tmp_path.glob("*.*")) == [
        "bands.png",
        "bands.svg",
        "rates.png",
        "rates.svg",
    ]
