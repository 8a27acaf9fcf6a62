"""A titled part of a panel that can be folded away, with a thin line above it."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.painted import PaintedButton


class Section(QWidget):
    """A head that folds and the widgets in `body`; the first of several needs no `line`."""

    def __init__(
        self, title: str, theme: Theme, parent: QWidget | None = None, *, line: bool = True
    ) -> None:
        super().__init__(parent)
        self._line = line
        self.head = _Head(title, theme, self)
        self._content = QWidget(self)
        self.body = QVBoxLayout(self._content)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.head)
        self._column.addWidget(self._content)
        self.head.toggled.connect(self._on_head_toggled)
        self.apply_theme(theme)

    def set_open(self, opened: bool) -> None:
        """Unfold or fold."""
        self.head.setChecked(opened)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale; the widgets inside are their owner's."""
        self.theme = theme
        self.head.apply_theme(theme)
        top = theme.px(7) if self._line else theme.px(4)
        self._column.setContentsMargins(0, top, 0, theme.px(5))
        self._column.setSpacing(theme.px(2))
        self.body.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
        self.body.setSpacing(theme.px(3))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._line:
            painter = QPainter(self)
            painter.setPen(QPen(QColor(self.theme.border), 1))
            painter.drawLine(0, 0, self.width(), 0)

    @Slot(bool)
    def _on_head_toggled(self, opened: bool) -> None:
        self._content.setVisible(opened)


class _Head(PaintedButton):
    """The title with a chevron; Enter folds, Space is left to whoever claims it."""

    def __init__(self, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"Fold {title} away or open it.")

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(96), self.theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(theme.px(12), 0, -theme.px(12), 0)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            ring = area.adjusted(-theme.px(6), 1, theme.px(6), -1)
            painter.drawRoundedRect(ring, theme.px(6), theme.px(6))
        painter.setFont(theme.font(12.5, weight=QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())
        self._paint_chevron(painter, area)

    def _paint_chevron(self, painter: QPainter, area: QRectF) -> None:
        side = self.theme.px(9)
        active = self.underMouse() or self.hasFocus() or not self.isChecked()
        painter.translate(area.right() - side / 2 - self.theme.px(8), area.center().y())
        painter.rotate(0 if self.isChecked() else 90)
        colour = QColor(self.theme.text if active else self.theme.secondary)
        paint_glyph(painter, Glyph.CHEVRON, QRectF(-side / 2, -side / 2, side, side), colour)
