"""The runs of a race in a table: what varied, how good each one is, how it stands."""

from typing import Any, Final

from PySide6.QtCore import QRectF, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QToolButton, QToolTip, QVBoxLayout, QWidget

from gui.panels.race_panel import RacePanel
from gui.panels.runs_model import RunsModel
from gui.panels.runs_table import RunsTable
from gui.theme import Theme
from gui.widgets.fields.entry_field import EntryField
from gui.widgets.ticks import AXIS_TEXT
from model.lab.race_snapshot import RaceSnapshot, RaceView
from model.limits import Kind, Limits
from model.settings_fields import FieldDescription
from model.training.snapshots import State

HOW: Final = (
    "click a heading to sort, a row to light it everywhere, double-click to open it in Debug"
)
_WRITE_MS: Final = 200
"""While runs go on the table is written so often: faster numbers nobody could read."""
_WIDTH: Final = 62
_TARGET: Final = FieldDescription(
    path="target",
    title="Target loss",
    help="The training loss whose first epoch the table names.",
    kind=Kind.NUMBER,
    optional=False,
    unit="",
    step=0.05,
    bounds=Limits(minimum=0.0, minimum_excluded=True),
    limits="above 0",
    choices={},
    default=RaceView().target,
)

_TARGET_TIP: Final = f"{_TARGET.help} Allowed: above 0."


class RunsPanel(RacePanel):
    """`target_changed` carries the loss whose first epoch is to be found."""

    name = "runs"
    title = "Runs"
    keys = (
        (("↑", "↓"), "Highlight the run above or below"),
        (("Enter",), "Open the run in the debugger"),
        (("Ctrl+C",), "Copy the row, or all of them"),
        (("Esc",), "Highlight none"),
    )

    target_changed = Signal(float)
    export_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.target = _TARGET.default
        self.runs = RunsModel(theme, self)
        self.table = RunsTable(self.runs, theme, self)
        self.set_subtitle(HOW)
        self._label = QLabel("target loss")
        self.target_field = EntryField(_TARGET, theme)
        self.target_field.setAccessibleName(_TARGET.title)
        self._explain_target(_TARGET_TIP)
        self._export = QToolButton()
        self._export.setText("export CSV")
        self._export.setToolTip("Write the table to a file, digit for digit.")
        self._export.setAccessibleName("Export the table as CSV")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.setFocusProxy(self.table)
        self._timer = QTimer(self, singleShot=True, interval=_WRITE_MS)
        self._timer.timeout.connect(self.table.write)
        self.table.run_chosen.connect(self.run_chosen)
        self.table.run_opened.connect(self.run_opened)
        self.table.export_requested.connect(self.export_requested)
        self._export.clicked.connect(self.export_requested)
        self.target_field.entered.connect(self._on_target_entered)
        self.target_field.restored.connect(self._on_target_restored)
        self._restyle()

    def head_widgets(self) -> tuple[QWidget, ...]:
        return self._label, self.target_field, self._export

    def show_race(self, race: RaceSnapshot) -> None:
        if self.runs.show_race(race, self.target):
            self.table.begin_anew()
        if race.state is not State.RUNNING:
            self.table.write()
        elif not self._timer.isActive():
            self._timer.start()

    def highlight(self, number: int | None) -> None:
        self.table.choose(number)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.runs.apply_theme(theme)
        self.table.apply_theme(theme)
        self.target_field.apply_theme(theme)
        self._restyle()

    def paint_figure(self, painter: QPainter, area: QRectF) -> None:
        """The table as it stands, in its own proportions."""
        picture = self.table.grab()
        keep = Qt.AspectRatioMode.KeepAspectRatio
        size = QSizeF(picture.size()).scaled(area.size(), keep)
        painter.drawPixmap(QRectF(area.topLeft(), size).toRect(), picture)

    def _restyle(self) -> None:
        theme = self.theme
        self._label.setFont(theme.font(11.5))
        self._label.setStyleSheet(f"color: {theme.secondary}; background: transparent;")
        self._export.setFont(theme.font(AXIS_TEXT))
        self.target_field.setFixedWidth(theme.px(_WIDTH))

    def _explain_target(self, words: str) -> None:
        """What the field is for, or what is wrong with what stands there."""
        self.target_field.setToolTip(words)
        self.target_field.setAccessibleDescription(words)

    @Slot()
    def _on_target_restored(self) -> None:
        self._explain_target(_TARGET_TIP)
        QToolTip.hideText()

    @Slot(object)
    def _on_target_entered(self, raw: Any) -> None:
        if isinstance(raw, str) or raw is None or not raw > 0:
            entered = f"“{raw}” is not allowed" if raw not in ("", None) else "Nothing is entered"
            self.target_field.refuse(self.target)
            self._explain_target(f"{entered}: enter a number above 0, as in 0.30.")
            below = self.target_field.rect().bottomLeft()
            words = self.target_field.toolTip()
            QToolTip.showText(self.target_field.mapToGlobal(below), words, self.target_field)
            return
        self._explain_target(_TARGET_TIP)
        self.target = float(raw)
        self.target_field.show_value(self.target, force=True)
        self.target_changed.emit(self.target)
