"""The small multiples: what each says, where they stand, how one is chosen and opened."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gui.panels.race_boundaries_panel import RaceBoundariesPanel
from gui.run_colours import run_colours
from gui.theme import DARK, LIGHT
from model.lab.outcome import Fate
from tests.gui.race_snapshots import race_of, with_run, with_run_refused
from tests.gui.run_snapshots import darkest, picture_of, shows


@pytest.fixture
def race():
    return race_of()


def shown(qtbot, race, size=(1010, 190)):
    panel = RaceBoundariesPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    panel.show_race(race)
    return panel


@pytest.fixture
def panel(qtbot, race):
    return shown(qtbot, race)


def of_runs(race, count):
    """As many runs as that, all like the first."""
    first = race.runs[0]
    runs = [
        replace(first, variant=replace(first.variant, number=number)) for number in range(count)
    ]
    return replace(race, generation=count + 10, runs=tuple(runs))


def test_each_run_has_its_label_scores_and_state(panel, race):
    labels = [thumbnail.accessibleName() for thumbnail in panel.thumbnails]
    assert labels == ["α = 0.001", "α = 0.01", "α = 0.1", "α = 1", "α = 1e+100"]
    run = race.runs[1]
    caption = panel.thumbnails[1].face.captions[0]
    assert caption == f"test {100 * run.test_accuracy:.1f}\u202f% · loss {run.train_loss:.3f}"
    assert panel.thumbnails[4].face.captions[0].startswith("diverged at epoch")
    assert panel.thumbnails[4].face.glyph is not None
    assert panel.thumbnails[4].face.failed
    assert "Double-click" in panel.thumbnails[1].toolTip()


def test_a_converged_run_says_when_and_is_no_failure(panel, race):
    panel.show_race(with_run(race, 0, fate=Fate.CONVERGED))
    face = panel.thumbnails[0].face
    assert face.captions[0].startswith("converged at epoch 40 · test")
    assert (face.failed, face.glyph is not None) == (False, True)


def test_colours_stand_on_their_sides_of_the_boundary(panel, race):
    """The pixel over a grid node has the colour of that node's side."""
    thumbnail, grid = panel.thumbnails[3], race.runs[3].grid
    picture = picture_of(thumbnail)
    inner = thumbnail.rect().adjusted(7, 7 + 22, -7, -7 - 18)
    for wanted, colour in ((0.01, LIGHT.negative_area), (0.99, LIGHT.positive_area)):
        distance = np.abs(grid.probability - wanted)
        distance[:2] = distance[-2:] = np.inf
        distance[:, :2] = distance[:, -2:] = np.inf
        row, column = np.unravel_index(np.argmin(distance), distance.shape)
        x = inner.left() + column / (len(grid.x) - 1) * inner.width()
        y = inner.bottom() - row / (len(grid.y) - 1) * inner.height()
        assert shows(picture, colour, QPointF(x, y), 1), (wanted, row, column)


def test_thumbnails_stand_in_one_row_and_do_not_overlap(panel):
    rects = [thumbnail.geometry() for thumbnail in panel.thumbnails]
    assert len({rect.top() for rect in rects}) == 1
    assert all(a.right() < b.right() and not a.intersects(b.adjusted(1, 0, 0, 0))
               for a, b in pairwise(rects))  # fmt: skip
    assert rects[-1].right() <= panel.width()


@pytest.mark.parametrize("count", [1, 2, 10, 12, 25, 32])
def test_every_thumbnail_has_room_for_its_label_and_can_be_scrolled_to(qtbot, race, count):
    panel = shown(qtbot, of_runs(race, count))
    assert len(panel.thumbnails) == count
    rects = [thumbnail.geometry() for thumbnail in panel.thumbnails]
    assert all(rect.width() >= 92 and rect.height() >= 112 for rect in rects)
    assert max(rect.right() for rect in rects) < panel.width()
    assert panel._page.height() >= max(rect.bottom() for rect in rects)
    overlaps = [(a, b) for i, a in enumerate(rects) for b in rects[i + 1 :] if a.intersects(b)]
    assert all(a.intersected(b).width() <= 1 or a.intersected(b).height() <= 1 for a, b in overlaps)


