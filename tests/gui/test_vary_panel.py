"""What varies: proposals, entries, what is wrong with them, the race that is asked for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.panels.vary_panel import VaryPanel
from gui.panels.vary_proposals import proposal
from gui.race_words import fields
from gui.theme import DARK, LIGHT
from model.errors import SettingsError
from model.lab.variants import Axis, axis_of
from model.nn.activations import ACTIVATIONS
from model.settings_fields import with_changes
from model.training.settings import RunSettings
from model.training.snapshots import State
from tests.gui.race_snapshots import race_of


@pytest.fixture
def panel(qtbot):
    panel = VaryPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(236, 600)
    panel.show()
    return panel


def enter(row, text):
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, text)
    QTest.keyClick(row.field, Qt.Key.Key_Return)


def choose(row, path):
    """Walk through the list with the keys until the setting is chosen."""
    field = row.field
    field.setFocus()
    target = field.findData(path)
    key = Qt.Key.Key_Down if target > field.currentIndex() else Qt.Key.Key_Up
    while field.currentData() != path:
        before = field.currentIndex()
        QTest.keyClick(field, key)
        assert field.currentIndex() != before


def test_the_first_proposal_is_the_learning_rate(panel, qtbot):
    with qtbot.waitSignal(panel.race_requested) as asked:
        panel.ask()
    assert asked.args == [(Axis("training.learning_rate", (0.001, 0.01, 0.1, 1, 8)),), None]


@pytest.mark.parametrize(
    "path",
    [p for p, f in fields().items() if len(f.choices) != 1 and p != "training.timeline_memory"],
)
def test_every_setting_can_be_chosen_and_has_a_proposal_that_can_be_read(panel, path):
    assert panel.vary.field.findData(path) >= 0
    axis = axis_of(f"{path}={proposal(path)}")
    assert len(axis.values) >= 1


def test_choosing_a_setting_proposes_all_its_choices(panel, qtbot):
    with qtbot.waitSignal(panel.race_requested) as asked:
        panel.vary.field.entered.emit("network.activation")
    assert asked.args[0] == (Axis("network.activation", tuple(ACTIVATIONS)),)


def test_the_list_is_walked_with_the_keys_past_its_headings(panel):
    choose(panel.vary, "network.initializer")
    assert panel.axes[0].path == "network.initializer"


def test_entered_values_ask_for_their_race(panel, qtbot):
    with qtbot.waitSignal(panel.race_requested) as asked:
        enter(panel.values, "0.5, 2")
    assert asked.args[0] == (Axis("training.learning_rate", (0.5, 2)),)


def test_a_second_setting_appears_with_its_values_and_goes_again(panel, qtbot):
    assert panel.also_values.isHidden()
    with qtbot.waitSignal(panel.race_requested) as asked:
        panel.also.field.entered.emit("network.initializer")
    assert [axis.path for axis in asked.args[0]] == [
        "training.learning_rate",
        "network.initializer",
    ]
    assert not panel.also_values.isHidden()
    with qtbot.waitSignal(panel.race_requested) as asked:
        panel.also.field.entered.emit("nothing")
    assert len(asked.args[0]) == 1
    assert panel.also_values.isHidden()


def test_the_same_setting_twice_is_refused_beside_its_field(panel, qtbot):
    with qtbot.assertNotEmitted(panel.race_requested):
        panel.also.field.entered.emit("training.learning_rate")
    assert "varies already" in panel.also.complaint.text


def test_seeds_are_counted(panel, qtbot):
    with qtbot.waitSignal(panel.race_requested) as asked:
        enter(panel.seeds, "3")
    assert asked.args[1] == 3
    with qtbot.assertNotEmitted(panel.race_requested):
        enter(panel.seeds, "0")
    assert "1 to 32" in panel.seeds.complaint.text


def test_seeds_and_a_seed_that_varies_contradict_each_other(panel, qtbot):
    enter(panel.seeds, "3")
    with qtbot.assertNotEmitted(panel.race_requested):
        panel.vary.field.entered.emit("network.seed")
    assert "Give one of the two" in panel.vary.complaint.text
    with pytest.raises(SettingsError, match="not allowed"):
        _ = panel.axes
    QTest.keyClick(panel.vary.field, Qt.Key.Key_Escape)
    assert panel.vary.field.currentData() == "training.learning_rate"
    assert panel.axes[0].path == "training.learning_rate"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.1, zwei", "'zwei' is not allowed; allowed is a number above 0"),
        ("0.1, -1", "above 0"),
        ("0.1, 0.1", "there twice"),
        ("0.1,,0.2", "value is missing"),
    ],
)
def test_bad_values_are_refused_beside_their_field(panel, qtbot, text, words):
    with qtbot.assertNotEmitted(panel.race_requested):
        enter(panel.values, text)
    assert words in panel.values.complaint.text
    assert panel.race_section.before.isVisible()
    with qtbot.waitSignal(panel.race_requested):
        enter(panel.values, "0.1, 0.2")
    assert panel.values.complaint.text == ""
    assert not panel.race_section.before.isVisible()


def test_escape_takes_a_refused_entry_back_with_all_that_it_said(panel, qtbot):
    enter(panel.values, "0.1, 0.2")
    enter(panel.values, "abc, -1")
    assert panel.values.field.failed
    with pytest.raises(SettingsError):
        _ = panel.axes
    with qtbot.waitSignal(panel.changed):
        QTest.keyClick(panel.values.field, Qt.Key.Key_Escape)
    assert panel.values.field.text() == "0.1, 0.2"
    assert panel.values.complaint.text == ""
    assert not panel.race_section.before.isVisible()
    assert panel.axes == (Axis("training.learning_rate", (0.1, 0.2)),)


def test_an_entry_beside_a_refused_one_counts_when_that_is_taken_back(panel, qtbot):
    panel.ask()
    enter(panel.values, "abc")
    with qtbot.assertNotEmitted(panel.race_requested):
        enter(panel.seeds, "3")
    with qtbot.waitSignal(panel.race_requested) as asked:
        QTest.keyClick(panel.values.field, Qt.Key.Key_Escape)
    assert asked.args == [(Axis("training.learning_rate", (0.001, 0.01, 0.1, 1, 8)),), 3]
    enter(panel.values, "abc")
    with qtbot.assertNotEmitted(panel.race_requested):
        QTest.keyClick(panel.values.field, Qt.Key.Key_Escape)


def test_what_is_typed_and_not_entered_belongs_to_the_race_that_the_button_starts(panel, qtbot):
    field = panel.values.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.3, 0.4")
    asked = []
    panel.race_requested.connect(lambda axes, seeds: asked.append(axes[0].values))
    panel.run_requested.connect(lambda: asked.append("run"))
    panel.race_section.show_race(race_of(epochs=0, state=State.IDLE))
    QTest.mouseClick(panel.race_section.button, Qt.MouseButton.LeftButton)
    assert asked == [(0.3, 0.4), "run"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "abc")
    with qtbot.assertNotEmitted(panel.run_requested):
        QTest.mouseClick(panel.race_section.button, Qt.MouseButton.LeftButton)


def test_choices_are_shown_and_typed_by_their_titles(panel, qtbot):
    panel.vary.field.entered.emit("network.activation")
    panel.values.field.setFocus()
    qtbot.waitUntil(panel.values.field.hasFocus)
    assert panel.values.field.text() == "Sigmoid, Tanh, ReLU, Leaky ReLU, Identity"
    with qtbot.waitSignal(panel.race_requested) as asked:
        enter(panel.values, "leaky relu, tanh, [relu, tanh]")
    assert asked.args[0][0].values == ("leaky_relu", "tanh", ("relu", "tanh"))
    panel.vary.field.entered.emit("training.batch_size")
    panel.values.field.setFocus()
    qtbot.waitUntil(panel.values.field.hasFocus)
    assert panel.values.field.text() == "full, 200, 50, 10"
    assert panel.axes[0].values == (None, 200, 50, 10)


def test_the_base_is_told_where_it_differs_from_the_lab_and_without_what_varies(panel):
    assert panel.base_note.text() == "Base: the lab's settings, seed 14."
    changes = {"network.activation": "tanh", "training.learning_rate": 2.0, "network.seed": 3}
    panel.base = with_changes(RunSettings(), changes)
    assert panel.base_note.text() == "Base: the lab's settings, seed 3; but activation Tanh."
    assert "points 1000" in panel.base_note.toolTip().replace("\N{NO-BREAK SPACE}", "")
    panel.vary.field.entered.emit("network.activation")
    assert panel.base_note.text() == "Base: the lab's settings, seed 3; but learning rate 2."
    enter(panel.seeds, "2")
    assert "seed" not in panel.base_note.text()


def test_a_value_is_added_where_its_setting_varies(panel, qtbot):
    with qtbot.waitSignal(panel.race_requested) as asked:
        assert panel.add_value("training.learning_rate", 32.1)
    assert asked.args[0][0].values == (0.001, 0.01, 0.1, 1, 8, 32.1)
    panel.vary.field.entered.emit("network.activation")
    assert not panel.add_value("training.learning_rate", 32.1)


def test_settings_of_one_data_set_say_which_and_memory_cannot_be_raced(panel):
    choices = panel.vary.field.choices
    assert choices["data.factor"] == "Inner radius (Circles)"
    assert choices["data.turns"] == "Turns (Spirals)"
    assert "training.timeline_memory" not in choices
    panel.vary.field.entered.emit("data.factor")
    words = panel.vary.complaint.text
    assert words == "Inner radius: Moons has no such setting. Only Circles has it: Set “Circles”."


def test_no_value_at_all_is_refused(panel, qtbot):
    panel.values.field.setFocus()
    panel.values.field.selectAll()
    with qtbot.assertNotEmitted(panel.race_requested):
        QTest.keyClick(panel.values.field, Qt.Key.Key_Delete)
        QTest.keyClick(panel.values.field, Qt.Key.Key_Return)
    assert "at least one" in panel.values.complaint.text


def test_what_only_does_not_go_together_is_left_to_the_race(panel, qtbot):
    with qtbot.waitSignal(panel.race_requested):
        panel.vary.field.entered.emit("network.output_activation")


def test_more_runs_than_a_race_shows_are_left_to_a_sweep(panel, qtbot):
    with qtbot.assertNotEmitted(panel.race_requested):
        enter(panel.seeds, "7")
    words = panel.race_section.complaint.text
    assert "35 runs" in words
    assert "sweep" in words
    assert panel.race_section.before.isVisible()
    assert len(panel.axes[0].values) == 5
    with qtbot.waitSignal(panel.race_requested):
        enter(panel.seeds, "2")
    assert panel.race_section.complaint.text == ""
    assert not panel.race_section.before.isVisible()


def test_the_button_and_the_note_follow_the_race(panel, qtbot):
    race = race_of(epochs=0, state=State.IDLE)
    button, note = panel.race_section.button, panel.race_section.note
    panel.show_race(race)
    assert (button.text(), note.text()) == ("Race", "5 runs, seed 14, in step")
    panel.show_race(replace(race, state=State.RUNNING))
    assert button.text() == "Pause all"
    panel.show_race(replace(race, state=State.PAUSED))
    assert button.text() == "Go on"
    with qtbot.waitSignal(panel.run_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    panel.show_race(replace(race, state=State.FINISHED))
    assert not button.isEnabled()


def test_an_error_of_the_race_stands_beside_the_field_it_concerns_or_below(panel):
    panel.show_error(SettingsError("training.learning_rate: no", "", "training.learning_rate"))
    assert panel.values.complaint.text == "Learning rate: no."
    panel.show_error(SettingsError("none of the runs is possible", "try others"))
    assert panel.race_section.complaint.text == "None of the runs is possible. Try others."


def test_other_settings_are_offered(panel, qtbot):
    assert panel.race_section.renew.isHidden()
    panel.set_stale(True)
    with qtbot.waitSignal(panel.renew_requested):
        QTest.mouseClick(panel.race_section.renew, Qt.MouseButton.LeftButton)


def test_long_values_are_shortened_until_somebody_types_there(panel, qtbot):
    enter(panel.values, "0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1")
    assert panel.values.field.text() == "0.001 … 0.1"
    panel.values.field.setFocus()
    qtbot.waitUntil(panel.values.field.hasFocus)
    assert panel.values.field.text() == "0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1"


def test_more_sections_stand_below_the_race(panel, qtbot):
    class Words(QLabel):
        def apply_theme(self, theme):
            self.setText(theme.name)

    words = Words("")
    panel.add_section(words)
    panel.apply_theme(DARK)
    assert words.text() == "dark"
    qtbot.waitUntil(lambda: words.y() > panel.race_section.y())


def test_every_row_has_a_name_and_says_what_it_is(panel):
    for row in panel.rows:
        assert row.field.accessibleName()
        assert row.field.toolTip()


def test_what_was_kept_comes_back_and_nonsense_changes_nothing(panel, qtbot):
    panel.also.field.entered.emit("network.initializer")
    enter(panel.seeds, "2")
    kept = panel.entries
    other = VaryPanel(LIGHT)
    qtbot.addWidget(other)
    other.restore(kept)
    assert (other.axes, other.seed_count) == (panel.axes, 2)
    assert not other.also_values.isHidden()
    for nonsense in (
        {},
        {"vary": "nothing"},
        {**kept, "values": "1,,2"},
        {**kept, "seeds": True},
        {**kept, "vary": ["training.learning_rate"]},
        {**kept, "and": kept["vary"]},
    ):
        other.restore(nonsense)
        assert other.entries == kept


def test_all_settings_are_seen_at_once_in_the_list(panel):
    field = panel.vary.field
    assert field.count() <= field.maxVisibleItems()
