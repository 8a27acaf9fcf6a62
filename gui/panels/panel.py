"""What every panel is: a picture of the session with a title, a subtitle and a legend."""

from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Final

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from model.training.snapshots import Snapshot

WAITING: Final = "The data are being prepared."
"""What every panel says before it has anything to show."""


class Wants(Flag):
    """Derived pictures that the worker computes for a panel while it is visible."""

    NOTHING = 0
    GRID = auto()
    ROC = auto()
    TAYLOR = auto()


class Mark(Enum):
    """How a legend entry is drawn; a shape says what the colour says."""

    DISC = auto()
    SQUARE = auto()
    RING = auto()
    BAR = auto()
    LINE = auto()
    DASHED = auto()
    BOX = auto()


@dataclass(frozen=True)
class LegendEntry:
    """One mark and its word; `role` names a colour of the theme ("negative", "text", …)."""

    mark: Mark
    role: str
    text: str


class Panel(QWidget):
    """A picture of the session.

    A panel reads snapshots and says what the user wishes through signals; it never touches the
    session. `name` is its object name in the saved layout, `title` the word on its head; `keys` are
    the keys that it understands while it has the focus, each line with what they do.
    """

    name = ""
    title = ""
    wants = Wants.NOTHING
    keys: tuple[tuple[tuple[str, ...], str], ...] = ()

    heading_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)
        self._subtitle = ""

    @property
    def heading(self) -> str:
        """The word on the head; a panel that changes it emits `heading_changed`."""
        return self.title

    @property
    def subtitle(self) -> str:
        """What is shown and of which epoch, in secondary text behind the title."""
        return self._subtitle

    @property
    def has_picture(self) -> bool:
        """Whether a file of what it shows would say anything."""
        return True

    def set_subtitle(self, text: str) -> None:
        """Change the subtitle and tell the head."""
        if text != self._subtitle:
            self._subtitle = text
            self.heading_changed.emit()

    def legend(self) -> tuple[LegendEntry, ...]:
        """Entries for the right of the head."""
        return ()

    def head_widgets(self) -> tuple[QWidget, ...]:
        """Small actions for the right of the head."""
        return ()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw this state of the session."""
        raise TypeError(f"{type(self).__name__} draws no snapshots")

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale and redraw."""
        self.theme = theme
        self.update()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """Draw the picture into `area`, for a file; the head is drawn by `gui.figures`."""
        self.render(painter, area.topLeft().toPoint())
