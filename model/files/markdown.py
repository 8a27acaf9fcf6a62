"""Tables in Markdown that can be read as plain text too."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = False) -> str:
    """A table with aligned columns; columns of numbers are set to the right."""
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(*lines, strict=True)]
    first, *others = (_line(line, widths, numbers) for line in lines)
    rule = ["-" * (width - numbers) + ":" * numbers for width in widths]
    return "\n".join([first, _line(rule, widths, numbers), *others])


def _line(cells: Sequence[str], widths: Sequence[int], right: bool) -> str:
    set_in = str.rjust if right else str.ljust
    return f"| {' | '.join(map(set_in, cells, widths))} |"
