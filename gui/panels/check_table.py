"""Somebody's own tensors in a table: name, shape, difference and verdict, as high as its rows."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui.panels.check_words import WRONG
from gui.theme import Theme

ROW_HEIGHT: Final = 22
_PADDING: Final = 4
HEADINGS: Final = ("tensor", "shape", "difference", "verdict")
"""Short ones for a narrow panel; the tooltip has the whole word."""


class CheckTable(QTableWidget):
    """Arrows move in it, Ctrl+C copies all of it; `reached(x, y)` is the middle of a cell."""

    reached = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADINGS), parent)
        self.theme = theme
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.setAccessibleName("Your tensors beside Backscope's own")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for policy in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.horizontalHeader().setDefaultAlignment(left)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.apply_theme(theme)

    def show_rows(self, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
        """Lines of `head`'s columns, the verdict last."""
        self._rows = (head, *rows)
        self.setRowCount(len(rows))
        for column, (short, whole) in enumerate(zip(HEADINGS, head, strict=True)):
            heading = QTableWidgetItem(short)
            heading.setToolTip(whole)
            self.setHorizontalHeaderItem(column, heading)
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(f"{row[0]}: {row[-1]}")
                self.setItem(at, column, item)
        self.apply_theme(self.theme)

    def copied_text(self) -> str:
        """The whole table, columns by tabs."""
        return "\n".join("\t".join(row) for row in self._rows)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.setFont(theme.mono(11.5))
        side = theme.px(_PADDING)
        self.setStyleSheet(
            f"QTableView::item {{ padding: 0 {side}px; }}"
            f" QHeaderView::section {{ padding: 0 {side}px; font-size: {theme.px(11)}px; }}"
        )
        self.verticalHeader().setMinimumSectionSize(theme.px(8))
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(theme.px(ROW_HEIGHT))
        self.horizontalHeader().setMinimumSectionSize(theme.px(20))
        for at in range(self.rowCount()):
            self._dress(at)
        self._fit()

    def sizeHint(self) -> QSize:
        """Every row."""
        return QSize(self.theme.px(260), self.theme.px(ROW_HEIGHT) * (self.rowCount() + 1) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.copied_text())
            return
        super().keyPressEvent(event)

    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            middle = self.viewport().mapToParent(self.visualRect(current).center())
            self.reached.emit(middle.x(), middle.y())

    def _dress(self, at: int) -> None:
        """A wrong line is bold and red beside its sign."""
        self.setRowHeight(at, self.theme.px(ROW_HEIGHT))
        wrong = self._rows[at + 1][-1].startswith(WRONG)
        weight = QFont.Weight.DemiBold if wrong else QFont.Weight.Normal
        for column in range(len(HEADINGS)):
            item = self.item(at, column)
            if item is None:
                continue
            last = column == len(HEADINGS) - 1
            item.setFont(self.theme.font(12, weight=weight) if last else self.theme.mono(11.5))
            ink = self.theme.failure if wrong and last else self.theme.text
            item.setForeground(QColor(ink))

    def _fit(self) -> None:
        """All columns but the verdict's as wide as their widest text."""
        cells, heads = QFontMetricsF(self.theme.mono(11.5)), QFontMetricsF(self.theme.font(11))
        for column, short in enumerate(HEADINGS[:-1]):
            texts = (row[column] for row in self._rows[1:])
            widest = max((cells.horizontalAdvance(text) for text in texts), default=0.0)
            width = max(widest, heads.horizontalAdvance(short)) + self.theme.px(2 * _PADDING + 8)
            self.setColumnWidth(column, round(width))
        self.updateGeometry()
