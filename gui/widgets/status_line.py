"""The line at the bottom: the session's state, its few numbers, and passing notes."""

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.readings import Reading, Standing, standing
from gui.theme import Theme
from gui.widgets.painted import PaintedWidget
from model.training.snapshots import Snapshot, State

HEIGHT: Final = 26
_GAP: Final = 20
_MARGIN: Final = 12
_MESSAGE_MS: Final = 6000
_EXPLANATION_SHARE: Final = 0.55
_FAILURE_SHARE: Final = 0.85
"""Of the line's width, at most, while there are numbers to show beside it; why a run failed and
what to try matters more than they do."""


class StatusLine(PaintedWidget):
    """Painted text, so that thirty changes a second cost no layout.

    Where there is no room, the readings of the highest rank and then the origin are left out;
    the tooltip has everything.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._standing: Standing | None = None
        self._message = ""
        self._message_kind = "note"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.setAccessibleName("Status")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show this state of the session."""
        self.show_standing(standing(snapshot))

    def show_standing(self, now: Standing) -> None:
        """Show the state of whatever has these words, a race for one."""
        changed = self._standing is None or self._standing.state != now.state
        self._standing = now
        if changed:
            self.setAccessibleDescription(self.plain_text())
        self.update()

    def show_message(self, text: str, kind: str = "note") -> None:
        """Show a note for some seconds, beside state and epoch; `kind` is "note" or "error"."""
        self._message, self._message_kind = text, kind
        self.setAccessibleDescription(text)
        self._timer.start(_MESSAGE_MS)
        self.update()

    @property
    def message(self) -> str:
        """The passing note, empty where there is none."""
        return self._message

    def plain_text(self) -> str:
        """Everything that the line knows, also what there is no room for."""
        if self._standing is None:
            return self._message
        state = " ".join(filter(None, (self._state_word(), self._standing.explanation)))
        numbers = [reading.plain for reading in self._standing.readings]
        return "\n".join(filter(None, (self._message, state, *numbers, self._standing.origin)))

    def shown_readings(self) -> tuple[Reading, ...]:
        """The readings that there is room for."""
        return self._fit()[0]

    def sizeHint(self) -> QSize:
        return QSize(0, self.theme.px(HEIGHT))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.surface))
        painter.fillRect(0, 0, self.width(), 1, QColor(self.theme.border))
        left = self._paint_state(painter)
        for reading in self.shown_readings():
            left = self._paint_reading(painter, reading, left) + self._gap()
        if self._message:
            colour = self.theme.failure if self._message_kind == "error" else self.theme.text
            self._paint_elided(painter, self._message, left, self._right() - left, colour)
        elif self._standing is not None:
            self._paint_rest(painter, left)

    def _paint_state(self, painter: QPainter) -> float:
        if self._standing is None:
            return float(self.theme.px(_MARGIN))
        failed = self._standing.state == State.FAILED
        colour = self.theme.failure if failed else self.theme.text
        left = float(self.theme.px(_MARGIN))
        return self._paint_text(painter, self._state_word(), left, colour, bold=True) + self._gap()

    def _paint_rest(self, painter: QPainter, left: float) -> None:
        """Why the run stands where it does, and what it can be repeated from."""
        assert self._standing is not None
        right = self._right()
        if self._fit()[1]:
            words = self._standing.origin
            right -= self._advance(words, bold=False)
            self._paint_text(painter, words, right, self.theme.secondary)
            right -= self._gap()
        failed = self._standing.state == State.FAILED
        colour = self.theme.failure if failed else self.theme.secondary
        self._paint_elided(painter, self._standing.explanation, left, right - left, colour)

    def _paint_reading(self, painter: QPainter, reading: Reading, left: float) -> float:
        pieces = ((reading.before, False), (reading.value, True), (reading.after, False))
        for text, bold in pieces:
            if text:
                colour = self.theme.text if bold else self.theme.secondary
                left = self._paint_text(painter, text, left, colour, bold=bold) + self._space()
        return left - self._space()

    def _paint_text(
        self, painter: QPainter, text: str, left: float, colour: str, *, bold: bool = False
    ) -> float:
        """Draw from `left` on; the place where the text ends."""
        width = self._advance(text, bold=bold)
        painter.setFont(self._face(bold=bold))
        painter.setPen(QColor(colour))
        area = QRectF(left, 0, width + 2, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        return left + width

    def _paint_elided(
        self, painter: QPainter, text: str, left: float, room: float, colour: str
    ) -> None:
        metrics = QFontMetricsF(self._face(bold=False))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))
        self._paint_text(painter, shown, left, colour)

    def _fit(self) -> tuple[tuple[Reading, ...], bool]:
        """The readings there is room for, and whether there is room for the origin too."""
        if self._standing is None:
            return (), False
        if self._message:
            return self._beside_message(), False
        kept = list(self._standing.readings)
        room = self._right() - self._left() - self._explanation_width()
        room -= self._advance(self._standing.origin, bold=False) + self._gap()
        with_origin = sum(map(self._reading_width, kept)) <= room
        if not with_origin:
            room += self._advance(self._standing.origin, bold=False) + self._gap()
        while kept and sum(map(self._reading_width, kept)) > room:
            kept.remove(max(kept, key=lambda reading: reading.rank))
        return tuple(kept), with_origin

    def _beside_message(self) -> tuple[Reading, ...]:
        """The epoch, if the message does not need its room."""
        assert self._standing is not None
        room = self._right() - self._left() - self._advance(self._message, bold=False)
        first = self._standing.readings[:1]
        return first if all(self._reading_width(reading) <= room for reading in first) else ()

    def _explanation_width(self) -> float:
        assert self._standing is not None
        words = self._standing.explanation
        if not words:
            return 0.0
        whole = self._advance(words, bold=False) + self._gap()
        failed = self._standing.state == State.FAILED
        share = _FAILURE_SHARE if failed else _EXPLANATION_SHARE
        return min(whole, share * self.width())

    def _reading_width(self, reading: Reading) -> float:
        pieces = [(reading.before, False), (reading.value, True), (reading.after, False)]
        widths = [self._advance(text, bold=bold) for text, bold in pieces if text]
        return sum(widths) + self._space() * (len(widths) - 1) + self._gap()

    def _tip_at(self, x: int) -> str:
        """What the number under the pointer means, or the whole line."""
        left = self._left()
        for reading in self.shown_readings():
            width = self._reading_width(reading)
            if left <= x < left + width - self._gap():
                return f"{reading.plain}\n{reading.tip}"
            left += width
        return self.plain_text()

    def _state_word(self) -> str:
        return self._standing.word if self._standing is not None else ""

    def _left(self) -> float:
        return self.theme.px(_MARGIN) + self._advance(self._state_word(), bold=True) + self._gap()

    def _right(self) -> float:
        return float(self.width() - self.theme.px(_MARGIN))

    def _gap(self) -> int:
        return self.theme.px(_GAP)

    def _space(self) -> int:
        return self.theme.px(4)

    def _face(self, *, bold: bool) -> QFont:
        weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
        return self.theme.font(12, weight=weight)

    def _advance(self, text: str, *, bold: bool) -> float:
        return QFontMetricsF(self._face(bold=bold)).horizontalAdvance(text)

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._message = ""
        self.update()
