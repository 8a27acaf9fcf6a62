"""A line of words and numbers with links, for mouse and keyboard."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.panels.formula_words import Links, plain
from gui.theme import Theme


class LinkLine(QLabel):
    """Tab goes from link to link, Enter or a click follows it.

    `element_requested(Element)`: a link was followed.
    """

    element_requested = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links = Links(theme.accent)
        self._accent = theme.accent
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.linkActivated.connect(self._on_link_activated)
        self.linkHovered.connect(self._on_link_hovered)

    @property
    def links(self) -> Links:
        """Where the links of the line lead."""
        return self._links

    def show_line(self, line: Callable[[Links], str]) -> None:
        """Show what `line` makes, nothing where that is empty."""
        links = Links(self._accent)
        text = line(links)
        self._links = links
        if text != self.text():
            self.setText(text)
        self.setVisible(bool(text))

    def set_look(self, theme: Theme, size: float) -> None:
        """Take on other colours or another scale."""
        self._accent = theme.accent
        role = theme.text if size > 12 else theme.secondary
        self.setStyleSheet(f"color: {role}")
        self.setFont(theme.font(size))  # behind the style sheet, which resets it in a scroll area

    @Slot(str)
    def _on_link_activated(self, address: str) -> None:
        self.element_requested.emit(self._links.at(address))

    @Slot(str)
    def _on_link_hovered(self, address: str) -> None:
        self.setToolTip(f"Where {plain(self._links.at(address))} came from" if address else "")
