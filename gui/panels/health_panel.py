"""How each layer is doing: what is wrong and what to try, its numbers, its gradients over time."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QLabel, QVBoxLayout, QWidget

from gui.panels import health_words as words
from gui.panels.health_cards import AdviceCard
from gui.panels.health_picture import EPOCH, NORM, GradientPicture
from gui.panels.health_rows import LayerRow
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.numerals import grouped
from gui.widgets.overlay_scroll import OverlayScrollArea
from gui.widgets.plot import PlotWidget
from model.analysis.layer_health import HealthView
from model.training.snapshots import Snapshot

_BESIDE: Final = 720
"""Pixels of width before scaling from which the plot stands beside the layers."""
_PLOT: Final = (180, 300)
"""Least and greatest height of the plot before scaling."""
_SIDE, _GAP = 12, 14
_SHARES: Final = (1.0, 0.85, 0.7, 0.55, 0.45)
"""Parts of a figure's type size that are tried for every layer to be shown."""


class HealthPanel(Panel):
    """Advice on top, a row for each layer, and the gradient norms over the epochs."""

    name = "health"
    title = "Layer health"
    keys = (
        (("↑", "↓"), "Scroll"),
        (("Page Up", "Page Down"), "Scroll further"),
        (("←", "→"), "The gradient norms of one epoch"),
        (("Home", "End"), "The first or the last epoch"),
        (("Esc",), "Let go of the epoch"),
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._view: HealthView | None = None
        self._generation: int | None = None
        self.cards: list[AdviceCard] = []
        self.rows: list[LayerRow] = []
        self._build(theme)
        self._show(None)
        self._restyle()

    def _build(self, theme: Theme) -> None:
        self._content = QWidget()
        self.message = QLabel(words.EMPTY, self._content)
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.plot = PlotWidget(theme, EPOCH, NORM)
        self.plot.setParent(self._content)
        self.plot.setAccessibleName("Gradient norm of each layer over the epochs")
        self.plot.setToolTip(
            "Point at an epoch, or press ← →, for the gradient norm of each layer."
        )
        self.picture = GradientPicture(self.plot)
        self.scroll_area = OverlayScrollArea(self)
        self.scroll_area.setWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.scroll_area)
        self.setFocusProxy(self.plot)
        self.plot.installEventFilter(self)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.plot.unhovered.connect(self._on_plot_unhovered)

    @property
    def view(self) -> HealthView | None:
        """What is drawn."""
        return self._view

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw its layers; a snapshot without health keeps what was drawn of the same run."""
        again = snapshot.generation != self._generation
        self._generation = snapshot.generation
        if snapshot.health is not None or again:
            self._show(snapshot.health)

    def sizeHint(self) -> QSize:
        """Room for three layers."""
        return QSize(self.theme.px(360), self.theme.px(420))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(220), self.theme.px(100))

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for part in (*self.cards, *self.rows):
            part.apply_theme(theme)
        self.plot.apply_theme(theme)
        self._restyle()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """Everything at once, in a type so small that every layer has room."""
        if self._view is None:
            return
        for share in _SHARES:
            theme = self.theme.scaled(self.theme.scale * share)
            if self._figure_height(area.width(), theme) <= area.height():
                break
        gap, top = theme.px(8), area.top()
        for card in self.cards:
            box = QRectF(area.left(), top, area.width(), card.height_for(area.width(), theme))
            card.draw(painter, box, theme)
            top = box.bottom() + gap
        left = QRectF(area.left(), top, _left_width(area.width()), 0)
        for row in self.rows:
            box = QRectF(left.left(), top, left.width(), row.height_for(left.width(), theme))
            row.draw(painter, box, theme)
            top = box.bottom() + gap
        right = QRectF(area)
        right.setLeft(left.right() + 2 * gap)
        right.setTop(left.top())
        right.setHeight(min(right.height(), right.width()))
        frame = self.plot.extent.width() - self.plot.rect_of_plot.width()
        self.picture.fit(right.width() - frame)
        self.plot.draw_figure(painter, right)
        self.picture.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.picture.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._press(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The plot's keys, before the scroll area around it takes them."""
        if watched is self.plot and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            return pressed and self._press(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _press(self, key: Qt.Key) -> bool:
        """Whether a key means something here, and what it means is done."""
        act = self._keys().get(key)
        if act is not None and self._view is not None:
            act()
        return act is not None

    def _keys(self) -> dict[Qt.Key, Callable[[], None]]:
        scroll, action = self.scroll_area.verticalScrollBar(), QAbstractSlider.SliderAction
        picture = self.picture
        return {
            Qt.Key.Key_Up: lambda: scroll.triggerAction(action.SliderSingleStepSub),
            Qt.Key.Key_Down: lambda: scroll.triggerAction(action.SliderSingleStepAdd),
            Qt.Key.Key_PageUp: lambda: scroll.triggerAction(action.SliderPageStepSub),
            Qt.Key.Key_PageDown: lambda: scroll.triggerAction(action.SliderPageStepAdd),
            Qt.Key.Key_Left: lambda: self._move(-1),
            Qt.Key.Key_Right: lambda: self._move(1),
            Qt.Key.Key_Home: lambda: picture.point_at(0),
            Qt.Key.Key_End: lambda: picture.point_at(picture.count - 1),
            Qt.Key.Key_Escape: lambda: picture.point_at(None),
        }

    def _move(self, way: int) -> None:
        """The cursor starts at the last epoch."""
        start, last = self.picture.cursor, self.picture.count - 1
        self.picture.point_at(last if start is None else max(0, min(last, start + way)))

    def _show(self, view: HealthView | None) -> None:
        self._view = view
        self.message.setVisible(view is None)
        self.plot.setVisible(view is not None)
        self._show_advice(view)
        self._show_layers(view)
        self._arrange()
        self.picture.take(view)
        self.set_subtitle("" if view is None else _subtitle(view))

    def _show_advice(self, view: HealthView | None) -> None:
        texts: list[tuple[str, str]] = []
        if view is not None:
            texts = [(advice.sentence, advice.remedy) for advice in view.advice]
            texts = texts or [(words.nothing_unusual(view), "")]
        while len(self.cards) < len(texts):
            card = AdviceCard("", "", self.theme, self._content)
            card.show()
            self.cards.append(card)
        for card in self.cards[len(texts) :]:
            card.hide()
            card.deleteLater()
        del self.cards[len(texts) :]
        for card, (sentence, remedy) in zip(self.cards, texts, strict=True):
            if (sentence, remedy) != (card.sentence, card.remedy):
                card.show_text(sentence, remedy)

    def _show_layers(self, view: HealthView | None) -> None:
        layers = () if view is None else view.layers
        while len(self.rows) < len(layers):
            row = LayerRow(self.theme, self._content)
            row.show()
            self.rows.append(row)
        for row in self.rows[len(layers) :]:
            row.hide()
            row.deleteLater()
        del self.rows[len(layers) :]
        flagged = set() if view is None else {advice.layer for advice in view.advice}
        for row, layer in zip(self.rows, layers, strict=True):
            row.show_layer(layer, layer.layer in flagged)

    def _arrange(self) -> None:
        """Cards, layers and plot below each other, in a wide panel the plot beside the layers.

        Placed by hand: a scroll area does not ask how high a text is at its width.
        """
        theme, px = self.theme, self.theme.px
        side, inner = px(_SIDE), self.width() - 2 * px(_SIDE)
        self.message.setGeometry(side, 0, inner, self.height())
        top = px(4)
        for card in self.cards:
            height = math.ceil(card.height_for(inner, theme))
            card.setGeometry(side, top, inner, height)
            top += height + px(8)
        wide, beside = self.width() >= px(_BESIDE), top
        left = round(_left_width(inner)) if wide else inner
        for row in self.rows:
            height = math.ceil(row.height_for(left, theme))
            row.setGeometry(side, top, left, height)
            top += height + px(10)
        place = (side + left + px(_GAP), beside) if wide else (side, top)
        width = inner - left - px(_GAP) if wide else inner
        self.plot.setGeometry(*place, width, px(_PLOT[wide]))
        bottom = max(top, place[1] + px(_PLOT[wide]) + px(8))
        self._content.setMinimumHeight(bottom if self._view is not None else 0)

    def _figure_height(self, width: float, theme: Theme) -> float:
        cards = [card.height_for(width, theme) for card in self.cards]
        rows = [row.height_for(_left_width(width), theme) for row in self.rows]
        return sum(cards) + sum(rows) + theme.px(8) * (len(cards) + len(rows))

    def _restyle(self) -> None:
        theme = self.theme
        self.message.setFont(theme.font(13))
        self.message.setStyleSheet(f"color: {theme.secondary};")
        self._arrange()

    @Slot(QPointF)
    def _on_plot_hovered(self, pixel: QPointF) -> None:
        if self.picture.count:
            self.picture.point_at(self.picture.index_at(pixel))

    @Slot()
    def _on_plot_unhovered(self) -> None:
        self.picture.point_at(None)


def _left_width(width: float) -> float:
    """What the layers take of a figure, beside the plot."""
    return 0.58 * width


def _subtitle(view: HealthView) -> str:
    count = len(view.advice)
    said = "nothing unusual" if not count else "1 warning" if count == 1 else f"{count} warnings"
    return f"epoch {grouped(view.epoch)} · {said}"
