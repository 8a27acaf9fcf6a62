"""Where the panels of each view stand at first: one record a view."""

from dataclasses import dataclass
from typing import Final

from gui.widgets.panel_dock import SETUP_WIDTH

Plan = tuple[tuple[tuple[str, ...], ...], ...]
"""Rows of stacks of panels; those of a stack lie behind each other, with a tab each."""


@dataclass(frozen=True)
class Arrangement:
    """The first places of a view's docks.

    `left` names the dock beside all rows, `left_width` its width; `plans` are tried in order, each
    with the least room (width, height) it needs beside that dock; `widths` and `heights` are
    shares. Lengths are pixels at a scale of 1.
    """

    left: str
    left_width: int
    plans: tuple[tuple[tuple[int, int], Plan], ...]
    widths: dict[str, int]
    stack_width: int
    heights: tuple[int, ...]


TRAIN: Final = Arrangement(
    left="setup",
    left_width=SETUP_WIDTH,
    plans=(
        ((860, 560), ((("network",), ("boundary",)), (("loss",), ("roc",), ("inspector",)))),
        ((640, 460), ((("network",), ("boundary",)), (("loss",), ("roc", "inspector")))),
        ((560, 300), ((("network", "boundary"), ("loss", "roc", "inspector")),)),
        ((0, 0), ((("network", "boundary", "loss", "roc", "inspector"),),)),
    ),
    widths={"network": 560, "boundary": 452, "loss": 332, "roc": 300, "inspector": 372},
    stack_width=400,
    heights=(396, 306),
)

_BEHIND: Final = ("health", "pinned", "breakpoints", "check", "taylor", "surface")

DEBUG: Final = Arrangement(
    left="operations",
    left_width=300,
    plans=(
        (
            (760, 470),
            (
                (("network",), ("inspector", "health")),
                (("formula", "taylor", "surface"), ("pinned", "breakpoints", "check")),
                (("time",),),
            ),
        ),
        (
            (560, 420),
            (
                (("network",), ("inspector", "health", "pinned", "breakpoints", "check")),
                (("formula", "taylor", "surface"),),
                (("time",),),
            ),
        ),
        (
            (0, 0),
            ((("network", "formula", "inspector", *_BEHIND, "time"),),),
        ),
    ),
    widths={"network": 500, "inspector": 452, "formula": 500, "time": 952},
    stack_width=452,
    heights=(300, 284, 104),
)

_COMPARED: Final = ("race_loss", "bands", "taylor", "rates", "heat", "runs", "results")
"""Those of a race, each with those of a sweep behind it."""

COMPARE: Final = Arrangement(
    left="vary",
    left_width=SETUP_WIDTH,
    plans=(
        (
            (820, 560),
            (
                (("race_boundaries",),),
                (("race_loss", "bands"), ("taylor", "rates", "heat")),
                (("runs", "results"),),
            ),
        ),
        ((560, 420), ((("race_boundaries",),), (_COMPARED,))),
        ((0, 0), ((("race_boundaries", *_COMPARED),),)),
    ),
    widths={"race_boundaries": 1020, "race_loss": 580, "taylor": 432, "runs": 1020},
    stack_width=1020,
    heights=(226, 244, 240),
)
