"""When a run ends by itself: converged, or grown too large."""

from typing import Final

from model.arrays import Array
from model.training.history import History
from model.training.settings import TrainingSettings

GROWTH: Final = 2.0
GROWTH_EPOCHS: Final = 10
"""Diverged: the loss stays above twice its first value for ten epochs."""


class StopRules:
    """Follows the training loss epoch by epoch.

    What they say depends on the recorded losses alone, whichever way one came to them.
    """

    def __init__(self, training: TrainingSettings) -> None:
        self._training = training
        self._limit = float("inf")
        self._last_low = -1
        self._last_moved = 0
        self._before = float("nan")
        self._path: tuple[History, int] | None = None
        self._seen = 0

    def look(self, history: History, epochs: int, since: int) -> None:
        """Take note of the first `epochs` rows; those before row `since` count no longer.

        One more row of the same path is only added; anything else is counted again.
        """
        if self._path != (history, since) or not 0 <= epochs - self._seen <= 1:
            self._path = history, since
            self.resume(history.loss[:epochs], since)
        elif since < epochs > self._seen:
            self.observe(epochs - 1, history.loss_of(epochs - 1))
        self._seen = epochs

    def resume(self, losses: Array, since: int) -> None:
        """Count as if the recorded `losses` (epochs,) had been observed from epoch `since` on."""
        self._last_low = self._last_moved = since - 1
        self._before = float("nan")
        self._limit = GROWTH * float(losses[0]) if len(losses) else float("inf")
        recent = max(since, len(losses) - max(GROWTH_EPOCHS, self._training.patience) - 1)
        self._last_low = self._last_moved = recent - 1
        for epoch in range(recent, len(losses)):
            self.observe(epoch, float(losses[epoch]))

    def observe(self, epoch: int, loss: float) -> None:
        """Take note of the loss of one epoch; they come in order."""
        if epoch == 0:
            self._limit = GROWTH * loss
        if loss <= self._limit:
            self._last_low = epoch
        if not abs(loss - self._before) < self._training.tolerance:
            self._last_moved = epoch
        self._before = loss

    def grown(self, epoch: int) -> bool:
        """Whether the loss has stayed too high."""
        return epoch - self._last_low >= GROWTH_EPOCHS

    def converged(self, epoch: int) -> bool:
        """Whether the loss has stayed flat."""
        return self._training.tolerance > 0 and epoch - self._last_moved >= self._training.patience


def converged_words(epoch: int, training: TrainingSettings) -> str:
    """Why a run ended whose loss no longer changes."""
    return (
        f"converged at epoch {epoch}: the loss changed by less than"
        f" {training.tolerance:g} for {training.patience} epochs"
    )


def reached_words(epochs: int) -> str:
    """Why a run ended that has come to its last epoch."""
    return f"reached {epochs} epochs"
