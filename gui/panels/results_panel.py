"""A sweep in a table: its values with their statistics, or all of its runs."""

from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QToolButton, QWidget

from gui.panels.results_filter import HOW, value_terms
from gui.panels.results_model import ResultsModel
from gui.panels.results_table import ResultsTable
from gui.panels.sweep_panel import EMPTY, SweepPanel
from gui.sweep_words import runs_words, seed_count, seeds_words, so_far_words
from gui.theme import Theme
from gui.widgets.choice_button import ChoiceButton
from gui.widgets.elided_label import SEPARATOR
from gui.widgets.labels import paint_message
from gui.widgets.painted import PaintedWidget
from gui.widgets.ticks import AXIS_TEXT
from model.lab.outcome import Fate
from model.lab.results import Results
from model.lab.row import Row
from model.lab.summaries import Summary

VALUES, RUNS = "by value", "all runs"
ANY: Final = "any state"
STATES: Final = {
    ANY: None,
    **{f.value: f for f in (Fate.FINISHED, Fate.CONVERGED, Fate.DIVERGED, Fate.REFUSED)},
}
_HOW: Final = {
    True: "double-click a line for its runs",
    False: "double-click to open in Debug",
}
_FILTER_MS: Final = 150
"""After a key before the table follows: more keys may come."""
_WIDTH: Final = 130
_EXPORT: Final = {
    True: "Write the table to a file, digit for digit; of values all percentiles too",
    False: "There is no table yet: start a sweep, or choose one of the stored results",
}


