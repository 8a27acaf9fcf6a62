"""One layer as a row: its name and shares, and how W, A and dW are spread."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.panels import health_words as words
from gui.panels.health_bars import (
    TEXT,
    bars_height,
    draw_tensor,
    height_of,
    metrics_of,
    tensor_height,
)
from gui.theme import Theme
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.painted import PaintedWidget
from model.analysis.layer_health import LayerHealth

_NAME: Final = 12.5
_GAP: Final = 10
_SHARE: Final = 44
"""Width of the bar that shows a share."""
_LEAST: Final = 16
"""A bar narrower than this shows nothing."""


class LayerRow(PaintedWidget):
    """Draws one layer; a `flagged` one, of which an advice speaks, is marked with a sign."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._layer: LayerHealth | None = None
        self._flagged = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_layer(self, layer: LayerHealth, flagged: bool) -> None:
        """Draw this layer."""
        self._layer, self._flagged = layer, flagged
        unwell = ", see the advice" if flagged else ""
        self.setAccessibleName(f"{words.title_of(layer)}{unwell}")
        self.setAccessibleDescription(words.description_of(layer))
        self.update()

    def height_for(self, width: float, theme: Theme) -> float:
        """The height of the row; in a narrow one the numbers stand below the name."""
        one = self._on_one_line(width, theme)
        head = height_of(_NAME, theme) + (0.0 if one else height_of(TEXT, theme))
        return head + tensor_height(theme) + theme.px(5)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """The row into `area`, for the screen and for a file."""
        if self._layer is None:
            return
        below = self._draw_head(painter, area, theme)
        for column, (name, histogram, norm) in zip(
            columns_of(area, theme), words.histograms_of(self._layer), strict=True
        ):
            box = QRectF(column.left(), below, column.width(), area.bottom() - below)
            draw_tensor(painter, box, name, histogram, norm, theme)

    def text_at(self, place: QPointF) -> str:
        """What a tooltip says: a bin under the pointer, or else the whole row."""
        if self._layer is None:
            return ""
        area = QRectF(self.rect())
        for column, (name, histogram, _) in zip(
            columns_of(area, self.theme), words.histograms_of(self._layer), strict=True
        ):
            inside = column.left() <= place.x() <= column.right()
            bars = place.y() > area.bottom() - bars_height(self.theme)
            if inside and bars and histogram is not None and len(histogram.counts):
                part = (place.x() - column.left()) / column.width()
                return words.bin_text(name, histogram, part)
        return f"{words.title_of(self._layer)}\n{words.description_of(self._layer)}"

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.text_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, QRectF(self.rect()), self.theme)

    def _numbers_width(self, theme: Theme) -> float:
        if self._layer is None:
            return 0.0
        metrics = metrics_of(TEXT, theme)
        width = metrics.horizontalAdvance(words.update_text(self._layer))
        if (share := words.share_of(self._layer)) is not None:
            width += metrics.horizontalAdvance(_share_text(*share)) + theme.px(_SHARE)
        return width + 2 * theme.px(_GAP)

    def _name_width(self, theme: Theme) -> float:
        text = words.title_of(self._layer) if self._layer is not None else ""
        sign = theme.px(18) if self._flagged else 0
        return sign + metrics_of(_NAME, theme, QFont.Weight.DemiBold).horizontalAdvance(text)

    def _on_one_line(self, width: float, theme: Theme) -> bool:
        return self._name_width(theme) + theme.px(_GAP) + self._numbers_width(theme) <= width

    def _draw_head(self, painter: QPainter, area: QRectF, theme: Theme) -> float:
        """Name and sign at the left, the numbers at the right or below; returns where it ends."""
        assert self._layer is not None
        high, left = height_of(_NAME, theme), area.left()
        if self._flagged:
            side = theme.px(13)
            box = QRectF(left, area.top() + (high - side) / 2, side, side)
            paint_glyph(painter, Glyph.WARNING, box, QColor(theme.failure))
            left += theme.px(18)
        painter.setFont(_bold(theme))
        painter.setPen(QColor(theme.text))
        line = QRectF(left, area.top(), area.right() - left, high)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words.title_of(self._layer))
        one = self._on_one_line(area.width(), theme)
        text = height_of(TEXT, theme)
        numbers = QRectF(area.left(), area.top(), area.width(), high)
        if not one:
            numbers = QRectF(area.left(), area.top() + high, area.width(), text)
        self._draw_numbers(painter, numbers, theme, right=one)
        return numbers.bottom() + theme.px(3)

    def _draw_numbers(self, painter: QPainter, line: QRectF, theme: Theme, *, right: bool) -> None:
        """The size of the update, and the share of dead or saturated units as number and bar."""
        assert self._layer is not None
        font, gap = theme.font(TEXT), theme.px(_GAP)
        metrics = metrics_of(TEXT, theme)
        painter.setFont(font)
        painter.setPen(QColor(theme.secondary))
        left = line.left()
        if right:
            left = line.right() - self._numbers_width(theme) + 2 * gap
        middle = Qt.AlignmentFlag.AlignVCenter
        if update := words.update_text(self._layer):
            painter.drawText(QRectF(left, line.top(), line.width(), line.height()), middle, update)
            left += metrics.horizontalAdvance(update) + gap
        if (share := words.share_of(self._layer)) is not None:
            text = _share_text(*share)
            painter.drawText(QRectF(left, line.top(), line.width(), line.height()), middle, text)
            left += metrics.horizontalAdvance(text) + theme.px(5)
            wide = min(theme.px(_SHARE - 5), line.right() - left)
            bar = QRectF(left, line.center().y() - theme.px(3), wide, theme.px(6))
            if wide >= theme.px(_LEAST):
                _draw_share(painter, bar, share[1], theme)


def columns_of(area: QRectF, theme: Theme) -> list[QRectF]:
    """The room of W, A and dW side by side."""
    gap = theme.px(_GAP)
    wide = (area.width() - 2 * gap) / 3
    return [
        QRectF(area.left() + number * (wide + gap), area.top(), wide, area.height())
        for number in range(3)
    ]


def _draw_share(painter: QPainter, bar: QRectF, share: float, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.border))
    painter.drawRoundedRect(bar, theme.px(2), theme.px(2))
    painter.setBrush(QColor(theme.text))
    filled = QRectF(bar.left(), bar.top(), bar.width() * max(0.0, min(1.0, share)), bar.height())
    painter.drawRoundedRect(filled, theme.px(2), theme.px(2))


def _share_text(word: str, share: float) -> str:
    return f"{word} {words.percent(share)}"


def _bold(theme: Theme) -> QFont:
    return theme.font(_NAME, weight=QFont.Weight.DemiBold)
