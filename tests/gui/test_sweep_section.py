import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from gui.files import confirm
from gui.panels.stored_section import NOTHING, StoredSection
from gui.panels.sweep_section import CONNECTING, STARTING, SweepSection
from gui.store_worker import StoreContents
from gui.theme import DARK, LIGHT
from gui.widgets.fields.form_row import FormRow
from gui.widgets.numerals import NARROW_SPACE
from model.lab.store import StoredSweep
from model.lab.sweep import Progress

SWEEPS = (
    StoredSweep(3, "lab-rates", "{}", 100, 37, "2026-11-26T05:37:45+00:00"),
    StoredSweep(1, "inits × activations", "{}", 240, 240, "2026-11-25T05:37:45+00:00"),
)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(236, 500)
    return host


@pytest.fixture
def section(host: QWidget) -> SweepSection:
    section = SweepSection(LIGHT, host)
    section.resize(236, 300)
    host.show()
    return section


@pytest.fixture
def stored(host: QWidget) -> StoredSection:
    section = StoredSection(LIGHT, host)
    section.resize(236, 300)
    host.show()
    section.show_contents(StoreContents(Path("/somewhere/results.sqlite"), SWEEPS))
    return section


def enter(row: FormRow, text: str) -> None:
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, text)
    QTest.keyClick(row.field, Qt.Key.Key_Return)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_it_begins_with_twenty_seeds_on_all_cores_here(section: SweepSection) -> None:
    assert (section.seeds, section.processes, section.cluster) == (20, None, None)
    texts = [row.field.text() or row.field.placeholderText() for row in section.rows]
    assert texts == ["20", "all cores", "none"]


def test_entries_are_taken_on_and_told(section: SweepSection) -> None:
    changed = QSignalSpy(section.changed)
    enter(section.seeds_row, "5")
    enter(section.processes_row, "2")
    enter(section.cluster_row, "tcp://127.0.0.1:8786")
    assert (section.seeds, section.processes) == (5, 2)
    assert section.cluster == "tcp://127.0.0.1:8786"
    assert changed.count() == 3
    enter(section.cluster_row, "none")
    assert section.cluster is None


@pytest.mark.parametrize(
    "text", ["127.0.0.1:8786", "tcp://127.0.0.1", "tcp://:8786", "tcp://a b:1", "tcp://a:99999"]
)
def test_what_is_no_address_is_said_beside_the_field(section: SweepSection, text: str) -> None:
    enter(section.cluster_row, text)
    assert section.cluster is None
    assert "tcp://HOST:8786" in section.cluster_row.complaint.text
    started = QSignalSpy(section.start_requested)
    section.show_count(100)
    click(section.button)
    assert started.count() == 0
    QTest.keyClick(section.cluster_row.field, Qt.Key.Key_Escape)
    assert section.cluster_row.complaint.text == ""


@pytest.mark.parametrize("text", ["tcp://node-1.lab:8786", "tls://[::1]:1", "NONE"])
def test_addresses_of_all_kinds_are_allowed(section: SweepSection, text: str) -> None:
    enter(section.cluster_row, text)
    assert section.cluster == (None if text == "NONE" else text)


@pytest.mark.parametrize("text", ["0", "many", "1.5", "2000000"])
def test_an_impossible_number_of_seeds_is_refused(section: SweepSection, text: str) -> None:
    enter(section.seeds_row, text)
    assert section.seeds == 20
    assert "enter 1 to 1 000 000" in section.seeds_row.complaint.text


def test_the_button_counts_starts_and_cancels(section: SweepSection) -> None:
    started, cancelled = (
        QSignalSpy(section.start_requested),
        QSignalSpy(section.cancel_requested),
    )
    section.show_count(None, "nothing varies")
    assert not section.button.isEnabled()
    assert section.button.toolTip() == "nothing varies"
    section.show_count(1200)
    assert section.button.text() == "Start sweep of 1\N{NARROW NO-BREAK SPACE}200 runs"
    click(section.button)
    assert started.count() == 1
    section.begin()
    assert section.note.text() == STARTING
    assert section.button.text() == "Cancel"
    assert not section.seeds_row.isEnabled()
    section.show_progress(Progress(100, 30, 5, 2, 3, 8.0, 12.2))
    assert section.note.text() == "37 of 100 · 12 s left"
    assert section.counts.text() == "5 reused · 2 refused · 3 diverged"
    assert (section.bar.value(), section.bar.maximum()) == (37, 100)
    section.show_count(7)
    assert section.button.text() == "Cancel"
    click(section.button)
    assert cancelled.count() == 1
    section.show_cancelling()
    section.show_progress(Progress(100, 31, 5, 2, 3, 8.0, 12.2))
    assert section.note.text() == "Cancelling …"
    section.end("Cancelled: 37 of 100 runs.")
    assert section.button.text() == "Start sweep of 7 runs"
    assert section.bar.isHidden()


def test_an_error_is_said_where_it_belongs(section: SweepSection) -> None:
    enter(section.cluster_row, "tcp://127.0.0.1:8786")
    section.begin()
    assert section.note.text() == CONNECTING
    section.end("")
    section.show_error("No cluster answers.", cluster=True)
    assert section.cluster_row.complaint.text == "No cluster answers."
    section.show_error("The disk is full.")
    assert section.complaint.text == "The disk is full."
    section.begin()
    assert section.cluster_row.complaint.text == section.complaint.text == ""
    section.apply_theme(DARK)


