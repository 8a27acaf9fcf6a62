"""One line of the list of breakpoints: whether it stops the run, where, and how often it did."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSizePolicy, QWidget

from gui.style import faint
from gui.theme import Theme, blend
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.fields.small_button import SmallButton
from gui.widgets.numerals import grouped
from model.training.debug_views import BreakpointView

_HOW: Final = "Enter lets it stop the run or not, Del removes it."


class BreakpointRow(QWidget):
    """Follows one breakpoint; the one that stopped the run is red and says with which value.

    `moved` asks for the focus to go up (−1) or down (1) the list.
    """

    enabled_requested = Signal(int, bool)
    delete_requested = Signal(int)
    moved = Signal(object, int)

    def __init__(self, view: BreakpointView, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self.theme = theme
        self._stop = ""
        self.check = _Check(self)
        self.text = ElidedLabel(self)
        self.hits = QLabel(self)
        self.remove = SmallButton(theme, "✕", self)
        self.stop = ElidedLabel(self)
        self.stop.hide()
        self._grid = QGridLayout(self)
        for column, widget in enumerate((self.check, self.text, self.hits, self.remove)):
            self._grid.addWidget(widget, 0, column)
        self._grid.addWidget(self.stop, 1, 1, 1, 3)
        self._grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.check.clicked.connect(self._on_check_clicked)
        self.check.delete_pressed.connect(self._on_remove_clicked)
        self.check.moved.connect(self._on_check_moved)
        self.remove.clicked.connect(self._on_remove_clicked)
        self.show_view(view, "")
        self.apply_theme(theme)

    @property
    def is_hit(self) -> bool:
        """Whether it is the one that stopped the run."""
        return self._stop != ""

    def show_view(self, view: BreakpointView, stop: str) -> None:
        """Show its condition; `stop` says with which value and where it stopped, empty if not."""
        self.view, self._stop = view, stop
        self.check.setChecked(view.enabled)
        self.text.set_text(view.text)
        self.hits.setText(f"{grouped(view.hits)}×" if view.hits else "")
        times = "once" if view.hits == 1 else f"{grouped(view.hits)} times"
        self.hits.setToolTip(f"It has stopped the run {times}." if view.hits else "")
        self.stop.set_text(stop)
        self.stop.setVisible(stop != "")
        self._name()
        self._colour()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        side, high = theme.px(8), theme.px(3)
        self._grid.setContentsMargins(side, high, theme.px(4), high)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(1))
        self._grid.setRowMinimumHeight(0, theme.px(22))
        self.remove.apply_theme(theme)
        self.hits.setFont(theme.font(11.5))
        self._colour()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_hit:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(self.theme.surface, self.theme.failure, 0.12))
        radius = self.theme.px(6)
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setBrush(QColor(self.theme.failure))
        bar = QRectF(0, 0, self.theme.px(3), self.height()).adjusted(0, radius, 0, -radius)
        painter.drawRoundedRect(bar, bar.width() / 2, bar.width() / 2)

    def _colour(self) -> None:
        theme, hit = self.theme, self.is_hit
        ink = theme.failure if hit else theme.text if self.view.enabled else faint(theme).name()
        weight = QFont.Weight.DemiBold if hit else QFont.Weight.Normal
        self.text.set_look(theme.font(13, weight=weight), QColor(ink))
        self.stop.set_look(theme.font(11.5), QColor(theme.text))
        self.hits.setStyleSheet(f"color: {theme.secondary}; background: transparent;")
        self.update()

    def _name(self) -> None:
        """What a screen reader says."""
        text = f"{self.view.text}: {self._stop}" if self.is_hit else self.view.text
        self.setAccessibleName(text)
        self.check.setAccessibleName(text)
        self.check.setToolTip(f"Stops the run here while it is ticked. {_HOW}")
        self.remove.setAccessibleName(f"Delete the breakpoint “{self.view.text}”")
        self.remove.setToolTip("Delete this breakpoint.")

    @Slot(bool)
    def _on_check_clicked(self, enabled: bool) -> None:
        self.enabled_requested.emit(self.view.number, enabled)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.delete_requested.emit(self.view.number)

    @Slot(int)
    def _on_check_moved(self, step: int) -> None:
        self.moved.emit(self, step)


class _Check(QCheckBox):
    """Enter toggles, as Space is left to whoever claims it as a shortcut; Del removes."""

    delete_pressed = Signal()
    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
