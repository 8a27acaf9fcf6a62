"""How far the run is, also beyond the end that was asked for."""

from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.widgets.epoch_label import EpochLabel


def test_beyond_its_end_a_run_is_not_compared_with_it(qtbot: QtBot) -> None:
    label = EpochLabel(LIGHT)
    qtbot.addWidget(label)
    label.set_progress(1000, 1000)
    assert label.value == "1\u202f000 / 1\u202f000"
    assert label.accessibleName() == "Epoch 1000 of 1000"
    width = label.sizeHint().width()
    label.set_progress(1001, 1000)
    assert label.value == "1\u202f001"
    assert label.accessibleName() == "Epoch 1001, 1 beyond the 1000 asked for"
    assert "1 beyond the 1000 asked for" in label.toolTip()
    assert label.sizeHint().width() == width
