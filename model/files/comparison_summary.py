"""summary.md of a sweep: what was compared, what came out and what can be said of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from model.files.atomic import write_text
from model.files.comparison_words import HEAD, conclusions, table_lines
from model.files.markdown import table
from model.files.runs_csv import value_text
from model.lab.outcome import Fate
from model.lab.results import Results

FILES: Final = {
    "sweep.json": "what was compared; `backscope compare sweep.json` repeats it",
    "runs.csv": "a line a run: what varied, seed, loss, accuracy, AUC, epochs, state",
    "curves.csv": "losses and accuracies of every epoch of every run, digit for digit",
    "runs.json": "the same as `runs.csv`, with the settings",
    "runs.sqlite": "all results; a sweep into the same folder runs only what is missing",
}


def write_comparison_summary(path: Path, results: Results, figures: Sequence[str] = ()) -> None:
    """Write the summary; `figures` are the names of pictures beside it. Raises `FileError`."""
    write_text(path, comparison_summary(results, figures))


def comparison_summary(results: Results, figures: Sequence[str] = ()) -> str:
    """The summary as Markdown."""
    lines, note = table_lines(results)
    sections = [
        ("# Summary of a comparison", opening(results)),
        ("## Conclusion", "\n".join(f"- {text}" for text in conclusions(results))),
        ("## Result", f"{table(HEAD, lines, numbers=True)}\n\n{note}"),
        ("## What varied", _axes(results)),
        ("## Files", table(("file", "what it holds"), FILES.items())),
    ]
    if figures:
        pictures = "\n\n".join(f"![{Path(name).stem}]({name})" for name in figures)
        sections.insert(3, ("## Figures", pictures))
    return "\n\n".join(f"{title}\n\n{text}" for title, text in sections) + "\n"


def opening(results: Results) -> str:
    """How many runs of what, and how they ended, in one line."""
    fates = [row.outcome.fate for row in results.rows]
    counts = {fate: fates.count(fate) for fate in Fate}
    states = ", ".join(f"{count} {fate}" for fate, count in counts.items() if count)
    count = results.plan.count
    of = "" if len(fates) == count else f" of {count}"
    return f"{results.plan.title}: {len(fates)}{of} run{'s' * (count != 1)} ({states})."


def _axes(results: Results) -> str:
    rows = [(f"`{a.path}`", ", ".join(map(value_text, a.values))) for a in results.axes]
    if results.plan.seeds is not None:
        rows.append(("`network.seed`", f"0 … {results.plan.seeds - 1}"))
    return table(("setting", "values"), rows)
