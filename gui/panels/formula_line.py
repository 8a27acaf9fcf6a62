"""A line of set formulas and of words between them that breaks where there is no room."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.typeset import typeset

_SMALLEST: Final = 0.55
"""A formula that is wider than the line is made smaller, down to this share of its size."""


@dataclass(frozen=True)
class Piece:
    """A formula, or words where `latex` is empty; `size` in pixels before scaling.

    A `tied` piece stays on one line with what follows it.
    """

    latex: str = ""
    words: str = ""
    role: str = "text"
    size: float = 17.0
    tied: bool = False


@dataclass(frozen=True)
class _Placed:
    piece: Piece
    at: QPointF
    size: float


class _Measured(NamedTuple):
    size: float
    width: float
    ascent: float
    descent: float


class FormulaLine(QWidget):
    """Pieces beside each other on one baseline; those without room begin another line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._pieces: tuple[Piece, ...] = ()
        self._laid: tuple[int, list[_Placed], float] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What stands on the line."""
        return self._pieces

    def set_pieces(self, pieces: tuple[Piece, ...], spoken: str) -> None:
        """Show these; `spoken` is the line in plain words."""
        if pieces != self._pieces:
            self._pieces = pieces
            self.setAccessibleName(spoken)
            self.setToolTip(spoken)
            self._lay_out_again()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self._lay_out_again()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._placed(width)[1] + 0.5)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(300), self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for placed in self._placed(self.width())[0]:
            colour = QColor(getattr(self.theme, placed.piece.role))
            if placed.piece.latex:
                typeset(placed.piece.latex).paint(painter, placed.at, placed.size, colour)
            else:
                painter.setFont(self._font(placed.piece))
                painter.setPen(colour)
                painter.drawText(placed.at, placed.piece.words)

    def _lay_out_again(self) -> None:
        self._laid = None
        self.updateGeometry()
        self.update()

    def _font(self, piece: Piece) -> QFont:
        return self.theme.font(piece.size)

    def _placed(self, width: int) -> tuple[list[_Placed], float]:
        """Every piece's baseline, and the height of all lines."""
        if self._laid is None or self._laid[0] != width:
            self._laid = (width, *self._lay_out(float(width)))
        return self._laid[1], self._laid[2]

    def _lay_out(self, width: float) -> tuple[list[_Placed], float]:
        gap, placed, top = self.theme.px(8), list[_Placed](), 0.0
        for line in self._lines(width, gap):
            ascent = max(measured.ascent for _, measured in line)
            left = 0.0
            for piece, measured in line:
                placed.append(_Placed(piece, QPointF(left, top + ascent), measured.size))
                left += measured.width + gap
            descent = max(measured.descent for _, measured in line)
            top += ascent + descent + self.theme.px(3)
        return placed, top

    def _lines(self, width: float, gap: int) -> list[list[tuple[Piece, "_Measured"]]]:
        """Which pieces stand beside each other."""
        lines: list[list[tuple[Piece, _Measured]]] = []
        free, tie = -1.0, 0.0
        measured: list[tuple[Piece, _Measured]] = []
        for piece in self._pieces:
            size = self._measure(piece, width - tie)
            tie = size.width + gap if piece.tied else 0.0
            measured.append((piece, size))
        for at, (piece, size) in enumerate(measured):
            needed = size.width
            if piece.tied and at + 1 < len(measured):
                needed += gap + measured[at + 1][1].width
            if free < needed and not (at and measured[at - 1][0].tied):
                lines.append([])
                free = width
            lines[-1].append((piece, size))
            free -= size.width + gap
        return lines

    def _measure(self, piece: Piece, width: float) -> "_Measured":
        if not piece.latex:
            metrics = QFontMetricsF(self._font(piece))
            return _Measured(
                piece.size,
                metrics.horizontalAdvance(piece.words),
                metrics.ascent(),
                metrics.descent(),
            )
        formula, size = typeset(piece.latex), piece.size * self.theme.scale
        if formula.width * size > width > 0:
            size *= max(_SMALLEST, width / (formula.width * size))
        return _Measured(size, formula.width * size, formula.ascent * size, formula.descent * size)
