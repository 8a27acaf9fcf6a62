from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from gui.figures import save_figure
from gui.panels import taylor_words as words
from gui.panels.taylor_panel import STEPS, TaylorPanel
from gui.theme import DARK, LIGHT
from model.analysis.taylor import TaylorView
from tests.gui.lab_views import parabola
from tests.gui.run_snapshots import differs_from_surface, lab_snapshot, picture_of, shows


@pytest.fixture
def panel(qtbot: QtBot) -> TaylorPanel:
    panel = TaylorPanel(LIGHT)
    qtbot.addWidget(panel)
    for widget in panel.head_widgets():
        qtbot.addWidget(widget)
    panel.resize(420, 320)
    panel.show()
    return panel


def at(panel: TaylorPanel, alpha: float, loss: float) -> QPointF:
    """A pixel of the plot in the panel's coordinates."""
    return QPointF(panel.plot.mapTo(panel, panel.plot.pixel(alpha, loss).toPoint()))


def shown_labels(panel: TaylorPanel) -> dict[str, str]:
    assert panel.picture.labels is not None
    return {text: role for text, role, _ in panel.picture.labels.boxes()}


def test_the_actual_loss_is_drawn_where_it_is(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(), "α = 0.1")
    image = picture_of(panel)
    assert shows(image, LIGHT.text, at(panel, 0.4, 2 * 0.6**2))
    assert shows(image, LIGHT.positive, at(panel, 0.1, 0.72))
    assert shows(image, LIGHT.accent, at(panel, 0.25, 1.8))
    assert not shows(image, LIGHT.text, at(panel, 0.4, 1.7))


def test_every_mark_has_its_label(panel: TaylorPanel) -> None:
    panel.resize(700, 460)
    panel.show_taylor(parabola(bound=0.6), "")
    assert shown_labels(panel) == {
        "now α = 0.1": "positive",
        "best 0.25": "accent",
        "rises from 0.5": "failure",
        "2/λ = 0.6": "gradient",
        "actual": "text",
        "with curvature": "gradient",
        "promised": "secondary",
    }


def test_the_numbers_of_the_step_are_written(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(), "α = 0.1")
    text = (
        panel.texts.numbers.text().replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    )
    assert text == (
        "J 2.0000 · ‖∇J‖² 16 · curvature along ∇J 4 · λ 4 · 2/λ 0.5"
        " · this step promises 1.6 · gives 1.28 (80 %)"
    )
    assert panel.subtitle == "α = 0.1 · epoch 10 · loss along −∇J from here"


def test_a_negative_largest_eigenvalue_is_told_from_the_highest() -> None:
    text = words.numbers_line(parabola(eigenvalue=-5.0)).replace("\N{WORD JOINER}", "")
    assert "largest\xa0|λ|\xa0−5" in text
    assert "highest\xa0λ\xa04" in text
    assert "2/λ\xa00.5" in text
    none = words.numbers_line(parabola(eigenvalue=-5.0, bound=np.inf))
    assert "as\xa0no\xa0λ\xa0>\xa00" in none


@pytest.mark.parametrize(
    ("view", "rule", "said"),
    [
        (parabola(0.001), "far", "far below the best step 0.25"),
        (parabola(0.1), "below", "below the best step 0.25"),
        (parabola(0.2), "near", "close to the best step 0.25"),
        (parabola(0.4), "beyond", "overshoots the best step 0.25"),
        (parabola(0.4, bound=0.3), "unstable", "above 2/λ = 0.3"),
        (parabola(0.6), "uphill", "from 2.0000 to 3.9200"),
        (parabola(1000.0, next_loss=np.inf), "overflow", "must stay below 0.5"),
        (parabola(0.1, squared_norm=0.0), "flat", "The gradient is 0"),
        (parabola(0.1, loss=np.nan), "broken", "not finite"),
        (parabola(0.1, best=np.inf, rising=np.inf), "falling", "still falls"),
        (parabola(0.1, best=0.0), "no gain", "as good as flat"),
    ],
)
def test_the_sentence_follows_the_numbers(view: TaylorView, rule: str, said: str) -> None:
    assert words.rule_of(view).name == rule
    assert said in words.sentence(view)


