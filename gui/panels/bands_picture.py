"""What is drawn of loss bands: median lines in their quartiles, each with a label at its end."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gui.panels.bands_chosen import best_bands
from gui.panels.bands_labels import BandLabel
from gui.panels.bands_places import FEW, BandsPlaces
from gui.panels.sweep_colours import Look, group_looks, pen_of
from gui.panels.sweep_panel import EMPTY, NO_RUN
from gui.run_colours import faded
from gui.sweep_words import short_words
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.labels import Line, paint_message, paint_read_out
from gui.widgets.numerals import grouped
from gui.widgets.plot import PlotWidget
from gui.widgets.short_names import shortened
from gui.widgets.ticks import number
from model.lab.loss_bands import LossBand
from model.lab.results import Results

MOST: Final = 32
"""Bands that one picture shows; more of them are a fog."""
_WIDTH, _THICK = 1.5, 2.75
_VEIL: Final = (60, 14)
"""Strength of a band's ground where there are few of them, and at least."""
_GROWN: Final = 1.2
"""Times its first value up to which a band that rises stays in view."""
_BEYOND: Final = 50
"""Heights of the plot beyond which a line is not followed: dashes cost time there too."""
_REACH: Final = 24
"""Pixels within which the pointer means a line."""


class BandsPicture:
    """The layers of the panel; `cursor` is (point, band) of the median that is read."""

    def __init__(self, plot: PlotWidget) -> None:
        self._plot = plot
        self.bands: tuple[LossBand, ...] = ()
        self.highlighted: int | None = None
        self.cursor: tuple[int, int] | None = None
        self._results: Results | None = None
        self._looks: tuple[Look, ...] = ()
        self.places = BandsPlaces(plot)
        self._lines = plot.add_layer(self._paint_bands, 0, cached=True)
        self._texts = plot.add_layer(self._paint_texts, 10)

    def show(self, results: Results | None) -> None:
        """Draw these results from the next repaint on."""
        self._results = results
        self.bands = best_bands(results, MOST) if results is not None else ()
        self.places.show(self.bands, results)
        if self.highlighted is not None and self.highlighted >= len(self.bands):
            self.highlighted = None
        self.cursor = None
        self.recolour()

    def set_axis(self, *, log: bool, unit: float) -> None:
        """The scale of the loss axis."""
        self.places.set_axis(log=log, unit=unit)
        self._plot.set_y_axis(log=log, unit=unit)

    def recolour(self) -> None:
        """Other results, or another theme."""
        if self._results is not None:
            looks = group_looks(self._results, self._plot.theme)
            self._looks = tuple(looks[band.varied] for band in self.bands)
        self.refresh()

    def refresh(self) -> None:
        """Draw everything again."""
        self.places.move(self.highlighted)
        self._lines.update()
        self._texts.update()

    def highlight(self, band: int | None) -> None:
        """Let a band stand out."""
        if band != self.highlighted:
            self.highlighted = band
            self.refresh()

    def point_at(self, cursor: tuple[int, int] | None) -> None:
        """Read a median at one of its points, or none."""
        if cursor != self.cursor:
            self.cursor = cursor
            words = "; ".join(text for text, _ in self.read_out())
            self._plot.setAccessibleDescription(words)
            self._texts.update()

    def nearest(self, pixel: QPointF) -> tuple[int, int] | None:
        """The point and the band whose median is nearest above or below a pixel."""
        epoch, _ = self._plot.position(pixel)
        found = []
        for place, band in enumerate(self.bands):
            point = int(np.abs(band.epochs - epoch).argmin())
            away = self.places.at(band, point) - pixel
            if np.isfinite(away.y()) and abs(away.x()) < _REACH:
                found.append((abs(away.y()), point, place))
        distance, point, place = min(found, default=(np.inf, 0, 0))
        return (point, place) if distance <= _REACH * self._plot.theme.scale else None

    def bounds(self) -> tuple[float, float, float]:
        """Lowest, highest and lowest positive quartile; what rises away need not stay in view."""
        low, high, positive = np.inf, -np.inf, np.inf
        for band in self.bands:
            values = np.concatenate([band.p25, band.p75])
            values = values[np.isfinite(values)]
            if not values.size:
                continue
            first = band.p75[0]
            ceiling = _GROWN * first if np.isfinite(first) and first > 0 else np.inf
            low, high = min(low, values.min()), max(high, min(values.max(), ceiling))
            positive = min(positive, values[values > 0].min(initial=np.inf))
        return float(low), float(high), float(positive)

    def read_out(self) -> list[Line]:
        """Median and quartiles under the cursor."""
        if self.cursor is None:
            return []
        point, place = self.cursor
        band = self.bands[place]
        runs = int(band.runs[point])
        return [
            (short_words(band.varied), "text"),
            (f"epoch {grouped(int(band.epochs[point]))}", "secondary"),
            (f"median {number(band.median[point])}", "text"),
            (f"middle half {number(band.p25[point])} – {number(band.p75[point])}", "text"),
            (f"{runs} run{'s' * (runs != 1)}", "secondary"),
        ]

    def _paint_bands(self, painter: QPainter) -> None:
        plot = self._plot
        plot.clip(painter)
        # The highlighted one lies above the others.
        order = sorted(range(len(self.bands)), key=lambda place: place == self.highlighted)
        most, least = _VEIL
        for place in order:
            ground = QColor(self._ink(place))
            ground.setAlpha(max(least, most * FEW // max(FEW, len(self.bands))))
            painter.fillPath(self._area(self.bands[place]), ground)
        for place in order:
            band, thick = self.bands[place], place == self.highlighted
            _, (low, high) = plot.ranges()
            far = _BEYOND * (high - low)
            heights = np.clip(self.places.heights(band.median), low - far, high + far)
            width = _THICK if thick else _WIDTH
            path = plot.path(band.epochs.astype(float), heights)
            look = Look(self._ink(place), self._looks[place].dash)
            plot.stroke(painter, path, pen_of(look, width, plot), width)

    def _area(self, band: LossBand) -> QPainterPath:
        """Between the quartiles, cut at the frame, one piece for each stretch without a gap."""
        rect = self._plot.rect_of_plot
        x, low = self._plot.pixels(band.epochs.astype(float), self.places.heights(band.p25))
        _, high = self._plot.pixels(band.epochs.astype(float), self.places.heights(band.p75))
        there = np.isfinite(low) & np.isfinite(high)
        there &= (x >= rect.left() - 1) & (x <= rect.right() + 1)
        low, high = (np.clip(edge, rect.top(), rect.bottom()) for edge in (low, high))
        path = QPainterPath()
        places = np.flatnonzero(there)
        for piece in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
            around = np.concatenate([piece, piece[::-1]])
            up = np.concatenate([low[piece], high[piece][::-1]])
            points = [QPointF(*point) for point in zip(x[around], up, strict=True)]
            path.addPolygon(QPolygonF(points))
        return path

    def _ink(self, place: int) -> QColor:
        colour = self._looks[place].colour
        if self.highlighted is None or place == self.highlighted:
            return colour
        return faded(colour, self._plot.theme)

    def _paint_texts(self, painter: QPainter) -> None:
        plot = self._plot
        if not self.bands:
            text = EMPTY if self._results is None else NO_RUN
            paint_message(painter, text, plot.rect_of_plot, plot.theme)
            return
        labels = self.places.labels()
        for label in labels:
            self._paint_leader(painter, label)
        for label in labels:
            self._paint_label(painter, label)
        for place in range(len(self.bands)):
            for at in self.places.signs(place):
                paint_glyph(
                    painter, Glyph.WARNING, self.places.sign(at), QColor(plot.theme.failure)
                )
        if self.cursor is not None and not plot.vector:
            self._paint_cursor(painter, *self.cursor)

    def _paint_leader(self, painter: QPainter, label: BandLabel) -> None:
        """A line from the end of the median to its words."""
        theme, box, ink = self._plot.theme, label.box, self._label_ink(label)
        near = QPointF(
            max(box.left(), min(box.right(), label.end.x())),
            max(box.top(), min(box.bottom(), label.end.y())),
        )
        painter.setPen(QPen(ink, theme.scale))
        painter.drawLine(label.end, label.at - QPointF(theme.px(3), 0) if label.apart else near)
        if not self.places.failed[label.band]:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(label.end, 2.5 * theme.scale, 2.5 * theme.scale)

    def _paint_label(self, painter: QPainter, label: BandLabel) -> None:
        theme, chosen = self._plot.theme, self.highlighted in label.bands
        font = self.places.font(bold=chosen)
        metrics = QFontMetricsF(font)
        if not label.apart:
            ground = QColor(theme.surface)
            ground.setAlpha(225)
            painter.fillRect(label.box, ground)
        quiet = self.highlighted is not None and not chosen
        painter.setFont(font)
        painter.setPen(QColor(theme.secondary if quiet else theme.text))
        baseline = label.at.y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(label.at.x(), baseline), label.text)

    def _label_ink(self, label: BandLabel) -> QColor:
        """The colour of the highlighted line where the label stands for it too."""
        chosen = self.highlighted
        return self._ink(chosen if chosen is not None and chosen in label.bands else label.band)

    def _paint_cursor(self, painter: QPainter, point: int, place: int) -> None:
        plot, theme = self._plot, self._plot.theme
        at = self.places.at(self.bands[place], point)
        rect = plot.rect_of_plot
        if np.isfinite(at.y()) and rect.adjusted(-1, -1, 1, 1).contains(at):
            painter.setBrush(QColor(theme.surface))
            painter.setPen(QPen(self._looks[place].colour, 1.5 * theme.scale))
            painter.drawEllipse(at, 3.5 * theme.scale, 3.5 * theme.scale)
        else:
            at = QPointF(at.x(), rect.top())
        font = self.places.font(bold=False)
        (name, role), *numbers = self.read_out()
        width_of = QFontMetricsF(font).horizontalAdvance
        (name,) = shortened([name], width_of, rect.width() - theme.px(24))
        paint_read_out(painter, [(name, role), *numbers], at, rect, theme, font)
