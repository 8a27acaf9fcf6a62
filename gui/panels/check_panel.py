"""Are the gradients right? A numeric check of this state, and a look at somebody's own arrays."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui.files import Question
from gui.panels import check_words as words
from gui.panels.check_marks import CheckMarks
from gui.panels.check_own import OwnReport, text_label
from gui.panels.inspector_actions import SmallAction
from gui.panels.panel import Panel
from gui.theme import Theme
from gui.widgets.fields.form_button import FormButton
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.overlay_scroll import OverlayScrollArea
from model.analysis.conventions import Orientation
from model.errors import BackscopeError
from model.training.snapshots import Snapshot

if TYPE_CHECKING:
    from model.files.own_comparison import OwnComparison
    from model.training.gradient_check import RunCheck

OPEN_OWN: Final = Question(
    "Open the arrays of your own backpropagation", ("NumPy archive (*.npz)", "All files (*)")
)


class CheckPanel(Panel):
    """Shows what a check found and of which iteration; one in the past stands back.

    `own_requested` carries the Path of a file and the Orientation of its samples, None where the
    file is to tell. Each request is answered by its `show_…` or by `show_error`.
    """

    name = "check"
    title = "Check"

    check_requested = Signal()
    own_requested = Signal(object, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._subtitle = "numeric gradient of every W and b"
        self._made: RunCheck | None = None
        self._snapshot: Snapshot | None = None
        self._stale = False
        self._path: Path | None = None
        self._build()
        self._place()
        self.check_button.clicked.connect(self._on_check_clicked)
        self.own_button.clicked.connect(self._on_own_clicked)
        self.rows_button.clicked.connect(self._on_rows_clicked)
        self.columns_button.clicked.connect(self._on_columns_clicked)
        self.report.table.reached.connect(self._on_table_reached)
        self.copy.clicked.connect(self._on_copy_clicked)
        self._refresh()
        self.apply_theme(theme)

    def head_widgets(self) -> tuple[QWidget, ...]:
        """Copy."""
        return (self.copy,)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Only notes whether the check still belongs to what is shown."""
        self._snapshot = snapshot
        stale = self._made is not None and not self._made.is_of(snapshot)
        if stale != self._stale:
            self._stale = stale
            self._refresh()

    @Slot(object)
    def show_check(self, made: "RunCheck") -> None:
        """The answer to `check_requested`."""
        self._made = made
        self._stale = self._snapshot is not None and not made.is_of(self._snapshot)
        self.check_button.name(words.CHECK_NOW)
        self.marks.show_check(made.check)
        self._say_error("")
        self._refresh()

    @Slot(object)
    def show_own(self, comparison: "OwnComparison") -> None:
        """The answer to `own_requested`."""
        self.own_button.name(words.COMPARE)
        self._say_error("")
        self.report.show_comparison(comparison)
        self._refresh()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._scroll.verticalScrollBar().setValue(self.report.y() - self.theme.px(4))

    @Slot(object)
    def show_error(self, error: BackscopeError) -> None:
        """Either request could not be met; what was shown before stays."""
        self.check_button.name(words.CHECK_NOW)
        self.own_button.name(words.COMPARE)
        open_question = error.hint == _undecided() and self._path is not None
        hint = "choose below how they stand" if open_question else error.hint
        self._say_error(words.error_text(BackscopeError(error.message, hint)), open_question)
        self._refresh()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._scroll.ensureWidgetVisible(self.error, 0, 0)

    def copied_text(self) -> str:
        """All that is shown."""
        parts = []
        if self._made is not None:
            parts.append(words.check_text(self._made, self._stale))
        if self.report.comparison is not None:
            parts.append(words.comparison_text(self.report.comparison))
        return "\n\n".join(parts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._on_copy_clicked()
            return
        super().keyPressEvent(event)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.marks.apply_theme(theme)
        self.report.apply_theme(theme)
        self.copy.apply_theme(theme)
        for button in self._buttons:
            button.apply_theme(theme)
        for label, size, ink in (
            (self.message, 13, theme.secondary),
            (self.footing, 11.5, theme.secondary),
            (self.failures, 12.5, theme.secondary if self._stale else theme.text),
            (self.error, 12.5, theme.failure),
        ):
            label.setFont(theme.font(size))
            label.setStyleSheet(f"color: {ink};")
        side = theme.px(12)
        self._column.setContentsMargins(side, theme.px(4), side, theme.px(10))
        self._column.setSpacing(theme.px(6))
        for flow in (self._flow, self._choice):
            flow.setSpacing(theme.px(8))

    def sizeHint(self) -> QSize:
        """Room for the marks of three layers and the buttons."""
        return QSize(self.theme.px(300), self.theme.px(140))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.theme.px(180), self.theme.px(90))

    def _build(self) -> None:
        theme = self.theme
        self._content = QWidget()
        self.marks = CheckMarks(theme, self._content)
        self.message, self.footing, self.failures, self.error = (
            text_label(self._content) for _ in range(4)
        )
        self.message.setText(words.EMPTY)
        self.copy = SmallAction(words.COPY, theme, self)
        self._buttons = tuple(
            FormButton(text, theme, self._content, height=28)
            for text in (words.CHECK_NOW, words.COMPARE, "Samples in rows", "Samples in columns")
        )
        self.check_button, self.own_button, self.rows_button, self.columns_button = self._buttons
        for button, tip in zip(self._buttons, words.TIPS, strict=True):
            button.setToolTip(tip)
        self.report = OwnReport(theme, self._content)

    def _place(self) -> None:
        self._flow, self._choice = FlowLayout(), FlowLayout()
        for button in self._buttons[:2]:
            self._flow.addWidget(button)
        for button in self._buttons[2:]:
            self._choice.addWidget(button)
        self._column = QVBoxLayout(self._content)
        for part in (self.message, self.marks, self.footing, self.failures):
            self._column.addWidget(part)
        self._column.addLayout(self._flow)
        self._column.addWidget(self.error)
        self._column.addLayout(self._choice)
        self._column.addWidget(self.report)
        self._column.addStretch(1)
        self._scroll = OverlayScrollArea(self)
        self._scroll.setWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self._say_error("")

    def _refresh(self) -> None:
        """Words and colours for what there is."""
        made, own = self._made, self.report.comparison
        self.message.setVisible(made is None and own is None)
        self.copy.setVisible(made is not None or own is not None)
        failures = "" if made is None else words.failures_of(made)
        for part, shown in (
            (self.marks, made is not None),
            (self.footing, made is not None),
            (self.failures, bool(failures)),
        ):
            part.setVisible(shown)
        if made is not None:
            self.marks.set_stale(self._stale)
            self.footing.setText(words.footing_of(made, self._stale))
            self.failures.setText(failures)
            ink = self.theme.secondary if self._stale else self.theme.text
            self.failures.setStyleSheet(f"color: {ink};")

    def _say_error(self, text: str, open_question: bool = False) -> None:
        self.error.setText(f"{words.WRONG} {text}" if text else "")
        self.error.setVisible(bool(text))
        for button in (self.rows_button, self.columns_button):
            button.setVisible(open_question)

    def _compare(self, path: Path, orientation: Orientation | None = None) -> None:
        self._path = path
        self.own_button.name(words.COMPARING)
        self.own_requested.emit(path, orientation)

    @Slot()
    def _on_check_clicked(self) -> None:
        """One check at a time; the button keeps the focus meanwhile."""
        if self.check_button.text() == words.CHECK_NOW:
            self.check_button.name(words.CHECKING)
            self.check_requested.emit()

    @Slot()
    def _on_own_clicked(self) -> None:
        if self.own_button.text() == words.COMPARE:
            OPEN_OWN.ask(self, self._compare)

    @Slot()
    def _on_rows_clicked(self) -> None:
        self._compare_again(Orientation.ROWS)

    @Slot()
    def _on_columns_clicked(self) -> None:
        self._compare_again(Orientation.COLUMNS)

    def _compare_again(self, orientation: Orientation) -> None:
        if self._path is not None:
            self.own_button.setFocus()
            self._compare(self._path, orientation)

    @Slot(int, int)
    def _on_table_reached(self, x: int, y: int) -> None:
        at = self.report.table.mapTo(self._content, self.report.table.rect().topLeft())
        self._scroll.ensureVisible(at.x() + x, at.y() + y, 0, self.theme.px(20))

    @Slot()
    def _on_copy_clicked(self) -> None:
        if text := self.copied_text():
            QApplication.clipboard().setText(text)


def _undecided() -> str:
    """The hint of a file whose samples may stand either way."""
    from model.files.own_layout import SAY_ORIENTATION

    return SAY_ORIENTATION
