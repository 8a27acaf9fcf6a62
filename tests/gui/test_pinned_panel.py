from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.panels.pinned_panel import EMPTY, PinnedPanel
from gui.theme import DARK, LIGHT
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from tests.gui.debug_snapshots import stopped_at, tensor_of, with_tensor

DW, DZ = TensorName("dW", 2), TensorName("dZ", 2)


@pytest.fixture
def panel(qtbot: QtBot) -> PinnedPanel:
    panel = PinnedPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(452, 420)
    panel.show()
    return panel


def test_without_pins_it_says_what_to_do(panel: PinnedPanel) -> None:
    assert panel._message.isVisible()
    assert "pin" in EMPTY
    panel.show_snapshot(stopped_at("dW", 2))
    assert panel.pins() == ()


def test_pins_follow_the_snapshots(panel: PinnedPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.tensors_wanted) as wanted:
        panel.set_pins([DW, DZ, DW])
    assert wanted.args == [(DW, DZ)]
    assert panel.pins() == (DW, DZ)
    snapshot = stopped_at("dW", 2)
    panel.show_snapshot(snapshot)
    card = panel._cards[DW]
    assert card.subtitle.text == "5 × 10 · before the update, step 412 → 413"
    assert card.table.tensor.array is tensor_of(snapshot, "dW", 2).array
    other = with_tensor(snapshot, replace(tensor_of(snapshot, "dW", 2), array=np.ones((5, 10))))
    panel.show_snapshot(other)
    assert "min +1 · max +1" in card.facts.text


def test_a_pin_is_added_once_and_taken_away_by_its_own_button(
    panel: PinnedPanel, qtbot: QtBot
) -> None:
    panel.show_snapshot(stopped_at("dW", 2))
    for name in (DW, DZ, DW):
        panel.pin(name)
    assert panel.pins() == (DW, DZ)
    with qtbot.waitSignal(panel.tensors_wanted) as wanted:
        QTest.mouseClick(panel._cards[DW].close_button, Qt.MouseButton.LeftButton)
    assert wanted.args == [(DZ,)]
    panel.unpin(DZ)
    assert panel._message.isVisible()


def test_a_selected_cell_is_told_with_its_tensor(panel: PinnedPanel, qtbot: QtBot) -> None:
    panel.set_pins([DW, DZ])
    panel.show_snapshot(stopped_at("dW", 2))
    with qtbot.waitSignal(panel.element_chosen) as chosen:
        panel._cards[DZ].table.select_element(4, 1)
    assert chosen.args == [Element(DZ, 4, 1)]


def test_what_is_not_computed_or_not_finite_is_said(panel: PinnedPanel) -> None:
    panel.set_pins([DZ, TensorName("db", 1)])
    snapshot = stopped_at("dZ", 2, iteration=0)
    array = np.array([[np.nan, 1.0], [np.inf, 2.0]])
    panel.show_snapshot(with_tensor(snapshot, replace(tensor_of(snapshot, "dZ", 2), array=array)))
    assert panel._cards[DZ].facts.text.startswith(
        "2 not finite: 1 NaN, 1 ∞ · first at dZ[2] (1, 1)"
    )
    assert "has not been computed yet" in panel._cards[TensorName("db", 1)].message.text()


@pytest.mark.parametrize("size", [(452, 420), (900, 240), (180, 100)])
@pytest.mark.parametrize("theme", [LIGHT, DARK.scaled(1.75)])
def test_cards_do_not_overlap_at_any_size(panel: PinnedPanel, size: tuple[int, int], theme) -> None:
    panel.set_pins([DW, DZ, TensorName("J")])
    panel.apply_theme(theme)
    panel.resize(*size)
    panel.show_snapshot(stopped_at("dW", 2))
    panel.grab()
    boxes = [card.geometry() for card in panel._cards.values()]
    assert all(box.isValid() for box in boxes)
    pairs = [(a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :]]
    assert not any(a.intersects(b) for a, b in pairs)


def test_cards_stand_side_by_side_where_there_is_width(panel: PinnedPanel) -> None:
    panel.show_snapshot(stopped_at("dW", 2))
    names = [TensorName("dW", 2), TensorName("dZ", 2), TensorName("A", 1)]
    panel.set_pins(names)
    for width, columns in ((760, 3), (448, 2), (300, 1)):
        panel.resize(width, 260)
        QApplication.processEvents()
        lefts = {card.x() for card in panel._cards.values()}
        assert len(lefts) == columns
        assert all(card.width() > 150 for card in panel._cards.values())
