"""The tensors of a check side by side: a mark, the name and how much each differs."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.panels.check_words import help_of, mark, title_of
from gui.theme import Theme
from gui.widgets.flow_layout import FlowLayout
from model.nn.gradcheck import GradientCheck, TensorCheck

_STATES: Final = {True: "agrees", False: "differs"}


class CheckMark(QWidget):
    """ "✓ W[1] 3·10⁻¹¹"; the tooltip has the element that differs most."""

    def __init__(self, tensor: TensorCheck, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.tensor = tensor
        self.sign, self.text = QLabel(mark(tensor.agrees), self), QLabel(title_of(tensor), self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for label in (self.sign, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._row.addWidget(label)
        self.setToolTip(help_of(tensor))
        self.setAccessibleName(f"{title_of(tensor)} {_STATES[tensor.agrees]}")
        self.dress(theme, stale=False)

    def dress(self, theme: Theme, *, stale: bool) -> None:
        """Colours and sizes; a stale one stands back."""
        agrees = self.tensor.agrees
        weight = QFont.Weight.Normal if agrees else QFont.Weight.DemiBold
        self.text.setFont(theme.font(13, weight=weight))
        self.sign.setFont(theme.font(13, weight=QFont.Weight.DemiBold))
        sign = theme.accent if agrees else theme.failure
        self.sign.setStyleSheet(f"color: {theme.secondary if stale else sign};")
        self.text.setStyleSheet(f"color: {theme.secondary if stale else theme.text};")
        self._row.setSpacing(theme.px(4))


class CheckMarks(QWidget):
    """Marks in the order of the layers, on as many lines as they need."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.marks: list[CheckMark] = []
        self._stale = False
        self._flow = FlowLayout(self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName("Numeric check of every gradient")

    def show_check(self, check: GradientCheck) -> None:
        """Other results take the place of those before."""
        for old in self.marks:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.marks = [CheckMark(tensor, self.theme, self) for tensor in check.tensors]
        for made in self.marks:
            self._flow.addWidget(made)
            made.show()
        self._dress()

    def set_stale(self, stale: bool) -> None:
        """Whether the results belong to another state than the one that is shown."""
        if stale != self._stale:
            self._stale = stale
            self._dress()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self._flow.setSpacing(theme.px(8))
        self._dress()
        self.updateGeometry()

    def _dress(self) -> None:
        for made in self.marks:
            made.dress(self.theme, stale=self._stale)
