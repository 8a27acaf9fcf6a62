"""A small card beside the mouse with a heading, exact numbers and a remark."""

from dataclasses import dataclass
from html import escape
from string import Template
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.style import strong_border
from gui.theme import Theme

_SHEET: Final = Template(
    "QLabel { background: $surface; color: $text; border: 1px solid $strong;"
    " border-radius: 0; padding: ${wide}px; }"
)


@dataclass(frozen=True)
class CardText:
    """What a card says: rows of a label and its value, in order."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    remark: str = ""

    def plain(self) -> str:
        """One line for a screen reader."""
        rows = ", ".join(f"{label} {value}" for label, value in self.rows)
        return ". ".join(filter(None, (self.title, rows, self.remark)))


class HoverCard(QLabel):
    """Like a tooltip, but it stays as long as the mouse does and follows live numbers.

    A window of its own, because it may be larger than a small panel.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.setFont(theme.font(12))
        self.setStyleSheet(
            _SHEET.substitute(vars(theme), strong=strong_border(theme).name(), wide=theme.px(6))
        )

    def show_text(self, text: CardText, at: QPoint) -> None:
        """Show the card below and right of a point of the screen, inside the screen."""
        self.change_text(text)
        self.move(self._inside_screen(at))
        self.show()

    def change_text(self, text: CardText) -> None:
        """Other numbers in the same place."""
        self.setText(self._html(text))
        self.adjustSize()

    def _inside_screen(self, at: QPoint) -> QPoint:
        gap = self.theme.px(14)
        card = QRect(at + QPoint(gap, gap), self.size())
        room = self.screen().availableGeometry()
        if card.right() > room.right():
            card.moveRight(at.x() - gap)
        if card.bottom() > room.bottom():
            card.moveBottom(at.y() - gap)
        return card.topLeft()

    def _html(self, text: CardText) -> str:
        theme, small = self.theme, self.theme.px(11)
        mono = theme.mono().family()
        rows = "".join(
            f'<tr><td style="color:{theme.secondary}; padding-right:{theme.px(10)}px">'
            f"{escape(label)}</td>"
            f'<td align="left" style="font-family:\'{mono}\'; white-space:pre">'
            f"{escape(value)}</td></tr>"
            for label, value in text.rows
        )
        table = f'<table cellspacing="0" cellpadding="1">{rows}</table>' if rows else ""
        remark = (
            f'<div style="color:{theme.secondary}; font-size:{small}px">{escape(text.remark)}</div>'
            if text.remark
            else ""
        )
        return f"<div><b>{escape(text.title)}</b></div>{table}{remark}"
