"""The head of a panel: follows its panel, and gives way in order where it is narrow."""

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QToolButton

from gui.panels.panel import LegendEntry, Mark, Panel
from gui.theme import DARK, LIGHT
from gui.widgets.legend import legend_width, paint_legend
from gui.widgets.panel_head import PanelHead


class Boundary(Panel):
    """A panel with everything that a head can show."""

    name, title = "boundary", "Decision boundary"

    def __init__(self):
        self._action = QToolButton(text="copy")
        super().__init__(LIGHT)
        self.set_subtitle("epoch 0 · test accuracy 51.0 %")

    def legend(self):
        return (
            LegendEntry(Mark.DISC, "negative", "0"),
            LegendEntry(Mark.SQUARE, "positive", "1"),
            LegendEntry(Mark.RING, "text", "wrong"),
        )

    def head_widgets(self):
        return (self._action,)


@pytest.fixture
def panel(qtbot):
    panel = Boundary()
    qtbot.addWidget(panel)
    return panel


@pytest.fixture
def head(panel, qtbot):
    head = PanelHead(panel, LIGHT)
    qtbot.addWidget(head)
    head.resize(640, 34)
    head.show()
    return head


def test_head_follows_its_panel(head, panel):
    panel.set_subtitle("epoch 412")
    assert head.subtitle.text == "epoch 412"
    assert head.subtitle.toolTip() == "epoch 412"


def test_head_shows_all_where_there_is_room(head, panel):
    assert head.legend.isVisible()
    assert head.subtitle.shown == panel.subtitle
    assert panel.head_widgets()[0].isVisible()


def test_head_leaves_out_whole_parts_of_the_subtitle_then_the_legend(head, panel):
    head.resize(480, 34)
    assert head.subtitle.shown == "epoch 0"
    assert head.subtitle.toolTip() == panel.subtitle
    head.resize(330, 34)
    assert not head.legend.isVisible()
    assert "ring: wrong" in head.toolTip()
    assert panel.head_widgets()[0].isVisible()
    menu_button = next(
        button
        for button in head.findChildren(QToolButton)
        if button.accessibleName().endswith("panel menu")
    )
    assert menu_button.geometry().right() < head.width()


def test_head_menu_floats_and_hides(head, qtbot):
    float_action, hide_action = head._menu.actions()
    with qtbot.waitSignal(head.float_requested):
        float_action.trigger()
    with qtbot.waitSignal(head.hide_requested):
        hide_action.trigger()
    head.set_floating(True)
    assert float_action.text() == "Put back"


def test_head_grows_with_the_scale(head):
    head.resize(1600, head.height())
    head.apply_theme(DARK.scaled(2.0))
    assert head.height() == 68
    assert head.legend.sizeHint().width() > 1.8 * legend_width(Boundary().legend(), LIGHT)


@pytest.mark.parametrize("mark", list(Mark))
def test_every_mark_is_drawn_in_its_colour_at_the_right(qapp, mark):
    image = QImage(200, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    entries = (LegendEntry(mark, "gradient", ""),)
    painter = QPainter(image)
    paint_legend(painter, image.rect().toRectF(), entries, LIGHT)
    painter.end()
    surface = QColor(LIGHT.surface)
    drawn = [(x, y) for x in range(200) for y in range(30) if image.pixelColor(x, y) != surface]
    assert drawn
    assert min(x for x, _ in drawn) >= 200 - legend_width(entries, LIGHT) - 2
    violet = [image.pixelColor(x, y) for x, y in drawn]
    assert all(colour.blue() > colour.green() for colour in violet)
