import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gui.figures import SIZE, save_figure, save_run_figures
from gui.panels.boundary_panel import BoundaryPanel
from gui.panels.inspector_panel import InspectorPanel
from gui.panels.loss_panel import LossPanel
from gui.panels.panel import Panel
from gui.panels.roc_panel import RocPanel
from gui.theme import DARK, LIGHT
from gui.widgets.numerals import subscript
from model.errors import FileError
from tests.gui.run_snapshots import lab_snapshot

PANELS = (LossPanel, BoundaryPanel, RocPanel)


@pytest.fixture
def loss(qtbot: QtBot) -> LossPanel:
    panel = LossPanel(DARK.scaled(1.5))
    qtbot.addWidget(panel)
    panel.resize(320, 260)
    panel.show_snapshot(lab_snapshot())
    return panel


def texts(path: Path) -> list[str]:
    """The words of an SVG, which must be text and not outlines."""
    root = ElementTree.parse(path).getroot()
    return [(node.text or "").strip() for node in root.iter("{http://www.w3.org/2000/svg}text")]


def test_a_png_has_twice_the_pixels_and_the_light_surface(loss: LossPanel, tmp_path: Path) -> None:
    save_figure(loss, tmp_path / "loss.png")
    image = QImage(str(tmp_path / "loss.png"))
    assert (image.width(), image.height()) == (2 * SIZE[0], 2 * SIZE[1])
    assert image.pixelColor(3, 3) == QColor(LIGHT.surface)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1920, 3) for y in range(0, 1440, 3)}
    assert {LIGHT.text.lower(), LIGHT.accent.lower()} <= colours


def test_size_and_theme_can_be_chosen(loss: LossPanel, tmp_path: Path) -> None:
    save_figure(loss, tmp_path / "loss.png", (400, 300), DARK)
    image = QImage(str(tmp_path / "loss.png"))
    assert (image.width(), image.height()) == (800, 600)
    assert image.pixelColor(3, 3) == QColor(DARK.surface)


def test_an_svg_is_one_picture_with_real_text(qtbot: QtBot, tmp_path: Path) -> None:
    snapshot = lab_snapshot()
    expected = {
        LossPanel: {"Loss", "Epoch", "Loss J", "epoch 30 · binary cross-entropy"},
        BoundaryPanel: {"Decision boundary", "Feature 1 (standardised)", "wrong"},
        RocPanel: {
            "ROC",
            "False positive rate",
            "True positive rate",
            f"test AUC {snapshot.test.auc:.3f}",
            "predicted",
            "actual",
        },
    }
    for kind, words in expected.items():
        panel = kind(LIGHT)
        qtbot.addWidget(panel)
        panel.show_snapshot(snapshot)
        path = tmp_path / f"{panel.name}.svg"
        save_figure(panel, path)
        assert words <= set(texts(path))
        box = ElementTree.parse(path).getroot().get("viewBox")
        assert box == f"0 0 {SIZE[0]} {SIZE[1]}"


