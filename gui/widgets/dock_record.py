"""An arrangement of docks as bytes: what is shown, and the user's own where the room forbids it."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Record:
    """How a plan was left: Qt's own state, the widths of each row's stacks, the rows' heights.

    Widths and heights count as shares.
    """

    state: bytes
    widths: list[list[int]]
    heights: list[int]


class Saved(NamedTuple):
    """The state on the screen, the width of the left dock in pixels before scaling, and the state
    to go back to as soon as there is room.
    """

    shown: bytes
    left_width: float
    own: Record | None = None


def to_bytes(saved: Saved) -> bytes:
    """What `from_bytes` reads."""
    own = saved.own
    content: dict[str, Any] = {"shown": _encoded(saved.shown), "left": saved.left_width}
    if own is not None:
        content |= {"own": _encoded(own.state), "widths": own.widths, "heights": own.heights}
    return json.dumps(content).encode()


def from_bytes(data: bytes) -> Saved | None:
    """What was saved; whatever is not what it should be is taken as never saved."""
    try:
        content = json.loads(data)
        shown = base64.b64decode(content["shown"], validate=True)
        left_width = _length(content["left"])
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error):
        return None
    try:
        state = base64.b64decode(content["own"], validate=True)
        widths = [[int(_length(width)) for width in row] for row in content["widths"]]
        heights = [int(_length(height)) for height in content["heights"]]
    except (ValueError, TypeError, KeyError, binascii.Error):
        return Saved(shown, left_width)
    alike = len(heights) == len(widths)
    return Saved(shown, left_width, Record(state, widths, heights) if alike else None)


def _length(value: Any) -> float:
    """A length in pixels; ValueError where it is none."""
    if not (isinstance(value, (int, float)) and 1 <= value < 100_000):
        raise ValueError(f"{value!r} is no length")
    return value


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
