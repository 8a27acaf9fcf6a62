"""A panel's place in the window: a card that can be dragged, floated, hidden and stacked."""

from typing import Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QApplication, QDockWidget, QSizePolicy, QWidget

from gui.panels.panel import Panel
from gui.theme import Theme, Themed
from gui.widgets.card import Card, Share
from gui.widgets.panel_head import PanelHead

SETUP_WIDTH: Final = 236
_LEAST: Final = QSize(120, 80)


class PanelDock(QDockWidget):
    """Shows one panel under its head."""

    def __init__(self, panel: Panel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(panel.title, parent)
        self.panel = panel
        self.setObjectName(panel.name)
        self.head = PanelHead(panel, theme, self)
        self._card = Card(panel, Share.BOTTOM, theme, self)
        self.setTitleBarWidget(self.head)
        self.setWidget(self._card)
        self.head.float_requested.connect(self._on_head_float_requested)
        self.head.hide_requested.connect(self.hide)
        self.topLevelChanged.connect(self._on_top_level_changed)
        self.visibilityChanged.connect(self._on_visibility_changed)
        self.toggleViewAction().setToolTip(f"Show or hide the panel “{panel.title}”.")
        # A fixed least size, so that no content can force the window off a small screen.
        self._card.setMinimumSize(_LEAST)

    def apply_theme(self, theme: Theme) -> None:
        """Restyle the head, the card and the panel."""
        self.head.apply_theme(theme)
        self._card.apply_theme(theme)
        self.panel.apply_theme(theme)

    @Slot()
    def _on_head_float_requested(self) -> None:
        self.setFloating(not self.isFloating())

    @Slot(bool)
    def _on_top_level_changed(self, floating: bool) -> None:
        self._card.show_grip(floating)
        self.head.set_floating(floating)

    @Slot(bool)
    def _on_visibility_changed(self, visible: bool) -> None:
        """Nobody types into a panel that has come to lie behind another."""
        focused = QApplication.focusWidget()
        if focused is not None and not visible and self.isVisible() and self.isAncestorOf(focused):
            focused.clearFocus()


class SetupDock(QDockWidget):
    """The settings at the left: a card without a head, which stays where it is."""

    def __init__(self, setup: QWidget, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Set-up", parent)
        self._setup = setup
        self.setObjectName("setup")
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        bare = QWidget(self)
        bare.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        bare.setFixedHeight(0)
        self.setTitleBarWidget(bare)
        self._card = Card(setup, Share.WHOLE, theme, self)
        self.setWidget(self._card)
        self.toggleViewAction().setToolTip("Show or hide the settings.")
        self._set_limits(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Restyle the card and, where it takes a theme, what is on it."""
        self._card.apply_theme(theme)
        if isinstance(self._setup, Themed):
            self._setup.apply_theme(theme)
        self._set_limits(theme)

    def _set_limits(self, theme: Theme) -> None:
        self._card.setMinimumSize(theme.px(SETUP_WIDTH - 56), theme.px(90))
        self.setMaximumWidth(theme.px(SETUP_WIDTH + 64))