def test_a_click_chooses_a_second_lets_go(panel, qtbot):
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        QTest.mouseClick(panel.thumbnails[2], Qt.MouseButton.LeftButton)
    assert chosen.args == [2]
    panel.highlight(2)
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        QTest.mouseClick(panel.thumbnails[2], Qt.MouseButton.LeftButton)
    assert chosen.args == [None]


def test_the_highlighted_one_is_framed_and_the_others_stand_back(panel):
    before = picture_of(panel.thumbnails[2])
    panel.highlight(2)
    framed = picture_of(panel.thumbnails[2])
    middle = QPointF(panel.thumbnails[2].width() / 2, 1.5)
    assert not shows(before, LIGHT.accent, middle, 1)
    assert shows(framed, LIGHT.accent, middle, 1)
    assert [thumbnail.faded for thumbnail in panel.thumbnails] == [True, True, False, True, True]
    panel.highlight(None)
    assert not any(t.faded or t.framed for t in panel.thumbnails)


def test_keys_walk_choose_and_open(panel, qtbot):
    panel.thumbnails[0].setFocus()
    qtbot.waitUntil(panel.thumbnails[0].hasFocus)
    QTest.keyClick(panel.thumbnails[0], Qt.Key.Key_Right)
    qtbot.waitUntil(panel.thumbnails[1].hasFocus)
    QTest.keyClick(panel.thumbnails[1], Qt.Key.Key_Down)
    assert panel.thumbnails[1].hasFocus()
    with qtbot.waitSignal(panel.run_chosen) as chosen:
        QTest.keyClick(panel.thumbnails[1], Qt.Key.Key_Return)
    assert chosen.args == [1]
    shift = Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(panel.run_opened) as opened:
        QTest.keyClick(panel.thumbnails[1], Qt.Key.Key_Return, shift)
    assert opened.args == [1]


def test_a_double_click_opens(panel, qtbot):
    with qtbot.waitSignal(panel.run_opened) as opened:
        QTest.mouseDClick(panel.thumbnails[3], Qt.MouseButton.LeftButton)
    assert opened.args == [3]


def test_a_refused_run_says_why_in_place_of_a_picture(panel, race):
    panel.show_race(with_run_refused(race, 1, "activation names 3 layers"))
    face = panel.thumbnails[1].face
    assert (face.message, face.captions) == ("activation names 3 layers", ("refused",))


def test_more_features_than_two_are_said_in_place_of_a_picture(panel, race):
    data = race.runs[0].data
    wide = replace(data, X_train=np.zeros((4, 64)), y_train=np.zeros(4))
    panel.show_race(with_run(race, 0, grid=None, data=wide))
    assert (
        panel.thumbnails[0].face.message == "Drawn over two features; these data have 64 features."
    )


def test_theme_and_size_are_followed(panel, race):
    panel.apply_theme(DARK)
    colours = run_colours(race, DARK)
    assert [t.face.colour for t in panel.thumbnails] == list(colours)
    panel.resize(QSize(1400, 300))
    assert panel.thumbnails[0].height() == 300
    assert panel.thumbnails[0].pixmap().height() == 300


def test_nothing_at_all_says_what_to_do(qtbot):
    panel = RaceBoundariesPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(600, 200)
    picture = picture_of(panel)
    assert darkest(picture) < 200


def test_the_words_of_runs_that_stand_back_can_still_be_read(panel):
    panel.highlight(2)
    thumbnail = panel.thumbnails[0]
    foot = thumbnail.rect().adjusted(7, thumbnail.height() - 24, -7, -4)
    assert darkest(picture_of(thumbnail).copy(foot)) <= QColor(LIGHT.secondary).lightness() + 12


def test_where_one_label_has_no_room_all_are_short_alike(qtbot):
    race = race_of("training.tolerance", (0.0, 0.01, 0.001), epochs=2)
    panel = shown(qtbot, race, (300, 150))
    assert [thumbnail.title for thumbnail in panel.thumbnails] == ["0", "0.01", "0.001"]
    panel.resize(1010, 190)
    long = [f"stop when flat {value}" for value in ("0", "0.01", "0.001")]
    assert [thumbnail.title for thumbnail in panel.thumbnails] == long


def test_a_narrow_caption_says_when_a_run_ended(panel, race):
    panel.show_race(with_run(race, 0, fate=Fate.CONVERGED))
    assert panel.thumbnails[0].face.captions[1:] == ("converged at epoch 40", "epoch 40", "40")
