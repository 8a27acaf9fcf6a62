"""Colours, type and spacing of the window: one table a theme, and what is derived from it."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication


@dataclass(frozen=True)
class Theme:
    """The roles of `LIGHT` and `DARK`, as #RRGGBB; `scale` enlarges type and lines."""

    name: str
    window: str
    surface: str
    border: str
    grid: str
    field: str
    text: str
    secondary: str
    accent: str
    accent_tint: str
    on_accent: str
    negative: str
    negative_area: str
    positive: str
    positive_area: str
    zero: str
    gradient: str
    failure: str
    scale: float = 1.0

    def px(self, length: float) -> int:
        """A length in pixels at this theme's scale."""
        return max(1, round(length * self.scale))

    def font(self, size: float = 13, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The interface font with tabular figures, `size` in pixels before scaling."""
        return QFont(_made_font(QFontDatabase.SystemFont.GeneralFont, size * self.scale, weight))

    def mono(self, size: float = 11.5, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The fixed-width font, for matrices and shapes."""
        return QFont(_made_font(QFontDatabase.SystemFont.FixedFont, size * self.scale, weight))

    def scaled(self, scale: float) -> "Theme":
        """The same colours at another scale."""
        return replace(self, scale=scale)

    def diverging(self, value: float, limit: float) -> QColor:
        """A signed quantity's colour: `negative` at −limit, `zero` at 0, `positive` at +limit."""
        share = 0.0 if limit <= 0 else max(-1.0, min(1.0, value / limit))
        return blend(self.zero, self.positive if share > 0 else self.negative, abs(share))

    def readable_on(self, background: QColor) -> QColor:
        """Dark or light text, whichever has the higher contrast on `background`.

        Black where neither reaches 4.5 : 1, on grounds of a middle lightness.
        """
        dark, light = QColor("#1A2230"), QColor("#FFFFFF")
        best = max((dark, light), key=lambda text: contrast(text, background))
        return best if contrast(best, background) >= 4.5 else QColor("#000000")

    def probability_colours(self) -> NDArray[np.uint8]:
        """256 × 3: class 0's area at p = 0, the surface at 0.5, class 1's area at p = 1."""
        stops = np.array([_rgb(c) for c in (self.negative_area, self.surface, self.positive_area)])
        at = np.linspace(0, 2, 256)
        columns = [np.interp(at, [0, 1, 2], stops[:, channel]) for channel in range(3)]
        return np.stack(columns, axis=1).round().astype(np.uint8)


LIGHT: Final = Theme(
    name="light",
    window="#F4F5F7",
    surface="#FFFFFF",
    border="#E2E5EA",
    grid="#EDEFF3",
    field="#F4F5F7",
    text="#1A2230",
    secondary="#667085",
    accent="#0F766E",
    accent_tint="#E3F3F0",
    on_accent="#FFFFFF",
    negative="#D9730D",
    negative_area="#F0A35E",
    positive="#2563EB",
    positive_area="#86AEF7",
    zero="#ECEEF2",
    gradient="#9333EA",
    failure="#DC2626",
)

DARK: Final = Theme(
    name="dark",
    window="#13161B",
    surface="#1B1F26",
    border="#2B313B",
    grid="#252A33",
    field="#252A33",
    text="#E7EAF0",
    secondary="#95A0B2",
    accent="#2DD4BF",
    accent_tint="#133B38",
    on_accent="#0B1F1D",
    negative="#FF9A45",
    negative_area="#8A5325",
    positive="#6AA5FF",
    positive_area="#2F5694",
    zero="#2A2F38",
    gradient="#C084FC",
    failure="#F87171",
)


def blend(start: str, end: str, share: float) -> QColor:
    """The colour `share` (0…1) of the way from `start` to `end`, in sRGB."""
    a, b = _rgb(start), _rgb(end)
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return QColor(red, green, blue)


def contrast(a: QColor, b: QColor) -> float:
    """WCAG 2 contrast ratio of two colours, 1…21."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def _made_font(kind: QFontDatabase.SystemFont, pixels: float, weight: QFont.Weight) -> QFont:
    """Made once: every label asks for its font at every redraw."""
    font = QFontDatabase.systemFont(kind)
    font.setPixelSize(max(6, round(pixels)))
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@runtime_checkable
class Themed(Protocol):
    """Whatever takes on other colours or another scale."""

    def apply_theme(self, theme: Theme) -> None:
        """Take on this theme and redraw."""


CHOICES: Final = {"system": "As the system says", "light": "Light", "dark": "Dark"}
"""What a user can choose from, with its title."""

SCALES: Final = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
"""The steps of Ctrl + and Ctrl −."""


def system_theme() -> Theme:
    """Light or dark as the desktop says; light where it does not say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def chosen_theme(choice: str, scale: float = 1.0) -> Theme:
    """The theme of one of `CHOICES`, any other word being taken as "system"."""
    theme = {"light": LIGHT, "dark": DARK}.get(choice) or system_theme()
    return theme.scaled(scale)


def next_scale(scale: float, steps: int) -> float:
    """The scale that many `SCALES` further, at most at the first or the last one."""
    nearest = min(range(len(SCALES)), key=lambda index: abs(SCALES[index] - scale))
    return SCALES[max(0, min(len(SCALES) - 1, nearest + steps))]
