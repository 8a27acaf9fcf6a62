"""What was found in somebody's own arrays: the verdict, the first wrong tensor, the table."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.panels import check_words as words
from gui.panels.check_table import CheckTable
from gui.theme import Theme

if TYPE_CHECKING:
    from model.files.own_comparison import OwnComparison


class OwnReport(QWidget):
    """Hidden until there is something to show; every text can be selected and copied."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.comparison: OwnComparison | None = None
        self.verdict, self.findings, self.premises = (text_label(self) for _ in range(3))
        self.table = CheckTable(theme, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (self.verdict, self.findings, self.table, self.premises):
            self._column.addWidget(part)
        self.apply_theme(theme)
        self.hide()

    def show_comparison(self, comparison: "OwnComparison") -> None:
        """Take the place of what was shown before."""
        self.comparison = comparison
        self.verdict.setText(words.verdict_of(comparison))
        self.findings.setText(words.findings_of(comparison))
        self.premises.setText(words.premises_of(comparison))
        head, *rows = words.rows_of(comparison)
        self.table.show_rows(head, tuple(rows))
        self.setAccessibleName(f"Comparison with {comparison.own.name}")
        self._dress_verdict()
        self.show()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.table.apply_theme(theme)
        self.findings.setFont(theme.font(12.5))
        self.findings.setStyleSheet(f"color: {theme.text};")
        self.premises.setFont(theme.font(11.5))
        self.premises.setStyleSheet(f"color: {theme.secondary};")
        self._column.setSpacing(theme.px(6))
        self._dress_verdict()

    def _dress_verdict(self) -> None:
        theme = self.theme
        right = self.comparison is None or self.comparison.check.agrees
        self.verdict.setFont(theme.font(13, weight=QFont.Weight.DemiBold))
        self.verdict.setStyleSheet(f"color: {theme.accent if right else theme.failure};")


def text_label(parent: QWidget) -> QLabel:
    """Plain words over several lines that the mouse can select."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