def test_a_pdf_has_the_pictures_proportions(loss: LossPanel, tmp_path: Path) -> None:
    path = tmp_path / "loss.pdf"
    save_figure(loss, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    box = content.split(b"/MediaBox [")[1].split(b"]")[0].split()
    left, bottom, right, top = map(float, box)
    assert (right - left) / (top - bottom) == pytest.approx(SIZE[0] / SIZE[1], rel=1e-3)


@pytest.mark.parametrize("kind", PANELS)
@pytest.mark.parametrize("shown", [False, True])
def test_the_panel_stays_as_it_was(
    qtbot: QtBot, tmp_path: Path, kind: type[Panel], shown: bool
) -> None:
    panel = kind(DARK)
    qtbot.addWidget(panel)
    panel.resize(320, 300)
    panel.show_snapshot(lab_snapshot())
    if shown:
        panel.show()
    before = panel.grab().toImage()
    save_figure(panel, tmp_path / "figure.png")
    assert panel.theme == DARK
    assert panel.grab().toImage() == before


@pytest.mark.parametrize("kind", PANELS)
def test_a_panel_that_has_shown_nothing_can_be_saved(
    qtbot: QtBot, tmp_path: Path, kind: type[Panel]
) -> None:
    panel = kind(LIGHT)
    qtbot.addWidget(panel)
    for suffix in ("png", "svg", "pdf"):
        save_figure(panel, tmp_path / f"figure.{suffix}")
        assert (tmp_path / f"figure.{suffix}").stat().st_size > 0


def test_an_unknown_suffix_names_the_known_ones(loss: LossPanel, tmp_path: Path) -> None:
    with pytest.raises(FileError) as refusal:
        save_figure(loss, tmp_path / "loss.gif")
    assert ".png, .svg, .pdf" in refusal.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_missing_folder_is_told(loss: LossPanel, tmp_path: Path, suffix: str) -> None:
    with pytest.raises(FileError, match=f"loss.{suffix}"):
        save_figure(loss, tmp_path / "missing" / f"loss.{suffix}")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    loss: LossPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"loss.{suffix}"
    path.write_bytes(b"old")

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="no space left"):
        save_figure(loss, path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    assert loss.theme == DARK.scaled(1.5)


def test_a_folder_without_permission_is_told(loss: LossPanel, tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises(FileError):
            save_figure(loss, tmp_path / "loss.png")
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_run_gives_three_pictures_in_each_format(qtbot: QtBot, tmp_path: Path) -> None:
    written = save_run_figures(lab_snapshot(), tmp_path)
    names = {
        f"{name}.{suffix}" for name in ("loss", "boundary", "roc") for suffix in ("png", "svg")
    }
    assert {path.name for path in written} == names
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_run_without_a_test_set_has_its_pictures_too(qtbot: QtBot, tmp_path: Path) -> None:
    save_run_figures(lab_snapshot(3, test_share=0.0), tmp_path, ("svg",))
    assert "AUC not defined: there is no test set" in " ".join(texts(tmp_path / "roc.svg"))


def test_figures_need_neither_a_window_nor_a_screen(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from gui.figures import save_run_figures\n"
        "from tests.gui.run_snapshots import lab_snapshot\n"
        "print(len(save_run_figures(lab_snapshot(3), Path(sys.argv[1]), ('png',))))"
    )
    without = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {k: v for k, v in os.environ.items() if k not in without}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "3"), done.stderr
    assert (tmp_path / "roc.png").exists()


def test_the_inspector_is_drawn_as_a_table(qtbot: QtBot, tmp_path: Path) -> None:
    panel = InspectorPanel(DARK)
    qtbot.addWidget(panel)
    panel.resize(200, 150)
    panel.show_snapshot(lab_snapshot())
    panel.show_tensor("dW", 2)
    save_figure(panel, tmp_path / "inspector.svg")
    words = texts(tmp_path / "inspector.svg")
    dW = lab_snapshot().layers[1].dW
    assert dW is not None
    assert {"dW[2] · 5 × 10 · step 29 → 30", "unit 5", "from 10"} <= set(words)
    assert f"{dW[4, 9]:+.4f}".replace("-", "−") in words
    assert any(text.startswith("epoch 30   5 × 10   min") for text in words)


def test_what_the_inspectors_figure_leaves_out_is_counted(qtbot: QtBot, tmp_path: Path) -> None:
    snapshot = lab_snapshot()
    layer = replace(snapshot.layers[0], W=np.ones((90, 80)), b=np.zeros((90, 1)))
    panel = InspectorPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.show_snapshot(replace(snapshot, layers=(layer, *snapshot.layers[1:])))
    save_figure(panel, tmp_path / "inspector.svg")
    words = texts(tmp_path / "inspector.svg")
    rows, columns = (
        next(int(w.split()[1]) for w in words if w.startswith("…") and w.endswith(end))
        for end in ("more units", "more")
    )
    assert f"unit {90 - rows}" in words
    assert f"unit {91 - rows}" not in words
    assert f"from x{subscript(80 - columns)}" in words
    assert f"from x{subscript(81 - columns)}" not in words


def test_a_panel_hidden_from_the_start_is_drawn_whole(qtbot: QtBot, tmp_path: Path) -> None:
    for kind, word in ((BoundaryPanel, "train"), (RocPanel, "predicted")):
        panel = kind(LIGHT)
        qtbot.addWidget(panel)
        panel.show_snapshot(lab_snapshot())
        save_figure(panel, tmp_path / "hidden.svg")
        assert word in texts(tmp_path / "hidden.svg")
        save_figure(panel, tmp_path / "hidden.png")
        shown = kind(LIGHT)
        qtbot.addWidget(shown)
        shown.resize(500, 400)
        shown.show()
        shown.show_snapshot(lab_snapshot())
        save_figure(shown, tmp_path / "shown.png")
        images = [QImage(str(tmp_path / f"{name}.png")) for name in ("hidden", "shown")]
        assert images[0] == images[1]
