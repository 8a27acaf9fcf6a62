"""`python -m benchmarks [engine] [gui] [--quick]`: prints every row as it is measured."""

import argparse
from collections.abc import Iterator

from benchmarks import (
    breakpoint_rows,
    engine_rows,
    environment,
    landscape_rows,
    session_rows,
    sweep_rows,
)
from benchmarks.report import Row

PARTS = ("engine", "gui")


def main() -> None:
    """Measure the parts that were asked for, all without an argument."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="engine, gui; both if empty")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    arguments = parser.parse_args()
    print(*environment.lines(), "", sep="\n")
    for row in _rows(arguments.parts or PARTS, arguments.quick):
        print(row.text(), flush=True)


def _rows(parts: tuple[str, ...], quick: bool) -> Iterator[Row]:
    if "engine" in parts:
        yield from engine_rows.rows()
        yield from session_rows.rows(quick)
        yield from breakpoint_rows.rows()
        yield from landscape_rows.rows()
        yield from sweep_rows.rows(quick)
    if "gui" in parts:
        from benchmarks import gui_rows

        yield from gui_rows.rows(quick)


if __name__ == "__main__":
    main()
