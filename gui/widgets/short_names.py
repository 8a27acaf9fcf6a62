"""Names cut to a width, so that those that differ stay different."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Final

Width = Callable[[str], float]

MORE: Final = "…"
_HEADS: Final = (0.5, 1.0, 0.0)
"""Shares of what is kept that stand before the …, in the order in which they are tried."""


def shortened(names: Sequence[str], width_of: Width, room: float) -> list[str]:
    """The names, those wider than `room` with … in the middle, or where they still differ.

    Where neither their ends nor their beginnings tell them apart, what they have in common is left
    out. Names for which even that is too wide may read alike.
    """
    if all(width_of(name) <= room for name in names):
        return list(names)
    different = len(set(names))
    for head in _HEADS:
        found = [_cut(name, width_of, room, head) for name in names]
        if len(set(found)) == different:
            return found
    return [_cut(name, width_of, room, 1.0) for name in _differences(names, width_of, room)]


def shortened_parts(
    names: Sequence[Sequence[str]], between: str, width_of: Width, room: float
) -> list[str]:
    """Names made of equally many parts, each part shortened by itself where that is needed.

    Where nothing of a part would be left, the names are shortened as a whole.
    """
    if not names or all(width_of(between.join(parts)) <= room for parts in names):
        return [between.join(parts) for parts in names]
    columns = list(zip(*names, strict=True))
    wide = [max(map(width_of, column)) for column in columns]
    free, left = room - width_of(between) * (len(columns) - 1), len(columns)
    short: dict[int, list[str]] = {}
    # What narrow parts leave is for the wider ones.
    for at in sorted(range(len(columns)), key=wide.__getitem__):
        given = min(wide[at], free / left)
        short[at] = shortened(columns[at], width_of, given)
        free, left = free - given, left - 1
    if any(MORE in column for column in short.values()):
        return shortened([between.join(parts) for parts in names], width_of, room)
    return [between.join(parts) for parts in zip(*(short[at] for at in sorted(short)), strict=True)]


def _cut(name: str, width_of: Width, room: float, head: float) -> str:
    """As many characters as have room, the share `head` of them before the …."""
    if width_of(name) <= room:
        return name

    def kept(count: int) -> str:
        before = round(count * head)
        return f"{name[:before]}{MORE}{name[len(name) - count + before :]}"

    counts = range(1, len(name))
    return kept(bisect_right(counts, room, key=lambda count: width_of(kept(count))))


def _differences(names: Sequence[str], width_of: Width, room: float) -> list[str]:
    """The long names without the beginning and the end that all of them share."""
    long = [name for name in names if width_of(name) > room]
    start = _alike(long)
    end = _alike([name[start:][::-1] for name in long])
    return [
        MORE * (start > 0) + name[start : len(name) - end] + MORE * (end > 0)
        if name in long
        else name
        for name in names
    ]


def _alike(names: Sequence[str]) -> int:
    """With how many characters all of them begin."""
    letters = zip(*names, strict=False)
    return sum(1 for _ in takewhile(lambda places: len(set(places)) == 1, letters))
