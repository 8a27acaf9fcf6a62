"""Tables for a terminal."""

from collections.abc import Iterable, Iterator, Sequence


def plain_table(
    head: Sequence[str], lines: Iterable[Sequence[str]], *, numbers: bool = False
) -> Iterator[str]:
    """Columns two spaces apart; of `numbers` all but the first are set to the right."""
    cells = [tuple(head), *map(tuple, lines)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    sides = [str.ljust, *[str.rjust if numbers else str.ljust] * (len(widths) - 1)]
    for line in cells:
        parts = (side(cell, width) for side, cell, width in zip(sides, line, widths, strict=True))
        yield "  ".join(parts).rstrip()
