"""The table of an element's largest terms; a number that has a history leads to it."""

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.panels.formula_rows import Cell, Heading, Rows
from gui.theme import Theme
from gui.widgets.typeset import typeset

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT: Final = 22
HEAD_HEIGHT: Final = 26
_PADDING: Final = 10
_HEAD_SIZE: Final = 13.0


class TermsModel(QAbstractTableModel):
    """Rows of text with their exact values as tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows((), ())

    def set_rows(self, rows: Rows) -> None:
        """Show other numbers; the place stays where the shape does."""
        same = (len(rows.cells), len(rows.headings)) == (self.rowCount(), self.columnCount())
        if not same:
            self.beginResetModel()
        self.rows = rows
        if not same:
            self.endResetModel()
            return
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def cell(self, index: Index) -> Cell:
        """What stands there."""
        return self.rows.cells[index.row()][index.column()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.rows.cells)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.rows.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.spoken
        if role == Qt.ItemDataRole.ToolTipRole and cell.spoken:
            return (
                f"{cell.spoken}\nClick or Enter: where it came from"
                if cell.element
                else cell.spoken
            )
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            heading = self.rows.headings[section]
            return f"{heading.words} {heading.factor}".strip()
        return None


class _Delegate(QStyledItemDelegate):
    """Figures flush right; a link is coloured under the pointer, the current cell has a frame."""

    theme: Theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, TermsModel)
        cell, theme = model.cell(index), self.theme
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        hovered = bool(state & QStyle.StateFlag.State_MouseOver) and cell.element is not None
        font = theme.mono(11.5)
        font.setUnderline(hovered)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        painter.setPen(QColor(theme.accent if hovered else getattr(theme, cell.role)))
        side = theme.px(_PADDING)
        painter.drawText(box.adjusted(0, 0, -side, 0), _RIGHT, cell.text)
        if index.row() == model.rowCount() - 1:
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawLine(box.topLeft(), box.topRight())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            frame = box.adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, theme.px(4), theme.px(4))
        painter.restore()


_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Head(QHeaderView):
    """Headings set as mathematics, flush with their figures."""

    theme: Theme

    def __init__(self, model: TermsModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def wanted(self, heading: Heading) -> float:
        """The width that a heading takes."""
        metrics = QFontMetricsF(self.theme.font(11))
        return sum(self._widths(heading, metrics))

    def paintSection(self, painter: QPainter, rect: Any, section: int) -> None:
        heading, theme = self._rows.rows.headings[section], self.theme
        font = theme.font(11)
        metrics, colour = QFontMetricsF(font), QColor(theme.secondary)
        first, second = self._widths(heading, metrics)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        painter.setPen(colour)
        middle = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2 + 1
        left = rect.right() - theme.px(_PADDING) - first - second
        if heading.latex:
            size = _HEAD_SIZE * theme.scale
            typeset(heading.latex).paint(painter, QPointF(left, middle), size, colour)
        else:
            painter.drawText(QPointF(left, middle), heading.words)
        if heading.factor:
            start = left + first + second - metrics.horizontalAdvance(heading.factor)
            painter.drawText(QPointF(start, middle), heading.factor)
        painter.restore()

    def _widths(self, heading: Heading, metrics: QFontMetricsF) -> tuple[float, float]:
        """Of the formula, or the words, and of the factor with the space before it."""
        first = metrics.horizontalAdvance(heading.words)
        if heading.latex:
            first = typeset(heading.latex).width * _HEAD_SIZE * self.theme.scale
        gap = self.theme.px(4)
        return first, metrics.horizontalAdvance(heading.factor) + gap if heading.factor else 0.0


class TermsTable(QTableView):
    """As high as its rows; arrows move in it, Enter or a click follows a number.

    `element_requested(Element)`: where a number came from is wanted. `reached(x, y)`: the middle of
    the current cell, in the table.
    """

    element_requested = Signal(object)
    reached = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.terms = TermsModel(self)
        self._delegate = _Delegate(self)
        self._head = _Head(self.terms, self)
        self.setModel(self.terms)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self._head)
        self.setAccessibleName("Largest terms")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_clicked)
        self.apply_theme(theme)

    def set_rows(self, rows: Rows) -> None:
        """Show these terms."""
        if rows != self.terms.rows:
            self.terms.set_rows(rows)
            self._fit()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = self._delegate.theme = self._head.theme = theme
        self.setFont(theme.mono(11.5))
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        self._head.setFixedHeight(theme.px(HEAD_HEIGHT))
        self._fit()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Every row, and the bar beneath them where the columns need one."""
        theme = self.theme
        height = theme.px(HEAD_HEIGHT) + self.terms.rowCount() * theme.px(ROW_HEIGHT)
        if 0 < self.width() < self._head.length():
            height += self.horizontalScrollBar().sizeHint().height()
        return QSize(self._head.length(), height + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._follow(self.currentIndex())
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            middle = self.viewport().mapToParent(self.visualRect(current).center())
            self.reached.emit(middle.x(), middle.y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        link = index.isValid() and self.terms.cell(index).element is not None
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def _fit(self) -> None:
        """Columns as wide as their widest text."""
        metrics = QFontMetricsF(self.theme.mono(11.5))
        side = self.theme.px(_PADDING)
        for at, heading in enumerate(self.terms.rows.headings):
            texts = (row[at].text for row in self.terms.rows.cells)
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
            width = max(widest, self._head.wanted(heading)) + 2 * side
            self.setColumnWidth(at, round(width))
        self.updateGeometry()

    def _follow(self, index: QModelIndex) -> None:
        element = self.terms.cell(index).element
        if element is not None:
            self.element_requested.emit(element)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._follow(index)
