"""The lines beneath the inspector's table: what the tensor is like as a whole, its histogram."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QWidget

from gui.panels.inspector_controls import style_small
from gui.theme import Theme
from gui.widgets.histogram import Bins, Histogram

ROOM_FOR_HISTOGRAM: Final = 300
"""Width in pixels before scaling; a narrower panel keeps its lines readable instead."""

SUFFIX: Final = " digits"


class InspectorFacts(QWidget):
    """Two lines of facts with a histogram beside them, and the number of digits behind them.

    `digits_changed(digits)`: how many the user wants to see behind the point.
    """

    digits_changed = Signal(int)

    def __init__(self, theme: Theme, digits: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.extremes, self.norms = QLabel(), QLabel()
        self.histogram = Histogram(theme, self)
        self.digits = QSpinBox()
        self._with_histogram = self._low = False
        self._set_up(digits)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.extremes, 0, 0, 1, 2)
        self._grid.addWidget(self.histogram, 0, 2, 2, 1, Qt.AlignmentFlag.AlignBottom)
        foot = QHBoxLayout()
        foot.addWidget(self.norms, 1)
        foot.addWidget(self.digits, 0, Qt.AlignmentFlag.AlignBottom)
        self._grid.addLayout(foot, 1, 0, 1, 2)
        self._grid.setColumnStretch(0, 1)
        self.apply_theme(theme)

    def show_facts(
        self, extremes: str, norms: str, warning: str, bins: Bins | None, middle: float = 0.0
    ) -> None:
        """Lines as rich text; `warning` stands below them in the colour of failures.

        The colours of the histogram part at `middle`.
        """
        self.digits.show()
        if warning:
            norms += f'<br><b style="color:{self.theme.failure}">{warning}</b>'
        for line, text in ((self.extremes, extremes), (self.norms, norms)):
            if line.text() != text:
                line.setText(text)
        self.norms.setToolTip(extremes if self._low else "")
        self._with_histogram = bins is not None
        self.digits.setSuffix("" if self._with_histogram else SUFFIX)
        self._fit_histogram()
        self.histogram.show_bins(bins, middle)
        self._keep_height()

    def clear(self) -> None:
        """Nothing is shown above."""
        self._with_histogram = False
        self.digits.hide()
        self.histogram.hide()
        self.extremes.clear()
        self.norms.clear()

    @property
    def low(self) -> bool:
        """Whether there is room for one line only."""
        return self._low

    def set_low(self, low: bool) -> None:
        """Leave the height to the table: one line, the other in its tooltip, and no histogram."""
        if low != self._low:
            self._low = low
            self.extremes.setHidden(low)
            self.forget_height()
            self._fit_histogram()

    def forget_height(self) -> None:
        """Other facts, or another width, may need fewer rows."""
        for line in (self.extremes, self.norms):
            line.setMinimumHeight(0)

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.histogram.apply_theme(theme)
        style_small(self.digits, theme)
        for line in (self.extremes, self.norms):
            line.setFont(theme.font(11))
            line.setStyleSheet(f"color: {theme.secondary}")
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(4))
        self.forget_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lines may need more or fewer rows."""
        self.forget_height()
        self._fit_histogram()
        self._keep_height()

    def event(self, event: QEvent) -> bool:
        """The height is taken where the lines have found their width."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_height()
        return done

    def _set_up(self, digits: int) -> None:
        self.extremes.setAccessibleName("Shape, smallest, largest and mean element")
        self.norms.setAccessibleName("Norm, and elements that are not finite")
        for line in (self.extremes, self.norms):
            line.setTextFormat(Qt.TextFormat.RichText)
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            line.setWordWrap(True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.digits.setRange(1, 15)
        self.digits.setValue(digits)
        self.digits.setSuffix(SUFFIX)
        self.digits.setToolTip("Digits behind the point (a cell's tooltip and Copy are exact)")
        self.digits.setAccessibleName("Digits behind the point")
        self.digits.valueChanged.connect(self.digits_changed)

    def _fit_histogram(self) -> None:
        room = self.width() >= self.theme.px(ROOM_FOR_HISTOGRAM)
        self.histogram.setVisible(self._with_histogram and room and not self._low)

    def _keep_height(self) -> None:
        """The lines never give height back while numbers change: the table must not jump."""
        for line in (self.extremes, self.norms):
            wanted = line.heightForWidth(line.width())
            if wanted > line.minimumHeight():
                line.setMinimumHeight(wanted)
