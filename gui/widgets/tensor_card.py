"""A tensor as a small card: title, shape and time, a compact table, one line of statistics."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tensor_model import Headings
from gui.widgets.tensor_numbers import Facts
from gui.widgets.tensor_table import TensorTable
from model.arrays import Array

DIGITS: Final = 3
ROW_HEIGHT: Final = 21
LEAST_HEIGHT: Final = 96
"""Pixels before scaling: headings, two rows and a scroll bar."""


class TensorCard(QWidget):
    """Follows one tensor; `closed`: the user does not want to see it any more."""

    closed = Signal()

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.subtitle, self.facts = ElidedLabel(), ElidedLabel(), ElidedLabel()
        self.close_button = QToolButton()
        self.table = TensorTable(theme, digits=DIGITS, row_height=ROW_HEIGHT)
        self.table.set_common_factor(True)
        self.message = QLabel()
        self._set_up(title)
        self._lay_out()
        self.apply_theme(theme)

    def show_tensor(
        self,
        array: Array,
        facts: Facts,
        title: str,
        columns: Headings,
        rows: Headings,
        *,
        probabilities: bool = False,
    ) -> None:
        """Show a matrix whose facts are known."""
        self.message.hide()
        self.table.show()
        self.table.show_array(
            array, facts.largest, title, columns, rows, probabilities=probabilities
        )
        self._fit_table()

    def show_message(self, text: str) -> None:
        """Say why there is no table."""
        self.message.setText(text)
        self.message.show()
        self.table.hide()
        self.facts.set_text("")

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        bold = theme.font(12.5, weight=QFont.Weight.DemiBold)
        self.title.set_look(bold, QColor(theme.text))
        self.subtitle.set_look(theme.font(11.5), QColor(theme.secondary))
        self.set_failing(False)
        self.table.apply_theme(theme)
        self.close_button.setFont(theme.font(11.5))
        self.close_button.setStyleSheet(f"padding: {theme.px(1)}px {theme.px(2)}px")
        self.message.setFont(theme.font(11.5))
        self.message.setStyleSheet(f"color: {theme.secondary}")
        self._fit_table()
        self._column.setSpacing(theme.px(3))
        self._head.setSpacing(theme.px(7))

    def set_failing(self, failing: bool) -> None:
        """Write the statistics in the colour of failures."""
        colour = self.theme.failure if failing else self.theme.secondary
        self.facts.set_look(self.theme.font(11), QColor(colour))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_table()

    def _fit_table(self) -> None:
        """As high as its rows; fewer than three of them never scroll."""
        wanted = self.table.wanted_height(self.width())
        self.table.setMaximumHeight(wanted)
        self.table.setMinimumHeight(min(wanted, self.theme.px(LEAST_HEIGHT)))

    def _set_up(self, title: str) -> None:
        self.setAccessibleName(f"Pinned tensor {title}")
        self.title.set_text(title)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.table.setAccessibleName(f"Elements of {title}")
        self.message.setWordWrap(True)
        self.message.hide()
        self.close_button.setText("unpin")
        self.close_button.setToolTip(f"Take {title} out of sight")
        self.close_button.setAccessibleName(f"Unpin {title}")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.closed)

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.subtitle, 1)
        self._head.addWidget(self.close_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._column.addWidget(self.message)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.facts)
        self._column.addStretch(0)
