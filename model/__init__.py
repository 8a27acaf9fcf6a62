"""Backscope's model: networks, data, training and files, without a window.

What is named here is the public face and stays; everything else may move. Each name is loaded when
it is first used, so that a window is on the screen before the engine is.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from model.errors import BackscopeError
    from model.nn.network import Network
    from model.training.session import Session
    from model.training.settings import RunSettings
    from model.training.train import train

__all__ = ["BackscopeError", "Network", "RunSettings", "Session", "train"]

_HOMES: Final = {
    "BackscopeError": "model.errors",
    "Network": "model.nn.network",
    "RunSettings": "model.training.settings",
    "Session": "model.training.session",
    "train": "model.training.train",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
