"""The head of a panel: what it is, what it shows, its legend, its small actions and its menu."""

from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.card import Share, paint_card
from gui.widgets.elided_label import SEPARATOR, ElidedLabel
from gui.widgets.glyphs import Glyph, glyph_icon
from gui.widgets.legend import Legend, legend_width, words_of

HEIGHT: Final = 34
_ENOUGH: Final = 110
"""Pixels before scaling of a subtitle beside which the title stays, whatever is cut off."""
_HOW: Final = "Drag to move this panel, double-click to float it or put it back."


class PanelHead(QWidget):
    """Follows the panel's `heading_changed`; dragging moves the dock, a double click floats it."""

    float_requested = Signal()
    hide_requested = Signal()

    def __init__(self, panel: Panel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self._title = ElidedLabel(self)
        self._title.set_text(panel.heading)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._subtitle = ElidedLabel(self)
        self._subtitle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._legend = Legend(theme, self)
        self._small = panel.head_widgets()
        self._menu_button = self._build_menu()
        self._row = QHBoxLayout(self)
        for widget in (self._title, self._subtitle, self._legend, *self._small, self._menu_button):
            stretch = 1 if widget is self._subtitle else 0
            self._row.addWidget(widget, stretch, Qt.AlignmentFlag.AlignVCenter)
        panel.heading_changed.connect(self._on_panel_heading_changed)
        self.apply_theme(theme)
        self._on_panel_heading_changed()

    @property
    def subtitle(self) -> ElidedLabel:
        """The line behind the title."""
        return self._subtitle

    @property
    def legend(self) -> Legend:
        """The marks at the right, as many as there is room for."""
        return self._legend

    def set_floating(self, floating: bool) -> None:
        """Word the menu for a dock that floats or does not."""
        self._float_action.setText("Put back" if floating else "Float")

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        bold = theme.font(12.5, weight=QFont.Weight.DemiBold)
        self._title.set_look(bold, QColor(theme.text))
        self._subtitle.set_look(theme.font(11.5), QColor(theme.secondary))
        self._legend.apply_theme(theme)
        side = theme.px(14)
        colour = QColor(theme.secondary)
        self._menu_button.setIcon(glyph_icon(Glyph.MORE, colour, colour, side))
        self._menu_button.setIconSize(QSize(side, side))
        self._menu_button.setFixedSize(theme.px(24), theme.px(22))
        self._row.setContentsMargins(theme.px(12), theme.px(2), theme.px(6), 0)
        self._row.setSpacing(theme.px(7))
        self.setFixedHeight(theme.px(HEIGHT))
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.theme.px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_card(QPainter(self), QRectF(self.rect()), Share.TOP, self.theme)

    def _build_menu(self) -> QToolButton:
        button = QToolButton(self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(f"Float or hide the panel “{self._panel.title}”.")
        button.setAccessibleName(f"{self._panel.title}: panel menu")
        menu = QMenu(button)
        self._float_action = menu.addAction("Float", self.float_requested.emit)
        menu.addAction("Hide", self.hide_requested.emit)
        self._menu = menu
        button.clicked.connect(self._on_menu_button_clicked)
        return button

    def _fit(self) -> None:
        """The first part of the subtitle stays before the legend does, and before the title."""
        margins = self._row.contentsMargins()
        small = (widget for widget in self._small if not widget.isHidden())
        others = (self._title, *small, self._menu_button)
        taken = sum(w.sizeHint().width() for w in others)
        gaps = self._row.spacing() * (len(others) + 1)
        free = self.width() - margins.left() - margins.right() - taken - gaps
        readable = self._subtitle.width_of(self._subtitle.text.partition(SEPARATOR)[0])
        entries = every = self._panel.legend()
        while entries and legend_width(entries, self.theme) + 1 > free - readable:
            entries = entries[:-1]
        # A few of many marks say less than none.
        self._legend.set_entries(entries if 2 * len(entries) >= len(every) else ())
        self._legend.setVisible(2 * len(entries) >= len(every) > 0)
        self._title.setVisible(min(readable, self.theme.px(_ENOUGH)) <= free)

    @Slot()
    def _on_panel_heading_changed(self) -> None:
        if self._panel.heading != self._title.text:
            self._title.set_text(self._panel.heading)
            self._title.updateGeometry()
        self._subtitle.set_text(self._panel.subtitle)
        self.setToolTip("\n".join(filter(None, (words_of(self._panel.legend()), _HOW))))
        self._fit()

    @Slot()
    def _on_menu_button_clicked(self) -> None:
        corner = QPoint(self._menu_button.width(), self._menu_button.height())
        width = self._menu.sizeHint().width()
        self._menu.popup(self._menu_button.mapToGlobal(corner) - QPoint(width, 0))
