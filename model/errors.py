"""Errors that carry a message and a hint in the user's words."""


class BackscopeError(Exception):
    """Something could not be done; `hint` says what to try.

    Every error that the model raises on purpose is one of these: the command line prints it in one
    line, the window shows it in a dialog or beside the field it concerns.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.message, self.hint)


class SettingsError(BackscopeError):
    """A setting that is unknown, of the wrong kind or outside its limits.

    `field` is the path of the setting ("training.learning_rate"), empty where several are
    concerned.
    """

    def __init__(self, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:  # type: ignore[override]
        return type(self), (self.message, self.hint, self.field)


class ArrayError(BackscopeError):
    """An array with a shape, a type or values that cannot be used."""


class StateError(BackscopeError):
    """A command or a question that the session cannot answer in its present state."""


class FileError(BackscopeError):
    """A file or folder that cannot be read or written."""
