"""A network's picture prepared for one size: layout, captions, fonts and one path an edge."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath

from gui.panels.network_captions import LayerWords, Lines, fitting, layer_words
from gui.panels.network_layout import Caption, Frame, Layout, Part, laid_out
from gui.theme import Theme
from model.training.snapshots import Snapshot

LARGEST_RADIUS = 11.5
LEAST_PITCH = 15
SIDE = 50
TOP = 4


class NetworkPicture:
    """Everything that stays the same while the weights change.

    `sizes` holds the units of the input and of every layer, `activations` the layers' names;
    `width` and `height` are in pixels of the device the picture is drawn on; `frozen` layers are
    marked in their captions.
    """

    def __init__(
        self,
        sizes: tuple[int, ...],
        activations: Sequence[str],
        width: float,
        height: float,
        theme: Theme,
        frozen: Collection[int] = (),
    ) -> None:
        self.theme = theme
        self.width, self.height = width, height
        self.words: list[LayerWords] = layer_words(sizes, activations, frozen)
        self.caption_font: QFont = theme.font(11.5)
        self.small_font: QFont = theme.font(10)
        self.small_metrics = QFontMetricsF(self.small_font)
        self._caption_metrics = QFontMetricsF(self.caption_font)
        side = min(SIDE * theme.scale, max(0.09 * width, (LARGEST_RADIUS + 4) * theme.scale))
        self.distance = (width - 2 * side) / max(1, len(sizes) - 1)
        self.captions: list[Lines] = fitting(
            self.words,
            self.distance,
            theme.px(8),
            self._caption_metrics.horizontalAdvance,
            side - theme.px(4),
        )
        self.captions_top = height - self._captions_height()
        self.layout: Layout = laid_out(sizes, self._frame(side))
        self.paths: list[QPainterPath] = [_curve(*ends) for ends in self.layout.ends.tolist()]
        self.line_scale = theme.scale * min(
            1.0, max(0.5, self.layout.radius / (0.8 * LARGEST_RADIUS * theme.scale))
        )

    @classmethod
    def of(cls, snapshot: Snapshot, width: float, height: float, theme: Theme) -> "NetworkPicture":
        """The picture of a snapshot's network."""
        return cls(*architecture(snapshot), width, height, theme, snapshot.frozen_layers)

    def caption_rect(self, layer: int) -> QRectF:
        """Where a layer's caption stands, moved inwards where the picture's side would cut it."""
        width = max(map(self._caption_metrics.horizontalAdvance, self.captions[layer]), default=0)
        x = self.layout.columns[layer].x
        left = min(max(0.0, x - width / 2), max(0.0, self.width - width))
        return QRectF(left, self.captions_top, width, self.height - self.captions_top)

    def fold_text(self, layer: int) -> str:
        """The mark on a fold, with the count where neighbouring layers leave room for it."""
        text = f"⋮ {len(self.layout.columns[layer].hidden)} more"
        fits = self.small_metrics.horizontalAdvance(text) + self.theme.px(8) <= self.distance
        return text if fits else "⋮"

    def part_at(self, point: QPointF) -> Part | None:
        """The part beneath the mouse: units before folds before captions before edges."""
        x, y = point.x(), point.y()
        for layer in range(len(self.words)):
            if self.caption_rect(layer).contains(point):
                return Caption(layer)
        return (
            self.layout.unit_at(x, y, self.theme.px(2))
            or self.layout.fold_at(x, y, self.theme.px(8))
            or self.layout.edge_at(x, y, self.theme.px(5))
        )

    def _captions_height(self) -> float:
        lines = max(map(len, self.captions))
        return lines * self._caption_metrics.height() + self.theme.px(6)

    def _frame(self, side: float) -> Frame:
        scale = self.theme.scale
        bottom = max(self.captions_top - self.theme.px(6), TOP * scale + 1)
        return Frame(
            side,
            TOP * scale,
            self.width - side,
            bottom,
            LARGEST_RADIUS * scale,
            LEAST_PITCH * scale,
        )


def architecture(snapshot: Snapshot) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Units of the input and of every layer, and the layers' activations."""
    sizes = (snapshot.layers[0].W.shape[1], *(view.W.shape[0] for view in snapshot.layers))
    return sizes, tuple(view.activation for view in snapshot.layers)


def _curve(x0: float, y0: float, x1: float, y1: float) -> QPainterPath:
    middle = (x0 + x1) / 2
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo(QPointF(middle, y0), QPointF(middle, y1), QPointF(x1, y1))
    return path
