"""A list of choices under headings."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QStandardItemModel
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.fields.choice_field import ChoiceField

_MOST_SHOWN: Final = 32
"""All settings with their headings, where the screen is high enough; else the list scrolls."""


class GroupedChoiceField(ChoiceField):
    """Like any list of choices; `groups` maps each heading to its words and their titles.

    Choices under an empty heading stand without one.
    """

    def __init__(
        self, groups: Mapping[str, Mapping[str, str]], theme: Theme, parent: QWidget | None = None
    ) -> None:
        choices = {word: title for group in groups.values() for word, title in group.items()}
        super().__init__(choices, theme, parent)
        row = 0
        for heading, group in groups.items():
            if heading:
                self._insert_heading(row, heading)
                row += 1
            row += len(group)
        self.setMaxVisibleItems(_MOST_SHOWN)
        # Some styles take the bar away from lists of choices and put arrows there, which these
        # lists have not.
        self.view().setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.show_value(next(iter(choices)), force=True)

    def _insert_heading(self, row: int, heading: str) -> None:
        self.insertItem(row, heading)
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(row)
        item.setEnabled(False)
        font = QFont(item.font())
        font.setWeight(QFont.Weight.DemiBold)
        item.setFont(font)