def test_sweeps_are_listed_with_what_is_there(stored: StoredSection) -> None:
    texts = [stored.list.item(row).text() for row in range(2)]
    assert texts == ["lab-rates · 37 of 100", "inits × activations · 240"]
    stored.follow(3, 40)
    assert stored.list.item(0).text() == "lab-rates · 40 of 100"
    stored.follow(3, 12)
    assert stored.list.item(0).text() == "lab-rates · 40 of 100"


def test_a_click_opens_and_the_keys_do_the_rest(stored: StoredSection) -> None:
    wishes = {
        "open": QSignalSpy(stored.open_requested),
        "resume": QSignalSpy(stored.resume_requested),
        "export": QSignalSpy(stored.export_requested),
        "delete": QSignalSpy(stored.delete_requested),
    }
    assert stored.export_action.isHidden()
    place = stored.list.visualItemRect(stored.list.item(0)).center()
    QTest.mouseClick(stored.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wishes["open"].at(0)[0] == SWEEPS[0]
    for key in (Qt.Key.Key_R, Qt.Key.Key_E, Qt.Key.Key_Delete, Qt.Key.Key_Return):
        QTest.keyClick(stored.list, key)
    assert {name: spy.count() for name, spy in wishes.items()} == {
        "open": 2,
        "resume": 1,
        "export": 1,
        "delete": 1,
    }
    click(stored.export_action)
    assert wishes["export"].at(1)[0] == SWEEPS[0]


def test_what_is_complete_or_running_is_not_resumed(stored: StoredSection) -> None:
    resumed, deleted = QSignalSpy(stored.resume_requested), QSignalSpy(stored.delete_requested)
    stored.choose(1)
    assert stored.resume_action.isHidden()
    QTest.keyClick(stored.list, Qt.Key.Key_R)
    stored.choose(3)
    stored.set_running(True)
    QTest.keyClick(stored.list, Qt.Key.Key_R)
    QTest.keyClick(stored.list, Qt.Key.Key_Delete)
    assert (resumed.count(), deleted.count()) == (0, 0)


def test_the_chosen_sweep_stays_chosen(stored: StoredSection) -> None:
    stored.choose(1)
    more = StoredSweep(9, "new", "{}", 2, 0, SWEEPS[0].created)
    stored.show_contents(StoreContents(Path("/somewhere/results.sqlite"), (more, *SWEEPS)))
    assert stored.chosen == SWEEPS[1]
    stored.show_contents(StoreContents(Path("/somewhere/results.sqlite"), ()))
    assert stored.chosen is None
    assert stored.note.text() == NOTHING
    assert not stored.note.isHidden()


def test_a_port_is_no_number_with_groups(section: SweepSection) -> None:
    enter(section.cluster_row, "tcp://127.0.0.1:8786")
    section.seeds_row.field.setFocus()
    assert section.cluster_row.field.text() == "tcp://127.0.0.1:8786"


def test_the_button_has_all_of_its_number_where_the_form_is_narrow(
    qtbot: QtBot, section: SweepSection
) -> None:
    section.show_count(1_000_000)
    many = "1 000 000".replace(" ", NARROW_SPACE)
    assert section.button.accessibleName() == f"Start sweep of {many} runs"
    for width, shown in ((196, f"Start {many} runs"), (400, f"Start sweep of {many} runs")):
        section.resize(width, 300)
        qtbot.waitUntil(lambda shown=shown: section.button.shown == shown)
    section.show_count(100)
    section.resize(196, 300)
    assert section.button.shown == "Start sweep of 100 runs"


def test_a_narrow_list_cuts_the_name_and_never_the_count(stored: StoredSection) -> None:
    sweep = StoredSweep(4, "learning_rate, 1 000 000 seeds", "{}", 1_000_000, 36, SWEEPS[0].created)
    stored.show_contents(StoreContents(Path("/somewhere/results.sqlite"), (sweep,)))
    listed, option = stored.list, QStyleOptionViewItem()
    index = listed.model().index(0, 0)
    listed.initViewItemOption(option)
    option.rect = listed.visualRect(index)
    listed.itemDelegate().initStyleOption(option, index)
    assert re.fullmatch(rf"learn\w*… · 36 of 1{NARROW_SPACE}000{NARROW_SPACE}000", option.text)
    assert option.fontMetrics.horizontalAdvance(option.text) <= option.rect.width()


def test_enter_alone_deletes_nothing(qtbot: QtBot, host: QWidget) -> None:
    agreed: list[bool] = []
    for keys, answer in (((Qt.Key.Key_Return,), []), ((Qt.Key.Key_Tab, Qt.Key.Key_Return), [True])):
        box = confirm(
            host, "Delete it?", "This cannot be undone.", "Delete", lambda: agreed.append(True)
        )
        qtbot.waitUntil(lambda box=box: box.isActiveWindow())
        for key in keys:
            QTest.keyClick(QApplication.focusWidget(), key)
        assert agreed == answer
