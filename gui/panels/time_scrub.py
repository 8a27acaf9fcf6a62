"""Scrubbing: any number of wishes from the hand, one at a time for the session."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.widgets.wish import Wish

_ANSWER_MS: Final = 1000
"""After so long a wish counts as refused, and the session's own epoch is shown again."""


class Scrubber(QObject):
    """The epoch that is shown: the wished one at once, and the session's as soon as it is there.

    `requested` carries an epoch; the next one follows when the session stands at it. `moved` says
    that the shown epoch has changed.
    """

    requested = Signal(int)
    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: Wish[int] = Wish(0)
        self._actual = 0
        self._sent: int | None = None
        self.held = False
        self._timer = QTimer(self, singleShot=True, interval=_ANSWER_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def epoch(self) -> int:
        """The epoch to show."""
        return self._wish.value

    def ask(self, epoch: int) -> None:
        """The user wishes to see this epoch."""
        if epoch == self.epoch:
            return
        self._wish.ask(epoch)
        self.moved.emit()
        if self._sent is None:
            self._send()

    def settle(self, actual: int) -> None:
        """The session stands at this epoch."""
        self._actual = actual
        if self._sent == actual:
            self._sent = None
            self._timer.stop()
            if self.epoch != actual:
                self._wish.ask(self.epoch)
                self._send()
            else:
                self._wish.settle(actual)
        elif not self.held or self._sent is None:
            self._wish.settle(actual)
        if self.epoch == actual:
            self._forget()

    def reset(self, actual: int) -> None:
        """Another run: earlier wishes mean nothing."""
        self._forget()
        self._actual = actual
        self._wish = Wish(actual)

    def _send(self) -> None:
        self._sent = self.epoch
        self._timer.start()
        self.requested.emit(self._sent)

    def _forget(self) -> None:
        self._sent = None
        self._timer.stop()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._sent = None
        if self.held and self.epoch != self._actual:
            self._send()
            return
        self._wish = Wish(self._actual)
        self.moved.emit()
