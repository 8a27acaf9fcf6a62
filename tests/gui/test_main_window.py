"""The window as a user meets it: keys, buttons, docks, layout, theme and size."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from gui.main_window import MainWindow
from gui.panels.panel import LegendEntry, Mark, Panel, Wants
from gui.theme import DARK, LIGHT, SCALES
from gui.widgets.arrangements import COMPARE, DEBUG
from gui.widgets.help_dialogs import ShortcutsDialog
from gui.widgets.keycap import Keycap
from model.training.session import Session
from model.training.snapshots import State

NAMES = ("network", "boundary", "loss", "roc", "inspector")
WANTS = {"boundary": Wants.GRID, "roc": Wants.ROC}


class PlainPanel(Panel):
    """A panel with nothing on it but a long heading."""

    def __init__(self, name, theme):
        self.name, self.title = name, name.capitalize()
        self.wants = WANTS.get(name, Wants.NOTHING)
        super().__init__(theme)
        self.set_subtitle("epoch 412 of what is shown here")

    def legend(self):
        return (LegendEntry(Mark.DISC, "negative", "one"), LegendEntry(Mark.BOX, "text", "two"))


class Setup(QWidget):
    """Fields of every kind."""

    def __init__(self):
        super().__init__()
        self.text, self.number = QLineEdit(), QSpinBox()
        self.choice, self.button = QComboBox(), QPushButton("Load")
        self.choice.addItems(["Moons", "Circles"])
        form = QFormLayout(self)
        for field in (self.text, self.number, self.choice, self.button):
            form.addRow(field)


@pytest.fixture(scope="module")
def snapshot():
    return Session().snapshot()


def build(qtbot, theme=LIGHT):
    window = MainWindow(theme)
    qtbot.addWidget(window)
    window.setup = Setup()
    window.add_panels(window.setup, [PlainPanel(name, theme) for name in NAMES])
    return window


@pytest.fixture
def window(qtbot):
    window = build(qtbot)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    settle()
    return window


def settle():
    for _ in range(5):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def places(window):
    return {name: dock.geometry().getRect() for name, dock in window.host.docks.items()}


@pytest.mark.parametrize("target", ["button", "choice", "run", "window"])
def test_space_runs_whatever_has_the_focus(window, qtbot, target):
    widget = {
        "button": window.setup.button,
        "choice": window.setup.choice,
        "run": window.top_bar.buttons[4],
        "window": window,
    }[target]
    widget.setFocus()
    pressed = []
    window.setup.button.clicked.connect(lambda: pressed.append(1))
    with qtbot.waitSignal(window.command_requested) as signal:
        qtbot.keyClick(widget, Qt.Key.Key_Space)
    assert signal.args == ["run_pause"]
    assert not pressed
    assert not window.setup.choice.view().isVisible()


def test_space_pauses_while_training_runs(window, qtbot, snapshot):
    window.show_snapshot(replace(snapshot, state=State.RUNNING))
    with qtbot.waitSignal(window.command_requested) as signal:
        qtbot.keyClick(window, Qt.Key.Key_Space)
    assert signal.args == ["run_pause"]


@pytest.mark.parametrize("field", ["text", "number"])
def test_space_stays_in_text_fields(window, qtbot, field):
    widget = getattr(window.setup, field)
    widget.setFocus()
    requested = []
    window.command_requested.connect(requested.append)
    qtbot.keyClick(widget, Qt.Key.Key_Space)
    settle()
    assert requested == []
    assert window.setup.text.text() == (" " if field == "text" else "")


@pytest.mark.parametrize(
    ("key", "modifier", "id"),
    [
        (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier, "run"),
        (Qt.Key.Key_F10, Qt.KeyboardModifier.NoModifier, "step"),
        (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier, "back"),
        (Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier, "reset"),
        (Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, "new_seed"),
        (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier, "save_figures"),
    ],
)
def test_keys_request_their_commands(window, qtbot, snapshot, key, modifier, id):
    window.show_snapshot(replace(snapshot, state=State.PAUSED, iteration=5))
    with qtbot.waitSignal(window.command_requested) as signal:
        qtbot.keyClick(window, key, modifier)
    assert signal.args == [id]


def test_buttons_request_their_commands_and_show_the_state(window, qtbot, snapshot):
    bar = window.top_bar
    with qtbot.waitSignal(window.command_requested) as signal:
        qtbot.mouseClick(bar.run_button, Qt.MouseButton.LeftButton)
    assert signal.args == ["run_pause"]
    window.show_snapshot(replace(snapshot, state=State.RUNNING, epoch=412))
    assert bar.run_button.text() == "Pause"
    assert not bar.buttons[1].isEnabled()
    assert "while training runs" in bar.buttons[1].toolTip()
    assert bar.epoch.accessibleName() == "Epoch 412 of 1000"


def test_a_chosen_speed_is_requested_and_shown(window, qtbot):
    with qtbot.waitSignal(window.command_requested) as signal:
        window.commands.action("speed_20").trigger()
    assert signal.args == ["speed_20"]
    assert window.top_bar.speed.value == "20/s"


def test_panels_stand_as_in_the_first_arrangement(window):
    place = {name: dock.geometry() for name, dock in window.host.docks.items()}
    assert place["setup"].width() == 236
    assert place["network"].left() - place["setup"].right() - 1 == 8
    assert place["boundary"].left() > place["network"].right()
    assert place["loss"].top() - place["network"].bottom() - 1 == 8
    assert place["loss"].right() < place["roc"].left() < place["inspector"].left()
    assert place["network"].height() > place["loss"].height()
    right = {place[name].right() for name in ("boundary", "inspector")}
    assert right == {window.host.width() - 1}


def test_a_hidden_panel_comes_back_by_the_view_menu(window, qtbot):
    dock = window.host.docks["roc"]
    assert window.wants() == Wants.GRID | Wants.ROC
    with qtbot.waitSignal(window.panels_shown_changed):
        dock.head.hide_requested.emit()
    assert not dock.isVisible()
    assert window.wants() == Wants.GRID
    toggle = next(a for a in window.host.toggle_actions() if a.text().replace("&", "") == "Roc")
    assert not toggle.isChecked()
    toggle.trigger()
    assert dock.isVisible()


def test_a_double_click_on_the_head_floats_a_panel_and_puts_it_back(window, qtbot):
    dock = window.host.docks["loss"]
    qtbot.mouseDClick(dock.head, Qt.MouseButton.LeftButton)
    assert dock.isFloating()
    qtbot.mouseDClick(dock.head, Qt.MouseButton.LeftButton)
    assert not dock.isFloating()


def test_reset_layout_puts_every_panel_back(window, qtbot):
    before = places(window)
    window.host.docks["loss"].setFloating(True)
    window.host.docks["roc"].hide()
    window.host.docks["setup"].hide()
    settle()
    window.commands.action("reset_layout").trigger()
    settle()
    assert places(window) == before
    assert all(dock.isVisible() for dock in window.host.docks.values())


def test_layout_comes_back_at_the_next_start(window, qtbot, tmp_path):
    window.choose_theme("dark", 1.1)
    settle()
    window.resize(780, 620)  # within the 800 × 800 of the offscreen platform
    window.host.docks["roc"].hide()
    window.host.docks["inspector"].setFloating(True)
    window.host.resizeDocks([window.host.docks["network"]], [200], Qt.Orientation.Horizontal)
    settle()
    window.save_layout(tmp_path / "window.json")

    again = build(qtbot)
    again.restore_layout(tmp_path / "window.json")
    again.show()
    settle()
    assert again.size() == window.size()
    assert again.host.docks["roc"].isHidden()
    assert again.host.docks["inspector"].isFloating()
    assert (again.theme.name, again.theme.scale) == ("dark", 1.1)
    assert again.commands.action("theme_dark").isChecked()
    network = again.host.docks["network"].geometry()
    assert network == window.host.docks["network"].geometry()


def test_a_broken_layout_leaves_the_first_arrangement(window, qtbot, tmp_path):
    path = tmp_path / "window.json"
    path.write_text('{"geometry": "AAAA", "docks": "/////w==", "scale": 1.0, "theme": "light"}')
    before = places(window)
    window.restore_layout(path)
    settle()
    assert places(window) == before


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("state", list(State))
def test_nothing_is_cut_off_at_1280_by_800(window, snapshot, scale, state):
    window.show_snapshot(replace(snapshot, state=state, epoch=123_456))
    window.apply_theme(LIGHT.scaled(scale))
    window.resize(1280, 800)
    settle()
    assert (window.width(), window.height()) == (1280, 800)
    bar = window.top_bar
    shown = [
        w for w in (*bar.buttons, bar.speed, bar.epoch, bar.views, bar.view_list) if w.isVisible()
    ]
    for left, right in pairwise(shown):
        assert left.geometry().right() < right.geometry().left()
    for widget in shown:
        assert widget.width() >= widget.sizeHint().width()
    views = bar.view_list if bar.views.isHidden() else bar.views
    assert views.isVisible()
    assert views.geometry().right() < bar.width()
    assert bar.epoch.isVisible()
    assert window.status.geometry().bottom() < window.centralWidget().height()
    in_front = [d for d in window.host.docks.values() if not d.visibleRegion().isEmpty()]
    assert len(in_front) >= 2
    for dock in in_front:
        assert window.host.rect().contains(dock.geometry())


def test_ctrl_plus_and_minus_scale_type_and_lines(window, qtbot):
    control = Qt.KeyboardModifier.ControlModifier
    height = window.top_bar.height()
    qtbot.keyClick(window, Qt.Key.Key_Plus, control)
    qtbot.keyClick(window, Qt.Key.Key_Equal, control)
    assert window.theme.scale == 1.25
    assert window.top_bar.height() == round(1.25 * height)
    assert window.panels[0].theme.scale == 1.25
    qtbot.keyClick(window, Qt.Key.Key_Minus, control)
    assert window.theme.scale == 1.1
    qtbot.keyClick(window, Qt.Key.Key_0, control)
    assert window.theme.scale == 1.0


def test_a_chosen_theme_reaches_everything(window, qtbot):
    with qtbot.waitSignal(window.theme_changed):
        window.commands.action("theme_dark").trigger()
    assert all(panel.theme.name == "dark" for panel in window.panels)
    settle()
    picture = window.grab().toImage()
    card = window.host.docks["network"]
    inside = card.mapTo(window, card.rect().center())
    ratio = picture.devicePixelRatio()
    assert picture.pixelColor(inside * ratio).name() == DARK.surface.lower()
    assert picture.pixelColor(int(3 * ratio), int(window.height() * ratio / 2)).name() == (
        DARK.window.lower()
    )


def test_full_screen_and_back(window, qtbot):
    window.commands.action("full_screen").trigger()
    assert window.isFullScreen()
    assert window.commands.action("full_screen").isChecked()
    window.commands.action("full_screen").trigger()
    assert not window.isFullScreen()
    assert not window.commands.action("full_screen").isChecked()


def test_closing_is_announced(window, qtbot):
    with qtbot.waitSignal(window.closed):
        window.commands.action("quit").trigger()
    assert not window.isVisible()


def test_panels_are_stacked_at_a_large_scale_and_come_back(window, qtbot):
    window.host.docks["roc"].hide()
    settle()
    before = places(window)
    window.apply_theme(LIGHT.scaled(2.0))
    settle()
    assert window.host.tabifiedDockWidgets(window.host.docks["network"])
    front = window.host.docks["network"]
    assert front.width() > 300 * 2
    window.apply_theme(LIGHT)
    settle()
    assert window.host.docks["roc"].isHidden()
    after = places(window)
    for name in set(before) - {"roc"}:
        assert after[name] == before[name]


def test_reset_layout_stacks_panels_where_there_is_no_room(window, qtbot):
    window.resize(800, 600)
    settle()
    window.commands.action("reset_layout").trigger()
    settle()
    assert window.host.docks["boundary"] in window.host.tabifiedDockWidgets(
        window.host.docks["network"]
    )


def stacked(window, one, other):
    docks = window.host.docks
    return docks[other] in window.host.tabifiedDockWidgets(docks[one])


def test_larger_type_and_back_leaves_every_panel_where_it_was(window):
    before = places(window)
    for scale in (1.1, 1.5, 2.0, 1.0):
        window.apply_theme(LIGHT.scaled(scale))
        settle()
    assert places(window) == before


def test_a_larger_window_gives_stacked_panels_room_again(window):
    window.host.docks["roc"].hide()
    settle()
    before = places(window)
    window.resize(720, 480)
    settle()
    assert stacked(window, "network", "inspector")
    assert window.host.docks["setup"].width() == 236
    window.resize(1280, 800)
    settle()
    assert not stacked(window, "network", "boundary")
    assert window.host.docks["roc"].isHidden()
    after = places(window)
    assert {**after, "roc": None} == {**before, "roc": None}


def test_what_the_user_has_arranged_stays_when_the_window_is_resized(window):
    docks = window.host.docks
    window.host.tabifyDockWidget(docks["loss"], docks["roc"])
    docks["inspector"].setFloating(True)
    settle()
    window.resize(720, 480)
    settle()
    assert stacked(window, "loss", "roc")
    assert not stacked(window, "network", "boundary")
    assert docks["inspector"].isFloating()


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_goes_through_what_can_be_seen_and_nothing_behind_it(window, qtbot, key):
    window.resize(720, 480)
    settle()
    assert stacked(window, "network", "inspector")
    window.setup.text.setFocus()
    seen = []
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget(), key)
        seen.append(QApplication.focusWidget())
    docks = window.host.docks.values()
    reached = {dock.objectName() for dock in docks for w in seen if dock.isAncestorOf(w)}
    assert reached == {"setup", "network"}
    assert window.setup.text in seen
    assert any(isinstance(widget, QTabBar) for widget in seen)
    assert window.top_bar.run_button in seen


def test_what_comes_to_lie_behind_another_panel_loses_the_focus(window, qtbot):
    window.resize(720, 480)
    settle()
    docks = window.host.docks
    button = docks["network"].head.findChild(QToolButton)
    button.setFocus()
    bar = next(b for b in window.host.findChildren(QTabBar) if b.isVisible() and b.count() == 5)
    place = bar.tabRect([bar.tabText(n) for n in range(5)].index("Loss")).center()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)
    settle()
    assert not docks["loss"].visibleRegion().isEmpty()
    assert not button.hasFocus()


def test_the_list_of_panels_has_those_of_the_view_at_the_front(window, qtbot):
    menu = window._menus["View/Panels"]

    def listed():
        return [action for action in menu.actions() if action.isCheckable()]

    window.add_view("debug", DEBUG, [PlainPanel(name, LIGHT) for name in ("operations", "network")])
    assert listed() == window.host.toggle_actions()
    window.show_view("debug")
    assert listed() == window.hosts["debug"].toggle_actions()
    menu.popup(window.mapToGlobal(window.rect().center()))
    qtbot.keyClick(menu, Qt.Key.Key_N)
    assert window.hosts["debug"].docks["network"].isHidden()
    assert not window.host.docks["network"].isHidden()
    window.show_view("train")
    assert listed() == window.host.toggle_actions()


def drag(qtbot, host, start, by):
    """Drag a separator as a user does."""
    left = Qt.MouseButton.LeftButton
    qtbot.mouseMove(host, start)
    qtbot.mousePress(host, left, pos=start)
    for step in (1, 2):
        qtbot.mouseMove(host, start + by * step / 2)
        settle()
    qtbot.mouseRelease(host, left, pos=start + by)
    settle()


def test_the_users_own_sizes_outlive_a_start_at_a_scale_that_has_no_room(window, qtbot, tmp_path):
    network = window.host.docks["network"].geometry()
    drag(qtbot, window.host, QPoint(network.right() + 4, network.center().y()), QPoint(-80, 0))
    before = places(window)
    assert abs(before["network"][2] - (network.width() - 80)) <= 2
    window.apply_theme(LIGHT.scaled(2.0))
    settle()
    assert stacked(window, "network", "inspector")
    window.save_layout(tmp_path / "window.json")
    window.close()

    again = build(qtbot)
    again.restore_layout(tmp_path / "window.json")
    again.resize(1280, 800)
    again.show()
    settle()
    assert stacked(again, "network", "inspector")
    qtbot.keyClick(again, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert places(again) == before


def test_a_start_in_a_larger_room_takes_its_plan(window, qtbot, tmp_path):
    before = places(window)
    window.resize(720, 480)
    settle()
    window.save_layout(tmp_path / "window.json")

    again = build(qtbot)
    again.restore_layout(tmp_path / "window.json")
    again.resize(1280, 800)
    again.show()
    settle()
    assert places(again) == before


def test_sizes_return_after_a_larger_and_a_smaller_window(window, qtbot):
    network = window.host.docks["network"].geometry()
    drag(qtbot, window.host, QPoint(network.center().x(), network.bottom() + 4), QPoint(0, 60))
    before = places(window)
    assert abs(before["network"][3] - (network.height() + 60)) <= 2
    for size in ((1920, 1080), (1024, 700), (1500, 900), (720, 480), (1280, 800)):
        window.resize(*size)
        settle()
    assert places(window) == before


def test_sizes_of_stacked_panels_return_too(window):
    names = ("vary", "race_boundaries", "race_loss", "bands", "taylor", "rates", "runs", "results")
    window.add_view("compare", COMPARE, [PlainPanel(name, LIGHT) for name in names])
    window.show_view("compare")
    settle()
    docks = window.hosts["compare"].docks.values()

    def seen():
        return [dock.geometry() for dock in docks if not dock.visibleRegion().isEmpty()]

    before = seen()
    assert len(before) == 5
    for size in ((1920, 1080), (1024, 700), (1280, 800)):
        window.resize(*size)
        settle()
    assert seen() == before


def test_tabs_of_stacked_panels_are_whole_words(window):
    window.apply_theme(LIGHT.scaled(2.0))
    window.resize(720, 480)
    settle()
    bars = [bar for bar in window.host.findChildren(QTabBar) if bar.isVisible()]
    assert bars
    for bar in bars:
        for tab in range(bar.count()):
            words = bar.fontMetrics().horizontalAdvance(bar.tabText(tab))
            assert bar.tabRect(tab).width() >= words
    arrows = [button for bar in bars for button in bar.findChildren(QToolButton)]
    assert any(button.isVisible() and button.isEnabled() for button in arrows)


def test_the_views_are_a_list_where_the_bar_is_narrow(window, qtbot, snapshot):
    window.show_snapshot(replace(snapshot, epoch=412))
    window.apply_theme(LIGHT.scaled(2.0))
    window.resize(900, 800)
    settle()
    bar = window.top_bar
    assert bar.views.isHidden()
    assert bar.view_list.value == "Train"
    assert bar.view_list.geometry().right() < bar.width()
    qtbot.mouseClick(bar.view_list, Qt.MouseButton.LeftButton)
    assert bar.view_list.menu.isVisible()
    with qtbot.waitSignal(window.command_requested) as signal:
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            qtbot.keyClick(bar.view_list.menu, key)
    assert signal.args == ["debug_view"]


def test_the_epoch_stays_in_the_top_bar_longest(window, snapshot):
    window.show_snapshot(replace(snapshot, epoch=412))
    window.apply_theme(LIGHT.scaled(2.0))
    window.resize(1280, 800)
    settle()
    assert window.top_bar.epoch.isVisible()


def test_every_entry_of_a_menu_has_a_letter_of_its_own(window):
    for menu in window._menus.values():
        texts = [action.text() for action in menu.actions() if action.text()]
        letters = [text.partition("&")[2][:1].lower() for text in texts]
        assert all(letters), texts
        assert len(set(letters)) == len(letters), texts
    assert window.top_bar.buttons[1].accessibleName() == "Step one iteration"


def test_the_list_of_keys_has_those_of_the_panels(window, qtbot):
    window.panels[0].keys = ((("←", "→"), "From unit to unit"),)
    dialog = ShortcutsDialog(LIGHT, window, window.panels)
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert window.panels[0].title in texts
    assert "From unit to unit" in texts
    assert {"←", "→", "Space"} <= {cap.text for cap in dialog.findChildren(Keycap)}