class ResultsPanel(SweepPanel):
    """`export_requested` asks for the table as a file."""

    name = "results"
    title = "Results"
    keys = (
        (("↑", "↓"), "The line above or below"),
        (("Enter",), "The runs of a value; a run in the debugger"),
        (("Ctrl+C",), "Copy the line, or all of them"),
    )

    export_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._chosen: int | None = None
        self.model = ResultsModel(theme, self)
        self.table = ResultsTable(self.model, theme, self)
        self.table.setAccessibleName("Results of a sweep")
        self.table.opening = "Show its runs"
        self._page = _Empty(theme, self)
        self._kind = ChoiceButton("Lines", (VALUES, RUNS), theme)
        self._kind.setToolTip("A line for each value with its statistics, or one for each run")
        self._state = ChoiceButton("State", tuple(STATES), theme)
        self._state.setToolTip("Only the runs that ended so")
        self.filter_field = QLineEdit()
        self.filter_field.setPlaceholderText("he · seed=3")
        self.filter_field.setClearButtonEnabled(True)
        self.filter_field.setAccessibleName("Filter")
        self.filter_field.setToolTip(HOW)
        self._export = QToolButton()
        self._export.setText("export CSV")
        self._export.setAccessibleName("Export the table as CSV")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._page)
        self._stack.addWidget(self.table)
        self.setFocusProxy(self.table)
        self._later = QTimer(self, singleShot=True, interval=_FILTER_MS)
        self._later.timeout.connect(self._filter)
        self._connect()
        self._restyle()
        self.show_results(None)

    def _connect(self) -> None:
        self._kind.chosen.connect(self._on_kind_chosen)
        self._state.chosen.connect(self._filter)
        self.filter_field.textChanged.connect(self._on_filter_field_text_changed)
        self.filter_field.returnPressed.connect(self._filter)
        self._export.clicked.connect(self.export_requested)
        self.table.export_requested.connect(self.export_requested)
        self.table.run_chosen.connect(self._on_table_run_chosen)
        self.table.run_opened.connect(self._on_table_run_opened)
        self.model.modelReset.connect(self._on_model_reset)

    def head_widgets(self) -> tuple[QWidget, ...]:
        return self._kind, self._state, self.filter_field, self._export

    @property
    def by_value(self) -> bool:
        """Whether a line is a value and not a run."""
        return self.model.by_value

    def show_results(self, results: Results | None) -> None:
        another = self._results is None or results is None or results.plan != self._results.plan
        self._results = results
        if another:
            self._chosen = None
            self.filter_field.clear()
            self._state.choose(ANY)
            self._kind.choose(VALUES)
        before = self.model.columns
        self.model.show_results(results)
        now = self.model.columns
        if another or len(before) != len(now):
            self.table.begin_anew()
        elif [column.sample for column in before] != [column.sample for column in now]:
            self.table.fit_columns()
        self._export.setEnabled(results is not None)
        self._export.setToolTip(_EXPORT[results is not None])
        self._stack.setCurrentWidget(self._page if results is None else self.table)
        self._say()

    def show_kind(self, kind: str) -> None:
        """`VALUES` or `RUNS`, as from the button."""
        self._kind.choose(kind)

    def show_state(self, word: str) -> None:
        """One of `STATES`, as from the button."""
        self._state.choose(word)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.model.apply_theme(theme)
        for part in (self.table, self._page, self._kind, self._state):
            part.apply_theme(theme)
        self._restyle()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The table as it stands, in its own proportions."""
        if self._results is None:
            paint_message(painter, EMPTY, area, self.theme)
            return
        picture = self.table.grab()
        size = QSizeF(picture.size()).scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawPixmap(QRectF(area.topLeft(), size).toRect(), picture)

    def _restyle(self) -> None:
        theme = self.theme
        self._export.setFont(theme.font(AXIS_TEXT))
        self.filter_field.setFont(theme.font(AXIS_TEXT))
        self.filter_field.setFixedSize(theme.px(_WIDTH), theme.px(22))
        self.filter_field.setStyleSheet(f"padding: 0 {theme.px(4)}px;")

    def _say(self) -> None:
        results, model = self._results, self.model
        self._state.setVisible(not model.by_value)
        if results is None:
            self.set_subtitle("")
            return
        shown, whole = len(model.order), len(model.items)
        parts = (
            _values_words(results) if model.by_value else runs_words(whole),
            so_far_words(results) if model.by_value else "",
            self._shown_words(shown, whole),
            _HOW[model.by_value],
        )
        self.set_subtitle(SEPARATOR.join(part for part in parts if part))

    def _shown_words(self, shown: int, whole: int) -> str:
        """How many lines the filter leaves; where it leaves none, what no line has."""
        if shown or not whole:
            return f"{shown} shown" if shown < whole else ""
        term = self.model.unknown_term
        return f"no line has “{term}”" if term else "no line has all of this together"

    def _choose(self, words: str) -> None:
        self.model.choose(
            by_value=self._kind.value == VALUES, state=STATES[self._state.value], words=words
        )
        self._say()

    @Slot()
    def _filter(self) -> None:
        self._later.stop()
        self._choose(self.filter_field.text())

    @Slot()
    def _on_filter_field_text_changed(self) -> None:
        self._later.start()

    @Slot(str)
    def _on_kind_chosen(self, kind: str) -> None:
        self._chosen = None
        self.table.opening = "Show its runs" if kind == VALUES else "Open in Debug"
        self._filter()
        self.table.begin_anew()

    @Slot(object)
    def _on_table_run_chosen(self, place: int | None) -> None:
        self._chosen = place

    @Slot(int)
    def _on_table_run_opened(self, place: int) -> None:
        """A value is opened into its runs, a run into the debugger."""
        item = self.model.items[place]
        if isinstance(item, Row):
            self.run_opened.emit(item)
        else:
            self._open_value(item)

    def _open_value(self, summary: Summary) -> None:
        self.filter_field.setText(value_terms(summary.varied))
        self._kind.choose(RUNS)

    @Slot()
    def _on_model_reset(self) -> None:
        """The line that was chosen stays so."""
        self.table.choose(self._chosen)


def _values_words(results: Results) -> str:
    """What the numbers of a value are."""
    one = seed_count(results) == 1
    return "one run a value" if one else f"medians over {seeds_words(results)}"


class _Empty(PaintedWidget):
    """What to do where there is no table."""

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_message(QPainter(self), EMPTY, QRectF(self.rect()), self.theme)
