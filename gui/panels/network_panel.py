"""The network: every unit, weight and bias, the gradients behind them, one sample's way through."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.panels.layer_menu import layer_menu
from gui.panels.network_card import card_text
from gui.panels.network_drag import Drag, parameter_at
from gui.panels.network_edges import Shows
from gui.panels.network_focus import Focus, focus_of
from gui.panels.network_focus import legend as focus_legend
from gui.panels.network_heading import CHOICES, LEGENDS, SAMPLE_AND_LEGEND, subtitle
from gui.panels.network_keys import along_weights, beside, tensor_of
from gui.panels.network_layout import Edge, Fold, Part, Unit
from gui.panels.network_numbers import ShownNumbers, focused_numbers, shown_numbers
from gui.panels.network_painter import NetworkPainter
from gui.panels.network_picture import NetworkPicture, architecture
from gui.panels.network_spotlight import Spotlight
from gui.panels.panel import WAITING, LegendEntry, Panel
from gui.theme import Theme
from gui.widgets.choice_chips import ChoiceChips
from gui.widgets.hover_card import HoverCard
from model.training.snapshots import Probe, Snapshot

_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_TIP: Final = (
    "Point at a unit or a weight, or go there with the arrow keys, for its numbers."
    " Click, or press Enter, to open it in the inspector."
)
_DEBUG_TIP: Final = (
    f"{_TIP} While paused, drag a weight or a unit's bias up or down with Ctrl to change it;"
    " a right click offers what can be done with its layer."
)
_OPENING_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NetworkPanel(Panel):
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
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setToolTip(_TIP)
        self.shows = Shows.BOTH
        self.debugging = False
        self._snapshot: Snapshot | None = None
        self._numbers: ShownNumbers | None = None
        self._light: Spotlight | None = None
        self._picture: NetworkPicture | None = None
        self._hovered: Part | None = None
        self._chosen: Part | None = None
        self._drag: Drag | None = None
        self._painter = NetworkPainter(theme)
        self._card = HoverCard(theme, self)
        self._switch = ChoiceChips("Edges show", CHOICES, QHBoxLayout(), theme, wide=4, gap=2)
        self._switch.chosen.connect(self._on_switch_chosen)

    @property
    def lit(self) -> Part | None:
        """The part that stands out: dragged, beneath the mouse, or else chosen by keyboard."""
        if self._drag is not None:
            return self._drag.part
        if self._hovered is not None:
            return self._hovered
        return self._chosen if self.hasFocus() else None

    @property
    def focus(self) -> Focus | None:
        """The operation that stands out while debugging."""
        if not self.debugging or self._snapshot is None:
            return None
        return focus_of(self._snapshot)

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

    def legend(self) -> tuple[LegendEntry, ...]:
        """The operation's tensors, or what the switch lets through.

        A sample's values need their room.
        """
        if (focus := self.focus) is not None:
            return focus_legend(focus)
        return () if self._is_crowded() else LEGENDS[self.shows]

    def head_widgets(self) -> tuple[QWidget, ...]:
        """The switch between weights, gradients and both."""
        return (self._switch,)

    def sizeHint(self) -> QSize:
        """Room for the lab's network."""
        return QSize(self.theme.px(560), self.theme.px(360))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(120))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw this state; the geometry is kept while the architecture stays the same."""
        before, self._snapshot = self._snapshot, snapshot
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
        self._painter = NetworkPainter(theme)
        self._card.apply_theme(theme)
        self._switch.apply_theme(theme)
        self._picture = None
        self._forget_numbers()
        super().apply_theme(theme)

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The picture at any size, without what the mouse lights up."""
        painter.save()
        painter.translate(area.topLeft())
        if self._snapshot is None:
            self._paint_empty(painter, QRectF(0, 0, area.width(), area.height()))
        else:
            picture = NetworkPicture.of(self._snapshot, area.width(), area.height(), self.theme)
            numbers = shown_numbers(self._snapshot, picture.layout)
            light = self._spotlight(self._snapshot, picture, numbers)
            self._painter.paint(painter, picture, numbers, self.shows, light=light)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the current state."""
        painter = QPainter(self)
        if self._snapshot is None:
            self._paint_empty(painter, QRectF(self.rect()))
        else:
            picture = self._current_picture(self._snapshot)
            if self._numbers is None:
                shown = self._drag.preview(self._snapshot) if self._drag else self._snapshot
                self._numbers = shown_numbers(shown, picture.layout)
                self._light = self._spotlight(shown, picture, self._numbers)
            self._painter.paint(painter, picture, self._numbers, self.shows, self.lit, self._light)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size has another geometry."""
        self._picture = None
        self._forget_numbers()
        self._end_drag()
        self._hover(None)
        self._card.hide()
        if self._probe is not None:
            self.heading_changed.emit()

    def event(self, event: QEvent) -> bool:
        """The tooltip is for the ground; of a part the card speaks."""
        if event.type() == QEvent.Type.ToolTip and self._hovered is not None:
            return True
        return super().event(event)

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
        """Arrows move among units, with Shift among a unit's weights; Enter opens, Esc leaves."""
        key = Qt.Key(event.key())
        if self._snapshot is None:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape and self._drag is not None:
            self._end_drag()
            self._update_card()
        elif key in _ARROWS:
            self._move(key, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in _OPENING_KEYS and self._chosen is not None:
            self._open(self._chosen)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab shows where the arrow keys start."""
        by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if by_keyboard and self._snapshot is not None:
            self._choose(self._chosen or Unit(0, 0))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another widget has the keyboard."""
        self._end_drag()
        self._card.hide()
        self.update()

    @Slot(str)
    def _on_switch_chosen(self, value: str) -> None:
        self.shows = Shows(value)
        self.heading_changed.emit()
        self.update()

    @property
    def _probe(self) -> Probe | None:
        return self._snapshot.probe if self._snapshot is not None else None

    def _is_crowded(self) -> bool:
        return self._probe is not None and self.width() < self.theme.px(SAMPLE_AND_LEGEND)

    def _current_picture(self, snapshot: Snapshot) -> NetworkPicture:
        if self._picture is None:
            self._picture = NetworkPicture.of(snapshot, self.width(), self.height(), self.theme)
        return self._picture

    def _spotlight(
        self, snapshot: Snapshot, picture: NetworkPicture, numbers: ShownNumbers
    ) -> Spotlight | None:
        focus = self.focus
        if focus is None:
            return None
        return Spotlight(focus, focused_numbers(numbers, snapshot, picture.layout, focus))

    def _show_switch(self) -> None:
        """The switch has no say while an operation stands out."""
        if self._switch.parentWidget() is not None:
            self._switch.setVisible(self.focus is None)

    def _forget_numbers(self) -> None:
        self._numbers = self._light = None

    def _forget_geometry(self) -> None:
        self._picture = None
        self._forget_numbers()
        self._chosen = None
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

    def _part_at(self, point: QPointF) -> Part | None:
        if self._snapshot is None:
            return None
        return self._current_picture(self._snapshot).part_at(point)

    def _hover(self, part: Part | None, at: QPoint | None = None) -> None:
        if part == self._hovered:
            return
        self._hovered = part
        self._show_cursor(Qt.KeyboardModifier.NoModifier)
        if part is None or at is None:
            self._card.hide()
        else:
            self._show_card(part, at)
        self.update()

    def _move(self, key: Qt.Key, among_weights: bool) -> None:
        if self._snapshot is None:
            return
        layout = self._current_picture(self._snapshot).layout
        layers, rows = _ARROWS[key]
        if among_weights:
            self._choose(along_weights(self._chosen, layout, layers + rows))
        else:
            self._choose(beside(self._chosen, layout, layers, rows))

    def _choose(self, part: Part | None) -> None:
        self._chosen, self._hovered = part, None
        if part is None:
            self._card.hide()
        else:
            self._show_card(part, self.mapToGlobal(self._place_of(part)))
        self.update()

    def _place_of(self, part: Part) -> QPoint:
        if self._snapshot is None:
            return QPoint()
        layout = self._current_picture(self._snapshot).layout
        if isinstance(part, Edge):
            middle = layout.curves[layout.edges.index(part)].mean(axis=0)
            return QPoint(round(middle[0]), round(middle[1]))
        column = layout.columns[part.layer]
        height = column.height_of(part.index) if isinstance(part, Unit) else column.fold_y
        return QPoint(round(column.x), round(height or 0.0))

    def _show_card(self, part: Part, at: QPoint) -> None:
        if self._snapshot is None:
            return
        text = card_text(part, self._snapshot, self._current_picture(self._snapshot).layout)
        self.setAccessibleDescription(text.plain())
        self._card.show_text(text, at)

    def _update_card(self) -> None:
        if self._drag is not None:
            return
        if self._card.isVisible() and self._snapshot is not None and self.lit is not None:
            layout = self._current_picture(self._snapshot).layout
            self._card.change_text(card_text(self.lit, self._snapshot, layout))

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

    def _paint_empty(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self.theme.font(13))
        painter.setPen(QColor(self.theme.secondary))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        margin = self.theme.px(12)
        painter.drawText(area.adjusted(margin, margin, -margin, -margin), int(flags), WAITING)
