"""The theme as Qt wants it: Fusion, a palette and a style sheet.

Explicit palettes, because asking Qt for a colour scheme does nothing on platforms without a theme.
"""

from string import Template
from typing import Final

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

import resources
from gui.theme import Theme, blend

_ROLES: Final = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "field",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "failure",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "secondary",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "grid",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "border",
    QPalette.ColorRole.Shadow: "border",
}
_TEXT_ROLES: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)

_SHEET: Final = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: ${p4}px; }
QMainWindow::separator { background: $window; width: ${p8}px; height: ${p8}px; }
QMainWindow::separator:hover { background: $border; }

QMenuBar, QMenu { font-size: ${p13}px; }
QMenuBar { background: $surface; color: $text; border: none; padding: ${p2}px ${p6}px 0 ${p6}px; }
QMenuBar::item { background: transparent; padding: ${p2}px ${p6}px; border-radius: ${p4}px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $field; }
QMenu { background: $surface; color: $text; border: 1px solid $border; padding: ${p4}px; }
QMenu::item { padding: ${p5}px ${p24}px ${p5}px ${p8}px; border-radius: ${p4}px; margin: 0; }
QMenu::item:selected { background: $accent_tint; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: ${p4}px ${p8}px; }
QMenu::icon { padding-left: ${p6}px; }
QMenu::indicator { width: ${p14}px; height: ${p14}px; padding-left: ${p6}px; }
QMenu::indicator:checked { image: url($icons/tick.svg); }
QMenu::right-arrow { width: ${p10}px; height: ${p10}px; }

QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $border; border-radius: ${p6}px;
    padding: ${p2}px ${p8}px; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $strong; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus {
    border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] {
    border-color: $failure; }
QComboBox::drop-down { border: none; width: ${p20}px; }
QComboBox::down-arrow { image: url($icons/chevron-down.svg);
    width: ${p10}px; height: ${p10}px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $border;
    padding: ${p4}px; outline: none; selection-background-color: $accent_tint;
    selection-color: $text; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    border: none; background: transparent; width: ${p16}px; }
QAbstractSpinBox::up-arrow { image: url($icons/chevron-up.svg); width: ${p8}px; height: ${p8}px; }
QAbstractSpinBox::down-arrow { image: url($icons/chevron-down.svg);
    width: ${p8}px; height: ${p8}px; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: $surface; color: $text; border: 1px solid $border;
    border-radius: ${p6}px; padding: ${p5}px ${p14}px; min-height: ${p18}px; }
QPushButton:hover { background: $field; border-color: $strong; }
QPushButton:pressed, QPushButton:checked { background: $accent_tint; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; }
QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton:default:focus { border-color: $text; }
QToolButton { background: transparent; color: $secondary; border: 1px solid transparent;
    border-radius: ${p6}px; padding: ${p2}px ${p6}px; }
QToolButton:hover { background: $field; color: $text; }
QToolButton:checked { background: $accent_tint; color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }

QCheckBox, QRadioButton { spacing: ${p6}px; }
QCheckBox::indicator, QRadioButton::indicator { width: ${p14}px; height: ${p14}px;
    background: $field; border: 1px solid $strong; }
QCheckBox::indicator { border-radius: ${p4}px; }
QRadioButton::indicator { border-radius: ${p7}px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked {
    background: $accent; border-color: $accent; image: url($icons/check.svg); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }

QSlider:horizontal { min-height: ${p20}px; }
QSlider::groove:horizontal { height: ${p4}px; background: $border; border-radius: ${p2}px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: ${p2}px; }
QSlider::handle:horizontal { background: $surface; border: ${p2}px solid $accent;
    width: ${p12}px; margin: -${p6}px 0; border-radius: ${p8}px; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: ${p10}px; }
QScrollBar:horizontal { height: ${p10}px; }
QScrollBar::handle { background: $strong; border-radius: ${p3}px; margin: ${p2}px; }
QScrollBar::handle:vertical { min-height: ${p24}px; }
QScrollBar::handle:horizontal { min-width: ${p24}px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTableView, QTableWidget, QTreeView, QListView { background: $surface; color: $text; border: none;
    gridline-color: $grid; selection-background-color: $accent_tint; selection-color: $text; }
QHeaderView, QHeaderView::section, QTableCornerButton::section { background: $surface;
    color: $secondary; border: none; padding: ${p2}px ${p4}px; font-size: ${p11}px; }
QTabBar { qproperty-drawBase: 0; }
QTabBar { font-size: ${p12}px; }
QTabBar::tab { background: transparent; color: $secondary; border: 1px solid transparent;
    border-radius: ${p6}px; padding: ${p3}px ${p6}px; margin: ${p2}px 1px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { background: $accent_tint; color: $accent; }
QTabBar::tab:focus { border-color: $accent; }
QTabBar::scroller { width: ${p40}px; }
QTabBar QToolButton { background: $surface; border: 1px solid $border; border-radius: ${p4}px;
    margin: ${p4}px 0; padding: 0; }
QTabBar QToolButton:disabled { background: transparent; border-color: transparent; }
QTabBar QToolButton::left-arrow { image: url($icons/chevron-left.svg); }
QTabBar QToolButton::right-arrow { image: url($icons/chevron-right.svg); }
QTabBar QToolButton::left-arrow:disabled, QTabBar QToolButton::right-arrow:disabled {
    image: none; }
""")

_LENGTHS: Final = (2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 18, 20, 24, 40)


def faint(theme: Theme) -> QColor:
    """The text of what is not available."""
    return blend(theme.surface, theme.secondary, 0.6)


def strong_border(theme: Theme) -> QColor:
    """The border of a control under the pointer, and a scroll bar's handle."""
    return blend(theme.border, theme.secondary, 0.35)


def palette(theme: Theme) -> QPalette:
    """Every role of Qt's palette from the theme's table."""
    colours = QPalette()
    for role, name in _ROLES.items():
        colours.setColor(role, QColor(getattr(theme, name)))
    for role in _TEXT_ROLES:
        colours.setColor(QPalette.ColorGroup.Disabled, role, faint(theme))
    return colours


def style_sheet(theme: Theme) -> str:
    """The style sheet with the theme's colours and its lengths at the theme's scale."""
    lengths = {f"p{length}": str(theme.px(length)) for length in _LENGTHS}
    return _SHEET.substitute(
        vars(theme),
        **lengths,
        faint=faint(theme).name(),
        strong=strong_border(theme).name(),
        icons=resources.path("icons", theme.name).as_posix(),
    )


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Restyle every widget of the application."""
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setFont(theme.font())
    app.setStyleSheet(style_sheet(theme))