@pytest.mark.parametrize("eigenvalue", [np.nan, -5.0])
def test_an_eigenvalue_that_is_not_known_is_said(panel: TaylorPanel, eigenvalue: float) -> None:
    """Neither a number nor a rule is made of it, in picture, numbers and sentence."""
    view = parabola(0.4, eigenvalue=eigenvalue, bound=np.nan, residual=3.0)
    assert words.rule_of(view).name == "beyond"
    assert words.sentence(view).endswith("λ, and so 2/λ, is not known here.")
    assert "λ\xa0not\xa0known\xa0here" in words.numbers_line(view)
    assert "2/λ" not in words.numbers_line(view)
    assert ("largest\xa0|λ|\xa0−5" in words.numbers_line(view)) == (eigenvalue == -5.0)
    panel.show_taylor(view, "α = 0.4")
    assert words.UNKNOWN in panel.texts.sentence.text()
    assert not any("2/λ" in text for text in shown_labels(panel))
    curveless = replace(view, curvature=np.nan, quadratic=np.full(31, np.nan))
    panel.show_taylor(curveless, "α = 0.4")
    assert "with curvature" not in shown_labels(panel)
    assert "curvature" not in panel.texts.numbers.text()


def test_the_gain_is_told_as_part_of_what_is_possible() -> None:
    assert "it gains 64 % of what is possible" in words.sentence(parabola(0.1))
    assert "this one 0.8 % of what is possible" in words.sentence(parabola(0.001))


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("size", [(300, 220), (380, 260), (900, 500)])
@pytest.mark.parametrize("alpha", [1e-4, 0.25, 0.49, 5.0, 1e4])
@pytest.mark.parametrize("bound", [0.02, 0.5, 40.0, np.inf])
def test_labels_are_whole_and_apart(
    panel: TaylorPanel, scale: str, size: tuple[int, int], alpha: float, bound: float
) -> None:
    panel.set_scale(scale)
    panel.resize(*size)
    panel.show_taylor(parabola(alpha, bound=bound), "")
    assert panel.picture.labels is not None
    boxes = [box for _, _, box in panel.picture.labels.boxes()]
    assert all(panel.plot.rect_of_plot.contains(box) for box in boxes)
    assert not any(a.intersects(b) for a, b in combinations(boxes, 2))
    assert any(text.startswith("now α") for text in shown_labels(panel))


def test_a_rate_off_the_picture_says_its_loss_and_where(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(100.0), "")
    assert "now α = 100: J 3.184e+05 →" in shown_labels(panel)
    panel.show_taylor(parabola(100.0, next_loss=np.nan), "")
    assert "now α = 100: J NaN →" in shown_labels(panel)


def test_a_logarithmic_axis_counts_decades(panel: TaylorPanel) -> None:
    QTest.keyClick(panel.head_widgets()[1], Qt.Key.Key_Down)
    panel.show_taylor(parabola(0.001), "")
    assert panel.logarithmic
    line = panel.picture.line
    assert line is not None
    steps = np.diff([line.across(alpha) for alpha in (0.001, 0.01, 0.1)])
    assert steps[0] == pytest.approx(steps[1])
    assert steps[0] > 20


def test_pointing_reads_the_values_of_a_sample(panel: TaylorPanel, qtbot: QtBot) -> None:
    panel.show_taylor(parabola(), "")
    QTest.mouseMove(panel.plot.viewport(), panel.plot.pixel(0.451, 1.0).toPoint())
    qtbot.waitUntil(lambda: panel.picture.cursor is not None)
    assert panel.picture.cursor == pytest.approx(0.45)
    texts = [text for text, _ in panel.picture.read_out()]
    assert texts[0] == "α 0.45"
    loss = float(parabola().actual[18])
    assert texts[1] == f"actual {loss!s}"
    assert texts[3] == f"promised {2 - 0.45 * 16!s}".replace("-", "−")
    assert panel.plot.accessibleDescription() == "; ".join(texts)


def test_the_quadratic_prediction_is_drawn_and_read(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(curvature=3.0), "")
    line = panel.picture.line
    assert line is not None
    x, y = line.points()[1]
    assert y == pytest.approx(2 - 16 * x + 24 * x**2)
    panel.picture.point_at(0.25)
    assert panel.picture.read_out()[2] == ("with curvature −0.5", "gradient")


