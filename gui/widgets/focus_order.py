"""Where the Tab key goes: to nothing that lies behind another panel."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget


def next_in_front(window: QWidget, *, forward: bool) -> QWidget | None:
    """The widget after (or before) the one with the focus, None where there is no other.

    Qt takes a panel behind a tab for a visible one: it is only moved out of the window.
    """
    start = QApplication.focusWidget() or window
    widget = _neighbour(start, forward=forward)
    while widget is not None and widget is not start:
        if _takes_tab(widget, window) and not is_behind(widget):
            return widget
        widget = _neighbour(widget, forward=forward)
    return None


def is_behind(widget: QWidget) -> bool:
    """Whether a widget is on a panel of which nothing can be seen."""
    parent: QWidget | None = widget
    while parent is not None and not isinstance(parent, QDockWidget):
        parent = parent.parentWidget()
    return parent is not None and parent.visibleRegion().isEmpty()


def _neighbour(widget: QWidget, *, forward: bool) -> QWidget | None:
    return widget.nextInFocusChain() if forward else widget.previousInFocusChain()


def _takes_tab(widget: QWidget, window: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ready = widget.isVisibleTo(window) and widget.isEnabled() and widget.focusProxy() is None
    return bool(policy) and ready and widget.window() is window
