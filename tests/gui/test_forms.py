"""A form follows its settings class and has every entry checked where it is made."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gui.forms import SettingsForm
from gui.theme import DARK, LIGHT
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.fields.entry_field import EntryField
from gui.widgets.fields.values import parsed, plain, stepped
from gui.widgets.numerals import NARROW_SPACE, with_groups
from model.settings import Settings, one_of, setting
from model.settings_fields import describe
from model.training.settings import RunSettings


class _Kitchen(Settings):
    heat: float = setting(0.2, "Heat", "How hot.", step=0.05, ge=0, le=10)
    rate: float = setting(0.01, "Rate", "How fast.", gt=0)
    slack: float = setting(0.0, "Slack", "How loose.", ge=0)
    guests: int = setting(1000, "Guests", "How many come.", unit="people", step=100, ge=4, le=5000)
    chairs: int | None = setting(None, "Chairs", "Seats.", step=1, empty="all", ge=1)
    dish: str = setting("soup", "Dish", "What.", choices={"soup": "Soup", "pie": "Pie"})
    cook: str = setting("me", "Cook", "Who.", choices={"me": "Me"})
    label: str = setting("a", "Label", "A word on the door.")
    loud: bool = setting(False, "Loud", "Whether there is music.")

    _known = one_of("dish", "cook")


class _House(Settings):
    kitchen: _Kitchen = setting(_Kitchen(), "Kitchen", "")


FIELDS = {field.name: field for field in describe(_House)}


@pytest.fixture
def form(qtbot: QtBot) -> SettingsForm:
    form = SettingsForm(_House(), LIGHT)
    qtbot.addWidget(form)
    form.resize(236, 700)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    return form


def _field(form: SettingsForm, name: str) -> EntryField:
    field = form.row_for(f"kitchen.{name}").field
    assert isinstance(field, EntryField)
    return field


def _type(qtbot: QtBot, field: QLineEdit, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, key)


def test_form_has_a_row_for_every_field_that_offers_a_choice(form: SettingsForm) -> None:
    shown = {name for name in FIELDS if form.row_for(f"kitchen.{name}") is not None}
    assert shown == set(FIELDS) - {"cook"}
    assert isinstance(form.row_for("kitchen.dish").field, ChoiceField)
    assert isinstance(form.row_for("kitchen.loud").field, ChoiceField)


def test_form_of_the_run_shows_every_setting_with_tooltip_and_name(qtbot: QtBot) -> None:
    form = SettingsForm(RunSettings(), LIGHT)
    qtbot.addWidget(form)
    for description in describe(RunSettings()):
        row = form.row_for(description.path)
        if len(description.choices) == 1:
            assert row is None, description.path
            continue
        assert description.help.split(",")[0][:20] in row.field.toolTip()
        assert row.field.accessibleName() == description.title


def test_form_numbers_are_grouped_until_they_are_edited(qtbot: QtBot, form: SettingsForm) -> None:
    guests = _field(form, "guests")
    assert guests.text() == f"1{NARROW_SPACE}000"
    qtbot.mouseClick(guests, Qt.MouseButton.LeftButton)
    assert guests.text() == "1000"
    assert _field(form, "heat").text() == "0.20"


def test_form_return_enters_and_gives_the_focus_away(qtbot: QtBot, form: SettingsForm) -> None:
    with qtbot.waitSignal(form.requested) as wish:
        _type(qtbot, _field(form, "heat"), "0.3")
    assert wish.args[1].kitchen.heat == 0.3
    assert not _field(form, "heat").hasFocus()


def test_form_leaving_a_field_enters(qtbot: QtBot, form: SettingsForm) -> None:
    with qtbot.waitSignal(form.requested) as wish:
        _type(qtbot, _field(form, "guests"), "50", Qt.Key.Key_Tab)
    assert wish.args[1].kitchen.guests == 50
    assert _field(form, "chairs").hasFocus()


def test_form_refuses_beside_the_field_and_changes_nothing(
    qtbot: QtBot, form: SettingsForm
) -> None:
    row = form.row_for("kitchen.heat")
    with qtbot.assertNotEmitted(form.requested):
        _type(qtbot, row.field, "-1")
    assert row.complaint.text == "Heat: -1 is not allowed; allowed are 0 to 10"
    assert row.field.failed
    assert row.field.text() == "-1"
    assert form.settings == _House()


def test_form_escape_brings_the_last_valid_value_back(qtbot: QtBot, form: SettingsForm) -> None:
    row = form.row_for("kitchen.heat")
    _type(qtbot, row.field, "nan")
    qtbot.keyClick(row.field, Qt.Key.Key_Escape)
    assert row.field.text() == "0.20"
    assert not row.field.failed
    assert row.complaint.isHidden()


def test_form_a_refused_field_leaves_the_others_free(qtbot: QtBot, form: SettingsForm) -> None:
    _type(qtbot, _field(form, "heat"), "abc")
    with qtbot.waitSignal(form.requested) as wish:
        _type(qtbot, _field(form, "guests"), "80")
    assert wish.args[1].kitchen.guests == 80
    assert _field(form, "heat").text() == "abc"
    assert form.row_for("kitchen.heat").complaint.text


def test_form_the_outline_of_a_refused_field_is_red(qtbot: QtBot, form: SettingsForm) -> None:
    field = _field(form, "heat")
    middle = field.height() // 2
    before = field.grab().toImage().pixelColor(0, middle)
    _type(qtbot, field, "99")
    after = field.grab().toImage().pixelColor(0, middle)
    assert before.red() - before.blue() < 30
    assert after.red() - after.blue() > 100


def test_form_space_belongs_to_a_text_field(qtbot: QtBot, form: SettingsForm) -> None:
    with qtbot.waitSignal(form.requested) as wish:
        _type(qtbot, _field(form, "label"), "two words")
    assert wish.args[1].kitchen.label == "two words"


def test_form_the_same_value_in_other_words_asks_for_nothing(
    qtbot: QtBot, form: SettingsForm
) -> None:
    with qtbot.assertNotEmitted(form.requested):
        _type(qtbot, _field(form, "heat"), "0.2000")
    assert _field(form, "heat").text() == "0.20"


def test_form_empty_means_none_where_that_is_allowed(qtbot: QtBot, form: SettingsForm) -> None:
    chairs = _field(form, "chairs")
    assert chairs.placeholderText() == "all"
    _type(qtbot, chairs, "3")
    assert form.settings.kitchen.chairs == 3
    chairs.setFocus()
    chairs.selectAll()
    qtbot.keyClick(chairs, Qt.Key.Key_Backspace)
    qtbot.keyClick(chairs, Qt.Key.Key_Return)
    assert form.settings.kitchen.chairs is None


def test_form_arrow_keys_step_and_several_presses_are_one_entry(
    qtbot: QtBot, form: SettingsForm
) -> None:
    guests = _field(form, "guests")
    qtbot.mouseClick(guests, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(form.requested) as wish:
        qtbot.keyClick(guests, Qt.Key.Key_Up)
        qtbot.keyClick(guests, Qt.Key.Key_Up)
        qtbot.keyClick(guests, Qt.Key.Key_Up)
    assert wish.args[1].kitchen.guests == 1300


def test_form_the_wheel_steps_only_with_the_focus(qtbot: QtBot, form: SettingsForm) -> None:
    guests = _field(form, "guests")
    _wheel(guests)
    assert guests.text() == f"1{NARROW_SPACE}000"
    qtbot.mouseClick(guests, Qt.MouseButton.LeftButton)
    _wheel(guests)
    assert guests.text() == "1100"


def test_form_shown_settings_do_not_take_the_text_away(qtbot: QtBot, form: SettingsForm) -> None:
    heat = _field(form, "heat")
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton)
    heat.selectAll()
    qtbot.keyClicks(heat, "0.7")
    with qtbot.assertNotEmitted(form.requested):
        form.show_settings(_House(kitchen=_Kitchen(heat=5, guests=7)))
    assert heat.text() == "0.7"
    assert _field(form, "guests").text() == "7"
    with qtbot.waitSignal(form.requested) as wish:
        qtbot.keyClick(heat, Qt.Key.Key_Return)
    assert (wish.args[1].kitchen.heat, wish.args[1].kitchen.guests) == (0.7, 7)


def test_form_a_section_folds_with_enter(qtbot: QtBot, form: SettingsForm) -> None:
    head = form.section("kitchen").head
    qtbot.keyClick(head, Qt.Key.Key_Return)
    assert not _field(form, "heat").isVisible()
    qtbot.mouseClick(head, Qt.MouseButton.LeftButton)
    assert _field(form, "heat").isVisible()


def test_form_grows_with_the_scale(form: SettingsForm) -> None:
    before = _field(form, "heat").sizeHint().height()
    form.apply_theme(DARK.scaled(2.0))
    assert _field(form, "heat").sizeHint().height() == 2 * before


def test_form_narrow_rows_put_the_field_below_its_label(form: SettingsForm) -> None:
    row = form.row_for("kitchen.guests")
    assert row.field.y() < row.label.geometry().bottom()
    form.apply_theme(LIGHT.scaled(2.0))
    form.resize(200, 700)
    QApplication.processEvents()
    QApplication.processEvents()
    assert row.field.y() >= row.label.geometry().bottom()
    assert row.field.x() + row.field.width() <= form.width()


@pytest.mark.parametrize(
    ("name", "value", "presses", "expected"),
    [
        ("heat", 0.2, 1, 0.25),
        ("heat", 0.3, 3, 0.45),
        ("heat", 9.98, 1, 10.0),
        ("heat", 0.02, -1, 0.0),
        ("rate", 0.01, 1, 0.02),
        ("rate", 0.02, 1, 0.05),
        ("rate", 0.05, 1, 0.1),
        ("rate", 0.01, -1, 0.005),
        ("rate", 0.03, -1, 0.02),
        ("rate", 1.0, -2, 0.2),
        ("slack", 0.0, 1, 1e-6),
        ("slack", 1e-6, -1, 0.0),
        ("guests", 50, -1, 4),
        ("chairs", None, 1, 1),
        ("chairs", 1, -1, None),
    ],
)
def test_values_stepped(name: str, value: object, presses: int, expected: object) -> None:
    assert stepped(FIELDS[name], value, presses) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("guests", f"1{NARROW_SPACE}000", 1000),
        ("guests", " 1 000 ", 1000),
        ("guests", "1e3", 1000),
        ("guests", "ten", "ten"),
        ("heat", "−2", -2),
        ("heat", "", ""),
        ("heat", "0,5", "0,5"),
        ("chairs", "", None),
        ("label", "12", "12"),
    ],
)
def test_values_parsed(name: str, text: str, expected: object) -> None:
    assert parsed(FIELDS[name], text) == expected


def test_values_plain_and_with_groups() -> None:
    assert plain(0.2, 0.05) == "0.20"
    assert plain(0.123, 0.05) == "0.123"
    assert plain(1.0) == "1"
    assert plain(1e-9) == "1e-09"
    assert plain((10, 5)) == "10, 5"
    assert with_groups("4 to 100000") == f"4 to 100{NARROW_SPACE}000"
    assert with_groups("0.00001") == "0.00001"


def _wheel(field: QLineEdit) -> None:
    """One notch up."""
    middle = QPointF(field.rect().center())
    event = QWheelEvent(
        middle,
        field.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