def test_the_keyboard_reads_and_chooses_a_rate(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(0.11), "")
    chosen = QSignalSpy(panel.rate_requested)
    for key, alpha in (
        (Qt.Key.Key_Right, 0.11),
        (Qt.Key.Key_Right, 0.125),
        (Qt.Key.Key_Left, 0.11),
        (Qt.Key.Key_Home, 0.0),
    ):
        QTest.keyClick(panel.plot, key)
        assert panel.picture.cursor == pytest.approx(alpha)
    QTest.keyClick(panel.plot, Qt.Key.Key_Return)
    assert chosen.count() == 0
    QTest.keyClick(panel.plot, Qt.Key.Key_Right)
    QTest.keyClick(panel.plot, Qt.Key.Key_Return)
    assert chosen.at(0) == [0.025]
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.picture.cursor is None


def test_only_a_double_click_chooses_a_rate(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(), "")
    chosen = QSignalSpy(panel.rate_requested)
    place = panel.plot.pixel(0.3, 1.0).toPoint()
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.count() == 0
    QTest.mouseDClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.count() == 1
    assert chosen.at(0)[0] == pytest.approx(0.3, abs=0.01)


def test_the_menu_offers_the_place_and_the_best(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(), "")
    chosen = QSignalSpy(panel.rate_requested)
    menu = panel.rate_menu(0.12345)
    assert [action.text() for action in menu.actions()] == [
        "Train with this step size, α = 0.123",
        "Train with the best step, α = 0.25",
    ]
    for action in menu.actions():
        action.trigger()
    assert [chosen.at(0), chosen.at(1)] == [[0.123], [0.25]]
    menu.deleteLater()
    panel.show_taylor(parabola(best=np.inf), "")
    endless = panel.rate_menu(0.1)
    assert len(endless.actions()) == 1
    endless.deleteLater()


def test_nothing_can_be_chosen_before_there_is_a_view(panel: TaylorPanel) -> None:
    chosen = QSignalSpy(panel.rate_requested)
    QTest.mouseDClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(panel.plot, key)
    assert chosen.count() == 0
    assert panel.picture.message == words.EMPTY
    assert differs_from_surface(picture_of(panel))


def test_a_snapshot_without_the_view_keeps_what_was_drawn(panel: TaylorPanel) -> None:
    snapshot = lab_snapshot(5)
    panel.show_snapshot(replace(snapshot, taylor=parabola()))
    panel.show_snapshot(snapshot)
    assert panel.view is not None
    panel.show_snapshot(replace(snapshot, generation=snapshot.generation + 1))
    assert panel.view is None
    assert panel.picture.message == words.EMPTY


def test_another_runs_view_stays_while_the_session_has_none(panel: TaylorPanel) -> None:
    panel.show_snapshot(replace(lab_snapshot(5), taylor=parabola()))
    panel.show_taylor(parabola(0.2), "α = 0.2")
    panel.show_snapshot(lab_snapshot(5))
    assert panel.view is not None
    assert panel.view.alpha == 0.2
    panel.show_taylor(None, "")
    assert panel.view is None


def test_a_broken_state_is_said_in_the_picture(panel: TaylorPanel) -> None:
    nothing = np.full(2, np.nan)
    broken = parabola(
        loss=np.nan, squared_norm=np.nan, alphas=np.array([0.0, 0.1]), actual=nothing, best=np.nan
    )
    panel.show_taylor(broken, "")
    panel.grab()
    assert panel.picture.line is None
    assert "not finite" in panel.picture.message


def test_steps_are_drawn_by_their_logarithm(panel: TaylorPanel) -> None:
    QTest.keyClick(panel.head_widgets()[0], Qt.Key.Key_Down)
    assert panel.per_step
    panel.show_taylor(parabola(), "")
    image = picture_of(panel)
    plot, view = panel.steps_plot, parabola()
    place = plot.pixel(5.0, float(np.log10(view.actual_steps[5])))
    assert shows(image, LIGHT.text, QPointF(plot.mapTo(panel, place.toPoint())))
    assert panel.texts.sentence.text() == (
        "The steps from epoch 0 on gave 80 % of the promise (median): curvature takes a part of it,"
        " as it does up to the best step on each line."
    )


