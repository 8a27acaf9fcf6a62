"""The network: every unit, weight and bias, the gradients behind them, one sample's way through."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.panels.layer_menu import layer_menu
from gui.panels.network_card import card_text
from gui.panels.network_drag import Drag, parameter_at
from gui.panels.network_edges import Shows
from gui.panels.network_heading import CHOICES, subtitle
from gui.panels.network_keys import tensor_of
from gui.panels.network_layout import Edge, Fold, Part, Unit
from gui.panels.network_picture import architecture
from gui.panels.network_pointing import NetworkPointing
from gui.theme import Theme
from gui.widgets.choice_chips import ChoiceChips
from model.training.snapshots import Snapshot

_TIP: Final = (
    "Point at a unit or a weight, or go there with the arrow keys, for its numbers."
    " Click, or press Enter, to open it in the inspector."
)
_DEBUG_TIP: Final = (
    f"{_TIP} While paused, drag a weight or a unit's bias up or down with Ctrl to change it;"
    " a right click offers what can be done with its layer."
)
_OPENING_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NetworkPanel(NetworkPointing):
    """Weight as colour and width, |gradient| as a band behind it, bias as a square in the disc.

    `tensor_requested(name, layer, row, column)`: the user wants a tensor in the inspector.
    The name is "W" or "b", layers count from 1, rows and columns from 0; −1 stands for all.
    While debugging it is the current operation's tensor wherever that has a number at the part,
    and `element_requested(element)` asks for that number to be explained. While debugging and
    paused `edit_requested(element, value)` wishes for another weight or bias, and
    `layer_requested(wish, layer)` for one of "zero", "redraw", "freeze" and "free".
    """

    name = "network"
    title = "Network"
    keys = (
        (("←", "→", "↑", "↓"), "From unit to unit"),
        (("Shift+←", "Shift+→"), "Among the weights of a unit"),
        (("Enter",), "Open it in the inspector"),
        (("Esc",), "Let go of the unit"),
        (("Ctrl+drag",), "Change a weight or a bias (Debug, paused)"),
    )

    tensor_requested = Signal(str, int, int, int)
    element_requested = Signal(object)
    edit_requested = Signal(object, float)
    layer_requested = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setToolTip(_TIP)
        self._drag: Drag | None = None
        self._wished: Drag | None = None
        self._switch = ChoiceChips("Edges show", CHOICES, QHBoxLayout(), theme, wide=4, gap=2)
        self._switch.chosen.connect(self._on_switch_chosen)

    @property
    def lit(self) -> Part | None:
        """The part that stands out: dragged, beneath the mouse, or else chosen by keyboard."""
        return self._drag.part if self._drag is not None else super().lit

    def set_debugging(self, debugging: bool) -> None:
        """Let the current operation stand out, or show the whole network alike."""
        if debugging == self.debugging:
            return
        self.debugging = debugging
        self.setToolTip(_DEBUG_TIP if debugging else _TIP)
        self._end_drag()
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)
        self._show_switch()
        self.heading_changed.emit()

    def head_widgets(self) -> tuple[QWidget, ...]:
        """The switch between weights, gradients and both."""
        return (self._switch,)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw this state; the geometry is kept while the architecture stays the same."""
        before, self._snapshot = self._snapshot, snapshot
        self._wished = None
        self._forget_numbers()
        if self._drag is not None and not self._drag.holds(snapshot):
            self._end_drag()
        if before is None or architecture(before) != architecture(snapshot):
            self._forget_geometry()
        elif before.frozen_layers != snapshot.frozen_layers:
            self._picture = None
        self._show_switch()
        self.set_subtitle(subtitle(snapshot, self.focus))
        self._update_card()
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self._switch.apply_theme(theme)
        super().apply_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size has another geometry."""
        self._picture = None
        self._forget_numbers()
        self._end_drag()
        self._hover(None)
        self._card.hide()
        if self._probe is not None:
            self.heading_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what is beneath the mouse and say its numbers, or go on dragging it."""
        if self._drag is not None:
            self._drag_to(event)
            return
        self._hover(self._part_at(event.position()), event.globalPosition().toPoint())
        self._show_cursor(event.modifiers())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is beneath the mouse any more, unless it drags something along."""
        if self._drag is None:
            self._hover(None)

    def hideEvent(self, event: QHideEvent) -> None:
        """The card does not outlive the panel's picture."""
        self._end_drag()
        self._hover(None)
        self._card.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the tensor of what was clicked, or with Ctrl begin to change the number."""
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        part = self._part_at(event.position())
        if isinstance(part, Unit | Edge):
            self._chosen = part
        if self._may_drag(event.modifiers()) and self._snapshot is not None:
            self._drag = Drag.of(part, self._snapshot, event.position().y())
        if self._drag is None:
            self._open(part)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Wish for the number that was dragged to; without a move it was a click."""
        drag = self._drag
        if drag is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        self._end_drag()
        if drag.changed:
            self._wished = drag
            self.edit_requested.emit(drag.element, drag.value)
        elif event.position().y() == drag.y:
            self._open(drag.part)
        self._hover(None)
        self._hover(self._part_at(event.position()), event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the layer beneath the mouse, or of the chosen part."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        part = self._part_at(QPointF(event.pos())) if by_mouse else self.lit
        if not self.debugging or self._snapshot is None or part is None or part.layer == 0:
            super().contextMenuEvent(event)
            return
        place = event.globalPos() if by_mouse else self.mapToGlobal(self._place_of(part))
        self._end_drag()
        self._card.hide()
        layer_menu(self, part.layer, self._snapshot, self.layer_requested).popup(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens what is chosen, Esc leaves a dragged number as it was."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._drag is not None:
            self._end_drag()
            self._update_card()
        elif key in _OPENING_KEYS and self._chosen is not None:
            self._open(self._chosen)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another widget has the keyboard."""
        self._end_drag()
        super().focusOutEvent(event)

    @Slot(str)
    def _on_switch_chosen(self, value: str) -> None:
        self.shows = Shows(value)
        self.heading_changed.emit()
        self.update()

    @property
    def _shown(self) -> Snapshot | None:
        """With the number that is dragged, or that was until the session has taken it over."""
        drag = self._drag or self._wished
        if drag is None or self._snapshot is None:
            return self._snapshot
        return drag.preview(self._snapshot)

    def _show_switch(self) -> None:
        """The switch has no say while an operation stands out."""
        if self._switch.parentWidget() is not None:
            self._switch.setVisible(self.focus is None)

    def _forget_geometry(self) -> None:
        self._picture = None
        self._forget_numbers()
        self._chosen = self._marked = None
        self._end_drag()
        self._hover(None)
        self._card.hide()

    def _may_drag(self, modifiers: Qt.KeyboardModifier) -> bool:
        return self.debugging and bool(modifiers & Qt.KeyboardModifier.ControlModifier)

    def _drag_to(self, event: QMouseEvent) -> None:
        """Show what a release would set, in the picture and in the card."""
        drag = self._drag
        if drag is None or self._snapshot is None:
            return
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._drag = drag.moved_to(event.position().y(), self.theme.scale, fine)
        layout = self._current_picture(self._snapshot).layout
        text = self._drag.card_text(card_text(drag.part, self._snapshot, layout).title)
        self._card.show_text(text, event.globalPosition().toPoint())
        self._forget_numbers()
        self.update()

    def _end_drag(self) -> None:
        """Leave the number as it was."""
        if self._drag is not None:
            self._drag = None
            self._forget_numbers()
            self.update()

    def _show_cursor(self, modifiers: Qt.KeyboardModifier) -> None:
        part, snapshot = self._hovered, self._snapshot
        shape = Qt.CursorShape.ArrowCursor
        if isinstance(part, Unit | Edge | Fold) and snapshot is not None:
            draggable = self._may_drag(modifiers) and parameter_at(part, snapshot) is not None
            shape = Qt.CursorShape.SizeVerCursor if draggable else Qt.CursorShape.PointingHandCursor
        if shape != self.cursor().shape():
            self.setCursor(shape)

    def _open(self, part: Part | None) -> None:
        if part is None or self._snapshot is None:
            return
        element = self.focus.element_at(part) if self.focus is not None else None
        if element is not None:
            self.tensor_requested.emit(*element.tensor, element.row, element.column)
            self.element_requested.emit(element)
            return
        wish = tensor_of(part, self._current_picture(self._snapshot).layout)
        if wish is not None:
            self.tensor_requested.emit(*wish)
