"""The section with the sweeps of a store: opened, gone on with, exported, deleted."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.panels.inspector_actions import SmallAction
from gui.store_worker import StoreContents
from gui.theme import Theme
from gui.widgets.elided_label import SEPARATOR, ElidedLabel
from gui.widgets.fields.complaint import Complaint
from gui.widgets.numerals import grouped
from gui.widgets.section import Section
from model.lab.store import StoredSweep

NOTHING: Final = "No sweep has been run yet. Its results will stay here."
OPEN: Final = ("open file…", "Show the sweeps of another file of results", "Open another file")
RESUME: Final = ("resume", "Run what this sweep lacks (R)", "Resume the sweep")
EXPORT: Final = (
    "export…",
    "Write runs.csv, curves.csv, runs.json and the figures into a folder (E)",
    "Export the sweep",
)
DELETE: Final = ("delete…", "Delete this sweep and its runs (Del)", "Delete the sweep")
_MOST: Final = 8
"""Lines that are shown without scrolling."""


class StoredSection(Section):
    """Each wish carries the StoredSweep that is chosen; `file_requested` asks for another file."""

    open_requested = Signal(object)
    resume_requested = Signal(object)
    export_requested = Signal(object)
    delete_requested = Signal(object)
    file_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._sweeps: tuple[StoredSweep, ...] = ()
        self._running = False
        self._file = ElidedLabel()
        self.list = SweepList()
        self.note = QLabel(NOTHING)
        self.complaint = Complaint(theme)
        self.resume_action = SmallAction(RESUME, theme)
        self.export_action = SmallAction(EXPORT, theme)
        self.delete_action = SmallAction(DELETE, theme)
        self.file_action = SmallAction(OPEN, theme)
        self._actions = (self.resume_action, self.export_action, self.delete_action)
        self._row, self._last = QHBoxLayout(), QHBoxLayout()
        super().__init__("Stored results", theme, parent)
        self._lay_out()
        self._connect()
        self.show_contents(StoreContents(Path(), ()))

    @property
    def chosen(self) -> StoredSweep | None:
        """The sweep whose line is selected."""
        place = self.list.currentRow()
        return self._sweeps[place] if 0 <= place < len(self._sweeps) else None

    def show_contents(self, contents: StoreContents) -> None:
        """List the sweeps of a store; the one that was chosen stays so."""
        before = self.chosen
        self.complaint.hide()
        self._sweeps = contents.sweeps
        self.list.blockSignals(True)
        self.list.clear()
        for sweep in self._sweeps:
            self.list.addItem(_item(sweep))
        self.list.blockSignals(False)
        if before is not None:
            self.choose(before.id)
        self._file.set_text(contents.path.name)
        self._file.setToolTip(str(contents.path))
        self.list.setVisible(bool(self._sweeps))
        self.note.setVisible(not self._sweeps)
        self._fit()
        self._enable()

    def follow(self, sweep: int, done: int) -> None:
        """So many runs of a sweep are there by now."""
        for place, stored in enumerate(self._sweeps):
            if stored.id == sweep and done > stored.done:
                now = replace(stored, done=done)
                self._sweeps = (*self._sweeps[:place], now, *self._sweeps[place + 1 :])
                self.list.item(place).setText(sweep_words(now))

    def choose(self, sweep: int) -> None:
        """Select the line of a sweep without opening it."""
        places = [place for place, stored in enumerate(self._sweeps) if stored.id == sweep]
        self.list.setCurrentRow(places[0] if places else -1)
        self._enable()

    def set_running(self, running: bool) -> None:
        """While a sweep goes on none is resumed or deleted."""
        self._running = running
        self._enable()

    def show_error(self, message: str) -> None:
        """What could not be done with the file."""
        self.complaint.show_message(message)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for part in (*self._actions, self.file_action, self.complaint):
            part.apply_theme(theme)
        self.list.apply_theme(theme)
        self.note.setFont(theme.font(12.5))
        self.note.setStyleSheet(f"color: {theme.secondary}; background: transparent;")
        self._file.set_look(theme.font(11.5), self.palette().placeholderText().color())
        self.body.setSpacing(theme.px(4))
        self._fit()

    def _lay_out(self) -> None:
        self.note.setWordWrap(True)
        for action in self._actions:
            self._row.addWidget(action)
        self._row.addStretch(1)
        self._last.addWidget(self._file, 1)
        self._last.addWidget(self.file_action)
        for widget in (self.list, self.note):
            self.body.addWidget(widget)
        self.body.addLayout(self._row)
        self.body.addLayout(self._last)
        self.body.addWidget(self.complaint)

    def _connect(self) -> None:
        self.list.opened.connect(self._on_list_opened)
        self.list.key_pressed.connect(self._on_list_key_pressed)
        self.list.menu_requested.connect(self._on_list_menu_requested)
        self.list.currentRowChanged.connect(self._enable)
        self.resume_action.clicked.connect(self._resume)
        self.export_action.clicked.connect(self._export)
        self.delete_action.clicked.connect(self._delete)
        self.file_action.clicked.connect(self.file_requested)

    def _fit(self) -> None:
        """As high as its lines, up to a few."""
        line = self.theme.px(24)
        self.list.setFixedHeight(line * max(1, min(_MOST, len(self._sweeps))) + self.theme.px(4))

    @Slot()
    def _enable(self) -> None:
        sweep = self.chosen
        lacking = sweep is not None and sweep.done < sweep.runs
        for action, possible in (
            (self.resume_action, lacking and not self._running),
            (self.export_action, sweep is not None),
            (self.delete_action, sweep is not None and not self._running),
        ):
            action.setVisible(possible)
            action.setEnabled(possible)

    @Slot()
    def _resume(self) -> None:
        if self.resume_action.isEnabled():
            self.resume_requested.emit(self.chosen)

    @Slot()
    def _export(self) -> None:
        if self.export_action.isEnabled():
            self.export_requested.emit(self.chosen)

    @Slot()
    def _delete(self) -> None:
        if self.delete_action.isEnabled():
            self.delete_requested.emit(self.chosen)

    @Slot()
    def _on_list_opened(self) -> None:
        if self.chosen is not None:
            self.open_requested.emit(self.chosen)

    @Slot(int)
    def _on_list_key_pressed(self, key: int) -> None:
        does = {Qt.Key.Key_R: self._resume, Qt.Key.Key_E: self._export}
        does.get(Qt.Key(key), self._delete)()

    @Slot(QPoint)
    def _on_list_menu_requested(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open", self._on_list_opened).setEnabled(self.chosen is not None)
        for button, does in zip(
            self._actions, (self._resume, self._export, self._delete), strict=True
        ):
            words = button.text().capitalize()
            menu.addAction(words, does).setEnabled(button.isEnabled())
        menu.popup(at)


class SweepList(QListWidget):
    """`opened` follows a click or Enter on a line; `key_pressed` the keys R, E and Delete."""

    opened = Signal()
    key_pressed = Signal(int)
    menu_requested = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Stored sweeps")
        self.setToolTip("Click a sweep, or press Enter, to see its results.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(NameDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.itemClicked.connect(self._on_item_clicked)
        self.customContextMenuRequested.connect(self._on_custom_context_menu_requested)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.setFont(theme.font(12.5))
        side = theme.px(4)
        self.setStyleSheet(
            f"QListWidget {{ background: transparent; color: {theme.text}; outline: none; }}"
            f" QListWidget::item {{ height: {theme.px(24)}px; padding: 0 {side}px;"
            f" border-radius: {side}px; }}"
            f" QListWidget::item:hover {{ background: {theme.field}; }}"
            f" QListWidget::item:selected {{ background: {theme.accent_tint};"
            f" color: {theme.text}; }}"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key in (Qt.Key.Key_R, Qt.Key.Key_E, Qt.Key.Key_Delete) and not event.modifiers():
            self.key_pressed.emit(key.value)
        else:
            super().keyPressEvent(event)

    @Slot(QListWidgetItem)
    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self.opened.emit()

    @Slot(QPoint)
    def _on_custom_context_menu_requested(self, at: QPoint) -> None:
        self.menu_requested.emit(self.viewport().mapToGlobal(at))


class NameDelegate(QStyledItemDelegate):
    """Cuts the name of a sweep where the line is narrow, never the number of its runs."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        view = option.widget
        style = view.style()
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, view) + 1
        room = area.width() - 2 * margin
        option.text = shortened(option.text, option.fontMetrics, room)


def shortened(words: str, metrics: QFontMetrics, room: int) -> str:
    """`sweep_words` in so many pixels: "learning_r… · 37 of 100"."""
    name, separator, count = words.rpartition(SEPARATOR)
    left = room - metrics.horizontalAdvance(separator + count)
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, left) + separator + count


def sweep_words(sweep: StoredSweep) -> str:
    """ "learning_rate, 20 seeds · 100", or "… · 37 of 100" where runs are missing."""
    there = "" if sweep.done == sweep.runs else f"{grouped(sweep.done)} of "
    return f"{sweep.name}{SEPARATOR}{there}{grouped(sweep.runs)}"


def _item(sweep: StoredSweep) -> QListWidgetItem:
    item = QListWidgetItem(sweep_words(sweep))
    begun = datetime.fromisoformat(sweep.created).astimezone()
    item.setToolTip(f"{sweep_words(sweep)} runs\nbegun {begun:%Y-%m-%d %H:%M}")
    return item