@pytest.mark.parametrize(
    ("kept", "meaning"),
    [
        (0.95, "the straight line holds"),
        (0.5, "curvature takes a part"),
        (0.2, "α overshoots it"),
        (-0.5, "most steps went uphill"),
    ],
)
def test_what_a_kept_promise_means(kept: float, meaning: str) -> None:
    view = parabola()
    assert meaning in words.steps_sentence(replace(view, actual_steps=kept * view.promised_steps))


def test_a_step_is_read_and_a_rise_is_counted(panel: TaylorPanel) -> None:
    panel.choose_part(STEPS)
    risen = parabola().actual_steps.copy()
    risen[3] = -0.25
    panel.show_taylor(parabola(actual_steps=risen), "")
    panel.grab()
    assert panel.steps.risen().tolist() == [3.0]
    assert panel.steps.boxes()[0][0] == "▲ J rose in 1 of 10 steps here"
    for _ in range(7):
        QTest.keyClick(panel.steps_plot, Qt.Key.Key_Left)
    assert [text for text, _ in panel.steps.read_out()] == [
        "step 3 → 4",
        "actual −0.25",
        f"promised {parabola().promised_steps[3]!s}",
    ]


def test_steps_that_change_nothing_are_counted(panel: TaylorPanel) -> None:
    panel.choose_part(STEPS)
    panel.show_taylor(parabola(actual_steps=np.zeros(10), promised_steps=np.zeros(10)), "")
    panel.grab()
    assert panel.steps.note() == ("J stayed as it was in 10 of 10 steps here", "secondary")
    assert panel.texts.sentence.text() == ""


@pytest.mark.parametrize(("batch", "said"), [(None, "No step has been made"), (32, "mini-batches")])
def test_without_steps_it_says_why(panel: TaylorPanel, batch: int | None, said: str) -> None:
    empty = np.empty(0)
    view = parabola(steps=empty, promised_steps=empty, actual_steps=empty)
    snapshot = lab_snapshot(0)
    training = snapshot.settings.training.model_copy(update={"batch_size": batch})
    settings = snapshot.settings.model_copy(update={"training": training})
    panel.choose_part(STEPS)
    panel.show_snapshot(replace(snapshot, taylor=view, settings=settings))
    panel.grab()
    assert said in panel.steps.message
    assert panel.steps.count == 0


def test_many_steps_keep_their_extremes(panel: TaylorPanel) -> None:
    panel.choose_part(STEPS)
    count = 100_000
    actual = np.full(count, 1e-3)
    actual[4321], actual[54321] = 1.0, 1e-6
    panel.show_taylor(
        parabola(steps=np.arange(count), promised_steps=np.full(count, 1e-3), actual_steps=actual),
        "",
    )
    x, y = panel.steps._points(panel.steps._actual)
    assert len(x) < 10 * panel.steps_plot.width()
    assert (y.min(), y.max()) == (-6.0, 0.0)


def test_low_panels_keep_the_plot_and_say_the_rest_in_a_tooltip(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(), "")
    assert panel.texts.sentence.isVisible()
    assert panel.texts.numbers.isVisible()
    panel.resize(420, 140)
    assert not panel.texts.sentence.isVisible()
    assert "below the best step" in panel.toolTip()


def test_theme_and_scale_are_followed(panel: TaylorPanel) -> None:
    panel.show_taylor(parabola(), "")
    left = panel.plot.rect_of_plot.left()
    panel.apply_theme(DARK.scaled(1.5))
    assert picture_of(panel).pixelColor(2, 2) == QColor(DARK.surface)
    assert panel.plot.rect_of_plot.left() > left


@pytest.mark.parametrize("part", ["one step", STEPS])
def test_the_figure_has_plot_and_words(panel: TaylorPanel, tmp_path: Path, part: str) -> None:
    panel.choose_part(part)
    panel.show_taylor(parabola(), "α = 0.1")
    save_figure(panel, tmp_path / "rate.svg")
    text = (tmp_path / "rate.svg").read_text(encoding="utf-8")
    assert "promised" in text
    assert "actual" in text
    assert ("best 0.25" in text) == (part != STEPS)
    assert panel.theme is LIGHT
