"""A panel's picture as a file: PNG, SVG or PDF, for reports, with a window or without."""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import (
    QBuffer,
    QCoreApplication,
    QIODevice,
    QMarginsF,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from gui.panels.boundary_panel import BoundaryPanel
from gui.panels.loss_panel import LossPanel
from gui.panels.panel import Panel
from gui.panels.roc_panel import RocPanel
from gui.theme import LIGHT, Theme
from gui.widgets.legend import legend_width, paint_legend
from model.errors import FileError
from model.files.atomic import replacing
from model.training.snapshots import Snapshot

Size = tuple[int, int]
Draw = Callable[[QPainter], None]
P = TypeVar("P", bound=Panel)

SIZE: Final = (960, 720)
"""Pixels; a 4 : 3 picture of a text's width."""
_TYPE: Final = 1.5
"""Enlarges type and lines, so that 13 px are readable where 960 px are printed 16 cm wide."""
_FINE: Final = 2
"""A PNG's pixels for each pixel of the drawing."""
_RUN_PANELS: Final = (LossPanel, BoundaryPanel, RocPanel)
_OFFSCREEN: Final = ["backscope", "-platform", "offscreen"]


def save_figure(panel: Panel, path: Path, size: Size = SIZE, theme: Theme = LIGHT) -> None:
    """Write what `panel` shows to `path`, in the format of its suffix (.png, .svg, .pdf).

    `size` is in pixels. The panel keeps its own theme and size. Raises `FileError` for another
    suffix and where the file cannot be written; an existing file is then as it was.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise FileError(
            f"{path.name}: a figure cannot be saved as {suffix or 'a file without a suffix'}",
            f"end the name with one of {known}",
        )
    shown, figure_theme = panel.theme, theme.scaled(theme.scale * _TYPE)
    panel.apply_theme(figure_theme)
    try:
        content = FORMATS[suffix](lambda painter: _compose(painter, panel, size), size, panel.title)
    finally:
        panel.apply_theme(shown)
    with replacing(path) as file:
        file.write(content)


def save_run_figures(
    snapshot: Snapshot, folder: Path, formats: Sequence[str] = ("png", "svg")
) -> tuple[Path, ...]:
    """Write loss, boundary and roc of a run into `folder` and return the files; needs no window.

    `snapshot` carries the whole history, a decision grid and the ROC curves. Raises `FileError`.
    """

    def show(panel: Panel) -> None:
        panel.show_snapshot(snapshot)

    return save_pictures(_RUN_PANELS, show, folder, formats)


def save_pictures(
    kinds: Iterable[type[P]],
    show: Callable[[P], object],
    folder: Path,
    formats: Sequence[str] = ("png", "svg"),
) -> tuple[Path, ...]:
    """Write one picture for each kind of panel, named after it; `show` gives it what it shows.

    Needs no window. Raises `FileError`.
    """
    _application()
    written = []
    for kind in kinds:
        panel = kind(LIGHT)
        show(panel)
        for suffix in formats:
            path = folder / f"{panel.name}.{suffix}"
            save_figure(panel, path)
            written.append(path)
        panel.deleteLater()
    return tuple(written)


@functools.cache
def _application() -> QCoreApplication:
    """Fonts and widgets need one; made without a screen where there is none, and kept alive."""
    return QApplication.instance() or QApplication(_OFFSCREEN)


def _compose(painter: QPainter, panel: Panel, size: Size) -> None:
    """The head with title, subtitle and legend, and the panel's picture below it."""
    theme = panel.theme
    page = QRectF(0, 0, *size)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(page, QColor(theme.surface))
    margin, height = theme.px(12), theme.px(34)
    head = QRectF(margin, margin / 2, page.width() - 2 * margin, height)
    _paint_head(painter, head, panel)
    below = page.adjusted(margin / 2, head.bottom(), -margin / 2, -margin / 2)
    painter.save()
    panel.paint_figure(painter, below)
    painter.restore()


def _paint_head(painter: QPainter, head: QRectF, panel: Panel) -> None:
    theme = panel.theme
    title, subtitle = theme.font(13, weight=QFont.Weight.DemiBold), theme.font(11.5)
    baseline = head.center().y() + QFontMetricsF(title).ascent() / 2 - theme.px(2)
    painter.setFont(title)
    painter.setPen(QColor(theme.text))
    painter.drawText(QPointF(head.left(), baseline), panel.title)
    left = head.left() + QFontMetricsF(title).horizontalAdvance(panel.title) + theme.px(10)
    entries = panel.legend()
    room = head.right() - legend_width(entries, theme) - theme.px(10) - left
    metrics = QFontMetricsF(subtitle)
    painter.setFont(subtitle)
    painter.setPen(QColor(theme.secondary))
    text = metrics.elidedText(panel.subtitle, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(left, baseline), text)
    paint_legend(painter, head, entries, theme)


def _png(draw: Draw, size: Size, title: str) -> bytes:
    image = QImage(QSize(*size) * _FINE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_FINE)
    image.setText("Title", title)
    with _painting(image) as painter:
        draw(painter)
    buffer = _buffer()
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # its stub asks for bytes
        raise FileError("The picture could not be written as PNG.", "try SVG or PDF")
    return bytes(buffer.data().data())


def _svg(draw: Draw, size: Size, title: str) -> bytes:
    buffer = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(*size))
    generator.setViewBox(QRect(0, 0, *size))
    generator.setTitle(title)
    generator.setDescription("Made with Backscope")
    # Any other resolution misplaces the axes.
    generator.setResolution(_resolution())
    with _painting(generator) as painter:
        draw(painter)
    return bytes(buffer.data().data())


def _pdf(draw: Draw, size: Size, title: str) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Backscope")
    resolution = _resolution()
    writer.setResolution(resolution)
    points = QSizeF(*size) * (72 / resolution)
    page = QPageSize(points, QPageSize.Unit.Point, title, QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    with _painting(writer) as painter:
        draw(painter)
    return bytes(buffer.data().data())


FORMATS: Final[dict[str, Callable[[Draw, Size, str], bytes]]] = {
    ".png": _png,
    ".svg": _svg,
    ".pdf": _pdf,
}
"""Suffixes that `save_figure` knows, each with what turns a drawing into a file's content."""


@contextlib.contextmanager
def _painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter that is ended, whatever happens: a device must not outlive an active one."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _resolution() -> int:
    """Dots per inch of the fonts' own measure."""
    return round(QApplication.primaryScreen().logicalDotsPerInchX())
