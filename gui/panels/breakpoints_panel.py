"""The breakpoints: what stops the run, which of them did, and a form to add a condition."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.panels.breakpoints_form import BreakpointForm
from gui.panels.breakpoints_row import BreakpointRow
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.fields.form_button import FormButton
from gui.widgets.numerals import grouped
from gui.widgets.overlay_scroll import OverlayScrollArea
from model.errors import SettingsError
from model.training.snapshots import Snapshot

EMPTY: Final = (
    "Nothing stops the run. Add a condition, or click beside an operation (F9), and the run stops"
    " where it is met."
)


class BreakpointsPanel(Panel):
    """A list of breakpoints by number.

    `add_requested` carries a Condition, `until_requested` one for the next run alone.
    """

    name = "breakpoints"
    title = "Breakpoints"

    add_requested = Signal(object)
    until_requested = Signal(object)
    enabled_requested = Signal(int, bool)
    delete_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._shown: object = None
        self.rows: dict[int, BreakpointRow] = {}
        self.message = QLabel(EMPTY)
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.form = BreakpointForm(theme)
        self.form.hide()
        self.add_button = FormButton("Add…", theme, self, height=28, wide=True)
        self.add_button.setAccessibleName("Add a breakpoint")
        self.add_button.setToolTip("Choose a condition that stops the run where it becomes true.")
        content = QWidget()
        self._list = QVBoxLayout(content)
        self._list.addWidget(self.message, 1)
        self._list.addWidget(self.form)
        self._list.addStretch()
        self._scroll = OverlayScrollArea(self)
        self._scroll.setWidget(content)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.add_button)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._scroll, 1)
        self._column.addLayout(self._foot)
        self.add_button.clicked.connect(self.open_form)
        self.form.accepted.connect(self._on_form_accepted)
        self.form.cancelled.connect(self.close_form)
        # Rows have their places only after the layout has been at work.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._on_later_timeout)
        self.apply_theme(theme)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Rows keep their places and the focus; only what changed is written."""
        shown = snapshot.breakpoints, snapshot.hit, snapshot.iteration, snapshot.operation
        self.form.show_program(snapshot.program)
        if snapshot.hit is None:
            shown = (snapshot.breakpoints,)  # type: ignore[assignment]
        if shown == self._shown:
            return
        self._shown = shown
        self._keep({view.number for view in snapshot.breakpoints})
        for place, view in enumerate(snapshot.breakpoints):
            hit = snapshot.hit is not None and snapshot.hit.breakpoint == view.number
            stop = stop_text(snapshot) if hit else ""
            row = self.rows.get(view.number) or self._row(view, place)
            if (row.view, row.is_hit) != (view, hit) or hit:
                row.show_view(view, stop)
        self._later.start()
        self.message.setVisible(not self.rows and self.form.isHidden())
        self.set_subtitle(_subtitle(snapshot))

    @Slot(object)
    def show_error(self, error: SettingsError) -> None:
        """The session refused the condition entered last: its form says why."""
        self.open_form()
        self.form.show_error(error)

    @Slot()
    def open_form(self) -> None:
        """Let the user choose a condition."""
        self._open(once=False)

    @Slot()
    def open_until(self) -> None:
        """Let the user choose what the next run stops at; it begins with the choice."""
        self._open(once=True)

    def _open(self, *, once: bool) -> None:
        self.form.set_once(once)
        self.form.show()
        self.add_button.hide()
        self.message.hide()
        self.form.enter()
        self._later.start()

    @Slot()
    def close_form(self) -> None:
        """Back to the list."""
        self.form.hide()
        self.add_button.show()
        self.message.setVisible(not self.rows)
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        for row in self.rows.values():
            row.apply_theme(theme)
        self.form.apply_theme(theme)
        self.add_button.apply_theme(theme)
        self.message.setFont(theme.font(13))
        self.message.setStyleSheet(f"color: {theme.secondary}; padding: {theme.px(12)}px;")
        side, gap = theme.px(8), theme.px(4)
        self._list.setContentsMargins(side, 0, side, gap)
        self._list.setSpacing(theme.px(2))
        self._foot.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(8))
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def sizeHint(self) -> QSize:
        """Room for four conditions of usual length."""
        return QSize(self.theme.px(300), self.theme.px(170))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(100))

    def _row(self, view: object, place: int) -> BreakpointRow:
        row = BreakpointRow(view, self.theme)  # type: ignore[arg-type]
        row.enabled_requested.connect(self.enabled_requested)
        row.delete_requested.connect(self.delete_requested)
        row.moved.connect(self._on_row_moved)
        self.rows[row.view.number] = row
        self._list.insertWidget(place, row)
        return row

    @Slot()
    def _on_later_timeout(self) -> None:
        """Scroll to the form, else to the breakpoint that stopped the run."""
        hit = next((row for row in self.rows.values() if row.is_hit), None)
        target = hit if self.form.isHidden() else self.form
        if target is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            self._scroll.ensureWidgetVisible(target, 0, 0)

    def _keep(self, numbers: set[int]) -> None:
        """Drop the rows of breakpoints that are gone; the focus goes to a neighbour."""
        for number in self.rows.keys() - numbers:
            row = self.rows[number]
            if any(part.hasFocus() for part in (row.check, row.remove)):
                self._focus_beside(row)
            del self.rows[number]
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()

    def _focus_beside(self, row: BreakpointRow) -> None:
        others = list(self.rows.values())
        place = others.index(row)
        beside = others[place + 1 : place + 2] or others[max(0, place - 1) : place]
        (beside[0].check if beside else self.add_button).setFocus()

    @Slot(object)
    def _on_form_accepted(self, condition: object) -> None:
        self.close_form()
        (self.until_requested if self.form.once else self.add_requested).emit(condition)

    @Slot(object, int)
    def _on_row_moved(self, row: BreakpointRow, step: int) -> None:
        rows = list(self.rows.values())
        rows[max(0, min(len(rows) - 1, rows.index(row) + step))].check.setFocus()


def stop_text(snapshot: Snapshot) -> str:
    """ "2.31 at operation 7 of iteration 412"."""
    assert snapshot.hit is not None
    where = f"at iteration {grouped(snapshot.iteration)}"
    if snapshot.operation:
        iteration = grouped(snapshot.iteration)
        where = f"at operation {snapshot.operation} of iteration {iteration}"
    return " ".join(filter(None, (snapshot.hit.value, where)))


def _subtitle(snapshot: Snapshot) -> str:
    views = snapshot.breakpoints
    if snapshot.hit is not None:
        return f"stopped: {snapshot.hit.text}"
    if not views:
        return ""
    off = sum(not view.enabled for view in views)
    return f"{len(views)} · {off} off" if off else str(len(views))
