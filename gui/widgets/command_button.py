"""A button of the top bar that is a command's QAction: its words, shape, key and availability."""

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.flat_button import FlatButton, Part
from gui.widgets.glyphs import Glyph
from gui.widgets.keycap import key_name

ROOMY: Final = 0
WITHOUT_KEYS: Final = 1
SHAPES: Final = 2
SMALLEST: Final = 3
"""How much of a button is shown, from everything to the shape alone."""


class CommandButton(FlatButton):
    """Triggers `action` and follows it; a disabled one says why in its tooltip.

    `shape_last` puts the shape behind the word, as an arrow that points onwards.
    """

    def __init__(
        self,
        action: QAction,
        theme: Theme,
        glyph: Glyph | None = None,
        *,
        primary: bool = False,
        keycap: bool = False,
        shape_last: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, primary=primary, parent=parent)
        self._action = action
        self._glyph = glyph
        self._keycap = keycap
        self._shape_last = shape_last
        self._room = ROOMY
        self.setObjectName(f"{action.objectName()}_button")
        self._follow(action)

    def set_action(self, action: QAction) -> None:
        """Be another command's button."""
        if action is not self._action:
            self._action.changed.disconnect(self._on_action_changed)
            self.clicked.disconnect(self._action.trigger)
            self._follow(action)

    def set_glyph(self, glyph: Glyph | None) -> None:
        """Show another shape."""
        if glyph is not self._glyph:
            self._glyph = glyph
            self.updateGeometry()
            self.update()

    def set_room(self, room: int) -> None:
        """Show less where the bar is narrow."""
        self._room = room
        self.updateGeometry()
        self.update()

    def parts(self) -> tuple[Part, ...]:
        shape = (Part(glyph=self._glyph),) if self._glyph is not None else ()
        if shape and self._room >= (SMALLEST if self._primary else SHAPES):
            return shape
        word = (Part(self.text()),)
        face = word + shape if self._shape_last else shape + word
        return face + self._cap() if self._room == ROOMY else face

    def _follow(self, action: QAction) -> None:
        self._action = action
        action.changed.connect(self._on_action_changed)
        self.clicked.connect(action.trigger)
        self._on_action_changed()
        self.updateGeometry()

    def _cap(self) -> tuple[Part, ...]:
        shortcut = self._action.shortcut()
        if not self._keycap or shortcut.isEmpty():
            return ()
        text = shortcut.toString(QKeySequence.SequenceFormat.PortableText)
        return (Part(key_name(text), keycap=True),)

    @Slot()
    def _on_action_changed(self) -> None:
        word = self._action.iconText()
        if word != self.text():
            self.setText(word)
            self.updateGeometry()
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.text().replace("&", ""))
        self.setAccessibleDescription(self._action.toolTip())
        self.update()
