"""Where the names of bands stand: near the ends of their lines, clear of each other."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.race_words import BETWEEN
from gui.widgets.label_places import place_of, spread
from gui.widgets.short_names import shortened, shortened_parts
from model.arrays import Array

Width = Callable[[str], float]
Failures = tuple[int, int]
"""Runs that diverged, and all runs."""

SHARE: Final = 0.42
"""Of the width of the plot that labels take at most."""
_INSIDE: Final = 0.75
"""Of the plot, the width of a label inside at most."""
_FAR: Final = 1.6
"""Lines that a label stands above or below the end of its curve at most."""
_ROWS: Final = 7
"""Lines above and below an end that are tried for a label inside."""
_LISTED: Final = 3
"""Names that one label has at most."""


@dataclass(frozen=True)
class BandLabel:
    """A name, where its line ends and where the words begin, in the middle.

    `bands` are all those that it stands for, the first of them `band`; `whole` names each of them
    in full. `apart` says that it stands behind all lines, and not inside the plot.
    """

    bands: tuple[int, ...]
    text: str
    whole: str
    end: QPointF
    box: QRectF
    apart: bool

    @property
    def band(self) -> int:
        """The one whose colour the label has."""
        return self.bands[0]

    @property
    def at(self) -> QPointF:
        return QPointF(self.box.left(), self.box.center().y())


@dataclass(frozen=True)
class Names:
    """What may be written of each band: its values, `brief` and `whole`, and how many failed.

    `beyond` says of one that ends outside the frame where it does, and is empty for the others.
    """

    brief: Sequence[tuple[str, ...]]
    whole: Sequence[str]
    failures: Sequence[Failures]
    beyond: Sequence[str] = ()

    def in_full(self, bands: Sequence[int]) -> str:
        """A line for each band."""
        return "\n".join(
            f"{self.whole[b]}{self.beyond[b]}{failure_words([self.failures[b]])}" for b in bands
        )


def failure_words(failures: Sequence[Failures]) -> str:
    """ " · 1 of 10 diverged", nothing where none did."""
    diverged, runs = (sum(counts) for counts in zip(*failures, strict=True))
    return f" · {diverged} of {runs} diverged" if diverged else ""


def column_texts(
    groups: Sequence[Sequence[int]], names: Names, width_of: Width, room: float
) -> list[str]:
    """The labels behind all lines, of the first band of each group.

    What is beyond the frame, and the failures, are told where there is room for them; a name is
    shortened where it has none.
    """
    more = [f", +{len(group) - 1}" if len(group) > 1 else "" for group in groups]
    brief = [names.brief[group[0]] for group in groups]
    widest = max(map(width_of, more), default=0.0)
    short = shortened_parts(brief, BETWEEN, width_of, room - widest)
    full = []
    for group, parts, name in zip(groups, brief, short, strict=True):
        whole = BETWEEN.join(parts)
        placed = whole + names.beyond[group[0]]
        full.append((placed + failure_words([names.failures[group[0]]]), placed, whole, name))
    return [
        next((text for text in texts if width_of(text + rest) <= room), texts[-1]) + rest
        for texts, rest in zip(full, more, strict=True)
    ]


def near_labels(
    ends: Mapping[int, QPointF], line: float, low: float, high: float, chosen: int | None
) -> list[tuple[tuple[int, ...], float]]:
    """Bands that share a label, from the top down, and its height; each label near its curve.

    Where there is no room for all, neighbours share the label of the one with the lower loss, or of
    the `chosen` one, which comes first in its group.
    """
    groups: list[tuple[int, ...]] = [
        (band,) for band in sorted(ends, key=lambda band: ends[band].y())
    ]
    while True:
        wanted = [ends[group[0]].y() for group in groups]
        heights = spread(wanted, line, low, high)
        pair = _crowded(wanted, heights, line)
        if pair is None:
            return list(zip(groups, heights, strict=True))
        above, below = groups[pair], groups[pair + 1]
        first, second = (above, below) if chosen in above else (below, above)
        groups[pair : pair + 2] = [(*first, *second)]


def _crowded(wanted: Sequence[float], heights: Sequence[float], line: float) -> int | None:
    """The upper one of the two nearest curves where labels stand too far from theirs."""
    away = [abs(height - end) for height, end in zip(heights, wanted, strict=True)]
    if len(wanted) < 2 or max(away) <= _FAR * line:
        return None
    worst = int(np.argmax(away))
    touching = [b - a < line + 0.5 for a, b in pairwise(heights)]
    first, last = worst, worst
    while first > 0 and touching[first - 1]:
        first -= 1
    while last < len(touching) and touching[last]:
        last += 1
    pairs = range(first, last)
    return min(pairs, key=lambda pair: wanted[pair + 1] - wanted[pair]) if pairs else None


def clusters(ends: Mapping[int, QPointF], reach: float) -> list[tuple[int, ...]]:
    """Bands whose ends stand on each other, within `reach` pixels."""
    found: list[tuple[int, ...]] = []
    for band, end in ends.items():
        for place, group in enumerate(found):
            away = ends[group[0]] - end
            if abs(away.x()) < reach and abs(away.y()) < reach:
                found[place] = (*group, band)
                break
        else:
            found.append((band,))
    return found


def inside_labels(
    ends: Mapping[int, QPointF],
    names: Names,
    width_of: Width,
    line: float,
    inside: QRectF,
    taken: Sequence[QRectF],
    points: Array,
) -> list[BandLabel]:
    """Labels beside ends inside the plot, one for those on each other, the rightmost end first.

    `points` (n, 2) are pixels of the curves, which the labels keep off; a label without room is
    left out.
    """
    groups = sorted(clusters(ends, line / 2), key=lambda group: -ends[group[0]].x())
    room, gap = _INSIDE * inside.width(), line / 2
    words = [
        (names.beyond[group[0]] if len(group) == 1 else "")
        + failure_words([names.failures[band] for band in group])
        for group in groups
    ]
    widest = max(map(width_of, words), default=0.0)
    room = room - widest if room > 2 * widest else room
    short = shortened([_listed(group, names) for group in groups], width_of, room)
    labels: list[BandLabel] = []
    for group, name, failed in zip(groups, short, words, strict=True):
        text = name + failed if width_of(name + failed) <= _INSIDE * inside.width() else name
        size, end = QSizeF(width_of(text), line), ends[group[0]]
        corners = [
            QPointF(end.x() + beside, end.y() - line / 2 + row * line)
            # At the right first: lines to the labels of ends further left pass them by there.
            for beside in (gap, -gap - size.width())
            for row in sorted(range(-_ROWS, _ROWS + 1), key=abs)
        ]
        others = [*taken, *(label.box for label in labels)]
        box = place_of(size, corners, inside, others, points)
        if box is not None:
            labels.append(BandLabel(group, text, names.in_full(group), end, box, apart=False))
    return labels


def _listed(group: Sequence[int], names: Names) -> str:
    """ "100, 1000", "he, xavier · 100", "1, 2, 3, 4 more"."""
    columns = [
        list(dict.fromkeys(parts)) for parts in zip(*(names.brief[b] for b in group), strict=True)
    ]
    if math.prod(map(len, columns)) == len(group):
        return BETWEEN.join(map(_first, columns))
    return _first([BETWEEN.join(names.brief[band]) for band in group])


def _first(words: Sequence[str]) -> str:
    more = len(words) - _LISTED
    return ", ".join((*words[:_LISTED], *([f"{more} more"] if more > 0 else [])))
