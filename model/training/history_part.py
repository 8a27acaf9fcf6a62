"""A piece of a history, as it crosses a thread."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from model.arrays import Array, frozen

NONE: Final = frozen(np.empty((0, 0)))
"""Squares of no layer."""


@dataclass(frozen=True)
class HistoryPart:
    """The recorded epochs from `start` on; rows (n, 4) as `model.training.history.COLUMNS`.

    `squares` (n, L) are the `gradient_norms` before the root is taken; without an entry where they
    are not known. Whoever keeps a copy cuts it to `start` rows and appends these.
    """

    start: int
    rows: Array
    squares: Array = field(default_factory=lambda: NONE)

    @property
    def gradient_norms(self) -> Array:
        """‖(∇W[l], ∇b[l])‖, (n, L), as `model.training.history.History` has them."""
        return np.sqrt(self.squares)
