"""Mathematics as on the blackboard: LaTeX becomes outlines that are sharp at any size."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.widgets.numerals import MINUS, named, rounded

_SET_AT: Final = 64.0
"""Pixels at which a formula is set; its coordinates are rounded to a thousandth of one."""

_KEPT: Final = 512
"""Formulas kept; one takes some 20 kB, and 5 to 20 ms to set."""

_BOLD: Final = str.maketrans({str(digit): chr(0x1D7CE + digit) for digit in range(10)})
"""Digits to the bold ones of mathematical type: \\mathbf does not reach digits."""


@dataclass(frozen=True)
class Formula:
    """A formula that has been set; lengths are multiples of the type size."""

    svg: str
    width: float
    ascent: float
    descent: float

    def paint(self, painter: QPainter, baseline: QPointF, size: float, colour: QColor) -> None:
        """Draw it in type of `size` pixels from `baseline` to the right."""
        corner = baseline - QPointF(0, self.ascent * size)
        box = QSizeF(self.width * size, (self.ascent + self.descent) * size)
        _renderer(self.svg, colour.name()).render(painter, QRectF(corner, box))


@lru_cache(maxsize=_KEPT)
def typeset(latex: str) -> Formula:
    """Set a formula; kept, so that it costs something the first time only."""
    # A tenth of a second, which the start of the window can do without.
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # it reuses glyphs through <symbol>, which Qt does not draw
    svg = Latex(latex, size=_SET_AT, color=_INK).svg()
    box = QSvgRenderer(QByteArray(svg.encode())).viewBoxF()
    ascent, descent = -box.top() / _SET_AT, box.bottom() / _SET_AT
    return Formula(svg, box.width() / _SET_AT, ascent, descent)


def number_latex(value: float, digits: int, *, bold: bool = False) -> str:
    """A number with so many significant digits, with a power of ten where it is very small."""
    if named(value):
        word = named(value).replace("∞", r"\infty").replace(MINUS, "-")
        return word.replace("NaN", r"\mathrm{NaN}")
    mantissa, _, exponent = rounded(value, digits).replace(MINUS, "-").partition("e")
    if bold:
        mantissa = mantissa.translate(_BOLD)
    if not exponent:
        return mantissa
    ten, power = "10", str(int(exponent))
    if bold:
        ten, power = ten.translate(_BOLD), power.translate(_BOLD)
    return rf"{mantissa}\cdot {ten}^{{{power}}}"


_INK: Final = "#010203"
"""Stands in the outlines for whatever colour they are drawn in."""


@lru_cache(maxsize=_KEPT)
def _renderer(svg: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg.replace(_INK, colour).encode()))
