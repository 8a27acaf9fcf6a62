"""A button that shows which action of a group is chosen and opens the list of them."""

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from gui.theme import Theme
from gui.widgets.flat_button import FlatButton, Part
from gui.widgets.glyphs import Glyph


class MenuButton(FlatButton):
    """A label, the checked action's short word, and a list that opens on a click, Enter or ↓."""

    def __init__(
        self, label: str, actions: list[QAction], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent=parent)
        self._actions = actions
        self._labelled = True
        self.menu = QMenu(self)
        self.menu.addActions(actions)
        self.setText(label)
        for action in actions:
            action.toggled.connect(self._on_action_toggled)
        self.clicked.connect(self._on_clicked)
        self._on_action_toggled()

    @property
    def value(self) -> str:
        """The short word of the chosen action."""
        return next((a.iconText() for a in self._actions if a.isChecked()), "")

    def set_labelled(self, labelled: bool) -> None:
        """Show the label before the value, or the value alone."""
        self._labelled = labelled
        self.updateGeometry()
        self.update()

    def parts(self) -> tuple[Part, ...]:
        label = (Part(self.text()),) if self._labelled else ()
        return (*label, Part(self.value, strong=True), Part(glyph=Glyph.CHEVRON))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.click()
            return
        super().keyPressEvent(event)

    @Slot()
    def _on_action_toggled(self) -> None:
        self.setAccessibleName(f"{self.text()}: {self.value}")
        self.updateGeometry()
        self.update()

    @Slot()
    def _on_clicked(self) -> None:
        self.menu.popup(self.mapToGlobal(QPoint(0, self.height() + self.theme.px(4))))
