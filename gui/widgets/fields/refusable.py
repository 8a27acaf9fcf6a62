"""What fields share whose value may be refused: the outline that says so, and the way back."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SignalInstance

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as Widget
else:
    # Two of Qt's classes cannot be bases at once; the field brings its own.
    Widget = object


class Refusable(Widget):
    """A part of a field: `_value` is the last valid value, `failed` whether another was refused."""

    restored: SignalInstance
    failed = False
    _value: Any = None

    def show_value(self, value: Any, *, force: bool = False) -> None:
        """Show a valid value; `force` also replaces a refused one."""
        raise NotImplementedError

    def set_failed(self, failed: bool) -> None:
        """Outline the field as refused, or not."""
        self.failed = failed
        self.update()

    def refuse(self, value: Any) -> None:
        """What was entered is refused; `value` is what Escape brings back."""
        self._value = value
        self.set_failed(True)

    def restore(self) -> None:
        """Go back to the last valid value."""
        self.show_value(self._value, force=True)
        self.restored.emit()
