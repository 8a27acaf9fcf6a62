"""A line in which one number is entered; what is wrong with it is said while it is typed."""

import math
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from gui.theme import Theme

NO_NUMBER: Final = "“{}” is not a number: enter one such as −0.25 or 1e-3"
NOT_FINITE: Final = "{} is not allowed: enter a finite number"
TOO_LARGE: Final = "{} is too large for these numbers ({}): enter a smaller one"


def read_number(text: str, dtype: Any = np.float64) -> float:
    """The finite number that a text means; `ValueError` with a sentence for the user."""
    bare = text.strip().replace("−", "-")
    if not bare:
        raise ValueError("Enter a number, or press Esc to leave it as it was")
    try:
        value = float(bare)
    except ValueError:
        raise ValueError(NO_NUMBER.format(text.strip())) from None
    if not math.isfinite(value):
        raise ValueError(NOT_FINITE.format(text.strip()))
    if not fits(value, dtype):
        raise ValueError(TOO_LARGE.format(text.strip(), np.dtype(dtype).name))
    return value


def fits(value: float, dtype: Any) -> bool:
    """Whether a number is finite among the numbers of an array."""
    with np.errstate(over="ignore"):
        return bool(np.isfinite(np.asarray(value).astype(dtype)))


class NumberEdit(QLineEdit):
    """An editor inside a table; `problem` is empty where the text can be taken."""

    def __init__(self, dtype: Any, name: str, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.problem = ""
        self._dtype = dtype
        self.setAccessibleName(name)
        self.setFont(theme.mono(11))
        self.setStyleSheet(f"padding: 0 {theme.px(4)}px; border-radius: {theme.px(3)}px")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textChanged.connect(self._on_text_changed)

    def complain(self) -> None:
        """Say beside the line why its text is refused."""
        below = QPoint(0, self.height() // 2)
        QToolTip.showText(self.mapToGlobal(below), self.problem, self)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        try:
            read_number(text, self._dtype)
            self.problem = ""
        except ValueError as refused:
            self.problem = str(refused)
        self.setToolTip(self.problem)
        self.setAccessibleDescription(self.problem)
        if bool(self.property("invalid")) != bool(self.problem):
            self.setProperty("invalid", bool(self.problem))
            self.style().unpolish(self)
            self.style().polish(self)
