"""Errors reach the user once, in words, from every thread, and the program goes on."""

import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from gui.messages import install_excepthook, report
from gui.widgets.error_dialog import ErrorDialog
from model.errors import FileError


def dialogs():
    return [
        w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog) and w.isVisible()
    ]


def raised(error):
    try:
        raise error
    except Exception as caught:
        return caught


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    yield window
    for dialog in dialogs():
        dialog.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def funnel(window):
    funnel = install_excepthook(window)
    yield funnel
    funnel.restore()


def test_report_shows_message_and_hint_and_hides_the_traceback(window):
    dialog = report(raised(FileError("No room on the disk.", "Choose another folder.")), window)
    assert dialog.message.text() == "No room on the disk."
    assert dialog.hint.text() == "Choose another folder."
    assert not dialog.details.isVisible()
    assert "FileError" in dialog.details.toPlainText()


def test_report_does_not_show_an_unforeseen_error_in_its_own_words(window):
    dialog = report(raised(ZeroDivisionError("division by zero")), window)
    assert dialog.message.text() == "Something went wrong in Backscope"
    assert "division" not in dialog.hint.text()
    assert "ZeroDivisionError: division by zero" in dialog.details.toPlainText()


def test_details_button_shows_the_traceback(window, qtbot):
    dialog = report(raised(ValueError("x")), window)
    qtbot.mouseClick(dialog.details_button, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    qtbot.mouseClick(dialog.details_button, Qt.MouseButton.LeftButton)
    assert not dialog.details.isVisible()


def test_copy_button_copies_message_and_traceback(window, qtbot):
    dialog = report(raised(FileError("No room.")), window)
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("No room.")
    assert "Traceback" in copied


def test_further_errors_are_counted_into_the_open_dialog(window):
    dialog = report(raised(ValueError("first")), window)
    for _ in range(11):
        report(raised(ValueError("first")), window)
    report(raised(KeyError("other")), window)
    assert dialogs() == [dialog]
    assert dialog.count.isVisible()
    assert "and 12 more" in dialog.count.text()
    assert dialog.details.toPlainText().count("ValueError: first") == 1
    assert "KeyError" in dialog.details.toPlainText()


def test_an_error_after_the_dialog_was_closed_opens_another(window, qtbot):
    report(raised(ValueError("first")), window).close_button.click()
    assert dialogs() == []
    dialog = report(raised(ValueError("second")), window)
    assert dialogs() == [dialog]
    assert not dialog.count.isVisible()


def test_an_uncaught_exception_of_a_thread_opens_one_dialog(window, funnel, qtbot):
    def fail():
        raise OSError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert dialogs() == []
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert "in a thread" in dialogs()[0].details.toPlainText()


def test_an_uncaught_exception_of_a_paint_event_does_not_multiply_dialogs(window, funnel, qtbot):
    error = raised(RuntimeError("in paintEvent"))
    for _ in range(30):
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(dialogs()) and "29" in dialogs()[0].count.text())
    assert len(dialogs()) == 1


def test_hooks_are_given_back(window):
    before = (sys.excepthook, threading.excepthook)
    funnel = install_excepthook(window)
    assert sys.excepthook != before[0]
    funnel.restore()
    assert (sys.excepthook, threading.excepthook) == before


def test_hooks_outlive_their_window(qtbot, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: seen.append(error[1]))
    window = QWidget()
    install_excepthook(window)
    hook = sys.excepthook
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    error = raised(ValueError("late"))
    hook(ValueError, error, None)
    assert seen == [error]
