"""Pinned tensors: several of them in sight at once, whatever the inspector shows."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gui.panels import inspector_words as words
from gui.panels.inspector_reading import Moment, find, is_computed, sample_numbers
from gui.panels.inspector_tensors import is_probability, kind_of
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.overlay_scroll import OverlayScrollArea
from gui.widgets.tensor_card import TensorCard
from gui.widgets.tensor_numbers import Facts, facts_of
from model.analysis.expansion import Element
from model.arrays import Array
from model.nn.operations import TensorName
from model.training.snapshots import Snapshot

EMPTY: Final = "Nothing is pinned: choose a tensor in the inspector and press its “pin”."
CARD_WIDTH: Final = 200
"""Pixels before scaling that a card needs beside others: headings and two columns of numbers."""


class Pin(TensorCard):
    """The card of one tensor, which reads its numbers out of snapshots."""

    def __init__(self, name: TensorName, theme: Theme) -> None:
        super().__init__(str(name), theme)
        self.name = name
        self._array: Array | None = None
        self._known: Facts | None = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session; statistics are taken once an array."""
        view = find(snapshot, self.name)
        if view is None:
            self._array = self._known = None
            coming = is_computed(snapshot, self.name)
            self.subtitle.set_text("")
            self.show_message("" if coming else words.NOT_COMPUTED.format(self.name))
            return
        if view.array is not self._array or self._known is None:
            self._array, self._known = view.array, facts_of(view.array)
        kind = kind_of(self.name.name)
        numbers = sample_numbers(view)
        columns = kind.columns(self.name.layer, numbers)
        self.show_tensor(
            view.array,
            self._known,
            str(self.name),
            columns,
            kind.rows,
            probabilities=is_probability(snapshot, self.name),
        )
        time = words.time_of(view, kind, snapshot, Moment.AFTER)
        self.subtitle.set_text(f"{words.shape_text(view.array)} · {time}")
        self.set_failing(bool(self._known.non_finite))
        self.facts.set_text(words.summary(kind.symbol, self.name, self._known, numbers))


class PinnedPanel(Panel):
    """Cards side by side, as many as have room, and in rows below each other.

    `tensors_wanted(names)`: what the next snapshot should carry. `element_chosen(element)`: a cell
    of a card is selected.
    """

    name = "pinned"
    title = "Pinned"

    tensors_wanted = Signal(object)
    element_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._cards: dict[TensorName, Pin] = {}
        self._snapshot: Snapshot | None = None
        self._message = QLabel(EMPTY)
        self._scroll = OverlayScrollArea()
        self._inside = QWidget()
        self._box = QGridLayout(self._inside)
        self._pages = QStackedWidget()
        self._lay_out()
        self.apply_theme(theme)

    def pins(self) -> tuple[TensorName, ...]:
        """The pinned tensors in their order."""
        return tuple(self._cards)

    @property
    def wanted(self) -> tuple[TensorName, ...]:
        """What snapshots should carry for this panel."""
        return self.pins()

    def set_pins(self, names: Iterable[TensorName]) -> None:
        """Show these tensors and no others; cards that stay keep their place and selection."""
        wanted = tuple(dict.fromkeys(names))
        if wanted == self.pins():
            return
        for name in [name for name in self._cards if name not in wanted]:
            self._drop(name)
        self._cards = {name: self._cards.get(name) or self._made(name) for name in wanted}
        self._place()
        self._tell()

    @Slot(object)
    def pin(self, name: TensorName) -> None:
        """Show one more tensor, behind the others."""
        self.set_pins((*self._cards, name))

    def unpin(self, name: TensorName) -> None:
        """Show a tensor no longer."""
        self.set_pins(other for other in self._cards if other != name)

    def sizeHint(self) -> QSize:
        """Room for two small tensors."""
        return QSize(self.theme.px(370), self.theme.px(300))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(100))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session."""
        self._snapshot = snapshot
        for card in self._cards.values():
            card.show_snapshot(snapshot)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        super().apply_theme(theme)
        for card in self._cards.values():
            card.apply_theme(theme)
        self._message.setFont(theme.font(13))
        self._message.setStyleSheet(f"color: {theme.secondary}; padding: {theme.px(12)}px")
        side = theme.px(12)
        self._box.setContentsMargins(side, theme.px(2), side, theme.px(10))
        self._box.setSpacing(theme.px(14))
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for another number of cards side by side."""
        self._place()

    def _place(self) -> None:
        """The cards in rows, each as wide as the others."""
        cards = list(self._cards.values())
        most = max(1, self.width() // self.theme.px(CARD_WIDTH))
        columns = -(-len(cards) // -(-len(cards) // most)) if cards else 1
        for card in cards:
            self._box.removeWidget(card)
        for place, card in enumerate(cards):
            self._box.addWidget(card, *divmod(place, columns))
        for column in range(self._box.columnCount()):
            self._box.setColumnStretch(column, int(column < columns))

    def _lay_out(self) -> None:
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._scroll.setWidget(self._inside)
        self._pages.addWidget(self._message)
        self._pages.addWidget(self._scroll)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def _made(self, name: TensorName) -> Pin:
        card = Pin(name, self.theme)
        card.closed.connect(self._on_card_closed)
        card.table.element_selected.connect(self._on_table_element_selected)
        if self._snapshot is not None:
            card.show_snapshot(self._snapshot)
        return card

    def _drop(self, name: TensorName) -> None:
        card = self._cards.pop(name)
        self._box.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _tell(self) -> None:
        self._pages.setCurrentWidget(self._scroll if self._cards else self._message)
        count = len(self._cards)
        self.set_subtitle(f"{count} tensor{'s' if count > 1 else ''}" if count else "")
        self.tensors_wanted.emit(self.wanted)

    @Slot()
    def _on_card_closed(self) -> None:
        card = self.sender()
        if isinstance(card, Pin):
            self.unpin(card.name)

    @Slot(int, int)
    def _on_table_element_selected(self, row: int, column: int) -> None:
        card = next((c for c in self._cards.values() if c.table is self.sender()), None)
        if card is not None:
            self.element_chosen.emit(Element(card.name, row, column))
