"""The set-up panel asks for valid settings, says what a change does, and follows the session."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.setup_panel import AT_ONCE, NEW_RUN, REFUSED, REST, SetupPanel
from gui.theme import DARK, LIGHT
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.fields.form_row import FormRow
from gui.widgets.fields.layer_rows import LayerRows
from gui.widgets.numerals import with_groups
from model.data.datasets import DATA_SETS
from model.errors import SettingsError
from model.settings_fields import describe, with_changes
from model.training.settings import RunSettings
from model.training.snapshots import Snapshot


@pytest.fixture
def panel(qtbot: QtBot) -> SetupPanel:
    panel = SetupPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(236, 1000)
    panel.show()
    qtbot.waitExposed(panel)
    panel.activateWindow()
    return panel


def _row(panel: SetupPanel, path: str) -> FormRow:
    row = panel.form.row_for(path)
    assert row is not None
    return row


def _layers(panel: SetupPanel) -> LayerRows:
    return panel.findChildren(LayerRows)[0]


def _type(qtbot: QtBot, field: QLineEdit, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, key)


def _choose(qtbot: QtBot, field: ChoiceField, name: str) -> None:
    """Open the list with Enter and walk to a choice."""
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    view = field.view()
    view.setCurrentIndex(field.model().index(field.findData(name), 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)


def _snapshot(settings: RunSettings) -> Snapshot:
    return cast(Snapshot, SimpleNamespace(settings=settings))


def test_setup_starts_with_the_labs_settings_and_hides_what_is_no_choice(
    panel: SetupPanel,
) -> None:
    assert panel.settings == RunSettings()
    assert panel.form.row_for("training.optimizer") is None
    assert _row(panel, "training.batch_size").field.placeholderText() == "full"


def test_setup_learning_rate_takes_effect_at_once(qtbot: QtBot, panel: SetupPanel) -> None:
    with qtbot.waitSignal(panel.settings_requested) as wish:
        _type(qtbot, _row(panel, "training.learning_rate").field, "0.08")
    assert wish.args[0] == with_changes(RunSettings(), {"training.learning_rate": 0.08})
    assert panel.note == AT_ONCE


@pytest.mark.parametrize(
    ("path", "text", "note"),
    [
        ("training.epochs", "2000", AT_ONCE),
        ("training.patience", "3", AT_ONCE),
        ("training.batch_size", "32", NEW_RUN),
        ("data.noise", "0.3", NEW_RUN),
        ("network.seed", "7", "Starts a new run from seed 7."),
    ],
)
def test_setup_says_what_a_change_does(
    qtbot: QtBot, panel: SetupPanel, path: str, text: str, note: str
) -> None:
    _type(qtbot, _row(panel, path).field, text)
    assert panel.note == note


def test_setup_refuses_where_it_is_entered(qtbot: QtBot, panel: SetupPanel) -> None:
    row = _row(panel, "training.learning_rate")
    with qtbot.assertNotEmitted(panel.settings_requested):
        _type(qtbot, row.field, "nan")
    assert row.complaint.text == "Learning rate: nan is not allowed; allowed is a number above 0"
    assert panel.note == REFUSED
    assert panel.settings == RunSettings()


def test_setup_names_settings_of_a_group_by_their_titles(qtbot: QtBot, panel: SetupPanel) -> None:
    _type(qtbot, _row(panel, "data.n_samples").field, "4")
    row = _row(panel, "data.test_share")
    _type(qtbot, row.field, "0.9")
    assert row.complaint.text.startswith("Test share 0.9 leaves none of 4 points")


def test_setup_has_a_word_for_a_tolerance_of_zero(qtbot: QtBot, panel: SetupPanel) -> None:
    field = _row(panel, "training.tolerance").field
    assert field.text() == "off"
    _type(qtbot, field, "0.001")
    assert panel.settings.training.tolerance == 0.001
    _type(qtbot, field, "Off")
    assert panel.settings.training.tolerance == 0
    assert field.text() == "off"


def test_setup_counts_one_sample_in_the_singular(qtbot: QtBot, panel: SetupPanel) -> None:
    field = _row(panel, "training.batch_size").field
    for text, unit in (("32", "samples"), ("1", "sample")):
        _type(qtbot, field, text)
        assert field._unit == unit


def test_setup_keeps_its_height_whatever_the_note_says(qtbot: QtBot, panel: SetupPanel) -> None:
    assert panel.note == REST
    height = panel._scroll.height()
    _type(qtbot, _row(panel, "data.noise").field, "0.3")
    assert panel.note == NEW_RUN
    QApplication.processEvents()
    assert panel._scroll.height() == height


@pytest.mark.parametrize("name", list(DATA_SETS))
def test_setup_shows_the_fields_of_the_chosen_data_set(
    qtbot: QtBot, panel: SetupPanel, name: str
) -> None:
    panel.form.section("rare").set_open(True)
    _type(qtbot, _row(panel, "data.n_samples").field, "300")
    _choose(qtbot, _row(panel, "data.name").field, name)
    assert panel.settings.data.name == name
    assert panel.settings.data.n_samples == 300
    for field in DATA_SETS[name].settings.model_fields:
        qtbot.waitUntil(_row(panel, f"data.{field}").isVisible)
    gone = {"factor", "turns", "distance", "corner"} - set(DATA_SETS[name].settings.model_fields)
    assert all(panel.form.row_for(f"data.{field}") is None for field in gone)


def test_setup_keeps_the_order_of_fields_from_set_to_set(qtbot: QtBot, panel: SetupPanel) -> None:
    for name in ("circles", "moons", "spirals", "blobs"):
        panel.show_settings(with_changes(panel.settings, {"data.name": name}))
        described = describe(panel.settings)
        paths = [f.path for f in described if f.group == "data" and not f.rare]
        rows = [_row(panel, path) for path in paths]
        qtbot.waitUntil(lambda rows=rows: all(row.isVisible() for row in rows))
        tops = [row.mapTo(panel.form, row.rect().topLeft()).y() for row in rows]
        assert tops == sorted(tops)
        assert max(b - a for a, b in pairwise(tops)) <= 30


def test_setup_adds_and_removes_layers(qtbot: QtBot, panel: SetupPanel) -> None:
    layers = _layers(panel)
    qtbot.mouseClick(layers.add_button, Qt.MouseButton.LeftButton)
    assert panel.settings.network.layers == (10, 5, 5)
    _type(qtbot, layers.rows[2].field.units, "3")
    assert panel.settings.network.layers == (10, 5, 3)
    qtbot.mouseClick(layers.rows[0].remove, Qt.MouseButton.LeftButton)
    assert panel.settings.network.layers == (5, 3)
    assert [row.field.units.text() for row in layers.rows] == ["5", "3"]


def test_setup_the_last_layer_stays_and_there_are_twenty_at_most(panel: SetupPanel) -> None:
    panel.show_settings(with_changes(RunSettings(), {"network.layers": (4,)}))
    assert not _layers(panel).rows[0].remove.isEnabled()
    panel.show_settings(with_changes(RunSettings(), {"network.layers": (4,) * 20}))
    assert not _layers(panel).add_button.isEnabled()


def test_setup_activations_are_one_name_while_they_are_equal(
    qtbot: QtBot, panel: SetupPanel
) -> None:
    rows = _layers(panel).rows
    _choose(qtbot, rows[0].field.activation, "tanh")
    assert panel.settings.network.activation == ("tanh", "relu")
    _choose(qtbot, rows[1].field.activation, "tanh")
    assert panel.settings.network.activation == "tanh"


def test_setup_refuses_a_layer_without_units(qtbot: QtBot, panel: SetupPanel) -> None:
    row = _layers(panel).rows[1]
    with qtbot.assertNotEmitted(panel.settings_requested):
        _type(qtbot, row.field.units, "0")
    assert "layer 2 has 0 units; allowed are 1 to 1" in row.complaint.text
    assert row.field.failed
    qtbot.keyClick(row.field.units, Qt.Key.Key_Escape)
    assert row.field.units.text() == "5"
    assert row.complaint.isHidden()


def test_setup_offers_the_loss_that_allows_an_output(qtbot: QtBot, panel: SetupPanel) -> None:
    row = _row(panel, "network.output_activation")
    with qtbot.assertNotEmitted(panel.settings_requested):
        _choose(qtbot, row.field, "tanh")
    assert row.complaint.text == (
        "Loss Binary cross-entropy needs Output activation Sigmoid, not Tanh"
    )
    button = _button(row, "Use Half squared error")
    with qtbot.waitSignal(panel.settings_requested) as wish:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wish.args[0].training.loss == "half_squared_error"
    assert wish.args[0].network.output_activation == "tanh"
    assert row.complaint.isHidden()


def test_setup_loads_the_labs_settings_over_everything(qtbot: QtBot, panel: SetupPanel) -> None:
    _type(qtbot, _row(panel, "data.noise").field, "0.4")
    bad = _row(panel, "training.epochs")
    _type(qtbot, bad.field, "0")
    with qtbot.waitSignal(panel.settings_requested) as wish:
        qtbot.mouseClick(_button(panel, "Load the lab’s settings"), Qt.MouseButton.LeftButton)
    assert wish.args[0] == RunSettings()
    assert bad.complaint.isHidden()
    assert not bad.field.failed


def test_setup_shows_settings_without_asking_for_them(qtbot: QtBot, panel: SetupPanel) -> None:
    other = with_changes(RunSettings(), {"data.name": "xor", "network.layers": (3, 3, 3)})
    with qtbot.assertNotEmitted(panel.settings_requested):
        panel.show_snapshot(_snapshot(other))
    assert panel.settings == other
    assert len(_layers(panel).rows) == 3


def test_setup_snapshots_older_than_an_entry_do_not_undo_it(
    qtbot: QtBot, panel: SetupPanel
) -> None:
    old = RunSettings()
    panel.show_snapshot(_snapshot(old))
    _type(qtbot, _row(panel, "data.noise").field, "0.4")
    panel.show_snapshot(_snapshot(old))
    assert panel.settings.data.noise == 0.4
    panel.show_snapshot(_snapshot(panel.settings))
    panel.show_snapshot(_snapshot(old))
    assert panel.settings == old


def test_setup_the_sessions_refusal_goes_to_its_field(qtbot: QtBot, panel: SetupPanel) -> None:
    _type(qtbot, _row(panel, "data.n_samples").field, "4000")
    error = SettingsError("data.n_samples: 4000 are too many", field="data.n_samples")
    panel.show_error(error)
    row = _row(panel, "data.n_samples")
    assert "too many" in row.complaint.text
    assert row.field.text() == with_groups("4000")
    assert panel.settings == RunSettings()
    qtbot.keyClick(row.field, Qt.Key.Key_Escape)
    assert row.field.text() == with_groups("1000")
    assert row.complaint.isHidden()


def test_setup_a_refusal_without_a_field_is_shown_below(panel: SetupPanel) -> None:
    panel.show_error(SettingsError("These points cannot be split", "Take more points."))
    texts = [w.text for w in panel.findChildren(QWidget) if type(w).__name__ == "Complaint"]
    assert "These points cannot be split Take more points." in texts


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [236, 354])
def test_setup_is_never_cut_off_at_the_side(panel: SetupPanel, scale: float, width: int) -> None:
    panel.apply_theme(DARK.scaled(scale))
    panel.setMinimumWidth(0)
    panel.resize(width, 500)
    panel.form.section("rare").set_open(True)
    for _ in range(4):
        QApplication.processEvents()
    fields = [row.field for row in panel.findChildren(FormRow)]
    assert len(fields) > 15
    for field in fields:
        right = field.mapTo(panel, field.rect().topRight()).x()
        assert right < panel.width()


def test_setup_keeps_what_is_seldom_changed_folded(qtbot: QtBot, panel: SetupPanel) -> None:
    rows = [_row(panel, path) for path in ("data.split_seed", "training.patience")]
    assert not any(row.isVisible() for row in rows)
    section = panel.form.section("rare")
    section.head.setFocus()
    qtbot.keyClick(section.head, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: all(row.isVisible() for row in rows))


def test_setup_tab_walks_from_the_top_to_the_bottom(qtbot: QtBot, panel: SetupPanel) -> None:
    _row(panel, "data.name").field.setFocus()
    names = []
    for _ in range(20):
        widget = QApplication.focusWidget()
        names.append(widget.accessibleName())
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert names[:8] == [
        *("Set", "Points", "Noise", "Seed", "Test share", "Scaling"),
        *("Network", "Remove layer 1"),
    ]
    assert names[8:15] == [
        *("Layer 1: units", "Layer 1: activation", "Remove layer 2", "Layer 2: units"),
        *("Layer 2: activation", "Add layer", "Output"),
    ]


def _button(parent: QWidget, text: str) -> Any:
    return next(w for w in parent.findChildren(QWidget) if w.accessibleName() == text)
