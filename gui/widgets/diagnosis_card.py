"""What went wrong when a number stopped being finite, and the way back."""

import math
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.panels.inspector_tensors import Shape, kind_of
from gui.theme import Theme, blend
from gui.widgets.fields.form_button import FormButton
from gui.widgets.flat_button import FlatButton
from gui.widgets.glyphs import Glyph, paint_glyph
from gui.widgets.numerals import MINUS, named
from model.analysis.expansion import Element
from model.nn.operations import TensorName
from model.training.debug_views import Diagnosis

BACK: Final = "Back to the last good state"
_ROOM_FOR_FACTS: Final = 780
"""Height in pixels before scaling of the card and what stands below it."""


class DiagnosisCard(QWidget):
    """A diagnosis in words and numbers; hidden while there is none.

    `good_state_requested` carries the iteration to go back to, `show_requested` the Element that
    is not finite.
    """

    good_state_requested = Signal(int)
    show_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diagnosis: Diagnosis | None = None
        self.title = QLabel(self)
        self.cause = QLabel(self)
        self.facts = QGridLayout()
        self._labels: list[tuple[QLabel, QLabel]] = []
        self.back_button = FlatButton(theme, primary=True, parent=self)
        self.back_button.setText(BACK)
        self.back_button.setAccessibleName(BACK)
        self.show_button = FormButton("Show it", theme, self, height=30)
        self.show_button.setToolTip("Select this element in the inspector and the formula.")
        for label in (self.title, self.cause):
            _prepare(label)
            label.setWordWrap(True)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.title, 1)
        self._buttons.addWidget(self.show_button)
        self._buttons.addWidget(self.back_button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._buttons)
        self._column.addWidget(self.cause)
        self._column.addLayout(self.facts)
        self.facts.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.back_button.clicked.connect(self._on_back_clicked)
        self.show_button.clicked.connect(self._on_show_clicked)
        self.apply_theme(theme)
        self.hide()

    def show_diagnosis(self, diagnosis: Diagnosis | None) -> None:
        """Show a diagnosis, or nothing."""
        if diagnosis == self._diagnosis:
            return
        self._diagnosis = diagnosis
        self.setVisible(diagnosis is not None)
        if diagnosis is not None:
            self.title.setText(title_of(diagnosis))
            self.cause.setText(diagnosis.cause)
            self._fit()
            self.setAccessibleName(f"{title_of(diagnosis)}. {diagnosis.cause}")
            self.back_button.setToolTip(
                f"Go to iteration {diagnosis.good}, the last one whose numbers are all finite."
            )

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.title.setFont(theme.font(13, weight=QFont.Weight.DemiBold))
        self.title.setStyleSheet(f"color: {theme.failure}; background: transparent;")
        self.title.setIndent(theme.px(20))
        self.cause.setFont(theme.font(13))
        self.cause.setStyleSheet(f"color: {theme.text}; background: transparent;")
        for name, value in self._labels:
            self._dress(name, value)
        self.back_button.apply_theme(theme)
        self.show_button.apply_theme(theme)
        side = theme.px(12)
        self._column.setContentsMargins(side, theme.px(10), side, side)
        self._column.setSpacing(theme.px(8))
        self.facts.setHorizontalSpacing(theme.px(12))
        self.facts.setVerticalSpacing(theme.px(3))
        self._buttons.setSpacing(theme.px(8))
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watched.installEventFilter(self)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._watched.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it stands in has another height."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(blend(theme.surface, theme.failure, 0.55), 1))
        painter.setBrush(blend(theme.surface, theme.failure, 0.07))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        side, place = theme.px(14), self.title.geometry()
        area = QRectF(place.left(), place.center().y() - side / 2, side, side)
        paint_glyph(painter, Glyph.WARNING, area, QColor(theme.failure))

    @property
    def _watched(self) -> QWidget:
        return self.parentWidget() or self

    def _fit(self) -> None:
        """In a low window the facts are in the tooltip: the panels below tell them as well."""
        if self._diagnosis is None:
            return
        facts = facts_of(self._diagnosis)
        low = self._watched is not self and self._watched.height() < self.theme.px(_ROOM_FOR_FACTS)
        self._show_facts(() if low else facts)
        self.setToolTip("\n".join(f"{name}: {value}" for name, value in facts) if low else "")

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        while len(self._labels) < len(facts):
            pair = QLabel(self), QLabel(self)
            for column, label in enumerate(pair):
                _prepare(label)
                self.facts.addWidget(label, len(self._labels), column, Qt.AlignmentFlag.AlignTop)
            pair[1].setWordWrap(True)
            self._labels.append(pair)
            self._dress(*pair)
        for place, (name, value) in enumerate(self._labels):
            shown = place < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(facts[place][0])
                value.setText(facts[place][1])

    def _dress(self, name: QLabel, value: QLabel) -> None:
        name.setFont(self.theme.font(11.5))
        name.setStyleSheet(f"color: {self.theme.secondary}; background: transparent;")
        value.setFont(self.theme.mono(11.5))
        value.setStyleSheet(f"color: {self.theme.text}; background: transparent;")
        # Two fonts side by side stand on one line.
        lower = value.fontMetrics().ascent() - name.fontMetrics().ascent()
        name.setContentsMargins(0, max(0, lower), 0, 0)
        value.setContentsMargins(0, max(0, -lower), 0, 0)

    @Slot()
    def _on_back_clicked(self) -> None:
        if self._diagnosis is not None:
            self.good_state_requested.emit(self._diagnosis.good)

    @Slot()
    def _on_show_clicked(self) -> None:
        if self._diagnosis is not None:
            result = self._diagnosis.operation.result
            self.show_requested.emit(Element(result, *self._diagnosis.element))


def title_of(diagnosis: Diagnosis) -> str:
    """ "Z[2] became infinite"."""
    what = "is not a number" if math.isnan(diagnosis.value) else "became infinite"
    return f"{diagnosis.operation.result} {what}"


def facts_of(diagnosis: Diagnosis) -> tuple[tuple[str, str], ...]:
    """Labels and values: the operation, the element, and what went into it."""
    operation = diagnosis.operation
    place = element_text(operation.result, *diagnosis.element, diagnosis.sample)
    facts = [
        (f"Operation {operation.index + 1}", operation.formula),
        ("First element", " = ".join(filter(None, (place, named(diagnosis.value))))),
    ]
    for name, low, high in diagnosis.operands:
        facts.append((f"From {name}", range_text(low, high)))
    return tuple(facts)


def element_text(tensor: TensorName, row: int, column: int, sample: int | None = None) -> str:
    """ "unit 3, sample 17"; empty for J, which has one element only.

    `sample` is the place in the training set of what stands in the column, from 0.
    """
    kind = kind_of(tensor.name)
    if kind.shape is Shape.SCALAR:
        return ""
    unit = kind.rows(row)
    if kind.shape is Shape.BIASES:
        return unit
    heading = kind.columns(tensor.layer)
    return f"{unit}, {heading(column if sample is None else sample)}"


def range_text(low: float, high: float) -> str:
    """Smallest and largest value, one number where they are the same."""
    if math.isnan(low) or math.isnan(high):
        return "NaN"
    ends = dict.fromkeys(_rounded(end) for end in (low, high))
    return " … ".join(ends)


def _rounded(value: float) -> str:
    """Three digits: the size matters here."""
    return named(value) or (f"{value:+.3g}" if value else "0").replace("-", MINUS)


def _prepare(label: QLabel) -> None:
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
