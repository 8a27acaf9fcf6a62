"""What the colours of a map stand for: a bar with its numbers beside a plot."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.colour_scale import ColourScale, shades
from gui.widgets.painted import PaintedWidget
from gui.widgets.plot import PlotWidget
from gui.widgets.ticks import AXIS_TEXT

_WIDE: Final = 12
_GAP: Final = 5


class ColourBar(PaintedWidget):
    """Stands at the right of a plot, as high as its frame; empty without a scale."""

    def __init__(
        self, title: str, plot: PlotWidget, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._title, self._plot = title, plot
        self._scale: ColourScale | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_scale(self, scale: ColourScale | None) -> None:
        """Draw this scale, or nothing."""
        self._scale = scale
        words = "" if scale is None else ", ".join(text for _, text in scale.ticks(5))
        self.setAccessibleName(f"Colours of {self._title}: {words}, dark is low")
        self.setToolTip(f"{self._title}: dark is low, bright is high")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self.width_of(self._plot.rect_of_plot.height())), self.theme.px(60))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 0)

    def width_of(self, height: float) -> float:
        """The room that the bar needs beside a plot whose frame is so high."""
        if self._scale is None:
            return 0.0
        metrics = QFontMetricsF(self.theme.font(AXIS_TEXT))
        texts = [text for _, text in self._ticks(height)]
        words = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
        px = self.theme.px
        return px(_WIDE) + 2 * px(_GAP) + words + metrics.height() + px(8)

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """The bar over the height of `area`, from its left side on."""
        scale, theme = self._scale, self.theme
        if scale is None:
            return
        bar = QRectF(area.left(), area.top(), theme.px(_WIDE), area.height())
        self._paint_colours(painter, bar)
        font = theme.font(AXIS_TEXT)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(theme.secondary))
        left, middle = bar.right() + theme.px(_GAP), (metrics.ascent() - metrics.descent()) / 2
        widest = 0.0
        span = scale.high - scale.low
        for height, text in self._ticks(area.height()):
            share = (height - scale.low) / span if span > 0 else 0.5
            up = bar.bottom() - share * bar.height()
            painter.drawLine(QPointF(bar.right(), up), QPointF(bar.right() + theme.px(3), up))
            top, low = bar.top() + metrics.ascent(), bar.bottom()
            painter.drawText(QPointF(left, max(top, min(low, up + middle))), text)
            widest = max(widest, metrics.horizontalAdvance(text))
        painter.save()
        painter.translate(left + widest + theme.px(_GAP) + metrics.ascent(), bar.center().y())
        painter.rotate(-90)
        painter.drawText(QPointF(-metrics.horizontalAdvance(self._title) / 2, 0), self._title)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = self._plot.rect_of_plot
        painter = QPainter(self)
        self.draw(painter, QRectF(0, rect.top(), self.width(), rect.height()))

    def _paint_colours(self, painter: QPainter, bar: QRectF) -> None:
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        table = shades()
        for place in range(0, len(table), 17):
            gradient.setColorAt(place / (len(table) - 1), QColor(*map(int, table[place])))
        painter.fillRect(bar, gradient)
        painter.setPen(QPen(QColor(self.theme.border), 1))
        painter.drawRect(bar)

    def _ticks(self, height: float) -> list[tuple[float, str]]:
        assert self._scale is not None
        return self._scale.ticks(max(2, int(height / self.theme.px(34))))
