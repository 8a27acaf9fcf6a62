"""A value that the user has asked for and that the session has not yet taken over."""

from typing import Final, Generic, TypeVar

T = TypeVar("T")
PATIENCE: Final = 8
"""Snapshots that may still show the old value; after them the session's own counts again."""


class Wish(Generic[T]):
    """What to show: a wish while snapshots may still be older than it, else the session's value."""

    def __init__(self, value: T) -> None:
        self.value = value
        self._left = 0

    def ask(self, value: T) -> None:
        """The user wishes this."""
        self.value, self._left = value, PATIENCE

    def settle(self, actual: T) -> None:
        """A snapshot has this; a wish that it does not yet fulfil is kept for a while."""
        self._left = 0 if actual == self.value else max(0, self._left - 1)
        if self._left == 0:
            self.value = actual
