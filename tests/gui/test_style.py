"""Palette, style sheet and the choice of a theme."""

import re

import pytest
from PySide6.QtGui import QColor, QPalette

import resources
from gui import style
from gui.theme import DARK, LIGHT, SCALES, chosen_theme, contrast, next_scale
from gui.widgets.help_dialogs import AboutDialog, ShortcutsDialog, commands_with_keys
from gui.widgets.keycap import Keycap

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@THEMES
def test_style_sheet_names_only_files_that_exist(theme):
    names = re.findall(r"url\((.+?)\)", style.style_sheet(theme))
    assert names
    assert all(resources.path(name).is_file() for name in names)


@THEMES
def test_icons_have_the_colours_of_their_theme(theme):
    allowed = {theme.secondary, theme.accent, theme.on_accent}
    for icon in resources.path("icons", theme.name).glob("*.svg"):
        assert set(re.findall(r"#[0-9A-F]{6}", icon.read_text())) <= allowed


def test_style_sheet_scales_its_lengths():
    assert "border-radius: 6px" in style.style_sheet(LIGHT)
    assert "border-radius: 12px" in style.style_sheet(LIGHT.scaled(2.0))


@THEMES
def test_palette_text_can_be_read(theme):
    colours = style.palette(theme)
    role = QPalette.ColorRole
    pairs = [
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.PlaceholderText, role.Base),
    ]
    for ink, ground in pairs:
        assert contrast(colours.color(ink), colours.color(ground)) >= 4.5
    assert style.faint(theme) != QColor(theme.secondary)


def test_chosen_theme_takes_unknown_words_as_the_system(qapp):
    assert chosen_theme("dark", 1.5) == DARK.scaled(1.5)
    assert chosen_theme("light") == LIGHT
    assert chosen_theme("pink") == chosen_theme("system")


def test_scales_end_at_both_ends():
    assert next_scale(1.0, 1) == SCALES[1]
    assert next_scale(SCALES[-1], 1) == SCALES[-1] == 2.0
    assert next_scale(1.0, -1) == 1.0


def test_shortcuts_dialog_lists_every_key_of_the_table(qtbot):
    dialog = ShortcutsDialog(LIGHT)
    qtbot.addWidget(dialog)
    shown = {cap.accessibleName() for cap in dialog.findChildren(Keycap)}
    table = {
        key for commands in commands_with_keys().values() for c in commands for key in c.shortcuts
    }
    assert shown == table
    assert {"Space", "F10", "Shift+F10", "Ctrl+S", "Ctrl+3", "F1"} <= shown


def test_about_dialog_says_what_the_program_is(qtbot):
    dialog = AboutDialog(DARK)
    qtbot.addWidget(dialog)
    texts = " ".join(label.text() for label in dialog.findChildren(type(dialog.line(""))))
    assert "Backscope" in texts
    assert "gradient descent" in texts
