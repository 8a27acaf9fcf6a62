"""The lab's table: losses and accuracies every 100 epochs, and at the last one."""

import math
from typing import Final

from model.files.number_text import loss_text, percent_text
from model.training.history import History

TITLES: Final = ("epoch", "train loss", "test loss", "train accuracy", "test accuracy")
LINES: Final = 10


def table_epochs(epochs: int) -> list[int]:
    """About ten epochs of a run of `epochs`, 0 and the last one among them; 0, 100, … for 1,000."""
    if epochs < 1:
        return []
    shown = list(range(0, epochs, _interval(epochs)))
    return shown if shown[-1] == epochs - 1 else [*shown, epochs - 1]


def table_row(history: History, epoch: int) -> tuple[str, ...]:
    """One line under `TITLES`."""
    train_loss, test_loss, train_accuracy, test_accuracy = history.rows[epoch].tolist()
    return (
        str(epoch),
        loss_text(train_loss),
        loss_text(test_loss),
        percent_text(train_accuracy),
        percent_text(test_accuracy),
    )


def _interval(epochs: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, … that gives no more than ten lines."""
    power: int = 10 ** max(0, math.ceil(math.log10(epochs / LINES)) - 1)
    return next(f * power for f in (1, 2, 5, 10) if f * power * LINES >= epochs)
